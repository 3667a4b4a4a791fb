"""Many rows into a table at once, with the types of its columns and without the cost of a compiled statement a row."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from typing import Any

from sqlalchemy import Connection, Dialect, Table

from services.platform.prepared import drive


def bulk_insert(conn: Connection, table: Table, rows: Sequence[Mapping[str, Any]]) -> None:
    """Adds rows through the driver's executemany, each value through its column's type once.

    The compiled insert of SQLAlchemy costs three times as much for many rows; types and statement are the same.
    """
    if not rows:
        return
    keys = tuple(rows[0])
    statement, converters = _prepared(conn.dialect, table, keys)
    columns = []
    for key, convert in zip(keys, converters, strict=True):
        values = [row[key] for row in rows]
        columns.append(values if convert is None else list(map(_Converted(convert).__getitem__, values)))
    drive(conn, statement, list(zip(*columns, strict=True)), many=True)


@lru_cache(maxsize=200)
def _prepared(dialect: Dialect, table: Table, keys: tuple[str, ...]) -> tuple[str, list[Callable[[Any], Any] | None]]:
    """The statement, and what turns a value of each column into what is stored; made once for a table and its keys."""
    mark = "?" if dialect.name == "sqlite" else "%s"
    quoted = dialect.identifier_preparer.quote
    names = ", ".join(quoted(key) for key in keys)
    statement = f"insert into {quoted(table.name)} ({names}) values ({', '.join([mark] * len(keys))})"  # noqa: S608 names of our own tables
    return statement, [table.c[key].type.dialect_impl(dialect).bind_processor(dialect) for key in keys]


class _Converted(dict[Any, Any]):
    """Values of a column with what is stored for them; many rows share few values, each is converted once."""

    def __init__(self, convert: Callable[[Any], Any]) -> None:
        super().__init__()
        self._convert = convert

    def __missing__(self, value: Any) -> Any:
        self[value] = made = self._convert(value)
        return made
