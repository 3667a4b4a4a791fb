"""What a proof of the books is: its name, the rows it looked at, and the rows that break it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Select, func, select
from sqlalchemy.sql import FromClause

from services.platform.messages import shown, text


@dataclass(frozen=True, slots=True)
class Broken:
    """A row that breaks an invariant: what it is about, and its figures by name."""

    where: str
    figures: Mapping[str, object]

    def __str__(self) -> str:
        return " ".join([self.where, *(f"{name}={shown(value)}" for name, value in self.figures.items())])


@dataclass(frozen=True, slots=True)
class Found:
    """How many rows a proof looked at, and those that break it."""

    counted: int
    broken: tuple[Broken, ...] = ()

    def __add__(self, other: Found) -> Found:
        return Found(self.counted + other.counted, self.broken + other.broken)


@dataclass(frozen=True, slots=True)
class Proof:
    """An invariant of the books: I01 … as docs number them, the code of its sentence, and the query that proves it."""

    code: str
    sentence: str
    run: Callable[[Connection], Found]


@dataclass(frozen=True, slots=True)
class Finding:
    """What one proof found; no broken rows means that the invariant holds."""

    code: str
    sentence: str
    counted: int
    broken: tuple[Broken, ...]

    @property
    def title(self) -> str:
        """The invariant in Chinese."""
        return self.titled("zh")

    @property
    def holds(self) -> bool:
        """Whether no row breaks the invariant."""
        return not self.broken

    def titled(self, lang: str) -> str:
        """The invariant in a language."""
        return text(self.sentence, lang)


def rows_of(conn: Connection, *tables: FromClause) -> int:
    """How many rows the given tables hold together."""
    return sum(conn.execute(select(func.count()).select_from(table)).scalar_one() for table in tables)


def offending(conn: Connection, query: Select[Any], label: Callable[[Any], str] | None = None) -> tuple[Broken, ...]:
    """The rows of a query that finds what is wrong. label: what a row is about; else its first column says so."""
    made = []
    for row in conn.execute(query).mappings():
        figures = dict(row)
        first = figures.pop(next(iter(figures)))
        made.append(Broken(label(first) if label else str(first), figures))
    return tuple(made)


def collect(rows: Iterable[tuple[str, Mapping[str, object]]]) -> tuple[Broken, ...]:
    """Broken rows from pairs of label and figures."""
    return tuple(Broken(where, dict(figures)) for where, figures in rows)
