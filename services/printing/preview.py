"""PDF pages as pictures for preview and printer, their size in millimetres, and their text."""

from __future__ import annotations

from io import BytesIO
from threading import Lock
from typing import Any

from models.kernel.problems import refuse
from services.printing.paper import POINTS_PER_MM
from services.printing.printed import GreyPage

_PDFIUM = Lock()


class PdfPages:
    """The pages of one PDF, from 1. May be used from any thread; the calls of all threads wait for each other."""

    def __init__(self, pdf: bytes) -> None:
        import pypdfium2

        with _PDFIUM:
            try:
                self._document: Any = pypdfium2.PdfDocument(pdf)
            except pypdfium2.PdfiumError as error:
                raise refuse("printing.no_pdf") from error
            self._count = len(self._document)

    @property
    def count(self) -> int:
        """Number of pages."""
        return self._count

    def size_mm(self, page: int) -> tuple[float, float]:
        """Width and height of the paper in mm, to 0.1 mm."""
        with _PDFIUM:
            wide, high = self._page(page).get_size()
        return round(wide / POINTS_PER_MM, 1), round(high / POINTS_PER_MM, 1)

    def text(self, page: int) -> str:
        """The page's text, as a reader would copy it."""
        with _PDFIUM:
            return str(self._page(page).get_textpage().get_text_bounded()).replace("\r\n", "\n")

    def grey(self, page: int, *, dpi: float) -> GreyPage:
        """The page as a grey picture at dpi, for a printer's painter."""
        with _PDFIUM:
            bitmap = self._page(page).render(scale=_scale(dpi), grayscale=True)
            return GreyPage(bitmap.width, bitmap.height, bitmap.stride, bytes(bitmap.buffer))

    def png(self, page: int, *, dpi: float) -> bytes:
        """The page as a PNG at dpi, for a preview."""
        target = BytesIO()
        with _PDFIUM:
            self._page(page).render(scale=_scale(dpi), grayscale=True).to_pil().save(target, "PNG")
        return target.getvalue()

    def close(self) -> None:
        """Gives the memory of the document back."""
        with _PDFIUM:
            self._document.close()

    def _page(self, page: int) -> Any:
        if not 1 <= page <= self._count:
            raise IndexError(page)
        return self._document[page - 1]


def _scale(dpi: float) -> float:
    """Pixels a point; a hair less, since pdfium rounds up and 140 mm are 396.8504 pt, which would add a line of pixels."""
    return dpi / 72 * (1 - 1e-6)
