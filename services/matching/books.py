"""Items and aliases of a book, indexed in memory and kept as long as nothing about them changed."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar
from weakref import WeakKeyDictionary

from sqlalchemy import Connection, Engine, Table, func, select

from models.masterdata.tables import item, item_alias, unit
from services.matching.engine.folding import fold
from services.matching.engine.index import Alias, AliasIndex, Entry, ItemIndex

T = TypeVar("T")
State = tuple[Any, ...]


@dataclass(slots=True)
class _Kept(Generic[T]):
    """A value and the state of the tables it was made from."""

    state: State = ()
    value: T | None = None


@dataclass(slots=True)
class _Book:
    """What is kept of one book."""

    items: _Kept[ItemIndex] = field(default_factory=_Kept)
    aliases: _Kept[AliasIndex] = field(default_factory=_Kept)
    units: _Kept[frozenset[str]] = field(default_factory=_Kept)
    lock: threading.Lock = field(default_factory=threading.Lock)


_books: WeakKeyDictionary[Engine, _Book] = WeakKeyDictionary()
_guard = threading.Lock()


def known(conn: Connection) -> tuple[ItemIndex, AliasIndex, frozenset[str]]:
    """Items, aliases and folded unit words; read again only when the tables changed."""
    with _guard:
        book = _books.setdefault(conn.engine, _Book())
    with book.lock:
        units = _current(book.units, _state(conn, unit), lambda: _read_units(conn))
        items = _current(book.items, (*_state(conn, item), *_state(conn, unit)), lambda: _read_items(conn))
        aliases = _current(book.aliases, _state(conn, item_alias), lambda: _read_aliases(conn))
    return items, aliases, units


def _current(kept: _Kept[T], state: State, read: Callable[[], T]) -> T:
    if kept.value is None or kept.state != state:
        kept.value = read()
        kept.state = state
    return kept.value


def _state(conn: Connection, table: Table) -> State:
    """Changes whenever a record is added, changed (its version grows) or deleted."""
    columns = func.count(), func.coalesce(func.max(table.c.id), 0), func.coalesce(func.sum(table.c.version), 0)
    return tuple(int(value) for value in conn.execute(select(*columns)).one())


def _read_items(conn: Connection) -> ItemIndex:
    query = (
        select(
            item.c.id, item.c.code, item.c.name, item.c.spec, item.c.barcode, item.c.pinyin,
            unit.c.code.label("unit"), unit.c.name.label("unit_name"), unit.c.decimals,
        )
        .join_from(item, unit, unit.c.id == item.c.unit_id)
        .where(item.c.enabled == True)  # noqa: E712 SQL expression
        .order_by(item.c.code)
    )  # fmt: skip
    return ItemIndex(Entry(*row) for row in conn.execute(query))


def _read_aliases(conn: Connection) -> AliasIndex:
    query = select(item_alias.c.alias, item_alias.c.item_id, item_alias.c.partner_id, item_alias.c.uses)
    return AliasIndex(Alias(text, item_id, partner or 0, uses) for text, item_id, partner, uses in conn.execute(query))


def _read_units(conn: Connection) -> frozenset[str]:
    rows = conn.execute(select(unit.c.code, unit.c.name))
    return frozenset(fold(word) for row in rows for word in row if word and not word.isdigit())
