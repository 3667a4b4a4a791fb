"""Blocks of cells to and from Excel, WPS and LibreOffice: TSV with quotes, and an HTML table that keeps text as text."""

from __future__ import annotations

import html
from collections.abc import Sequence
from typing import NamedTuple

from PySide6.QtCore import QMimeData
from PySide6.QtGui import QStandardItemModel

from services.platform.api import guarded, unguarded

TEXT_STYLE = "mso-number-format:'\\@'"
DATE_STYLE = "mso-number-format:'yyyy\\-mm\\-dd'"
LINE_BREAK = '<br style="mso-data-placement:same-cell">'


def to_tsv(rows: Sequence[Sequence[str]]) -> str:
    """Tab separated; a cell with tab, quote or newline is quoted as Excel does."""
    return "\r\n".join("\t".join(_quoted(cell) for cell in row) for row in rows)


def to_html(rows: Sequence[Sequence[str]], kinds: Sequence[str], titles: Sequence[str] = ()) -> str:
    """A table; kinds per column: 'number' stays a number, 'date' a date, anything else is text, so 00123 keeps its zeros."""
    body = "".join(
        "<tr>" + "".join(_html_cell(cell, kind) for cell, kind in zip(row, kinds, strict=True)) + "</tr>"
        for row in rows
    )
    return html_page(body, titles)


def html_page(body: str, titles: Sequence[str] = ()) -> str:
    """Table rows as a page, under their titles."""
    head = "<tr>" + "".join(f"<th>{html.escape(title)}</th>" for title in titles) + "</tr>" if titles else ""
    return f'<html><head><meta charset="utf-8"></head><body><table>{head}{body}</table></body></html>'


class Forms(NamedTuple):
    """A cell, or a block, as it goes to a text editor and as it goes to Excel."""

    text: str
    page: str


def forms_of(cell: str, kind: str) -> Forms:
    """Both forms of one cell; in the text what looks like a formula has an apostrophe."""
    return Forms(_quoted(_guarded(cell, kind)), _html_cell(cell, kind))


def mime_of(rows: Sequence[Sequence[str]], kinds: Sequence[str], titles: Sequence[str] = ()) -> QMimeData:
    """Both forms at once: Excel takes the HTML, a text editor the TSV, where text that looks like a formula has an apostrophe."""
    data = carrier()
    table = [[_guarded(cell, kind) for cell, kind in zip(row, kinds, strict=True)] for row in rows]
    data.setText(to_tsv([list(titles), *table] if titles else table))
    data.setHtml(to_html(rows, kinds, titles))
    return data


def carrier() -> QMimeData:
    """A QMimeData that Qt made: one made here is asked of Python when the clipboard lets go of it after the end, which crashes."""
    model = QStandardItemModel(1, 1)
    data = model.mimeData([model.index(0, 0)])
    for form in data.formats():
        data.removeFormat(form)
    return data


def _html(cell: str) -> str:
    """A cell's text; a line break stays one in the same cell of Excel, blanks beside each other are kept."""
    text = html.escape(cell)
    if "\n" in text:
        text = text.replace("\n", LINE_BREAK)
    return text.replace("  ", "&nbsp; ") if "  " in text else text


def _html_cell(cell: str, kind: str) -> str:
    style = "" if kind == "number" else f' style="{DATE_STYLE}"' if kind == "date" else f' style="{TEXT_STYLE}"'
    return f"<td{style}>{_html(cell)}</td>"


def _guarded(cell: str, kind: str) -> str:
    return guarded(cell) if kind == "text" else cell


def pasted(text: str) -> list[list[str]]:
    """Rows of a pasted block as they were copied: the apostrophe before what looks like a formula is taken off again."""
    return [[unguarded(cell) for cell in row] for row in from_tsv(text)]


def from_tsv(text: str) -> list[list[str]]:
    """Rows of a pasted block: quoted cells may hold tabs, doubled quotes and newlines; one trailing newline is no row.

    A quote that does not open a cell (`5" pipe`) is text; an unclosed one is read as written.
    """
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\x00", "")
    text = text.removesuffix("\n")
    if not text:
        return []
    rows: list[list[str]] = [[]]
    position = 0
    while position <= len(text):
        cell, position, end = _next_cell(text, position)
        rows[-1].append(cell)
        if end == "\n":
            rows.append([])
        elif end == "":
            break
    return rows


def _next_cell(text: str, start: int) -> tuple[str, int, str]:
    if start < len(text) and text[start] == '"':
        closed = _quoted_cell(text, start)
        if closed is not None:
            return closed
    stop = start
    while stop < len(text) and text[stop] not in "\t\n":
        stop += 1
    return text[start:stop], stop + 1, text[stop] if stop < len(text) else ""


def _quoted_cell(text: str, start: int) -> tuple[str, int, str] | None:
    position = start + 1
    parts: list[str] = []
    while True:
        quote = text.find('"', position)
        if quote < 0:
            return None
        parts.append(text[position:quote])
        if text[quote + 1 : quote + 2] == '"':
            parts.append('"')
            position = quote + 2
            continue
        end = text[quote + 1 : quote + 2]
        if end not in ("", "\t", "\n"):
            return None
        return "".join(parts), quote + 2, end


def _quoted(cell: str) -> str:
    if any(mark in cell for mark in '\t\n\r"'):
        return '"' + cell.replace('"', '""') + '"'
    return cell
