"""Everything about one item for whoever is asked on the telephone: figures, availability, stock, documents, prices, substitutes."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final

from sqlalchemy import ColumnElement, Connection, and_, func, or_, select

from models.documents.tables import doc, doc_line, material_line
from models.kernel.numbers import ZERO
from models.kernel.refs import DocRef
from models.ledgers.tables import stock_balance, stock_move
from models.masterdata.tables import item, partner, substitute, unit, warehouse
from services.documents import rights
from services.documents.queries import available
from services.documents.types import registry
from services.planning.views import AvailabilityRow
from services.platform.access.holding import reading, require_reading, shown
from services.platform.access.rights import SEE_COST, SEE_PRICE

READ_ITEMS: Final = "master.items.read"
DOCUMENTS_SHOWN: Final = 300
PRICES_SHOWN: Final = 40
MOVES_SHOWN: Final = 500
LATEST_LINES: Final = 500


@dataclass(frozen=True, slots=True)
class ItemHead:
    """An item as the workbench heads it; unit_cost and price are None for a reader who may not see them."""

    id: int
    code: str
    name: str
    spec: str
    unit: str
    kind: str
    category: str
    enabled: bool
    safety_stock: Decimal
    lead_time_days: int
    warehouse: str
    supplier: str
    workshop: str
    unit_cost: Decimal | None
    price: Decimal | None


@dataclass(frozen=True, slots=True)
class ItemFigures:
    """An item in figures.

    on_hand       own stock in every store; available: of it what planning may use (I06)
    reserved      still to be delivered, drawn, and forecast; free = available − reserved, below zero when more is asked than lies there
    on_order      still to come on purchase orders; in_production: good output still to come on production and subcontract orders
    short_day     first day on which the balance falls below zero, and how far it falls at worst
    """

    on_hand: Decimal
    available: Decimal
    reserved: Decimal
    on_order: Decimal
    in_production: Decimal
    short_day: dt.date | None
    short: Decimal

    @property
    def free(self) -> Decimal:
        """What nobody has asked for yet."""
        return self.available - self.reserved

    @property
    def projected(self) -> Decimal:
        """What is left when everything open is done."""
        return self.free + self.on_order + self.in_production


@dataclass(frozen=True, slots=True)
class StoreRow:
    """What lies of the item in a store, by lot and owner (empty: own); since: day of the last movement of item and store."""

    warehouse: str
    lot: str
    owner: str
    nettable: bool
    quantity: Decimal
    since: dt.date | None


@dataclass(frozen=True, slots=True)
class ItemDocumentRow:
    """A line of a document that is not finished: a draft, or an open order. role: main, material or output."""

    ref: DocRef
    title: str
    line: int
    role: str
    status: str
    due: dt.date
    party: str
    quantity: Decimal
    done: Decimal

    @property
    def left(self) -> Decimal:
        """What is still to be done, never below zero."""
        return max(ZERO, self.quantity - self.done)


@dataclass(frozen=True, slots=True)
class ItemPriceRow:
    """What was agreed with whom, the newest first."""

    ref: DocRef
    title: str
    date: dt.date
    party: str
    quantity: Decimal
    price: Decimal


@dataclass(frozen=True, slots=True)
class StandInRow:
    """An item that may stand in for this one (replaces True), or that this one may stand in for."""

    replaces: bool
    item_code: str
    item_name: str
    parent_code: str
    ratio: Decimal
    priority: int
    valid_from: dt.date | None
    valid_to: dt.date | None
    available: Decimal


@dataclass(frozen=True, slots=True)
class ItemMoveRow:
    """A movement in the stock ledger. document: None where the reader may not see that type; balance: own stock of every store after it."""

    document: DocRef | None
    title: str
    date: dt.date
    warehouse: str
    lot: str
    owner: str
    party: str
    quantity: Decimal
    balance: Decimal | None


@dataclass(frozen=True, slots=True)
class Workbench:
    """One reading of an item; prices is None for a reader who may see no document's prices."""

    head: ItemHead
    figures: ItemFigures
    rows: tuple[AvailabilityRow, ...]
    stores: tuple[StoreRow, ...]
    documents: tuple[ItemDocumentRow, ...]
    prices: tuple[ItemPriceRow, ...] | None
    stand_ins: tuple[StandInRow, ...]


def workbench(conn: Connection, code: str, today: dt.date) -> Workbench | None:
    """The item of a code, everything in one consistent view and a fixed number of statements; None when there is none."""
    require_reading(conn, READ_ITEMS)
    head = _head(conn, code)
    if head is None:
        return None
    from services.planning.availability import availability

    rows = availability(conn, head.id, today)
    stores = _stores(conn, head.id)
    return Workbench(
        head, _figures(rows, stores), rows, stores, _documents(conn, head.id), _prices(conn, head.id),
        _stand_ins(conn, head.id),
    )  # fmt: skip


def _head(conn: Connection, code: str) -> ItemHead | None:
    query = (
        select(
            item.c.id, item.c.code, item.c.name, item.c.spec, unit.c.name.label("unit"), unit.c.code.label("unit_code"),
            item.c.kind, item.c.category, item.c.enabled, item.c.safety_stock, item.c.lead_time_days,
            warehouse.c.name.label("store"), partner.c.name.label("supplier"), item.c.workshop,
            shown(conn, item.c.unit_cost, SEE_COST), shown(conn, item.c.price, SEE_PRICE),
        )
        .join_from(item, unit, unit.c.id == item.c.unit_id)
        .outerjoin(warehouse, warehouse.c.id == item.c.warehouse_id)
        .outerjoin(partner, partner.c.id == item.c.supplier_id)
        .where(item.c.code == code)
    )  # fmt: skip
    row = conn.execute(query).first()
    if row is None:
        return None
    return ItemHead(
        row.id, row.code, row.name, row.spec, row.unit or row.unit_code, row.kind, row.category, row.enabled,
        row.safety_stock, row.lead_time_days, row.store or "", row.supplier or "", row.workshop, row.unit_cost, row.price,
    )  # fmt: skip


def _figures(rows: Sequence[AvailabilityRow], stores: Sequence[StoreRow]) -> ItemFigures:
    moves = [row for row in rows if row.kind != "stock"]
    short = [row for row in rows if row.balance < 0]
    return ItemFigures(
        sum((store.quantity for store in stores if not store.owner), ZERO),
        sum((row.quantity for row in rows if row.kind == "stock"), ZERO),
        -sum((row.quantity for row in moves if row.quantity < 0), ZERO),
        sum((row.quantity for row in moves if row.kind == "purchase_order"), ZERO),
        sum((row.quantity for row in moves if row.quantity > 0 and row.kind != "purchase_order"), ZERO),
        short[0].day if short else None,
        -min((row.balance for row in short), default=ZERO),
    )


def _stores(conn: Connection, item_id: int) -> tuple[StoreRow, ...]:
    last = (
        select(
            stock_move.c.warehouse_id,
            func.max(stock_move.c.move_date, type_=stock_move.c.move_date.type).label("since"),
        )
        .where(stock_move.c.item_id == item_id)
        .group_by(stock_move.c.warehouse_id)
        .subquery()
    )
    query = (
        select(
            warehouse.c.name, stock_balance.c.lot, partner.c.name.label("owner"), warehouse.c.nettable,
            stock_balance.c.quantity, last.c.since,
        )
        .join_from(stock_balance, warehouse, warehouse.c.id == stock_balance.c.warehouse_id)
        .outerjoin(partner, partner.c.id == stock_balance.c.owner_id)
        .outerjoin(last, last.c.warehouse_id == stock_balance.c.warehouse_id)
        .where(stock_balance.c.item_id == item_id, stock_balance.c.quantity != 0)
        .order_by(warehouse.c.code, stock_balance.c.lot, stock_balance.c.owner_id)
    )  # fmt: skip
    return tuple(
        StoreRow(row.name, row.lot, row.owner or "", row.nettable, row.quantity, row.since)
        for row in conn.execute(query)
    )


def _may_read(conn: Connection) -> list[str]:
    reader = reading(conn)
    return [kind.code for kind in registry if reader.allows(f"{kind.code}.read")]


def _documents(conn: Connection, item_id: int) -> tuple[ItemDocumentRow, ...]:
    """Drafts of every type, and lines of open orders with something left, the earliest first; no material that is not drawn."""
    readable = _may_read(conn)
    ordering = [code for code in readable if registry[code].closes]
    product = doc_line.alias("product")
    due = func.coalesce(
        product.c.start_date, doc_line.c.due_date, product.c.due_date, doc.c.business_date,
        type_=doc.c.business_date.type,
    )  # fmt: skip
    waiting: ColumnElement[bool] = and_(
        doc.c.status == "C", doc.c.type.in_(ordering), doc_line.c.done < doc_line.c.quantity,
        doc_line.c.closing == "C", or_(product.c.id.is_(None), product.c.closing == "C"),
    )  # fmt: skip
    query = (
        select(
            doc.c.type, doc.c.id, doc.c.number, doc_line.c.line_no, doc_line.c.role, doc.c.status, due.label("due"),
            partner.c.name.label("party"), doc.c.workshop, doc_line.c.quantity, doc_line.c.done,
        )
        .join_from(doc_line, doc, doc.c.id == doc_line.c.doc_id)
        .outerjoin(product, product.c.id == doc_line.c.parent_line_id)
        .outerjoin(material_line, material_line.c.line_id == doc_line.c.id)
        .outerjoin(partner, partner.c.id == doc.c.partner_id)
        .where(
            doc_line.c.item_id == item_id, doc.c.closing == "C", doc.c.type.in_(readable),
            or_(doc.c.status == "Z", waiting), or_(material_line.c.issue.is_(None), material_line.c.issue != "none"),
        )
        .order_by(due, doc.c.id, doc_line.c.line_no)
        .limit(DOCUMENTS_SHOWN)
    )  # fmt: skip
    return tuple(
        ItemDocumentRow(
            DocRef(row.type, row.id, row.number), registry[row.type].title, row.line_no, row.role, row.status, row.due,
            row.party or row.workshop, row.quantity, row.done,
        )
        for row in conn.execute(query)
    )  # fmt: skip


def _prices(conn: Connection, item_id: int) -> tuple[ItemPriceRow, ...] | None:
    reader = reading(conn)
    priced = [
        code for code in _may_read(conn) if registry[code].partner_role and reader.allows(rights.figures(code))
    ]  # fmt: skip
    if not priced:
        return None
    query = (
        select(
            doc.c.type, doc.c.id, doc.c.number, doc.c.business_date, partner.c.name, doc_line.c.quantity,
            doc_line.c.price,
        )
        .join_from(doc_line, doc, doc.c.id == doc_line.c.doc_id)
        .outerjoin(partner, partner.c.id == doc.c.partner_id)
        .where(
            doc_line.c.item_id == item_id, doc_line.c.role == "main", doc_line.c.price.is_not(None),
            doc.c.status == "C", doc.c.type.in_(priced),
        )
        .order_by(doc.c.business_date.desc(), doc.c.id.desc(), doc_line.c.line_no)
        .limit(PRICES_SHOWN)
    )  # fmt: skip
    return tuple(
        ItemPriceRow(
            DocRef(row.type, row.id, row.number), registry[row.type].title, row.business_date, row.name or "",
            row.quantity, row.price,
        )
        for row in conn.execute(query)
    )  # fmt: skip


def _stand_ins(conn: Connection, item_id: int) -> tuple[StandInRow, ...]:
    """Both ways, whoever replaces this item first, by priority."""
    s, parent, other = substitute.c, item.alias("parent"), item.alias("other")
    replaces = s.component_id == item_id
    query = (
        select(substitute, other.c.id.label("other_id"), other.c.code, other.c.name, parent.c.code.label("parent_code"))
        .join_from(
            substitute, other, or_(and_(replaces, other.c.id == s.substitute_id),
                                   and_(s.substitute_id == item_id, other.c.id == s.component_id))
        )
        .outerjoin(parent, parent.c.id == s.parent_id)
        .order_by(s.priority, other.c.code)
    )  # fmt: skip
    found: list[Any] = list(conn.execute(query.where(or_(replaces, s.substitute_id == item_id))))
    stock = available(conn, {row.other_id for row in found})
    made = [
        StandInRow(
            row.component_id == item_id, row.code, row.name, row.parent_code or "", row.ratio, row.priority,
            row.valid_from, row.valid_to, stock.get(row.other_id, ZERO),
        )
        for row in found
    ]  # fmt: skip
    return tuple(sorted(made, key=lambda row: not row.replaces))


def item_in_use(conn: Connection) -> str:
    """Code of an item that the latest orders draw most; without orders the first by code, empty in an empty book."""
    latest = (
        select(doc_line.c.item_id)
        .join(material_line, material_line.c.line_id == doc_line.c.id)
        .where(material_line.c.issue != "none", doc_line.c.done < doc_line.c.quantity)
        .order_by(doc_line.c.id.desc())
        .limit(LATEST_LINES)
        .subquery()
    )
    query = (
        select(item.c.code)
        .join(latest, latest.c.item_id == item.c.id)
        .group_by(item.c.code)
        .order_by(func.count().desc(), item.c.code)
        .limit(1)
    )
    found: str | None = conn.execute(query).scalar() or conn.execute(select(func.min(item.c.code))).scalar()
    return found or ""


def item_moves(conn: Connection, item_id: int) -> list[ItemMoveRow]:
    """Where an item came from and where it went: its movements in every store, the latest MOVES_SHOWN, latest first."""
    require_reading(conn, READ_ITEMS)
    m, owner = stock_move.c, partner.alias("owner")
    query = (
        select(
            doc.c.type, doc.c.id, doc.c.number, m.move_date, warehouse.c.name.label("store"), m.lot, m.owner_id,
            owner.c.name.label("owner"), partner.c.name.label("party"), doc.c.workshop, m.quantity,
        )
        .join_from(stock_move, doc, doc.c.id == m.doc_id)
        .join(warehouse, warehouse.c.id == m.warehouse_id)
        .outerjoin(owner, owner.c.id == m.owner_id)
        .outerjoin(partner, partner.c.id == doc.c.partner_id)
        .where(m.item_id == item_id, m.quantity != 0)
        .order_by(m.move_date.desc(), m.id.desc())
        .limit(MOVES_SHOWN)
    )  # fmt: skip
    own = select(func.sum(stock_balance.c.quantity, type_=stock_balance.c.quantity.type)).where(
        stock_balance.c.item_id == item_id, stock_balance.c.owner_id == 0
    )
    balance: Decimal = conn.execute(own).scalar() or ZERO
    readable = set(_may_read(conn))
    made = []
    for row in conn.execute(query):
        seen = row.type in readable
        made.append(
            ItemMoveRow(
                DocRef(row.type, row.id, row.number) if seen else None, registry[row.type].title, row.move_date,
                row.store, row.lot, row.owner or "", (row.party or row.workshop) if seen else "", row.quantity,
                balance if not row.owner_id else None,
            )
        )  # fmt: skip
        balance -= row.quantity if not row.owner_id else ZERO
    return made
