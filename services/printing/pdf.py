"""Forms to PDF: embedded Chinese font, Code 128, exact page sizes; the same forms give the same bytes."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from io import BytesIO

from reportlab.graphics.barcode.code128 import Code128
from reportlab.pdfgen.canvas import Canvas

from services.printing.forms import Form
from services.printing.layout import compose
from services.printing.lettering import BOLD, REGULAR, missing_characters, width
from services.printing.marks import Bars, Box, Line, Mark, Page, Text
from services.printing.paper import POINTS_PER_MM, PaperProfile
from services.printing.printed import Printed


def render(forms: Sequence[Form], *, profile: PaperProfile) -> Printed:
    """All forms in one PDF on the profile's paper, pages numbered within each form (AT-31); ValueError without one."""
    if not forms:
        raise ValueError("nothing to print")
    missing = missing_characters(text for form in forms for text in form.texts())
    pages = [page for form in forms for page in compose(form, profile)]
    first = forms[0]
    names = first.number if len(forms) == 1 else f"{first.number} … {forms[-1].number}"
    pdf = drawn(pages, profile=profile, title=f"{first.title} {names}".strip(), author=first.company)
    return Printed(pdf, len(pages), missing)


def drawn(pages: Iterable[Page], *, profile: PaperProfile, title: str, author: str = "") -> bytes:
    """The pages as PDF bytes, moved by the profile's offset."""
    missing_characters(())
    target = BytesIO()
    size = (profile.width_mm * POINTS_PER_MM, profile.height_mm * POINTS_PER_MM)
    canvas = Canvas(target, pagesize=size, invariant=1, pageCompression=1)
    canvas.setTitle(title)
    canvas.setAuthor(author)
    canvas.setCreator("工坊")
    left = (profile.left_mm + profile.offset_x_mm) * POINTS_PER_MM
    top = size[1] - (profile.top_mm + profile.offset_y_mm) * POINTS_PER_MM
    for page in pages:
        canvas.setLineWidth(profile.line_pt)
        canvas.setLineCap(2)
        for distance, block in page.blocks:
            _draw(canvas, block.marks, left, top - distance)
        canvas.showPage()
    canvas.save()
    return target.getvalue()


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
    if lines:
        canvas.lines(lines)


def _write(canvas: Canvas, mark: Text, left: float, top: float) -> None:
    x = mark.x
    if mark.align == "right":
        x -= width(mark.text, mark.size, bold=mark.bold)
    elif mark.align == "center":
        x -= width(mark.text, mark.size, bold=mark.bold) / 2
    canvas.setFont(BOLD if mark.bold else REGULAR, mark.size)
    canvas.drawString(left + x, top - mark.y, mark.text)
