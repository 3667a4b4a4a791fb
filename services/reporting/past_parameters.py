"""What parameters have said since the book began, read from the audit chain."""

from __future__ import annotations

import json
from collections import defaultdict
from dataclasses import dataclass, field
from decimal import Decimal

from sqlalchemy import Connection, select

from models.kernel.numbers import parse_number
from models.platform.tables import audit_event
from services.platform.parameters import BY_KEY


@dataclass(slots=True)
class PastParameters:
    """Every value each parameter ever had, its default included."""

    values: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))

    def words(self, key: str) -> set[str]:
        """All values of a parameter."""
        return self.values[key] | {BY_KEY[key].default}

    def numbers(self, key: str) -> list[Decimal]:
        """All values of a parameter that holds a number."""
        return [parse_number(value) for value in self.words(key)]


def read(conn: Connection) -> PastParameters:
    """Parameters as they stood before and after each change."""
    past = PastParameters()
    query = select(audit_event.c.number, audit_event.c.before, audit_event.c.after)
    for number, *states in conn.execute(query.where(audit_event.c.entity == "parameters")):
        for state in states:
            value = json.loads(state).get("value") if state else None
            if value is not None and number in BY_KEY:
                past.values[number].add(str(value))
    return past
