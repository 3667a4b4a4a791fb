"""Documents on paper: which form a type has, and its values."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from sqlalchemy import Connection, func, select

from models.documents.tables import doc
from models.kernel.numbers import ZERO, plain
from models.kernel.problems import Problem, Refused
from models.kernel.refs import DocRef
from models.kernel.vocabulary import ISSUE_METHODS
from models.masterdata.tables import partner
from services.documents import printing
from services.documents.views import DocumentView, LineView
from services.platform import parameters
from services.platform.tongues import SOURCE, Tongue
from services.printing.api import Form, PaperProfile, Printed, print_each
from services.printing.declared import build
from services.printing.picking_forms import pick_form
from services.printing.templates import store
from services.printing.templates.applying import arranged, profile_of
from services.printing.templates.model import Template
from services.production import picking
from services.reporting.offers import PICK, offer_of, spec_of
from services.reporting.picked import demands, document, kind_of, of_slip, slip_of, times
from services.reporting.taxed import with_tax


def print_documents(
    conn: Connection,
    ids: Sequence[int],
    *,
    profile: PaperProfile | None = None,
    template: str = "",
    tick: Callable[[int, int], object] | None = None,
    language: str = SOURCE,
) -> Printed:
    """The documents as they leave the printer, in the given order, one after the other; tick(done, all) before each.

    template: name of the template for all of them, "" the default of each type; refused for a type that has none of that name.
    profile: the paper, whatever the template says. language: of forms whose template has none. Refused for drafts where only
    approved documents are printed.
    """
    drafts = select(doc.c.number, doc.c.status).where(doc.c.id.in_(ids)).order_by(doc.c.id)
    printing.require_printable(conn, conn.execute(drafts).all())
    return print_each(_forms(conn, ids, profile, template, language, tick))


def _forms(
    conn: Connection,
    ids: Sequence[int],
    profile: PaperProfile | None,
    template: str,
    language: str,
    tick: Callable[[int, int], object] | None,
) -> Iterator[tuple[Form, PaperProfile]]:
    found: dict[str, Template] = {}
    for done, key in enumerate(ids):
        if tick is not None:
            tick(done, len(ids))
        view = document(conn, key)
        kind = view.ref.type
        if kind not in found:
            found[kind] = _template(conn, kind, template, profile)
        yield form_of(conn, view, found[kind], language), profile or paper_of(conn, found[kind])


def _template(conn: Connection, kind: str, name: str, profile: PaperProfile | None) -> Template:
    offer = offer_of(kind)
    found = store.find(conn, offer, name)
    if profile is None or name:
        return found
    return replace(found, copies=offer.copies if profile.multi_part else "")


def paper_of(conn: Connection, template: Template) -> PaperProfile:
    """The paper of a template, with the book's rows a page where it names none."""
    rows = int(parameters.load(conn).number("rows_per_page"))
    return profile_of(template, rows=rows or None)


def form_of(conn: Connection, view: DocumentView, template: Template, language: str = SOURCE) -> Form:
    """A document's form as a template arranges it, with the company's logo; language: unless the template has its own."""
    tongue = Tongue(template.language or language)
    known = parameters.load(conn)
    taxed = with_tax(view, known.number("default_tax_rate"))
    made = _form(conn, taxed, known.text("company_name"), tongue, in_words=template.in_words)
    return arranged(made, template, logo=store.logo(conn))


def _form(conn: Connection, view: DocumentView, company: str, tongue: Tongue, *, in_words: bool) -> Form:
    signed = {"制单": view.created_by, "审核": view.approved_by}
    if view.ref.type == PICK:
        picked = of_slip(conn, view)
        slip = slip_of(conn, [view], picked, tongue)
        signs = tuple(replace(sign, name=signed.get(sign.label, "")) for sign in slip.signatures)
        return pick_form(replace(slip, signatures=signs), [part.line for part in picked])
    spec = spec_of(view.ref.type)
    if not in_words:
        spec = replace(spec, in_words="")
    lines: dict[str, Sequence[Mapping[str, Any]]] = {"lines": [_goods(line, tongue) for line in view.lines]}
    if view.materials or view.ref.type in picking.ORDER_TYPES:
        lines = {
            "products": [_goods(line, tongue) for line in view.lines],
            "materials": [_goods(line, tongue) for line in view.materials],
        }
    return build(spec, _head(conn, view, tongue), lines, company=company, signed=signed, tongue=tongue)


def _head(conn: Connection, view: DocumentView, tongue: Tongue) -> dict[str, Any]:
    found = conn.execute(select(partner).where(partner.c.id == view.partner_id)).mappings().first()
    who: dict[str, Any] = dict(found) if found else {}
    name = view.partner_name or view.partner_code
    sources = tongue.comma.join(sorted({line.source.number for line in view.lines if line.source})[:3])
    amounts = [line.amount for line in view.lines if line.amount is not None]
    return {
        "number": view.ref.number, "date": view.business_date, "workshop": view.workshop, "department": view.workshop,
        "kind": kind_of(view, tongue), "note": view.note, "partner": name, "customer": name, "customer_name": name,
        "supplier": name, "supplier_name": name, "address": who.get("address", ""), "contact": who.get("contact", ""),
        "phone": who.get("phone", ""), "source": sources, "order": sources,
        "sales_order": sources if view.ref.type == "delivery" else demands(view, tongue),
        "warehouse": _one({line.warehouse_name for line in view.lines}),
        "amount": sum(amounts, ZERO) if amounts else None, "mark": "" if view.status == "C" else "未审核",
        "printed": times(view.print_count, tongue), "made_by": view.created_by, "checked_by": view.approved_by,
    }  # fmt: skip


def _one(names: set[str]) -> str:
    return next(iter(names)) if len(names) == 1 else ""


def _goods(line: LineView, tongue: Tongue) -> dict[str, Any]:
    usage = ""
    if line.numerator is not None and line.denominator is not None:
        usage = plain(line.numerator) + ("" if line.denominator == 1 else f"/{plain(line.denominator)}")
    return {
        "item": line.item_code, "name": line.item_name, "spec": line.spec, "unit": line.unit, "quantity": line.quantity,
        "price": line.price, "amount": line.amount, "lot": line.lot, "place": line.warehouse_name, "due_date": line.due_date,
        "start_date": line.start_date, "note": line.note, "bom": line.bom_version, "usage": usage,
        "issue": tongue(ISSUE_METHODS.get(line.issue, "")), "done": line.done,
        "line_source": line.source.number if line.source else "",
    }  # fmt: skip


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
