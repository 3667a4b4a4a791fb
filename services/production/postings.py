"""From production documents to ledger rows, and the pick that a receipt backflushes."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from decimal import Decimal
from fractions import Fraction

from models.kernel.numbers import MONEY_PLACES, ZERO, round_half_up, round_up
from models.kernel.problems import Place, Problem, Refused
from services.documents import load
from services.documents.records import Context, DocDraft, DocRow, LineDraft, LineRow
from services.ledgers.facts import load_items
from services.ledgers.stock import StockEntry, WipTarget
from services.platform.db import Tx


def post_issue(doc: DocRow, lines: Sequence[LineRow], context: Context) -> list[StockEntry]:
    """Material leaves the store for the order; a return comes back at the value it left with (exchange contract)."""
    entries = []
    for line in lines:
        source = context.sources[line.source_line_id or 0].line
        back = doc.kind == "return"
        value = _value_of_return(context, (source.id, line.item_id), line.quantity) if back else None
        store = context.warehouses[line.warehouse_id or 0]
        entries.append(
            StockEntry(
                doc.id, line.id, doc.business_date, line.item_id, store.id,
                line.quantity if back else -line.quantity,
                line.lot if back else (line.lot or None),
                (store.partner_id or 0) if store.kind == "customer" else 0,
                value,
                WipTarget(source.parent_line_id or 0, source.id, "material"),
                doc.number, line.line_no,
            )
        )  # fmt: skip
    return entries


def _value_of_return(context: Context, key: tuple[int, int], quantity: Decimal) -> Decimal:
    """A share of what was drawn of the item, all of it with the last unit; the context keeps what is left for the next return."""
    drawn, value = context.drawn.get(key, (ZERO, ZERO))
    if drawn <= 0:
        return ZERO
    share = (
        value
        if quantity >= drawn
        else round_half_up(Fraction(value) * Fraction(quantity) / Fraction(drawn), MONEY_PLACES)
    )
    context.drawn[key] = (drawn - quantity, value - share)
    return share


def post_receipt(doc: DocRow, lines: Sequence[LineRow], context: Context) -> list[StockEntry]:
    """Products enter the store at their reference cost until the period is costed."""
    entries = []
    for line in lines:
        source = context.sources[line.source_line_id or 0].line
        reference = context.item(line).unit_cost or ZERO
        order_line = source.id if source.role == "main" else source.parent_line_id or 0
        entries.append(
            StockEntry(
                doc.id, line.id, doc.business_date, line.item_id, line.warehouse_id or 0, line.quantity, line.lot, 0,
                round_half_up(reference * line.quantity, MONEY_PLACES),
                WipTarget(order_line, None, "product"), doc.number, line.line_no,
            )
        )  # fmt: skip
    return entries


def backflush(tx: Tx, docs: Sequence[DocRow], lines: Mapping[int, list[LineRow]], context: Context) -> list[DocDraft]:
    """The pick each receipt causes: received in all × planned ÷ ordered, less what was drawn (domain §12).

    When the order is complete exactly the plan is drawn; beyond it the draw grows in proportion. Refused where neither
    the order's material nor its item names the warehouse: the standing one is not guessed.
    """
    order_lines = {
        line.source_line_id
        for doc in docs
        for line in lines[doc.id]
        if context.sources[line.source_line_id or 0].line.role == "main"
    }
    fresh = load.sources(tx.conn, (key for key in order_lines if key is not None))
    wanted = _backflushed(tx, {source.doc.id for source in fresh.values()})
    context.items.update(load_items(tx.conn, {line.item_id for group in wanted.values() for line in group}))
    received = {key: source.line.done for key, source in fresh.items()}
    drawn: dict[int, Decimal] = {}
    drafts, homeless = [], []
    for doc in reversed(docs):
        for line in reversed(lines[doc.id]):
            if line.source_line_id in received:
                received[line.source_line_id] -= line.quantity
    for doc in docs:
        picks: list[LineDraft] = []
        for line in lines[doc.id]:
            key = line.source_line_id
            if key is None or key not in received:
                continue
            received[key] += line.quantity
            for material in wanted.get(key, ()):
                quantity = _due(material, received[key], fresh[key].line.quantity, drawn, context)
                if quantity <= 0:
                    continue
                store = material.warehouse_id or context.default_warehouse(material.item_id, guess=False)
                if store is None:
                    args = {"item": context.item(material).label, "order": fresh[key].doc.number}
                    homeless.append(
                        Problem("receipt.backflush_no_warehouse", args, Place(document=doc.number, line=line.line_no))
                    )
                picks.append(LineDraft(material.item_id, quantity, warehouse_id=store, source_line_id=material.id))
        if picks:
            drafts.append(_pick_of(doc, picks))
    if homeless:
        raise Refused(homeless)
    return drafts


def _pick_of(doc: DocRow, picks: list[LineDraft]) -> DocDraft:
    return DocDraft(
        "material_issue", doc.business_date, picks, kind="backflush", workshop=doc.workshop, source_id=doc.id,
        system_made=True,
    )  # fmt: skip


def _backflushed(tx: Tx, order_ids: set[int]) -> dict[int, list[LineRow]]:
    groups = load.lines(tx.conn, order_ids)
    candidates = [line for group in groups.values() for line in group if line.role == "material"]
    details = load.materials(tx.conn, (line.id for line in candidates))
    made: dict[int, list[LineRow]] = defaultdict(list)
    for line in candidates:
        if details[line.id].issue == "backflush":
            made[line.parent_line_id or 0].append(line)
    return made


def _due(
    material: LineRow, received: Decimal, ordered: Decimal, drawn: dict[int, Decimal], context: Context
) -> Decimal:
    decimals = context.items[material.item_id].decimals
    target = round_up(Fraction(material.quantity) * Fraction(received) / Fraction(ordered), decimals)
    before = drawn.get(material.id, material.done)
    drawn[material.id] = max(before, target)
    return max(ZERO, target - before)
