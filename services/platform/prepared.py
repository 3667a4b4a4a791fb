"""Statements that every posting runs: compiled once, then given to the driver as text.

What SQLAlchemy does around a statement costs five times what SQLite takes for a handful of rows. The statement is still
written with its tables and columns; listeners, stops and errors are those of Connection.execute.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from sqlalchemy import (
    ARRAY,
    BigInteger,
    BindParameter,
    ColumnElement,
    Connection,
    Dialect,
    Select,
    Text,
    TypeDecorator,
    bindparam,
)
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.dml import UpdateBase
from sqlalchemy.sql.functions import FunctionElement
from sqlalchemy.types import NullType, TypeEngine

Row = tuple[Any, ...]
Convert = Callable[[Any], Any]
_FEW = 10
"""rows below which one row after the other is quicker than one column after the other"""


class _Keys(TypeDecorator[Sequence[Any]]):
    """Many keys in one parameter, so that a statement reads the same for any number of them: JSON on SQLite, an array on PostgreSQL."""

    impl = Text
    cache_ok = True

    def __init__(self, *, words: bool) -> None:
        super().__init__()
        self.words = words

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        own = ARRAY(Text() if self.words else BigInteger())
        return dialect.type_descriptor(Text() if dialect.name == "sqlite" else own)

    def process_bind_param(self, value: Any, dialect: Dialect) -> Any:
        keys = list(value)
        if dialect.name != "sqlite":
            return keys
        return json.dumps(keys) if self.words else str(keys)


class _Among(FunctionElement[Any]):
    """Without a type: to a boolean SQLAlchemy would add "= 1" on SQLite, which no index serves."""

    inherit_cache = True
    type = NullType()


@compiles(_Among, "sqlite")
def _among_sqlite(element: _Among, compiler: Any, **options: Any) -> str:
    column, keys = (compiler.process(clause, **options) for clause in element.clauses)
    return f"{column} in (select value from json_each({keys}))"  # noqa: S608 a column and a parameter


@compiles(_Among, "postgresql")
def _among_postgresql(element: _Among, compiler: Any, **options: Any) -> str:
    column, keys = (compiler.process(clause, **options) for clause in element.clauses)
    return f"{column} = any ({keys})"


def among(column: ColumnElement[Any], name: str = "keys") -> ColumnElement[bool]:
    """Whether a column is one of the keys given under a name; whole numbers, or text where the column is text."""
    keys: BindParameter[Any] = bindparam(name, type_=_Keys(words=isinstance(column.type, Text)))
    return _Among(column, keys)


def _same(value: Any) -> Any:
    return value


class Prepared:
    """A statement to be run again and again. Its parameters are given by name, its rows come back as plain tuples."""

    def __init__(self, statement: Select[Any] | UpdateBase) -> None:
        self._statement = statement
        self._made: dict[str, _Compiled] = {}

    def rows(self, conn: Connection, **given: Any) -> list[Row]:
        """Runs it and reads all rows, each value through its column's type."""
        made = self._for(conn.dialect)
        return made.read(drive(conn, made.text, made.values(given)))

    def run(self, conn: Connection, **given: Any) -> None:
        """Runs it for what it does."""
        made = self._for(conn.dialect)
        drive(conn, made.text, made.values(given))

    def many(self, conn: Connection, rows: Sequence[Mapping[str, Any]]) -> None:
        """Runs it once for each row of parameters, as one executemany."""
        made = self._for(conn.dialect)
        if rows:
            drive(conn, made.text, [made.values(row) for row in rows], many=True)

    def _for(self, dialect: Dialect) -> _Compiled:
        made = self._made.get(dialect.name)
        if made is None:
            made = self._made[dialect.name] = _Compiled(self._statement, dialect)
        return made


class _Compiled:
    """A statement as one kind of database takes it, with what turns values to and from what is stored."""

    def __init__(self, statement: Select[Any] | UpdateBase, dialect: Dialect) -> None:
        compiled: Any = statement.compile(dialect=dialect)
        self.text: str = compiled.string
        self._order: Sequence[str] | None = compiled.positiontup if compiled.positional else None
        into: dict[str, Convert | None] = {
            name: bind.type.dialect_impl(dialect).bind_processor(dialect) for name, bind in compiled.binds.items()
        }
        fixed = {name: bind.effective_value for name, bind in compiled.binds.items() if not bind.required}
        self._into = {name: _same if convert is None else convert for name, convert in into.items()}
        self._fixed = {name: self._into[name](value) for name, value in fixed.items()}
        columns = statement.selected_columns if isinstance(statement, Select) else statement.exported_columns
        out = (column.type.dialect_impl(dialect).result_processor(dialect, None) for column in columns)
        self._out: list[tuple[int, Convert]] = [(place, how) for place, how in enumerate(out) if how is not None]

    def values(self, given: Mapping[str, Any]) -> Any:
        """The parameters as the driver takes them."""
        stored, into = self._fixed.copy(), self._into
        for name, value in given.items():
            stored[name] = into[name](value)
        return stored if self._order is None else [stored[name] for name in self._order]

    def read(self, rows: list[Row]) -> list[Row]:
        """Rows as the driver gave them, each value through its column's type."""
        if not rows or not self._out:
            return rows
        if len(rows) < _FEW:
            return [self._row(list(row)) for row in rows]
        columns: list[Any] = list(zip(*rows, strict=True))
        for place, convert in self._out:
            columns[place] = map(convert, columns[place])
        return list(zip(*columns, strict=True))

    def _row(self, values: list[Any]) -> Row:
        for place, convert in self._out:
            values[place] = convert(values[place])
        return tuple(values)


def drive(conn: Connection, statement: str, values: Any, *, many: bool = False) -> list[Row]:
    """Gives a statement to the driver and reads all its rows; many: values are a row of them each.

    Raises:
        DBAPIError: the driver's error, as Connection.execute raises it.
    """
    cursor: Any = conn.connection.cursor()
    dialect: Any = conn.dialect
    try:
        for listener in conn.dispatch.before_cursor_execute:
            statement, values = listener(conn, cursor, statement, values, None, many)
        (cursor.executemany if many else cursor.execute)(statement, values)
        for listener in conn.dispatch.after_cursor_execute:
            listener(conn, cursor, statement, values, None, many)
        return cursor.fetchall() if cursor.description else []
    except dialect.loaded_dbapi.Error as error:
        lost = dialect.is_disconnect(error, conn.connection, cursor)
        told = DBAPIError.instance(
            statement, values, error, dialect.loaded_dbapi.Error, connection_invalidated=lost, dialect=dialect
        )
        if lost:
            conn.invalidate(error)
        raise told from error
    finally:
        cursor.close()
