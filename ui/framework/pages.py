"""PDF pages on their way to a printer: what they must offer, which of them, painted without loss at their own size."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from PySide6.QtCore import QMarginsF, QRect, QSizeF
from PySide6.QtGui import QImage, QPageLayout, QPageSize, QPainter
from PySide6.QtPrintSupport import QPrinter

from ui.framework.ops import Cancelled, Progress
from ui.framework.texts import tr

PRINT_DPI = 300


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
    """Paints pages onto a printer as one job, each at its own paper size, to the edge of the sheet (margins are the form's business).

    offset_mm moves the print right and down, against a printer that feeds askew. A cancelled job is taken back.

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
    try:
        for number, page in enumerate(sheets):
            if progress is not None:
                progress(number, len(sheets), tr("第 {page} / {count} 页", page=number + 1, count=len(sheets)))
            if number:
                _set_paper(printer, source.size_mm(page))
                printer.newPage()
            _paint(painter, source.grey(page, dpi=PRINT_DPI), offset_mm)
    except Cancelled:
        printer.abort()
        raise
    finally:
        painter.end()


def _paint(painter: QPainter, grey: GreyPicture, offset_mm: tuple[float, float]) -> None:
    image = QImage(grey.data, grey.width, grey.height, grey.stride, QImage.Format.Format_Grayscale8)
    right, down = (round(mm / 25.4 * PRINT_DPI) for mm in offset_mm)
    painter.drawImage(QRect(right, down, grey.width, grey.height), image)


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
