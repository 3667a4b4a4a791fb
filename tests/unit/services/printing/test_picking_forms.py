"""Pick lists on paper (AT-13, AT-31), read back from the finished PDF."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal

import pytest

from services.platform.tongues import Tongue
from services.printing.paper import A4, A4_LANDSCAPE, A5, CONTINUOUS_HALF, CONTINUOUS_THIRD, PaperProfile
from services.printing.pdf import render
from services.printing.picking_forms import (
    SHARES,
    SIGN_MERGED,
    Material,
    MergedLine,
    PickedOrder,
    PickLine,
    PickSlip,
    letter,
    merged_form,
    pick_form,
)
from services.printing.preview import PdfPages


def page_texts(pdf: bytes) -> list[str]:
    pages = PdfPages(pdf)
    return [pages.text(number) for number in range(1, pages.count + 1)]


def packed(text: str) -> str:
    return "".join(text.split())


def test_at31_the_pick_list_of_both_orders_is_one_page_with_three_lines_and_five_places_to_sign(
    slip: PickSlip, lines: list[PickLine]
) -> None:
    printed = render([pick_form(slip, lines)], profile=A4)
    (text,) = page_texts(printed.pdf)
    assert printed.pages == 1
    assert printed.missing == ()
    for label in ("制单", "审核", "发料人(仓管)", "领料人", "车间主管"):
        assert f"{label}：" in text
    assert text.count("RM403") == 2
    assert text.count("RM401") == 1
    assert "合计 2 种 3 行" in text
    assert "※缺 130" in text
    assert "SCLL-20260310-00012" in text
    assert "第 1/1 页" in text


def test_at31_the_merged_list_sums_the_screws_to_630_on_two_lines(slip: PickSlip, merged: list[MergedLine]) -> None:
    form = merged_form(replace(slip, signatures=SIGN_MERGED), merged, width_mm=A4.usable_width_mm)
    (table,) = form.tables
    assert len(table.rows) == 2
    (text,) = page_texts(render([form], profile=A4).pdf)
    screws = next(line for line in text.splitlines() if "RM403" in line)
    assert screws.split() == ["A-01-2", "RM403", "螺丝M3", "3x10", "个", "630", "500", "420", "80", "※缺", "130（B）"]
    assert "合计 2 种" in text
    for label in ("制单", "拣货员", "复核员", "发料人", "领料人"):
        assert f"{label}：" in text


def test_at31_ten_rows_a_page_put_23_rows_on_three_pages_with_the_head_on_each(
    slip: PickSlip, many: Callable[[int], list[PickLine]]
) -> None:
    rows = [replace(line, note="") for line in many(23)]
    printed = render([pick_form(slip, rows)], profile=replace(A4, rows_per_page=10))
    texts = page_texts(printed.pdf)
    assert printed.pages == 3
    for number, text in enumerate(texts, start=1):
        assert f"第 {number}/3 页" in text
        assert "生产领料单" in packed(text)
        assert "物料名称" in packed(text)
        assert "领料部门：总装车间" in text
    assert [text.count("物料1") for text in texts] == [2, 9, 0]
    assert ["制单：" in text for text in texts] == [False, False, True]


@pytest.mark.parametrize(
    "profile", [A4, A4_LANDSCAPE, A5, CONTINUOUS_HALF, CONTINUOUS_THIRD], ids=lambda paper: paper.key
)
def test_every_value_of_every_line_can_be_read_on_every_paper(
    profile: PaperProfile, slip: PickSlip, many: Callable[[int], list[PickLine]]
) -> None:
    rows = many(30)
    text = packed("".join(page_texts(render([pick_form(slip, rows)], profile=profile).pdf)))
    for line in rows:
        for part in (line.material.code, line.material.name, str(line.quantity), *line.material.spec.split()):
            assert part in text, (profile.key, part)


def test_customers_material_has_a_page_and_signatures_of_its_own(slip: PickSlip, lines: list[PickLine]) -> None:
    own, *rest = lines
    printed = render([pick_form(slip, [replace(own, customer_supplied=True), *rest])], profile=A4)
    first, second = page_texts(printed.pdf)
    assert "客供料" not in first
    assert "合计 2 种 2 行" in first
    assert "客供料（不计成本）" in second
    assert "RM403" in second
    assert "合计 1 种 1 行" in second
    assert all("领料人：" in text for text in (first, second))


def test_a_single_order_shows_its_product_quantity_and_sets_in_the_head(slip: PickSlip, lines: list[PickLine]) -> None:
    order = replace(slip.orders[0], sets=Decimal(40), customer="明辉贸易", sales_order="XSDD-20260301-00003")
    (text,) = page_texts(render([pick_form(replace(slip, orders=(order,)), lines[:2])], profile=A4).pdf)
    assert "任务单号：SCRW-20260308-00005" in text
    assert "产品：FG100 LED台灯 5W" in text
    assert "生产数量：100 台" in text
    assert "本次套数：40 套" in text
    assert "明辉贸易 / XSDD-20260301-00003" in text


def test_a_substitute_names_what_it_stands_in_for(slip: PickSlip, lines: list[PickLine]) -> None:
    (text,) = page_texts(render([pick_form(slip, [replace(lines[0], substitute_for="RM402")])], profile=A4).pdf)
    assert "替 RM402" in text


@pytest.mark.parametrize(("language", "said"), [("zh", "替 RM402、RM403"), ("en", "for RM402, RM403")])
def test_a_merged_line_names_all_that_it_stands_in_for(
    slip: PickSlip, merged: list[MergedLine], language: str, said: str
) -> None:
    line = replace(merged[0], substitute_for=("RM402", "RM403"), short=Decimal(0), short_orders=())
    paper = replace(slip, tongue=Tongue(language))
    (text,) = page_texts(render([merged_form(paper, [line], width_mm=A4.usable_width_mm)], profile=A4).pdf)
    assert packed(said) in packed(text)


def many_orders(count: int) -> tuple[PickedOrder, ...]:
    lamp = Material("FG100", "台灯", "", "台")
    return tuple(PickedOrder(f"SCRW-20260308-{i:05d}", lamp, Decimal(9)) for i in range(1, count + 1))


def test_orders_beyond_the_columns_go_on_in_sections_and_no_share_is_lost(
    slip: PickSlip, merged: list[MergedLine]
) -> None:
    orders = many_orders(20)
    shares = {order.number: Decimal(100 + i) for i, order in enumerate(orders)}
    line = replace(merged[0], total=sum(shares.values(), Decimal(0)), shares=shares, short=Decimal(0), short_orders=())
    shown = dict.fromkeys(
        ("place", "item", "described", "unit", "total", "on_hand", "actual", "tick", SHARES, "note"), 0.0
    )
    form = merged_form(replace(slip, orders=orders), [line], width_mm=A4.usable_width_mm, shown=shown)
    assert [table.title for table in form.tables] == [
        "E—T 的分单接在本表后面，见“分单明细”",
        "分单明细 E—K",
        "分单明细 L—R",
        "分单明细 S—T",
    ]
    text = "".join(page_texts(render([form], profile=A4).pdf))
    assert "E—T 的分单接在本表后面" in text
    for number, quantity in shares.items():
        assert str(quantity) in text
        assert number in text


def test_sections_of_the_customers_material_say_so(slip: PickSlip, merged: list[MergedLine]) -> None:
    orders = many_orders(6)
    shares = {order.number: Decimal(5) for order in orders}
    lines = [merged[0], replace(merged[1], customer_supplied=True, shares=shares)]
    form = merged_form(replace(slip, orders=orders), lines, width_mm=A5.usable_width_mm)
    assert [table.title for table in form.tables][-1] == "客供料（不计成本）　分单明细 C—F"
    assert all("客供料" not in table.title for table in form.tables[:-2])


def test_the_fewer_columns_are_printed_the_more_orders_stand_beside_the_sums(
    slip: PickSlip, merged: list[MergedLine]
) -> None:
    orders = many_orders(12)
    slim = {"item": 0.0, "total": 0.0, SHARES: 0.0}

    def beside(**shown: float) -> int:
        form = merged_form(replace(slip, orders=orders), merged, width_mm=A5.usable_width_mm, shown=slim | shown)
        return sum(column.key == SHARES for column in form.tables[0].columns)

    assert (beside(), beside(described=0), beside(described=50), beside(shares=20)) == (7, 5, 3, 4)
    assert beside(described=120) == 2
    whole = merged_form(replace(slip, orders=orders), merged, width_mm=A5.usable_width_mm, shown={"item": 0.0})
    assert [table.title for table in whole.tables] == [""]


def test_lots_stand_in_the_remark_where_they_have_no_column(slip: PickSlip, merged: list[MergedLine]) -> None:
    line = replace(merged[1], lot="L0301")
    own, beside = (
        merged_form(slip, [line], width_mm=A4.usable_width_mm, shown=dict.fromkeys((*keys, "note"), 0.0))
        .tables[0]
        .rows[0]
        for keys in (("item", "lot"), ("item",))
    )
    assert own == ("RM401", "L0301", "")
    assert beside == ("RM401", "L0301")


def test_a_section_leaves_out_materials_that_do_not_concern_its_orders(
    slip: PickSlip, merged: list[MergedLine]
) -> None:
    orders = many_orders(6)
    first = replace(merged[0], shares={orders[0].number: Decimal(5)}, short=Decimal(0), short_orders=())
    last = replace(merged[1], shares={orders[-1].number: Decimal(7)})
    form = merged_form(replace(slip, orders=orders), [first, last], width_mm=A4.usable_width_mm)
    assert [[row[1] for row in table.rows] for table in form.tables] == [["RM403", "RM401"], ["RM401"]]


def test_an_order_that_gets_nothing_of_a_short_material_shows_nought(slip: PickSlip, merged: list[MergedLine]) -> None:
    short = replace(merged[0], shares={slip.orders[0].number: Decimal(420)}, short=Decimal(210))
    (table,) = merged_form(slip, [short], width_mm=A4.usable_width_mm).tables
    assert table.rows[0][-3:] == ("420", "0", "※缺 210（B）")


def test_orders_are_lettered_like_the_columns_of_a_sheet() -> None:
    assert [letter(i) for i in (0, 1, 25, 26, 27, 51, 52)] == ["A", "B", "Z", "AA", "AB", "AZ", "BA"]


def test_500_lines_are_all_on_paper_and_their_time_is_told(
    slip: PickSlip, many: Callable[[int], list[PickLine]]
) -> None:
    form = pick_form(slip, many(500))
    render([form], profile=CONTINUOUS_HALF)
    started = time.process_time()
    printed = render([form], profile=A4)
    print(f"500 lines: {time.process_time() - started:.2f} s")
    assert "".join(page_texts(printed.pdf)).count("RM1") == 500
