"""Drafts that production orders push down: what is left to pick, what is left to receive."""

from __future__ import annotations

from collections.abc import Sequence

from services.documents.pushing import to_left
from services.documents.records import Context, DocDraft, DocRow, LineRow

to_issue = to_left("material_issue", role="material", issue="pick")


def to_receipt(doc: DocRow, lines: Sequence[LineRow], context: Context) -> list[DocDraft]:
    """A receipt of what is still to come of the product and of its expected co-products."""
    made = to_left("product_receipt")(doc, lines, context)
    outputs = to_left("product_receipt", role="output")(doc, lines, context)
    if made and outputs:
        made[0].lines += outputs[0].lines
        return made
    return made or outputs
