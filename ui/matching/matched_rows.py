"""The matched rows beside their candidates: taken, left out or looked up, row by row, with the keys of the table."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from functools import partial
from typing import Any, Final

from PySide6.QtCore import QEvent, QItemSelectionModel, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QLabel,
    QListWidget,
    QListWidgetItem,
    QSplitter,
    QTableView,
    QVBoxLayout,
    QWidget,
)

from models.kernel.numbers import plain
from services.matching import api
from ui.framework.desk import Desk
from ui.framework.icons import tone_icon
from ui.framework.lookup import LookupDialog, LookupRow
from ui.framework.texts import listed, tr
from ui.matching.block_model import ITEM, LEADING, REASON, STATE, BlockModel
from ui.matching.column_bar import ColumnBar
from ui.matching.rows import UNDECIDED, Decision, decisions, take_over

WIDTHS: Final = {STATE: 84, ITEM: 230, REASON: 120}
FIELD_WIDTHS: Final = {"quantity": 78, "unit": 66, "price": 84, "due_date": 96, "": 74}
CELL_WIDTH: Final = 116
ENTER: Final = (Qt.Key.Key_Return, Qt.Key.Key_Enter)


class MatchedRows(QSplitter):
    """changed() when a decision or the rows changed; settled() when no doubt is left; other_block_wanted() on Ctrl+V."""

    changed = Signal()
    settled = Signal()
    other_block_wanted = Signal()

    def __init__(self, desk: Desk, extra: Collection[str], parent: QWidget) -> None:
        super().__init__(Qt.Orientation.Horizontal, parent)
        self._desk = desk
        self.model = BlockModel(desk.sentence, self)
        self.table = QTableView(self)
        self.bar = ColumnBar(self.table, extra, self)
        self.candidates = QListWidget(self)
        self.row_label = QLabel(self)
        self.fault_label = QLabel(self)
        self._build_table()
        self._lay_out()
        self.table.selectionModel().currentRowChanged.connect(self._show_candidates)
        self.candidates.itemDoubleClicked.connect(self._double_clicked)
        for part in (self.table, self.candidates):
            part.installEventFilter(self)

    @property
    def decided(self) -> list[Decision]:
        """The rows as they stand."""
        return self.model.decided

    def current_row(self) -> int:
        """The row in view, -1 without rows."""
        return self.table.currentIndex().row()

    def show_matched(self, matched: api.Matched) -> None:
        """Another block: its columns and rows, the first doubt in view."""
        self.bar.show_columns(matched.block.columns, matched.block.titles)
        self._show_rows(matched)
        self.table.setFocus()
        if self.decided and not self.next_doubt(-1):
            self._go_to(0)

    def show_again(self, matched: api.Matched) -> None:
        """The same block with its columns named otherwise; the row in view stays, and what was decided of the same words."""
        row, before = max(0, self.current_row()), self.decided
        self._show_rows(matched, kept=before)
        if self.decided:
            self._go_to(min(row, len(self.decided) - 1))

    def take(self, place: int = -1) -> None:
        """Takes a candidate (-1: the one in view) for the current row and goes to the next doubt."""
        row = self.current_row()
        if row < 0:
            return
        one = self.decided[row]
        candidate = one.chosen if place < 0 else self._candidate(row, place)
        if candidate is None:
            if place < 0:
                self.look_up()
            return
        if place >= 0 or one.state in (*UNDECIDED, "skipped"):
            one.choose(candidate)
        self._changed(row)
        self.next_doubt(row)

    def skip(self) -> None:
        """Leaves the current row out, or takes it in again."""
        row = self.current_row()
        if row >= 0:
            self.decided[row].toggle_skipped()
            self._changed(row)

    def look_up(self) -> None:
        """F7: any item."""
        source, row = self._desk.lookups.get("items"), self.current_row()
        if source is None or row < 0:
            return
        dialog = LookupDialog(source, self._desk.ops, self.decided[row].row.key, self)
        dialog.accepted.connect(partial(self._looked_up, row, dialog))
        dialog.open()

    def next_doubt(self, after: int) -> bool:
        """Goes to the next row to decide, round the end; to the confirm button when there is none."""
        order = [*range(after + 1, len(self.decided)), *range(after + 1)]
        for row in order:
            if self.decided[row].state in UNDECIDED:
                self._go_to(row)
                return True
        self.settled.emit()
        return False

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Keys of the table and of the candidates."""
        if event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
            control = bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)
            if self._table_key(event, control=control):
                return True
        return super().eventFilter(watched, event)

    def _table_key(self, event: QKeyEvent, *, control: bool) -> bool:
        key = event.key()
        if key in ENTER and not control:
            self.take(self.candidates.currentRow() if self.candidates.hasFocus() else -1)
        elif key in (Qt.Key.Key_Space, Qt.Key.Key_Delete):
            self.skip()
        elif key == Qt.Key.Key_F7:
            self.look_up()
        elif Qt.Key.Key_1 <= key <= Qt.Key.Key_9 and not control:
            self.take(key - Qt.Key.Key_1)
        elif control and key == Qt.Key.Key_V:
            self.other_block_wanted.emit()
        else:
            return False
        return True

    def _show_rows(self, matched: api.Matched, kept: Sequence[Decision] = ()) -> None:
        made = decisions(matched)
        take_over(kept, made)
        self.model.show(matched.block, made)
        for section in range(self.model.columnCount()):
            self.table.setColumnWidth(section, self._width_of(section))
        self.bar.arrange()
        self.changed.emit()

    def _width_of(self, section: int) -> int:
        if section in WIDTHS:
            return WIDTHS[section]
        return FIELD_WIDTHS.get(self.model.block.columns[section - len(LEADING)], CELL_WIDTH)

    def _changed(self, row: int) -> None:
        self.model.renew(row)
        self._show_candidates()
        self.changed.emit()

    def _go_to(self, row: int) -> None:
        index = self.model.index(row, ITEM)
        flags = QItemSelectionModel.SelectionFlag
        self.table.selectionModel().setCurrentIndex(index, flags.ClearAndSelect | flags.Rows)
        self.table.scrollTo(index)

    def _show_candidates(self) -> None:
        self.candidates.clear()
        row = self.current_row()
        if row < 0:
            return
        one = self.decided[row]
        self.row_label.setText(tr("第{line}行 {text} 可能是：", line=one.row.index + 1, text=one.row.key))
        self.fault_label.setText("\n".join(self.model.faults(row)))
        self.fault_label.setVisible(bool(one.problems))
        for place, found in enumerate(one.row.candidates, start=1):
            self.candidates.addItem(_candidate_item(place, found, taken=_is_taken(one, found)))
        if not one.row.candidates:
            self.candidates.addItem(QListWidgetItem(tone_icon("danger"), tr("没有相近的，F7 另找")))
        taken = next((at for at, found in enumerate(one.row.candidates) if found == one.chosen), 0)
        self.candidates.setCurrentRow(taken)

    def _candidate(self, row: int, place: int) -> api.Candidate | None:
        found = self.decided[row].row.candidates
        return found[place] if 0 <= place < len(found) else None

    def _double_clicked(self) -> None:
        self.take(self.candidates.currentRow())

    def _looked_up(self, row: int, dialog: LookupDialog) -> None:
        if dialog.picked is not None and row < len(self.decided):
            self.decided[row].choose(_picked(dialog.picked))
            self._changed(row)
            self.next_doubt(row)

    def _build_table(self) -> None:
        self.table.setModel(self.model)
        self.table.setObjectName("matchTable")
        self.table.setAccessibleName(tr("粘贴的行"))
        self.table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.table.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.table.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.table.setWordWrap(False)
        self.table.setTabKeyNavigation(False)
        self.table.verticalHeader().setDefaultSectionSize(self.table.fontMetrics().height() + 9)
        self.table.horizontalHeader().setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)

    def _lay_out(self) -> None:
        left = QWidget(self)
        column = QVBoxLayout(left)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.bar)
        column.addWidget(self.table, 1)
        right = QWidget(self)
        column = QVBoxLayout(right)
        column.setContentsMargins(6, 0, 0, 0)
        self.row_label.setWordWrap(True)
        self.fault_label.setWordWrap(True)
        self.fault_label.setObjectName("fault")
        self.candidates.setAccessibleName(tr("候选物料"))
        self.candidates.setWordWrap(True)
        for part in (self.row_label, self.candidates, self.fault_label):
            column.addWidget(part)
        self.addWidget(left)
        self.addWidget(right)
        self.setStretchFactor(0, 1)
        self.setSizes([890, 280])


def _is_taken(one: Decision, found: api.Candidate) -> bool:
    return one.chosen is not None and one.chosen.item_id == found.item_id and one.state in ("sure", "accepted")


def _candidate_item(place: int, found: api.Candidate, *, taken: bool) -> QListWidgetItem:
    parts = [f"{place}  {found.code} {found.name}", found.spec]
    stock = tr("可用 {stock} {unit}", stock=plain(found.available), unit=found.unit) if found.available else ""
    facts = (tr(api.REASONS[found.reason]), f"{found.score:.0%}", stock)
    second = "    " + listed((part for part in facts if part), "，")
    tone = "ok" if taken else "warn" if found.score < 1 else "info"
    return QListWidgetItem(tone_icon(tone), " ".join(part for part in parts if part) + "\n" + second)


def _picked(hit: LookupRow) -> api.Candidate:
    values: dict[str, Any] = dict(hit.values)
    return api.Candidate(
        values["id"], hit.code, hit.name, values.get("spec") or "", values.get("unit") or "",
        values.get("decimals") or 0, 1.0, "chosen", values.get("stock"),
    )  # fmt: skip
