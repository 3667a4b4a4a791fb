"""A document of the book as a template prints it, beside the template."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QPixmap
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLabel, QScrollArea, QVBoxLayout, QWidget

from models.kernel.problems import Problem
from models.kernel.refs import DocRef
from services.printing.api import PdfPages, warnings_of
from services.reporting.api import Template, preview_template
from ui.framework.texts import tr

_SCREEN_DPI: Final = 96
_LARGEST: Final = 2.0
_EDGE: Final = 8
Sheet = tuple[bytes, bytes, tuple[Problem, ...]]
"""a PDF, the picture of its first page, what the clerk must know of it"""


class SampleView(QWidget):
    """wanted() when another document or size is to be shown; the pages come by show_sheet."""

    wanted = Signal()

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.pdf = b""
        self.warnings: tuple[Problem, ...] = ()
        self.samples = QComboBox(self)
        self.samples.setAccessibleName(tr("样张"))
        self.picture = QLabel(self)
        self.picture.setAlignment(Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignTop)
        self.area = QScrollArea(self)
        self.area.setWidget(self.picture)
        self.area.setWidgetResizable(True)
        self.area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.area.viewport().installEventFilter(self)
        label = QLabel(tr("样张"), self)
        label.setBuddy(self.samples)
        line = QHBoxLayout()
        line.addWidget(label)
        line.addWidget(self.samples, 1)
        box = QVBoxLayout(self)
        box.setContentsMargins(4, 0, 0, 0)
        box.addLayout(line)
        box.addWidget(self.area, 1)
        self.samples.currentIndexChanged.connect(self.wanted)

    def set_documents(self, documents: Sequence[DocRef]) -> None:
        """The documents to choose from, and a made-up one."""
        before = self.samples.currentData()
        self.samples.blockSignals(True)
        self.samples.clear()
        for ref in documents:
            self.samples.addItem(ref.number, ref.id)
        self.samples.addItem(tr("编造的样张"), 0)
        self.samples.setCurrentIndex(max(0, self.samples.findData(before)))
        self.samples.blockSignals(False)

    @property
    def document(self) -> int:
        """Id of the chosen document; 0: a made-up one."""
        return int(self.samples.currentData() or 0)

    def dpi(self, width_mm: float) -> float:
        """Resolution at which a page fills its place, in pixels of the screen."""
        bar = self.area.verticalScrollBar().sizeHint().width()
        room = max(200, self.area.width() - 2 * self.area.frameWidth() - bar - _EDGE)
        return min(_LARGEST * _SCREEN_DPI, room / max(60.0, width_mm) * 25.4) * self.devicePixelRatioF()

    def show_sheet(self, answer: Sheet) -> None:
        """Shows a PDF by the picture of its first page."""
        self.pdf, png, self.warnings = answer
        picture = QPixmap()
        picture.loadFromData(png)
        picture.setDevicePixelRatio(self.devicePixelRatioF())
        self.picture.setPixmap(picture)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """The picture follows the width of its place."""
        if event.type() == QEvent.Type.Resize and watched is self.area.viewport():
            self.wanted.emit()
        return super().eventFilter(watched, event)


def sheet(db: Any, template: Template, document: int, dpi: float, language: str) -> Sheet:
    """A document in a template, with its first page; refused if the template has faults."""
    printed = preview_template(db, template, document, language)
    pages = PdfPages(printed.pdf)
    try:
        return printed.pdf, pages.png(1, dpi=dpi), warnings_of(printed)
    finally:
        pages.close()
