"""Column types and the one MetaData: scaled integers for numbers, ISO dates, flags; the same on SQLite and PostgreSQL."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from decimal import Decimal
from functools import cache, lru_cache
from typing import Any

from sqlalchemy import (
    BigInteger,
    Column,
    Connection,
    Date,
    DateTime,
    Dialect,
    ForeignKey,
    Identity,
    Index,
    Integer,
    MetaData,
    SmallInteger,
    Text,
    TypeDecorator,
    event,
)
from sqlalchemy import column as column_named
from sqlalchemy.types import TypeEngine

from models.kernel.numbers import MONEY_PLACES, QUANTITY_PLACES, RATE_PLACES, scaled, unscaled

NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s",
    "pk": "pk_%(table_name)s",
}
metadata = MetaData(naming_convention=NAMING)

_KEPT = 65_536

Int = BigInteger().with_variant(Integer(), "sqlite")
Small = SmallInteger().with_variant(Integer(), "sqlite")


class Scaled(TypeDecorator[Decimal]):
    """A Decimal kept as a 64-bit integer of the given places; surplus digits are refused, never rounded."""

    impl = BigInteger
    cache_ok = True

    def __init__(self, places: int) -> None:
        super().__init__()
        self.places = places

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        return dialect.type_descriptor(Integer() if dialect.name == "sqlite" else BigInteger())

    def process_bind_param(self, value: Any, dialect: Dialect) -> int | None:
        return _stored(self.places)(value)

    def bind_processor(self, dialect: Dialect) -> Callable[[Any], int | None]:
        return _stored(self.places)

    def process_result_value(self, value: Any, dialect: Dialect) -> Decimal | None:
        return _decimals(self.places)(value)

    def result_processor(self, dialect: Dialect, coltype: object) -> Callable[[Any], Decimal | None]:
        return _decimals(self.places)

    def coerce_compared_value(self, op: Any, value: Any) -> Any:
        return self


class IsoDate(TypeDecorator[dt.date]):
    """A calendar date: ISO text on SQLite (its tables are STRICT), DATE on PostgreSQL."""

    impl = Text
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        return dialect.type_descriptor(Text() if dialect.name == "sqlite" else Date())

    def process_bind_param(self, value: Any, dialect: Dialect) -> Any:
        return _written(value) if dialect.name == "sqlite" else value

    def bind_processor(self, dialect: Dialect) -> Callable[[Any], str | None] | None:
        return _written if dialect.name == "sqlite" else None

    def process_result_value(self, value: Any, dialect: Dialect) -> dt.date | None:
        return _date(value)

    def result_processor(self, dialect: Dialect, coltype: object) -> Callable[[Any], dt.date | None]:
        return _date


class Stamp(TypeDecorator[dt.datetime]):
    """A moment in UTC: ISO text on SQLite, timestamptz on PostgreSQL."""

    impl = Text
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        return dialect.type_descriptor(Text() if dialect.name == "sqlite" else DateTime(timezone=True))

    def process_bind_param(self, value: Any, dialect: Dialect) -> Any:
        return _stamped(value) if dialect.name == "sqlite" else value

    def bind_processor(self, dialect: Dialect) -> Callable[[Any], str | None] | None:
        return _stamped if dialect.name == "sqlite" else None

    def process_result_value(self, value: Any, dialect: Dialect) -> dt.datetime | None:
        return _moment(value)

    def result_processor(self, dialect: Dialect, coltype: object) -> Callable[[Any], dt.datetime | None]:
        return _moment


class Flag(TypeDecorator[bool]):
    """Yes or no, kept as 1 or 0."""

    impl = SmallInteger
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        return dialect.type_descriptor(Integer() if dialect.name == "sqlite" else SmallInteger())

    def process_bind_param(self, value: Any, dialect: Dialect) -> int | None:
        return None if value is None else int(value)

    def process_result_value(self, value: Any, dialect: Dialect) -> bool | None:
        return _flag(value)

    def result_processor(self, dialect: Dialect, coltype: object) -> Callable[[Any], bool | None]:
        return _flag


@cache
def _stored(places: int) -> Callable[[Any], int | None]:
    """Makes stored integers, the last ones kept as those that are read."""

    @lru_cache(maxsize=_KEPT)
    def store(value: Any) -> int | None:
        return None if value is None else scaled(value if isinstance(value, Decimal) else Decimal(value), places)

    return store


@cache
def _decimals(places: int) -> Callable[[Any], Decimal | None]:
    """Reads stored integers; rows repeat their numbers, so the last ones are kept instead of made again."""

    @lru_cache(maxsize=_KEPT)
    def read(value: Any) -> Decimal | None:
        return None if value is None else unscaled(value, places)

    return read


@lru_cache(maxsize=_KEPT)
def _written(value: Any) -> str | None:
    return None if value is None else value.isoformat()


@lru_cache(maxsize=_KEPT)
def _date(value: Any) -> dt.date | None:
    made: dt.date | None = dt.date.fromisoformat(value) if isinstance(value, str) else value
    return made


def _stamped(value: dt.datetime | None) -> str | None:
    # Not kept: moments that are equal read differently in another zone.
    return None if value is None else value.isoformat(timespec="milliseconds")


def _moment(value: Any) -> dt.datetime | None:
    made: dt.datetime | None = dt.datetime.fromisoformat(value) if isinstance(value, str) else value
    return made


@lru_cache(maxsize=8)
def _flag(value: Any) -> bool | None:
    return None if value is None else bool(value)


MoneyType = Scaled(MONEY_PLACES)
QuantityType = Scaled(QUANTITY_PLACES)
RateType = Scaled(RATE_PLACES)


def key_column() -> Column[int]:
    """The surrogate key that every table starts with; application code may give the value in bulk inserts."""
    return Column("id", Int, Identity(always=False), primary_key=True)


def where_given(table: str, column: str) -> Index:
    """An index over the rows where a column has a value; most rows of these columns have none."""
    given = column_named(column).is_not(None)
    made = Index(f"ix_{table}_{column}", column, sqlite_where=given)

    # Said only where such an index is made: to hear the word, SQLAlchemy loads its PostgreSQL with every driver.
    def said(index: Index, conn: Connection, **_told: Any) -> None:
        if conn.dialect.name == "postgresql":
            index.dialect_kwargs["postgresql_where"] = given

    event.listen(made, "before_create", said)
    return made


def reference(name: str, target: str, *, nullable: bool = False, index: bool = False) -> Column[Any]:
    """A foreign key column to target ("table.column")."""
    return Column(name, Int, ForeignKey(target), nullable=nullable, index=index)
