"""Print preview: pages as they leave the printer, printer, copies, range; to paper or to a PDF file."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from PySide6.QtCore import QMarginsF, QRect, QSizeF, Qt, Signal
from PySide6.QtGui import QImage, QPageLayout, QPageSize, QPainter, QPixmap
from PySide6.QtPrintSupport import QPrinter, QPrinterInfo
from PySide6.QtWidgets import (
    QComboBox,
    QFileDialog,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QScrollArea,
    QSpinBox,
    QVBoxLayout,
    QWidget,
)

from ui.framework.dialog import PageDialog
from ui.framework.icons import icon
from ui.framework.ops import Progress
from ui.framework.texts import tr

if TYPE_CHECKING:
    from ui.framework.desk import Desk

PRINT_DPI = 300
SCREEN_DPI = 96
ZOOMS = (50, 75, 100, 125, 150, 200)
MAX_COPIES = 99


class GreyPicture(Protocol):
    """A page as 8-bit grey rows of `stride` bytes."""

    @property
    def width(self) -> int: ...
    @property
    def height(self) -> int: ...
    @property
    def stride(self) -> int: ...
    @property
    def data(self) -> bytes: ...


class PdfSource(Protocol):
    """Pages of a PDF, counted from 1; may be asked from any thread."""

    @property
    def count(self) -> int: ...

    def size_mm(self, page: int) -> tuple[float, float]:
        """Paper size."""

    def png(self, page: int, *, dpi: float) -> bytes:
        """A page for the screen."""

    def grey(self, page: int, *, dpi: float) -> GreyPicture:
        """A page for the printer."""

    def close(self) -> None:
        """Gives the memory back."""


class PreviewDialog(PageDialog):
    """printed() once pages went to a printer or a file."""

    printed = Signal()

    def __init__(self, desk: Desk, title: str, pdf: bytes, source: PdfSource, parent: QWidget) -> None:
        super().__init__(tr("打印预览 {title}", title=title), "preview", parent)
        self.resize(980, 720)
        self._desk = desk
        self._title = title
        self._pdf = pdf
        self._source = source
        self._page = 1
        self.picture = QLabel(self)
        self.picture.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.printers = QComboBox(self)
        self.copies = QSpinBox(self)
        self.range_field = QLineEdit(self)
        self.position = QLabel(self)
        self.zoom = QComboBox(self)
        self.fault = QLabel(self)
        self._build()
        self.show_page(1)

    def show_page(self, page: int) -> None:
        """Shows a page (rendered on a reading thread)."""
        self._page = min(max(1, page), self._source.count)
        self.position.setText(tr("第 {page} / {count} 页", page=self._page, count=self._source.count))
        dpi = SCREEN_DPI * int(self.zoom.currentData()) / 100
        number, source = self._page, self._source
        self._desk.ops.run_query(lambda: source.png(number, dpi=dpi), self._show_picture, owner=self, latest="page")

    def pages(self) -> list[int]:
        """The chosen pages; ValueError with a sentence if the range cannot be read."""
        return read_range(self.range_field.text(), self._source.count)

    def print(self) -> None:
        """Prints on the chosen printer, on the writer thread's side of the house: the window stays free."""
        try:
            pages = self.pages()
        except ValueError as fault:
            self._say(str(fault))
            return
        printer = QPrinter(QPrinterInfo.printerInfo(self.printers.currentText()), QPrinter.PrinterMode.HighResolution)
        self.print_on(printer, pages)

    def print_on(self, printer: QPrinter, pages: Sequence[int]) -> None:
        """Prints pages on a printer with progress in the status bar."""
        copies, source = self.copies.value(), self._source

        def work(progress: Progress) -> None:
            print_pages(source, printer, pages, copies=copies, progress=progress)

        self._desk.ops.run_long(work, owner=self, title="打印", on_done=self._printed, writes=False)

    def save(self) -> None:
        """Saves the PDF as a file."""
        name, _ = QFileDialog.getSaveFileName(self, tr("另存为 PDF"), f"{self._title}.pdf", "PDF (*.pdf)")
        if name:
            self.save_to(Path(name))

    def save_to(self, file: Path) -> None:
        """Writes the PDF."""
        pdf = self._pdf
        self._desk.ops.run_query(partial(file.write_bytes, pdf), self._printed, owner=self, title="另存为 PDF")

    def _build(self) -> None:
        for zoom in ZOOMS:
            self.zoom.addItem(f"{zoom}%", zoom)
        self.zoom.setCurrentIndex(ZOOMS.index(100))
        self.zoom.currentIndexChanged.connect(partial(self._turn, 0))
        self.copies.setRange(1, MAX_COPIES)
        self.printers.addItems([info.printerName() for info in QPrinterInfo.availablePrinters()])
        default = QPrinterInfo.defaultPrinter().printerName()
        if default:
            self.printers.setCurrentText(default)
        self.printers.setMinimumWidth(180)
        self.range_field.setPlaceholderText(tr("全部，或 1-3,5"))
        self.range_field.setMaximumWidth(120)
        self.fault.setObjectName("fault")
        top = QHBoxLayout()
        for title, widget in (
            (tr("打印机"), self.printers),
            (tr("份数"), self.copies),
            (tr("页码"), self.range_field),
            (tr("缩放"), self.zoom),
        ):
            label = QLabel(title, self)
            label.setBuddy(widget)
            widget.setAccessibleName(title)
            top.addWidget(label)
            top.addWidget(widget)
        top.addStretch(1)
        back = self._button(tr("上一页"), "left", partial(self._turn, -1), "PgUp")
        forth = self._button(tr("下一页"), "right", partial(self._turn, 1), "PgDown")
        top.addWidget(back)
        top.addWidget(self.position)
        top.addWidget(forth)
        area = QScrollArea(self)
        area.setWidget(self.picture)
        area.setWidgetResizable(True)
        area.setAlignment(Qt.AlignmentFlag.AlignCenter)
        bottom = QHBoxLayout()
        bottom.addWidget(self.fault, 1)
        self.print_button = self._button(tr("打印"), "print", self.print, "Ctrl+P")
        self.print_button.setEnabled(self.printers.count() > 0)
        if not self.printers.count():
            self.fault.setText(tr("这台电脑没有安装打印机，可以先另存为 PDF。"))
        self.print_button.setDefault(True)
        bottom.addWidget(self.print_button)
        bottom.addWidget(self._button(tr("另存为 PDF"), "export", self.save, "Ctrl+S"))
        bottom.addWidget(self._button(tr("关闭"), "close", self.reject, ""))
        layout = QVBoxLayout(self)
        layout.addLayout(top)
        layout.addWidget(area, 1)
        layout.addLayout(bottom)

    def _button(self, text: str, name: str, run: object, shortcut: str) -> QPushButton:
        button = QPushButton(icon(name), text, self)
        button.clicked.connect(run)
        if shortcut:
            button.setShortcut(shortcut)
            button.setToolTip(f"{text} ({shortcut})")
        return button

    def _turn(self, step: int) -> None:
        self.show_page(self._page + step)

    def _show_picture(self, png: bytes) -> None:
        picture = QPixmap()
        picture.loadFromData(png)
        self.picture.setPixmap(picture)

    def _say(self, sentence: str) -> None:
        self.fault.setText(sentence)

    def _printed(self, result: object) -> None:
        del result
        self.printed.emit()
        self._say("")
        self._desk.say(tr("已送出 {title}", title=self._title))


def read_range(text: str, count: int) -> list[int]:
    """Pages of `1-3,5`; blank = all. ValueError with a Chinese sentence for anything else."""
    plain = text.strip().replace("，", ",").replace("－", "-").replace("、", ",")
    if not plain:
        return list(range(1, count + 1))
    pages: list[int] = []
    try:
        for part in plain.split(","):
            first, _, last = part.strip().partition("-")
            pages += range(int(first), int(last or first) + 1)
    except ValueError:
        raise ValueError(tr("页码“{text}”看不懂，请写成 1-3,5", text=text)) from None
    if not pages or min(pages) < 1 or max(pages) > count:
        raise ValueError(tr("页码要在 1 到 {count} 之间", count=count))
    return pages


def print_pages(
    source: PdfSource, printer: QPrinter, pages: Sequence[int], *, copies: int = 1, progress: Progress | None = None
) -> None:
    """Paints pages onto a printer, each at its own paper size, to the edge of the sheet (margins are the form's business).

    Lossless grey pictures: anything else goes through JPEG with an alpha mask and blurs bar codes.
    """
    printer.setFullPage(True)
    printer.setResolution(PRINT_DPI)
    _set_paper(printer, source.size_mm(pages[0]))
    painter = QPainter()
    if not painter.begin(printer):
        raise OSError("printer does not start")
    painter.setRenderHint(QPainter.RenderHint.LosslessImageRendering)
    sheets = [page for _ in range(copies) for page in pages]
    for number, page in enumerate(sheets):
        if progress is not None:
            progress(number, len(sheets), tr("第 {page} 页", page=number + 1))
        if number:
            _set_paper(printer, source.size_mm(page))
            printer.newPage()
        grey = source.grey(page, dpi=PRINT_DPI)
        image = QImage(grey.data, grey.width, grey.height, grey.stride, QImage.Format.Format_Grayscale8)
        painter.drawImage(QRect(0, 0, grey.width, grey.height), image)
    painter.end()


def _set_paper(printer: QPrinter, size: tuple[float, float]) -> None:
    wide, high = size
    layout = QPageLayout(
        QPageSize(
            QSizeF(min(wide, high), max(wide, high)),
            QPageSize.Unit.Millimeter,
            "",
            QPageSize.SizeMatchPolicy.FuzzyMatch,
        ),
        QPageLayout.Orientation.Landscape if wide > high else QPageLayout.Orientation.Portrait,
        QMarginsF(0, 0, 0, 0),
    )
    printer.setPageLayout(layout)
    printer.setFullPage(True)
