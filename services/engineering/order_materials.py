"""Gives an order its own material list and expected co-products, from the bill that holds on its start day."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction

from models.kernel.numbers import round_down
from models.kernel.problems import Place, Problem
from services.documents.records import Context, DocDraft, LineDraft, MaterialDraft, OutputDraft
from services.engineering.reading import load_structure
from services.engineering.structure import BomVersion, Requirement, Structure, Usage, explode_order
from services.ledgers.facts import load_items
from services.platform.db import Tx
from services.platform.parameters import Parameters

LARGEST = Decimal(9 * 10**12)
"""What a stored quantity can hold (64 bits at 6 decimals), rounded down."""


def usage_of(parameters: Parameters) -> Usage:
    """Scrap formula and rounding in force."""
    divide = parameters.text("scrap_formula") == "divide"
    return Usage(divide=divide, half_up=parameters.text("material_rounding") == "half_up")


def expand(tx: Tx, drafts: Sequence[DocDraft], context: Context) -> list[Problem]:
    """Fills dates, yield, materials and outputs of order drafts; a list that was given by hand is kept.

    The list is the order's own from then on: later changes of the bill do not touch it (I23).
    """
    waiting = [draft for draft in drafts if draft.materials is None]
    book = load_structure(tx.conn, {line.item_id for draft in waiting for line in draft.lines})
    problems: list[Problem] = []
    usage = usage_of(context.parameters)
    for draft in drafts:
        for line in draft.lines:
            _fill_dates(draft, line)
            item = context.item(line)
            if item.kind in ("manufactured", "subcontracted"):
                line.yield_rate = item.yield_rate
        if draft.materials is None:
            draft.materials = []
            for line in draft.lines:
                problems += _fill(draft, line, book, usage, context)
    missing = {m.item_id for d in drafts for m in d.materials or ()} - set(context.items)
    context.items.update(load_items(tx.conn, missing))
    return problems


def _fill_dates(draft: DocDraft, line: LineDraft) -> None:
    line.start_date = line.start_date or min(filter(None, (line.due_date, draft.business_date)))
    line.due_date = line.due_date or line.start_date


def _fill(draft: DocDraft, line: LineDraft, book: Structure, usage: Usage, context: Context) -> list[Problem]:
    day = max(line.start_date or draft.business_date, draft.business_date)
    version, needs = explode_order(book, line.item_id, line.quantity, day, usage=usage, wanted=line.bom_version)
    if version is None:
        if not line.bom_version:
            return []
        args = {"item": context.item(line).label, "version": line.bom_version}
        return [Problem("order.no_version", args, Place(document=draft.number, line=line.line_no, field="bom_version"))]
    line.bom_id, line.bom_version = version.id, version.version_code
    large = [need for need in needs if need.planned > LARGEST]
    if large:
        return [_too_large(draft, line, need, context) for need in large]
    assert draft.materials is not None
    draft.materials += [
        MaterialDraft(
            line.line_no, need.line.component_id, need.planned, need.numerator, need.denominator,
            need.line.scrap_rate, need.scrap_fixed, need.line.issue, need.line.key_part, need.line.supplied_by,
            warehouse_id=need.line.warehouse_id, note=need.line.note,
        )
        for need in needs
        if need.planned > 0
    ]  # fmt: skip
    draft.outputs += _outputs(line, version, book)
    return []


def _too_large(draft: DocDraft, line: LineDraft, need: Requirement, context: Context) -> Problem:
    args = {"item": context.item(line).label, "quantity": line.quantity, "needed": need.planned, "largest": LARGEST}
    place = Place(document=draft.number, line=line.line_no, field="quantity")
    return Problem("order.material_too_large", args, place)


def _outputs(line: LineDraft, version: BomVersion, book: Structure) -> list[OutputDraft]:
    made = []
    for output in version.outputs:
        if output.kind == "main":
            continue
        decimals = book.decimals.get(output.item_id, 6)
        quantity = round_down(
            Fraction(line.quantity) * Fraction(output.numerator) / Fraction(output.denominator), decimals
        )
        made.append(OutputDraft(line.line_no, output.item_id, quantity))
    return made
