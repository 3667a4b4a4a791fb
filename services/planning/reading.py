"""Rows out of the books as plain columns: stored integers stay integers, dates become ordinals."""

from __future__ import annotations

import datetime as dt
import gc
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import numpy as np
from sqlalchemy import BigInteger, ColumnElement, Connection, Select, Text, type_coerce

from services.planning.engine.model import I64


@contextmanager
def no_collection() -> Iterator[None]:
    """Half a million new tuples would make the garbage collector walk them all several times, for nothing."""
    was = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was:
            gc.enable()


def number(column: Any) -> ColumnElement[Any]:
    """The stored integer of a scaled column."""
    return type_coerce(column, BigInteger)


def date(column: Any) -> ColumnElement[Any]:
    """A date as the driver gives it, for `ordinals`."""
    return type_coerce(column, Text)


def columns(conn: Connection, query: Select[*tuple[Any, ...]]) -> list[Sequence[Any]]:
    """The result column by column as the driver gives it; a column without rows is empty."""
    width = len(query.selected_columns)
    # The driver's own rows: making SQLAlchemy's of half a million costs as much as reading them.
    cursor: Any = conn.execute(query).cursor
    rows = cursor.fetchall()
    cursor.close()
    return list(zip(*rows, strict=True)) if rows else [()] * width


def integers(values: Iterable[Any], *, none: int = 0) -> I64:
    """Integers, with `none` for missing ones."""
    every = values if isinstance(values, Sequence) else list(values)
    try:
        return np.array(every, dtype=np.int64)
    except TypeError:
        return np.array([none if value is None else value for value in every], dtype=np.int64)


def flags(values: Iterable[Any]) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
    """Truth values."""
    return np.array(values if isinstance(values, Sequence) else list(values), dtype=bool)


def ordinals(values: Sequence[Any], *, none: int = 0) -> I64:
    """Days as proleptic ordinals; ISO texts (SQLite) and dates (PostgreSQL) alike."""
    known = {value: _ordinal(value, none) for value in set(values)}
    return np.array([known[value] for value in values], dtype=np.int64)


def _ordinal(value: Any, none: int) -> int:
    if value is None:
        return none
    return (dt.date.fromisoformat(value) if isinstance(value, str) else value).toordinal()
