"""Booking the story: every day its orders, then what moved, through the same services the windows call."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from decimal import Decimal

from app.demo.days import OPENING, stamp
from app.demo.story import Line, Move, Order, Story
from models.kernel.numbers import MONEY_PLACES, round_down, round_half_up
from services.documents import api, approving, load, reversing, saving
from services.documents.records import DocDraft, LineDraft, MaterialDraft
from services.masterdata.codes import Codes
from services.platform.db import Database, Tx

Progress = Callable[[dt.date], None]
ZERO = Decimal(0)
_BY_PRODUCT_PLACES = 3
_DEMANDS = frozenset({"sales_order", "forecast"})


class Clerk:
    """Books a story day by day under one name; the clock of each transaction shows the day it is about."""

    def __init__(self, db: Database, user: str, story: Story) -> None:
        self._now = stamp(OPENING)
        self._db = Database(db.engine, clock=lambda: self._now)
        self._user = user
        self._story = story
        with db.read() as conn:
            codes = Codes(conn)
            self._items = dict(codes.of("items"))
            self._stores = dict(codes.of("warehouses"))
            self._partners = dict(codes.of("partners"))

    def open(self, stock: Mapping[str, Decimal]) -> None:
        """Books the opening stock, one document a warehouse."""
        by_store: dict[str, list[LineDraft]] = defaultdict(list)
        for item, quantity in stock.items():
            row = self._story.book.items[item]
            amount = round_half_up((row.get("unit_cost") or ZERO) * quantity, MONEY_PLACES)
            lot = "251128" if row["category"] == "灯珠" else ""
            store = row["warehouse"]
            by_store[store].append(
                LineDraft(self._items[item], quantity, amount=amount, warehouse_id=self._stores[store], lot=lot)
            )
        drafts = [
            DocDraft("opening_stock", OPENING, lines, note="期初盘点") for _store, lines in sorted(by_store.items())
        ]
        self._at(OPENING, 30)
        with self._db.write(self._user) as tx:
            _approve(tx, [ref.id for ref in saving.create(tx, drafts)])

    def book(self, progress: Progress | None) -> None:
        """Books everything else in order of time."""
        orders: dict[dt.date, list[Order]] = defaultdict(list)
        moves: dict[dt.date, list[Move]] = defaultdict(list)
        closed: dict[dt.date, list[Order]] = defaultdict(list)
        for order in self._story.orders:
            orders[order.day].append(order)
            if order.closed:
                closed[order.closed].append(order)
        for move in self._story.moves:
            moves[move.day].append(move)
        for day in sorted({*orders, *moves, *closed}):
            self._at(day, 60)
            self._book_orders(orders.get(day, []))
            self._at(day, 300)
            self._book_moves(moves.get(day, []))
            self._at(day, 540)
            self._close(closed.get(day, []))
            if progress is not None:
                progress(day)

    def _at(self, day: dt.date, minutes: int) -> None:
        self._now = stamp(day, minutes)

    def _book_orders(self, orders: list[Order]) -> None:
        """Sales first: what is made names the sales line it is made for."""
        if not orders:
            return
        sold = [order for order in orders if order.type in _DEMANDS]
        with self._db.write(self._user) as tx:
            for group in (sold, [order for order in orders if order not in sold]):
                self._create(tx, group)
            _approve(tx, [order.id for order in orders if order.approved])

    def _create(self, tx: Tx, orders: list[Order]) -> None:
        if not orders:
            return
        refs = saving.create(tx, [self._order_draft(order) for order in orders])
        lines = load.lines(tx.conn, [ref.id for ref in refs])
        for order, ref in zip(orders, refs, strict=True):
            order.id = ref.id
            main = [line for line in lines[ref.id] if line.role == "main"]
            for line, stored in zip(order.lines, main, strict=True):
                line.id = stored.id
            drawn = [line for line in lines[ref.id] if line.role == "material"]
            for material, stored in zip(order.materials, drawn, strict=True):
                material.id = stored.id

    def _order_draft(self, order: Order) -> DocDraft:
        by_hand = order.kind == "rework"
        return DocDraft(
            order.type, order.day, [self._line_draft(line) for line in order.lines], kind=order.kind,
            partner_id=self._partners[order.partner] if order.partner else None, workshop=order.workshop,
            note=order.note,
            materials=[MaterialDraft(1, self._items[m.item], m.quantity) for m in order.materials] if by_hand else None,
        )  # fmt: skip

    def _line_draft(self, line: Line) -> LineDraft:
        return LineDraft(
            self._items[line.item], line.quantity, price=line.price, start_date=line.start, due_date=line.due,
            demand_line_id=line.demand.id if line.demand else None, note=line.note,
        )  # fmt: skip

    def _book_moves(self, moves: list[Move]) -> None:
        if not moves:
            return
        drafts = [self._move_draft(move) for move in moves]
        with self._db.write(self._user) as tx:
            refs = saving.create(tx, drafts)
            _approve(tx, [ref.id for ref, move in zip(refs, moves, strict=True) if move.approved])
        again = [ref.id for ref, move in zip(refs, moves, strict=True) if move.redone]
        if again:
            with self._db.write(self._user) as tx:
                reversing.reverse(tx, again)
                _approve(tx, again)

    def _move_draft(self, move: Move) -> DocDraft:
        """What is left of the order, pushed down, cut to what moved."""
        if move.kind != "normal":
            return self._correction(move)
        (draft,) = api.push_down(self._db, move.order.id, move.type)
        wanted = {_source(move, number): quantity for number, quantity in move.quantities.items()}
        left = sum((line.quantity for line in draft.lines if line.source_line_id in wanted), ZERO)
        for line in draft.lines:
            quantity = wanted.get(line.source_line_id or 0, ZERO)
            if quantity == 0 and move.type == "product_receipt":
                quantity = round_down(line.quantity * sum(wanted.values()) / left, _BY_PRODUCT_PLACES)
            line.quantity, line.amount, line.lot = quantity, None, move.lot
            if move.store:
                line.warehouse_id = self._stores[move.store]
        draft.lines = [line for line in draft.lines if line.quantity > 0]
        draft.business_date, draft.note = move.day, move.note
        return draft

    def _correction(self, move: Move) -> DocDraft:
        """A supplement or a return, line by line of the order's material list."""
        materials = move.order.materials
        lines = [
            LineDraft(self._items[materials[number].item], quantity, source_line_id=materials[number].id)
            for number, quantity in move.quantities.items()
        ]
        return DocDraft(
            move.type, move.day, lines, kind=move.kind, workshop=move.order.workshop, note=move.note,
            source_id=move.order.id,
        )  # fmt: skip

    def _close(self, orders: list[Order]) -> None:
        for order in orders:
            with self._db.write(self._user) as tx:
                reversing.close(tx, [order.id], order.reason)


def _source(move: Move, number: int) -> int:
    return move.order.materials[number].id if move.type == "material_issue" else move.order.lines[number].id


def _approve(tx: Tx, ids: Iterable[int]) -> None:
    heads = load.documents(tx.conn, ids)
    approving.approve(tx, approving.by_date(list(heads.values())))
