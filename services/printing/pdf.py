"""Forms to PDF: embedded Chinese font, Code 128, exact page sizes; the same forms give the same bytes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from io import BytesIO
from itertools import groupby

from reportlab import rl_config
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

# What is compressed stays as it is: written in letters it is a quarter longer and takes a sixth of the time.
rl_config.useA85 = 0
_TOUCH_PT = 0.01
"""upright lines whose ends are no farther apart go on"""
_Stroke = tuple[float, float, float, float]
"""x and y of both ends"""


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
    texts, lines = _Texts(canvas), list[_Stroke]()
    for distance, block in page.blocks:
        lines += _draw(canvas, texts, block.marks, left, top - distance)
    canvas.drawText(texts.drawn)
    if lines:
        canvas.lines(joined(lines))
    canvas.showPage()


def _draw(canvas: Canvas, texts: _Texts, marks: Sequence[Mark], left: float, top: float) -> list[_Stroke]:
    """Draws the marks of a block and adds its texts to those of the page; its lines, to be drawn with those of the page."""
    lines: list[_Stroke] = []
    for mark in marks:
        match mark:
            case Line(x1, y1, x2, y2):
                lines.append((left + x1, top - y1, left + x2, top - y2))
            case Text():
                texts.write(mark, left, top)
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
    return lines


def joined(lines: Iterable[_Stroke]) -> list[_Stroke]:
    """The lines of a page, upright ones that go on from row to row as one."""
    made: list[_Stroke] = []
    last: dict[float, int] = {}
    for line in lines:
        x, y, end, below = line
        before = last.get(x)
        if x != end:
            made.append(line)
        elif before is not None and abs(made[before][3] - y) < _TOUCH_PT:
            made[before] = (x, made[before][1], x, below)
        else:
            last[x] = len(made)
            made.append(line)
    return made


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


class _Texts:
    """The texts of a page, written in one go; letters are chosen only where they change."""

    def __init__(self, canvas: Canvas) -> None:
        self.drawn = canvas.beginText()
        self._letters = ("", 0.0)

    def write(self, mark: Text, left: float, top: float) -> None:
        """Adds a text of a block whose upper left corner is given."""
        x = mark.x
        if mark.align == "right":
            x -= width(mark.text, mark.size, bold=mark.bold)
        elif mark.align == "center":
            x -= width(mark.text, mark.size, bold=mark.bold) / 2
        letters = (BOLD if mark.bold else REGULAR, mark.size)
        if letters != self._letters:
            self._letters = letters
            self.drawn.setFont(*letters)
        self.drawn.setTextOrigin(left + x, top - mark.y)
        self.drawn.textLine(mark.text)
