"""What stands around the tables: title and bar code, header fields, legend, signatures, the foot of the page."""

from __future__ import annotations

import math
from collections.abc import Sequence

from services.platform.tongues import Tongue
from services.printing.forms import Field, Form, Signature, labelled
from services.printing.lettering import printable, width, wrapped
from services.printing.marks import Bars, Block, Box, Line, Mark, Picture, Text
from services.printing.paper import POINTS_PER_MM, PaperProfile

_TITLE_PT = 15.0
_COMPANY_PT = 10.5
_LEAST_COMPANY_PT = 8.5
_BARS_MM = 8.0
_QUIET_MODULES = 10
_GAP = 6.0
_FOOT_GAP = 2.0
_SIGN_ROOM_MM = 14
_LEGEND_MM = 60


def barcode_modules(number: str) -> int:
    """Width of the number's Code 128 in narrowest bars, without quiet zones; 0 if it cannot be written in Code 128."""
    if not number or not number.isascii() or not number.isprintable():
        return 0
    from reportlab.graphics.barcode.code128 import Code128

    return round(float(Code128(number, barWidth=1, quiet=0).width))


def head(form: Form, profile: PaperProfile) -> Block:
    """Logo at the left, company and title in the middle, bar code with its readable number at the top right."""
    room = profile.usable_width_mm * POINTS_PER_MM
    size = profile.text_pt
    marks, right = _numbered(form, profile, room)
    logo = _logo(form, room)
    left = logo.width + _GAP if logo else 0.0
    if logo:
        marks.append(logo)
    if form.mark:
        stamp = _stamp(printable(form.mark), size, left)
        marks.extend(stamp)
        left += stamp[0].width + _GAP
    free = room - right - _GAP
    title, company = printable(_spaced(form.title)), printable(form.company)
    half = max(width(title, _TITLE_PT, bold=True), width(company, _COMPANY_PT)) / 2
    clear = room / 2 + half <= free and room / 2 - half >= left
    middle = room / 2 if clear else (left + free) / 2
    side = 2 * min(middle - left, free - middle)
    bottom = _COMPANY_PT
    letters = max(_LEAST_COMPANY_PT, min(_COMPANY_PT, _COMPANY_PT * side / (width(company, _COMPANY_PT) or 1)))
    for line in wrapped(company, side + 0.01, letters):
        marks.append(Text(middle, bottom, line, letters, align="center"))
        bottom += _COMPANY_PT * 1.25
    bottom += _TITLE_PT * 0.5
    for line in wrapped(title, side, _TITLE_PT, bold=True):
        marks.append(Text(middle, bottom, line, _TITLE_PT, bold=True, align="center"))
        bottom += _TITLE_PT * 1.25
    high = logo.height + size * 0.5 if logo else 0.0
    return Block(max(_BARS_MM * POINTS_PER_MM + size * 1.7, bottom - _TITLE_PT * 0.8, high), tuple(marks))


def _spaced(title: str) -> str:
    """A Chinese title with air between its characters; one with Latin letters as it is."""
    return title if any(char.isascii() and char.isalpha() for char in title) else " ".join(title)


def _numbered(form: Form, profile: PaperProfile, room: float) -> tuple[list[Mark], float]:
    """The number with its bar code at the right end, and the width they take."""
    modules = barcode_modules(form.number) if form.barcode else 0
    bar, size = profile.bar_mm * POINTS_PER_MM, profile.text_pt
    number = printable(form.number)
    number_width = width(number, size)
    height = _BARS_MM * POINTS_PER_MM if modules else size * 0.5
    marks: list[Mark] = []
    if modules:
        marks.append(Bars(room - modules * bar, 0, form.number, bar, height))
    middle = room - max(modules * bar, number_width) / 2
    marks.append(Text(middle, height + size + 1, number, size, align="center"))
    return marks, max((modules + _QUIET_MODULES) * bar if modules else 0.0, number_width)


def _logo(form: Form, room: float) -> Picture | None:
    """The logo in its height, at most a quarter of the width."""
    if not form.logo or form.logo_mm <= 0:
        return None
    wide, high = picture_size(form.logo)
    height = form.logo_mm * POINTS_PER_MM
    scale = min(height / high, room / 4 / wide)
    return Picture(0, 0, wide * scale, high * scale, form.logo)


def picture_size(content: bytes) -> tuple[int, int]:
    """Width and height of a picture in pixels."""
    from io import BytesIO

    from PIL import Image

    with Image.open(BytesIO(content)) as picture:
        return picture.size


def _stamp(mark: str, size: float, left: float) -> tuple[Box, Text]:
    wide = width(mark, size, bold=True) + size
    return Box(left, 0, wide, size * 1.7), Text(left + wide / 2, size * 1.2, mark, size, bold=True, align="center")


def fields(form: Form, profile: PaperProfile) -> Block:
    """Header fields, each wrapped within its share of the row."""
    room = profile.usable_width_mm * POINTS_PER_MM
    size, leading = profile.text_pt, profile.text_pt * 1.28
    marks: list[Mark] = []
    top = 0.0
    for row in form.fields:
        x, deepest = 0.0, 1
        for entry, share in zip(row, _shares(row, room, size), strict=True):
            lines = wrapped(printable(entry.text), share - _GAP, size, bold=entry.strong)
            marks.extend(Text(x, top + size + i * leading, line, size, entry.strong) for i, line in enumerate(lines))
            deepest = max(deepest, len(lines))
            x += share
        top += deepest * leading + size * 0.18
    return Block(top + (size * 0.3 if form.fields else 0), tuple(marks))


def _shares(row: Sequence[Field], room: float, size: float) -> list[float]:
    """Widths of the fields of a row by weight; by content where one would wrap and all have room on one line."""
    total = sum(entry.weight for entry in row) or 1
    shares = [room * entry.weight / total for entry in row]
    needed = [width(printable(entry.text), size, bold=entry.strong) + _GAP + 0.01 for entry in row]
    spare = room - sum(needed)
    if spare < 0 or all(need <= share for need, share in zip(needed, shares, strict=True)):
        return shares
    return [need + spare / len(row) for need in needed]


def legend(form: Form, profile: PaperProfile) -> list[Block]:
    """Legend entries in the number of columns that takes the fewest lines and breaks few of them, one block a row."""
    room = profile.usable_width_mm * POINTS_PER_MM
    size = profile.text_pt
    entries = [printable(entry) for entry in form.legend]
    if not entries:
        return []
    most = max(1, int(room // (_LEGEND_MM * POINTS_PER_MM)))
    choices = [_legend_rows(entries, room / count - _GAP, size, count) for count in range(1, most + 1)]
    rows = min(choices, key=_legend_cost)
    columns = choices.index(rows) + 1
    blocks = []
    for row in rows:
        marks: list[Mark] = []
        for i, lines in enumerate(row):
            marks.extend(Text(i * room / columns, size + n * size * 1.28, line, size) for n, line in enumerate(lines))
        blocks.append(Block(max(map(len, row)) * size * 1.28 + size * 0.18, tuple(marks)))
    return [*blocks, Block(size * 0.3, ())]


def _legend_cost(rows: Sequence[Sequence[tuple[str, ...]]]) -> float:
    """Lines, and a little for every entry that is broken."""
    return sum(max(map(len, row)) + sum(len(lines) > 1 for lines in row) / 4 for row in rows)


def _legend_rows(entries: Sequence[str], wide: float, size: float, columns: int) -> list[list[tuple[str, ...]]]:
    lines = [wrapped(entry, wide, size) for entry in entries]
    return [lines[start : start + columns] for start in range(0, len(lines), columns)]


def closing(form: Form, profile: PaperProfile) -> list[Block]:
    """Summary lines, note and signatures, to stand below the last row."""
    room = profile.usable_width_mm * POINTS_PER_MM
    size = profile.text_pt
    note = [labelled(Tongue(form.language)("备注")) + form.note] if form.note else []
    texts = [*form.summary, *([form.terms] if form.terms else []), *note]
    blocks = []
    for text in texts:
        lines = wrapped(printable(text), room, size)
        marks = tuple(Text(0, size * 1.35 + i * size * 1.28, line, size) for i, line in enumerate(lines))
        blocks.append(Block(len(lines) * size * 1.28 + size * 0.3, marks))
    if form.signatures:
        high = max(profile.row_mm, 5.5) * POINTS_PER_MM + size * 0.6
        blocks.append(_signatures(form.signatures, room, size, high=high))
    return blocks


def _signatures(signs: tuple[Signature, ...], room: float, size: float, *, high: float) -> Block:
    """Labels in as few rows as leave room to sign, all lines of a row equally long."""
    labels = [printable(labelled(sign.label)) for sign in signs]
    names = [printable(sign.name) for sign in signs]
    least = _SIGN_ROOM_MM * POINTS_PER_MM
    wanted = sum(width(label, size) + _GAP for label in labels) + sum(
        max(least, width(name, size) + _GAP) for name in names
    )
    rows = max(1, math.ceil(wanted / room))
    count = math.ceil(len(signs) / rows)
    rows = math.ceil(len(signs) / count)
    marks: list[Mark] = []
    line = least
    for row in range(rows):
        x, base = 0.0, (row + 1) * high - size * 0.35
        part = range(row * count, min(len(signs), (row + 1) * count))
        full = len(part) == count
        line = (room - sum(width(labels[i], size) for i in part)) / count - _GAP if full else line
        for i in part:
            start = x + width(labels[i], size)
            marks.append(Text(x, base, labels[i], size))
            marks.append(Line(start, base + size * 0.22, start + line, base + size * 0.22))
            if names[i]:
                marks.append(Text(start + 3, base, names[i], size))
            x = start + line + _GAP
    return Block(rows * high, tuple(marks))


def foot(form: Form, profile: PaperProfile, *, page: int, pages: int) -> Block:
    """The end of a page: the footer, then copies, who printed it, page of pages; two lines where one is too narrow."""
    room = profile.usable_width_mm * POINTS_PER_MM
    size = profile.text_pt - 1
    numbering = Tongue(form.language)("第 {page}/{pages} 页", page=page, pages=pages)
    copies, printed = printable(form.copies), printable(form.printed)
    one_line = sum(width(text, size) for text in (copies, printed, numbering)) + 2 * _GAP <= room
    words = wrapped(printable(form.footer), room, size) if form.footer else ()
    top = len(words) * size * 1.28
    high = size * 1.3
    last = (high if one_line or not printed else 2 * high) + _FOOT_GAP + top
    high = last if one_line else high + _FOOT_GAP + top
    base = last - size * 0.3
    marks: list[Mark] = [Text(0, (i + 1) * size * 1.28, line, size) for i, line in enumerate(words)]
    marks += [Text(0, base, copies, size), Text(room, base, numbering, size, align="right")]
    if printed and one_line:
        between = (width(copies, size) + room - width(numbering, size)) / 2
        marks.append(Text(between, base, printed, size, align="center"))
    elif printed:
        marks.append(Text(0, high - size * 0.3, printed, size))
    return Block(last, tuple(marks))
