"""粘贴匹配: the pasted block, what its rows became, and the candidates of the row in view; nothing is written before 确认."""

from __future__ import annotations

from collections.abc import Collection
from functools import partial
from typing import Final

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QGuiApplication, QKeyEvent
from PySide6.QtWidgets import (
    QDialogButtonBox,
    QHBoxLayout,
    QLabel,
    QPlainTextEdit,
    QPushButton,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from services.matching import api
from ui.framework.desk import Desk
from ui.framework.dialog import PageDialog
from ui.framework.grid.clipboard import pasted
from ui.framework.texts import tr
from ui.matching.matched_rows import MatchedRows
from ui.matching.rows import UNDECIDED, choices_of, lines_of

ENTER: Final = (Qt.Key.Key_Return, Qt.Key.Key_Enter)


class MatchDialog(PageDialog):
    """sender: whose words these are, as a line. confirmed(lines): rows for the line editor.

    Enter takes the row's candidate and goes on to the next doubt, 1-6 take another one, F7 looks up any item, space leaves the
    row out, Ctrl+Enter confirms.
    """

    confirmed = Signal(object)

    def __init__(
        self, desk: Desk, partner_id: int | None, sender: str, parent: QWidget, *, extra: Collection[str] = ()
    ) -> None:
        super().__init__(tr("粘贴匹配"), "matchDialog", parent)
        self.resize(1180, 620)
        self._desk = desk
        self._partner_id = partner_id
        self._extra = tuple(extra)
        self._matched_text = ""
        self._cut = 0
        self.pages = QStackedWidget(self)
        self.text_field = QPlainTextEdit(self)
        self.rows = MatchedRows(desk, self._extra, self)
        self.summary_label = QLabel(self)
        self.again_button = QPushButton(tr("重新粘贴"), self)
        self.buttons = QDialogButtonBox(
            QDialogButtonBox.StandardButton.Ok | QDialogButtonBox.StandardButton.Cancel, self
        )
        self._build(sender)
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
        self._cut = sum(1 for row in rows[api.MOST_ROWS :] if any(cell.strip() for cell in row))
        ask = partial(api.paste, db, rows, partner_id=self._partner_id, today=today, extra=self._extra)
        show = partial(self._show, self.text_field.toPlainText())
        self._desk.ops.run_query(ask, show, owner=self, latest="match")

    def show_text(self, text: str | None = None) -> None:
        """Back to the pasted text."""
        if text is not None:
            self.text_field.setPlainText(text)
        self.pages.setCurrentIndex(0)
        self.again_button.hide()
        self._ok().setText(tr("匹配 Ctrl+Enter"))
        self.summary_label.setText(tr("可以粘贴 Excel、WPS 的一块，也可以粘贴聊天里的几行"))
        self.text_field.setFocus()

    def accept(self) -> None:
        """Matches the text, or confirms: only when every row is decided."""
        if self.pages.currentIndex() == 0:
            if self.text_field.toPlainText().strip():
                self.take_text(self.text_field.toPlainText())
            return
        if self._stale():
            self.summary_label.setText(tr("正在匹配…"))
            return
        if self.rows.next_doubt(self.rows.current_row() - 1):
            left = sum(one.state in UNDECIDED for one in self.rows.decided)
            self.summary_label.setText(tr("还有 {count} 行没有定：Enter 接受，空格不要", count=left))
            return
        lines = lines_of(self.rows.decided)
        if not lines:
            return
        self._remember()
        self.confirmed.emit(lines)
        super().accept()

    def _stale(self) -> bool:
        """Whether the rows in view are of another text, or of columns named otherwise, than now asked for."""
        named = self.rows.bar.columns() != list(self.rows.model.block.columns)
        return named or self._matched_text != self.text_field.toPlainText()

    def _remember(self) -> None:
        choices = choices_of(self.rows.decided)
        if choices and self._partner_id is not None:
            session = self._desk.session
            confirm = partial(api.confirm, session.db, session.user, self._partner_id, choices)
            self._desk.ops.run_command(confirm, owner=self.parentWidget() or self, title=tr("记住叫法"))

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Ctrl+Enter, wherever the focus is."""
        if event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
            control = bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)
            if event.key() in ENTER and control:
                self.accept()
                return True
        return super().eventFilter(watched, event)

    # showing

    def _show(self, text: str, matched: api.Matched) -> None:
        self._matched_text = text
        self.pages.setCurrentIndex(1)
        self.again_button.show()
        self.rows.show_matched(matched)

    def _renamed(self, columns: list[str]) -> None:
        session, block = self._desk.session, self.rows.model.block.with_columns(columns)
        ask = partial(api.match_block, session.db, block, partner_id=self._partner_id, today=session.today())
        self._desk.ops.run_query(ask, self.rows.show_again, owner=self, latest="match")

    def _summarise(self) -> None:
        counts = {
            state: sum(one.state == state for one in self.rows.decided) for state in ("sure", "accepted", *UNDECIDED)
        }
        ready = counts["sure"] + counts["accepted"]
        text = tr(
            "已定 {ready} 行，请确认 {doubtful} 行，没找到 {none} 行",
            ready=ready, doubtful=counts["doubtful"], none=counts["none"],
        )  # fmt: skip
        if skipped := sum(one.state == "skipped" for one in self.rows.decided):
            text += tr("，不要 {count} 行", count=skipped)
        if unread := sum(bool(one.problems) and not one.skipped for one in self.rows.decided):
            text += tr("；{count} 行有没读出或对不上的格子（红色）", count=unread)
        if self._cut:
            text += tr("。只取了前 {limit} 行，后面 {count} 行没有取，请另贴一次", limit=api.MOST_ROWS, count=self._cut)
        self.summary_label.setText(text)
        self._ok().setText(tr("确认 {count} 行 Ctrl+Enter", count=ready))

    # parts

    def _build(self, sender: str) -> None:
        hint = QLabel(tr("列名不对就在列上改。Enter 接受  1–6 选候选  F7 另找  空格不要  Ctrl+V 换一块"), self)
        hint.setObjectName("faintLabel")
        top = QHBoxLayout()
        top.addWidget(QLabel(sender, self))
        top.addStretch(1)
        top.addWidget(hint)
        self.text_field.setPlaceholderText(tr("例：台灯 5W 黑 20台 3/25前"))
        self.text_field.setAccessibleName(tr("粘贴的内容"))
        self.pages.addWidget(self.text_field)
        self.pages.addWidget(self.rows)
        bottom = QHBoxLayout()
        bottom.addWidget(self.summary_label, 1)
        bottom.addWidget(self.again_button)
        bottom.addWidget(self.buttons)
        layout = QVBoxLayout(self)
        layout.addLayout(top)
        layout.addWidget(self.pages, 1)
        layout.addLayout(bottom)
        self.buttons.button(QDialogButtonBox.StandardButton.Cancel).setText(tr("取消"))

    def _connect(self) -> None:
        self.buttons.accepted.connect(self.accept)
        self.buttons.rejected.connect(self.reject)
        self.again_button.clicked.connect(self._again)
        self.rows.bar.changed.connect(self._renamed)
        self.rows.changed.connect(self._summarise)
        self.rows.settled.connect(self._ok().setFocus)
        self.rows.other_block_wanted.connect(self.take_clipboard)
        for part in (self.rows.table, self.rows.candidates, self.text_field):
            part.installEventFilter(self)

    def _ok(self) -> QPushButton:
        return self.buttons.button(QDialogButtonBox.StandardButton.Ok)

    def _again(self) -> None:
        self.show_text()
