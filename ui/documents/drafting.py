"""Between what a window shows (dicts) and what the services take (drafts)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import fields
from decimal import Decimal
from typing import Any, Final

from models.kernel.numbers import MONEY_PLACES, round_half_up
from services.documents.api import DocDraft, DocumentView, LineDraft, LineView, MaterialDraft

HEAD_KEYS: Final = (
    "number",
    "date",
    "kind",
    "partner_id",
    "partner_code",
    "partner_name",
    "workshop",
    "note",
    "source_id",
)
LINE_KEYS: Final = tuple(field.name for field in fields(LineView))
ZERO: Final = Decimal(0)

Row = dict[str, Any]


def head_of(view: DocumentView) -> Row:
    """The head of a document as the form's values."""
    return {
        "number": view.ref.number,
        "date": view.business_date,
        "kind": view.kind,
        "partner_id": view.partner_id,
        "partner_code": view.partner_code,
        "partner_name": view.partner_name,
        "workshop": view.workshop,
        "note": view.note,
        "source_id": view.source_id,
    }


def row_of(line: LineView) -> Row:
    """A line as a grid row; `left` is what is still to be executed."""
    row = {key: getattr(line, key) for key in LINE_KEYS}
    row["left"] = line.left
    return row


def source_text(row: Any) -> str:
    """Source document and line of a row, "XSDD-20260310-00012 / 3", else the document it is made for."""
    keys = ("source", "source_line_no", "demand")
    source, number, demand = (row.get(key) if isinstance(row, Mapping) else getattr(row, key, None) for key in keys)
    if source is None:
        return str(demand.number) if demand is not None else ""
    return f"{source.number} / {number}" if number else str(source.number)


def amount_of(row: Mapping[str, Any]) -> Mapping[str, Any]:
    """Amount follows quantity and price, half up to the cent."""
    quantity, price = row.get("quantity"), row.get("price")
    if quantity is None or price is None:
        return {"amount": None}
    return {"amount": round_half_up(quantity * price, MONEY_PLACES)}


def draft_of(
    type_code: str,
    head: Mapping[str, Any],
    lines: Sequence[Mapping[str, Any]],
    *,
    materials: Sequence[Mapping[str, Any]] | None = None,
    client_key: str | None = None,
    renumber: bool = True,
) -> DocDraft:
    """The draft of what a window holds; lines must have an item. materials None lets the services work them out again.

    renumber: lines are numbered as they stand; else stored lines keep their numbers and new ones have none (0).
    """
    made = DocDraft(
        type_code,
        head["date"],
        [_line(number, row) for number, row in _numbered(lines, renumber=renumber)],
        number=head.get("number") or "",
        kind=head.get("kind") or "normal",
        partner_id=head.get("partner_id"),
        workshop=head.get("workshop") or "",
        note=head.get("note") or "",
        source_id=head.get("source_id"),
        client_key=client_key,
    )
    if materials is not None:
        numbers = {row["id"]: number for number, row in _numbered(lines, renumber=renumber) if row.get("id")}
        first = next(iter(numbers.values()), 1)
        made.materials = [
            _material(number, row, numbers.get(row.get("parent_line_id"), first))
            for number, row in _numbered(materials, renumber=renumber)
        ]
    return made


def _numbered(rows: Sequence[Mapping[str, Any]], *, renumber: bool) -> list[tuple[int, Mapping[str, Any]]]:
    if renumber:
        return list(enumerate(rows, start=1))
    return [(row["line_no"] if row.get("id") else 0, row) for row in rows]


def _line(number: int, row: Mapping[str, Any]) -> LineDraft:
    made = LineDraft(row["item_id"], row.get("quantity") or ZERO, line_no=number)
    made.price, made.amount = row.get("price"), row.get("amount")
    made.warehouse_id = row.get("warehouse_id")
    made.lot = row.get("lot") or ""
    made.start_date, made.due_date = row.get("start_date"), row.get("due_date")
    made.source_line_id, made.demand_line_id = row.get("source_line_id"), row.get("demand_line_id")
    made.hours = row.get("hours")
    made.note = row.get("note") or ""
    made.bom_version = row.get("bom_version") or ""
    return made


def _material(number: int, row: Mapping[str, Any], parent: int) -> MaterialDraft:
    made = MaterialDraft(parent, row["item_id"], row.get("quantity") or ZERO, line_no=number)
    for key in ("numerator", "denominator", "scrap_rate", "scrap_fixed", "issue", "supplied_by"):
        if row.get(key) not in (None, ""):
            setattr(made, key, row[key])
    made.key_part = bool(row.get("key_part"))
    made.warehouse_id = row.get("warehouse_id")
    made.note = row.get("note") or ""
    return made
