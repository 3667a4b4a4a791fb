"""A bill in the window against a bare tree of the same cells: shown, opened whole, painted.

usage: python -m tests.benchmark.trees [FAN] [DEPTH]

Every item has FAN components, DEPTH levels deep; 10 and 5 unless told (111,111 rows), then 5 and 6 (19,531, about what 全部展开 opens at
most). Items are shared as in a factory, the bill is in memory. Floor, in turn with it, the median of each: Qt's tree view over a model in
Python that knows rows by number and has every text ready. Processor time of the window's thread. 0 when the goal is kept.
"""

from __future__ import annotations

import datetime as dt
import gc
import os
import statistics
import sys
import time
from collections.abc import Callable
from decimal import Decimal
from itertools import pairwise
from typing import Any

from PySide6.QtCore import QAbstractItemModel, QModelIndex, QPersistentModelIndex, Qt
from PySide6.QtWidgets import QApplication, QTreeView

from services.engineering.api import BomHead, BomLine, BomTree, ItemRow

DAY = dt.date(2026, 3, 10)
SIZES = ((10, 5), (5, 6))
TURNS = 3
PAGES = 15
GOAL = 2
WIDTH = 400
"""different items on a level"""
ROOT = QModelIndex()
Index = QModelIndex | QPersistentModelIndex


def main(argv: list[str]) -> int:
    """Prints the figures; 0 when opening the whole tree keeps its goal."""
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    from ui.shell.theme import apply_theme

    qt = QApplication.instance() or QApplication([])
    assert isinstance(qt, QApplication)
    apply_theme(qt)
    # As in the program, which collects in a pause of the clerk.
    gc.disable()
    sizes = [(int(argv[0]), int(argv[1]))] if argv else SIZES
    kept = [_compared(qt, bill(fan, depth)) for fan, depth in sizes]
    return int(not all(kept))


def _compared(qt: QApplication, tree: BomTree) -> bool:
    """Both in turn; whether opening the whole tree keeps its goal."""
    ours, floor = _Ours(qt, tree), _Bare(qt, tree)
    steps: dict[str, tuple[list[float], list[float]]] = {}
    for _ in range(TURNS):
        for side, one in enumerate((ours, floor)):
            for name, spent in one.run().items():
                steps.setdefault(name, ([], []))[side].append(spent)
            gc.collect()
    print(f"{ours.rows:,} rows")
    ratios = {}
    for name, (mine, least) in steps.items():
        a, b = statistics.median(mine), statistics.median(least)
        ratios[name] = a / b
        print(f"{name:<12}{a:9.1f} ms   bare tree {b:9.1f} ms   ratio {ratios[name]:.2f}")
    kept = ratios["open all"] <= GOAL
    print(f"open all: goal {GOAL}, {'kept' if kept else 'missed'}")
    return kept


def bill(fan: int, depth: int) -> BomTree:
    """A product whose items all have the same number of components, down to a level."""
    one, none = Decimal(1), Decimal(0)
    levels = [range(1, 2)]
    for level in range(1, depth + 1):
        start = levels[-1].stop
        levels.append(range(start, start + min(fan**level, WIDTH)))
    items = {
        key: ItemRow(
            key, f"P{key:05}", f"件{key}", "黑 3x12", "个", 0, "manufactured" if level < depth else "purchased", True, one,
            Decimal(key) / 100, Decimal(key % 7 * 10),
        )
        for level, keys in enumerate(levels) for key in keys
    }  # fmt: skip
    heads = {}
    for above, below in pairwise(levels):
        for key in above:
            picked = [below[(key * fan + n) % len(below)] for n in range(fan)]
            lines = tuple(
                BomLine(
                    key * fan + n, str(n * 10), component, Decimal(n + 1), one, Decimal("0.02") if n % 3 == 0 else none,
                    none, "pick", False, n == 0, "own", None, None, None,
                )
                for n, component in enumerate(picked)
            )  # fmt: skip
            heads[key] = BomHead(key, key, "V1.0", "C", True, 1, "", "bench", None, "bench", None, lines)
    return BomTree(1, DAY, items, {key: (head,) for key, head in heads.items()}, heads)


class _Side:
    """One of both: a view is made, shown, opened whole and painted; milliseconds of each."""

    def __init__(self, qt: QApplication, tree: BomTree) -> None:
        self.qt = qt
        self.tree = tree
        self.rows = 0

    def made(self) -> QTreeView:
        """A view with its model."""
        raise NotImplementedError

    def run(self) -> dict[str, float]:
        """Milliseconds by step."""
        spent = {}
        began = time.thread_time()
        view = self.made()
        view.resize(1366, 700)
        view.show()
        self.qt.processEvents()
        spent["show"] = time.thread_time() - began
        spent["open all"] = _taken(view.expandAll)
        spent["first page"] = _taken(view.viewport().grab)
        bar = view.verticalScrollBar()
        self.rows = bar.maximum() + bar.pageStep()
        pages = []
        for page in range(PAGES):
            bar.setValue(bar.maximum() * page // PAGES + 7)
            pages.append(_taken(view.viewport().grab))
        spent["a page"] = statistics.median(pages)
        spent["close all"] = _taken(view.collapseAll)
        view.hide()
        view.deleteLater()
        self.qt.processEvents()
        return {name: seconds * 1000 for name, seconds in spent.items()}


def _taken(act: Callable[[], object]) -> float:
    began = time.thread_time()
    act()
    return time.thread_time() - began


class _Ours(_Side):
    """The tree of the page."""

    def __init__(self, qt: QApplication, tree: BomTree) -> None:
        super().__init__(qt, tree)
        from ui.framework.lookup import LookupSource
        from ui.framework.ops import Ops

        self.ops = Ops()
        self.source = LookupSource("物料", lambda text, limit: [], ("编码",))

    def made(self) -> QTreeView:
        """As the page makes it when a bill has been read."""
        from ui.engineering.draft import DraftBook
        from ui.engineering.outline import Outline
        from ui.engineering.tree_model import BomModel
        from ui.engineering.tree_view import BomTreeView

        view = BomTreeView(self.ops, self.source)
        model = BomModel(DraftBook(self.tree), view)
        view.show_tree(model, Outline(model, lambda: DAY, model))
        return view


class _Bare(_Side):
    """The floor: the same cells, each row a number."""

    def __init__(self, qt: QApplication, tree: BomTree) -> None:
        super().__init__(qt, tree)
        from ui.engineering.draft import DraftBook
        from ui.engineering.fields import COLUMNS
        from ui.engineering.tree_model import BomModel

        self.widths = [column.width for column in COLUMNS]
        model = BomModel(DraftBook(tree))
        self.parts: tuple[list[int], list[int], list[list[int]], list[tuple[str, ...]]] = ([-1], [0], [[]], [])
        above, rows, below, texts = self.parts
        places: list[Any] = [model.place(model.top())]
        for number, place in enumerate(places):
            texts.append(model.look.texts(place))
            for row, child in enumerate(model.below(place)):
                below[number].append(len(places))
                places.append(child)
                above.append(number)
                rows.append(row)
                below.append([])

    def made(self) -> QTreeView:
        """Qt's own view with nothing set but what makes it quick."""
        view = QTreeView()
        view.setUniformRowHeights(True)
        view.setModel(_Numbers(*self.parts, view))
        for section, width in enumerate(self.widths):
            view.setColumnWidth(section, width)
        view.expand(view.model().index(0, 0))
        return view


class _Numbers(QAbstractItemModel):
    """Rows by number in lists."""

    def __init__(
        self, above: list[int], rows: list[int], below: list[list[int]], texts: list[tuple[str, ...]], view: QTreeView
    ) -> None:
        super().__init__(view)
        self.above = above
        self.rows = rows
        self.below = below
        self.texts = texts
        self.columns = len(texts[0])

    def index(self, row: int, column: int, parent: Index = ROOT) -> QModelIndex:
        return self.createIndex(row, column, self.below[parent.internalId()][row] if parent.isValid() else 0)

    def parent(self, index: Index = ROOT) -> QModelIndex:  # type: ignore[override]
        above = self.above[index.internalId()] if index.isValid() else -1
        return QModelIndex() if above < 0 else self.createIndex(self.rows[above], 0, above)

    def rowCount(self, parent: Index = ROOT) -> int:
        return len(self.below[parent.internalId()]) if parent.isValid() else 1

    def columnCount(self, parent: Index = ROOT) -> int:
        return self.columns

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        return self.texts[index.internalId()][index.column()] if role == Qt.ItemDataRole.DisplayRole else None


if __name__ == "__main__":
    status = main(sys.argv[1:])
    sys.stdout.flush()
    os._exit(status)
