"""What stands on a printed form: header, tables, signatures; frozen text, whatever the document type."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from services.platform.tongues import SOURCE

Align = Literal["left", "right", "center"]
ColumnKind = Literal["text", "tick"]

COPIES_OF_THREE = "白存根 红财务 黄车间"


@dataclass(frozen=True, slots=True)
class Field:
    """One header entry, printed as label：value; weight is its share of the row's width.

    key: what templates call it; without one it always stands. spare: offered to templates, not printed without one.
    """

    label: str
    value: str = ""
    weight: float = 1
    strong: bool = False
    key: str = ""
    spare: bool = False

    @property
    def text(self) -> str:
        """Label and value as they are printed."""
        return f"{labelled(self.label)}{self.value}" if self.label else self.value


@dataclass(frozen=True, slots=True)
class Column:
    """A table column.

    weight: its share of the width left over; minimum_mm: room to write by hand; whole: never broken over two lines
    (codes, numbers); a tick column prints an empty box in every row. width_mm: exactly so wide, 0 by content.
    key: what templates call it; columns without one always stand, before all others. spare: offered to templates, not
    printed without one. grouped: one of several that templates see as one; it keeps its own title.
    """

    title: str
    weight: float = 1
    align: Align = "left"
    whole: bool = False
    strong: bool = False
    minimum_mm: float = 0
    kind: ColumnKind = "text"
    width_mm: float = 0
    key: str = ""
    spare: bool = False
    grouped: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """Rows of cells, as many in each as there are columns.

    totals: its first cell is the label, which runs on over the empty cells right of it. on_new_page: begins a part
    of its own, with its own signatures. name: what templates call it.
    """

    columns: tuple[Column, ...]
    rows: tuple[tuple[str, ...], ...]
    title: str = ""
    totals: tuple[str, ...] = ()
    on_new_page: bool = False
    name: str = ""

    def __post_init__(self) -> None:
        width = len(self.columns)
        for row in (*self.rows, *((self.totals,) if self.totals else ())):
            if len(row) != width:
                raise ValueError(f"a row of {len(row)} cells in a table of {width} columns")


@dataclass(frozen=True, slots=True)
class Signature:
    """A place to sign: 发料人____, or with the name already known."""

    label: str
    name: str = ""


@dataclass(frozen=True, slots=True)
class Form:
    """One document as it leaves the printer.

    fields stand on every page, legend on the first; summary and note stand below the last row, before the signatures.
    language: labels, titles, mark, copies, terms and footer that are words of the program are printed in it; values stay as they
    are. terms: the sentence of conditions below the summary. mark: a word in a frame at the top left (未审核, 补打); printed: who
    printed it, when, how often, by the caller. footer: on every page above its last line. logo: PNG or JPEG, logo_mm high.
    """

    company: str
    title: str
    number: str
    fields: tuple[tuple[Field, ...], ...] = ()
    tables: tuple[Table, ...] = ()
    legend: tuple[str, ...] = ()
    summary: tuple[str, ...] = ()
    note: str = ""
    signatures: tuple[Signature, ...] = ()
    copies: str = COPIES_OF_THREE
    mark: str = ""
    printed: str = ""
    terms: str = ""
    footer: str = ""
    barcode: bool = True
    logo: bytes = b""
    logo_mm: float = 0
    language: str = SOURCE

    def texts(self) -> tuple[str, ...]:
        """Every piece of text on the form, to look for characters that the font lacks."""
        found = [self.company, self.title, self.number, self.note, self.copies]
        found.extend((self.mark, self.printed, self.terms, self.footer))
        found.extend((*self.legend, *self.summary))
        found.extend(entry.text for row in self.fields for entry in row)
        found.extend(text for sign in self.signatures for text in (sign.label, sign.name))
        for table in self.tables:
            found.append(table.title)
            found.extend(column.title for column in table.columns)
            found.extend(cell for row in (*table.rows, table.totals) for cell in row)
        return tuple(found)


def labelled(label: str) -> str:
    """A label before its value: 日期： as Chinese is set, "Date: " as other languages are."""
    return f"{label}: " if label.isascii() else f"{label}："


def signatures(*labels: str) -> tuple[Signature, ...]:
    """Empty places to sign."""
    return tuple(Signature(label) for label in labels)


def totals_row(columns: Sequence[Column], label: str, sums: dict[int, str]) -> tuple[str, ...]:
    """A totals row: the label in the first column, sums by column position."""
    cells = [""] * len(columns)
    cells[0] = label
    for position, text in sums.items():
        cells[position] = text
    return tuple(cells)
