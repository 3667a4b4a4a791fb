"""What an order will need, worked out by the same rules the services use."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from sqlalchemy import Connection, select

from models.kernel.numbers import round_up
from models.masterdata.tables import item, unit
from services.engineering.order_materials import usage_of
from services.engineering.reading import load_structure
from services.engineering.structure import explode_order
from services.platform import parameters


@dataclass(slots=True)
class Material:
    """A line of an order's material list, and how much of it was drawn so far."""

    item: str
    quantity: Decimal
    issue: str
    decimals: int
    drawn: Decimal = Decimal(0)
    id: int = 0
    """database id of the line, once the order is saved"""

    def part(self, share: Decimal) -> Decimal:
        """The planned quantity for a share of the order, rounded up to the unit, never more than planned."""
        return min(self.quantity, round_up(Fraction(self.quantity) * Fraction(share), self.decimals))


class Recipes:
    """Bills of material of a book, ready to be exploded."""

    def __init__(self, conn: Connection) -> None:
        rows = conn.execute(select(item.c.id, item.c.code, unit.c.decimals).join(unit, unit.c.id == item.c.unit_id))
        self._codes: dict[int, str] = {}
        self.decimals: dict[str, int] = {}
        for row in rows:
            self._codes[row.id] = row.code
            self.decimals[row.code] = row.decimals
        self._ids = {code: key for key, code in self._codes.items()}
        self._structure = load_structure(conn, self._codes, whole=True)
        self._usage = usage_of(parameters.load(conn))

    def materials(self, code: str, quantity: Decimal, day: dt.date) -> list[Material]:
        """The material list of an order that starts on a day."""
        _version, needs = explode_order(self._structure, self._ids[code], quantity, day, usage=self._usage)
        return [
            Material(
                self._codes[need.line.component_id], need.planned, need.line.issue,
                self.decimals[self._codes[need.line.component_id]],
            )
            for need in needs
            if need.planned > 0
        ]  # fmt: skip
