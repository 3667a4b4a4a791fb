"""物料标签 and 流转卡: what is needed at the bench in large letters, Code 128 for every gun, QR for phones."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from models.kernel.problems import refuse
from services.platform.tongues import CHINESE, Tongue
from services.printing.paper import POINTS_PER_MM
from services.printing.printed import Printed

if TYPE_CHECKING:
    from services.printing.marks import Mark, Page

MOST_LABELS = 2000
_MM = POINTS_PER_MM
_PAD_MM = 2.0
_QUIET = 10
_CUT = 0.3
_LEAST_BAR_MM = 0.19
_WIDEST_BAR_MM = 0.4
_LEAST_PT = 5.0
_FACT = "　"


@dataclass(frozen=True, slots=True)
class LabelSheet:
    """Where labels stand on a sheet, lengths in mm; a roll has one label a sheet. cut: a thin frame to cut along."""

    key: str
    title: str
    label_wide_mm: float
    label_high_mm: float
    across: int = 1
    down: int = 1
    width_mm: float = 0
    height_mm: float = 0
    left_mm: float = 0
    top_mm: float = 0
    offset_x_mm: float = 0
    offset_y_mm: float = 0
    line_pt: float = 0.4
    cut: bool = False

    def __post_init__(self) -> None:
        if not self.width_mm:
            object.__setattr__(self, "width_mm", self.label_wide_mm)
            object.__setattr__(self, "height_mm", self.label_high_mm)

    @property
    def cells(self) -> int:
        """Labels on a sheet."""
        return self.across * self.down


SMALL = LabelSheet("60x40", "60×40 毫米标签", 60, 40)
LARGE = LabelSheet("100x70", "100×70 毫米标签", 100, 70)
A4_SMALL = LabelSheet("a4_3x7", "A4 每张 21 个（63.5×38.1）", 63.5, 38.1, 3, 7, 210, 297, 9.75, 15.15)
A4_LARGE = LabelSheet("a4_2x4", "A4 每张 8 个（100×70）", 100, 70, 2, 4, 210, 297, 5, 8.5, cut=True)
LABEL_SHEETS = {sheet.key: sheet for sheet in (SMALL, LARGE, A4_SMALL, A4_LARGE)}


@dataclass(frozen=True, slots=True)
class Label:
    """One label: title in small letters, head in large ones, lines below; bars in Code 128, square in QR; empty ones are left out.

    boxes: titles of places to write by hand along the lower edge.
    """

    title: str
    head: str
    lines: tuple[str, ...] = ()
    bars: str = ""
    square: str = ""
    boxes: tuple[str, ...] = ()
    copies: int = 1


def material_label(
    company: str, code: str, name: str, *, spec: str = "", unit: str = "", quantity: str = "", lot: str = "", place: str = "",
    source: str = "", date: str = "", barcode: str = "", copies: int = 1, tongue: Tongue = CHINESE,
) -> Label:  # fmt: skip
    """物料标签: the gun reads the item (its own bar code, else its code), the phone all of it.

    The QR code holds code;lot;quantity;unit;document, so that a scan fills a line of a receipt or an issue.
    """
    amount = f"{quantity} {unit}".strip() if quantity else ""
    counted = tongue("数量 {amount}", amount=amount) if amount else ""
    second = _FACT.join(part for part in (counted, tongue("批次 {lot}", lot=lot) if lot else "") if part)
    third = _FACT.join(part for part in (place, source, date) if part)
    lines = tuple(line for line in (f"{name} {spec}".strip(), second, third) if line)
    square = f"{code};{lot};{quantity};{unit};{source}".rstrip(";")
    return Label(company, code, lines, barcode or code, square, copies=copies)


def routing_card(
    company: str, number: str, code: str, name: str, *, spec: str = "", quantity: str = "", unit: str = "", due: str = "",
    workshop: str = "", customer: str = "", copies: int = 1, tongue: Tongue = CHINESE,
) -> Label:  # fmt: skip
    """流转卡: goes with the goods through the workshop; the gun reads the order, hands write count, rejects and name."""
    lines = (
        f"{code} {name} {spec}".strip(),
        _FACT.join(
            part
            for part in (
                tongue("数量 {amount}", amount=f"{quantity} {unit}".strip()),
                tongue("完工 {day}", day=due) if due else "",
            )
            if part
        ),
        _FACT.join(part for part in (workshop, customer) if part),
    )
    square = f"{number};{code};{quantity};{unit}".rstrip(";")
    shown = tuple(line for line in lines if line)
    boxes = tuple(map(tongue, ("工序", "合格", "报废", "签名")))
    return Label(f"{company} {tongue('流转卡')}", number, shown, number, square, boxes, copies)


def print_labels(labels: Sequence[Label], sheet: LabelSheet, *, start: int = 1) -> Printed:
    """Labels as a PDF; start: the first free cell of the first sheet, from 1. Refused without labels or with too many."""
    from services.printing.lettering import lacking
    from services.printing.pdf import every, written

    count = sum(max(0, label.copies) for label in labels)
    if not count:
        raise refuse("label.nothing")
    if count > MOST_LABELS:
        raise refuse("label.too_many", count=count, most=MOST_LABELS)
    if not 1 <= start <= sheet.cells:
        raise refuse("label.start", start=start, cells=sheet.cells)
    pages = list(_pages(labels, sheet, start - 1))
    missing = lacking((label.head, (label.title, label.head, *label.lines)) for label in labels)
    title = labels[0].head if len(labels) == 1 else f"{labels[0].head} …"
    pdf = written([(page, sheet) for page in pages], title=title)
    return Printed(pdf, len(pages), every(missing), tuple(missing.items()))


def _pages(labels: Sequence[Label], sheet: LabelSheet, cell: int) -> Iterator[Page]:
    from services.printing.grids import moved
    from services.printing.marks import Block, Page

    page, used = Page(), False
    for label in labels:
        marks = label_marks(label, sheet)
        for _ in range(label.copies):
            if cell == sheet.cells:
                yield page
                page, cell = Page(), 0
            row, column = divmod(cell, sheet.across)
            right = column * sheet.label_wide_mm * _MM
            page.put(row * sheet.label_high_mm * _MM, Block(0, tuple(moved(mark, right=right) for mark in marks)))
            cell, used = cell + 1, True
    if used:
        yield page


def label_marks(label: Label, sheet: LabelSheet) -> list[Mark]:
    """What stands on one label, in points from its upper left corner."""
    from services.printing.lettering import printable
    from services.printing.marks import Box, Squares, Text

    wide, high, pad = sheet.label_wide_mm * _MM, sheet.label_high_mm * _MM, _PAD_MM * _MM
    unit = high / 40
    side = high * 0.42 if label.square else 0.0
    marks: list[Mark] = []
    if sheet.cut:
        marks.append(Box(_CUT, _CUT, wide - 2 * _CUT, high - 2 * _CUT))
    boxes = 5.5 * unit if label.boxes else 0.0
    bars = _bars(label.bars, wide - 2 * pad, high * 0.2, high - pad - boxes) if label.bars else []
    marks.extend(bars)
    if label.square:
        marks.append(Squares(wide - side - pad / 2, pad / 2, label.square, side))
    beside = wide - 2 * pad - side
    y = pad
    for text, size, bold in ((label.title, 2.6 * unit, False), (label.head, 4.4 * unit, True)):
        text, size = printable(text), min(size, 16)
        size = _shrunk(text, beside, size, bold=bold)
        y += size
        marks.append(Text(pad, y, text, size, bold=bold))
        y += size * 0.28
    place = _Place(pad, y, beside, wide - 2 * pad, side)
    marks.extend(_lines(label.lines, place, high * 0.74 - boxes, 3.1 * unit))
    marks.extend(_boxes(label.boxes, pad, high - pad - boxes + unit, wide - 2 * pad, boxes - unit))
    return marks


@dataclass(frozen=True, slots=True)
class _Place:
    """Where lines begin, and the width they have beside the QR code (until square) and below it, in points."""

    left: float
    top: float
    beside: float
    across: float
    square: float

    def room(self, top: float) -> float:
        """Width of a line that begins at this height."""
        return self.beside if top < self.square else self.across


def _lines(lines: Sequence[str], place: _Place, bottom: float, size: float) -> list[Mark]:
    """The lines, in letters small enough to end above bottom; facts (parted by a wide space) stay whole where they fit."""
    from services.printing.marks import Text

    while True:
        marks: list[Mark] = []
        at = place.top
        for line in lines:
            rest = line
            while rest:
                piece, rest = _taken(rest, place.room(at), size)
                at += size * 1.22
                marks.append(Text(place.left, at - size * 0.15, piece, size))
        if at <= bottom or size <= _LEAST_PT:
            return marks
        size = max(_LEAST_PT, size - 0.5)


def _taken(line: str, room: float, size: float) -> tuple[str, str]:
    """What of a line fits into room, and what is left: whole facts, else the beginning of the first."""
    from services.printing.lettering import printable, width, wrapped

    facts = printable(line).split(_FACT)
    for count in range(len(facts), 0, -1):
        piece = _FACT.join(facts[:count])
        if width(piece, size) <= room:
            return piece, _FACT.join(facts[count:])
    piece = wrapped(facts[0], room, size)[0]
    return piece, _FACT.join([facts[0][len(piece) :].lstrip(), *facts[1:]])


def _shrunk(text: str, room: float, size: float, *, bold: bool) -> float:
    from services.printing.lettering import width

    return min(size, max(_LEAST_PT, size * room / max(1.0, width(text, size, bold=bold))))


def _bars(value: str, room: float, height: float, bottom: float) -> list[Mark]:
    """Code 128 in the middle above its text; none if it cannot be written or its bars would be too thin to read."""
    from services.printing.furniture import barcode_modules
    from services.printing.marks import Bars, Text

    modules = barcode_modules(value)
    bar = min(_WIDEST_BAR_MM * _MM, room / (modules + 2 * _QUIET)) if modules else 0.0
    if bar < _LEAST_BAR_MM * _MM:
        return []
    left = _PAD_MM * _MM + (room - modules * bar) / 2
    size = max(_LEAST_PT, height * 0.26)
    top = bottom - height
    middle = left + modules * bar / 2
    return [
        Bars(left, top, value, bar, height - size * 1.15),
        Text(middle, bottom - size * 0.12, value, size, align="center"),
    ]


def _boxes(titles: Sequence[str], left: float, top: float, room: float, height: float) -> list[Mark]:
    from services.printing.marks import Box, Text

    marks: list[Mark] = []
    for number, title in enumerate(titles):
        wide = room / len(titles)
        marks.append(Box(left + number * wide, top, wide, height))
        size = min(8.0, height * 0.5)
        marks.append(Text(left + number * wide + 2, top + size * 1.1, title, size))
    return marks
