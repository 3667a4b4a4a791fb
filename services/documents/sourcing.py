"""选源单: the lines that a document of a kind can take over, and how much of each."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, or_, select

from models.documents.tables import doc, doc_line, material_line
from models.kernel.numbers import ZERO
from models.kernel.refs import DocRef
from models.masterdata.tables import item, partner, unit, warehouse
from services.documents import load
from services.documents.pushing import returnable
from services.documents.queries import available
from services.documents.records import Context
from services.documents.rights import figures
from services.documents.types import DocType, Route, registry
from services.documents.views import SourceRow
from services.ledgers.facts import chunked, load_items, load_warehouses
from services.platform import parameters
from services.platform.access.holding import shown
from services.platform.searching import contains


@dataclass(frozen=True, slots=True)
class _Wanted:
    """What is looked for, and how many lines of it at most."""

    kind: DocType
    text: str
    partner_id: int | None
    limit: int


Find = Callable[[Connection, Route, _Wanted], list[SourceRow]]


def open_sources(
    conn: Connection, type_code: str, *, kind: str = "", text: str = "", partner_id: int | None = None, limit: int = 500
) -> list[SourceRow]:
    """Lines of approved documents that a document of a type and kind can take over.

    A kind that executes: open lines with what is left. One that takes back: what was executed and not brought back, by item where another
    stood in, also of finished documents, latest first, with the store it came from. One that goes beyond the plan: every open line, without
    a quantity.
    """
    wanted = _Wanted(registry[type_code], text, partner_id, limit)
    find: Find = _returnable if kind in wanted.kind.returns else _beyond if kind in wanted.kind.beyond else _left
    made = [row for route in wanted.kind.routes for row in find(conn, route, wanted)]
    made.sort(key=lambda row: (row.business_date, row.ref.id), reverse=find is _returnable)
    return _completed(conn, made[:limit], wanted.kind, guess=kind not in wanted.kind.unguessed)


def _completed(conn: Connection, rows: list[SourceRow], kind: DocType, *, guess: bool) -> list[SourceRow]:
    """With what a line of the document shows beside: specification, own stock, and the store where none is known."""
    context = Context(
        load_items(conn, {row.item_id for row in rows}), load_warehouses(conn), parameters.load(conn)
    )  # fmt: skip
    stock = available(conn, context.items)
    made = []
    for row in rows:
        facts = context.items[row.item_id]
        more: dict[str, Any] = {"spec": facts.spec, "decimals": facts.decimals}
        store_id = row.warehouse_id
        if kind.needs_warehouse and store_id is None:
            store_id = context.default_warehouse(row.item_id, guess=guess)
        if store_id is not None and not row.warehouse_code:
            store = context.warehouses[store_id]
            more |= {"warehouse_id": store.id, "warehouse_code": store.code, "warehouse_name": store.name}
        made.append(replace(row, available=stock.get(row.item_id, ZERO), **more))
    return made


def _left(conn: Connection, route: Route, wanted: _Wanted) -> list[SourceRow]:
    query = _lines(conn, route, wanted).where(
        doc.c.closing == "C", doc_line.c.closing == "C", doc_line.c.quantity > doc_line.c.done
    )
    return [_row(row, row.quantity - row.done) for row in conn.execute(_oldest(query))]


def _beyond(conn: Connection, route: Route, wanted: _Wanted) -> list[SourceRow]:
    query = _lines(conn, route, wanted).where(doc.c.closing == "C", doc_line.c.closing == "C")
    return [_row(row, ZERO) for row in conn.execute(_oldest(query))]


def _returnable(conn: Connection, route: Route, wanted: _Wanted) -> list[SourceRow]:
    """Executed lines; of a material, what was drawn of each item for it (AT-14)."""
    query = _lines(conn, route, wanted).where(doc.c.closing != "H", doc_line.c.closing != "H")
    query = query.order_by(doc.c.business_date.desc(), doc.c.id.desc(), doc_line.c.line_no)
    if route.role != "material":
        return [_row(row, row.done) for row in conn.execute(query.where(doc_line.c.done > 0))]
    rows = conn.execute(query.where(or_(doc_line.c.done > 0, material_line.c.supplement > 0))).all()
    drawn = load.drawn(conn, {row.id: row.parent_line_id or 0 for row in rows})
    stores = _stores(conn, wanted.kind.code, drawn)
    names = _items(conn, {item_id for _, item_id in drawn})
    of_line: dict[int, list[tuple[int, Decimal]]] = defaultdict(list)
    for (line_id, item_id), (quantity, _value) in sorted(drawn.items()):
        of_line[line_id].append((item_id, quantity))
    return [
        replace(_row(row, left), **names[item_id], done=quantity, **stores.get((row.id, item_id), {}))
        for row in rows
        for item_id, quantity in of_line[row.id]
        if (left := returnable(row.item_id, row.done, item_id, quantity)) > 0
    ]


def _lines(conn: Connection, route: Route, wanted: _Wanted) -> Select[Any]:
    """Lines of a route's approved documents, those that are never executed left out."""
    query = (
        select(
            *_columns(conn, route), doc.c.type, doc.c.number, doc.c.business_date, doc.c.partner_id, doc.c.workshop,
            partner.c.code.label("pcode"), partner.c.name.label("pname"), item.c.code, item.c.name,
            unit.c.code.label("unit"), material_line.c.issue,
        )
        .join_from(doc_line, doc, doc.c.id == doc_line.c.doc_id)
        .join(item, item.c.id == doc_line.c.item_id)
        .join(unit, unit.c.id == item.c.unit_id)
        .outerjoin(partner, partner.c.id == doc.c.partner_id)
        .outerjoin(material_line, material_line.c.line_id == doc_line.c.id)
        .where(doc.c.type == route.source, doc_line.c.role == route.role, doc.c.status == "C")
        .where(or_(material_line.c.issue.is_(None), material_line.c.issue != "none"))
        .limit(wanted.limit)
    )  # fmt: skip
    if wanted.partner_id is not None:
        query = query.where(doc.c.partner_id == wanted.partner_id)
    if wanted.text:
        columns = (doc.c.number, item.c.code, item.c.name, item.c.pinyin)
        query = query.where(or_(*(contains(conn, column, wanted.text) for column in columns)))
    return query


def _columns(conn: Connection, route: Route) -> list[ColumnElement[Any]]:
    return [
        shown(conn, column, figures(route.source) if column.key in ("price", "amount") else "") for column in doc_line.c
    ]


def _oldest(query: Select[Any]) -> Select[Any]:
    return query.order_by(doc.c.business_date, doc.c.id, doc_line.c.line_no)


def _row(row: Any, left: Decimal) -> SourceRow:
    return SourceRow(
        row.id, DocRef(row.type, row.doc_id, row.number), row.line_no, row.business_date, row.due_date,
        row.pname or "", row.item_id, row.code, row.name, row.unit, row.quantity, row.done, left, row.warehouse_id,
        price=row.price, partner_id=row.partner_id, partner_code=row.pcode or "", workshop=row.workshop,
    )  # fmt: skip


def _items(conn: Connection, item_ids: Iterable[int]) -> dict[int, dict[str, Any]]:
    """Item and unit as a source row names them."""
    made: dict[int, dict[str, Any]] = {}
    for keys in chunked(sorted(item_ids)):
        query = select(item.c.id, item.c.code, item.c.name, unit.c.code.label("unit")).join(
            unit, unit.c.id == item.c.unit_id
        )
        for row in conn.execute(query.where(item.c.id.in_(keys))):
            made[row.id] = {"item_id": row.id, "item_code": row.code, "item_name": row.name, "unit": row.unit}
    return made


def _stores(
    conn: Connection, type_code: str, drawn: Mapping[tuple[int, int], Any]
) -> dict[tuple[int, int], dict[str, Any]]:
    """The store and lot that each item was last drawn from, by material line and item."""
    last: dict[tuple[int, int], dict[str, Any]] = {}
    returns = registry[type_code].returns
    for keys in chunked(sorted({line_id for line_id, _ in drawn})):
        query = (
            select(
                doc_line.c.source_line_id, doc_line.c.item_id, doc_line.c.warehouse_id, doc_line.c.lot, warehouse.c.code,
                warehouse.c.name,
            )
            .join(doc, doc.c.id == doc_line.c.doc_id)
            .join(warehouse, warehouse.c.id == doc_line.c.warehouse_id)
            .where(doc_line.c.source_line_id.in_(keys), doc.c.type == type_code, doc.c.status == "C")
            .where(doc.c.kind.not_in(returns))
            .order_by(doc_line.c.id)
        )  # fmt: skip
        for row in conn.execute(query):
            last[row.source_line_id, row.item_id] = {
                "warehouse_id": row.warehouse_id, "warehouse_code": row.code, "warehouse_name": row.name, "lot": row.lot,
            }  # fmt: skip
    return last
