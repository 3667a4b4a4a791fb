"""Opening stock, sales orders, forecasts and the three kinds of orders, from sheet rows to drafts."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from sqlalchemy import select

from models.documents.tables import doc, doc_line
from models.kernel.numbers import MONEY_PLACES, ZERO, places_of, round_half_up
from models.kernel.problems import Problem
from services.documents.records import DocDraft, LineDraft
from services.documents.types import DocType
from services.exchange.importing.batch import Batch
from services.exchange.importing.drafts import Placed, PlacedDrafts
from services.exchange.importing.facts import Defaults, item_defaults
from services.exchange.importing.masters import UNKNOWN_CODE, Known
from services.exchange.importing.sources import SourceOrders
from services.exchange.parsed import documents
from services.exchange.sheets import find_sheet
from services.ledgers.facts import chunked, load_items, load_warehouses
from services.platform import numbering
from services.platform.db import Tx

LARGEST_AMOUNT = Decimal(10) ** 16
CODED = ("customers", "suppliers", "items", "warehouses")


@dataclass(slots=True)
class Rows:
    """A document sheet at work: its columns, and the ids its codes stand for."""

    tx: Tx
    kind: DocType
    batch: Batch
    known: Known
    problems: list[Problem]
    columns: dict[str, list[Any]]
    _maps: dict[str, dict[str, int]] = field(default_factory=dict)

    def id_of(self, index: int, key: str) -> int | None:
        """Id of the code in a cell; None when blank, or unknown, which is a problem of the cell."""
        code = self.columns[key][index]
        if code is None or code == "":
            return None
        found = self._ids(key).get(str(code))
        if found is None:
            kind = self.batch.sheet.column(key).refers_to
            if not self.known.refused(kind, code):
                sheet = find_sheet(kind)
                title = sheet.title if sheet is not None else kind
                self.problems.append(self.batch.problem(UNKNOWN_CODE, index, key, code=code, kind=title))
            self.batch.bad.add(index)
        return found

    def fits(self, index: int, price: Decimal | None, quantity: Decimal) -> bool:
        """Whether the amount of a line can be kept; one that cannot is a problem of the price, else of the quantity."""
        if price is None or price * quantity <= LARGEST_AMOUNT:
            return True
        key = "price" if "price" in self.columns and self.columns["price"][index] is not None else "quantity"
        args = {"value": price * quantity, "limit": LARGEST_AMOUNT}
        self.problems.append(self.batch.problem("exchange.amount_too_large", index, key, **args))
        return False

    def _ids(self, key: str) -> dict[str, int]:
        if key not in self._maps:
            self._maps[key] = self.known.of(self.batch.sheet.column(key).refers_to)
        return self._maps[key]

    def defaults(self) -> dict[int, Defaults]:
        """Defaults of every item the sheet names."""
        ids = self.known.of("items")
        return item_defaults(self.tx.conn, {ids[code] for code in set(self.columns["item"]) if code in ids})

    def each_document(self) -> Iterator[tuple[str, list[int]]]:
        """Numbers with the rows of each; a number in two files is a problem, documents with bad rows are left out."""
        start = 0
        first: dict[str, str] = {}
        for part in self.batch.parts:
            for group in documents(part):
                rows = [start + line for line in group.lines]
                if group.number in first:
                    args = {"number": group.number, "first": first[group.number]}
                    if rows[0] not in self.batch.bad:
                        self.problems.append(self.batch.problem("exchange.document_twice", rows[0], "number", **args))
                    self.batch.bad.update(rows)
                first.setdefault(group.number, part.label)
                if self.batch.bad.isdisjoint(rows):
                    yield group.number, rows
            start += len(part)


def rows_of(tx: Tx, kind: DocType, batch: Batch, known: Known, problems: list[Problem]) -> Rows:
    """A batch ready to become drafts; codes of documents that are left out for a fault are looked up here, so that all faults show."""
    rows = Rows(tx, kind, batch, known, problems, batch.columns())
    numbers = rows.columns.get("number")
    if numbers is None:
        left_out = sorted(batch.bad)
    else:
        faulty = {numbers[index] for index in batch.bad}
        left_out = [index for index, number in enumerate(numbers) if number in faulty]
    _look_up_left_out(rows, left_out)
    return rows


def _look_up_left_out(rows: Rows, left_out: list[int]) -> None:
    """What rows that are left out name and count: unknown codes and surplus decimals; a head's cell once a document."""
    sheet, columns = rows.batch.sheet, rows.columns
    coded = [column.key for column in sheet.columns if column.refers_to in CODED and column.key in columns]
    seen: set[tuple[Any, str]] = set()
    found: dict[int, int] = {}
    for index in left_out:
        for key in coded:
            head = (columns["number"][index], key) if key in sheet.header and "number" in columns else None
            if head in seen:
                continue
            if head is not None:
                seen.add(head)
            number = rows.id_of(index, key)
            if key == "item" and number is not None:
                found[index] = number
    facts = load_items(rows.tx.conn, found.values())
    for index, item_id in found.items():
        quantity, item = columns["quantity"][index], facts[item_id]
        if isinstance(quantity, Decimal) and places_of(quantity) > item.decimals:
            args = {"item": item.label, "quantity": quantity, "unit": item.unit, "decimals": item.decimals}
            rows.problems.append(rows.batch.problem("document.quantity_decimals", index, "quantity", **args))


def opening_drafts(rows: Rows) -> PlacedDrafts:
    """One document a date, numbered by the series; what a store has as opening stock already is a problem."""
    batch, columns = rows.batch, rows.columns
    defaults = rows.defaults()
    by_day: dict[dt.date, list[tuple[tuple[str, ...], int, LineDraft]]] = defaultdict(list)
    for index in batch.good():
        store, item = rows.id_of(index, "warehouse"), rows.id_of(index, "item")
        if store is None or item is None:
            continue
        quantity, amount = columns["quantity"][index], columns["amount"][index]
        if amount is None and not rows.fits(index, defaults[item].unit_cost, quantity):
            continue
        if amount is None:
            amount = round_half_up((defaults[item].unit_cost or ZERO) * quantity, MONEY_PLACES)
        line = LineDraft(item, quantity, amount=amount, warehouse_id=store, lot=columns["lot"][index] or "")
        order = (str(columns["warehouse"][index]), str(columns["item"][index]), line.lot)
        by_day[columns["date"][index]].append((order, index, line))
    _refuse_second_opening(rows, [(index, line) for group in by_day.values() for _order, index, line in group])
    made = PlacedDrafts(batch)
    for day in sorted(by_day):
        lines = sorted(by_day[day], key=lambda entry: (*entry[0], entry[2].quantity, entry[2].amount))
        lines = [entry for entry in lines if entry[1] not in batch.bad]
        for number, (_order, _index, line) in enumerate(lines, start=1):
            line.line_no = number
        if lines:
            (number_text,) = numbering.take(rows.tx, rows.kind.prefix, day)
            draft = DocDraft(rows.kind.code, day, [line for _order, _index, line in lines], number=number_text)
            made.placed.append(Placed(draft, lines[0][1], {line.line_no: index for _order, index, line in lines}))
    return made


def _refuse_second_opening(rows: Rows, lines: list[tuple[int, LineDraft]]) -> None:
    """Opening stock has no number of its own, so what tells a second import is the same item in the same store and lot."""
    stored: dict[tuple[int, int | None, str], str] = {}
    for keys in chunked(sorted({line.item_id for _index, line in lines})):
        query = (
            select(doc.c.number, doc_line.c.item_id, doc_line.c.warehouse_id, doc_line.c.lot)
            .join_from(doc, doc_line, doc_line.c.doc_id == doc.c.id)
            .where(doc.c.type == rows.kind.code, doc.c.closing != "H", doc_line.c.item_id.in_(keys))
        )
        for row in rows.tx.conn.execute(query):
            stored[row.item_id, row.warehouse_id, row.lot] = row.number
    if not stored:
        return
    stores = load_warehouses(rows.tx.conn)
    for index, line in lines:
        number = stored.get((line.item_id, line.warehouse_id, line.lot))
        if number is not None:
            store = stores[line.warehouse_id or 0]
            args = {"item": rows.columns["item"][index], "warehouse": store.name or store.code, "number": number}
            rows.problems.append(rows.batch.problem("exchange.opening_exists", index, "item", **args))


def order_drafts(rows: Rows) -> PlacedDrafts:
    """Sales orders, forecasts, purchase, production and subcontract orders: one draft a number."""
    columns = rows.columns
    partner_key = rows.kind.partner_role
    defaults = rows.defaults()
    demand = _Demand(rows)
    made = PlacedDrafts(rows.batch)
    for number, indexes in rows.each_document():
        first = indexes[0]
        partner = rows.id_of(first, partner_key) if partner_key in columns else None
        placed = Placed(DocDraft(rows.kind.code, columns["date"][first], [], number=number, partner_id=partner), first)
        _head_of_order(rows, placed.draft, first, demand)
        for index, line_no in zip(indexes, _line_numbers(columns, indexes), strict=True):
            item = rows.id_of(index, "item")
            if item is None:
                continue
            line = _order_line(rows, index, item, line_no, defaults[item])
            if not rows.fits(index, line.price, line.quantity):
                continue
            line.demand_line_id = demand.line_of(index, item, line.quantity)
            placed.draft.workshop = placed.draft.workshop or defaults[item].workshop
            placed.draft.lines.append(line)
            placed.rows[line_no] = index
        if rows.batch.bad.isdisjoint(indexes):
            made.placed.append(placed)
    return made


def _line_numbers(columns: dict[str, list[Any]], indexes: list[int]) -> list[int]:
    """Line numbers as given, blank ones the next after those above."""
    numbers: list[int] = []
    given = [columns["line"][index] for index in indexes] if "line" in columns else [None] * len(indexes)
    highest = 0
    taken = {number for number in given if number is not None}
    for number in given:
        if number is None:
            number = highest + 1
            while number in taken:
                number += 1
        highest = max(highest, number)
        numbers.append(number)
    return numbers


def _head_of_order(rows: Rows, draft: DocDraft, first: int, demand: _Demand) -> None:
    columns = rows.columns
    if "kind" in columns:
        draft.kind = columns["kind"][first] or "normal"
    if "workshop" in columns:
        draft.workshop = columns["workshop"][first] or ""
    draft.source_id = demand.order_id(first)


def _order_line(rows: Rows, index: int, item: int, line_no: int, defaults: Defaults) -> LineDraft:
    columns = rows.columns
    price: Decimal | None = None
    if "price" in columns:
        price = columns["price"][index]
        if price is None and rows.kind.code == "sales_order":
            price = defaults.price
        elif price is None and rows.kind.code == "purchase_order":
            price = defaults.unit_cost
    due = columns["due_date"][index]
    if due is None and rows.kind.needs_due_date:
        due = columns["date"][index]
    return LineDraft(
        item, columns["quantity"][index], line_no, price=price, due_date=due,
        start_date=columns["start_date"][index] if "start_date" in columns else None,
        bom_version=(columns["bom_version"][index] or "") if "bom_version" in columns else "",
    )  # fmt: skip


class _Demand:
    """The sales-order lines that production orders are made for: the one of the same item, else the only one."""

    def __init__(self, rows: Rows) -> None:
        self._rows = rows
        self._numbers: list[Any] = rows.columns.get("sales_order", [])
        self._orders = SourceOrders(rows.tx.conn, ("sales_order",), {str(n) for n in self._numbers if n})

    def order_id(self, index: int) -> int | None:
        """Id of the sales order named in a row; an unknown one is a problem of the cell."""
        number = self._numbers[index] if self._numbers else None
        if not number:
            return None
        found = self._orders.find(str(number))
        if not found:
            if not self._rows.known.refused("sales_orders", number):
                sheet = find_sheet("sales_orders")
                args = {"order": number, "kind": sheet.title if sheet is not None else ""}
                problem = self._rows.batch.problem("exchange.order_unknown", index, "sales_order", **args)
                self._rows.problems.append(problem)
            self._rows.batch.bad.add(index)
            return None
        return found[0].id

    def line_of(self, index: int, item_id: int, quantity: Decimal) -> int | None:
        """The line that a quantity of an item is made for."""
        number = self._numbers[index] if self._numbers else None
        found = self._orders.find(str(number)) if number else []
        if not found:
            return None
        lines = self._orders.candidates(found[0], ("main",), item_id, None)
        if lines:
            return self._orders.split(lines, quantity)[0][0].id
        return found[0].lines[0].id if len(found[0].lines) == 1 else None
