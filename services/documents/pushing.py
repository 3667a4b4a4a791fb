"""Pushing down: the draft that takes over what is left of a document, or takes back what was drawn."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal

from models.kernel.numbers import ZERO
from services.documents.records import Context, DocDraft, DocRow, LineDraft, LineRow
from services.documents.types import Push


def to_left(target: str, *, role: str = "main", issue: str = "", priced: bool = False, partner: bool = False) -> Push:
    """A push that takes what is left of every line of a role. issue: only materials issued that way."""

    def push(doc: DocRow, lines: Sequence[LineRow], context: Context) -> list[DocDraft]:
        left = [
            LineDraft(
                line.item_id, line.quantity - line.done, price=line.price if priced else None,
                warehouse_id=line.warehouse_id or context.default_warehouse(line.item_id), source_line_id=line.id,
            )
            for line in lines
            if line.role == role
            and line.quantity > line.done
            and line.closing == "C"
            and (not issue or context.materials[line.id].issue == issue)
        ]  # fmt: skip
        if not left:
            return []
        return [
            DocDraft(
                target, doc.business_date, left, workshop=doc.workshop, source_id=doc.id,
                partner_id=doc.partner_id if partner else None,
            )
        ]  # fmt: skip

    return push


def to_return(target: str, kind: str) -> Push:
    """A push that takes back what was drawn and has not come back (AT-14): for an order of all its materials, for a pick of its own lines.

    Each item comes back as itself, also where it stood in for another; to the store the pick took it from.
    """

    def push(doc: DocRow, lines: Sequence[LineRow], context: Context) -> list[DocDraft]:
        stored = {line.id: line for line in lines if line.role == "material"}
        stored |= {key: source.line for key, source in context.sources.items()}
        left = {
            (key, item_id): returnable(stored[key].item_id, stored[key].done, item_id, drawn)
            for (key, item_id), (drawn, _) in context.drawn.items()
        }
        back = [] if doc.kind == kind else [made for line in lines for made in _drawn(line, left, context)]
        return (
            [DocDraft(target, doc.business_date, back, kind=kind, workshop=doc.workshop, source_id=doc.id)]
            if back
            else []
        )

    return push


def returnable(planned: int, done: Decimal, item_id: int, drawn: Decimal) -> Decimal:
    """How much of an item can come back for a material: what was drawn of it; of the planned item no more than the line has executed
    (a supplement stands beside the plan).
    """
    return min(drawn, done) if item_id == planned else drawn


def _drawn(line: LineRow, left: dict[tuple[int, int], Decimal], context: Context) -> Iterator[LineDraft]:
    """What comes back for a line; it is taken from what is left, so that two lines do not give the same back twice."""
    if line.role == "material":
        for (line_id, item_id), quantity in sorted(left.items()):
            if line_id == line.id and quantity > 0:
                store = line.warehouse_id or context.default_warehouse(item_id)
                yield LineDraft(item_id, quantity, warehouse_id=store, source_line_id=line_id)
        return
    key = (line.source_line_id or 0, line.item_id)
    quantity = min(line.quantity, left.get(key, ZERO))
    if quantity > 0:
        left[key] -= quantity
        yield LineDraft(
            line.item_id, quantity, warehouse_id=line.warehouse_id, lot=line.lot, source_line_id=line.source_line_id
        )
