"""From declarations to the navigation: lists, windows and look-ups of documents and master data."""

from __future__ import annotations

from functools import partial

from models.kernel.refs import DocRef
from ui.documents.document_page import DocumentPage
from ui.documents.list_page import DocumentListPage
from ui.documents.record_list import RecordListPage
from ui.documents.record_page import RecordPage
from ui.documents.rights import document_for, record_for
from ui.documents.spec import DocumentSpec, RecordSpec
from ui.framework.desk import Desk
from ui.framework.navigator import PageSpec, RecordRef


def register_documents(desk: Desk, *specs: DocumentSpec) -> None:
    """Each type gets a page "type/list" in its area and a window for its documents."""
    for spec in (document_for(desk, spec) for spec in specs):
        desk.navigator.register(
            PageSpec(
                f"{spec.type}/list",
                spec.title,
                spec.area,
                partial(_list, spec),
                spec.icon,
                spec.shortcut,
                spec.right,
                order=spec.order,
            )
        )
        desk.navigator.register_document(spec.type, partial(_window, spec))


def register_records(desk: Desk, *specs: RecordSpec) -> None:
    """Each kind gets a page "kind/records" in its area and a form for its records."""
    for spec in (record_for(desk, spec) for spec in specs):
        desk.navigator.register(
            PageSpec(
                f"{spec.kind}/records",
                spec.title,
                spec.area,
                partial(_records, spec),
                spec.icon,
                spec.shortcut,
                spec.right,
                order=spec.order,
            )
        )
        desk.navigator.register_record(spec.kind, partial(_form, spec))


def _list(spec: DocumentSpec, desk: Desk) -> DocumentListPage:
    return DocumentListPage(desk, spec)


def _window(spec: DocumentSpec, desk: Desk, ref: DocRef) -> DocumentPage:
    return DocumentPage(desk, spec, ref)


def _records(spec: RecordSpec, desk: Desk) -> RecordListPage:
    return RecordListPage(desk, spec)


def _form(spec: RecordSpec, desk: Desk, ref: RecordRef) -> RecordPage:
    return RecordPage(desk, spec, ref)
