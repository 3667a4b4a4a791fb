"""The audit chain: who did what, when, with before and after, each row hashed onto the one before."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Text, select, text, type_coerce

from models.platform.tables import audit_event
from services.platform.bulk import bulk_insert
from services.platform.prepared import Prepared

GENESIS = "0" * 64
_LAST = Prepared(select(audit_event.c.seq, audit_event.c.hash).order_by(audit_event.c.seq.desc()).limit(1))
_ENCODE = json.JSONEncoder(sort_keys=True, ensure_ascii=False, separators=(",", ":"), default=str).encode


@dataclass(frozen=True, slots=True)
class Event:
    """One thing a user did to one entity."""

    entity: str
    entity_id: int
    number: str
    action: str
    before: Any
    after: Any
    reason: str


@dataclass(frozen=True, slots=True)
class ChainFault:
    """The first row where the chain does not hold."""

    seq: int
    reason: str


def append(conn: Connection, events: Sequence[Event], user: str, now: dt.datetime) -> None:
    """Writes events at the end of the chain; on PostgreSQL the chain is locked until the commit."""
    if not events:
        return
    if conn.dialect.name != "sqlite":
        conn.execute(text("select pg_advisory_xact_lock(7310411)"))
    ((seq, previous),) = _LAST.rows(conn) or [(0, GENESIS)]
    stamp = now.isoformat(timespec="milliseconds")
    rows = []
    for item in events:
        seq += 1
        before, after = _json(item.before), _json(item.after)
        digest = _digest(
            previous,
            seq,
            stamp,
            user,
            item.entity,
            item.entity_id,
            item.number,
            item.action,
            before,
            after,
            item.reason,
        )
        rows.append(
            {
                "seq": seq, "at": now, "user": user, "entity": item.entity, "entity_id": item.entity_id,
                "number": item.number, "action": item.action, "before": before, "after": after,
                "reason": item.reason, "prev_hash": previous, "hash": digest,
            }
        )  # fmt: skip
        previous = digest
    bulk_insert(conn, audit_event, rows)


def verify(conn: Connection) -> tuple[int, ChainFault | None]:
    """Walks the chain: number of rows, and the first fault if there is one (I31)."""
    previous, expected = GENESIS, 1
    # SQLite keeps the stamp as the text that was hashed; reading it as a moment and writing it again costs half the time.
    plain = conn.dialect.name == "sqlite"
    at = type_coerce(audit_event.c.at, Text) if plain else audit_event.c.at
    a = audit_event.c
    columns = (
        a.prev_hash, a.hash, a.seq, at, a.user, a.entity, a.entity_id, a.number, a.action, a.before, a.after, a.reason,
    )  # fmt: skip
    rows = conn.execution_options(stream_results=True).execute(select(*columns).order_by(a.seq))
    for prev_hash, stored, seq, moment, *rest in rows:
        if seq != expected:
            return expected - 1, ChainFault(expected, "gap")
        stamp = moment if plain else moment.astimezone(dt.UTC).isoformat(timespec="milliseconds")
        digest = _digest(previous, seq, stamp, *rest)
        if prev_hash != previous or stored != digest:
            return expected - 1, ChainFault(seq, "hash")
        previous, expected = digest, expected + 1
    return expected - 1, None


def head(conn: Connection) -> str:
    """The hash at the end of the chain, to be anchored outside the book."""
    found = conn.execute(select(audit_event.c.hash).order_by(audit_event.c.seq.desc()).limit(1)).scalar()
    return str(found) if found else GENESIS


def _digest(*parts: object) -> str:
    return hashlib.sha256("\x1f".join(map(str, parts)).encode()).hexdigest()


def _json(value: Any) -> str:
    if value is None:
        return ""
    return _ENCODE(value)
