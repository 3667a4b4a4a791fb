"""Shape of an exchange sheet: its columns, declared once for import, template, export and paste."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

ColumnType = Literal[
    "text", "code", "integer", "quantity", "money", "price", "rate", "usage", "date", "period", "choice", "flag"
]


@dataclass(frozen=True, slots=True)
class SheetColumn:
    """A column: English key, Chinese title, type, default for a blank cell, bounds, and one line of help."""

    key: str
    title: str
    type: ColumnType = "text"
    required: bool = False
    choices: Mapping[str, str] | None = None
    default: str = ""
    minimum: str = ""
    above: str = ""
    maximum: str = ""
    below: str = ""
    refers_to: str = ""
    help: str = ""
    aliases: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Sheet:
    """A sheet of the exchange contract. key: the columns that identify a master row; header: those that belong to the document head.

    carried: columns whose blank cells repeat the value above within a document, though lines may differ.
    """

    name: str
    title: str
    group: Literal["master", "document", "result"]
    columns: tuple[SheetColumn, ...]
    key: tuple[str, ...] = ()
    header: tuple[str, ...] = ()
    carried: tuple[str, ...] = ()
    document_type: str = ""

    def column(self, key: str) -> SheetColumn:
        """The column of that key; KeyError if there is none."""
        return (
            next(c for c in self.columns if c.key == key) if any(c.key == key for c in self.columns) else _missing(key)
        )


def _missing(key: str) -> SheetColumn:
    raise KeyError(key)
