"""The stock ledger: its only writer, which values issues, refuses shortage and mirrors work in progress."""

from __future__ import annotations

import datetime as dt
from bisect import insort
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cache
from typing import Any

from sqlalchemy import Connection, bindparam, func, select

from models.kernel.numbers import MONEY_PLACES, ZERO, round_half_up, share
from models.kernel.problems import Place, Problem
from models.ledgers.tables import stock_balance, stock_move, stock_value, wip_move
from services.ledgers import revaluing
from services.ledgers.facts import ItemFacts, WarehouseFacts, chunked
from services.platform.db import Tx
from services.platform.prepared import Prepared, among
from services.platform.upserting import insert_into

Key = tuple[int, int, str, int]
"""item, warehouse, lot, owner"""
_V, _B = stock_value.c, stock_balance.c
_WORTH = Prepared(
    select(_V.item_id, _V.quantity, _V.value).where(among(_V.item_id)).order_by(_V.item_id).with_for_update()
)
_BALANCES = Prepared(select(_B.item_id, _B.warehouse_id, _B.lot, _B.owner_id, _B.quantity).where(among(_B.item_id)))
_M = stock_move.c
_PLACE = (_M.item_id, _M.warehouse_id, _M.lot, _M.owner_id, _M.move_date)
_LATER = Prepared(
    select(*_PLACE, func.sum(_M.quantity))
    .where(among(_M.item_id), _M.move_date > bindparam("first", type_=_M.move_date.type))
    .group_by(*_PLACE)
    .order_by(_M.move_date)
)


@dataclass(frozen=True, slots=True)
class WipTarget:
    """Where a stock entry meets an order: its product line, its material line, and the cost element."""

    order_line_id: int
    material_line_id: int | None
    element: str


@dataclass(frozen=True, slots=True)
class StockEntry:
    """A movement to post. Positive quantity: into stock. lot None on an issue: any lot, oldest first. value None: moving average."""

    doc_id: int
    line_id: int
    date: dt.date
    item_id: int
    warehouse_id: int
    quantity: Decimal
    lot: str | None = ""
    owner_id: int = 0
    value: Decimal | None = None
    wip: WipTarget | None = None
    document: str = ""
    line_no: int = 0


@dataclass(slots=True)
class _Books:
    """Balances of the items at hand while a batch is worked out in memory."""

    items: Mapping[int, ItemFacts]
    warehouses: Mapping[int, WarehouseFacts]
    balance: dict[Key, Decimal]
    worth: dict[int, list[Decimal]]
    later: dict[Key, list[tuple[dt.date, Decimal]]]
    keys_of: dict[tuple[int, int, int], list[Key]]
    moves: list[dict[str, Any]] = field(default_factory=list)
    wip: list[dict[str, Any]] = field(default_factory=list)
    balance_change: dict[Key, Decimal] = field(default_factory=lambda: defaultdict(lambda: ZERO))
    revalued: set[int] = field(default_factory=set)
    problems: list[Problem] = field(default_factory=list)

    def free(self, key: Key, date: dt.date) -> Decimal:
        """What may leave on a date so that no later day of the dated ledger falls below zero (I03)."""
        last = self.balance.get(key, ZERO)
        lowest, changes = last, self.later.get(key, ())
        for place in range(len(changes) - 1, -1, -1):
            day, change = changes[place]
            if day <= date:
                break
            last -= change
            if place == 0 or changes[place - 1][0] != day:
                lowest = min(lowest, last)
        return lowest

    def move(
        self, entry: StockEntry, lot: str, quantity: Decimal, value: Decimal, now: dt.datetime, undo: int | None
    ) -> None:
        """Takes one movement into the balances and the rows to write."""
        key = (entry.item_id, entry.warehouse_id, lot, entry.owner_id)
        if key not in self.balance:
            self.keys_of[key[0], key[1], key[3]].append(key)
        self.balance[key] = self.balance.get(key, ZERO) + quantity
        self.balance_change[key] += quantity
        insort(self.later.setdefault(key, []), (entry.date, quantity))
        if self.valued(entry):
            worth = self.worth.setdefault(entry.item_id, [ZERO, ZERO])
            worth[0] += quantity
            worth[1] += value
            self.revalued.add(entry.item_id)
        self.moves.append(
            {
                "doc_id": entry.doc_id, "line_id": entry.line_id, "move_date": entry.date,
                "warehouse_id": entry.warehouse_id, "item_id": entry.item_id, "lot": lot, "owner_id": entry.owner_id,
                "quantity": quantity, "value": value, "reversal_of": undo, "posted_at": now,
            }
        )  # fmt: skip
        self._mirror(entry, quantity, value, now)

    def adjust(self, entry: StockEntry, lot: str, value: Decimal, now: dt.datetime) -> None:
        """Changes an item's value without a quantity: a row of its own beside the movement's."""
        self.worth[entry.item_id][1] += value
        self.moves.append(
            {
                "doc_id": entry.doc_id, "line_id": entry.line_id, "move_date": entry.date,
                "warehouse_id": entry.warehouse_id, "item_id": entry.item_id, "lot": lot, "owner_id": entry.owner_id,
                "quantity": ZERO, "value": value, "reversal_of": None, "posted_at": now,
            }
        )  # fmt: skip
        self._mirror(entry, ZERO, value, now)

    def _mirror(self, entry: StockEntry, quantity: Decimal, value: Decimal, now: dt.datetime) -> None:
        """What stock takes in an order gives, and the other way round (I18)."""
        if entry.wip is not None:
            self.wip.append(
                {
                    "doc_id": entry.doc_id, "line_id": entry.line_id, "order_line_id": entry.wip.order_line_id,
                    "material_line_id": entry.wip.material_line_id, "move_date": entry.date, "item_id": entry.item_id,
                    "element": entry.wip.element, "quantity": -quantity, "value": -value, "reversal_of": None,
                    "posted_at": now,
                }
            )  # fmt: skip

    def valued(self, entry: StockEntry) -> bool:
        """Whether the movement carries value: own goods outside customers' warehouses."""
        return entry.owner_id == 0 and self.warehouses[entry.warehouse_id].valued


def post(
    tx: Tx,
    entries: Sequence[StockEntry],
    items: Mapping[int, ItemFacts],
    warehouses: Mapping[int, WarehouseFacts],
) -> list[Problem]:
    """Posts movements in the given order, all or none; returns why not.

    Moving average: value of an issue = item value × quantity ÷ quantity on hand, half up to the cent; the issue that
    empties the stock takes all that is left (exchange contract, cost). What leaves beyond the stock of a warehouse that
    may be negative leaves at the reference cost.
    """
    if not entries:
        return []
    books = _load(tx, entries, items, warehouses)
    for entry in entries:
        if entry.quantity >= 0:
            _receive(books, entry, tx.now)
        else:
            _issue(books, entry, tx.now)
    if books.problems:
        return books.problems
    _write(tx, books)
    return []


def reverse(
    tx: Tx,
    doc_ids: Sequence[int],
    items: Mapping[int, ItemFacts],
    warehouses: Mapping[int, WarehouseFacts],
    numbers: Mapping[int, str],
) -> list[Problem]:
    """Negates the stored rows of documents, latest first; refused where stock or value would fall below zero."""
    undone = select(stock_move.c.reversal_of).where(stock_move.c.reversal_of.is_not(None))
    rows: list[Any] = []
    for keys in chunked(doc_ids):
        query = select(stock_move).where(
            stock_move.c.doc_id.in_(keys), stock_move.c.reversal_of.is_(None), stock_move.c.id.not_in(undone)
        )
        rows += tx.conn.execute(query.order_by(stock_move.c.id.desc())).all()
    entries = [
        StockEntry(
            row.doc_id, row.line_id, row.move_date, row.item_id, row.warehouse_id, -row.quantity, row.lot,
            row.owner_id, -row.value, document=numbers.get(row.doc_id, ""),
        )
        for row in rows
    ]  # fmt: skip
    if not rows:
        _reverse_wip(tx, doc_ids)
        return []
    books = _load(tx, entries, items, warehouses)
    for entry, row in zip(entries, rows, strict=True):
        key = (entry.item_id, entry.warehouse_id, row.lot, entry.owner_id)
        if entry.quantity < 0 and not warehouses[entry.warehouse_id].negative:
            free = books.free(key, entry.date)
            if free + entry.quantity < 0:
                books.problems.append(_short(books, entry, -entry.quantity, max(free, ZERO), "stock.reversal_short"))
        books.move(entry, row.lot, entry.quantity, entry.value or ZERO, tx.now, row.id)
    taken, progress = revaluing.absorbed(tx, _loose(books), doc_ids) if _loose(books) else ([], [])
    for correction in taken:
        books.worth[correction.item_id][1] += correction.value
    for item_id in _loose(books):
        quantity, value = books.worth[item_id]
        books.problems.append(
            Problem("stock.reversal_value", {"item": items[item_id].label, "quantity": quantity, "value": value})
        )
    if books.problems:
        return books.problems
    _write(tx, books)
    _reverse_wip(tx, doc_ids)
    revaluing.write(tx, taken, progress)
    return []


def _loose(books: _Books) -> dict[int, Decimal]:
    """Values that their quantity does not carry: of nothing, or of the wrong sign."""
    return {
        item_id: value
        for item_id, (quantity, value) in books.worth.items()
        if (quantity == 0 and value != 0) or (quantity > 0 > value) or (quantity < 0 < value)
    }


def _receive(books: _Books, entry: StockEntry, now: dt.datetime) -> None:
    """Takes a quantity in; where stock was negative, what had left is settled at the value it left with.

    The difference to what it then cost stands in a row of value only, so that value follows quantity through zero (I02).
    """
    lot = entry.lot or ""
    value = entry.value if entry.value is not None and books.valued(entry) else ZERO
    before, worth = books.worth.get(entry.item_id, [ZERO, ZERO])
    books.move(entry, lot, entry.quantity, value, now, None)
    if before >= 0 or not books.valued(entry):
        return
    covered = min(entry.quantity, -before)
    settled = worth if covered == -before else share(worth, covered, -before)
    rest = share(value, entry.quantity - covered, entry.quantity)
    difference = rest - settled - value
    if difference != 0:
        books.adjust(entry, lot, difference, now)


def _reverse_wip(tx: Tx, doc_ids: Sequence[int]) -> None:
    undone = select(wip_move.c.reversal_of).where(wip_move.c.reversal_of.is_not(None))
    made = []
    for keys in chunked(doc_ids):
        query = select(wip_move).where(
            wip_move.c.doc_id.in_(keys), wip_move.c.reversal_of.is_(None), wip_move.c.id.not_in(undone)
        )
        for row in tx.conn.execute(query.order_by(wip_move.c.id.desc())).mappings():
            undo = dict(row)
            undo.update(quantity=-row["quantity"], value=-row["value"], reversal_of=row["id"], posted_at=tx.now)
            del undo["id"]
            made.append(undo)
    tx.insert(wip_move, made)


def _issue(books: _Books, entry: StockEntry, now: dt.datetime) -> None:
    """Takes a quantity out, lot by lot where none is named."""
    need = -entry.quantity
    store = books.warehouses[entry.warehouse_id]
    if entry.lot is None:
        keys = sorted(books.keys_of[entry.item_id, entry.warehouse_id, entry.owner_id], key=lambda k: k[2])
    else:
        keys = [(entry.item_id, entry.warehouse_id, entry.lot, entry.owner_id)]
    taken: list[tuple[str, Decimal]] = []
    left = need
    for key in keys:
        part = min(left, books.free(key, entry.date))
        if part > 0:
            taken.append((key[2], part))
            left -= part
        if left == 0:
            break
    if left > 0:
        if not store.negative:
            books.problems.append(_short(books, entry, need, need - left, "stock.short"))
            return
        taken.append((entry.lot or "", left))
    for lot, part in taken:
        books.move(entry, lot, -part, -_worth(books, entry, part), now, None)


def _worth(books: _Books, entry: StockEntry, quantity: Decimal) -> Decimal:
    if not books.valued(entry):
        return ZERO
    if entry.value is not None:
        return -entry.value
    on_hand, value = books.worth.get(entry.item_id, [ZERO, ZERO])
    if quantity == on_hand:
        return value
    if on_hand > quantity:
        return share(value, quantity, on_hand)
    reference = books.items[entry.item_id].unit_cost or ZERO
    if on_hand <= 0:
        return round_half_up(reference * quantity, MONEY_PLACES)
    return value + round_half_up(reference * (quantity - on_hand), MONEY_PLACES)


def _short(books: _Books, entry: StockEntry, need: Decimal, free: Decimal, code: str) -> Problem:
    item, store = books.items[entry.item_id], books.warehouses[entry.warehouse_id]
    on_hand = sum(
        (books.balance.get(key, ZERO) for key in books.keys_of[entry.item_id, entry.warehouse_id, entry.owner_id]), ZERO
    )
    args = {
        "item": item.label, "warehouse": store.name or store.code, "need": need, "free": free,
        "on_hand": on_hand, "short": need - free, "unit": item.unit, "date": entry.date,
        "item_id": item.id, "warehouse_id": store.id, "owner_id": entry.owner_id,
    }  # fmt: skip
    return Problem(code, args, Place(document=entry.document, line=entry.line_no, field="quantity"))


def free_on(conn: Connection, item_ids: Iterable[int], day: dt.date) -> dict[Key, Decimal]:
    """What may leave on a day of each balance of the items, as posting would allow it; only what is above zero."""
    books = _Books({}, {}, {}, {}, {}, defaultdict(list))
    for keys in chunked(sorted(set(item_ids))):
        _read_balances(conn, books, keys, day)
    free = {key: books.free(key, day) for key in books.balance}
    return {key: quantity for key, quantity in free.items() if quantity > 0}


def _load(
    tx: Tx, entries: Sequence[StockEntry], items: Mapping[int, ItemFacts], warehouses: Mapping[int, WarehouseFacts]
) -> _Books:
    """Locks the items in key order and reads their balances and later movements."""
    conn, ids = tx.conn, sorted({entry.item_id for entry in entries})
    books = _Books(items, warehouses, {}, {}, {}, defaultdict(list))
    if not ids:
        return books
    first = min(entry.date for entry in entries)
    if conn.dialect.name != "sqlite":
        blank = [{"item_id": key, "quantity": ZERO, "value": ZERO} for key in ids]
        conn.execute(insert_into(stock_value, conn.dialect.name).on_conflict_do_nothing(), blank)
    for keys in chunked(ids):
        books.worth.update((key, [quantity, value]) for key, quantity, value in _WORTH.rows(conn, keys=keys))
        _read_balances(conn, books, keys, first)
    return books


def _read_balances(conn: Connection, books: _Books, keys: Sequence[int], first: dt.date) -> None:
    """Balances of items, and what moved after a day."""
    for *place, quantity in _BALANCES.rows(conn, keys=keys):
        key: Key = tuple(place)
        books.balance[key] = quantity
        books.keys_of[key[0], key[1], key[3]].append(key)
    for *place, day, quantity in _LATER.rows(conn, keys=keys, first=first):
        books.later.setdefault(tuple(place), []).append((day, quantity))


@cache
def _upserts(dialect: str) -> tuple[Prepared, Prepared]:
    """What adds to balances and what sets values, made once."""
    balances, worth = insert_into(stock_balance, dialect), insert_into(stock_value, dialect)
    added = {"quantity": stock_balance.c.quantity + balances.excluded.quantity}
    changed = {"quantity": worth.excluded.quantity, "value": worth.excluded.value}
    place = ["item_id", "warehouse_id", "lot", "owner_id"]
    return (
        Prepared(balances.on_conflict_do_update(index_elements=place, set_=added)),
        Prepared(worth.on_conflict_do_update(index_elements=["item_id"], set_=changed)),
    )


def _write(tx: Tx, books: _Books) -> None:
    tx.insert(stock_move, books.moves)
    into_balances, into_values = _upserts(tx.conn.dialect.name)
    rows = [
        {"item_id": key[0], "warehouse_id": key[1], "lot": key[2], "owner_id": key[3], "quantity": change}
        for key, change in sorted(books.balance_change.items())
    ]
    if not tx.server_keeps_balances:
        into_balances.many(tx.conn, rows)
    if books.revalued:
        # As they are now, not what changed: the items are locked, and a change of value alone is no row that may stand.
        values = [
            {"item_id": key, "quantity": books.worth[key][0], "value": books.worth[key][1]}
            for key in sorted(books.revalued)
        ]
        into_values.many(tx.conn, values)
    tx.insert(wip_move, books.wip)
    tx.topic("stock")
