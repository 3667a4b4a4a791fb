"""What the books hold, as plain figures that can be compared: every ledger, every executed quantity, every state."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Connection, event, select

from models.documents.tables import doc, doc_line, material_line
from models.ledgers.tables import stock_balance, stock_move, stock_value, wip_move
from models.schema import metadata
from services.platform.db import Database
from services.reporting.invariants import check


def ledgers(db: Database) -> dict[str, Any]:
    """Balances, item values, work in progress and what lines have executed; zero rows left out."""
    with db.read() as conn:
        return {
            "balance": {tuple(row[:4]): row[4] for row in conn.execute(select(stock_balance)) if row.quantity},
            "value": {row.item_id: (row.quantity, row.value) for row in conn.execute(select(stock_value)) if row.quantity},
            "moves": _sums(conn, stock_move, ("doc_id", "line_id", "warehouse_id", "lot", "owner_id", "move_date")),
            "wip": _sums(conn, wip_move, ("order_line_id", "material_line_id", "element", "item_id", "move_date")),
            "done": {row.id: row.done for row in conn.execute(select(doc_line.c.id, doc_line.c.done)) if row.done},
            "drawn": {
                row.line_id: (row.supplement, row.returned)
                for row in conn.execute(select(material_line))
                if row.supplement or row.returned
            },
            "closing": {row.id: row.closing for row in conn.execute(select(doc.c.id, doc.c.closing))},
            "line closing": {row.id: row.closing for row in conn.execute(select(doc_line.c.id, doc_line.c.closing))},
        }  # fmt: skip


def _sums(conn: Connection, table: Any, keys: tuple[str, ...]) -> dict[tuple[Any, ...], tuple[Any, Any]]:
    made: dict[tuple[Any, ...], list[Any]] = defaultdict(lambda: [0, 0])
    for row in conn.execute(select(table)).mappings():
        sums = made[tuple(row[key] for key in keys)]
        sums[0] += row["quantity"]
        sums[1] += row["value"]
    return {key: (quantity, value) for key, (quantity, value) in made.items() if quantity or value}


def everything(db: Database) -> dict[str, list[tuple[Any, ...]]]:
    """Every row of every table: equal before and after exactly when nothing was changed."""
    with db.read() as conn:
        return {
            table.name: sorted(map(tuple, conn.execute(select(table))), key=repr) for table in metadata.sorted_tables
        }


def broken(db: Database) -> list[str]:
    """What the proofs of the books find wrong, one line a row; empty when the books hold."""
    return [f"{found.code} {row.where} {dict(row.figures)}" for found in check(db) for row in found.broken]


@contextmanager
def statements(db: Database) -> Iterator[list[str]]:
    """The statements that run inside the block; an executemany counts as one."""
    seen: list[str] = []

    def note(_conn: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        seen.append(statement)

    event.listen(db.engine, "before_cursor_execute", note)
    try:
        yield seen
    finally:
        event.remove(db.engine, "before_cursor_execute", note)
