"""Pasted blocks become the right lines; doubtful rows have ranked candidates; choices are remembered by sender."""

from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from models.kernel.problems import Refused
from services.masterdata import api as masterdata
from services.matching import api
from services.matching.engine.index import AliasIndex, ItemIndex
from services.matching.engine.ranking import Clues, rank
from services.platform.books import create
from services.platform.db import Database
from tests.unit.services.matching.catalogue import entries
from tests.unit.services.matching.clipboards import CLIPBOARDS, Clipboard
from ui.framework.grid.clipboard import from_tsv

TODAY = date(2026, 3, 10)


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Database]:
    """A handful of items, two customers, the first one's part numbers."""
    db = create(tmp_path / "账套.db")
    rows: dict[str, list[dict[str, object]]] = {
        "units": [{"code": "PCS", "name": "个"}, {"code": "KG", "name": "千克", "decimals": 3}],
        "customers": [{"code": "C001", "name": "光耀"}, {"code": "C002", "name": "明居"}],
        "items": [
            {"code": "FG100", "name": "LED台灯", "spec": "5W 黑色", "unit": "PCS", "barcode": "6922266445057"},
            {"code": "FG101", "name": "LED台灯", "spec": "5W 白色", "unit": "PCS"},
            {"code": "FG102", "name": "LED台灯", "spec": "9W 黑色", "unit": "PCS"},
            {"code": "RM403", "name": "螺丝", "spec": "M3×10", "unit": "PCS", "barcode": "6922266445064"},
            {"code": "RM405", "name": "螺丝", "spec": "M4×12", "unit": "PCS"},
            {"code": "RM404", "name": "导热硅脂", "unit": "KG", "barcode": "6922266445071"},
        ],
        "aliases": [
            {"alias": "KH-7788", "partner": "C001", "item": "FG100"},
            {"alias": "KH-7789", "partner": "C001", "item": "RM403"},
            {"alias": "KH-7790", "partner": "C001", "item": "RM404"},
        ],
    }
    for kind, records in rows.items():
        masterdata.save_records(db, "tester", kind, records)
    yield db
    db.close()


def partner(db: Database, code: str) -> int:
    """The id of a customer."""
    return masterdata.search(db, "customers", code)[0].id


def item(db: Database, code: str) -> int:
    """The id of an item."""
    return masterdata.search(db, "items", code)[0].id


def pasted(db: Database, text: str, customer: str = "C001") -> api.Matched:
    """A text pasted into an order of a customer."""
    return api.paste(db, from_tsv(text), partner_id=partner(db, customer), today=TODAY)


@pytest.mark.parametrize("clipboard", CLIPBOARDS, ids=lambda clipboard: clipboard.name)
def test_every_clipboard_becomes_its_lines(shop: Database, clipboard: Clipboard) -> None:
    found = [row for row in pasted(shop, clipboard.text).rows if row.wanted]
    made = tuple((row.candidates[0].code, row.quantity, row.price, row.due_date) for row in found)
    assert made == clipboard.expected
    assert not [problem for row in found for problem in row.problems]


def test_the_sentence_of_the_task_finds_the_lamp(shop: Database) -> None:
    (row,) = pasted(shop, "台灯 5W 黑 20台 3/25前").rows
    assert (row.candidates[0].code, row.quantity, row.due_date) == ("FG100", 20, date(2026, 3, 25))
    assert row.level == "doubtful"
    assert row.candidates[0].reason == "similar"


def test_a_name_of_several_items_is_doubtful_and_lists_them_all(shop: Database) -> None:
    (row,) = pasted(shop, "品名\t数量\nLED台灯\t5").rows
    assert row.level == "doubtful"
    assert {candidate.code for candidate in row.candidates[:3]} == {"FG100", "FG101", "FG102"}


def test_a_code_that_contradicts_the_name_is_doubtful(shop: Database) -> None:
    (row,) = pasted(shop, "料号\t品名\t数量\nRM403\t导热硅脂\t5").rows
    assert row.level == "doubtful"
    assert {candidate.code for candidate in row.candidates[:2]} == {"RM403", "RM404"}
    assert "contradicted" in {candidate.reason for candidate in row.candidates}


def test_another_unit_than_the_items_is_a_doubt_with_its_sentence(shop: Database) -> None:
    (row,) = pasted(shop, "料号\t数量\t单位\nRM403\t5\t箱").rows
    assert row.level == "doubtful"
    assert [problem.code for problem in row.problems] == ["matching.unit"]


def test_cells_that_are_no_numbers_or_days_are_told_with_their_place(shop: Database) -> None:
    (row,) = pasted(shop, "料号\t数量\t单价\t交期\nRM403\t若干\t面议\t尽快").rows
    assert [(p.code, p.place.field) for p in row.problems] == [
        ("exchange.no_number", "quantity"),
        ("exchange.no_number", "price"),
        ("exchange.no_date", "due_date"),
    ]
    assert row.quantity is None


def test_greetings_are_no_lines(shop: Database) -> None:
    assert [row.wanted for row in pasted(shop, "老板好\nRM403 5个\n谢谢！").rows] == [False, True, False]


def test_a_choice_is_remembered_for_its_sender_only(shop: Database) -> None:
    first = pasted(shop, "小黑灯 20台").rows[0]
    assert first.level != "sure"
    kept, changes = api.confirm(shop, "tester", partner(shop, "C001"), [api.Choice(first.key, item(shop, "FG100"))])
    assert (kept, changes.topics) == (1, {"aliases"})
    again = pasted(shop, "小黑灯 3台").rows[0]
    assert (again.level, again.candidates[0].code, again.candidates[0].reason) == ("sure", "FG100", "remembered")
    other = pasted(shop, "小黑灯 3台", "C002").rows[0]
    assert (other.level, other.candidates[0].reason) == ("doubtful", "alias_elsewhere")


def test_choosing_otherwise_replaces_what_was_remembered(shop: Database) -> None:
    customer = partner(shop, "C001")
    for code in ("FG100", "FG101", "FG101"):
        api.confirm(shop, "tester", customer, [api.Choice("小灯", item(shop, code))])
    row = pasted(shop, "小灯 3台").rows[0]
    assert row.candidates[0].code == "FG101"
    (record,) = masterdata.list_records(shop, "aliases", text="小灯").rows
    assert (record.values["item"], record.values["uses"]) == ("FG101", 3)


def test_an_alias_without_partner_is_everybodys(shop: Database) -> None:
    masterdata.save_records(shop, "tester", "aliases", [{"alias": "小螺丝", "partner": None, "item": "RM403"}])
    row = pasted(shop, "小螺丝 3个", "C002").rows[0]
    assert (row.level, row.candidates[0].reason) == ("sure", "alias")


def test_a_new_item_is_found_at_the_next_paste(shop: Database) -> None:
    assert pasted(shop, "X900 3个").rows[0].level != "sure"
    masterdata.save_records(shop, "tester", "items", [{"code": "X900", "name": "灯罩", "unit": "PCS"}])
    assert pasted(shop, "X900 3个").rows[0].candidates[0].code == "X900"


def test_columns_named_otherwise_are_matched_again(shop: Database) -> None:
    found = pasted(shop, "a\tb\nRM403\t7\nRM405\t8")
    assert found.block.columns == ("code", "quantity")
    renamed = found.block.with_columns(("name", ""))
    again = api.match_block(shop, renamed, partner_id=None, today=TODAY)
    assert [row.quantity for row in again.rows if row.key] == [None] * len(again.rows)


def test_an_item_takes_its_aliases_along_when_it_is_deleted(shop: Database) -> None:
    masterdata.delete_record(shop, "tester", "items", item(shop, "RM404"))
    assert masterdata.list_records(shop, "aliases").total == 2


def test_an_alias_of_no_item_is_refused(shop: Database) -> None:
    with pytest.raises(Refused) as refused:
        masterdata.save_records(shop, "tester", "aliases", [{"alias": "x", "partner": None, "item": "NONE"}])
    assert [problem.code for problem in refused.value.problems] == ["master.unknown_code"]


def test_of_200_queries_as_people_write_them_98_of_100_have_their_item_among_the_first_five() -> None:
    known = entries(3000)
    index, nothing = ItemIndex(known), AliasIndex(())
    missed = []
    queries = 0
    for number, entry in enumerate(known[7:3000:15]):
        queries += 1
        text = _as_written(number, entry.name, entry.spec, entry.code, entry.pinyin)
        found = [index.entries[hit.position].id for hit in rank(Clues(text=text), index, nothing, 0)[:5]]
        if entry.id not in found:
            missed.append((text, entry))
    assert queries == 200
    assert len(missed) <= 4, missed


def _as_written(number: int, name: str, spec: str, code: str, keys: str) -> str:
    ways = (
        f"{name}{spec}", f"{spec} {name}", f"{name} {spec.replace('×', '*').lower()}", f"{name} {spec.replace(' ', '')}",
        f"{name[:2]} {spec}", code.lower(), code[:2] + "-" + code[2:], f"{keys.split(maxsplit=1)[0]} {spec.replace('×', 'X')}",
        f"{name}（{spec}）", f"{spec}的{name}",
    )  # fmt: skip
    return ways[number % len(ways)]


def test_200_rows_are_ranked_among_50000_items_and_their_time_is_told() -> None:
    known = entries(50_000)
    index, nothing = ItemIndex(known), AliasIndex(())
    texts = [f"{entry.name} {entry.spec[:-1]}" for entry in known[::250]]
    assert len(texts) == 200
    rank(Clues(text=texts[0]), index, nothing, 0)
    started = time.process_time()
    best = [rank(Clues(text=text), index, nothing, 0) for text in texts]
    print(f"200 rows among 50,000 items: {time.process_time() - started:.2f} s")
    assert all(best)


def test_a_used_quantity_is_exact(shop: Database) -> None:
    (row,) = pasted(shop, "RM404\t0.125\n").rows
    assert row.quantity == Decimal("0.125")


def test_store_lot_and_amount_are_read_only_where_they_are_asked_for(shop: Database) -> None:
    masterdata.save_records(shop, "tester", "warehouses", [{"code": "W9", "name": "九号仓"}])
    text = "仓库\t料号\t批号\t数量\t金额\n九号仓\tRM403\tL1\t5\t1.20元\nw9\tRM403\t\t5\t免费\n八号仓\tRM403\t\t5\t"
    plain = pasted(shop, text)
    assert plain.block.columns == ("name", "code", "spec", "quantity", "")
    assert [dict(row.extra) for row in plain.rows] == [{}, {}, {}]
    found = api.paste(shop, from_tsv(text), partner_id=None, today=TODAY, extra=("warehouse", "lot", "amount"))
    assert found.block.columns == ("warehouse", "code", "lot", "quantity", "amount")
    first, second, third = found.rows
    assert (first.extra["warehouse_code"], first.extra["lot"], first.extra["amount"]) == ("W9", "L1", Decimal("1.20"))
    assert second.extra["warehouse_code"] == "W9"
    assert [(p.code, p.place.field) for p in second.problems] == [("exchange.no_number", "amount")]
    assert [(p.code, p.place.field) for p in third.problems] == [("matching.warehouse", "warehouse")]


def test_without_titles_the_second_figure_is_the_worth_where_that_is_asked_for(shop: Database) -> None:
    text = "RM403\t100\t20.50\nRM404\t2\t60.00"
    assert pasted(shop, text).block.columns == ("code", "quantity", "price")
    found = api.paste(shop, from_tsv(text), partner_id=None, today=TODAY, extra=("warehouse", "lot", "amount"))
    assert found.block.columns == ("code", "quantity", "amount")
