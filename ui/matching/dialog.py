"""粘贴匹配: the pasted block, what its rows became, and the candidates of the row in view; nothing is written before 确认."""

from __future__ import annotations

from functools import partial
from typing import Any, Final

from PySide6.QtCore import QEvent, QItemSelectionModel, QObject, Qt, Signal
from PySide6.QtGui import QGuiApplication, QKeyEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QDialogButtonBox,
    QHBoxLayout,
    QLabel,
    QListWidget,
    QListWidgetItem,
    QPlainTextEdit,
    QPushButton,
    QSplitter,
    QStackedWidget,
    QTableView,
    QVBoxLayout,
    QWidget,
)

from models.kernel.numbers import plain
from services.matching import api
from ui.framework.desk import Desk
from ui.framework.dialog import PageDialog
from ui.framework.grid.clipboard import pasted
from ui.framework.icons import tone_icon
from ui.framework.lookup import LookupDialog, LookupRow
from ui.framework.texts import tr
from ui.matching.block_model import ITEM, LEADING, REASON, STATE, BlockModel
from ui.matching.column_bar import ColumnBar
from ui.matching.rows import UNDECIDED, Decision, choices_of, decisions, lines_of

WIDTHS: Final = {STATE: 84, ITEM: 230, REASON: 120}
FIELD_WIDTHS: Final = {"quantity": 78, "unit": 66, "price": 84, "due_date": 96, "": 74}
CELL_WIDTH: Final = 116
ENTER: Final = (Qt.Key.Key_Return, Qt.Key.Key_Enter)


class MatchDialog(PageDialog):
    """confirmed(lines): rows for the line editor. Enter takes the row's candidate and goes on to the next doubt, 1-6 take another
    one, F7 looks up any item, space leaves the row out, Ctrl+Enter confirms.
    """

    confirmed = Signal(object)

    def __init__(self, desk: Desk, partner_id: int | None, partner_name: str, parent: QWidget) -> None:
        super().__init__(tr("粘贴匹配"), "matchDialog", parent)
        self.resize(1180, 620)
        self._desk = desk
        self._partner_id = partner_id
        self.model = BlockModel(desk.sentence, self)
        self.pages = QStackedWidget(self)
        self.text_field = QPlainTextEdit(self)
        self.table = QTableView(self)
        self.bar = ColumnBar(self.table, self)
        self.candidates = QListWidget(self)
        self.row_label = QLabel(self)
        self.fault_label = QLabel(self)
        self.summary_label = QLabel(self)
        self.again_button = QPushButton(tr("重新粘贴"), self)
        self.buttons = QDialogButtonBox(
            QDialogButtonBox.StandardButton.Ok | QDialogButtonBox.StandardButton.Cancel, self
        )
        self._build(partner_name)
        self._connect()

    # what was pasted

    def take_clipboard(self) -> None:
        """Starts with what lies on the clipboard; without text the clerk pastes into the field."""
        text = QGuiApplication.clipboard().text()
        if text.strip():
            self.take_text(text)
        else:
            self.show_text("")

    def take_text(self, text: str) -> None:
        """Matches a text."""
        self.text_field.setPlainText(text)
        rows, db, today = pasted(text), self._desk.session.db, self._desk.session.today()
        self.summary_label.setText(tr("正在匹配…"))
        ask = partial(api.paste, db, rows, partner_id=self._partner_id, today=today)
        self._desk.ops.run_query(ask, self._show, owner=self, latest="match")

    def show_text(self, text: str | None = None) -> None:
        """Back to the pasted text."""
        if text is not None:
            self.text_field.setPlainText(text)
        self.pages.setCurrentIndex(0)
        self.again_button.hide()
        self._ok().setText(tr("匹配 Ctrl+Enter"))
        self.summary_label.setText(tr("可以粘贴 Excel、WPS 的一块，也可以粘贴聊天里的几行"))
        self.text_field.setFocus()

    # decisions

    @property
    def decided(self) -> list[Decision]:
        """The rows as they stand."""
        return self.model.decided

    def current_row(self) -> int:
        """The row in view, -1 without rows."""
        return self.table.currentIndex().row()

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
        self._ok().setFocus()
        return False

    def accept(self) -> None:
        """Matches the text, or confirms: only when every row is decided."""
        if self.pages.currentIndex() == 0:
            if self.text_field.toPlainText().strip():
                self.take_text(self.text_field.toPlainText())
            return
        if self.next_doubt(self.current_row() - 1):
            left = sum(one.state in UNDECIDED for one in self.decided)
            self.summary_label.setText(tr("还有 {count} 行没有定：Enter 接受，空格不要", count=left))
            return
        lines = lines_of(self.decided)
        if not lines:
            return
        self._remember()
        self.confirmed.emit(lines)
        super().accept()

    def _remember(self) -> None:
        choices = choices_of(self.decided)
        if choices and self._partner_id is not None:
            session = self._desk.session
            confirm = partial(api.confirm, session.db, session.user, self._partner_id, choices)
            self._desk.ops.run_command(confirm, owner=self.parentWidget() or self, title=tr("记住叫法"))

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Keys of the table and of the text field."""
        if event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
            control = bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)
            if event.key() in ENTER and control:
                self.accept()
                return True
            if watched is not self.text_field and self._table_key(event, control=control):
                return True
        return super().eventFilter(watched, event)

    def _table_key(self, event: QKeyEvent, *, control: bool) -> bool:
        key = event.key()
        if key in ENTER:
            self.take(self.candidates.currentRow() if self.candidates.hasFocus() else -1)
        elif key in (Qt.Key.Key_Space, Qt.Key.Key_Delete):
            self.skip()
        elif key == Qt.Key.Key_F7:
            self.look_up()
        elif Qt.Key.Key_1 <= key <= Qt.Key.Key_9 and not control:
            self.take(key - Qt.Key.Key_1)
        elif control and key == Qt.Key.Key_V:
            self.take_clipboard()
        else:
            return False
        return True

    # showing

    def _show(self, matched: api.Matched) -> None:
        self.bar.show_columns(matched.block.columns, matched.block.titles)
        self._show_rows(matched)
        self.pages.setCurrentIndex(1)
        self.again_button.show()
        self.table.setFocus()
        if self.decided and not self.next_doubt(-1):
            self._go_to(0)

    def _show_rows(self, matched: api.Matched) -> None:
        self.model.show(matched.block, decisions(matched))
        for section in range(self.model.columnCount()):
            self.table.setColumnWidth(section, self._width_of(section))
        self.bar.arrange()
        self._summarise()

    def _width_of(self, section: int) -> int:
        if section in WIDTHS:
            return WIDTHS[section]
        return FIELD_WIDTHS.get(self.model.block.columns[section - len(LEADING)], CELL_WIDTH)

    def _renamed(self, columns: list[str]) -> None:
        session, block = self._desk.session, self.model.block.with_columns(columns)
        ask = partial(api.match_block, session.db, block, partner_id=self._partner_id, today=session.today())
        self._desk.ops.run_query(ask, self._rematched, owner=self, latest="match")

    def _rematched(self, matched: api.Matched) -> None:
        row = max(0, self.current_row())
        self._show_rows(matched)
        if self.decided:
            self._go_to(min(row, len(self.decided) - 1))

    def _changed(self, row: int) -> None:
        self.model.renew(row)
        self._show_candidates()
        self._summarise()

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
        self.fault_label.setVisible(bool(one.row.problems))
        for place, found in enumerate(one.row.candidates, start=1):
            self.candidates.addItem(_candidate_item(place, found, taken=_is_taken(one, found)))
        if not one.row.candidates:
            self.candidates.addItem(QListWidgetItem(tone_icon("danger"), tr("没有相近的，F7 另找")))
        taken = next((at for at, found in enumerate(one.row.candidates) if found == one.chosen), 0)
        self.candidates.setCurrentRow(taken)

    def _summarise(self) -> None:
        counts = {state: sum(one.state == state for one in self.decided) for state in ("sure", "accepted", *UNDECIDED)}
        ready = counts["sure"] + counts["accepted"]
        text = tr(
            "已定 {ready} 行，请确认 {doubtful} 行，没找到 {none} 行",
            ready=ready, doubtful=counts["doubtful"], none=counts["none"],
        )  # fmt: skip
        self.summary_label.setText(text)
        self._ok().setText(tr("确认 {count} 行 Ctrl+Enter", count=ready))

    # parts

    def _build(self, partner_name: str) -> None:
        sender = (
            tr("来自 {name}，确认后记住这些叫法", name=partner_name)
            if self._partner_id is not None
            else tr("单头还没有往来单位，这次不记住叫法")
        )
        hint = QLabel(tr("列名不对就在列上改。Enter 接受  1–6 选候选  F7 另找  空格不要  Ctrl+V 换一块"), self)
        hint.setObjectName("faintLabel")
        top = QHBoxLayout()
        top.addWidget(QLabel(sender, self))
        top.addStretch(1)
        top.addWidget(hint)
        self.text_field.setPlaceholderText(tr("例：台灯 5W 黑 20台 3/25前"))
        self.text_field.setAccessibleName(tr("粘贴的内容"))
        self.pages.addWidget(self.text_field)
        self.pages.addWidget(self._result_page())
        bottom = QHBoxLayout()
        bottom.addWidget(self.summary_label, 1)
        bottom.addWidget(self.again_button)
        bottom.addWidget(self.buttons)
        layout = QVBoxLayout(self)
        layout.addLayout(top)
        layout.addWidget(self.pages, 1)
        layout.addLayout(bottom)
        self.buttons.button(QDialogButtonBox.StandardButton.Cancel).setText(tr("取消"))

    def _result_page(self) -> QWidget:
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
        split = QSplitter(Qt.Orientation.Horizontal, self)
        split.addWidget(left)
        split.addWidget(right)
        split.setStretchFactor(0, 1)
        split.setSizes([890, 280])
        return split

    def _connect(self) -> None:
        self.buttons.accepted.connect(self.accept)
        self.buttons.rejected.connect(self.reject)
        self.again_button.clicked.connect(self._again)
        self.bar.changed.connect(self._renamed)
        self.table.selectionModel().currentRowChanged.connect(self._show_candidates)
        self.candidates.itemDoubleClicked.connect(self._double_clicked)
        for part in (self.table, self.candidates, self.text_field):
            part.installEventFilter(self)

    def _ok(self) -> QPushButton:
        return self.buttons.button(QDialogButtonBox.StandardButton.Ok)

    def _again(self) -> None:
        self.show_text()

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


def _is_taken(one: Decision, found: api.Candidate) -> bool:
    return one.chosen is not None and one.chosen.item_id == found.item_id and one.state in ("sure", "accepted")


def _candidate_item(place: int, found: api.Candidate, *, taken: bool) -> QListWidgetItem:
    parts = [f"{place}  {found.code} {found.name}", found.spec]
    stock = tr("可用 {stock} {unit}", stock=plain(found.available), unit=found.unit) if found.available else ""
    second = "    " + "，".join(part for part in (tr(api.REASONS[found.reason]), f"{found.score:.0%}", stock) if part)
    tone = "ok" if taken else "warn" if found.score < 1 else "info"
    return QListWidgetItem(tone_icon(tone), " ".join(part for part in parts if part) + "\n" + second)


def _picked(hit: LookupRow) -> api.Candidate:
    values: dict[str, Any] = dict(hit.values)
    return api.Candidate(
        values["id"], hit.code, hit.name, values.get("spec") or "", values.get("unit") or "",
        values.get("decimals") or 0, 1.0, "chosen", values.get("stock"),
    )  # fmt: skip
