"""Look-up of codes: type code, name or pinyin, pick from the list below; F7 opens the dialog with more columns."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

import shiboken6
from PySide6.QtCore import (
    QEvent,
    QModelIndex,
    QObject,
    QPoint,
    Qt,
    QTimer,
    Signal,
)
from PySide6.QtGui import QHideEvent, QKeyEvent, QShortcut
from PySide6.QtWidgets import (
    QApplication,
    QDialogButtonBox,
    QFrame,
    QLabel,
    QLineEdit,
    QVBoxLayout,
    QWidget,
)

from ui.framework.dialog import PageDialog
from ui.framework.grid.editors import WordEdit
from ui.framework.keys import key_of
from ui.framework.lookup_hits import HitModel, hit_table
from ui.framework.lookup_rows import LookupRow, Lookups, LookupSource, exact_hits, hit_of, miss_sentence
from ui.framework.ops import Ops
from ui.framework.texts import tr

__all__ = [
    "LookupDialog",
    "LookupEdit",
    "LookupPopup",
    "LookupRow",
    "LookupSource",
    "Lookups",
    "exact_hits",
    "hit_of",
    "miss_sentence",
]

POPUP_ROWS = 12
DIALOG_ROWS = 500
DEBOUNCE_MS = 60
POPUP_WIDTH = 460
ROOT = QModelIndex()


class LookupPopup(QFrame):
    """The list under a look-up edit; the edit keeps the focus and sends the keys."""

    chosen = Signal(object)

    def __init__(self, edit: QLineEdit, source: LookupSource) -> None:
        super().__init__(edit, Qt.WindowType.ToolTip)
        self.setObjectName("lookupPopup")
        self.setAttribute(Qt.WidgetAttribute.WA_ShowWithoutActivating)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._edit = edit
        self.table = hit_table(source, self)
        self.table.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        way = (
            tr("没有找到，Ins 新增，F7 打开完整列表") if source.create is not None else tr("没有找到，F7 打开完整列表")
        )
        self._empty = QLabel(way, self)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(1, 1, 1, 1)
        layout.addWidget(self.table)
        layout.addWidget(self._empty)
        self.table.clicked.connect(self._clicked)

    @property
    def model(self) -> HitModel:
        """The hits shown."""
        model = self.table.model()
        assert isinstance(model, HitModel)
        return model

    def show_hits(self, hits: Sequence[LookupRow]) -> None:
        """Shows hits below the edit, the first one current."""
        self.model.set_hits(hits)
        self.table.setVisible(bool(hits))
        self._empty.setVisible(not hits)
        rows = max(1, min(len(hits), POPUP_ROWS))
        row_height = self.table.verticalHeader().defaultSectionSize()
        height = self.table.horizontalHeader().sizeHint().height() + rows * row_height + 6 if hits else row_height + 10
        self.resize(max(POPUP_WIDTH, self._edit.width()), height)
        self.move(self._place())
        if hits:
            self.table.selectRow(0)
        self.show()

    def current(self) -> LookupRow | None:
        """The hit that Enter takes."""
        row = self.table.currentIndex().row()
        return self.model.hits[row] if 0 <= row < len(self.model.hits) else None

    def step(self, rows: int) -> None:
        """Moves the current hit."""
        if self.model.hits:
            row = min(max(self.table.currentIndex().row() + rows, 0), len(self.model.hits) - 1)
            self.table.selectRow(row)

    def _place(self) -> QPoint:
        corner = self._edit.mapToGlobal(QPoint(0, self._edit.height()))
        screen = self._edit.screen().availableGeometry()
        if corner.y() + self.height() > screen.bottom():
            corner = self._edit.mapToGlobal(QPoint(0, -self.height()))
        corner.setX(max(screen.left(), min(corner.x(), screen.right() - self.width())))
        return corner

    def _clicked(self, index: QModelIndex) -> None:
        self.chosen.emit(self.model.hits[index.row()])


class LookupEdit(WordEdit):
    """A code with its list: `picked` is the chosen row while the text is unchanged since the choice.

    chose(LookupRow) when a row is taken; the text then is its code. dialog_chose() after that, if it came from the F7 dialog.
    """

    chose = Signal(object)
    dialog_chose = Signal()

    def __init__(self, source: LookupSource, ops: Ops, parent: QWidget | None = None) -> None:
        super().__init__("", parent)
        self.source = source
        self.picked: LookupRow | None = None
        self._ops = ops
        self._popup: LookupPopup | None = None
        self._dialog: LookupDialog | None = None
        self._answered = ""
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(DEBOUNCE_MS)
        self._timer.timeout.connect(self._search)
        self.textEdited.connect(self._edited)

    @property
    def popup_open(self) -> bool:
        """Whether the list is shown."""
        return self._popup is not None and self._popup.isVisible()

    def take_key(self, event: QKeyEvent) -> bool:
        """Keys of the open list, and F7; False if the key is not for the look-up."""
        key = event.key()
        if key == Qt.Key.Key_F7:
            self.open_dialog()
            return True
        if not self.popup_open or self._popup is None:
            return False
        steps = {Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1, Qt.Key.Key_PageDown: POPUP_ROWS, Qt.Key.Key_PageUp: -POPUP_ROWS}
        if key in steps:
            self._popup.step(steps[Qt.Key(key)])
            return True
        if key == Qt.Key.Key_Escape:
            self._popup.hide()
            return True
        if key == Qt.Key.Key_Insert and self.source.create is not None:
            self.make_new(self)
            return True
        if key in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Tab):
            hit = self._popup.current()
            if hit is not None and self._answered == self.text().strip():
                # A list that still answers an earlier text would give another record than the one typed.
                self.take(hit)
            self._popup.hide()
        return False

    def take(self, hit: LookupRow) -> None:
        """Chooses a row."""
        self.setText(hit.code)
        self.picked = hit
        if self._popup is not None:
            self._popup.hide()
        if self.source.taken is not None:
            self.source.taken(hit)
        self.chose.emit(hit)

    def make_new(self, over: QWidget, text: str | None = None) -> None:
        """新增: the form of a new record; when it is saved its code is taken here."""
        if self.source.create is not None:
            if self._popup is not None:
                self._popup.hide()
            self.source.create(over, self.text().strip() if text is None else text, self._created)

    def open_dialog(self) -> None:
        """F7: the full list in a dialog."""
        if self._popup is not None:
            self._popup.hide()
        dialog = LookupDialog(self.source, self._ops, self.text(), self)
        dialog.accepted.connect(self._dialog_accepted)
        dialog.create_wanted.connect(self._create_over_dialog)
        dialog.open()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """In a form (no delegate around) the list's keys are taken here."""
        if not self.composing and self.take_key(event):
            event.accept()
            return
        super().keyPressEvent(event)

    def event(self, event: QEvent) -> bool:
        """Esc closes the list before anything else hears of it."""
        override = event.type() == QEvent.Type.ShortcutOverride and self.popup_open
        if override and isinstance(event, QKeyEvent) and event.key() == Qt.Key.Key_Escape:
            event.accept()
            return True
        if event.type() == QEvent.Type.FocusOut and self._popup is not None:
            self._popup.hide()
        return super().event(event)

    def hideEvent(self, event: QHideEvent) -> None:
        """The list goes with the edit."""
        if self._popup is not None:
            self._popup.hide()
        super().hideEvent(event)

    def _edited(self) -> None:
        self.picked = None
        self._timer.start()

    def _search(self) -> None:
        text = self.text().strip()
        if not text or not self.isVisible():
            if self._popup is not None:
                self._popup.hide()
            return
        search = self.source.search
        found = partial(self._found, text)
        self._ops.run_query(lambda: search(text, POPUP_ROWS * 2), found, owner=self, latest="search")

    def _found(self, text: str, hits: Sequence[LookupRow]) -> None:
        if not self.isVisible() or not self.hasFocus():
            return
        self._answered = text
        if self._popup is None:
            self._popup = LookupPopup(self, self.source)
            self._popup.chosen.connect(self.take)
        self._popup.show_hits(hits)

    def _dialog_accepted(self) -> None:
        dialog = self.sender()
        if isinstance(dialog, LookupDialog) and dialog.picked is not None:
            self.take(dialog.picked)
            self.dialog_chose.emit()

    def _create_over_dialog(self, text: str) -> None:
        dialog = self.sender()
        if isinstance(dialog, LookupDialog):
            self._dialog = dialog
            self.make_new(dialog, text)

    def _created(self, code: str) -> None:
        search = self.source.search
        self._ops.run_query(lambda: (code, search(code, 1)), self._take_created, owner=self)

    def _take_created(self, answer: tuple[str, Sequence[LookupRow]]) -> None:
        hit = hit_of(*answer)
        dialog, self._dialog = self._dialog, None
        if dialog is not None and shiboken6.isValid(dialog):
            dialog.reject()
        if isinstance(hit, LookupRow):
            self.take(hit)
            self.dialog_chose.emit()


class LookupDialog(PageDialog):
    """F7: search field over a table; Enter takes, Ins makes a new record (create_wanted with the text), Esc gives up."""

    create_wanted = Signal(str)

    def __init__(self, source: LookupSource, ops: Ops, text: str, parent: QWidget) -> None:
        super().__init__(tr("选择{title}", title=tr(source.title)), "lookupDialog", parent)
        self.resize(720, 460)
        self.picked: LookupRow | None = None
        self._source = source
        self._ops = ops
        self._answered: str | None = None
        self._entered = False
        self.search_field = WordEdit(text, self)
        self.search_field.setPlaceholderText(tr("编码、名称、规格或拼音"))
        self.search_field.setAccessibleName(tr("查找"))
        self.table = hit_table(source, self)
        self._count = QLabel(self)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Ok | QDialogButtonBox.StandardButton.Cancel, self)
        buttons.button(QDialogButtonBox.StandardButton.Ok).setText(tr("选用"))
        buttons.accepted.connect(self.accept)
        buttons.rejected.connect(self.reject)
        if source.create is not None:
            new = buttons.addButton(tr("新增 (Ins)"), QDialogButtonBox.ButtonRole.ActionRole)
            new.setAutoDefault(False)
            new.clicked.connect(self._create)
            QShortcut(key_of("Ins"), self, self._create)
        layout = QVBoxLayout(self)
        layout.addWidget(self.search_field)
        layout.addWidget(self.table)
        layout.addWidget(self._count)
        layout.addWidget(buttons)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(DEBOUNCE_MS)
        self._timer.timeout.connect(self._search)
        self.search_field.textChanged.connect(self._timer.start)
        self.search_field.installEventFilter(self)
        self.table.doubleClicked.connect(self._take_current)
        self._search()
        self.search_field.selectAll()

    @property
    def model(self) -> HitModel:
        """The hits shown."""
        model = self.table.model()
        assert isinstance(model, HitModel)
        return model

    def accept(self) -> None:
        """Takes the current row; without one the dialog stays. Rows of an earlier text are not meant: the answer is waited for."""
        if self._answered == self.search_field.text().strip():
            self._take_current()
            return
        self._entered = True
        self._timer.stop()
        self._search()

    def _take_current(self) -> None:
        row = self.table.currentIndex().row()
        if 0 <= row < len(self.model.hits):
            self.picked = self.model.hits[row]
            super().accept()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Up and down in the search field move in the table, unless an input method composes."""
        moves = (Qt.Key.Key_Down, Qt.Key.Key_Up, Qt.Key.Key_PageDown, Qt.Key.Key_PageUp)
        if self.search_field.composing:
            return super().eventFilter(watched, event)
        if event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent) and event.key() in moves:
            QApplication.sendEvent(self.table, event)
            return True
        return super().eventFilter(watched, event)

    def _nothing(self, text: str) -> str:
        title = tr(self._source.title)
        none = tr("没有符合“{text}”的{title}", text=text, title=title) if text else tr("还没有{title}", title=title)
        return none if self._source.create is None else none + tr("，按 Ins 新增")

    def _create(self) -> None:
        self.create_wanted.emit(self.search_field.text().strip())

    def _search(self) -> None:
        text = self.search_field.text().strip()
        search = self._source.search
        found = partial(self._found, text)
        self._ops.run_query(lambda: search(text, DIALOG_ROWS), found, owner=self, latest="search")

    def _found(self, text: str, hits: Sequence[LookupRow]) -> None:
        self._answered = text
        self.model.set_hits(hits)
        if hits:
            self.table.selectRow(0)
        if not hits:
            self._count.setText(self._nothing(text))
            self._entered = False
            return
        more = tr("（只列前 {limit} 条，请输入更多字）", limit=DIALOG_ROWS) if len(hits) >= DIALOG_ROWS else ""
        self._count.setText(tr("共 {count} 条", count=len(hits)) + more)
        entered, self._entered = self._entered, False
        meant = hit_of(text, hits) if entered and text == self.search_field.text().strip() else 0
        if isinstance(meant, LookupRow):
            self.table.selectRow(list(hits).index(meant))
            self._take_current()
