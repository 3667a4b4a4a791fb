"""The tree model and what is around it: size, moves of branches, clipboard rows, dialogs."""

from __future__ import annotations

import datetime as dt
import time
from collections.abc import Callable
from decimal import Decimal
from string import ascii_uppercase

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QAbstractItemModelTester, QTest
from PySide6.QtWidgets import QPushButton
from pytestqt.qtbot import QtBot

from services.engineering.api import BomHead, BomLine, BomTree, ItemRow
from tests.ui.engineering.conftest import outline
from ui.engineering import branches, dialogs
from ui.engineering.bom_page import BomPage
from ui.engineering.draft import DraftBook, DraftLine
from ui.engineering.fields import read, usage_text
from ui.engineering.outline import Outline
from ui.engineering.tree_model import BomModel

DAY = dt.date(2026, 3, 10)
Open = Callable[[str], BomPage]
Settled = Callable[[], None]


def tree_of(bills: dict[str, list[str]], root: str, *, status: str = "Z") -> BomTree:
    """A structure by codes; every component once."""
    codes = sorted({*bills, *(code for lines in bills.values() for code in lines)})
    ids = {code: number for number, code in enumerate(codes, start=1)}
    items = {
        key: ItemRow(
            key,
            code,
            f"料{code}",
            "",
            "个",
            0,
            "manufactured" if code in bills else "purchased",
            True,
            Decimal(1),
            None,
        )
        for code, key in ids.items()
    }
    heads = {}
    for code, lines in bills.items():
        rows = tuple(
            BomLine(
                n, str(n), ids[c], Decimal(1), Decimal(1), Decimal(0), Decimal(0), "pick", False, False, "own", None,
                None, None,
            )
            for n, c in enumerate(lines, start=1)
        )  # fmt: skip
        heads[ids[code]] = BomHead(ids[code], ids[code], "V1.0", status, True, 1, "", "t", None, "", None, rows)
    return BomTree(ids[root], DAY, items, {key: (head,) for key, head in heads.items()}, heads)


def model_of(bills: dict[str, list[str]], root: str, *, status: str = "Z") -> tuple[BomModel, Outline]:
    model = BomModel(DraftBook(tree_of(bills, root, status=status)))
    QAbstractItemModelTester(model, model)
    return model, Outline(model, lambda: DAY, model)


def shape(model: BomModel) -> str:
    """A(B(C) D): the tree in one line."""

    def text(place: object) -> str:
        below = model.below(place)  # type: ignore[arg-type]
        inner = f"({' '.join(text(one) for one in below)})" if below else ""
        return f"{place.line.text}{inner}"  # type: ignore[attr-defined]

    return text(model._top)


def place(model: BomModel, *rows: int) -> object:
    found = model._top
    for row in rows:
        found = model.below(found)[row]
    return found


def test_26_items_that_each_use_all_later_ones_open_at_once(qtbot: QtBot) -> None:
    bills = {code: list(ascii_uppercase[at + 1 :]) for at, code in enumerate(ascii_uppercase[:-1])}
    started = time.perf_counter()
    model = BomModel(DraftBook(tree_of(bills, "A")))
    first = model.index(0, 0, model.top())
    assert model.rowCount(model.top()) == 25
    assert model.hasChildren(first)
    print(f"A…Z: {(time.perf_counter() - started) * 1000:.1f} ms, {len(model.places)} places")
    assert len(model.places) == 26


def test_opening_everything_stops_before_the_window_does(open_bom: Open, qtbot: QtBot) -> None:
    page = open_bom("FG100")
    bills = {code: list(ascii_uppercase[at + 1 :]) for at, code in enumerate(ascii_uppercase[:-1])}
    model = BomModel(DraftBook(tree_of(bills, "A")), page)
    page.tree.show_tree(model, Outline(model, lambda: DAY, model))
    page.model = model
    page.show_level(40)
    assert page.top.note.text() == "行数太多，只展开到第 4 级"
    assert len(model.places) < 20_000


def test_a_branch_moves_to_another_bill_and_back_by_undo(qtbot: QtBot) -> None:
    model, lines = model_of({"A": ["B", "C"], "B": ["X"], "C": ["Y"]}, "A")
    assert shape(model) == "A(B(X) C(Y))"
    lines.drop([place(model, 0)], place(model, 1), -1, copy=False)  # type: ignore[list-item, arg-type]
    assert shape(model) == "A(C(Y B(X)))"
    lines.drop([place(model, 0, 1)], place(model), 0, copy=True)  # type: ignore[list-item, arg-type]
    assert shape(model) == "A(B(X) C(Y B(X)))"
    model.undo.undo()
    model.undo.undo()
    assert shape(model) == "A(B(X) C(Y))"
    assert not model.book.dirty_bills


def test_a_branch_is_not_dropped_into_itself(qtbot: QtBot) -> None:
    model, lines = model_of({"A": ["B"], "B": ["C"], "C": ["X"]}, "A")
    lines.drop([place(model, 0)], place(model, 0, 0), -1, copy=False)  # type: ignore[list-item, arg-type]
    assert shape(model) == "A(B(C(X)))"


def test_reordering_a_bill_keeps_the_places_that_did_not_move(qtbot: QtBot) -> None:
    model, _ = model_of({"A": ["B", "C", "D"], "B": ["X"]}, "A")
    shape(model)
    b, c = place(model, 0), place(model, 1)
    root = model.book.root_id
    one, two, three = model.book.lines(root)
    model.push("t", {root: (one, three, two)})
    assert shape(model) == "A(B(X) D C)"
    assert place(model, 0) is b
    model.push("t", {root: (DraftLine(text="X"), three, one)})
    assert shape(model) == "A(X D B(X))"
    model.undo.undo()
    model.undo.undo()
    assert shape(model) == "A(B(X) C D)"
    assert c is not None


def test_an_approved_bill_is_not_editable_and_its_drafts_below_are(qtbot: QtBot) -> None:
    model, lines = model_of({"A": ["B"], "B": ["X"]}, "A", status="C")
    said: list[str] = []
    lines.refused.connect(lambda problem: said.append(problem.code))
    assert not lines.type_text(place(model, 0), "usage", "3")  # type: ignore[arg-type]
    assert said == ["bom.approved"]
    index = model.index(0, 2, model.top())
    assert not index.flags() & Qt.ItemFlag.ItemIsEditable


@pytest.mark.parametrize(
    ("levels", "expected"),
    [
        (["1", "1.1", "1.1.1", "1.2", "2"], [1, 2, 3, 2, 1]),
        (["1", "2", "3"], [1, 1, 1]),
        (["1", "2", "2", "3", "1"], [1, 2, 2, 3, 1]),
        (["0", "1", "1", "2"], [1, 2, 2, 3]),
        (["1", "1.1.1"], [1, 2]),
        (["", ""], [1, 1]),
        (["1.1", "1.2", "1.2.1"], [1, 1, 2]),
    ],
)
def test_a_level_column_is_read_as_people_write_it(levels: list[str], expected: list[int]) -> None:
    assert branches.depths(levels) == expected


def test_rows_without_titles_are_code_name_and_usage() -> None:
    book = DraftBook(tree_of({"A": []}, "A"))
    pasted = branches.read_rows([["RM1", "螺丝", "4", "个"], ["10.01.0003", "灯珠", "3/67", "颗"]], book, today=DAY)
    assert [(line.text, usage_text(line)) for line in pasted.tops] == [("RM1", "4"), ("10.01.0003", "3/67")]
    pasted = branches.read_rows([["RM1", "4"], ["RM2", "x"]], book, today=DAY)
    assert [line.text for line in pasted.tops] == ["RM1", "RM2"]
    pasted = branches.read_rows([["1", "SA", "组件", "1"], ["1.1", "RM1", "螺丝", "2"]], book, today=DAY)
    assert [line.text for line in pasted.tops] == ["SA"]
    assert [line.text for line in pasted.below["SA"]] == ["RM1"]


@pytest.mark.parametrize(
    ("key", "text", "values"),
    [
        ("usage", "3/67", {"numerator": Decimal(3), "denominator": Decimal(67)}),
        ("usage", "=2*3", {"numerator": Decimal(6), "denominator": Decimal(1)}),
        ("scrap_rate", "5", {"scrap_rate": Decimal("0.05")}),
        ("scrap_rate", "5%", {"scrap_rate": Decimal("0.05")}),
        ("scrap_rate", "", {"scrap_rate": Decimal(0)}),
        ("issue", "倒冲", {"issue": "backflush"}),
        ("valid_to", "6-30", {"valid_to": dt.date(2026, 6, 30)}),
    ],
)
def test_a_cell_reads_what_a_clerk_types(key: str, text: str, values: dict[str, object]) -> None:
    assert read(key, text, DraftBook(tree_of({"A": []}, "A")), today=DAY) == values


@pytest.mark.parametrize(
    ("key", "text"), [("usage", "0"), ("usage", "1/0"), ("scrap_rate", "100"), ("warehouse_id", "W")]
)
def test_a_cell_refuses_what_makes_no_sense(key: str, text: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        read(key, text, DraftBook(tree_of({"A": []}, "A")), today=DAY)


def test_where_used_lists_levels_and_opens_the_product(open_bom: Open, settled: Settled) -> None:
    page = open_bom("SA200")
    assert page.model is not None
    page.tree.go(page.model.index(2, 0, page.model.top()))
    page.trigger("where_used")
    settled()
    dialog = page.findChild(dialogs.WhereUsedDialog)
    assert dialog is not None
    rows = [(row.level, row.item.code, row.total) for row in dialog.grid.model.records()]
    assert rows == [(1, "FG100", Decimal("6.3")), (1, "SA200", Decimal("2.1")), (2, "FG100", Decimal("6.3"))]
    usages = [dialog.grid.model.index(row, dialog.grid.model.section("usage")) for row in range(3)]
    assert [cell.data() for cell in usages] == ["4", "2", "1"]
    for cell in usages:
        assert Qt.AlignmentFlag(cell.data(Qt.ItemDataRole.TextAlignmentRole)) & Qt.AlignmentFlag.AlignRight
    QTest.keyClick(dialog.grid.view, Qt.Key.Key_Escape)
    assert not dialog.isVisible()


def test_the_summary_explodes_a_quantity(open_bom: Open, settled: Settled, qtbot: QtBot) -> None:
    page = open_bom("FG100")
    page.tree.go(page.model.top() if page.model else page.tree.currentIndex())
    page.trigger("summary")
    settled()
    dialog = page.findChild(dialogs.SummaryDialog)
    assert dialog is not None
    dialog.quantity.setText("100")
    dialog.read()
    settled()
    rows = {row.item.code: row.planned for row in dialog.grid.model.records()}
    assert rows["RM403"] == 630
    assert rows["RM405"] == 102
    dialog.quantity.setText("10")
    QTest.keyClick(dialog.quantity, Qt.Key.Key_Return)
    settled()
    assert dialog.isVisible()
    assert next(row.planned for row in dialog.grid.model.records() if row.item.code == "RM405") == 12
    close = dialog.findChild(QPushButton, "close")
    assert close is not None
    assert close.text() == "关闭"
    close.click()
    assert not dialog.isVisible()
    qtbot.waitUntil(page.tree.hasFocus)


def test_a_new_version_is_shown_and_compared(open_bom: Open, settled: Settled) -> None:
    page = open_bom("FG100")
    assert page.model is not None
    page.tree.go(page.model.top())
    page.trigger("new_version")
    settled()
    assert page.top.versions.currentText() == "V2.0 未审核"
    assert outline(page, 1) == ["FG100", ".SA200 1", ".SA300 1", ".RM403 4", ".RM405 1"]
    page.tree.go(page.model.top())
    page.trigger("compare")
    settled()
    dialog = page.findChild(dialogs.CompareDialog)
    assert dialog is not None
    assert dialog.grid.model.rowCount() == 0
    close = dialog.findChild(QPushButton, "close")
    assert close is not None
    close.click()
    assert not dialog.isVisible()


def test_the_facts_beside_the_tree_are_those_of_the_current_line(open_bom: Open, settled: Settled) -> None:
    page = open_bom("FG100")
    assert page.model is not None
    made = page.model.index(0, 0, page.model.top())
    bought = page.model.index(0, 0, made)
    page.tree.go(made)
    settled()
    told = page.facts.text.text()
    assert all(part in told for part in ("SA200", "被 1 个产品使用", "变更记录")), told
    page.tree.go(page.model.top())
    page.tree.go(made)
    page.tree.go(bought)
    settled()
    told = page.facts.text.text()
    assert all(part in told for part in ("RM401", "被 1 个产品使用")), told
    assert "变更记录" not in told
    page.tree.go(page.model.top())
    settled()
    assert "没有产品使用它" in page.facts.text.text()
