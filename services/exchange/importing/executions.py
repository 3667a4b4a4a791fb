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
from services.exchange.importing.standing_in import StandingIn


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
    work = _Work(rows, rule, orders, StandingIn(rows.tx.conn, orders))
    made = PlacedDrafts(rows.batch)
    for number, indexes in sorted(rows.each_document(), key=lambda entry: (columns["date"][entry[1][0]], entry[0])):
        first = indexes[0]
        draft = DocDraft(rows.kind.code, columns["date"][first], [], number=number)
        if "kind" in columns:
            draft.kind = columns["kind"][first] or "normal"
        placed = Placed(draft, first)
        for index in indexes:
            order = _order(work, index)
            if order is None:
                continue
            draft.source_id = draft.source_id or order.id
            if rule.takes_partner:
                draft.partner_id = draft.partner_id or order.partner_id
            for line in _lines(work, order, index, draft):
                line.line_no = len(draft.lines) + 1
                draft.lines.append(line)
                placed.rows[line.line_no] = index
        if rows.batch.bad.isdisjoint(indexes):
            made.placed.append(placed)
    return made


@dataclass(frozen=True, slots=True)
class _Work:
    """A sheet at work with the orders that it executes."""

    rows: Rows
    rule: _Executes
    orders: SourceOrders
    standing: StandingIn


def _order(work: _Work, index: int) -> SourceOrder | None:
    rows, rule, orders = work.rows, work.rule, work.orders
    number = str(rows.columns["order"][index])
    found = orders.find(number)
    if len(found) > 1:
        item = rows.known.of("items").get(str(rows.columns["item"][index]), 0)
        fitting = [order for order in found if orders.candidates(order, rule.roles, item, None)]
        fitting = fitting or [order for order in found if _in_place(work, order, index, item)]
        if len(fitting) == 1:
            return fitting[0]
        rows.problems.append(rows.batch.problem("exchange.order_ambiguous", index, "order", order=number))
        return None
    if not found:
        if not any(rows.known.refused(sheet, number) for sheet in rule.sheets):
            titles = tuple(registry[code].title for code in rule.types)
            rows.problems.append(
                rows.batch.problem("exchange.order_unknown", index, "order", order=number, kind=titles)
            )
        rows.batch.bad.add(index)
        return None
    return found[0]


def _lines(work: _Work, order: SourceOrder, index: int, draft: DocDraft) -> list[LineDraft]:
    rows, rule, orders = work.rows, work.rule, work.orders
    columns, back = rows.columns, draft.kind == "return"
    item, store = rows.id_of(index, "item"), rows.id_of(index, "warehouse")
    if item is None or index in rows.batch.bad:
        return []
    candidates = _candidates(work, order, index, item)
    if not candidates:
        return []
    quantity = columns["quantity"][index]
    if not rows.fits(index, _price(rows, rule, candidates[0], index), quantity):
        return []
    if candidates[0].item_id != item:
        parts = [(candidates[0], quantity)]
        work.standing.take(candidates[0], item, quantity, draft.business_date, back=back)
    else:
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


def _candidates(work: _Work, order: SourceOrder, index: int, item: int) -> list[SourceLine]:
    """Lines of the item; before them the named material that it stands in for, behind them the only one; else a problem.

    A substitute that is itself a material of the order is drawn for the named line where it may be, so that what was exported
    comes in as it was.
    """
    line_no = work.rows.columns["line"][index]
    in_place = _in_place(work, order, index, item)
    named = [line for line in in_place if line.line_no == line_no]
    own = work.orders.candidates(order, work.rule.roles, item, line_no)
    if named or own:
        return named or own
    other = next((line for line in order.lines if line.role in work.rule.roles and line.line_no == line_no), None)
    if len(in_place) == 1 and other is None:
        return in_place
    code, column = "exchange.order_item", "item"
    args: dict[str, object] = {"order": order.number, "item": work.rows.columns["item"][index]}
    if in_place and other is None:
        code, column = "exchange.which_material", "line"
        args["lines"] = tuple(f"{line.line_no} {work.standing.item(line.item_id).label}" for line in in_place)
    elif "material" in work.rule.roles and other is not None:
        code = "exchange.not_in_place"
        labels = {"item": work.standing.item(item).label, "planned": work.standing.item(other.item_id).label}
        args |= labels | {"line": other.line_no}
    elif "material" in work.rule.roles:
        code = "exchange.order_material"
    work.rows.problems.append(work.rows.batch.problem(code, index, column, **args))
    return []


def _in_place(work: _Work, order: SourceOrder, index: int, item: int) -> list[SourceLine]:
    """Materials that the row's item may be drawn for in place of the planned one, in order of line."""
    columns, roles = work.rows.columns, work.rule.roles
    own = [line.line_no for line in order.lines if line.role in roles and line.item_id == item]
    if "material" not in roles or (own and columns["line"][index] in (None, *own)):
        return []
    found = work.standing.lines(order, item, columns["date"][index], back=columns["kind"][index] == "return")
    return sorted(found, key=lambda line: line.line_no)


def _price(rows: Rows, rule: _Executes, source: SourceLine, index: int) -> Decimal | None:
    given: Decimal | None = rows.columns["price"][index] if "price" in rows.columns else None
    return given if given is not None else source.price if rule.takes_price else None
