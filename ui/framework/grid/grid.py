"""The grid as pages use it: view, totals row, remembered layout, and a line that says why it is empty."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QEvent, QItemSelectionModel, QObject, Qt, QTimer, Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget

from ui.framework.colors import Tone
from ui.framework.grid.columns import Column
from ui.framework.grid.layout import apply_layout, layout_of, reset_layout
from ui.framework.grid.line_view import LineView
from ui.framework.grid.lines import LineModel
from ui.framework.grid.model import GridModel
from ui.framework.grid.open_cell import OpenCell
from ui.framework.grid.rules import ColorRule
from ui.framework.grid.table import MARK, Prepared, Record
from ui.framework.grid.totals import TotalsRow
from ui.framework.grid.view import GridView, ListView
from ui.framework.kept_layouts import KeptLayouts
from ui.framework.keys import key_of
from ui.framework.list_print import ListPrinting
from ui.framework.texts import tr

if TYPE_CHECKING:
    from ui.framework.desk import Desk

SAVE_DELAY_MS = 400
RULES_KEY = "Ctrl+Alt+K"
WIDEST = 240
EMPTY_MARGIN = 8


class _GridFrame(QWidget):
    """What list and line grids share: the view above its totals, layout loaded and saved under a name."""

    summary = Signal(int, object)
    current_row_changed = Signal(int)

    def __init__(self, desk: Desk, view: GridView, name: str, parent: QWidget | None) -> None:
        super().__init__(parent)
        self.desk = desk
        self.name = name
        self.view = view
        self.view.setObjectName(f"grid_{name.replace('/', '_')}")
        self.totals = TotalsRow(view, self)
        self.empty_label = QLabel(tr("没有数据"), view.viewport())
        self.empty_label.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.empty_label.setWordWrap(True)
        self.empty_label.setMargin(EMPTY_MARGIN)
        self.empty_label.setObjectName("emptyLabel")
        self.empty_label.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(view)
        layout.addWidget(self.totals)
        self.setFocusProxy(view)
        view.summary.connect(self.summary)
        view.current_row_changed.connect(self.current_row_changed)
        reset_layout(view)
        apply_layout(view, desk.settings.load(self._setting))
        self._save_timer = QTimer(self)
        self._save_timer.setSingleShot(True)
        self._save_timer.setInterval(SAVE_DELAY_MS)
        self._save_timer.timeout.connect(self.save_layout)
        view.header.layout_changed.connect(self._save_timer.start)
        view.frozen.told.connect(desk.say)
        view.header.reset_wanted.connect(self.reset_layout)
        view.header.rules_wanted.connect(self.edit_rules)
        self.layouts = KeptLayouts(self)
        view.header.menu_made.connect(self.layouts.fill)
        self.printing = ListPrinting(self)
        view.header.menu_made.connect(self.printing.fill)
        action = QAction(tr("条件颜色"), self)
        action.setShortcut(key_of(RULES_KEY))
        action.setShortcutContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        action.triggered.connect(self._edit_rules_here)
        self.addAction(action)
        view.viewport().installEventFilter(self)
        view.grid_model.rows_changed.connect(self._show_emptiness)
        self._show_emptiness()

    def save_layout(self) -> None:
        """Keeps order, widths, hidden columns, sorting and filters."""
        self.desk.settings.save(self._setting, layout_of(self.view))

    def edit_rules(self, column: str) -> None:
        """条件颜色 (Ctrl+Alt+K): the dialog of the grid's own rules, a new one about a column."""
        # The dialog types its rules in a grid, and every grid can have rules.
        from ui.framework.grid.rules_dialog import RulesDialog

        dialog = RulesDialog(self.desk, self.view.grid_model, column, self.window())
        dialog.taken.connect(self._take_rules)
        dialog.open()

    def _take_rules(self, rules: Sequence[ColorRule]) -> None:
        self.view.grid_model.set_rules(rules)
        for section in {self.view.grid_model.section(rule.column) for rule in rules}:
            # The mark takes room that a date of usual width does not have.
            wide = min(self.view.sizeHintForColumn(section), WIDEST)
            self.view.header.resizeSection(section, max(wide, self.view.header.sectionSize(section)))
        self.save_layout()

    def _edit_rules_here(self) -> None:
        index = self.view.currentIndex()
        column = self.view.grid_model.columns[index.column()] if index.isValid() else MARK
        self.edit_rules("" if column is MARK else column.key)

    def reset_layout(self) -> None:
        """Back to the declaration."""
        reset_layout(self.view)
        self.save_layout()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """The empty line stays in the middle of the rows, whenever and however they get another size."""
        if event.type() == QEvent.Type.Resize and watched is self.view.viewport():
            self.empty_label.setGeometry(self.view.viewport().rect())
        return super().eventFilter(watched, event)

    @property
    def _setting(self) -> str:
        return f"grid/{self.name}"

    def _show_emptiness(self) -> None:
        self.empty_label.setGeometry(self.view.viewport().rect())
        self.empty_label.setVisible(self.view.grid_model.rowCount() == 0)


class Grid(_GridFrame):
    """A list.

    desk     settings, look-ups and jobs
    name     under which the layout is remembered, e.g. "sales_order/list"
    columns  declaration
    markable shows the tick column; key is the attribute that identifies a row; row_tone colours whole rows

    search   set by a page that can look further: takes a scanned code that no row is about

    Signals: opened(record), current_row_changed(row), summary(count, sum).
    """

    opened = Signal(object)
    MODEL: type[GridModel] = GridModel
    VIEW: type[ListView] = ListView
    """what a list with habits of its own has instead"""

    def __init__(
        self,
        desk: Desk,
        name: str,
        columns: Sequence[Column],
        *,
        markable: bool = False,
        key: str = "",
        row_tone: Callable[[Record], Tone] | None = None,
        parent: QWidget | None = None,
    ) -> None:
        self.model = self.MODEL(columns, markable=markable, key=key, row_tone=row_tone)
        self.model.today = desk.session.today
        view = self.VIEW(self.model, desk.ops, desk.lookups)
        self.model.setParent(view)
        super().__init__(desk, view, name, parent)
        view.opened.connect(self.opened)
        view.missed.connect(self._missed)
        self.search: Callable[[str], object] | None = None
        self.model.rows_changed.connect(self._keep_current)

    def set_rows(self, records: Sequence[Record] | Prepared, *, in_place: bool = False) -> None:
        """Shows records; the current row and the scroll position survive when the key does.

        in_place: the record at the top stays there, whatever was put in or taken out above it.
        """
        key, section, scroll = None, 0, self.view.verticalScrollBar().value()
        top = self.model.key_of(self.model.record(scroll)) if in_place and scroll < self.model.rowCount() else None
        index = self.view.currentIndex()
        if index.isValid():
            key, section = self.model.key_of(self.model.record(index.row())), index.column()
        self.model.set_records(records)
        row = self.model.row_of(key) if key is not None else -1
        if self.model.rowCount():
            target = self.model.index(max(row, 0), section if row >= 0 else (self.view.shown_sections() or [0])[0])
            self.view.selectionModel().setCurrentIndex(target, QItemSelectionModel.SelectionFlag.ClearAndSelect)
            self.view.verticalScrollBar().setValue(self.model.row_of(top) if top is not None else scroll)

    def add_rows(self, records: Sequence[Record] | Prepared) -> None:
        """Shows more records behind those there."""
        self.model.add_records(records)

    def chosen(self) -> list[Record]:
        """What a verb applies to: the ticked rows that no column's filter hides, else the selected ones, else the current one."""
        marked = self.model.marked_records()
        return marked or [self.model.record(row) for row in self.view.selected_rows()]

    def current(self) -> Record | None:
        """The record of the current row."""
        index = self.view.currentIndex()
        return self.model.record(index.row()) if index.isValid() else None

    def _missed(self, code: str) -> None:
        if self.search is not None:
            self.desk.say(tr("扫到的“{code}”不在这些行里，按它搜索", code=code))
            self.search(code)
        else:
            self.desk.say(tr("扫到的“{code}”不在这些行里，光标没有动", code=code))

    def _keep_current(self) -> None:
        if not self.view.currentIndex().isValid() and self.model.rowCount():
            self.view.select_cell(0)


class LineGrid(_GridFrame):
    """A line editor; see LineView for its keys and LineModel for its rows.

    today is taken from the desk's session. Signals: changed() after any edit, left(step) when Enter leaves the grid, typing_changed()
    when an open cell begins or ceases to hold what is not committed.
    """

    changed = Signal()
    typing_changed = Signal()
    left = Signal(int)

    def __init__(self, desk: Desk, name: str, columns: Sequence[Column], *, parent: QWidget | None = None) -> None:
        self.model = LineModel(columns, today=self._today)
        view = LineView(self.model, desk.ops, desk.lookups)
        self.model.setParent(view)
        self._desk = desk
        super().__init__(desk, view, name, parent)
        self.lines_view = view
        self.model.edited.connect(self._edited)
        self.model.rows_changed.connect(self.changed)
        view.left.connect(self.left)
        view.refused.connect(self._refused)
        for cell in self.findChildren(OpenCell):
            cell.changed.connect(self.typing_changed)

    @property
    def typing(self) -> bool:
        """Whether an open cell holds what is not committed yet."""
        return any(cell.typed for cell in self.findChildren(OpenCell))

    def set_rows(self, rows: Sequence[Any]) -> None:
        """Loads lines; an editable grid without lines starts with a blank one."""
        self.model.set_lines(rows)
        if not rows and not self.model.read_only and not self.model.fixed_rows:
            self.model.append_blank()
            self.model.undo.clear()
        if self.model.rowCount():
            cell = self.lines_view.editable_after(0, -1, 1)
            self.view.setCurrentIndex(self.model.index(*(cell or (0, (self.view.shown_sections() or [0])[0]))))

    def rows(self) -> list[dict[str, Any]]:
        """The filled lines."""
        self.lines_view.finish_editing()
        return self.model.lines()

    def set_read_only(self, read_only: bool) -> None:
        """An approved document's lines take no typing."""
        self.model.read_only = read_only
        self.view.viewport().update()

    def _refused(self, sentence: str) -> None:
        self._desk.say(sentence)

    def _today(self) -> date:
        return self._desk.session.today()

    def _edited(self, row: int, key: str) -> None:
        del row, key
        self.changed.emit()
