"""From documents to the preview."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Final

import shiboken6

from models.kernel.refs import Changes, DocRef
from ui.documents.printer import can_print, counters, makers
from ui.framework.actions import Action
from ui.framework.at_need import AtNeed
from ui.framework.ops import Progress
from ui.framework.page import Page
from ui.framework.texts import tr

if TYPE_CHECKING:
    from services.printing.api import Printed
    from services.reporting.api import TemplateNames
    from ui.framework.preview import Pages, PreviewDialog

ITEMS = "items"
# Paper is loaded when something is printed, most of it on the thread that makes the pages.
_BEFORE: Final = AtNeed("services.reporting.api", "printed_before")
_LABELS_OF_ITEMS: Final = AtNeed("services.reporting.api", "labels_of_items")
_LABELS_OF_DOCUMENTS: Final = AtNeed("services.reporting.api", "labels_of_documents")
_LABELLED_TYPES: Final = AtNeed("services.reporting.api", "labelled_types")
_PRINT_LABELS: Final = AtNeed("ui.printing.label_dialog", "print_labels_of")


@dataclass(frozen=True, slots=True)
class PrintJob:
    """What is to be printed, and how.

    form: under which printers, templates and their default are kept; "": documents of several types, each as its own template
    says. make(template, tick): the PDF. count(): notes that it was printed. note(): a line in the preview, on a reading thread.
    """

    title: str
    form: str
    make: Callable[[str, Callable[[int, int], object]], Printed]
    count: Callable[[], Changes] | None = None
    note: Callable[[], str] = str


def print_documents(page: Page, refs: Sequence[DocRef]) -> None:
    """Makes the PDF of saved documents, in their order, and opens the preview; printing counts each.

    Documents of one type are printed with its default template, or the one chosen in the preview.
    """
    ids = [ref.id for ref in refs if ref.id]
    if not ids or not can_print():
        return
    session = page.desk.session
    kinds = {ref.type for ref in refs}

    def make(template: str, tick: Callable[[int, int], object]) -> Printed:
        return makers["documents"](session.db, ids, template=template, tick=tick)

    job = PrintJob(
        refs[0].number if len(refs) == 1 else tr("{count} 张单据", count=len(refs)),
        kinds.pop() if len(kinds) == 1 else "",
        make,
        partial(counters[0], session.db, session.user, ids) if counters else None,
        lambda: _note(len(ids), _BEFORE(session.db, ids)),
    )
    preview(page, job)


def preview(page: Page, job: PrintJob) -> None:
    """Makes the PDF on a reading thread, with progress and cancel, and opens the preview of it."""
    db = page.desk.session.db

    def work(progress: Progress) -> tuple[Pages, TemplateNames, str]:
        from services.reporting.api import TemplateNames, template_names

        names = template_names(db, job.form) if job.form else TemplateNames((), "")
        return _pages(job, names.default, progress), names, job.note()

    page.run_long(work, title="生成打印页", on_done=partial(_show, page, job), writes=False)


def _pages(job: PrintJob, template: str, progress: Progress) -> Pages:
    from services.printing.api import PdfPages, warnings_of
    from ui.framework.preview import Pages

    def tick(done: int, count: int) -> None:
        progress(done, count, tr("第 {page} / {count} 张", page=done + 1, count=count) if count > 1 else "")

    printed = job.make(template, tick)
    return Pages(printed.pdf, PdfPages(printed.pdf), warnings_of(printed))


def _show(page: Page, job: PrintJob, answer: tuple[Pages, TemplateNames, str]) -> None:
    from ui.framework.preview import PreviewDialog
    from ui.printing.printers import print_setup

    pages, templates, note = answer
    setup = print_setup(
        page.desk,
        job.form,
        templates=templates.names,
        template=templates.default,
        make=partial(_pages, job),
        note=note,
        warnings=pages.warnings,
    )
    dialog = PreviewDialog(page.desk, job.title, pages.pdf, pages.source, page, setup)
    count = job.count
    if count is not None:
        # Counted, the same documents are printed for one time more: the pages say so.
        dialog.printed.connect(lambda: page.run_command(count, on_done=partial(_again, dialog), title="打印"))
    dialog.open()


def _again(dialog: PreviewDialog, result: object) -> None:
    del result
    if shiboken6.isValid(dialog):
        dialog.remake()


def label_actions(page: Page, kind: str, chosen: Callable[[], Sequence[int]]) -> list[Action]:
    """标签: item labels or routing cards of the chosen records, for kinds that have them ("items", or a document type)."""
    if kind != ITEMS and kind not in _LABELLED_TYPES():
        return []
    read = _LABELS_OF_ITEMS if kind == ITEMS else _LABELS_OF_DOCUMENTS
    db = page.desk.session.db

    def show() -> None:
        ids = list(chosen())
        if ids:
            _PRINT_LABELS(page, partial(read, db, ids, page.desk.session.language))

    def some() -> bool:
        return bool(chosen())

    return [Action("labels", "标签", show, "Ctrl+L", "barcode", some, "物料标签和流转卡，一维码和二维码", group="out")]


def _note(count: int, before: int) -> str:
    if not before:
        return tr("{count} 张，都没有打印过", count=count) if count > 1 else ""
    return tr("{count} 张，其中 {before} 张打印过", count=count, before=before)
