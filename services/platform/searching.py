"""Texts in SQL: found anywhere in a column, and put in the order of the window."""

from __future__ import annotations

from typing import Any, Final

from sqlalchemy import ColumnElement, Connection, func

ENCODING: Final = "GB18030"
"""its bytes stand in pinyin order for the common characters"""


def escape_like(text: str) -> str:
    """A text to look for anywhere, its wildcards taken literally (escape character /)."""
    return "%" + text.replace("/", "//").replace("%", "/%").replace("_", "/_") + "%"


def contains(conn: Connection, column: ColumnElement[Any], text: str) -> ColumnElement[bool]:
    """Whether a text occurs in a column, large and small letters alike.

    SQLite's own LIKE takes them alike already; the lower() that ilike would put around both sides doubles its time.
    """
    pattern = escape_like(text)
    sqlite = conn.dialect.name == "sqlite"
    return column.like(pattern, escape="/") if sqlite else column.ilike(pattern, escape="/")


def by_pinyin(conn: Connection, column: ColumnElement[Any]) -> ColumnElement[Any]:
    """What sorts a text as the grids do: Chinese by pinyin, large and small letters alike.

    PostgreSQL brings convert_to; a connection to SQLite is given it here.
    """
    if conn.dialect.name == "sqlite":
        raw: Any = conn.connection.driver_connection
        raw.create_function("convert_to", 2, _convert_to, deterministic=True)
    return func.convert_to(func.lower(column), ENCODING)


def _convert_to(text: str | None, encoding: str) -> bytes | None:
    return None if text is None else text.encode(encoding, "replace")
