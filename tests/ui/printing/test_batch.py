"""Fifty documents in one go: in their order, as one job, each counted; stopped half way nothing counts."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

import pytest
from PySide6.QtPrintSupport import QPrinter
from pytestqt.qtbot import QtBot

from models.kernel.refs import DocRef
from services.documents import api as documents
from services.documents.records import DocDraft, LineDraft
from services.platform.db import Database
from services.printing.api import PdfPages
from tests.ui.printing.conftest import DAY, ids
from tests.ui.printing.test_printers import file_printer
from ui.documents.printing import print_documents
from ui.framework.ops import Progress
from ui.framework.page import Page
from ui.framework.preview import PreviewDialog
from ui.shell.frame import MainFrame

Wait = Callable[[], None]
COUNT = 50


@dataclass
class Batch:
    """The page, and the documents in the order in which they are to be printed."""

    page: Page
    refs: list[DocRef]
    db: Database

    def preview(self) -> PreviewDialog:
        return self.page.findChildren(PreviewDialog)[-1]

    def counts(self) -> set[int]:
        return {documents.get_document(self.db, ref.id).print_count for ref in self.refs}

    def numbers(self, pdf: bytes) -> list[str]:
        pages = PdfPages(pdf)
        known = [ref.number for ref in self.refs]
        return [number for n in range(1, pages.count + 1) for number in known if number in pages.text(n)]


@pytest.fixture
def batch(frame: MainFrame, wait: Wait, book: Database) -> Batch:
    items, customers = ids(book, "items"), ids(book, "customers")
    refs = []
    for number in range(COUNT):
        line = LineDraft(items["RM403"], Decimal(number + 1), price=Decimal("0.02"), due_date=DAY)
        ref, _ = documents.save_document(
            book, "tester", DocDraft("sales_order", DAY, [line], partner_id=customers["C001"])
        )
        refs.append(ref)
    page = frame.desk.navigator.open("sales_order/list")
    assert page is not None
    wait()
    return Batch(page, refs[::-1], book)


def test_fifty_documents_keep_their_order_make_one_job_and_count_each(
    batch: Batch, wait: Wait, tmp_path: Path, frame: MainFrame
) -> None:
    told: list[tuple[int, int, str]] = []
    frame.desk.ops.progressed.connect(lambda progress: told.append((progress.done, progress.total, progress.text)))
    print_documents(batch.page, batch.refs)
    wait()
    # A report is read when it arrives: work that is quicker has gone on by then.
    assert told == sorted(told)
    assert {total for _, total, _ in told} == {COUNT}
    assert {text for _, _, text in told} <= {f"第 {number} / 50 张" for number in range(1, COUNT + 1)}
    assert (len(told), told[-1]) == (COUNT, (COUNT - 1, COUNT, "第 50 / 50 张"))
    preview = batch.preview()
    assert preview.note.text() == "50 张，都没有打印过"
    assert batch.numbers(preview._pdf) == [ref.number for ref in batch.refs]
    begun: list[Path] = []

    class Printer(QPrinter):
        def newPage(self) -> bool:
            begun.append(tmp_path)
            return super().newPage()

    printer = Printer(QPrinter.PrinterMode.HighResolution)
    printer.setOutputFormat(QPrinter.OutputFormat.PdfFormat)
    printer.setOutputFileName(str(tmp_path / "all.pdf"))
    told.clear()
    preview.print_on(printer, preview.pages())
    assert preview.cancel_button.isVisibleTo(preview)
    wait()
    assert PdfPages((tmp_path / "all.pdf").read_bytes()).count == COUNT == len(begun) + 1
    assert len(told) >= COUNT
    assert told[COUNT - 1][2] == "第 50 / 50 页"
    assert batch.counts() == {1}
    assert "第 2 次打印" in PdfPages(preview._pdf).text(1)
    assert not preview.cancel_button.isVisibleTo(preview)
    preview.reject()
    wait()


def test_esc_while_printing_stops_the_job_and_not_the_dialog_and_nothing_counts(
    batch: Batch, wait: Wait, tmp_path: Path, frame: MainFrame
) -> None:
    print_documents(batch.page, batch.refs)
    wait()
    preview = batch.preview()

    def stop(progress: Progress) -> None:
        if progress.done >= 3 and not progress.cancelled:
            preview.reject()

    frame.desk.ops.progressed.connect(stop)
    preview.print_on(file_printer(tmp_path / "half.pdf"), preview.pages())
    wait()
    frame.desk.ops.progressed.disconnect(stop)
    assert preview.isVisible()
    assert preview.fault.text() == "已取消，没有打印。"
    assert batch.counts() == {0}
    assert frame.desk.ops.running == ()
    preview.reject()
    wait()


def test_making_the_pages_can_be_cancelled_and_no_preview_comes(batch: Batch, wait: Wait, qtbot: QtBot) -> None:
    ops = batch.page.desk.ops
    ops.progressed.connect(lambda progress: progress.cancel() if progress.done >= 5 else None)
    print_documents(batch.page, batch.refs)
    wait()
    assert batch.page.findChild(PreviewDialog) is None
    assert ops.running == ()


def test_characters_that_cannot_be_printed_are_told_with_their_document_before_printing(
    frame: MainFrame, wait: Wait, book: Database
) -> None:
    items, customers = ids(book, "items"), ids(book, "customers")
    refs = []
    for note in ("好", "☑ 加急", "𠮷野", "☒", "☐"):
        line = LineDraft(items["RM403"], Decimal(1), due_date=DAY)
        draft = DocDraft("sales_order", DAY, [line], partner_id=customers["C001"], note=note)
        refs.append(documents.save_document(book, "tester", draft)[0])
    page = frame.desk.navigator.open("sales_order/list")
    assert page is not None
    wait()
    print_documents(page, refs[:2])
    wait()
    preview = page.findChildren(PreviewDialog)[-1]
    assert preview.warning.isVisible()
    assert f"{refs[1].number} 里有 1 个字体没有的字：☑" in preview.warning.text()
    assert refs[0].number not in preview.warning.text()
    preview.reject()
    print_documents(page, refs)
    wait()
    preview = page.findChildren(PreviewDialog)[-1]
    assert preview.warning.text().endswith("还有 1 张单据也缺字。")
    preview.reject()
    print_documents(page, refs[:1])
    wait()
    preview = page.findChildren(PreviewDialog)[-1]
    assert not preview.warning.isVisible()
    preview.reject()
    wait()
