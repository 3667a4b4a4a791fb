"""Print preview: pages as they leave the printer, printer, copies, range; to paper or to a PDF file."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
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

from models.kernel.problems import Problem
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


@dataclass(frozen=True, slots=True)
class Correction:
    """What a printer needs: the print moved right and down by so many mm, its usual copies, its template ("": any)."""

    offset_x_mm: float = 0
    offset_y_mm: float = 0
    copies: int = 1
    template: str = ""


@dataclass(frozen=True, slots=True)
class PrintSetup:
    """How the same documents are printed otherwise.

    templates to choose from; make(template) gives PDF and reader on a reading thread; correction(printer), used(printer);
    last: the printer this form was printed on last; note: a line beside the buttons.
    """

    templates: tuple[str, ...] = ()
    template: str = ""
    make: Callable[[str], tuple[bytes, PdfSource]] | None = None
    correction: Callable[[str], Correction] | None = None
    used: Callable[[str], object] | None = None
    last: str = ""
    note: str = ""


class PreviewDialog(PageDialog):
    """printed() once pages went to a printer or a file. What is shown are the pages that are printed, moved by the printer's correction."""

    printed = Signal()

    def __init__(
        self,
        desk: Desk,
        title: str,
        pdf: bytes,
        source: PdfSource,
        parent: QWidget,
        setup: PrintSetup | None = None,
    ) -> None:
        super().__init__(tr("打印预览 {title}", title=title), "preview", parent)
        self.resize(980, 720)
        self._desk = desk
        self._title = title
        self._pdf = pdf
        self._source = source
        self._page = 1
        self._setup = setup or PrintSetup()
        self._correction = Correction()
        self.picture = QLabel(self)
        self.picture.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.printers = QComboBox(self)
        self.copies = QSpinBox(self)
        self.range_field = QLineEdit(self)
        self.position = QLabel(self)
        self.zoom = QComboBox(self)
        self.template = QComboBox(self)
        self.fault = QLabel(self)
        self._build()
        self.show_page(1)
        self.printers.currentTextChanged.connect(self._printer_chosen)
        self.template.currentTextChanged.connect(self._remake)
        self._printer_chosen()

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
        copies, source, name = self.copies.value(), self._source, self.printers.currentText()
        offset = (self._correction.offset_x_mm, self._correction.offset_y_mm)

        def work(progress: Progress) -> None:
            print_pages(source, printer, pages, copies=copies, offset_mm=offset, progress=progress)

        self._desk.ops.run_long(work, owner=self, title="打印", on_done=self._printed, writes=False)
        if self._setup.used is not None:
            self._setup.used(name)

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
        for name in (QPrinterInfo.defaultPrinter().printerName(), self._setup.last):
            if self.printers.findText(name) >= 0:
                self.printers.setCurrentText(name)
        self.template.addItems(list(self._setup.templates))
        self.template.setCurrentText(self._setup.template)
        self.printers.setMinimumWidth(180)
        self.range_field.setPlaceholderText(tr("全部，或 1-3,5"))
        self.range_field.setMaximumWidth(120)
        self.fault.setObjectName("fault")
        area = QScrollArea(self)
        area.setWidget(self.picture)
        area.setWidgetResizable(True)
        area.setAlignment(Qt.AlignmentFlag.AlignCenter)
        bottom = QHBoxLayout()
        self.note = QLabel(self._setup.note, self)
        self.note.setVisible(bool(self._setup.note))
        bottom.addWidget(self.note)
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
        layout.addLayout(self._top())
        layout.addWidget(area, 1)
        layout.addLayout(bottom)

    def _top(self) -> QHBoxLayout:
        top = QHBoxLayout()
        templates = [(tr("模板"), self.template)] if len(self._setup.templates) > 1 else []
        self.template.setVisible(bool(templates))
        for title, widget in (
            *templates,
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
        return top

    def _button(self, text: str, name: str, run: object, shortcut: str) -> QPushButton:
        button = QPushButton(icon(name), text, self)
        button.clicked.connect(run)
        if shortcut:
            button.setShortcut(shortcut)
            button.setToolTip(f"{text} ({shortcut})")
        return button

    def _printer_chosen(self) -> None:
        """Copies, offset and template that belong to the printer."""
        if self._setup.correction is not None:
            self._correction = self._setup.correction(self.printers.currentText())
        self.copies.setValue(self._correction.copies)
        if self.template.findText(self._correction.template) >= 0:
            self.template.setCurrentText(self._correction.template)

    def _remake(self) -> None:
        """The same documents with the chosen template."""
        make, wanted = self._setup.make, self.template.currentText()
        if make is None or not wanted:
            return
        self.print_button.setEnabled(False)
        self._desk.ops.run_query(
            partial(make, wanted), self._remade, owner=self, on_refused=self._not_made, latest="pdf", title="打印"
        )

    def _remade(self, answer: tuple[bytes, PdfSource]) -> None:
        self._pdf, self._source = answer
        self.print_button.setEnabled(self.printers.count() > 0)
        self.show_page(self._page)

    def _not_made(self, problems: Sequence[Problem]) -> None:
        self._say(" ".join(self._desk.sentence(problem) for problem in problems))

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
    source: PdfSource,
    printer: QPrinter,
    pages: Sequence[int],
    *,
    copies: int = 1,
    offset_mm: tuple[float, float] = (0, 0),
    progress: Progress | None = None,
) -> None:
    """Paints pages onto a printer, each at its own paper size, to the edge of the sheet (margins are the form's business).

    offset_mm moves the print right and down, against a printer that feeds askew.

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
        right, down = (round(mm / 25.4 * PRINT_DPI) for mm in offset_mm)
        painter.drawImage(QRect(right, down, grey.width, grey.height), image)
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
