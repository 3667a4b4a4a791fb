"""Links between lines, and the one roll-up that turns them into done quantities and closing states."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import and_, case, exists, func, or_, select, update

from models.documents.tables import doc, doc_line, doc_link, material_line
from services.documents.types import registry
from services.ledgers.facts import chunked
from services.platform.db import Tx
from services.platform.prepared import Prepared, among

_TOTAL = select(func.coalesce(func.sum(doc_link.c.quantity), 0))
_EXECUTED = _TOTAL.where(doc_link.c.source_line_id == doc_line.c.id, doc_link.c.kind == "execute").scalar_subquery()
_OF_MATERIAL = _TOTAL.where(doc_link.c.source_line_id == material_line.c.line_id)
_ADDED = _OF_MATERIAL.where(doc_link.c.kind == "supplement").scalar_subquery()
_BACK = -_OF_MATERIAL.where(doc_link.c.quantity < 0).scalar_subquery()
_CLOSES = and_(
    doc.c.id.in_(select(doc_line.c.doc_id).where(among(doc_line.c.id))),
    among(doc.c.type, "closing"), doc.c.closing != "H",
)  # fmt: skip
_LINE_CLOSES = and_(
    doc_line.c.role == "main", doc_line.c.closing != "H", doc_line.c.doc_id.in_(select(doc.c.id).where(_CLOSES))
)
_LINE_STATE = case((_LINE_CLOSES, case((doc_line.c.quantity <= _EXECUTED, "S"), else_="C")), else_=doc_line.c.closing)
_OPEN_LINE = exists().where(doc_line.c.doc_id == doc.c.id, doc_line.c.role == "main", doc_line.c.closing == "C")
_STATE = case((_OPEN_LINE, "C"), else_="S")
_LINES = Prepared(update(doc_line).where(among(doc_line.c.id)).values(done=_EXECUTED, closing=_LINE_STATE))
_MATERIALS = Prepared(
    update(material_line)
    .where(among(material_line.c.line_id))
    .where(or_(material_line.c.supplement != _ADDED, material_line.c.returned != _BACK))
    .values(supplement=_ADDED, returned=_BACK)
)
_DOCUMENTS = Prepared(update(doc).where(_CLOSES, doc.c.closing != _STATE).values(closing=_STATE))


def roll_up(tx: Tx, line_ids: Iterable[int]) -> None:
    """Recomputes done, supplement and closing of source lines and their documents from the links; may be repeated.

    Of materials and documents only what differs is written.
    """
    closing = [kind.code for kind in registry if kind.closes]
    for keys in chunked(sorted(set(line_ids))):
        _LINES.run(tx.conn, keys=keys, closing=closing)
        _MATERIALS.run(tx.conn, keys=keys)
        _DOCUMENTS.run(tx.conn, keys=keys, closing=closing)
