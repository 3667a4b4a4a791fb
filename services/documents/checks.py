"""What holds for a draft of any type: figures that can be stored, no line twice, a source that fits."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from decimal import Decimal

from models.kernel.numbers import MONEY_PLACES, RATE_PLACES, ZERO, places_of
from models.kernel.problems import Place, Problem
from models.kernel.texts import CODE_LENGTH, excess
from services.documents.records import Context, DocDraft, LineDraft
from services.documents.types import DocType

EARLIEST = dt.date(1990, 1, 1)
MOST_QUANTITY = Decimal(10**11)
MOST_PRICE = Decimal(10**10)
MOST_AMOUNT = Decimal(10**13)
LINE_TEXTS = ("lot", "bom_version", "note")


def _place(draft: DocDraft, kind: DocType, line: int = 0, field: str = "") -> Place:
    return Place(document=draft.number, line=line, field=field, type="" if draft.number else kind.title)


def check_items(draft: DocDraft, kind: DocType, context: Context) -> list[Problem]:
    """Items and warehouses that somebody deleted while the draft was being written."""
    return [
        Problem(code, {}, _place(draft, kind, line.line_no or position, field))
        for position, line in enumerate(draft.lines, start=1)
        for code, field, missing in (
            ("document.item_gone", "item", line.item_id not in context.items),
            ("document.warehouse_gone", "warehouse", line.warehouse_id not in (None, *context.warehouses)),
        )
        if missing
    ]


def check_head(draft: DocDraft, kind: DocType) -> list[Problem]:
    """Partner, lines, date, and line numbers given once."""
    place = _place(draft, kind)
    problems = []
    if kind.partner_required and draft.partner_id is None:
        problems.append(Problem(f"document.no_{kind.partner_role}", {}, place))
    if not draft.lines:
        problems.append(Problem("document.no_lines", {}, _place(draft, kind, field="lines")))
    if draft.business_date < EARLIEST:
        problems.append(Problem("document.date_too_early", {"date": draft.business_date}, place))
    numbers = [line.line_no for line in draft.lines]
    for twice in sorted({n for n in numbers if numbers.count(n) > 1} if len(set(numbers)) < len(numbers) else ()):
        problems.append(Problem("document.line_twice", {"line": twice}, _place(draft, kind, twice)))
    return problems


def check_texts(draft: DocDraft, kind: DocType) -> list[Problem]:
    """Texts that are longer than the book keeps, each at its field."""
    return [
        Problem("text.too_long", excess(field, text), _place(draft, kind, line, field))
        for line, field, text in _texts(draft)
        if len(text) > CODE_LENGTH and excess(field, text)
    ]


def _texts(draft: DocDraft) -> Iterator[tuple[int, str, str]]:
    yield from ((0, "number", draft.number), (0, "workshop", draft.workshop), (0, "note", draft.note))
    for line in draft.lines:
        for field in LINE_TEXTS:
            yield line.line_no, field, getattr(line, field)
    for part in (*(draft.materials or ()), *draft.outputs):
        yield part.line_no, "note", part.note


def check_line(draft: DocDraft, line: LineDraft, kind: DocType, context: Context) -> list[Problem]:
    """Quantity, price and amount that can be stored, the dates, the source and the warehouse a type asks for."""
    item = context.items[line.item_id].label
    problems = [
        Problem(code, {"item": item, **args}, _place(draft, kind, line.line_no, field))
        for code, field, args in (*_figures(line, context), *_asked_for(draft, line, kind))
    ]
    if line.source_line_id is not None:
        problems += _check_source(draft, line, kind, context)
    return problems


Fault = tuple[str, str, dict[str, object]]


def _figures(line: LineDraft, context: Context) -> Iterator[Fault]:
    facts = context.items[line.item_id]
    if line.quantity <= 0:
        yield "document.quantity_not_positive", "quantity", {"quantity": line.quantity}
    elif line.quantity > MOST_QUANTITY:
        yield "document.quantity_too_large", "quantity", {"quantity": line.quantity, "most": MOST_QUANTITY}
    elif places_of(line.quantity) > facts.decimals:
        args = {"quantity": line.quantity, "unit": facts.unit, "decimals": facts.decimals}
        yield "document.quantity_decimals", "quantity", args
    for field, value, places, most in (
        ("price", line.price, RATE_PLACES, MOST_PRICE),
        ("amount", line.amount, MONEY_PLACES, MOST_AMOUNT),
    ):
        if value is not None and (value < ZERO or value > most or places_of(value) > places):
            yield f"document.{field}_range", field, {"value": value, "most": most, "places": places}


def _asked_for(draft: DocDraft, line: LineDraft, kind: DocType) -> Iterator[Fault]:
    if kind.needs_due_date and line.due_date is None:
        yield "document.no_due_date", "due_date", {}
    if line.start_date and line.due_date and line.start_date > line.due_date:
        yield "document.start_after_due", "start_date", {"start": line.start_date, "due": line.due_date}
    if kind.source_required and line.source_line_id is None:
        yield "document.no_source", "source", {}
    if kind.needs_warehouse and line.warehouse_id is None:
        code = "document.no_own_warehouse" if draft.kind in kind.unguessed else "document.no_warehouse"
        yield code, "warehouse", {}


def _check_source(draft: DocDraft, line: LineDraft, kind: DocType, context: Context) -> list[Problem]:
    """The source may be taken over by this type, and speaks of the same item and partner."""
    source = context.sources.get(line.source_line_id or 0)
    place = _place(draft, kind, line.line_no, "source")
    if source is None:
        return [Problem("document.source_gone", {}, place)]
    args = {"source": source.doc.number, "line": source.line.line_no}
    route = kind.route(source)
    if route is None:
        return [Problem("document.source_wrong", args | {"type": kind.title}, place)]
    problems = []
    if route.same_item and line.item_id != source.line.item_id:
        items = {"item": context.item(line).label, "planned": context.item(source.line).label}
        problems.append(Problem("document.source_item", args | items, place))
    owner = source.doc.partner_id
    if kind.partner_role and owner is not None and draft.partner_id not in (None, owner):
        problems.append(Problem("document.source_partner", args, place))
    return problems
