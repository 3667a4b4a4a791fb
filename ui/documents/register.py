"""From declarations to the navigation: lists, windows and look-ups of documents and master data."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Final

from models.kernel.refs import DocRef
from ui.documents.rights import document_for, record_for
from ui.documents.spec import DocumentSpec, RecordSpec
from ui.framework.at_need import AtNeed
from ui.framework.desk import Desk
from ui.framework.navigator import PageSpec, RecordRef

if TYPE_CHECKING:
    from ui.framework.page import Page

_LIST: Final = AtNeed("ui.documents.list_page", "DocumentListPage")
_WINDOW: Final = AtNeed("ui.documents.document_page", "DocumentPage")
_RECORDS: Final = AtNeed("ui.documents.record_list", "RecordListPage")
_FORM: Final = AtNeed("ui.documents.record_page", "RecordPage")


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


def load_windows() -> None:
    """Loads what shows lists, documents and forms."""
    for part in (_LIST, _WINDOW, _RECORDS, _FORM):
        part.load()


def _list(spec: DocumentSpec, desk: Desk) -> Page:
    page: Page = _LIST(desk, spec)
    return page


def _window(spec: DocumentSpec, desk: Desk, ref: DocRef) -> Page:
    page: Page = _WINDOW(desk, spec, ref)
    return page


def _records(spec: RecordSpec, desk: Desk) -> Page:
    page: Page = _RECORDS(desk, spec)
    return page


def _form(spec: RecordSpec, desk: Desk, ref: RecordRef) -> Page:
    page: Page = _FORM(desk, spec, ref)
    return page
