"""Blocks of 200 lines by 12 columns as Excel, WPS and LibreOffice put them on the clipboard, pasted into a line editor (U2)."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget

from ui.framework.desk import Desk
from ui.framework.grid.clipboard import carrier
from ui.framework.grid.columns import Column
from ui.framework.grid.grid import LineGrid
from ui.framework.lookup import LookupRow, LookupSource

Show = Callable[[QWidget], None]
LINES = 200
FIRST = date(2026, 3, 5)
COLUMNS = (
    Column("item", "物料", kind="lookup", lookup="item", editable=True, fills={"filled": "name"}),
    Column("barcode", "条码", kind="code", editable=True),
    Column("name", "名称", editable=True),
    Column("spec", "规格", editable=True),
    Column("quantity", "数量", kind="number", editable=True, total=True),
    Column("price", "单价", kind="price", editable=True),
    Column("amount", "金额", kind="money", editable=True, total=True),
    Column("rate", "损耗", kind="number", editable=True),
    Column("due", "交期", kind="date", editable=True),
    Column("kind", "类型", kind="choice", choices={"normal": "普通", "rework": "返修"}, editable=True),
    Column("urgent", "急", kind="flag", editable=True),
    Column("note", "备注", editable=True),
)


@dataclass(frozen=True)
class Program:
    """How a spreadsheet writes a block: end of line, a date, a price, a number of thousands."""

    name: str
    end: str
    day: Callable[[date], str]
    price: str
    thousands: str

    def cell(self, text: str) -> str:
        """Quoted where it must be."""
        return '"' + text.replace('"', '""') + '"' if any(mark in text for mark in '\t\n"') else text

    def block(self) -> str:
        """The text on the clipboard, closed by an end of line."""
        rows = []
        for n in range(LINES):
            note = '第一行\n"加急"' if n % 50 == 0 else "" if n % 3 else f"备注{n}"
            amount = f"{n},{n % 1000:03}.50" if n else "0.50"
            rows.append(
                "\t".join(
                    self.cell(text)
                    for text in (
                        f"I{n % 40:03}", f"00{n:05}", f"螺丝{n}", f"M{n % 9}×10", self.thousands.format(n), self.price,
                        amount, "2.5%", self.day(FIRST + timedelta(n % 20)), "返修" if n % 2 else "普通",
                        "是" if n % 4 == 0 else "", note,
                    )
                )
            )  # fmt: skip
        return self.end.join(rows) + self.end


PROGRAMS = (
    Program("Excel", "\r\n", lambda day: f"{day.year}/{day.month}/{day.day}", "￥0.35", "1,{:03}"),
    Program("WPS", "\r\n", lambda day: f"{day.year}年{day.month}月{day.day}日", " ¥0.35 ", "１，{:03}"),
    Program("LibreOffice", "\n", date.isoformat, "0.35", "1{:03}"),
)


def expected(n: int) -> dict[str, Any]:
    """What line n must become."""
    return {
        "item": f"I{n % 40:03}",
        "barcode": f"00{n:05}",
        "name": f"螺丝{n}",
        "spec": f"M{n % 9}×10",
        "quantity": Decimal(1000 + n),
        "price": Decimal("0.35"),
        "amount": Decimal(f"{n}{n % 1000:03}.50") if n else Decimal("0.50"),
        "rate": Decimal("0.025"),
        "due": FIRST + timedelta(n % 20),
        "kind": "rework" if n % 2 else "normal",
        "urgent": True if n % 4 == 0 else None,
        "note": '第一行\n"加急"' if n % 50 == 0 else None if n % 3 else f"备注{n}",
        "filled": f"名称I{n % 40:03}",
    }


@pytest.mark.parametrize("program", PROGRAMS, ids=[program.name for program in PROGRAMS])
def test_two_hundred_lines_of_twelve_columns_are_read_right(
    desk: Desk, show: Show, settled: Callable[[], None], program: Program
) -> None:
    asked: list[str] = []

    def search(text: str, limit: int) -> Sequence[LookupRow]:
        asked.append(text)
        return [LookupRow(text, f"名称{text}")][:limit]

    desk.lookups.register("item", LookupSource("物料", search))
    grid = LineGrid(desk, "paste/lines", COLUMNS)
    grid.resize(1200, 500)
    grid.set_rows([])
    show(grid)
    grid.view.setFocus()
    data = carrier()
    data.setText(program.block())
    data.setHtml("<table><tr><td>the same as HTML</td></tr></table>")
    QGuiApplication.clipboard().setMimeData(data)
    started = time.perf_counter()
    QTest.keyClick(grid.view, Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)
    settled()
    print(f"{program.name}: {(time.perf_counter() - started) * 1000:.0f} ms (goal 500 ms)")
    lines = grid.rows()
    assert len(lines) == LINES
    assert [{key: line.get(key) for key in expected(0)} for line in lines] == [expected(n) for n in range(LINES)]
    assert grid.model.faults() == []
    assert sorted(asked) == [f"I{n:03}" for n in range(40)]
    QTest.keyClick(grid.view, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    while grid.model.undo.canUndo():
        grid.model.undo.undo()
    assert grid.rows() == []
