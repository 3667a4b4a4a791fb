"""From documents to the preview: whoever composes the window says how documents become a PDF."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, Protocol

from models.kernel.refs import DocRef
from services.reporting import api as reporting
from ui.framework.actions import Action
from ui.framework.page import Page
from ui.framework.preview import PdfSource, PreviewDialog
from ui.framework.texts import tr
from ui.printing.label_dialog import print_labels_of
from ui.printing.printers import print_setup

ITEMS = "items"


class PrintedPdf(Protocol):
    """What a printing service hands out."""

    @property
    def pdf(self) -> bytes: ...


class PrintFunction(Protocol):
    """Makes the PDF of documents of a book with a template ("": the default of each type)."""

    def __call__(self, db: Any, ids: Sequence[int], *, template: str = "") -> PrintedPdf: ...


_functions: dict[str, PrintFunction] = {}
_readers: list[Callable[[bytes], PdfSource]] = []
_counters: list[Callable[[Any, Any, Sequence[int]], object]] = []


@dataclass(frozen=True, slots=True)
class _Made:
    """What the preview opens with."""

    ids: list[int]
    form: str
    pdf: bytes
    source: PdfSource
    templates: reporting.TemplateNames
    before: int


def use_printer(
    documents: PrintFunction,
    reader: Callable[[bytes], PdfSource],
    count: Callable[[Any, Any, Sequence[int]], object] | None = None,
) -> None:
    """documents(db, ids, template=) makes the PDF, reader opens it for the preview, count(db, user, ids) notes that it was printed."""
    _functions["documents"] = documents
    _readers[:] = [reader]
    _counters[:] = [count] if count is not None else []


def can_print() -> bool:
    """Whether a printing service was given."""
    return bool(_functions)


def print_documents(page: Page, refs: Sequence[DocRef]) -> None:
    """Makes the PDF of saved documents on a reading thread and opens the preview.

    Documents of one type are printed with its default template, or the one chosen in the preview.
    """
    ids = [ref.id for ref in refs if ref.id]
    if not ids or not can_print():
        return
    title = refs[0].number if len(refs) == 1 else tr("{count} 张单据", count=len(refs))
    kinds = {ref.type for ref in refs}
    form = kinds.pop() if len(kinds) == 1 else ""
    work = partial(_made, page.desk.session.db, ids, form)
    page.desk.ops.run_query(work, partial(_show, page, title), owner=page, on_refused=page.show_problems, title="打印")


def label_actions(page: Page, kind: str, chosen: Callable[[], Sequence[int]]) -> list[Action]:
    """标签: item labels or routing cards of the chosen records, for kinds that have them ("items", or a document type)."""
    if kind != ITEMS and kind not in reporting.labelled_types():
        return []
    read = reporting.labels_of_items if kind == ITEMS else reporting.labels_of_documents
    db = page.desk.session.db

    def show() -> None:
        ids = list(chosen())
        if ids:
            print_labels_of(page, partial(read, db, ids))

    def some() -> bool:
        return bool(chosen())

    return [Action("labels", "标签", show, "Ctrl+L", "barcode", some, "物料标签和流转卡，一维码和二维码", group="out")]


def _made(db: Any, ids: list[int], form: str) -> _Made:
    printed = _functions["documents"](db, ids)
    templates = reporting.template_names(db, form) if form else reporting.TemplateNames((), "")
    before = reporting.printed_before(db, ids)
    return _Made(ids, form, printed.pdf, _readers[0](printed.pdf), templates, before)


def _made_with(db: Any, ids: list[int], template: str) -> tuple[bytes, PdfSource]:
    printed = _functions["documents"](db, ids, template=template)
    return printed.pdf, _readers[0](printed.pdf)


def _show(page: Page, title: str, made: _Made) -> None:
    session = page.desk.session
    setup = print_setup(
        page.desk,
        made.form,
        templates=made.templates.names,
        template=made.templates.default,
        make=partial(_made_with, session.db, made.ids),
        note=_note(len(made.ids), made.before),
    )
    dialog = PreviewDialog(page.desk, title, made.pdf, made.source, page, setup)
    if _counters:
        note = partial(_counters[0], session.db, session.user, made.ids)
        dialog.printed.connect(partial(page.run_command, note, title="打印"))
    dialog.open()


def _note(count: int, before: int) -> str:
    if not before:
        return tr("{count} 张，都没有打印过", count=count) if count > 1 else ""
    return tr("{count} 张，其中 {before} 张打印过", count=count, before=before)
