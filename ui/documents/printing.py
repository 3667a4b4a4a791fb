"""From documents to the preview: whoever composes the window says how documents become a PDF."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any, Protocol

from models.kernel.refs import DocRef
from ui.framework.page import Page
from ui.framework.preview import PdfSource, PreviewDialog
from ui.framework.texts import tr


class PrintedPdf(Protocol):
    """What a printing service hands out."""

    @property
    def pdf(self) -> bytes: ...


PrintFunction = Callable[[Any, Sequence[int]], PrintedPdf]
_functions: dict[str, PrintFunction] = {}
_readers: list[Callable[[bytes], PdfSource]] = []
_counters: list[Callable[[Any, Any, Sequence[int]], object]] = []


def use_printer(
    documents: PrintFunction,
    reader: Callable[[bytes], PdfSource],
    count: Callable[[Any, Any, Sequence[int]], object] | None = None,
) -> None:
    """documents(db, ids) makes the PDF, reader opens it for the preview, count(db, user, ids) notes that it was printed."""
    _functions["documents"] = documents
    _readers[:] = [reader]
    _counters[:] = [count] if count is not None else []


def can_print() -> bool:
    """Whether a printing service was given."""
    return bool(_functions)


def print_documents(page: Page, refs: Sequence[DocRef]) -> None:
    """Makes the PDF of saved documents on a reading thread and opens the preview."""
    ids = [ref.id for ref in refs if ref.id]
    if not ids or not can_print():
        return
    title = refs[0].number if len(refs) == 1 else tr("{count} 张单据", count=len(refs))
    make, reader, db = _functions["documents"], _readers[0], page.desk.session.db

    def work() -> tuple[str, list[int], bytes, PdfSource]:
        printed = make(db, ids)
        return title, ids, printed.pdf, reader(printed.pdf)

    page.desk.ops.run_query(work, partial(_show, page), owner=page, on_refused=page.show_problems, title="打印")


def _show(page: Page, answer: tuple[str, list[int], bytes, PdfSource]) -> None:
    title, ids, pdf, source = answer
    dialog = PreviewDialog(page.desk, title, pdf, source, page)
    if _counters:
        count, session = _counters[0], page.desk.session
        note = partial(count, session.db, session.user, ids)
        dialog.printed.connect(partial(page.run_command, note, title="打印"))
    dialog.open()
