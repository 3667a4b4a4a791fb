"""The line above a document: title, number, the three axes, source and later documents, who did what, place in the list."""

from __future__ import annotations

from decimal import Decimal
from functools import partial
from typing import Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QMenu, QToolButton, QWidget

from models.kernel.refs import DocRef
from services.documents.api import DocumentView, FlowRow, document_type
from ui.documents.authors import AuthorsLabel
from ui.documents.states import Badge, audit_of, audit_word, closing_word, execution_word, is_void
from ui.framework.desk import Desk
from ui.framework.icons import dress
from ui.framework.texts import listed, tr

SPACING: Final = 8
NEIGHBOUR_GAP: Final = 12
NAMED: Final = 8
"""neighbours whose numbers the tool tip names"""


class DocumentHeading(QWidget):
    """opened(DocRef) when a neighbour is chosen; stepped(-1 or 1) for ‹ ›."""

    opened = Signal(object)
    stepped = Signal(int)

    def __init__(self, title: str, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._desk = desk
        self.title_label = QLabel(tr(title), self)
        self.title_label.setObjectName("numberLabel")
        self.number_label = QLabel(self)
        self.number_label.setObjectName("numberLabel")
        self.number_label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.audit, self.execution, self.closing = Badge(self), Badge(self), Badge(self)
        self.up = self._menu_button(tr("上游"))
        self.down = self._menu_button(tr("下游"))
        self.authors = AuthorsLabel(self)
        self.position = QLabel(self)
        self.back = self._arrow("left", tr("上一张 (Ctrl+PgUp)"), -1)
        self.forth = self._arrow("right", tr("下一张 (Ctrl+PgDown)"), 1)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(SPACING)
        for widget in (self.title_label, self.number_label, self.audit, self.execution, self.closing):
            layout.addWidget(widget)
        layout.addSpacing(NEIGHBOUR_GAP)
        layout.addWidget(self.up)
        layout.addWidget(self.down)
        layout.addWidget(self.authors, 1)
        for part in (self.position, self.back, self.forth):
            layout.addWidget(part)
        self._neighbours: dict[QToolButton, tuple[str, str]] = {}
        self.show_position(0, 0)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Neighbours show their numbers where there is room."""
        super().resizeEvent(event)
        self._fit()

    def show_new(self) -> None:
        """A document without number."""
        self.number_label.setText(tr("（保存时编号）"))
        self.audit.show_state(*audit_word("Z"))
        for widget in (self.execution, self.closing, self.up, self.down):
            widget.hide()

    def show_view(self, view: DocumentView) -> None:
        """Number, axes and neighbours of a stored document."""
        self.number_label.setText(view.ref.number or tr("（保存时编号）"))
        self.audit.show_state(*audit_word(audit_of(view)))
        # What nothing executes and what never closes by itself has one axis; void is void on all three.
        executed = bool(view.ref.id) and document_type(view.ref.type).closes and not is_void(view)
        self.closing.show_state(*closing_word(view.closing))
        self.closing.setVisible(executed or (view.closing != "C" and not is_void(view)))
        done = sum((line.done for line in view.lines), Decimal(0))
        quantity = sum((line.quantity for line in view.lines), Decimal(0))
        self.execution.show_state(*execution_word(done, quantity))
        self.execution.setVisible(executed)
        self._fill(self.up, tr("源单"), view.upstream)
        self._fill(self.down, tr("下游"), view.downstream)
        self.authors.show_view(view)
        self._fit()

    def show_position(self, place: int, count: int) -> None:
        """2/14 and its arrows, hidden when the document was not opened from a list."""
        self.position.setText(f"{place}/{count}")
        for widget in (self.position, self.back, self.forth):
            widget.setVisible(place > 0 and count > 1)
        self.back.setEnabled(place > 1)
        self.forth.setEnabled(place < count)
        self._fit()

    def _fit(self) -> None:
        """Numbers of the neighbours go before the last deed does; without neighbours the line is as high: nothing below it jumps."""
        self.setMinimumHeight(self.up.sizeHint().height())
        for place in (0, 1):
            for button, texts in self._neighbours.items():
                button.setText(texts[place])
            if self._needed() <= self.width():
                break

    def _needed(self) -> int:
        parts = [part for part in self.findChildren(QWidget) if part.parent() is self and not part.isHidden()]
        wide = sum(part.sizeHint().width() for part in parts if part is not self.authors)
        return wide + len(parts) * SPACING + NEIGHBOUR_GAP + self.authors.least()

    def _fill(self, button: QToolButton, word: str, rows: tuple[FlowRow, ...]) -> None:
        button.setVisible(bool(rows))
        if not rows:
            return
        more = f" +{len(rows) - 1}" if len(rows) > 1 else ""
        short = f" {len(rows)}" if len(rows) > 1 else ""
        self._neighbours[button] = (f"{word} {rows[0].ref.number}{more} ›", f"{word}{short} ›")
        button.setToolTip(listed(row.ref.number for row in rows[:NAMED]) + ("…" if len(rows) > NAMED else ""))
        menu = QMenu(button)
        for row in rows:
            menu.addAction(f"{tr(row.title)}  {row.ref.number}", partial(self._open, row.ref))
        old = button.menu()
        button.setMenu(menu)
        if old is not None:
            old.deleteLater()

    def _open(self, ref: DocRef) -> None:
        self.opened.emit(ref)

    def _menu_button(self, word: str) -> QToolButton:
        button = QToolButton(self)
        button.setText(word)
        button.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        button.hide()
        return button

    def _arrow(self, name: str, tip: str, step: int) -> QToolButton:
        button = QToolButton(self)
        dress(button, name)
        button.setToolTip(tip)
        button.setAutoRaise(True)
        button.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        button.clicked.connect(partial(self.stepped.emit, step))
        return button
