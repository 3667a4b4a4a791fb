"""Documents kept as templates (常用单据): lines and head without number, days counted from the document's."""

from __future__ import annotations

import datetime as dt
import json
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from sqlalchemy import Connection, delete, select

from models.documents.tables import document_template
from models.kernel.problems import refuse
from models.masterdata.tables import item, partner, warehouse
from services.documents import rights
from services.documents.records import DocDraft, LineDraft
from services.platform.db import Tx

SCHEMA = 1
_LONGEST_NAME = 60


@dataclass(frozen=True, slots=True)
class TemplateRow:
    """A template of a document type."""

    id: int
    type: str
    name: str
    lines: int
    saved_by: str
    saved_at: dt.datetime


def listed(conn: Connection, type_code: str) -> list[TemplateRow]:
    """The templates of a type, by name."""
    rights.require_reading(conn, type_code)
    query = select(document_template).where(document_template.c.type == type_code).order_by(document_template.c.name)
    return [
        TemplateRow(row.id, row.type, row.name, len(_body(row.body).get("lines", ())), row.saved_by, row.saved_at)
        for row in conn.execute(query)
    ]


def save(tx: Tx, name: str, draft: DocDraft) -> int:
    """Keeps a draft under a name; one of the same type and name is replaced. Its id."""
    tx.require(f"{draft.type}.save")
    name = name.strip()
    if not name or len(name) > _LONGEST_NAME:
        raise refuse("template.name", limit=_LONGEST_NAME)
    if not draft.lines:
        raise refuse("document.no_lines")
    here = (document_template.c.type == draft.type) & (document_template.c.name == name)
    tx.conn.execute(delete(document_template).where(here))
    (key,) = tx.reserve_ids(document_template, 1)
    body = json.dumps(_outline(draft), ensure_ascii=False, separators=(",", ":"))
    row = {"id": key, "type": draft.type, "name": name, "body": body, "saved_by": tx.user, "saved_at": tx.now}
    tx.insert(document_template, [row])
    tx.record("templates", key, name, "create", after={"type": draft.type, "lines": len(draft.lines)})
    tx.topic("templates")
    return key


def remove(tx: Tx, template_id: int) -> None:
    """Forgets a template."""
    row = tx.conn.execute(select(document_template).where(document_template.c.id == template_id)).first()
    if row is None:
        return
    tx.require(f"{row.type}.save")
    tx.conn.execute(delete(document_template).where(document_template.c.id == template_id))
    tx.record("templates", row.id, row.name, "delete", before={"type": row.type})
    tx.topic("templates")


def draft_from(conn: Connection, template_id: int, *, day: dt.date) -> DocDraft:
    """A new draft of a day from a template, without figures the reader may not see; what was deleted meanwhile is left out.

    Refused when no line is left.
    """
    row = conn.execute(select(document_template).where(document_template.c.id == template_id)).first()
    if row is None:
        raise refuse("template.gone")
    rights.require_reading(conn, row.type)
    body = _body(row.body)
    lines = body.get("lines", [])
    items = _known(conn, item, {line["item_id"] for line in lines})
    stores = _known(conn, warehouse, {line.get("warehouse_id") for line in lines})
    made = [_line(line, day, stores) for line in lines if line["item_id"] in items]
    if not made:
        raise refuse("template.empty", name=row.name)
    known = _known(conn, partner, {body.get("partner_id")})
    draft = DocDraft(
        row.type, day, made, kind=body.get("kind", "normal"),
        partner_id=body["partner_id"] if body.get("partner_id") in known else None,
        workshop=body.get("workshop", ""), note=body.get("note", ""),
    )  # fmt: skip
    rights.hide_figures(conn, [draft])
    return draft


def _outline(draft: DocDraft) -> dict[str, Any]:
    return {
        "schema": SCHEMA, "kind": draft.kind, "partner_id": draft.partner_id, "workshop": draft.workshop,
        "note": draft.note,
        "lines": [
            {
                "item_id": line.item_id, "quantity": str(line.quantity),
                "price": None if line.price is None else str(line.price), "warehouse_id": line.warehouse_id,
                "start_days": _days(line.start_date, draft), "due_days": _days(line.due_date, draft),
                "note": line.note, "bom_version": line.bom_version,
            }
            for line in draft.lines
        ],
    }  # fmt: skip


def _days(day: dt.date | None, draft: DocDraft) -> int | None:
    return None if day is None else (day - draft.business_date).days


def _line(line: dict[str, Any], day: dt.date, stores: set[int]) -> LineDraft:
    made = LineDraft(line["item_id"], Decimal(line["quantity"]))
    made.price = None if line.get("price") is None else Decimal(line["price"])
    made.warehouse_id = line["warehouse_id"] if line.get("warehouse_id") in stores else None
    made.start_date = _day(day, line.get("start_days"))
    made.due_date = _day(day, line.get("due_days"))
    made.note, made.bom_version = line.get("note", ""), line.get("bom_version", "")
    return made


def _day(day: dt.date, days: int | None) -> dt.date | None:
    return None if days is None else day + dt.timedelta(days=days)


def _known(conn: Connection, table: Any, ids: set[int | None]) -> set[int]:
    wanted = [number for number in ids if number is not None]
    return set(conn.execute(select(table.c.id).where(table.c.id.in_(wanted))).scalars())


def _body(text: str) -> dict[str, Any]:
    found = json.loads(text)
    if not isinstance(found, dict) or found.get("schema") != SCHEMA:
        return {}
    return found
