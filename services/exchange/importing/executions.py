"""Receipts, issues and deliveries, from sheet rows to drafts that execute order lines."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from services.documents.records import DocDraft, LineDraft
from services.documents.types import registry
from services.exchange.importing.drafts import Placed, PlacedDrafts
from services.exchange.importing.orders import Rows
from services.exchange.importing.sources import SourceLine, SourceOrder, SourceOrders


@dataclass(frozen=True, slots=True)
class _Executes:
    """Which orders a type executes: their types and sheets, the roles of their lines in order of preference."""

    types: tuple[str, ...]
    sheets: tuple[str, ...]
    roles: tuple[str, ...]
    takes_partner: bool = False
    takes_price: bool = False


EXECUTES: Mapping[str, _Executes] = {
    "purchase_receipt": _Executes(
        ("purchase_order",), ("purchase_orders",), ("main",), takes_partner=True, takes_price=True
    ),
    "material_issue": _Executes(
        ("production_order", "subcontract_order"), ("production_orders", "subcontract_orders"), ("material",)
    ),
    "product_receipt": _Executes(
        ("production_order", "subcontract_order"), ("production_orders", "subcontract_orders"), ("main", "output")
    ),
    "delivery": _Executes(("sales_order",), ("sales_orders",), ("main",), takes_partner=True, takes_price=True),
}


def execution_drafts(rows: Rows) -> PlacedDrafts:
    """One draft a number; each row finds its order line, a quantity beyond one line runs over to the next of the item."""
    rule = EXECUTES[rows.kind.code]
    columns = rows.columns
    orders = SourceOrders(rows.tx.conn, rule.types, {str(number) for number in columns["order"] if number})
    made = PlacedDrafts(rows.batch)
    for number, indexes in sorted(rows.each_document(), key=lambda entry: (columns["date"][entry[1][0]], entry[0])):
        first = indexes[0]
        draft = DocDraft(rows.kind.code, columns["date"][first], [], number=number)
        if "kind" in columns:
            draft.kind = columns["kind"][first] or "normal"
        placed = Placed(draft, first)
        for index in indexes:
            order = _order(rows, rule, orders, index)
            if order is None:
                continue
            draft.source_id = draft.source_id or order.id
            if rule.takes_partner:
                draft.partner_id = draft.partner_id or order.partner_id
            for line in _lines(rows, rule, orders, order, index, back=draft.kind == "return"):
                line.line_no = len(draft.lines) + 1
                draft.lines.append(line)
                placed.rows[line.line_no] = index
        if rows.batch.bad.isdisjoint(indexes):
            made.placed.append(placed)
    return made


def _order(rows: Rows, rule: _Executes, orders: SourceOrders, index: int) -> SourceOrder | None:
    number = str(rows.columns["order"][index])
    found = orders.find(number)
    if len(found) > 1:
        item = rows.known.of("items").get(str(rows.columns["item"][index]), 0)
        fitting = [order for order in found if orders.candidates(order, rule.roles, item, None)]
        if len(fitting) == 1:
            return fitting[0]
        rows.problems.append(rows.batch.problem("exchange.order_ambiguous", index, "order", order=number))
        return None
    if not found:
        if not any(rows.known.refused(sheet, number) for sheet in rule.sheets):
            title = "／".join(registry[code].title for code in rule.types)
            rows.problems.append(rows.batch.problem("exchange.order_unknown", index, "order", order=number, kind=title))
        rows.batch.bad.add(index)
        return None
    return found[0]


def _lines(
    rows: Rows, rule: _Executes, orders: SourceOrders, order: SourceOrder, index: int, *, back: bool
) -> list[LineDraft]:
    columns = rows.columns
    item, store = rows.id_of(index, "item"), rows.id_of(index, "warehouse")
    if item is None or index in rows.batch.bad:
        return []
    candidates = orders.candidates(order, rule.roles, item, columns["line"][index])
    if not candidates:
        args = {"order": order.number, "item": columns["item"][index]}
        rows.problems.append(rows.batch.problem("exchange.order_item", index, "item", **args))
        return []
    quantity = columns["quantity"][index]
    if not rows.fits(index, _price(rows, rule, candidates[0], index), quantity):
        return []
    parts = orders.give_back(candidates, quantity) if back else orders.split(candidates, quantity)
    hours = columns["hours"][index] if "hours" in columns else None
    made = []
    for source, part in parts:
        made.append(
            LineDraft(
                item, part, price=_price(rows, rule, source, index), warehouse_id=store,
                lot=columns["lot"][index] or "", source_line_id=source.id, hours=hours,
            )
        )  # fmt: skip
        hours = None
    return made


def _price(rows: Rows, rule: _Executes, source: SourceLine, index: int) -> Decimal | None:
    given: Decimal | None = rows.columns["price"][index] if "price" in rows.columns else None
    return given if given is not None else source.price if rule.takes_price else None
