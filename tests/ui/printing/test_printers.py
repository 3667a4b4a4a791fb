"""Printers of a machine in its settings; the preview takes what belongs to a printer, and prints where its offset says."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtPrintSupport import QPrinter

from models.kernel.refs import DocRef
from services.documents import api as documents
from services.platform.db import Database
from services.printing.api import A4, PdfPages, print_ruler
from ui.framework.grid.layout import MemorySettings
from ui.framework.pages import print_pages
from ui.framework.preview import PreviewDialog
from ui.printing.label_dialog import LabelDialog
from ui.printing.printers import ALL_FORMS, NAME, PrinterProfile, Printers
from ui.shell.frame import MainFrame

Wait = Callable[[], None]


def file_printer(file: Path) -> QPrinter:
    printer = QPrinter(QPrinter.PrinterMode.HighResolution)
    printer.setOutputFormat(QPrinter.OutputFormat.PdfFormat)
    printer.setOutputFileName(str(file))
    return printer


def test_a_profile_of_the_form_goes_before_that_of_the_printer() -> None:
    printers = Printers(MemorySettings())
    assert printers.profile("HP", "delivery") == PrinterProfile("HP", "delivery")
    printers.keep(PrinterProfile("HP", ALL_FORMS, 1, 2))
    printers.keep(PrinterProfile("HP", "delivery", 0.3, -0.7, 2, "241×140"))
    assert printers.profile("HP", "delivery") == PrinterProfile("HP", "delivery", 0.3, -0.7, 2, "241×140")
    assert printers.profile("HP", "sales_order").offset_y_mm == 2
    printers.forget("HP", "delivery")
    assert printers.profile("HP", "delivery").offset_x_mm == 1
    assert printers.names() == ["HP"]


def test_offsets_are_kept_to_a_tenth_and_within_reason() -> None:
    profile = PrinterProfile("HP", "", 0.26, -70, 0)
    assert (profile.offset_x_mm, profile.offset_y_mm, profile.copies) == (0.3, -50, 1)


@pytest.mark.parametrize(
    "text", ["{", "[]", '{"profiles": [1]}', '{"profiles": [{"printer": "x"}]}', '{"last": 3}', "null"]
)
def test_damaged_settings_count_as_none(text: str) -> None:
    settings = MemorySettings()
    settings.save(NAME, text)
    printers = Printers(settings)
    assert printers.profile("HP", "x") == PrinterProfile("HP", "x")
    printers.remember("x", "HP")
    assert printers.last("x") == "HP"


def edge(file: Path) -> tuple[int, int]:
    """Where the frame of the ruler page begins on paper, in pixels at 300 dpi."""
    page = PdfPages(file.read_bytes()).grey(1, dpi=300)
    middle = page.height // 2
    left = next(x for x in range(page.width) if page.data[middle * page.stride + x] < 100)
    top = next(y for y in range(page.height) if page.data[y * page.stride + page.width // 2 + 7] < 100)
    return left, top


def test_the_print_is_moved_by_the_offset_to_a_tenth_of_a_millimetre(frame: MainFrame, tmp_path: Path) -> None:
    source = PdfPages(print_ruler(A4).pdf)
    print_pages(source, file_printer(tmp_path / "a.pdf"), [1])
    print_pages(source, file_printer(tmp_path / "b.pdf"), [1], offset_mm=(3.1, -1.6))
    (x1, y1), (x2, y2) = edge(tmp_path / "a.pdf"), edge(tmp_path / "b.pdf")
    assert (x2 - x1) / 300 * 25.4 == pytest.approx(3.1, abs=0.1)
    assert (y2 - y1) / 300 * 25.4 == pytest.approx(-1.6, abs=0.1)


def test_many_documents_are_printed_in_one_go_and_counted(
    frame: MainFrame, wait: Wait, papers: dict[str, DocRef], book: Database, tmp_path: Path
) -> None:
    Printers(frame.desk.settings).keep(PrinterProfile("LQ", "sales_order", 1, 0, 2, "241×140"))
    page = frame.desk.navigator.open("sales_order/list")
    assert page is not None
    wait()
    page.grid.model.set_marks([0, 1], True)  # type: ignore[attr-defined]
    page.trigger("print")
    wait()
    preview = page.findChild(PreviewDialog)
    assert preview._source.count == 2
    assert preview.note.text() == "2 张，都没有打印过"
    preview.printers.addItem("LQ")
    preview.printers.setCurrentText("LQ")
    wait()
    assert (preview.template.currentText(), preview.copies.value()) == ("241×140", 2)
    assert preview._source.size_mm(1) == (241, 140)
    preview.print_on(file_printer(tmp_path / "c.pdf"), preview.pages())
    wait()
    assert PdfPages((tmp_path / "c.pdf").read_bytes()).count == 4
    assert Printers(frame.desk.settings).last("sales_order") == "LQ"
    preview.reject()
    wait()
    counts = [row.print_count for row in documents.list_documents(book, "sales_order").rows]
    assert counts == [1, 1]
    page.trigger("print")
    wait()
    again = page.findChildren(PreviewDialog)[-1]
    assert again.note.text() == "2 张，其中 2 张打印过"
    again.reject()
    wait()


def test_labels_of_a_list_are_printed_in_the_number_typed(
    frame: MainFrame, wait: Wait, papers: dict[str, DocRef]
) -> None:
    page = frame.desk.navigator.open("items/records")
    assert page is not None
    wait()
    page.trigger("labels")
    wait()
    dialog = page.findChild(LabelDialog)
    assert dialog.grid.model.rowCount() == 1
    dialog.sheets.setCurrentIndex(dialog.sheets.findData("a4_3x7"))
    assert dialog.start.isVisible()
    dialog.start.setValue(20)
    dialog.grid.model.type_text(0, "copies", "3")
    dialog.accept()
    wait()
    preview = dialog.findChild(PreviewDialog)
    assert preview._source.count == 2
    preview.reject()
    dialog.grid.model.type_text(0, "copies", "0")
    dialog.accept()
    wait()
    assert "没有可印的标签" in dialog.fault.text()
    dialog.reject()
    assert frame.desk.settings.load("print/label_sheet") == "a4_3x7"


def test_labels_of_a_receipt_carry_lot_and_quantity(frame: MainFrame, wait: Wait, papers: dict[str, DocRef]) -> None:
    page = frame.desk.navigator.open("opening_stock/list")
    assert page is not None
    wait()
    page.trigger("labels")
    wait()
    dialog = page.findChild(LabelDialog)
    (label,) = dialog.chosen()
    assert label.square.startswith("RM403;L01;500;个;QCKC-")
    dialog.reject()
    assert "labels" not in [action.key for action in frame.desk.navigator.open("sales_order/list").declared_actions()]  # type: ignore[union-attr]
    wait()
