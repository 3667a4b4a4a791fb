"""Every column that a clerk can change shows in the history: its title as the window has it, and what it was and is."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import pytest

from models.kernel.numbers import plain
from services.documents import api
from services.engineering import saving as bills
from tests.support.acting import post
from tests.support.factory import DAY, USER, example, type_codes
from tests.support.shops import Shop
from tests.ui.conftest import TODAY
from ui.documents.defaults import default_spec
from ui.documents.drafting import draft_of, head_of, row_of
from ui.documents.history import changes
from ui.framework.grid.columns import Column

BLANK = "空"
MADE = {"production_order": "LAMP2", "subcontract_order": "SHADE2"}
"""what an order is changed to make"""
NAMES = {"W2": "W2 车间仓", "BULB": "BULB 灯珠", "LAMP2": "LAMP2 LAMP2", "SHADE2": "SHADE2 SHADE2"}
TITLES = {"partner_code": "往来单位"}


@dataclass
class Change:
    """One cell that is changed, and how the history is to tell it."""

    column: Column
    values: dict[str, Any]
    before: str
    after: str

    def told(self, lead: str) -> str:
        return f"{lead}{TITLES.get(self.column.key, self.column.title)} {self.before} → {self.after}"


def _furnished(shop: Shop) -> None:
    """A second version of each bill, and more items to make."""
    with shop.db.write(USER) as tx:
        for code, kind in (("LAMP2", "manufactured"), ("SHADE2", "subcontracted")):
            shop.factory.add_item(tx, code, kind=kind)
        for code in ("LAMP", "SHADE", "LAMP2", "SHADE2"):
            part = shop.factory.component("SCREW" if code == "LAMP" else "STEEL", "2")
            version = bills.VersionDraft(shop.factory.items[code], "V2.0", [part])
            bills.set_status(tx, bills.save(tx, [version]).ids, approve=True)


def _text(column: Column, value: Any) -> str:
    if value in (None, ""):
        return BLANK
    if isinstance(value, Decimal):
        return plain(value)
    return column.choices.get(value, str(value)) if column.choices else str(value)


def _simple(column: Column, row: dict[str, Any]) -> Change:
    """A number, date, choice or text changed to another."""
    old = row.get(column.key)
    if column.numeric:
        new: Any = (old or Decimal(0)) + 1
    elif column.kind == "date":
        new = (old or DAY) + dt.timedelta(days=-1 if column.key == "start_date" else 1)
    elif column.choices:
        new = next(value for value in column.choices if value not in (old, "return"))
    else:
        new = "V1.0" if column.key == "bom_version" else "改后 1.50"
    return Change(column, {column.key: new}, _text(column, old), _text(column, new))


def _looked_up(shop: Shop, column: Column, row: dict[str, Any], kind: str) -> Change:
    """Another item or warehouse."""
    if column.key == "warehouse_code":
        old = f"{row['warehouse_code']} {row['warehouse_name']}".strip() or BLANK
        return Change(column, {"warehouse_id": shop.factory.stores["W2"]}, old, NAMES["W2"])
    code = MADE.get(kind, "BULB") if "numerator" not in row or row["numerator"] is None else "BULB"
    if row["item_code"] == code:
        code = "LAMP2"
    return Change(column, {"item_id": shop.factory.items[code]}, f"{row['item_code']} {row['item_name']}", NAMES[code])


def _cells(shop: Shop, kind: str, columns: tuple[Column, ...], row: dict[str, Any]) -> Iterator[Change]:
    for column in columns:
        if not column.editable or (column.key == "item_code" and row["source_line_id"]):
            continue
        yield _looked_up(shop, column, row, kind) if column.kind == "lookup" else _simple(column, row)


def _of_head(shop: Shop, columns: tuple[Column, ...], head: dict[str, Any], *, free: bool) -> Iterator[Change]:
    """free: no line has a source, which fixes the partner."""
    for column in columns:
        if column.key != "partner_code":
            yield _simple(column, head)
        elif free:
            code = {"C1": "C2", "S1": "S2", "S2": "S1"}.get(head["partner_code"] or "S1", "C2")
            name = {"C2": "远方", "S1": "五金厂", "S2": "冲压厂"}[code]
            old = f"{head['partner_code']} {head['partner_name']}".strip() or BLANK
            yield Change(column, {"partner_id": shop.factory.partners[code]}, old, f"{code} {name}")


def _last(shop: Shop, doc_id: int) -> list[str]:
    event = api.get_document(shop.db, doc_id).history[0]
    return changes(event.before, event.after)


@pytest.mark.parametrize("kind", type_codes())
def test_every_editable_column_is_told_with_before_and_after(sqlite_shop: Shop, kind: str) -> None:
    shop = sqlite_shop
    _furnished(shop)
    spec = default_spec(kind, today=lambda: TODAY)
    with shop.db.write(USER) as tx:
        draft = example(tx, shop.factory, kind, 2)
    ref, _ = api.save_document(shop.db, USER, draft)
    view = api.get_document(shop.db, ref.id)
    head, lines = head_of(view), [row_of(line) for line in view.lines]
    materials = [row_of(line) for line in view.materials]

    def stored(*, typed: bool, more: dict[str, Any], line: dict[str, Any], part: dict[str, Any]) -> list[str]:
        """What the history tells of the document saved as it was but for these cells; afterwards it is as it was again."""
        changed = draft_of(
            kind,
            {**head, **more},
            [{**lines[0], **line}, *lines[1:]],
            materials=[{**materials[0], **part}, *materials[1:]] if materials and typed else None,
        )
        for wanted in (changed, draft_of(kind, head, lines, materials=materials or None)):
            api.save_document(shop.db, USER, wanted, doc_id=ref.id, version=api.get_document(shop.db, ref.id).version)
        event = api.get_document(shop.db, ref.id).history[1]
        return changes(event.before, event.after)

    free = not any(row["source_line_id"] for row in lines)
    missing = [
        change.told("")
        for change in _of_head(shop, spec.header, head, free=free)
        if change.told("") not in stored(typed=True, more=change.values, line={}, part={})
    ]
    for change in _cells(shop, kind, spec.lines, lines[0]):
        told = stored(typed=False, more={}, line=change.values, part={})
        if not any(text.startswith("第1行 ") and change.told("") in text for text in told):
            missing.append(f"第1行 {change.told('')}: {told}")
    for change in _cells(shop, kind, spec.materials, materials[0]) if materials else ():
        told = stored(typed=True, more={}, line={}, part=change.values)
        if not any(text.startswith("材料 第1行 ") and change.told("") in text for text in told):
            missing.append(f"材料 第1行 {change.told('')}: {told}")
    assert missing == []


def test_a_line_that_comes_or_goes_says_what_it_was_of(sqlite_shop: Shop) -> None:
    with sqlite_shop.db.write(USER) as tx:
        draft = example(tx, sqlite_shop.factory, "sales_order", 2)
    ref, _ = api.save_document(sqlite_shop.db, USER, draft)
    draft.lines = draft.lines[:1]
    api.save_document(sqlite_shop.db, USER, draft, doc_id=ref.id, version=1)
    assert _last(sqlite_shop, ref.id) == ["删去第2行 LAMP 台灯 × 5"]


def test_a_changed_source_is_told_by_number(sqlite_shop: Shop) -> None:
    """A receipt moved from one order to another of the same supplier."""
    shop = sqlite_shop
    first, second = (post(shop, shop.factory.purchase("50")) for _ in range(2))
    with shop.db.write(USER) as tx:
        drafts = [shop.factory.taking(tx, "purchase_receipt", order, "5") for order in (first, second)]
    ref, _ = api.save_document(shop.db, USER, drafts[0])
    drafts[1].source_id = drafts[0].source_id
    api.save_document(shop.db, USER, drafts[1], doc_id=ref.id, version=1)
    assert _last(shop, ref.id) == [f"第1行 源单 {first.number} / 1 → {second.number} / 1"]


def test_the_history_of_an_older_book_is_still_told(sqlite_shop: Shop) -> None:
    """Before, a line was kept by five places alone."""
    shop = sqlite_shop
    with shop.db.write(USER) as tx:
        draft = example(tx, shop.factory, "sales_order", 1)
    ref, _ = api.save_document(shop.db, USER, draft)
    state: dict[str, Any] = {
        "date": "2026-03-05",
        "kind": "normal",
        "partner": None,
        "workshop": "",
        "note": "",
        "materials": [],
    }
    line = [1, shop.factory.items["LAMP"], "5.000000", "80.00000000", "2026-03-25"]
    with shop.db.write(USER) as tx:
        before = {**state, "lines": [line]}
        after = {**state, "lines": [[*line[:2], "6", *line[3:]]]}
        tx.record(ref.type, ref.id, ref.number, "change", before=before, after=after)
    assert _last(shop, ref.id) == ["第1行 数量 5 → 6"]
