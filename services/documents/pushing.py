"""Pushing down: the draft that takes over what is left of a document."""

from __future__ import annotations

from collections.abc import Sequence

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
