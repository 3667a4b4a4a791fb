"""Acting as a clerk does: save and approve, and look what came of it."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from sqlalchemy import func, select

from models.documents.tables import material_line
from models.kernel.refs import DocRef
from models.ledgers.tables import stock_balance, stock_value, wip_move
from services.documents import api
from services.documents.records import DocDraft
from services.masterdata import saving as masters
from tests.support.factory import USER, lines_of
from tests.support.shops import Shop


def save(shop: Shop, draft: DocDraft) -> DocRef:
    """Saves a draft."""
    ref, _ = api.save_document(shop.db, USER, draft)
    return ref


def post(shop: Shop, draft: DocDraft) -> DocRef:
    """Saves and approves a draft."""
    ref = save(shop, draft)
    api.approve(shop.db, USER, [ref.id])
    return ref


def taking(shop: Shop, target: str, source: DocRef, quantity: str = "", **more: Any) -> DocDraft:
    """A draft that executes a source, see Factory.taking."""
    with shop.db.write(USER) as tx:
        return shop.factory.taking(tx, target, source, quantity, **more)


def draw(shop: Shop, order: DocRef, code: str, quantity: str, kind: str = "normal") -> DocRef:
    """Picks, supplements or returns one material of an order."""
    return post(shop, taking(shop, "material_issue", order, quantity, code=code, kind=kind))


def in_place(shop: Shop, order: DocRef, code: str, other: str, quantity: str, **more: Any) -> DocDraft:
    """A pick, supplement or return of another item for a material."""
    draft = taking(shop, "material_issue", order, quantity, code=code, **more)
    draft.lines[0].item_id = shop.factory.items[other]
    return draft


def substitutes(shop: Shop, component: str, /, **ratios: str) -> None:
    """Substitutes in the master data: code and ratio each, for one parent where it is named, by priority in the order given."""
    parent = ratios.pop("parent", None)
    rows = [
        {"component": component, "substitute": code, "parent": parent, "ratio": Decimal(ratio), "priority": number}
        for number, (code, ratio) in enumerate(ratios.items(), start=1)
    ]
    with shop.db.write(USER) as tx:
        masters.upsert(tx, "substitutes", rows)


def parameter(shop: Shop, key: str, value: str) -> None:
    """Sets a system parameter."""
    with shop.db.write("主管") as tx:
        masters.upsert(tx, "parameters", [{"key": key, "value": value}])


def material(shop: Shop, order: DocRef, code: str) -> tuple[Decimal, Decimal, Decimal, Decimal]:
    """planned, done, supplement and returned of a material line."""
    with shop.db.read() as conn:
        (line,) = [m for m in lines_of(conn, order, "material") if m.item_id == shop.factory.items[code]]
        extra = conn.execute(select(material_line).where(material_line.c.line_id == line.id)).one()
    return line.quantity, line.done, extra.supplement, extra.returned


def done(shop: Shop, ref: DocRef) -> Decimal:
    """What was executed of a document's only main line."""
    with shop.db.read() as conn:
        (line,) = lines_of(conn, ref)
    executed: Decimal = line.done
    return executed


def on_hand(shop: Shop, code: str, store: str = "") -> Decimal:
    """Quantity of an item, everywhere or in one warehouse."""
    query = select(func.coalesce(func.sum(stock_balance.c.quantity), 0, type_=stock_balance.c.quantity.type))
    query = query.where(stock_balance.c.item_id == shop.factory.items[code])
    if store:
        query = query.where(stock_balance.c.warehouse_id == shop.factory.stores[store])
    with shop.db.read() as conn:
        return conn.execute(query).scalar_one()


def worth(shop: Shop, code: str) -> Decimal:
    """Value of an item."""
    with shop.db.read() as conn:
        query = select(stock_value.c.value).where(stock_value.c.item_id == shop.factory.items[code])
        return conn.execute(query).scalar_one()


def in_progress(shop: Shop, code: str) -> tuple[Decimal, Decimal]:
    """Quantity and value of an item in work in progress."""
    w = wip_move.c
    query = select(
        func.coalesce(func.sum(w.quantity), 0, type_=w.quantity.type),
        func.coalesce(func.sum(w.value), 0, type_=w.value.type),
    ).where(w.item_id == shop.factory.items[code])
    with shop.db.read() as conn:
        row = conn.execute(query).one()
    return row[0], row[1]
