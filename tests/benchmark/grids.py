"""The list in the window against what Qt and Python do at the least for the same: painting a page, filter, sort, copying all.

usage: python -m tests.benchmark.grids [ROWS]

ROWS (50,000 unless told) items stand in the list of items, with all its columns. Floors, in turn with it, the median of each:
a page of the same cells in Qt's own model (QStandardItemModel); filter and sort as one pass over a Python list; Qt's proxy over
a model in Python, ten times what it takes for a tenth of the rows; the same cells joined by tabs.
Processor time of the window's thread, but for copying, which a reading thread does: there it is that of both.
0 when every goal is kept.
"""

from __future__ import annotations

import gc
import os
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QSortFilterProxyModel, Qt
from PySide6.QtGui import QGuiApplication, QStandardItem, QStandardItemModel
from PySide6.QtWidgets import QApplication, QHeaderView, QTableView, QWidget

from tests.benchmark import lookup

PAGES = 20
TURNS = 3
PROXY_SHARE = 10
STALL_MS = 100


def main(argv: list[str]) -> int:
    """Prints the figures; 0 when every goal is kept."""
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    import app.wiring  # noqa: F401 registers the pages
    from services.platform.books import create
    from ui.framework.grid.layout import MemorySettings
    from ui.shell.start import open_desk, open_frame
    from ui.shell.theme import apply_theme

    qt = QApplication.instance() or QApplication([])
    assert isinstance(qt, QApplication)
    apply_theme(qt)
    rows = int(argv[0]) if argv else 50_000
    # As in the program, which collects in a pause of the clerk.
    gc.disable()
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        db = create(Path(folder) / "items.db")
        lookup.fill(db, lookup.catalogue(rows))
        frame = open_frame(open_desk(db, user="bench", settings=MemorySettings()))
        frame.resize(1366, 768)
        frame.show()
        page: Any = frame.desk.navigator.open("items/records")
        until(qt, lambda: page.grid.model.rowCount() == rows and frame.desk.ops.idle)
        kept = [painting(page.grid.view), *arranging(page.grid.model), copying(qt, frame, page.grid.view)]
        frame.desk.ops.close()
        db.close()
    return 0 if all(kept) else 1


def told(name: str, ours: float, floor: float, goal: float, beside: str) -> bool:
    """Prints a figure beside its floor; whether it keeps to that many times it."""
    print(f"{name}: {ours * 1000:.1f} ms, {beside} {floor * 1000:.1f} ms: {ours / floor:.2f} times (goal {goal:g})")
    return ours <= goal * floor


def spent(action: Callable[[], object]) -> float:
    """Processor seconds of this thread."""
    started = time.thread_time()
    action()
    return time.thread_time() - started


def until(qt: QApplication, ready: Callable[[], bool]) -> None:
    """Turns the event loop until something is so."""
    while not ready():
        qt.processEvents()
    qt.processEvents()


def painting(view: Any) -> bool:
    """A page further down, painted."""
    floor = plain_table(view)
    times: dict[QTableView, list[float]] = {view: [], floor: []}
    for turn in range(TURNS * PAGES):
        for table, found in times.items():
            if turn % PAGES == 0:
                table.verticalScrollBar().setValue(0)
            found.append(spent(lambda table=table: scrolled(table)))  # type: ignore[misc]
    ours, least = (statistics.median(found) for found in times.values())
    floor.hide()
    return told("a page further down", ours, least, 2.5, "Qt's own model")


def scrolled(table: QTableView) -> None:
    """One frame a page further down."""
    bar = table.verticalScrollBar()
    bar.setValue(bar.value() + bar.pageStep())
    table.viewport().grab()


def plain_table(view: Any) -> QTableView:
    """The first rows of a grid as a table of Qt's own model beside it, of the same size and columns."""
    model = view.grid_model
    rows = min(model.rowCount(), (PAGES + 2) * 40)
    copy = QStandardItemModel(rows, len(model.columns), view)
    for row in range(rows):
        for section in range(len(model.columns)):
            item = QStandardItem(model.text(row, section))
            item.setTextAlignment(model.data(model.index(row, section), Qt.ItemDataRole.TextAlignmentRole))
            item.setCheckable(section == 0)
            copy.setItem(row, section, item)
    table = QTableView(view.parentWidget())
    table.setModel(copy)
    table.setWordWrap(False)
    table.setHorizontalScrollMode(view.horizontalScrollMode())
    table.verticalHeader().hide()
    table.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
    table.verticalHeader().setDefaultSectionSize(view.rowHeight(0))
    for section in range(len(model.columns)):
        table.setColumnWidth(section, view.columnWidth(section))
        table.setColumnHidden(section, view.isColumnHidden(section))
    table.resize(view.size())
    table.show()
    return table


class PythonTable(QAbstractTableModel):
    """Texts in lists, as Qt's proxy is given them."""

    def __init__(self, cells: list[list[str]], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.cells = cells

    def rowCount(self, parent: Any = QModelIndex()) -> int:  # noqa: B008 as Qt declares it
        return 0 if parent.isValid() else len(self.cells)

    def columnCount(self, parent: Any = QModelIndex()) -> int:  # noqa: B008 as Qt declares it
        return 0 if parent.isValid() else len(self.cells[0])

    def data(self, index: Any, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        return self.cells[index.row()][index.column()] if role == Qt.ItemDataRole.DisplayRole else None


def arranging(model: Any) -> list[bool]:
    """Filter and sort by name, against one pass over the names, and against Qt's proxy."""
    from ui.framework.grid.index import ColumnFilter, SortKey

    section = model.section("name")
    names = [model.text(row, section) for row in range(model.rowCount())]
    part = PythonTable([[name] for name in names[::PROXY_SHARE]])
    proxy = QSortFilterProxyModel()
    proxy.setSourceModel(part)
    works: dict[str, tuple[Callable[[], object], Callable[[], object], Callable[[], object]]] = {
        "filter": (
            lambda: model.set_filter("name", ColumnFilter(contains="钢")),
            lambda: [i for i, name in enumerate(names) if "钢" in name],
            lambda: proxy.setFilterFixedString("钢"),
        ),
        "sort": (
            lambda: model.set_sort([SortKey(section)]),
            lambda: sorted(range(len(names)), key=names.__getitem__),
            lambda: proxy.sort(0),
        ),
    }
    kept, both = [], [0.0, 0.0]
    for name, (own, least, by_proxy) in works.items():
        times: list[list[float]] = [[], [], []]
        for _ in range(TURNS):
            for found, work in zip(times, (own, least, by_proxy), strict=True):
                found.append(spent(work))
            model.clear_filters()
            model.set_sort([])
            proxy.setFilterFixedString("")
            proxy.sort(-1)
        ours, floor, slow = (statistics.median(found) for found in times)
        kept.append(told(f"{name} {len(names):,} rows", ours, floor, 5, "a Python list"))
        both = [both[0] + ours, both[1] + slow * PROXY_SHARE]
    return [*kept, told("filter and sort", both[0], both[1], 1 / 50, "Qt's proxy")]


def copying(qt: QApplication, frame: Any, view: Any) -> bool:
    """Select all and copy: until it is on the clipboard, and the longest time the window does not answer meanwhile."""
    from tests.benchmark.stalls import Beats

    model, sections = view.grid_model, view.shown_sections()
    beats = Beats()
    ours, least, stall = [], [], []
    for _ in range(TURNS):
        view.selectAll()
        until(qt, lambda: frame.desk.ops.idle)
        QGuiApplication.clipboard().clear()
        beats.begin()
        started = time.process_time()
        view.copy()
        while not frame.desk.ops.idle:
            # Asleep between: what the clock of all threads counts is the copying.
            time.sleep(0.005)
            qt.processEvents()
        ours.append(time.process_time() - started)
        stall.append(beats.longest * 1000)
        assert len(QGuiApplication.clipboard().text().split("\r\n")) == model.rowCount()
        started = time.process_time()
        "\r\n".join(["\t".join([model.text(row, section) for section in sections]) for row in range(model.rowCount())])
        least.append(time.process_time() - started)
    kept = told("select all and copy", statistics.median(ours), statistics.median(least), 3, "its texts joined by tabs")
    print(f"  meanwhile the window is busy for {min(stall):.0f} ms at most (goal {STALL_MS} ms)")
    return kept and min(stall) <= STALL_MS


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
