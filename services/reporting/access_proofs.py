"""Proof of rights, I33: what is posted was made and approved by somebody who might, judged by what the audit chain tells."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from heapq import merge
from operator import attrgetter
from typing import Any

from sqlalchemy import Connection, and_, or_, select

from models.documents.tables import doc
from models.planning.tables import release_link
from models.platform.tables import audit_event
from services.reporting.proofs import Broken, Found, collect

_VERBS: Mapping[str, str] = {"create": "save", "approve": "approve"}


@dataclass(slots=True)
class _Rights:
    """Users, roles and the four-eyes parameter as they stood at a point of the chain."""

    roles_of: dict[str, frozenset[str]] = field(default_factory=dict)
    """log-in name -> codes of roles"""
    rights_of: dict[str, frozenset[str]] = field(default_factory=dict)
    """code of a role -> rights"""
    four_eyes: bool = False

    def learn(self, event: Any) -> None:
        """Takes in a change of a user, a role or a parameter."""
        before, after = _state(event.before), _state(event.after)
        if event.entity == "parameters":
            self.four_eyes = after.get("value") == "yes"
        elif event.entity == "role" and event.action in ("create", "change"):
            self.rights_of[event.number] = frozenset(after.get("rights", ()))
        elif event.entity == "user" and event.action in ("create", "change"):
            self.roles_of.pop(before.get("login", ""), None)
            self.roles_of[after["login"]] = frozenset(after["roles"]) if after.get("active", True) else frozenset()

    def allows(self, user: str, right: str) -> bool:
        """Whether a user held a right; the program and the owner of the book, who are no users, hold all."""
        roles = self.roles_of.get(user)
        return roles is None or any(right in self.rights_of.get(code, ()) for code in roles)


def _state(text: str) -> dict[str, Any]:
    found = json.loads(text) if text else {}
    return found if isinstance(found, dict) else {}


def actions_were_allowed(conn: Connection) -> Found:
    """I33: whoever made or approved a posted document held the right at that time; not one and the same where four eyes were asked."""
    rights = _Rights()
    makers: dict[int, str] = {}
    broken: list[Broken] = []
    counted = 0
    for event in merge(_changes(conn), _acts(conn), key=attrgetter("seq")):
        if event.entity in ("user", "role", "parameters"):
            rights.learn(event)
            continue
        counted += 1
        right = f"{event.entity}.{_VERBS[event.action]}"
        if not event.implied and not rights.allows(event.user, right):
            broken += collect([(event.number, {"user": event.user, "right": right})])
        if event.action == "create":
            makers[event.entity_id] = event.user
        elif rights.four_eyes and makers.get(event.entity_id) == event.user:
            broken += collect([(event.number, {"maker": event.user, "approver": event.user})])
    return Found(counted, tuple(broken))


def _changes(conn: Connection) -> Iterator[Any]:
    a = audit_event.c
    query = select(a.seq, a.entity, a.number, a.action, a.before, a.after).where(
        or_(a.entity.in_(("user", "role")), and_(a.entity == "parameters", a.number == "four_eyes"))
    )
    yield from conn.execute(query.order_by(a.seq))


def _acts(conn: Connection) -> Iterator[Any]:
    """Making and approving of documents that are posted now. implied: the right was that of another action (a release)."""
    a = audit_event.c
    released = select(release_link.c.doc_id).where(release_link.c.doc_id == doc.c.id).exists()
    implied = and_(a.action == "create", released).label("implied")
    query = (
        select(a.seq, a.entity, a.entity_id, a.number, a.action, a.user, implied)
        .join(doc, and_(doc.c.id == a.entity_id, doc.c.type == a.entity))
        .where(a.action.in_(tuple(_VERBS)), doc.c.status == "C", doc.c.system_made == False)  # noqa: E712 SQL expression
        .order_by(a.seq)
    )
    yield from conn.execution_options(stream_results=True).execute(query)
