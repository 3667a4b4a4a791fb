"""What has to give way where paper is small: texts and codes before figures, the name of the company before the bar code."""

from __future__ import annotations

from dataclasses import replace

import pytest

from services.printing.columns import CELL_PAD, column_widths, fitting_size
from services.printing.forms import Column, Field, Form, Table
from services.printing.furniture import fields, head
from services.printing.lettering import width, wrapped
from services.printing.marks import Bars, Box, Text
from services.printing.paper import A5

FORM = Form("示范灯具五金有限公司", "领料单", "SCLL-20260310-00012")


def test_a_long_company_a_mark_and_the_bar_code_stand_beside_each_other_on_small_paper() -> None:
    form = replace(FORM, company="佛山市南海区示范灯具五金制品有限公司", mark="未审核")
    marks = head(form, A5).marks
    stamp = next(mark for mark in marks if isinstance(mark, Box))
    bars = next(mark for mark in marks if isinstance(mark, Bars))
    company = next(mark for mark in marks if isinstance(mark, Text) and mark.text == form.company)
    half = width(company.text, company.size) / 2
    assert stamp.x + stamp.width < company.x - half
    assert company.x + half < bars.x


def test_figures_stay_whole_where_codes_and_texts_have_to_give_way() -> None:
    columns = (
        Column("序", weight=0, whole=True, align="center"),
        Column("物料编码", whole=True),
        *(Column(title) for title in ("名称", "规格型号", "仓库/仓位", "备注")),
        *(Column(title, whole=True, align="right") for title in ("数量", "单价", "金额")),
    )
    row = (
        "10",
        "100200300400500003",
        *("全自动智能声光双控吸顶灯",) * 4,
        "1,234,567.125",
        "12.345678",
        "15,241,579.63",
    )
    table = Table(columns, (row,))
    size = fitting_size([table], 300, 9)
    widths = column_widths(table, 300, size)
    assert sum(widths) == pytest.approx(300)
    for cell, column, wide in zip(row, columns, widths, strict=True):
        if column.align != "left":
            assert len(wrapped(cell, wide - 2 * CELL_PAD + 0.01, size)) == 1, column.title
    assert len(wrapped(row[1], widths[1] - 2 * CELL_PAD, size)) > 1


def test_a_column_that_lacks_little_does_not_wrap_beside_one_that_lacks_much() -> None:
    table = Table((Column("仓位"), Column("备注")), (("原料仓 A-17-2", "客户要求外箱贴绿色标签" * 9),))
    place, _note = column_widths(table, 140, 9)
    assert len(wrapped("原料仓 A-17-2", place - 2 * CELL_PAD + 0.01, 9)) == 1


def test_fields_of_a_row_share_it_by_content_before_one_of_them_wraps() -> None:
    row = tuple(Field(label, value) for label, value in (("日期", "2026-03-10"), ("车间", ""), ("路线", "按仓库→库位")))
    marks = fields(replace(FORM, fields=(row,)), replace(A5, right_mm=66)).marks
    assert [mark.text for mark in marks if isinstance(mark, Text)] == [entry.text for entry in row]
