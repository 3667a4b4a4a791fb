"""Many rows into a table at once, with the types of its columns and without the cost of a compiled statement a row."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import lru_cache
from operator import itemgetter
from typing import Any

from sqlalchemy import Connection, Dialect, Table

from services.platform.prepared import drive

_FEW = 10
"""rows below which keeping what was converted costs more than it saves"""


def bulk_insert(conn: Connection, table: Table, rows: Sequence[Mapping[str, Any]]) -> None:
    """Adds rows through the driver's executemany, each value through its column's type once.

    The compiled insert of SQLAlchemy costs three times as much for many rows; types and statement are the same.
    """
    if not rows:
        return
    statement, converters, values_of = _prepared(conn.dialect, table, tuple(rows[0]))
    columns: list[Iterable[Any]] = list(zip(*map(values_of, rows), strict=True))
    for place, convert in converters:
        columns[place] = map(convert if len(rows) < _FEW else _Converted(convert).__getitem__, columns[place])
    drive(conn, statement, list(zip(*columns, strict=True)), many=True)


@lru_cache(maxsize=200)
def _prepared(
    dialect: Dialect, table: Table, keys: tuple[str, ...]
) -> tuple[str, list[tuple[int, Callable[[Any], Any]]], Callable[[Mapping[str, Any]], Sequence[Any]]]:
    """Made once for a table and its keys: the statement, what turns values into what is stored by place, what takes them from a row."""
    mark = "?" if dialect.name == "sqlite" else "%s"
    quoted = dialect.identifier_preparer.quote
    names = ", ".join(quoted(key) for key in keys)
    statement = f"insert into {quoted(table.name)} ({names}) values ({', '.join([mark] * len(keys))})"  # noqa: S608 names of our own tables
    converters = [table.c[key].type.dialect_impl(dialect).bind_processor(dialect) for key in keys]
    return statement, [(place, how) for place, how in enumerate(converters) if how is not None], _getter(keys)


def _getter(keys: tuple[str, ...]) -> Callable[[Mapping[str, Any]], Sequence[Any]]:
    if len(keys) == 1:
        return lambda row: (row[keys[0]],)
    getter: Callable[[Mapping[str, Any]], Sequence[Any]] = itemgetter(*keys)
    return getter


class _Converted(dict[Any, Any]):
    """Values of a column with what is stored for them; many rows share few values, each is converted once."""

    def __init__(self, convert: Callable[[Any], Any]) -> None:
        super().__init__()
        self._convert = convert

    def __missing__(self, value: Any) -> Any:
        self[value] = made = self._convert(value)
        return made
