"""Links between lines, and the one roll-up that turns them into done quantities and closing states."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import and_, case, exists, func, select, update

from models.documents.tables import doc, doc_line, doc_link, material_line
from services.documents.types import registry
from services.ledgers.facts import chunked
from services.platform.db import Tx


def roll_up(tx: Tx, line_ids: Iterable[int]) -> None:
    """Recomputes done, supplement and closing of source lines and their documents from the links; may be repeated."""
    wanted = sorted(set(line_ids))
    for keys in chunked(wanted):
        total = select(func.coalesce(func.sum(doc_link.c.quantity), 0))
        executed = total.where(doc_link.c.source_line_id == doc_line.c.id, doc_link.c.kind == "execute")
        tx.conn.execute(update(doc_line).where(doc_line.c.id.in_(keys)).values(done=executed.scalar_subquery()))
        added = total.where(doc_link.c.source_line_id == material_line.c.line_id, doc_link.c.kind == "supplement")
        back = total.where(doc_link.c.source_line_id == material_line.c.line_id, doc_link.c.quantity < 0)
        tx.conn.execute(
            update(material_line)
            .where(material_line.c.line_id.in_(keys))
            .values(supplement=added.scalar_subquery(), returned=-back.scalar_subquery())
        )
        closing = [kind.code for kind in registry if kind.closes]
        docs_here = select(doc_line.c.doc_id).where(doc_line.c.id.in_(keys))
        closable = select(doc.c.id).where(doc.c.id.in_(docs_here), doc.c.type.in_(closing), doc.c.closing != "H")
        tx.conn.execute(
            update(doc_line)
            .where(
                doc_line.c.id.in_(keys), doc_line.c.role == "main", doc_line.c.closing != "H",
                doc_line.c.doc_id.in_(closable),
            )
            .values(closing=case((doc_line.c.done >= doc_line.c.quantity, "S"), else_="C"))
        )  # fmt: skip
        open_line = exists().where(
            and_(doc_line.c.doc_id == doc.c.id, doc_line.c.role == "main", doc_line.c.closing == "C")
        )
        tx.conn.execute(
            update(doc)
            .where(doc.c.id.in_(docs_here), doc.c.type.in_(closing), doc.c.closing != "H")
            .values(closing=case((open_line, "C"), else_="S"))
        )
