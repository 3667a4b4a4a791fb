"""Templates of the printed forms: list, keep, copy as a file, and look at with a document of the book."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from sqlalchemy import Connection, select

from models.documents.tables import doc
from models.kernel.problems import Refused, refuse
from models.kernel.refs import DocRef
from services.documents import printing, queries
from services.documents.types import registry
from services.platform import parameters
from services.platform.access.holding import reading
from services.platform.db import Tx
from services.platform.tongues import SOURCE, Tongue
from services.printing.api import Form, Printed, print_forms
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
from services.printing.templates.checks import check
from services.printing.templates.model import Template
from services.printing.templates.reading import read, written
from services.reporting.merged_lists import PREFIX, merged
from services.reporting.offers import MERGED, PICK, offer_of, spec_of, title_of
from services.reporting.prints import form_of, paper_of

SAMPLES = 30
_LINES = 3
_ORDERS = 3


@dataclass(frozen=True, slots=True)
class _Sample:
    """The names on a made-up document."""

    lamp: Material
    screw: Material
    place: str
    workshop: str
    field: str
    note: str


_CHINESE = _Sample(
    Material("FG100", "台灯", "5W", "台"),
    Material("RM403", "螺丝", "M3×10", "个"),
    "原料仓",
    "总装车间",
    "示例",
    "示例备注",
)
_ENGLISH = _Sample(
    Material("FG100", "Desk lamp", "5 W", "pcs"), Material("RM403", "Screw", "M3×10", "pcs"), "Raw material", "Assembly",
    "Sample", "Sample note",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class TemplateNames:
    """The templates of a type in the order of the list, and the one it is printed with."""

    names: tuple[str, ...]
    default: str


def names(conn: Connection, kind: str) -> TemplateNames:
    """The names a clerk can print a type with."""
    rows = [row for row in store.listed(conn, offer_of(kind)) if not row.damaged]
    return TemplateNames(tuple(row.name for row in rows), next(row.name for row in rows if row.default))


def import_text(tx: Tx, kind: str, text: str | bytes) -> str:
    """Keeps a template from a file under a free name; refused if it is of another type. The name."""
    template = read(text)
    offer = offer_of(kind)
    if template.type != kind:
        raise refuse("form.other_type", own=title_of(template.type), type=offer.title)
    taken = [row.name for row in store.listed(tx.conn, offer)]
    named = replace(template, name=store.free_name(taken, template.name.strip()))
    return store.save(tx, offer, named).name


def export_text(conn: Connection, kind: str, name: str) -> str:
    """A template as the text of a file; refused if there is none of that name."""
    for row in store.listed(conn, offer_of(kind)):
        if row.name == name and not row.damaged:
            return written(row.template)
    raise refuse("form.gone", name=name, type=offer_of(kind).title)


def samples(conn: Connection, kind: str) -> list[DocRef]:
    """The newest documents of a type, to look at a template with (of a merged list: pick lists); none for one who may not see them."""
    kind = PICK if kind == MERGED else kind
    if not reading(conn).allows(f"{kind}.read"):
        return []
    query = select(doc.c.type, doc.c.id, doc.c.number).where(doc.c.type == kind)
    if parameters.load(conn).flag(printing.APPROVED_ONLY):
        query = query.where(doc.c.status == "C")
    return [DocRef(*row) for row in conn.execute(query.order_by(doc.c.id.desc()).limit(SAMPLES))]


def preview(conn: Connection, template: Template, doc_id: int = 0, language: str = SOURCE) -> Printed:
    """A document as a template that need not be kept yet would print it; without one, a made-up document. Refused if it has faults."""
    tongue = Tongue(template.language or language)
    problems = check(template, offer_of(template.type))
    if problems:
        raise Refused(problems)
    view = queries.get_document(conn, doc_id) if doc_id else None
    if view is not None:
        printing.require_printable(conn, [printing.Head(view.ref.number, view.status)])
    paper = paper_of(conn, template)
    if view is not None and template.type == MERGED:
        form = merged(conn, [doc_id], template, width_mm=paper.usable_width_mm, language=language)
    elif view is not None:
        form = form_of(conn, view, template, language)
    else:
        company = parameters.load(conn).text("company_name")
        form = arranged(_made_up(template, company, tongue), template, logo=store.logo(conn))
    return print_forms([form], profile=paper)


def _made_up(template: Template, company: str, tongue: Tongue) -> Form:
    sample = _CHINESE if tongue.chinese else _ENGLISH
    number = f"{_prefix(template.type)}-20260310-00001"
    if template.type in (PICK, MERGED):
        return _made_up_pick(template, company, number, sample, tongue)
    spec = spec_of(template.type)
    if not template.in_words:
        spec = replace(spec, in_words="")
    day = dt.date(2026, 3, 10)
    head: dict[str, Any] = {key: sample.field for row in spec.head for entry in row for key in entry.keys}
    head |= {"number": number, "date": day, "amount": Decimal("1284.05"), "note": sample.note}
    line: Mapping[str, Any] = {
        "item": sample.screw.code, "name": sample.screw.name, "spec": sample.screw.spec, "unit": sample.screw.unit,
        "quantity": Decimal(160), "price": Decimal("2.675"), "amount": Decimal(428), "lot": "L01", "place": sample.place,
        "due_date": day, "start_date": day, "note": "", "done": Decimal(0),
    }  # fmt: skip
    lines_of: Mapping[str, Sequence[Mapping[str, Any]]] = {table.name: [line] * _LINES for table in spec.tables}
    return build(spec, head, lines_of, company=company, tongue=tongue)


def _prefix(kind: str) -> str:
    return PREFIX if kind == MERGED else registry[kind].prefix


def _made_up_pick(template: Template, company: str, number: str, sample: _Sample, tongue: Tongue) -> Form:
    lamp, screw = sample.lamp, sample.screw
    orders = [PickedOrder(f"SCRW-20260301-0000{i}", lamp, Decimal(100), Decimal(40)) for i in range(1, _ORDERS + 1)]
    if template.type == PICK:
        slip = PickSlip(company, number, "2026-03-10", (orders[0],), workshop=sample.workshop, tongue=tongue)
        lines = [PickLine(screw, sample.place, Decimal(332), Decimal(0), Decimal(160), orders[0].number)] * _LINES
        return pick_form(slip, lines)
    slip = PickSlip(
        company, number, "2026-03-10", tuple(orders), "合并领料", sample.workshop, signatures=SIGN_MERGED, tongue=tongue
    )
    shares = {order.number: Decimal(40) for order in orders}
    row = MergedLine(screw, sample.place, Decimal(40 * _ORDERS), Decimal(500), shares, lot="L01")
    shown = {column.key: column.width_mm for column in template.columns["lines"] if column.shown}
    return merged_form(slip, [row] * _LINES, width_mm=profile_of(template).usable_width_mm, shown=shown)
