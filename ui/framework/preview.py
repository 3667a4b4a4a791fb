"""Print preview: pages as they leave the printer, printer, copies, range; to paper or to a PDF file."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QPixmap
from PySide6.QtPrintSupport import QPrinter, QPrinterInfo
from PySide6.QtWidgets import (
    QComboBox,
    QFileDialog,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QProgressBar,
    QPushButton,
    QScrollArea,
    QSpinBox,
    QVBoxLayout,
    QWidget,
)

from models.kernel.problems import Problem
from ui.framework.dialog import PageDialog
from ui.framework.icons import icon
from ui.framework.keys import key_of
from ui.framework.ops import Progress
from ui.framework.pages import PdfSource, print_pages, read_range
from ui.framework.texts import tr

if TYPE_CHECKING:
    from ui.framework.desk import Desk

SCREEN_DPI = 96
ZOOMS = (50, 75, 100, 125, 150, 200)
MAX_COPIES = 99
MOST_WARNINGS = 3
_EDGES = 60


@dataclass(frozen=True, slots=True)
class Correction:
    """What a printer needs: the print moved right and down by so many mm, its usual copies, its template ("": any)."""

    offset_x_mm: float = 0
    offset_y_mm: float = 0
    copies: int = 1
    template: str = ""


@dataclass(frozen=True, slots=True)
class Pages:
    """A PDF with its reader; warnings: what the clerk must know before it is printed."""

    pdf: bytes
    source: PdfSource
    warnings: tuple[Problem, ...] = ()


@dataclass(frozen=True, slots=True)
class PrintSetup:
    """How the same documents are printed otherwise.

    templates to choose from; make(template, progress) gives the pages on a reading thread; correction(printer), used(printer);
    last: the printer this form was printed on last; note: a line beside the buttons; warnings: of the pages first shown.
    """

    templates: tuple[str, ...] = ()
    template: str = ""
    make: Callable[[str, Progress], Pages] | None = None
    correction: Callable[[str], Correction] | None = None
    used: Callable[[str], object] | None = None
    last: str = ""
    note: str = ""
    warnings: tuple[Problem, ...] = ()


class PreviewDialog(PageDialog):
    """printed() once pages went to a printer or a file. What is shown are the pages that are printed, moved by the printer's correction.

    While pages are made or printed the dialog shows how far they are; Esc and 取消 then stop that work, not the dialog.
    """

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
        self._job: Progress | None = None
        self.picture = QLabel(self)
        self.picture.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.printers = QComboBox(self)
        self.copies = QSpinBox(self)
        self.range_field = QLineEdit(self)
        self.position = QLabel(self)
        self.zoom = QComboBox(self)
        self.template = QComboBox(self)
        self.fault = QLabel(self)
        self.warning = QLabel(self)
        self.note = QLabel(self._setup.note, self)
        self.bar = QProgressBar(self)
        self.doing = QLabel(self)
        self._build()
        self._warn(self._setup.warnings)
        self.show_page(1)
        self.printers.currentTextChanged.connect(self._printer_chosen)
        self.template.currentTextChanged.connect(self.remake)
        desk.ops.progressed.connect(self._progressed)
        desk.ops.jobs_changed.connect(self._jobs_changed)
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
        """Prints pages on a printer as one job; while it is cancelled nothing counts as printed."""
        copies, source, name = self.copies.value(), self._source, self.printers.currentText()
        offset = (self._correction.offset_x_mm, self._correction.offset_y_mm)

        def work(progress: Progress) -> None:
            print_pages(source, printer, pages, copies=copies, offset_mm=offset, progress=progress)

        self._start(work, self._printed)
        if self._setup.used is not None:
            self._setup.used(name)

    def save(self) -> None:
        """Saves the PDF as a file."""
        name, _ = QFileDialog.getSaveFileName(self, tr("另存为 PDF"), f"{self._title}.pdf", "PDF (*.pdf)")
        if name:
            self.save_to(Path(name))

    def save_to(self, file: Path) -> None:
        """Writes the PDF; refused when it cannot be, as one that is still open elsewhere."""
        pdf = self._pdf

        def work() -> None:
            from services.exchange.api import written

            with written(file) as part:
                part.write_bytes(pdf)

        self._desk.ops.run_query(work, self._printed, owner=self, on_refused=self._refused, title="另存为 PDF")

    def remake(self) -> None:
        """The same documents with the chosen template."""
        if self._setup.make is not None:
            self._start(partial(self._setup.make, self.template.currentText()), self._remade)

    def reject(self) -> None:
        """Esc stops what is under way, else closes."""
        if self._job is not None:
            self._job.cancel()
        else:
            super().reject()

    # parts

    def _build(self) -> None:
        for zoom in ZOOMS:
            self.zoom.addItem(f"{zoom}%", zoom)
        wide = self._source.size_mm(1)[0] / 25.4 * SCREEN_DPI
        fitting = [zoom for zoom in ZOOMS if zoom <= 100 and wide * zoom / 100 <= self.width() - _EDGES]
        self.zoom.setCurrentIndex(ZOOMS.index(max(fitting, default=ZOOMS[0])))
        self.zoom.currentIndexChanged.connect(lambda _index: self._turn(0))
        self.copies.setRange(1, MAX_COPIES)
        self.printers.addItems([info.printerName() for info in QPrinterInfo.availablePrinters()])
        for name in (QPrinterInfo.defaultPrinter().printerName(), self._setup.last):
            if self.printers.findText(name) >= 0:
                self.printers.setCurrentText(name)
        self.template.addItems(list(self._setup.templates))
        self.template.setCurrentText(self._setup.template)
        self.printers.setMinimumWidth(180)
        self.range_field.setPlaceholderText(tr("全部，或 1-3,5"))
        self.range_field.setMinimumWidth(90)
        self.range_field.setMaximumWidth(120)
        for label in (self.fault, self.warning):
            label.setObjectName("fault")
            label.setWordWrap(True)
        area = QScrollArea(self)
        area.setWidget(self.picture)
        area.setWidgetResizable(True)
        area.setAlignment(Qt.AlignmentFlag.AlignCenter)
        layout = QVBoxLayout(self)
        layout.addLayout(self._top())
        layout.addWidget(area, 1)
        layout.addWidget(self.warning)
        layout.addLayout(self._bottom())

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

    def _bottom(self) -> QHBoxLayout:
        bottom = QHBoxLayout()
        self.note.setVisible(bool(self._setup.note))
        bottom.addWidget(self.note)
        bottom.addWidget(self.bar)
        bottom.addWidget(self.doing)
        bottom.addWidget(self.fault, 1)
        self.bar.setMaximumWidth(220)
        self.cancel_button = self._button(tr("取消"), "stop", self.reject, "")
        self.print_button = self._button(tr("打印"), "print", self.print, "Ctrl+P")
        self.save_button = self._button(tr("另存为 PDF"), "export", self.save, "Ctrl+S")
        if not self.printers.count():
            self.fault.setText(tr("这台电脑没有安装打印机，可以先另存为 PDF。"))
        self.print_button.setDefault(True)
        close = self._button(tr("关闭"), "close", self.reject, "")
        for button in (self.cancel_button, self.print_button, self.save_button, close):
            bottom.addWidget(button)
        self._show_busy()
        return bottom

    def _button(self, text: str, name: str, run: object, shortcut: str) -> QPushButton:
        button = QPushButton(icon(name), text, self)
        button.clicked.connect(run)
        if shortcut:
            button.setShortcut(key_of(shortcut))
            button.setToolTip(f"{text} ({shortcut})")
        return button

    # work under way

    def _start(self, work: Callable[[Progress], Any], on_done: Callable[[Any], object]) -> None:
        """Runs long work on a reading thread; what was under way before is given up."""
        if self._job is not None:
            self._job.cancel()
        self._say("")
        self.doing.setText(tr("正在准备…"))
        self._job = self._desk.ops.run_long(
            work,
            owner=self,
            title="打印",
            on_done=on_done,
            on_refused=self._refused,
            on_cancelled=partial(self._say, tr("已取消，没有打印。")),
            writes=False,
        )
        self._show_busy()

    def _progressed(self, progress: Progress) -> None:
        if progress is self._job:
            self.bar.setRange(0, progress.total)
            self.bar.setValue(progress.done)
            self.doing.setText(progress.text)

    def _jobs_changed(self) -> None:
        """The work ended, however."""
        if self._job is not None and self._job not in self._desk.ops.running:
            self._job = None
            self._show_busy()

    def _show_busy(self) -> None:
        busy = self._job is not None
        for part in (self.bar, self.doing, self.cancel_button):
            part.setVisible(busy)
        self.bar.setRange(0, 0)
        self.print_button.setEnabled(not busy and self.printers.count() > 0)
        self.save_button.setEnabled(not busy)

    # answers

    def _printer_chosen(self) -> None:
        """Copies, offset and template that belong to the printer."""
        if self._setup.correction is not None:
            self._correction = self._setup.correction(self.printers.currentText())
        self.copies.setValue(self._correction.copies)
        if self.template.findText(self._correction.template) >= 0:
            self.template.setCurrentText(self._correction.template)

    def _remade(self, made: Pages) -> None:
        self._pdf, self._source = made.pdf, made.source
        self._warn(made.warnings)
        self.show_page(self._page)

    def _warn(self, warnings: Sequence[Problem]) -> None:
        lines = [self._desk.sentence(problem) for problem in warnings[:MOST_WARNINGS]]
        if len(warnings) > MOST_WARNINGS:
            lines.append(tr("还有 {count} 张单据也缺字。", count=len(warnings) - MOST_WARNINGS))
        self.warning.setText("\n".join(lines))
        self.warning.setVisible(bool(lines))

    def _refused(self, problems: Sequence[Problem]) -> None:
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
        self._say("")
        self._desk.say(tr("已送出 {title}", title=self._title))
        self.printed.emit()
