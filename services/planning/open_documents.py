"""Open documents as demand and supply: what is to be delivered, forecast, received, made, and drawn for orders."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from sqlalchemy import ColumnElement, Connection, and_, func, or_, select

from models.documents.tables import doc, doc_line, material_line, order_line
from models.kernel.numbers import QUANTITY_PLACES
from models.kernel.problems import Problem, Refused
from models.ledgers.tables import wip_move
from models.masterdata.tables import item as item_table
from services.planning.engine import model as m
from services.planning.engine.exact import reduce_columns
from services.planning.engine.forecasts import DatedQuantities, consume
from services.planning.engine.model import I64, Mask, Need, Source
from services.planning.made_to_order import Kept, kept_for_lines
from services.planning.reading import columns, date, flags, integers, number, ordinals

_RATE = 10**8
ORDERS = ("production_order", "subcontract_order")
TYPES = ("sales_order", "forecast", "purchase_order", *ORDERS)
_SALES, _FORECAST, _PURCHASE, _PRODUCTION, _SUBCONTRACT = range(5)
_NEEDS = np.array([Need.SALES_ORDER, Need.FORECAST, 0, Need.PRODUCTION_ORDER, Need.SUBCONTRACT_ORDER], dtype=np.int64)
_SOURCES = np.array([0, 0, Source.PURCHASE_ORDER, Source.PRODUCTION_ORDER, Source.SUBCONTRACT_ORDER], dtype=np.int64)


@dataclass(frozen=True)
class Known:
    """What reading documents must know of items: ranks of ids, decimals, which are made to order.

    only: ids of the items whose lines are read; empty for all.
    """

    rank: Callable[[I64], I64]
    places: I64
    mto: Mask
    only: tuple[int, ...] = ()


@dataclass(frozen=True)
class Documents:
    """Documents by rank of their number, and sales order lines (database ids) by rank of number and line."""

    ids: I64
    numbers: tuple[str, ...]
    types: tuple[str, ...]
    sales_lines: I64


@dataclass(frozen=True)
class Found:
    """Demand and supply of all open documents; kept: stock of mto items that belongs to sales order lines."""

    demands: m.Demands
    supplies: m.Supplies
    documents: Documents
    kept: Kept


@dataclass(frozen=True)
class Lines(m.Columns):
    """Main lines of documents, quantities in last places. demand: the sales order line made for, or NONE."""

    id: I64
    doc: I64
    type: I64
    line: I64
    item: I64
    quantity: I64
    done: I64
    day: I64
    demand: I64
    open: Mask
    toll: Mask
    yield_num: I64
    yield_den: I64

    @property
    def left(self) -> I64:
        """What is not done yet."""
        made: I64 = np.maximum(self.quantity - self.done, 0)
        return made


@dataclass(frozen=True)
class Parts(m.Columns):
    """Materials and expected co-products of orders. parent: the product, line: of the product; asks: own material to be drawn."""

    doc: I64
    type: I64
    line: I64
    parent: I64
    item: I64
    quantity: I64
    done: I64
    start: I64
    due: I64
    demand: I64
    open: Mask
    toll: Mask
    output: Mask
    asks: Mask


def read_documents(conn: Connection, known: Known, orders: Sequence[str] = ()) -> Found:
    """Approved documents that are open; orders: numbers whose demand is selected, refused if one has none."""
    main, main_docs = _main_lines(conn, known)
    parts, part_docs = _part_lines(conn, known)
    documents, place = _documents(main_docs | part_docs, main)
    selected = _selected(main_docs | part_docs, orders)
    _check_orders(documents, main, parts, place, orders)
    demands = m.Demands.joined([_sold(main, selected), _forecast(main, selected), _drawn(parts, selected)])
    kept = kept_for_lines(
        known.mto,
        lines=(main.id, main.item, main.done, main.demand, main.type == _SALES, main.open),
        drawn=_left_the_store(conn, known),
    )
    supplies = m.Supplies.joined([_received(main), _gained(parts)])
    tag = _Tags(documents.sales_lines)
    return Found(
        replace(demands, ref=place(demands.ref), tag=tag.of(demands.tag)),
        replace(supplies, ref=place(supplies.ref), tag=tag.of(supplies.tag)), documents,
        kept.by_rank(tag.of(kept.line)),
    )  # fmt: skip


_Docs = dict[int, tuple[str, str]]


def _approved(line: Any) -> tuple[ColumnElement[Any], ColumnElement[Any]]:
    """(approved document of a type that matters, document and line open)."""
    return (
        and_(doc.c.status == "C", doc.c.type.in_(TYPES)),
        and_(doc.c.closing == "C", line.c.closing == "C"),
    )


def _restricted(known: Known) -> list[ColumnElement[bool]]:
    return [doc_line.c.item_id.in_(known.only)] if known.only else []


def _main_lines(conn: Connection, known: Known) -> tuple[Lines, _Docs]:
    """Open lines; lines made for a sales order line, and those lines; ordered quantities that eat forecasts."""
    usable, is_open = _approved(doc_line)
    due = func.coalesce(doc_line.c.due_date, doc.c.business_date)
    made_for = select(doc_line.c.demand_line_id).where(doc_line.c.demand_line_id.is_not(None))
    wanted = [is_open, doc_line.c.demand_line_id.is_not(None), doc_line.c.id.in_(made_for)]
    first = _first_forecast(conn)
    if first is not None:
        wanted.append(and_(doc.c.type == "sales_order", due >= first))
    query = (
        select(
            doc_line.c.id, doc.c.id, doc.c.number, doc.c.type, doc_line.c.line_no, doc_line.c.item_id,
            number(doc_line.c.quantity), number(doc_line.c.done), date(due), doc_line.c.demand_line_id,
            is_open, doc.c.kind, number(order_line.c.yield_rate), doc.c.closing, doc_line.c.closing,
        )
        .join_from(doc_line, doc, doc.c.id == doc_line.c.doc_id)
        .outerjoin(order_line, order_line.c.line_id == doc_line.c.id)
        .where(usable, doc_line.c.role == "main", or_(*wanted), *_restricted(known))
    )  # fmt: skip
    raw = columns(conn, query)
    item = known.rank(integers(raw[5]))
    yields = reduce_columns(integers(raw[12], none=_RATE), np.full(len(item), _RATE, dtype=np.int64))
    by_hand = flags(["H" in pair for pair in zip(raw[13], raw[14], strict=True)])
    done = _lasts(raw[7], known.places[item])
    quantity = _lasts(raw[6], known.places[item])
    types = _types(raw[3])
    lines = Lines(
        integers(raw[0]), integers(raw[1]), types, integers(raw[4]), item,
        np.where(by_hand & (types == _SALES), done, quantity), done, ordinals(raw[8]), integers(raw[9], none=m.NONE),
        flags(raw[10]), flags([kind == "toll" for kind in raw[11]]), *yields,
    )  # fmt: skip
    return lines, dict(zip(raw[1], zip(raw[2], raw[3], strict=True), strict=True))


def _first_forecast(conn: Connection) -> dt.date | None:
    """First day of the earliest month with an open forecast line."""
    usable, is_open = _approved(doc_line)
    due = func.coalesce(doc_line.c.due_date, doc.c.business_date)
    query = select(func.min(due)).join_from(doc_line, doc, doc.c.id == doc_line.c.doc_id)
    found: Any = conn.execute(query.where(usable, is_open, doc.c.type == "forecast")).scalar()
    if found is None:
        return None
    day: dt.date = dt.date.fromisoformat(found) if isinstance(found, str) else found
    return day.replace(day=1)


def _part_lines(conn: Connection, known: Known) -> tuple[Parts, _Docs]:
    """Materials and outputs of open orders, and of those made for a sales order line."""
    product = doc_line.alias("product")
    usable, is_open = _approved(product)
    start = func.coalesce(product.c.start_date, product.c.due_date, doc.c.business_date)
    due = func.coalesce(product.c.due_date, doc.c.business_date)
    query = (
        select(
            doc.c.id, doc.c.number, doc.c.type, product.c.line_no, product.c.item_id, doc_line.c.item_id,
            number(doc_line.c.quantity), number(doc_line.c.done), date(start), date(due), product.c.demand_line_id,
            is_open, doc.c.kind, doc_line.c.role, material_line.c.issue, material_line.c.supplied_by,
        )
        .join_from(doc_line, product, product.c.id == doc_line.c.parent_line_id)
        .join(doc, doc.c.id == doc_line.c.doc_id)
        .outerjoin(material_line, material_line.c.line_id == doc_line.c.id)
        .where(usable, doc_line.c.role != "main", or_(is_open, product.c.demand_line_id.is_not(None)),
               *_restricted(known))
    )  # fmt: skip
    raw = columns(conn, query)
    item = known.rank(integers(raw[5]))
    asks = flags([issue not in (None, "none") and by == "own" for issue, by in zip(raw[14], raw[15], strict=True)])
    parts = Parts(
        integers(raw[0]), _types(raw[2]), integers(raw[3]), known.rank(integers(raw[4])), item,
        _lasts(raw[6], known.places[item]), _lasts(raw[7], known.places[item]), ordinals(raw[8]), ordinals(raw[9]),
        integers(raw[10], none=m.NONE), flags(raw[11]), flags([kind == "toll" for kind in raw[12]]),
        flags([role == "output" for role in raw[13]]), asks,
    )  # fmt: skip
    return parts, dict(zip(raw[0], zip(raw[1], raw[2], strict=True), strict=True))


def _left_the_store(conn: Connection, known: Known) -> tuple[I64, I64, I64]:
    """(item, sales order line, quantity) of own stock of items made to order that was drawn for orders of the line, less returns.

    The item is the one that was really drawn, whatever material it stood in for or supplemented.
    """
    if not known.mto.any():
        return m.empty(0), m.empty(0), m.empty(0)
    product, w = doc_line.alias("product"), wip_move.c
    query = (
        select(w.item_id, product.c.demand_line_id, number(func.sum(w.quantity)))
        .join_from(product, wip_move, w.order_line_id == product.c.id)
        .join(material_line, material_line.c.line_id == w.material_line_id)
        .join(item_table, item_table.c.id == w.item_id)
        .where(product.c.demand_line_id.is_not(None), w.element == "material", material_line.c.supplied_by == "own")
        .where(item_table.c.strategy == "mto")
        .group_by(w.item_id, product.c.demand_line_id)
    )
    raw = columns(conn, query)
    items = known.rank(integers(raw[0]))
    return items, integers(raw[1]), _lasts([int(value) for value in raw[2]], known.places[items])


def _types(names: Sequence[str]) -> I64:
    place = {name: at for at, name in enumerate(TYPES)}
    return integers([place[name] for name in names])


def _lasts(stored: Sequence[int], places: I64) -> I64:
    return -(-integers(stored) // 10 ** (QUANTITY_PLACES - places))


def _documents(docs: _Docs, main: Lines) -> tuple[Documents, Callable[[I64], I64]]:
    """Documents in order of number (then type), and the function from database ids to ranks."""
    order = sorted(docs, key=lambda key: docs[key])
    ids = integers(order)
    by_id = np.argsort(ids)

    def place(wanted: I64) -> I64:
        if not len(ids):
            return np.full(len(wanted), m.NONE, dtype=np.int64)
        at = np.minimum(np.searchsorted(ids[by_id], wanted), len(ids) - 1)
        return np.where(ids[by_id][at] == wanted, by_id[at], m.NONE)

    sold = main.take(main.type == _SALES)
    lines = sold.id[np.lexsort((sold.line, place(sold.doc)))]
    numbers, types = tuple(docs[key][0] for key in order), tuple(docs[key][1] for key in order)
    return Documents(ids, numbers, types, lines), place


class _Tags:
    """From sales order lines to their ranks."""

    def __init__(self, lines: I64) -> None:
        self._order = np.argsort(lines)
        self._lines = lines[self._order]

    def of(self, lines: I64) -> I64:
        if not len(self._lines):
            return np.full(len(lines), m.NONE, dtype=np.int64)
        at = np.minimum(np.searchsorted(self._lines, lines), len(self._lines) - 1)
        return np.where(self._lines[at] == lines, self._order[at], m.NONE)


def _selected(docs: _Docs, orders: Sequence[str]) -> I64:
    """Ids of the documents whose demand is selected; all without a restriction."""
    wanted = set(orders)
    return integers(sorted(key for key, (name, _) in docs.items() if not wanted or name in wanted))


def _check_orders(
    documents: Documents, main: Lines, parts: Parts, place: Callable[[I64], I64], orders: Sequence[str]
) -> None:
    asking = main.doc[main.open & (main.type <= _FORECAST)], parts.doc[parts.open & parts.asks]
    with_demand = {documents.numbers[at] for at in np.unique(place(np.concatenate(asking))).tolist()}
    missing = [name for name in dict.fromkeys(orders) if name not in with_demand]
    if missing:
        raise Refused([Problem("plan.order_without_demand", {"order": name}) for name in missing])


def _sold(main: Lines, selected: I64) -> m.Demands:
    """What is still to be delivered."""
    rows = main.take(main.open & (main.type == _SALES) & (main.left > 0))
    none = np.full(len(rows), m.NONE, dtype=np.int64)
    return m.Demands(
        rows.item,
        rows.day,
        rows.left,
        _NEEDS[rows.type],
        rows.doc,
        rows.line,
        none,
        rows.id,
        np.isin(rows.doc, selected),
    )


def _forecast(main: Lines, selected: I64) -> m.Demands:
    """Forecasts, eaten by the orders of their month."""
    rows = main.take(main.open & (main.type == _FORECAST))
    rows = rows.take(np.lexsort((rows.line, rows.doc, rows.day)))
    sold = main.take(main.type == _SALES)
    left = consume(
        DatedQuantities(rows.item, rows.day, rows.quantity), DatedQuantities(sold.item, sold.day, sold.quantity)
    )
    rows, left = rows.take(left > 0), left[left > 0]
    none = np.full(len(rows), m.NONE, dtype=np.int64)
    return m.Demands(
        rows.item, rows.day, left, _NEEDS[rows.type], rows.doc, rows.line, none, none, np.isin(rows.doc, selected)
    )


def _drawn(parts: Parts, selected: I64) -> m.Demands:
    """What open orders have still to draw, on their start day."""
    rows = parts.take(parts.open & parts.asks & (parts.quantity > parts.done))
    return m.Demands(
        rows.item, rows.start, rows.quantity - rows.done, _NEEDS[rows.type], rows.doc, rows.line, rows.parent,
        rows.demand, np.isin(rows.doc, selected),
    )  # fmt: skip


def _received(main: Lines) -> m.Supplies:
    """What is still to come on purchase orders, and good output of production and subcontract orders."""
    rows = main.take(main.open & (main.type >= _PURCHASE) & ~main.toll)
    made = rows.type >= _PRODUCTION
    den = np.where(made, rows.yield_den, 1)
    num = np.maximum(rows.quantity * np.where(made, rows.yield_num, 1) - rows.done * den, 0)
    num, den = reduce_columns(num, den)
    return m.Supplies(rows.item, rows.day, num, den, _SOURCES[rows.type], rows.doc, rows.line, rows.demand)


def _gained(parts: Parts) -> m.Supplies:
    """Co- and by-products that open orders will still give."""
    rows = parts.take(parts.open & parts.output & ~parts.toll & (parts.quantity > parts.done))
    one, none = np.ones(len(rows), dtype=np.int64), np.full(len(rows), m.NONE, dtype=np.int64)
    kind = np.full(len(rows), int(Source.CO_PRODUCT), dtype=np.int64)
    return m.Supplies(rows.item, rows.due, rows.quantity - rows.done, one, kind, rows.doc, rows.line, none)
