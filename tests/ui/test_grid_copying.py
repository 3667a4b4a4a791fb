"""What leaves a grid by the clipboard and by the sum of a selection, where it is large, ragged or in another language."""

from __future__ import annotations

import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from decimal import Decimal

import pytest
from PySide6.QtCore import QItemSelection, QItemSelectionModel, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from ui.framework.desk import Desk
from ui.framework.grid import copying
from ui.framework.grid import view as grid_view
from ui.framework.grid.columns import Column
from ui.framework.grid.grid import Grid
from ui.framework.grid.model import AnyIndex, GridModel
from ui.framework.texts import SOURCE, use_language

Show = Callable[[QWidget], None]
COLUMNS = (
    Column("number", "单号", kind="code"),
    Column("note", "备注"),
    Column("quantity", "数量", kind="number"),
    Column("price", "单价", kind="price"),
)
ADD = QItemSelectionModel.SelectionFlag.Select
COPY_AND_END = """
from PySide6.QtWidgets import QApplication
from PySide6.QtGui import QGuiApplication
from ui.framework.grid.clipboard import mime_of
app = QApplication([])
QGuiApplication.clipboard().setMimeData(mime_of([["00123", "3"]], ["text", "number"]))
data = QGuiApplication.clipboard().mimeData()
assert sorted(data.formats()) == ["text/html", "text/plain"], data.formats()
assert data.text() == "00123\\t3"
"""


@pytest.fixture
def english() -> Iterator[None]:
    use_language("en")
    yield
    use_language(SOURCE)


@pytest.fixture
def grid(desk: Desk, show: Show) -> Grid:
    made = Grid(desk, "t/copying", COLUMNS)
    made.set_rows(
        [
            {"number": f"{i:03d}", "note": "两行\n备  注 <b>", "quantity": Decimal(i), "price": 0.5 if i else None}
            for i in range(4)
        ]
    )
    show(made)
    return made


def choose(grid: Grid, *parts: tuple[int, int, int, int]) -> None:
    grid.view.clearSelection()
    for top, left, bottom, right in parts:
        cells = QItemSelection(grid.model.index(top, left), grid.model.index(bottom, right))
        grid.view.selectionModel().select(cells, ADD)


def copied() -> tuple[str, str]:
    data = QGuiApplication.clipboard().mimeData()
    return data.text(), data.html()


def test_the_program_ends_well_after_copying() -> None:
    ended = subprocess.run([sys.executable, "-c", COPY_AND_END], capture_output=True, text=True, check=False)
    assert ended.returncode == 0, ended.stderr


def test_gaps_of_a_ragged_selection_are_blank(grid: Grid) -> None:
    choose(grid, (0, 0, 1, 0), (1, 2, 2, 2))
    grid.view.copy()
    assert copied()[0].split("\r\n") == ["000\t", "001\t1", "\t2"]


def test_a_line_break_stays_in_its_cell(grid: Grid) -> None:
    choose(grid, (1, 1, 1, 1))
    grid.view.copy()
    text, page = copied()
    assert text == '"两行\n备  注 <b>"'
    assert '两行<br style="mso-data-placement:same-cell">备&nbsp; 注 &lt;b&gt;</td>' in page


@pytest.mark.usefixtures("english")
def test_titles_are_copied_as_they_are_shown(grid: Grid) -> None:
    choose(grid, (0, 0, 0, 2))
    grid.view.copy(titles=True)
    assert copied()[0].split("\r\n")[0] == "\t".join(
        str(grid.model.headerData(section, Qt.Orientation.Horizontal)) for section in range(3)
    )
    assert "单号" not in copied()[0] + copied()[1]


def test_nothing_is_copied_of_a_column_that_was_hidden_under_the_cursor(grid: Grid) -> None:
    QGuiApplication.clipboard().setText("before")
    grid.view.select_cell(1, "price")
    grid.view.header.set_shown(3, shown=False)
    grid.view.copy()
    assert copied()[0] == "before"


def large(grid: Grid, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(copying, "AT_ONCE", 3)
    monkeypatch.setattr(copying, "CHUNK", 2)
    grid.view.selectAll()


@pytest.mark.parametrize("titles", [False, True])
def test_a_large_block_is_copied_on_a_thread_as_a_small_one_would_be(
    grid: Grid, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch, titles: bool
) -> None:
    choose(grid, (0, 0, 3, 1), (1, 2, 2, 3))
    grid.view.copy(titles=titles)
    small = copied()
    QGuiApplication.clipboard().setText("before")
    monkeypatch.setattr(copying, "AT_ONCE", 3)
    monkeypatch.setattr(copying, "CHUNK", 2)
    with qtbot.waitSignal(grid.desk.ops.told) as told:
        grid.view.copy(titles=titles)
        assert copied()[0] == "before"
        assert [job.title for job in grid.desk.ops.running] == ["复制"]
    assert copied() == small
    assert told.args == ["已复制 4 行"]


def test_rows_changed_while_a_large_block_is_copied_are_copied_as_they_were(
    grid: Grid, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    large(grid, monkeypatch)
    with qtbot.waitSignal(grid.desk.ops.told):
        grid.view.copy()
        grid.set_rows([{"number": "9", "note": "", "quantity": None, "price": None}])
    assert [line.split("\t")[0] for line in copied()[0].split("\r\n") if line[:1] == "0"] == [
        "000",
        "001",
        "002",
        "003",
    ]


def test_a_large_block_given_up_leaves_the_clipboard_alone(
    grid: Grid, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    large(grid, monkeypatch)
    QGuiApplication.clipboard().setText("before")
    held = threading.Event()
    forms = copying.Block.forms
    monkeypatch.setattr(copying.Block, "forms", lambda block, **how: (held.wait(5), forms(block, **how))[1])
    grid.view.copy()
    grid.desk.ops.running[0].cancel()
    held.set()
    qtbot.waitUntil(lambda: grid.desk.ops.idle)
    assert copied()[0] == "before"


def test_of_two_copies_the_later_stays_on_the_clipboard(
    grid: Grid, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    large(grid, monkeypatch)
    grid.view.copy()
    choose(grid, (1, 0, 1, 0))
    grid.view.copy()
    assert copied()[0] == "001"
    qtbot.waitUntil(lambda: grid.desk.ops.idle)
    assert copied()[0] == "001"


def test_equal_values_of_another_kind_are_shown_apart(desk: Desk, show: Show) -> None:
    grid = Grid(desk, "t/kinds", (Column("number", "单号"),))
    grid.set_rows([{"number": 1}, {"number": True}, {"number": Decimal("1.0")}, {"number": "1"}])
    show(grid)
    grid.view.selectAll()
    grid.view.copy()
    assert copied()[0].split("\r\n") == [grid.model.text(row, 0) for row in range(4)] == ["1", "True", "1", "1"]


@pytest.mark.parametrize(("limit", "told"), [(100, Decimal("7.5")), (15, None)])
def test_a_sum_is_whole_or_not_told(
    grid: Grid, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch, limit: int, told: Decimal | None
) -> None:
    monkeypatch.setattr(grid_view, "SUM_LIMIT", limit)
    with qtbot.waitSignal(grid.summary) as summary:
        grid.view.selectAll()
    assert summary.args == [16, told]


def test_a_large_selection_asks_no_row_of_the_model_when_the_header_is_painted(
    grid: Grid, monkeypatch: pytest.MonkeyPatch
) -> None:
    grid.set_rows([{"number": str(i), "note": "", "quantity": 1, "price": 1} for i in range(3000)])
    asked: list[int] = []
    flags = GridModel.flags

    def counted(model: GridModel, cell: AnyIndex) -> Qt.ItemFlag:
        asked.append(1)
        return flags(model, cell)

    monkeypatch.setattr(GridModel, "flags", counted)
    grid.view.selectAll()
    asked.clear()
    grid.view.header.grab()
    assert len(asked) < 100
