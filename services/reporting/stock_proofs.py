"""Proofs of the stock and work-in-progress ledgers: I01, I02, I03, I06, I09, I18, I20."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection, Select, and_, func, literal, select, union_all

from models.documents.tables import doc, doc_line, doc_link
from models.ledgers.tables import stock_balance, stock_move, stock_value, wip_move
from models.masterdata.tables import item, warehouse
from services.documents.queries import available
from services.reporting.proofs import Found, collect, offending, rows_of

_KEY = ("item_id", "warehouse_id", "lot", "owner_id")


def balances_equal_ledger(conn: Connection) -> Found:
    """I01: Σ ledger quantity = balance for each item, warehouse, lot and owner; Σ quantity and value = item value."""
    return _balances(conn) + _values(conn)


def _balances(conn: Connection) -> Found:
    moved = select(*(stock_move.c[k] for k in _KEY), stock_move.c.quantity.label("ledger"), literal(0).label("b"))
    held = select(*(stock_balance.c[k] for k in _KEY), literal(0).label("ledger"), stock_balance.c.quantity.label("b"))
    both = union_all(moved, held).subquery()
    quantity = stock_move.c.quantity.type
    ledger, balance = func.sum(both.c.ledger, type_=quantity), func.sum(both.c.b, type_=quantity)
    wrong = (
        select(both.c.item_id, both.c.warehouse_id, both.c.lot, ledger.label("ledger"), balance.label("balance"))
        .group_by(*(both.c[k] for k in _KEY))
        .having(ledger != balance)
        .subquery()
    )
    return Found(rows_of(conn, stock_move, stock_balance), offending(conn, _named(wrong)))


def _values(conn: Connection) -> Found:
    quantity, value = stock_value.c.quantity.type, stock_value.c.value.type
    valued = (stock_move.c.owner_id == 0) & (warehouse.c.kind != "customer")
    moved = (
        select(
            stock_move.c.item_id, stock_move.c.quantity.label("lq"), stock_move.c.value.label("lv"),
            literal(0).label("q"), literal(0).label("v"),
        )
        .join(warehouse, warehouse.c.id == stock_move.c.warehouse_id)
        .where(valued)
    )  # fmt: skip
    held = select(stock_value.c.item_id, literal(0), literal(0), stock_value.c.quantity, stock_value.c.value)
    both = union_all(moved, held).subquery()
    lq, q = func.sum(both.c.lq, type_=quantity), func.sum(both.c.q, type_=quantity)
    lv, v = func.sum(both.c.lv, type_=value), func.sum(both.c.v, type_=value)
    wrong = (
        select(
            both.c.item_id, lq.label("ledger"), q.label("balance"), lv.label("ledger_value"), v.label("value"),
        )
        .group_by(both.c.item_id)
        .having((lq != q) | (lv != v))
    ).subquery()  # fmt: skip
    named = select(item.c.code, *(wrong.c[k] for k in ("ledger", "balance", "ledger_value", "value")))
    query = named.join_from(wrong, item, item.c.id == wrong.c.item_id).order_by(item.c.code)
    return Found(rows_of(conn, stock_value), offending(conn, query))


def value_follows_quantity(conn: Connection) -> Found:
    """I02: no quantity, no value; a positive quantity has no negative value, a negative one no positive value."""
    v = stock_value.c
    wrong = and_(v.quantity == 0, v.value != 0) | and_(v.quantity > 0, v.value < 0) | and_(v.quantity < 0, v.value > 0)
    query = select(item.c.code, v.quantity, v.value).join_from(stock_value, item, item.c.id == v.item_id).where(wrong)
    return Found(rows_of(conn, stock_value), offending(conn, query.order_by(item.c.code)))


def never_below_zero(conn: Connection) -> Found:
    """I03: on every day of the dated ledger a warehouse that forbids it holds no negative quantity."""
    m = stock_move.c
    days = (
        select(*(m[k] for k in _KEY), m.move_date, func.sum(m.quantity, type_=m.quantity.type).label("change"))
        .group_by(*(m[k] for k in _KEY), m.move_date)
        .subquery()
    )
    on_hand = func.sum(days.c.change, type_=m.quantity.type).over(
        partition_by=[days.c[k] for k in _KEY], order_by=days.c.move_date
    )
    running = select(days, on_hand.label("on_hand")).subquery()
    query = (
        select(item.c.code, warehouse.c.code.label("warehouse"), running.c.lot, running.c.move_date, running.c.on_hand)
        .join_from(running, item, item.c.id == running.c.item_id)
        .join(warehouse, warehouse.c.id == running.c.warehouse_id)
        .where(running.c.on_hand < 0, warehouse.c.negative == False)  # noqa: E712 SQL expression
        .order_by(item.c.code, running.c.move_date)
    )
    return Found(rows_of(conn, stock_move), offending(conn, query))


def available_equals_ledger(conn: Connection) -> Found:
    """I06: the one figure that lists, kitting and planning share is what the ledger holds in nettable own stock."""
    m = stock_move.c
    query = (
        select(m.item_id, func.sum(m.quantity, type_=m.quantity.type))
        .join(warehouse, warehouse.c.id == m.warehouse_id)
        .where(m.owner_id == 0, warehouse.c.nettable == True, warehouse.c.kind != "customer")  # noqa: E712
        .group_by(m.item_id)
    )
    ledger = {row[0]: row[1] for row in conn.execute(query)}
    codes = {row.id: row.code for row in conn.execute(select(item.c.id, item.c.code))}
    shown = available(conn, codes)
    wrong = [
        (code, {"ledger": ledger.get(key, 0), "available": shown.get(key, 0)})
        for key, code in sorted(codes.items())
        if ledger.get(key, 0) != shown.get(key, 0)
    ]
    return Found(len(codes), collect(wrong))


def customers_goods_cost_nothing(conn: Connection) -> Found:
    """I09: what belongs to a customer carries no value."""
    m = stock_move.c
    query = (
        select(doc.c.number, item.c.code, warehouse.c.code.label("warehouse"), m.quantity, m.value)
        .join_from(stock_move, doc, doc.c.id == m.doc_id)
        .join(item, item.c.id == m.item_id)
        .join(warehouse, warehouse.c.id == m.warehouse_id)
        .where((m.owner_id != 0) | (warehouse.c.kind == "customer"), m.value != 0)
    )
    count = select(func.count()).select_from(stock_move).where(m.owner_id != 0)
    return Found(conn.execute(count).scalar_one(), offending(conn, query.order_by(m.id)))


def progress_mirrors_stock(conn: Connection) -> Found:
    """I18: what a document line takes from stock for an order stands in work in progress, and the other way round."""
    keys = ("doc_id", "line_id", "item_id", "move_date")
    in_progress = select(wip_move.c.doc_id).distinct()
    out = select(*(stock_move.c[k] for k in keys), stock_move.c.quantity, stock_move.c.value)
    into = select(*(wip_move.c[k] for k in keys), wip_move.c.quantity, wip_move.c.value)
    both = union_all(out.where(stock_move.c.doc_id.in_(in_progress)), into).subquery()
    quantity = func.sum(both.c.quantity, type_=wip_move.c.quantity.type)
    value = func.sum(both.c.value, type_=wip_move.c.value.type)
    wrong = (
        select(both.c.doc_id, both.c.item_id, quantity.label("quantity"), value.label("value"))
        .group_by(*(both.c[k] for k in keys))
        .having((quantity != 0) | (value != 0))
        .subquery()
    )
    query = (
        select(doc.c.number, item.c.code, wrong.c.quantity, wrong.c.value)
        .join_from(wrong, doc, doc.c.id == wrong.c.doc_id)
        .join(item, item.c.id == wrong.c.item_id)
        .order_by(doc.c.number, item.c.code)
    )
    return Found(rows_of(conn, wip_move), offending(conn, query))


def returns_within_draws(conn: Connection) -> Found:
    """I20: no more of an item has come back for a material than was drawn; a substitute of which nothing is out covers nothing."""
    planned, taken, product = doc_line.alias("planned"), doc_line.alias("taken"), doc.alias("product")
    quantity = wip_move.c.quantity.type
    drawn = (
        select(
            wip_move.c.material_line_id, wip_move.c.item_id, func.sum(wip_move.c.quantity, type_=quantity).label("q")
        )
        .where(wip_move.c.material_line_id.is_not(None))
        .group_by(wip_move.c.material_line_id, wip_move.c.item_id)
        .subquery()
    )
    covered = (
        select(doc_link.c.source_line_id, taken.c.item_id, func.sum(doc_link.c.quantity, type_=quantity).label("q"))
        .join(taken, taken.c.id == doc_link.c.target_line_id)
        .where(doc_link.c.kind == "execute")
        .group_by(doc_link.c.source_line_id, taken.c.item_id)
        .subquery()
    )
    counted = func.coalesce(covered.c.q, 0, type_=quantity)
    same = and_(covered.c.source_line_id == drawn.c.material_line_id, covered.c.item_id == drawn.c.item_id)
    stands_in = drawn.c.item_id != planned.c.item_id
    query = (
        select(product.c.number, planned.c.line_no, item.c.code, drawn.c.q.label("drawn"), counted.label("covered"))
        .join_from(drawn, planned, planned.c.id == drawn.c.material_line_id)
        .join(product, product.c.id == planned.c.doc_id)
        .join(item, item.c.id == drawn.c.item_id)
        .outerjoin(covered, same)
        .where((drawn.c.q < 0) | (stands_in & ((counted < 0) | (drawn.c.q == 0) & (counted != 0))))
        .order_by(product.c.number, planned.c.line_no, item.c.code)
    )
    count = select(func.count()).select_from(drawn)
    return Found(conn.execute(count).scalar_one(), offending(conn, query))


def _named(wrong: Any) -> Select[Any]:
    return (
        select(item.c.code, warehouse.c.code.label("warehouse"), wrong.c.lot, wrong.c.ledger, wrong.c.balance)
        .join_from(wrong, item, item.c.id == wrong.c.item_id)
        .join(warehouse, warehouse.c.id == wrong.c.warehouse_id)
        .order_by(item.c.code, warehouse.c.code, wrong.c.lot)
    )
