"""Forms to PDF: embedded Chinese font, Code 128, exact page sizes; the same forms give the same bytes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from io import BytesIO
from itertools import groupby

from reportlab.graphics.barcode.code128 import Code128
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen.canvas import Canvas

from services.printing.forms import Form
from services.printing.layout import compose
from services.printing.lettering import BOLD, REGULAR, lacking, missing_characters, width
from services.printing.marks import QUIET_SQUARES, Bars, Box, Line, Mark, Page, Picture, Squares, Text
from services.printing.paper import POINTS_PER_MM, PaperProfile, Sheet
from services.printing.printed import Printed
from services.printing.speaking import spoken


def render(forms: Sequence[Form], *, profile: PaperProfile) -> Printed:
    """All forms in one PDF on the profile's paper, pages numbered within each form (AT-31); ValueError without one."""
    return render_each([(form, profile) for form in forms])


def render_each(forms: Iterable[tuple[Form, PaperProfile]]) -> Printed:
    """Forms in one PDF, each on its own paper, drawn one after the other as they come; ValueError without one."""
    titles: list[tuple[str, str, str]] = []
    missing: dict[str, tuple[str, ...]] = {}
    pages = 0
    canvas, target = _begun()
    for given, profile in forms:
        form = spoken(given)
        titles.append((form.title, form.number, form.company))
        missing |= lacking([(form.number, form.texts())])
        for page in compose(form, profile):
            _add(canvas, page, profile)
            pages += 1
    if not titles:
        raise ValueError("nothing to print")
    (title, first, company), last = titles[0], titles[-1][1]
    names = first if len(titles) == 1 else f"{first} … {last}"
    canvas.setTitle(f"{title} {names}".strip())
    canvas.setAuthor(company)
    canvas.save()
    return Printed(target.getvalue(), pages, every(missing), tuple(missing.items()))


def every(missing: Mapping[str, Iterable[str]]) -> tuple[str, ...]:
    """The characters that any document lacks, each once, in code order."""
    return tuple(sorted({character for characters in missing.values() for character in characters}))


def drawn(pages: Iterable[Page], *, profile: Sheet, title: str, author: str = "") -> bytes:
    """The pages as PDF bytes, moved by the profile's offset."""
    return written([(page, profile) for page in pages], title=title, author=author)


def written(sheets: Iterable[tuple[Page, Sheet]], *, title: str, author: str = "") -> bytes:
    """Pages as PDF bytes, each of the size of its sheet."""
    canvas, target = _begun()
    canvas.setTitle(title)
    canvas.setAuthor(author)
    for page, sheet in sheets:
        _add(canvas, page, sheet)
    canvas.save()
    return target.getvalue()


def _begun() -> tuple[Canvas, BytesIO]:
    missing_characters(())
    target = BytesIO()
    canvas = Canvas(target, invariant=1, pageCompression=1)
    canvas.setCreator("工坊")
    return canvas, target


def _add(canvas: Canvas, page: Page, sheet: Sheet) -> None:
    """One page of the size of its sheet."""
    canvas.setPageSize((sheet.width_mm * POINTS_PER_MM, sheet.height_mm * POINTS_PER_MM))
    left = (sheet.left_mm + sheet.offset_x_mm) * POINTS_PER_MM
    top = (sheet.height_mm - sheet.top_mm - sheet.offset_y_mm) * POINTS_PER_MM
    canvas.setLineWidth(sheet.line_pt)
    canvas.setLineCap(2)
    for distance, block in page.blocks:
        _draw(canvas, block.marks, left, top - distance)
    canvas.showPage()


def _draw(canvas: Canvas, marks: Sequence[Mark], left: float, top: float) -> None:
    lines: list[tuple[float, float, float, float]] = []
    for mark in marks:
        match mark:
            case Line(x1, y1, x2, y2):
                lines.append((left + x1, top - y1, left + x2, top - y2))
            case Text():
                _write(canvas, mark, left, top)
            case Box(x, y, wide, high):
                canvas.rect(left + x, top - y - high, wide, high, stroke=1, fill=0)
            case Bars(x, y, value, bar, height):
                code = Code128(value, barWidth=bar, barHeight=height, quiet=0, humanReadable=0)
                code.drawOn(canvas, left + x, top - y - height)
            case Picture(x, y, wide, high, content):
                picture = ImageReader(BytesIO(content))
                canvas.drawImage(picture, left + x, top - y - high, wide, high, mask="auto")
            case Squares(x, y, _, side):
                cell = side / (len(mark.modules()) + 2 * QUIET_SQUARES)
                _fill(canvas, mark.modules(), left + x + QUIET_SQUARES * cell, top - y - QUIET_SQUARES * cell, cell)
    if lines:
        canvas.lines(lines)


def _fill(canvas: Canvas, modules: Sequence[Sequence[bool]], left: float, top: float, cell: float) -> None:
    """The dark squares of a QR code, neighbours of a row in one rectangle."""
    path = canvas.beginPath()
    for row, line in enumerate(modules):
        column = 0
        for dark, run in groupby(line):
            count = len(list(run))
            if dark:
                path.rect(left + column * cell, top - (row + 1) * cell, count * cell, cell)
            column += count
    canvas.drawPath(path, stroke=0, fill=1)


def _write(canvas: Canvas, mark: Text, left: float, top: float) -> None:
    x = mark.x
    if mark.align == "right":
        x -= width(mark.text, mark.size, bold=mark.bold)
    elif mark.align == "center":
        x -= width(mark.text, mark.size, bold=mark.bold) / 2
    canvas.setFont(BOLD if mark.bold else REGULAR, mark.size)
    canvas.drawString(left + x, top - mark.y, mark.text)
