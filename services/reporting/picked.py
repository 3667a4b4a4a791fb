"""What pick lists and orders take from the store, as the printed forms want it."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from sqlalchemy import Connection, func, select

from models.documents.tables import doc_link
from models.kernel.numbers import ZERO
from models.kernel.problems import Problem, Refused
from models.kernel.refs import DocRef
from models.kernel.vocabulary import ISSUE_KINDS, ORDER_KINDS
from services.documents import queries
from services.documents.views import DocumentView, LineView
from services.ledgers.facts import load_warehouses
from services.platform import parameters
from services.platform.tongues import Tongue
from services.printing.picking_forms import Material, MergedLine, PickedOrder, PickLine, PickSlip
from services.production import picking
from services.production.engine.dealing import Need, Share, deal

_Shelf = tuple[str, str, bool]
"""place, item code, whether it is the customer's"""


@dataclass(frozen=True, slots=True)
class Picked:
    """A material quantity of one order, whatever document it comes from."""

    order: DocRef
    line: PickLine
    item_id: int
    start: dt.date
    available: Decimal
    taken: Decimal = ZERO
    """what was already booked out of the store for it"""
    store: str = ""
    """code of the store, by which the way through the stores goes"""


def document(conn: Connection, key: int) -> DocumentView:
    """A document; refused if it is gone."""
    view = queries.get_document(conn, key)
    if view is None:
        raise Refused([Problem("document.gone", {"number": key})])
    return view


def kind_of(view: DocumentView, tongue: Tongue) -> str:
    """The kind of a pick list or order in words."""
    words = ISSUE_KINDS if view.ref.type == "material_issue" else ORDER_KINDS
    return tongue(words.get(view.kind, ""))


def times(before: int, tongue: Tongue) -> str:
    """How often it is printed now, told from the second time on."""
    return tongue("第 {count} 次打印", count=before + 1) if before else ""


def demands(view: DocumentView, tongue: Tongue) -> str:
    """The orders that a document is for, at most three."""
    return tongue.comma.join(sorted({line.demand.number for line in view.lines if line.demand})[:3])


def of_slip(conn: Connection, view: DocumentView) -> list[Picked]:
    """The lines of a pick list that belong to orders."""
    orders: dict[int, DocumentView] = {}
    materials: dict[int, LineView] = {}
    posted = view.status == "C"
    linked = _linked(conn, view.ref.id)
    made = []
    for line in view.lines:
        if line.source is None:
            continue
        if line.source.id not in orders:
            orders[line.source.id] = document(conn, line.source.id)
            materials.update((part.id, part) for part in orders[line.source.id].materials)
        order = orders[line.source.id]
        source = materials.get(line.source_line_id or 0)
        stands_in = _stands_in_for(line, source)
        # A substitute is counted in its own unit: what its material requires and has drawn says nothing about it.
        own = source if not stands_in else None
        required = own.quantity if own else line.quantity
        drawn = own.done - linked.get(own.id, ZERO) if own else ZERO
        free = line.available or ZERO
        short = ZERO if posted or view.kind == "return" else max(ZERO, line.quantity - max(free, ZERO))
        made.append(
            Picked(
                order.ref,
                PickLine(
                    _material(line), line.warehouse_name, required, drawn,
                    line.quantity, order.ref.number, line.lot, stands_in,
                    customer_supplied=bool(source and source.supplied_by == "customer"), short=short, note=line.note,
                ),
                line.item_id, (source.start_date if source else None) or view.business_date, free,
                line.quantity if posted else ZERO, line.warehouse_code,
            )
        )  # fmt: skip
    return made


def _linked(conn: Connection, doc_id: int) -> dict[int, Decimal]:
    """What an approved document has executed itself, by line of its orders; below zero where it brings back."""
    total = func.sum(doc_link.c.quantity, type_=doc_link.c.quantity.type)
    query = select(doc_link.c.source_line_id, total).where(
        doc_link.c.target_doc_id == doc_id, doc_link.c.kind == "execute"
    )
    return {row[0]: row[1] for row in conn.execute(query.group_by(doc_link.c.source_line_id))}


def _stands_in_for(line: LineView, source: LineView | None) -> str:
    """The code of the material that another one is drawn for."""
    return source.item_code if source is not None and source.item_id != line.item_id else ""


def of_orders(conn: Connection, ids: Sequence[int]) -> list[Picked]:
    """What orders have still to draw; refused if one is not approved and open."""
    if not ids:
        return []
    stores = {row.id: (row.name, row.code) for row in load_warehouses(conn).values()}
    return [
        Picked(
            line.order.ref,
            PickLine(
                Material(line.material.item_code, line.material.item_name, line.material.spec, line.material.unit),
                stores.get(line.material.warehouse_id or 0, ("", ""))[0], line.material.planned, line.material.drawn, line.quantity,
                line.order.ref.number, customer_supplied=line.material.supplied_by == "customer",
            ),
            line.material.item_id, line.order.start_date or dt.date.max, line.material.available,
            store=stores.get(line.material.warehouse_id or 0, ("", ""))[1],
        )
        for line in picking.propose(picking.pick_orders(conn, ids))
    ]  # fmt: skip


def summed(picked: Sequence[Picked]) -> list[MergedLine]:
    """Sums by code of the store, then of the material, lots apart.

    Short stock goes to the orders by start date, then number, whatever the lot.
    """
    needs = [
        Need(
            part.order.number,
            part.start,
            (part.line.place, part.line.material.code, part.line.customer_supplied),
            part.line.quantity,
        )
        for part in picked
    ]
    on_hand: dict[_Shelf, Decimal] = {}
    taken: dict[_Shelf, Decimal] = defaultdict(Decimal)
    rows: dict[tuple[_Shelf, str], list[tuple[Picked, Share[_Shelf]]]] = defaultdict(list)
    for need, part in zip(needs, picked, strict=True):
        on_hand[need.key] = max(ZERO, part.available)
        taken[need.key] += part.taken
    stock = {key: quantity + taken[key] for key, quantity in on_hand.items()}
    for part, share in zip(picked, deal(needs, stock), strict=True):
        rows[share.need.key, part.line.lot].append((part, share))
    way = sorted(rows.items(), key=lambda entry: (entry[1][0][0].store, *entry[0]))
    return [_row(shelf, lot, stock[shelf], row) for (shelf, lot), row in way]


def _row(shelf: _Shelf, lot: str, on_hand: Decimal, row: Sequence[tuple[Picked, Share[_Shelf]]]) -> MergedLine:
    dealt: dict[str, Decimal] = defaultdict(Decimal)
    for part, share in row:
        dealt[part.order.number] += share.quantity
    return MergedLine(
        row[0][0].line.material,
        shelf[0],
        sum((share.need.quantity for _, share in row), ZERO),
        on_hand,
        dealt,
        sum((share.short for _, share in row), ZERO),
        tuple(dict.fromkeys(share.need.order for _, share in row if share.short > 0)),
        lot,
        tuple(dict.fromkeys(part.line.substitute_for for part, _ in row if part.line.substitute_for)),
        customer_supplied=shelf[2],
    )


def slip_of(conn: Connection, views: Sequence[DocumentView], picked: Sequence[Picked], tongue: Tongue) -> PickSlip:
    """The head of a pick list: of one, or of several documents as one."""
    first = views[0]
    number = first.ref.number
    if len(views) > 1:
        number = tongue("{number} 等{count}张", number=number, count=len(views))
    orders = []
    for ref in dict.fromkeys(part.order for part in picked):
        order = document(conn, ref.id)
        for product in order.lines[:1]:
            sets = _sets(first, order, product, picked)
            orders.append(
                PickedOrder(
                    ref.number, _material(product), product.quantity, sets,
                    product.start_date.isoformat() if product.start_date else "", order.partner_name, demands(order, tongue),
                )
            )  # fmt: skip
    return PickSlip(
        company=parameters.load(conn).text("company_name"),
        number=number,
        date=first.business_date.isoformat(),
        orders=tuple(orders),
        kind=kind_of(first, tongue) if first.ref.type == "material_issue" else tongue("合并领料"),
        workshop=tongue.comma.join(dict.fromkeys(view.workshop for view in views if view.workshop)),
        note=first.note if len(views) == 1 else "",
        mark="" if all(view.status == "C" for view in views) else "未审核",
        printed=times(first.print_count, tongue),
        tongue=tongue,
    )


def _sets(first: DocumentView, order: DocumentView, product: LineView, picked: Sequence[Picked]) -> Decimal | None:
    """How many kits this slip takes: the least share of its materials, when it is a plain pick.

    A material that a substitute is drawn for is left out: the line alone does not say how much of it is covered.
    """
    if first.kind != "normal" or first.ref.type != "material_issue":
        return None
    mine = [part.line for part in picked if part.order == order.ref and part.line.required > 0]
    covered = {line.substitute_for for line in mine}
    whole = [line for line in mine if not line.substitute_for and line.material.code not in covered]
    pairs = [(line.required, line.quantity) for line in whole]
    return picking.kits_in_stock(product.quantity, product.decimals, pairs) if pairs else None


def _material(line: LineView) -> Material:
    return Material(line.item_code, line.item_name, line.spec, line.unit)
