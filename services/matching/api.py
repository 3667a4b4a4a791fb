"""What windows may ask of paste and match."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace

from sqlalchemy import Connection

from models.kernel.refs import Changes
from services.documents.queries import available
from services.ledgers.facts import load_warehouses
from services.matching import blocks, columns, remembering
from services.matching.blocks import MOST_ROWS, Block
from services.matching.books import known
from services.matching.columns import EXTRA_FIELDS, FIELDS
from services.matching.matching import REASONS, Candidate, MatchRow, match, problems_of
from services.matching.reading import Store
from services.matching.remembering import Choice
from services.platform.db import Database, Tx

__all__ = [
    "EXTRA_FIELDS",
    "FIELDS",
    "MOST_ROWS",
    "REASONS",
    "Block",
    "Candidate",
    "Choice",
    "MatchRow",
    "Matched",
    "confirm",
    "match_block",
    "paste",
    "problems_of",
]


@dataclass(frozen=True, slots=True)
class Matched:
    """A pasted block with its columns named, and its rows matched."""

    block: Block
    rows: tuple[MatchRow, ...]


def paste(
    db: Database, rows: Sequence[Sequence[str]], *, partner_id: int | None, today: dt.date, extra: Collection[str] = ()
) -> Matched:
    """Guesses what a pasted block is and matches it; nothing is written. rows: cells as text, as they were pasted.

    extra: keys of EXTRA_FIELDS that the window can take.
    """
    block = blocks.read_rows(rows)
    with db.read() as conn:
        items, aliases, units = known(conn)
        if blocks.is_chat(block):
            block = blocks.split_chat(block, today=today, units=units)
        else:
            block = columns.guess(block, items, aliases, today=today, extra=extra)
        return _matched(conn, block, partner_id, today)


def match_block(db: Database, block: Block, *, partner_id: int | None, today: dt.date) -> Matched:
    """Matches again after the clerk named the columns otherwise, or with another partner."""
    with db.read() as conn:
        return _matched(conn, block, partner_id, today)


def confirm(db: Database, user: str, partner_id: int | None, choices: Sequence[Choice]) -> tuple[int, Changes]:
    """Remembers how a partner calls items; how many texts were kept."""

    def action(tx: Tx) -> tuple[int, Changes]:
        return remembering.remember(tx, partner_id, choices), tx.changes()

    return db.run(user, action)


def _matched(conn: Connection, block: Block, partner_id: int | None, today: dt.date) -> Matched:
    items, aliases, _ = known(conn)
    stores = [Store(store.id, store.code, store.name) for store in load_warehouses(conn).values()]
    rows = match(block, items, aliases, partner_id=partner_id or 0, today=today, stores=stores)
    stock = available(conn, sorted({found.item_id for row in rows for found in row.candidates}))
    return Matched(
        block,
        tuple(
            replace(
                row, candidates=tuple(replace(found, available=stock.get(found.item_id)) for found in row.candidates)
            )
            for row in rows
        ),
    )
