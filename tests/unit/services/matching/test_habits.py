"""What stands in real sheets and chats around the lines of an order: sums, merged cells, phones, quantities that cannot be read."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from services.masterdata import api as masterdata
from services.matching import api
from services.matching.engine.dates import read_day
from services.matching.engine.lines import split_line
from services.platform.books import create
from services.platform.db import Database
from ui.framework.grid.clipboard import from_tsv

TODAY = date(2026, 3, 10)
ITEMS = (
    ("FG101", "护眼台灯", "9W 白 触摸", "PCS"),
    ("FG102", "护眼台灯", "9W 黑 触摸", "PCS"),
    ("FG201", "圆形吸顶灯", "18W 4000K", "PCS"),
    ("RM404", "导热硅脂", "", "KG"),
)


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Database]:
    """Four items; nothing is written to the book."""
    db = create(Path(tmp_path_factory.mktemp("habits")) / "book.db")
    masterdata.save_records(
        db, "tester", "units", [{"code": "PCS", "name": "台"}, {"code": "KG", "name": "千克", "decimals": 3}]
    )
    rows = [{"code": code, "name": name, "spec": spec, "unit": unit} for code, name, spec, unit in ITEMS]
    masterdata.save_records(db, "tester", "items", rows)
    yield db
    db.close()


def pasted(db: Database, text: str) -> list[api.MatchRow]:
    return list(api.paste(db, from_tsv(text), partner_id=None, today=TODAY).rows)


def lines(db: Database, text: str) -> list[tuple[str, str, Decimal | None]]:
    """Level, item and quantity of what looks like a line."""
    return [(row.level, row.candidates[0].code, row.quantity) for row in pasted(db, text) if row.wanted]


def test_rows_below_a_merged_item_are_its_lines_and_are_confirmed(shop: Database) -> None:
    text = "物料编码\t数量\t交期\nFG101\t100\t2026-03-20\n\t50\t2026-04-20\n\t30\t2026-05-20\nFG102\t10\t2026-03-20"
    assert lines(shop, text) == [
        ("sure", "FG101", 100), ("doubtful", "FG101", 50), ("doubtful", "FG101", 30), ("sure", "FG102", 10),
    ]  # fmt: skip
    assert [problem.code for problem in pasted(shop, text)[1].problems] == ["matching.merged"]


@pytest.mark.parametrize(
    "last", ["合计\t\t30", "\t\t30", "小计：\t\t30", "本页合计\t\t30", "Total\t\t30", "合 计\t\t30"]
)
def test_a_row_of_sums_is_no_line(shop: Database, last: str) -> None:
    assert len(lines(shop, f"名称\t规格\t数量\n护眼台灯\t9W 白 触摸\t10\n护眼台灯\t9W 黑 触摸\t20\n{last}")) == 2


def test_a_quantity_that_cannot_be_read_is_asked_about_and_never_passed_over(shop: Database) -> None:
    rows = pasted(shop, "物料\t数量\nFG101\t约20\n护眼灯\t5~6\nFG102\t-5\nFG102\t0\n")
    assert [(row.level, row.wanted) for row in rows] == [
        ("doubtful", True), ("doubtful", True), ("doubtful", True), ("sure", False),
    ]  # fmt: skip


def test_what_is_wrong_follows_the_item_that_is_chosen(shop: Database) -> None:
    (row,) = pasted(shop, "物料编码\t数量\t单位\nFG101\t5\tkg")
    silicone = pasted(shop, "RM404\t1")[0].candidates[0]
    assert [problem.code for problem in api.problems_of(row, row.candidates[0])] == ["matching.unit"]
    assert api.problems_of(row, silicone) == ()
    (plain,) = pasted(shop, "物料编码\t数量\t单位\nFG101\t5\t台")
    assert [problem.code for problem in api.problems_of(plain, silicone)] == ["matching.unit"]


def test_a_figure_under_another_title_is_no_price(shop: Database) -> None:
    (row,) = pasted(shop, "物料编码\t箱数\t数量\nFG101\t5\t100")
    assert (row.quantity, row.price) == (100, None)


def test_codes_that_lost_their_digits_are_told(shop: Database) -> None:
    (row,) = pasted(shop, "条码\t数量\n6.92227E+12\t5")
    assert [problem.code for problem in row.problems] == ["exchange.digits_lost"]


def test_initials_alone_in_a_column_find_their_items(shop: Database) -> None:
    assert {found.code for found in pasted(shop, "hytd\t100\nyxxdd\t5")[0].candidates} == {"FG101", "FG102"}


def test_days_without_a_format_are_read(shop: Database) -> None:
    rows = pasted(shop, "物料编码\t数量\t交期\nFG101\t1\t46101\nFG102\t1\t5-Apr\nFG201\t1\t20-Mar-26")
    assert [row.due_date for row in rows] == [date(2026, 3, 20), date(2026, 4, 5), date(2026, 3, 20)]


@pytest.mark.parametrize(
    ("line", "text", "quantity"),
    [
        ("FG101,100", "FG101", "100"),
        ("FG101，1,000个", "FG101", "1,000"),
        ("螺丝,100", "螺丝", "100"),
        ("FG102：５０", "FG102", "50"),
        ("护眼台灯白色两百台", "护眼台灯白色", "200"),
        ("三防漆 十二桶", "三防漆 十二桶", ""),
        ("电话13800138000", "电话", ""),
        ("FG105 10台 单价 30", "FG105", "10"),
        ("七件套 5套", "七件套", "5"),
    ],
)
def test_lines_of_a_chat_are_taken_apart(line: str, text: str, quantity: str) -> None:
    made = split_line(line, today=TODAY)
    assert (made.text, made.quantity) == (text, quantity)


def test_a_price_apart_from_its_word_is_the_price() -> None:
    assert split_line("FG105 10台 单价 30", today=TODAY).price == "30"


def test_an_item_written_over_several_lines_is_one(shop: Database) -> None:
    rows = pasted(shop, "你好\nFG201 3台\n护眼台灯\n9W 白 触摸\n100台\n谢谢")
    assert [(row.key, row.quantity) for row in rows if row.wanted] == [("FG201", 3), ("护眼台灯 9W 白 触摸", 100)]


def test_a_figure_that_nothing_explains_makes_a_chat_line_doubtful(shop: Database) -> None:
    assert [row.level for row in pasted(shop, "FG101 10 4.5\nFG101 10台\nFG101")] == ["doubtful", "sure", "doubtful"]


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("周五前", date(2026, 3, 13)),
        ("周一", date(2026, 3, 16)),
        ("本周一", date(2026, 3, 9)),
        ("下周三", date(2026, 3, 18)),
        ("下下星期天", date(2026, 3, 29)),
        ("3月底", date(2026, 3, 31)),
        ("12月末前", date(2026, 12, 31)),
        ("5-Apr-26", date(2026, 4, 5)),
        ("周", None),
    ],
)
def test_days_of_a_chat(text: str, day: date | None) -> None:
    assert read_day(text, TODAY) == day
