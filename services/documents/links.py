"""Links between lines, and the one roll-up that turns them into done quantities and closing states."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache

from sqlalchemy import BindParameter, Update, and_, bindparam, case, exists, func, select, update

from models.documents.tables import doc, doc_line, doc_link, material_line
from services.documents.types import registry
from services.ledgers.facts import chunked
from services.platform.db import Tx


def roll_up(tx: Tx, line_ids: Iterable[int]) -> None:
    """Recomputes done, supplement and closing of source lines and their documents from the links; may be repeated."""
    statements = _statements(tuple(sorted(kind.code for kind in registry if kind.closes)))
    for keys in chunked(sorted(set(line_ids))):
        for statement in statements:
            tx.conn.execute(statement, {"lines": list(keys)})


@cache
def _statements(closing: tuple[str, ...]) -> tuple[Update, ...]:
    """The updates of a roll-up for the lines bound as "lines", made once; closing: types that close by themselves."""
    lines: BindParameter[object] = bindparam("lines", expanding=True)
    total = select(func.coalesce(func.sum(doc_link.c.quantity), 0))
    executed = total.where(doc_link.c.source_line_id == doc_line.c.id, doc_link.c.kind == "execute")
    added = total.where(doc_link.c.source_line_id == material_line.c.line_id, doc_link.c.kind == "supplement")
    back = total.where(doc_link.c.source_line_id == material_line.c.line_id, doc_link.c.quantity < 0)
    docs_here = select(doc_line.c.doc_id).where(doc_line.c.id.in_(lines))
    closable = select(doc.c.id).where(doc.c.id.in_(docs_here), doc.c.type.in_(closing), doc.c.closing != "H")
    open_line = exists().where(
        and_(doc_line.c.doc_id == doc.c.id, doc_line.c.role == "main", doc_line.c.closing == "C")
    )
    return (
        update(doc_line).where(doc_line.c.id.in_(lines)).values(done=executed.scalar_subquery()),
        update(material_line)
        .where(material_line.c.line_id.in_(lines))
        .values(supplement=added.scalar_subquery(), returned=-back.scalar_subquery()),
        update(doc_line)
        .where(
            doc_line.c.id.in_(lines), doc_line.c.role == "main", doc_line.c.closing != "H",
            doc_line.c.doc_id.in_(closable),
        )
        .values(closing=case((doc_line.c.done >= doc_line.c.quantity, "S"), else_="C")),
        update(doc)
        .where(doc.c.id.in_(docs_here), doc.c.type.in_(closing), doc.c.closing != "H")
        .values(closing=case((open_line, "C"), else_="S")),
    )  # fmt: skip
