"""What a form template says, and what a document type offers to it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

FORMAT = "gongfang.print_template"
VERSION = 1


@dataclass(frozen=True, slots=True)
class Paper:
    """A sheet and its margins in mm, to 0.1 mm."""

    width_mm: float
    height_mm: float
    left_mm: float
    right_mm: float
    top_mm: float
    bottom_mm: float


@dataclass(frozen=True, slots=True)
class ShownField:
    """A header field: its row from 1, its share of the row, whether it is printed; the order in the list is that in the row."""

    key: str
    label: str
    row: int = 1
    weight: float = 1
    shown: bool = True


@dataclass(frozen=True, slots=True)
class ShownColumn:
    """A column of a table, in the order of the list; width_mm 0: as wide as its content needs."""

    key: str
    title: str
    width_mm: float = 0
    shown: bool = True


@dataclass(frozen=True, slots=True)
class Template:
    """One way to print a document type.

    rows_per_page None: as many as fit; fills: blank rows up to that number. logo_mm 0 prints no logo; logo: the template's own
    picture, else the company's is printed. columns: by table name. language: what the form is printed in, "" the language of who
    prints it; texts that nobody changed are kept in Chinese and looked up when it is printed.
    """

    type: str
    name: str
    title: str
    paper: Paper
    head: tuple[ShownField, ...] = ()
    columns: Mapping[str, tuple[ShownColumn, ...]] = field(default_factory=dict)
    rows_per_page: int | None = None
    fills: bool = True
    row_mm: float = 6
    text_pt: float = 9
    signatures: tuple[str, ...] = ()
    copies: str = ""
    terms: str = ""
    footer: str = ""
    barcode: bool = True
    in_words: bool = True
    logo_mm: float = 12
    logo: bytes = b""
    language: str = ""


@dataclass(frozen=True, slots=True)
class OfferedTable:
    """A table of a document type: its name, title and columns; needs: least width of each column in mm at the least letters."""

    name: str
    title: str
    columns: tuple[ShownColumn, ...]
    needs: Mapping[str, float]
    fixed_mm: float
    """what the columns take that always stand"""


@dataclass(frozen=True, slots=True)
class Offered:
    """What a document type can print: every field and column, shown as the program prints it by itself."""

    type: str
    title: str
    head: tuple[ShownField, ...]
    tables: tuple[OfferedTable, ...]
    signatures: tuple[str, ...]
    copies: str
    terms: str
    words: bool
    """whether an amount can be repeated in words"""
    across: bool = False
    """whether its stock template for A4 lies across"""
    roomy: tuple[str, ...] = ()
    """columns that stock templates leave out on small paper"""

    def table(self, name: str) -> OfferedTable | None:
        """The table of that name."""
        return next((table for table in self.tables if table.name == name), None)
