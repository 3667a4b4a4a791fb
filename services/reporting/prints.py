"""Documents on paper: which form a type has, and its values."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from sqlalchemy import Connection, func, select

from models.documents.tables import doc
from models.kernel.numbers import ZERO
from models.kernel.problems import Problem, Refused
from models.kernel.refs import DocRef
from models.kernel.vocabulary import ISSUE_KINDS, ISSUE_METHODS, ORDER_KINDS
from models.masterdata.tables import partner
from services.documents import queries
from services.documents.views import DocumentView, LineView
from services.ledgers.facts import load_warehouses
from services.platform import parameters
from services.printing.api import A4_LANDSCAPE, Form, PaperProfile, Printed, print_each, print_forms
from services.printing.declared import build
from services.printing.picking_forms import (
    SIGN_MERGED,
    Material,
    MergedLine,
    PickedOrder,
    PickLine,
    PickSlip,
    merged_form,
    pick_form,
)
from services.printing.templates import store
from services.printing.templates.applying import arranged, profile_of
from services.printing.templates.model import Template
from services.production import picking
from services.production.engine.dealing import Need, deal, sums
from services.reporting.offers import PICK, offer_of, spec_of

_MERGED_LOGO_MM = 12


@dataclass(frozen=True, slots=True)
class _Picked:
    """A material quantity of one order, whatever document it comes from."""

    order: DocRef
    line: PickLine
    item_id: int
    start: dt.date
    available: Decimal


def print_documents(
    conn: Connection, ids: Sequence[int], *, profile: PaperProfile | None = None, template: str = ""
) -> Printed:
    """The documents as they leave the printer, in the given order, one after the other.

    template: name of the template for all of them; a type that has none of that name is printed with its default. profile:
    the paper, whatever the template says.
    """
    made = []
    found: dict[str, Template] = {}
    for key in ids:
        view = _view(conn, key)
        kind = view.ref.type
        if kind not in found:
            found[kind] = store.find(conn, offer_of(kind), template)
        made.append((form_of(conn, view, found[kind]), profile or paper_of(conn, found[kind])))
    return print_each(made)


def paper_of(conn: Connection, template: Template) -> PaperProfile:
    """The paper of a template, with the book's rows a page where it names none."""
    rows = int(parameters.load(conn).number("rows_per_page"))
    return profile_of(template, rows=rows or None)


def form_of(conn: Connection, view: DocumentView, template: Template) -> Form:
    """A document's form as a template arranges it, with the company's logo."""
    made = _form(conn, view, parameters.load(conn).text("company_name"), in_words=template.in_words)
    return arranged(made, template, logo=store.logo(conn))


def print_merged(conn: Connection, ids: Sequence[int], *, profile: PaperProfile | None = None) -> Printed:
    """One pick list of several orders or pick lists: sums by store and material, split by order (AT-13, AT-31)."""
    paper = profile or A4_LANDSCAPE
    views = [_view(conn, key) for key in ids]
    wrong = [view for view in views if view.ref.type not in (*picking.ORDER_TYPES, "material_issue")]
    if wrong:
        raise Refused([Problem("print.not_picked", {"number": view.ref.number}) for view in wrong])
    picked = [part for view in views if view.ref.type == "material_issue" for part in _picked_of_slip(conn, view)]
    orders = [view.ref.id for view in views if view.ref.type in picking.ORDER_TYPES]
    picked += _picked_of_orders(conn, orders)
    if not picked:
        raise Refused([Problem("pick.nothing", {})])
    slip = _slip(conn, views, picked)
    form = merged_form(replace(slip, signatures=SIGN_MERGED), _merged(picked), width_mm=paper.usable_width_mm)
    return print_forms([replace(form, logo=store.logo(conn), logo_mm=_MERGED_LOGO_MM)], profile=paper)


def _view(conn: Connection, key: int) -> DocumentView:
    view = queries.get_document(conn, key)
    if view is None:
        raise Refused([Problem("document.gone", {"number": key})])
    return view


def _form(conn: Connection, view: DocumentView, company: str, *, in_words: bool) -> Form:
    signed = {"制单": view.created_by, "审核": view.approved_by}
    if view.ref.type == PICK:
        picked = _picked_of_slip(conn, view)
        slip = _slip(conn, [view], picked)
        signs = tuple(replace(sign, name=signed.get(sign.label, "")) for sign in slip.signatures)
        return pick_form(replace(slip, signatures=signs), [part.line for part in picked])
    spec = spec_of(view.ref.type)
    if not in_words:
        spec = replace(spec, in_words="")
    lines: dict[str, Sequence[Mapping[str, Any]]] = {"lines": [_goods(line) for line in view.lines]}
    if view.materials or view.ref.type in picking.ORDER_TYPES:
        lines = {
            "products": [_goods(line) for line in view.lines],
            "materials": [_goods(line) for line in view.materials],
        }
    return build(spec, _head(conn, view), lines, company=company, signed=signed)


def _head(conn: Connection, view: DocumentView) -> dict[str, Any]:
    found = conn.execute(select(partner).where(partner.c.id == view.partner_id)).mappings().first()
    who: dict[str, Any] = dict(found) if found else {}
    name = view.partner_name or view.partner_code
    sources = sorted({line.source.number for line in view.lines if line.source})
    amounts = [line.amount for line in view.lines if line.amount is not None]
    return {
        "number": view.ref.number, "date": view.business_date, "workshop": view.workshop, "department": view.workshop,
        "kind": _kind(view), "note": view.note, "partner": name, "customer": name, "customer_name": name,
        "supplier": name, "supplier_name": name, "address": who.get("address", ""), "contact": who.get("contact", ""),
        "phone": who.get("phone", ""), "source": "、".join(sources[:3]), "order": "、".join(sources[:3]),
        "sales_order": "、".join(sources[:3]) if view.ref.type == "delivery" else _demands(view),
        "warehouse": _one({line.warehouse_name for line in view.lines}),
        "amount": sum(amounts, ZERO) if amounts else None, "mark": "" if view.status == "C" else "未审核",
        "printed": f"第 {view.print_count + 1} 次打印", "made_by": view.created_by, "checked_by": view.approved_by,
    }  # fmt: skip


def _kind(view: DocumentView) -> str:
    words = ISSUE_KINDS if view.ref.type == "material_issue" else ORDER_KINDS
    return words.get(view.kind, "")


def _demands(view: DocumentView) -> str:
    return "、".join(sorted({line.demand.number for line in view.lines if line.demand})[:3])


def _one(names: set[str]) -> str:
    return next(iter(names)) if len(names) == 1 else ""


def _goods(line: LineView) -> dict[str, Any]:
    usage = ""
    if line.numerator is not None and line.denominator is not None:
        usage = f"{line.numerator:f}".rstrip("0").rstrip(".")
        if line.denominator != 1:
            usage += "/" + f"{line.denominator:f}".rstrip("0").rstrip(".")
    return {
        "item": line.item_code, "name": line.item_name, "spec": line.spec, "unit": line.unit, "quantity": line.quantity,
        "price": line.price, "amount": line.amount, "lot": line.lot, "place": line.warehouse_name, "due_date": line.due_date,
        "start_date": line.start_date, "note": line.note, "bom": line.bom_version, "usage": usage,
        "issue": ISSUE_METHODS.get(line.issue, ""), "done": line.done,
        "line_source": line.source.number if line.source else "",
    }  # fmt: skip


def _picked_of_slip(conn: Connection, view: DocumentView) -> list[_Picked]:
    orders: dict[int, DocumentView] = {}
    made = []
    for line in view.lines:
        if line.source is None:
            continue
        if line.source.id not in orders:
            orders[line.source.id] = _view(conn, line.source.id)
        order = orders[line.source.id]
        source = next((m for m in order.materials if m.id == line.source_line_id), None)
        required = source.quantity if source else line.quantity
        drawn = source.done if source else ZERO
        posted = view.status == "C"
        free = line.available or ZERO
        short = ZERO if posted or view.kind == "return" else max(ZERO, line.quantity - max(free, ZERO))
        made.append(
            _Picked(
                order.ref,
                PickLine(
                    _material(line), line.warehouse_name, required, drawn - line.quantity if posted else drawn,
                    line.quantity, order.ref.number, line.lot, customer_supplied=bool(source and source.supplied_by == "customer"),
                    short=short, note=line.note,
                ),
                line.item_id, (source.start_date if source else None) or view.business_date, free,
            )
        )  # fmt: skip
    return made


def _picked_of_orders(conn: Connection, ids: Sequence[int]) -> list[_Picked]:
    if not ids:
        return []
    stores = {row.id: row.name for row in load_warehouses(conn).values()}
    return [
        _Picked(
            line.order.ref,
            PickLine(
                Material(line.material.item_code, line.material.item_name, line.material.spec, line.material.unit),
                stores.get(line.material.warehouse_id or 0, ""), line.material.planned, line.material.drawn, line.quantity,
                line.order.ref.number, customer_supplied=line.material.supplied_by == "customer",
            ),
            line.material.item_id, line.order.start_date or dt.date.max, line.material.available,
        )
        for line in picking.propose(picking.pick_orders(conn, ids))
    ]  # fmt: skip


def _merged(picked: Sequence[_Picked]) -> list[MergedLine]:
    """Sums in shelf order; short stock goes to the orders by start date, then number."""
    needs = [
        Need(
            part.order.number,
            part.start,
            (part.line.place, part.line.material.code, part.line.customer_supplied),
            part.line.quantity,
        )
        for part in picked
    ]
    on_hand = {need.key: max(ZERO, part.available) for need, part in zip(needs, picked, strict=True)}
    shares = deal(needs, on_hand)
    material = {need.key: part.line.material for need, part in zip(needs, picked, strict=True)}
    made = []
    for key, total in sorted(sums(needs).items()):
        mine = [share for share in shares if share.need.key == key]
        dealt: dict[str, Decimal] = {}
        for share in mine:
            dealt[share.need.order] = dealt.get(share.need.order, ZERO) + share.quantity
        short_orders = tuple(dict.fromkeys(share.need.order for share in mine if share.short > 0))
        made.append(
            MergedLine(
                material[key], key[0], total, on_hand[key], dealt, sum((share.short for share in mine), ZERO),
                short_orders, customer_supplied=key[2],
            )
        )  # fmt: skip
    return made


def _slip(conn: Connection, views: Sequence[DocumentView], picked: Sequence[_Picked]) -> PickSlip:
    first = views[0]
    number = first.ref.number if len(views) == 1 else f"{first.ref.number} 等{len(views)}张"
    orders = []
    for ref in dict.fromkeys(part.order for part in picked):
        order = _view(conn, ref.id)
        for product in order.lines[:1]:
            sets = _sets(first, order, product, picked)
            orders.append(
                PickedOrder(
                    ref.number, _material(product), product.quantity, sets,
                    product.start_date.isoformat() if product.start_date else "", order.partner_name, _demands(order),
                )
            )  # fmt: skip
    return PickSlip(
        company=parameters.load(conn).text("company_name"),
        number=number,
        date=first.business_date.isoformat(),
        orders=tuple(orders),
        kind=_kind(first) if first.ref.type == "material_issue" else "合并领料",
        workshop=first.workshop,
        note=first.note,
        mark="" if all(view.status == "C" for view in views) else "未审核",
        printed=f"第 {first.print_count + 1} 次打印",
    )


def _sets(first: DocumentView, order: DocumentView, product: LineView, picked: Sequence[_Picked]) -> Decimal | None:
    """How many kits this slip takes: the least share of its materials, when it is a plain pick."""
    if first.kind != "normal" or first.ref.type != "material_issue":
        return None
    mine = [part.line for part in picked if part.order == order.ref and part.line.required > 0]
    pairs = [(line.required, line.quantity) for line in mine]
    return picking.kits_in_stock(product.quantity, product.decimals, pairs) if pairs else None


def _material(line: LineView) -> Material:
    return Material(line.item_code, line.item_name, line.spec, line.unit)


def numbered(conn: Connection, numbers: Sequence[str]) -> list[DocRef]:
    """Documents by number; refused with every number that is none."""
    rows = conn.execute(select(doc.c.type, doc.c.id, doc.c.number).where(doc.c.number.in_(numbers)).order_by(doc.c.id))
    found: dict[str, DocRef] = {}
    for row in rows:
        found.setdefault(row.number, DocRef(*row))
    missing = [number for number in numbers if number not in found]
    if missing:
        raise Refused([Problem("print.unknown_number", {"number": number}) for number in missing])
    return [found[number] for number in numbers]


def printed_before(conn: Connection, ids: Sequence[int]) -> int:
    """How many of the documents were printed before."""
    query = select(func.count()).select_from(doc).where(doc.c.id.in_(ids), doc.c.print_count > 0)
    return conn.execute(query).scalar_one()
