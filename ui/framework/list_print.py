"""打印列表: any grid as it is shown, columns, order, filters and totals, on A4; in the header's menu and by Ctrl+Alt+P."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any, Protocol, runtime_checkable

from PySide6.QtCore import QObject, Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenu, QWidget

from models.kernel.problems import Problem
from ui.framework.grid.columns import Column
from ui.framework.grid.index import ColumnFilter
from ui.framework.grid.table import MARK, Table
from ui.framework.keys import key_of
from ui.framework.texts import listed, tr

if TYPE_CHECKING:
    from ui.framework.grid.grid import _GridFrame
    from ui.framework.ops import Progress
    from ui.framework.preview import Pages

SHORTCUT = "Ctrl+Alt+P"
SETUP = "print_setup"
"""the tool of a desk that knows this machine's printers"""
_WHOLE = ("code", "date", "stamp", "number", "money", "price", "progress")
_MOST_WORDS = 4


@runtime_checkable
class Conditioned(Protocol):
    """A page whose list is filtered by more than its column heads."""

    grid: Any

    def conditions(self) -> Sequence[tuple[str, str]]:
        """Name and value of each filter that is set."""

    def whole(self) -> Callable[[], Sequence[Any]] | None:
        """Reads every record that matches, on a reading thread; None where the grid holds them all. Refused where they are too many."""


@dataclass(frozen=True, slots=True)
class _Shot:
    """A grid as it was when the clerk asked: everything needed to write its texts on another thread."""

    title: str
    shown: tuple[int, ...]
    table: Table
    conditions: tuple[tuple[str, str], ...]
    whole: Callable[[], Sequence[Any]] | None


class ListPrinting(QObject):
    """The verb of one grid."""

    def __init__(self, frame: _GridFrame) -> None:
        super().__init__(frame)
        self._frame = frame
        action = QAction(tr("打印列表"), frame)
        action.setShortcut(key_of(SHORTCUT))
        action.setShortcutContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        action.triggered.connect(self.show)
        frame.addAction(action)

    def fill(self, menu: QMenu) -> None:
        """Adds the verb to the header's menu."""
        menu.addAction(tr("打印列表") + f"\t{SHORTCUT}", self.show)

    def show(self) -> None:
        """Makes the pages on a reading thread and opens the preview."""
        shot, session = self._shot(), self._frame.desk.session
        who = session.user_name or str(session.user)
        printed = tr("{user} {day} 打印", user=who, day=session.today().isoformat())
        make = partial(_made, shot, session.company, printed, session.language)
        self._frame.desk.ops.run_long(
            make,
            owner=self,
            title="打印列表",
            on_done=partial(self._open, shot.title),
            on_refused=self._refused,
            writes=False,
        )

    def _open(self, title: str, made: Pages) -> None:
        from ui.framework.preview import PreviewDialog, PrintSetup

        desk = self._frame.desk
        setup = desk.tools[SETUP]("list", warnings=made.warnings) if SETUP in desk.tools else PrintSetup()
        assert isinstance(setup, PrintSetup)
        PreviewDialog(desk, title, made.pdf, made.source, self._frame.window(), setup).open()

    def _refused(self, problems: Sequence[Problem]) -> None:
        for problem in problems:
            self._frame.desk.say(self._frame.desk.sentence(problem))

    def _shot(self) -> _Shot:
        view, model = self._frame.view, self._frame.view.grid_model
        table, page = model.table, self._page()
        shown = [section for section in view.shown_sections() if model.columns[section] is not MARK]
        own = page is not None and page.grid is self._frame
        conditions = list(page.conditions()) if page is not None and own else []
        for key, condition in model.filters.items():
            conditions.append((tr(model.columns[model.section(key)].title), _words(condition)))
        if table.words:
            conditions.append((tr("包含"), " ".join(table.words)))
        order = [
            tr(model.columns[key.column].title) + ("↓" if key.descending else "↑")
            for key in model.sort_keys
            if 0 <= key.column < len(model.columns)
        ]
        if order:
            conditions.append((tr("排序"), " ".join(order)))
        held = Table(table.columns)
        held.filters, held.sort, held.words = dict(table.filters), list(table.sort), list(table.words)
        held.records, held.values = [table.records[i] for i in table.order], [table.values[i] for i in table.order]
        held.order = list(range(len(held.records)))
        whole = page.whole() if page is not None and own else None
        return _Shot(self._title(), tuple(shown), held, tuple(conditions), whole)

    def _ancestors(self) -> list[QWidget]:
        found: list[QWidget] = []
        widget: QWidget | None = self._frame.parentWidget()
        while widget is not None:
            found.append(widget)
            widget = widget.parentWidget()
        return found

    def _page(self) -> Conditioned | None:
        return next((widget for widget in self._ancestors() if isinstance(widget, Conditioned)), None)

    def _title(self) -> str:
        """Of the page, or of the dialog it stands in."""
        for widget in self._ancestors():
            title = getattr(widget, "title", None)
            if isinstance(title, str) and title:
                return tr(title)
            if widget.isWindow() and widget.windowTitle():
                return widget.windowTitle()
        return tr("列表")


def _made(shot: _Shot, company: str, printed: str, language: str, progress: Progress) -> Pages:
    from services.printing.api import ListColumn, ListOnPaper, PdfPages, print_list, warnings_of
    from ui.framework.preview import Pages

    progress(0, 0)
    table = shot.table
    if shot.whole is not None:
        table.load(shot.whole())
    shown = [(section, table.columns[section]) for section in shot.shown]
    columns = tuple(
        ListColumn(tr(column.title), "right" if column.numeric else "left", column.kind in _WHOLE)
        for _, column in shown
    )
    rows = tuple(
        tuple(_text(column, table.records[i], table.values[i][at]) for at, column in shown) for i in table.order
    )
    sums = table.totals()
    totals = tuple(column.show(sums[at]) if at in sums else "" for at, column in shown)
    done = print_list(
        ListOnPaper(
            company,
            shot.title,
            columns,
            rows,
            _labelled(totals, len(rows)),
            shot.conditions,
            printed,
            language,
        )
    )
    return Pages(done.pdf, PdfPages(done.pdf), warnings_of(done))


def _labelled(totals: tuple[str, ...], rows: int) -> tuple[str, ...]:
    """The totals with the number of rows in the first cell, if that is free."""
    if not totals or totals[0]:
        return totals
    return (tr("合计 {rows} 行", rows=f"{rows:,}"), *totals[1:])


def _text(column: Column, record: Any, value: Any) -> str:
    return column.show(value) if column.shown is None else column.shown(record)


def _words(condition: ColumnFilter) -> str:
    parts = []
    if condition.texts is not None:
        words = sorted(condition.texts)
        parts.append(
            listed(words[:_MOST_WORDS]) + (tr(" 等{count}项", count=len(words)) if len(words) > _MOST_WORDS else "")
        )
    if condition.contains:
        parts.append(tr("含“{text}”", text=condition.contains))
    if condition.low is not None:
        parts.append(f"≥{condition.low}")
    if condition.high is not None:
        parts.append(f"≤{condition.high}")
    return " ".join(parts)
