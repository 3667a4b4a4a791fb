"""Print preview: pages shown, ranges read, printed lossless at the size of the form."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtPrintSupport import QPrinter
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from services.printing.api import CONTINUOUS_HALF, PdfPages, print_ruler
from ui.framework.desk import Desk
from ui.framework.pages import print_pages, read_range
from ui.framework.preview import PreviewDialog

Show = Callable[[QWidget], None]


def test_a_range_of_pages_is_read_as_typed() -> None:
    assert read_range("", 3) == [1, 2, 3]
    assert read_range("1-2，4", 5) == [1, 2, 4]
    for text in ("0", "9", "a", "3-1"):
        with pytest.raises(ValueError, match="页码"):
            read_range(text, 5)


def test_the_preview_shows_the_page_and_saves_the_same_pdf(
    desk: Desk, show: Show, qtbot: QtBot, tmp_path: Path
) -> None:
    pdf = print_ruler(CONTINUOUS_HALF).pdf
    parent = QWidget()
    show(parent)
    dialog = PreviewDialog(desk, "SCLL-1", pdf, PdfPages(pdf), parent)
    dialog.open()
    qtbot.waitUntil(lambda: not dialog.picture.pixmap().isNull())
    assert dialog.position.text() == "第 1 / 1 页"
    with qtbot.waitSignal(dialog.printed):
        dialog.save_to(tmp_path / "单据.pdf")
    assert (tmp_path / "单据.pdf").read_bytes() == pdf


def test_a_pdf_that_cannot_be_saved_is_told_in_the_preview(
    desk: Desk, show: Show, qtbot: QtBot, tmp_path: Path
) -> None:
    pdf = print_ruler(CONTINUOUS_HALF).pdf
    parent = QWidget()
    show(parent)
    failed: list[str] = []
    desk.ops.failed.connect(lambda title, sentence: failed.append(sentence))
    dialog = PreviewDialog(desk, "SCLL-1", pdf, PdfPages(pdf), parent)
    dialog.open()
    dialog.save_to(tmp_path / "没有" / "单据.pdf")
    qtbot.waitUntil(lambda: str(tmp_path / "没有") in dialog.fault.text())
    assert failed == []


def test_another_zoom_paints_the_same_page_larger(desk: Desk, show: Show, qtbot: QtBot) -> None:
    pdf = print_ruler(CONTINUOUS_HALF).pdf
    parent = QWidget()
    show(parent)
    dialog = PreviewDialog(desk, "SCLL-1", pdf, PdfPages(pdf), parent)
    dialog.open()
    qtbot.waitUntil(lambda: not dialog.picture.pixmap().isNull())
    before = dialog.picture.pixmap().width()
    dialog.zoom.setCurrentIndex(dialog.zoom.count() - 1)
    qtbot.waitUntil(lambda: dialog.picture.pixmap().width() != before)
    assert dialog.picture.pixmap().width() > before


def test_printed_pages_keep_the_size_of_the_form(desk: Desk, tmp_path: Path) -> None:
    pdf = print_ruler(CONTINUOUS_HALF).pdf
    target = tmp_path / "out.pdf"
    printer = QPrinter(QPrinter.PrinterMode.HighResolution)
    printer.setOutputFormat(QPrinter.OutputFormat.PdfFormat)
    printer.setOutputFileName(str(target))
    source = PdfPages(pdf)
    print_pages(source, printer, [1], copies=2)
    printed = PdfPages(target.read_bytes())
    assert printed.count == 2
    wide, high = printed.size_mm(1)
    assert (wide, high) == (pytest.approx(241, abs=0.1), pytest.approx(140, abs=0.1))
