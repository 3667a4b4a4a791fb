"""Lines that are taken over into a document: from open source lines, or from what was pasted and matched."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final

from services.documents.api import SourceRow, document_type

if TYPE_CHECKING:
    from ui.documents.sheet import DocumentSheet

ITEM_KEYS: Final = ("item_id", "item_code", "item_name", "spec", "unit", "decimals", "available")
STORE_KEYS: Final = ("warehouse_id", "warehouse_code", "warehouse_name", "lot")


def gives_back(type_code: str, kind: str) -> bool:
    """Whether a document of that kind brings back what was drawn: no stock has to reach for it."""
    return kind in document_type(type_code).returns


def take_sources(sheet: DocumentSheet, rows: Sequence[SourceRow]) -> None:
    """Appends open source lines that are not there yet; blank lines go; partner and workshop follow where the head has none."""
    model = sheet.lines.model
    model.remove_rows([row for row in range(model.rowCount()) if model.is_blank(model.record(row))])
    draws_nothing = gives_back(sheet.spec.type, sheet.form.value("kind"))
    taken = {(record.get("source_line_id"), record.get("item_id")) for record in model.records()}
    fresh = [
        _derived(sheet, {**model.blank_row(), **_row_of(row), "draws_nothing": draws_nothing})
        for row in rows
        if (row.line_id, row.item_id) not in taken
    ]
    if fresh:
        model.insert_rows(model.rowCount(), fresh)
        _take_head(sheet, rows)
    sheet.lines_taken()


def append_lines(sheet: DocumentSheet, rows: Sequence[Mapping[str, Any]], title: str) -> None:
    """Appends lines (values by LineView key, None = not said) as one undo step; blank lines go, derived cells follow."""
    model = sheet.lines.model
    offered = {key for column in sheet.spec.lines for key in (column.key, *column.fills)} | set(ITEM_KEYS)
    model.undo.beginMacro(title)
    model.remove_rows([row for row in range(model.rowCount()) if model.is_blank(model.record(row))])
    fresh = []
    for row in rows:
        said = {key: row[key] for key in row if key in offered and row[key] is not None}
        fresh.append(_derived(sheet, {**model.blank_row(), **said}))
    model.insert_rows(model.rowCount(), fresh)
    model.undo.endMacro()
    sheet.lines_taken()
    sheet.lines.view.select_cell(model.rowCount() - len(fresh))


def _derived(sheet: DocumentSheet, row: dict[str, Any]) -> dict[str, Any]:
    """The row with the cells that follow from others."""
    for column in sheet.spec.lines:
        if column.derive is not None:
            row.update(column.derive(row))
    return row


def _take_head(sheet: DocumentSheet, rows: Sequence[SourceRow]) -> None:
    form = sheet.form
    first = next((row for row in rows if row.partner_id is not None), None)
    if first is not None and "partner_code" in form.fields and form.value("partner_id") is None:
        form.put(partner_id=first.partner_id, partner_code=first.partner_code, partner_name=first.partner_name)
    if "workshop" in form.fields and not form.value("workshop"):
        form.put(workshop=next((row.workshop for row in rows if row.workshop), ""))


def _row_of(row: SourceRow) -> dict[str, Any]:
    """A source line as a line of the document that takes it."""
    store = {key: getattr(row, key) for key in STORE_KEYS} if row.warehouse_id else {}
    return {
        **store,
        **{key: getattr(row, key) for key in ITEM_KEYS},
        "quantity": row.left or None,
        "price": row.price,
        "source_line_id": row.line_id,
        "source": row.ref,
        "source_line_no": row.line_no,
        "due_date": row.due_date,
    }
