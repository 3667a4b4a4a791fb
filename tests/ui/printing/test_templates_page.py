"""The page of form templates: duplicate, change, look, keep, choose; refusals lead to their place."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from models.kernel.problems import Place, Problem
from models.kernel.refs import DocRef
from services.platform.db import Database
from services.printing.api import PdfPages, joined, unnamed
from services.reporting import api
from ui.framework.preview import PreviewDialog
from ui.printing.editor import COLUMNS, FORM, HEAD
from ui.printing.printer_dialog import PrinterDialog
from ui.printing.printers import ALL_FORMS, PrinterProfile, Printers
from ui.printing.templates_page import TemplatesPage
from ui.shell.frame import MainFrame

Wait = Callable[[], None]


@pytest.fixture
def page(frame: MainFrame, wait: Wait) -> TemplatesPage:
    opened = frame.desk.navigator.open("print/templates")
    assert isinstance(opened, TemplatesPage)
    wait()
    return opened


@pytest.fixture
def own(page: TemplatesPage, wait: Wait) -> TemplatesPage:
    """The page with a template of one's own in front."""
    page.verbs.duplicate_as("我的订单")
    wait()
    return page


def logo() -> bytes:
    target = BytesIO()
    Image.new("RGB", (200, 80), (0, 0, 0)).save(target, "PNG")
    return target.getvalue()


def test_stock_templates_can_be_looked_at_but_not_typed_into(page: TemplatesPage) -> None:
    rows = [page.grid.model.record(row) for row in range(page.grid.model.rowCount())]
    assert [(row["name"], row["default"]) for row in rows] == [("A4", True), ("A5", False), ("241×140", False)]
    assert page.editor.columns.content.model.read_only
    assert not page.qaction("save").isEnabled()
    assert "Ins" in page.hint.text()
    assert not page.sample.picture.pixmap().isNull()
    assert PdfPages(page.sample.pdf).size_mm(1) == (210, 297)


def test_a_copy_is_changed_looked_at_and_kept(own: TemplatesPage, wait: Wait, book: Database) -> None:
    own.editor.form.put(paper="241x140", footer="地址：顺德", signatures="制单，老板")
    assert own.editor.form.value("left_mm") == Decimal(13)
    own.editor.columns.content.model.type_text(1, "title", "品名")
    own.editor.columns.content.model.change(0, {"shown": False})
    wait()
    pages = PdfPages(own.sample.pdf)
    assert pages.size_mm(1) == (241, 140)
    text = pages.text(1)
    assert ("品名" in text, "地址：顺德" in text, "老板" in text, "RM403" in text) == (True, True, True, False)
    assert own.dirty
    own.trigger("save")
    wait()
    assert not own.dirty
    kept = next(row.template for row in api.templates(book, "sales_order") if row.name == "我的订单")
    assert (kept.footer, kept.signatures, kept.paper.width_mm) == ("地址：顺德", ("制单", "老板"), 241)
    assert [(c.key, c.title, c.shown) for c in kept.columns["lines"][:2]] == [
        ("item", "物料编码", False),
        ("name", "品名", True),
    ]


def test_what_is_shown_is_what_is_printed_byte_for_byte(
    own: TemplatesPage, wait: Wait, book: Database, papers: dict[str, DocRef]
) -> None:
    own.sample.samples.setCurrentIndex(own.sample.samples.findData(papers["sales_order"].id))
    wait()
    printed = api.print_documents(book, [papers["sales_order"].id], template="我的订单")
    assert own.sample.pdf == printed.pdf


def test_columns_and_header_fields_are_made_when_looked_at_and_looking_is_no_change(
    own: TemplatesPage, wait: Wait
) -> None:
    editor = own.editor
    assert not editor.columns.made
    assert not editor.head.made
    unlooked = editor.template()
    editor.setCurrentIndex(COLUMNS)
    wait()
    assert editor.columns.made
    assert not editor.head.made
    editor.setCurrentIndex(HEAD)
    assert editor.head.content.model.rowCount() > 0
    assert not own.dirty
    assert editor.template() == unlooked


def test_columns_change_places_by_keys_and_one_step_back(own: TemplatesPage, wait: Wait) -> None:
    own.editor.to_columns()
    model = own.editor.columns.content.model
    keys = [row["key"] for row in model.records()]
    own.editor.columns.content.view.select_cell(1)
    QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_Up, Qt.KeyboardModifier.AltModifier)
    assert [row["key"] for row in model.records()][:2] == [keys[1], keys[0]]
    assert own.editor.columns.content.view.currentIndex().row() == 0
    own.editor.shift(-1)
    assert [row["key"] for row in model.records()][:2] == [keys[1], keys[0]]
    model.undo.undo()
    assert [row["key"] for row in model.records()] == keys
    wait()


def test_columns_of_two_tables_do_not_mix(page: TemplatesPage, wait: Wait) -> None:
    page.kinds.setCurrentIndex(page.kinds.findData("production_order"))
    wait()
    page.verbs.duplicate_as("流转")
    wait()
    rows = list(page.editor.columns.content.model.records())
    border = next(i for i, row in enumerate(rows) if row["name"] == "materials")
    page.editor.columns.content.view.select_cell(border)
    page.editor.shift(-1)
    assert [row["key"] for row in page.editor.columns.content.model.records()] == [row["key"] for row in rows]
    assert {row["table"] for row in rows} == {"产品", "材料"}


def test_columns_that_do_not_fit_are_told_while_typing_and_lead_to_the_grid(own: TemplatesPage, wait: Wait) -> None:
    before = own.sample.pdf
    own.editor.columns.content.model.change(1, {"width_mm": Decimal(180)})
    wait()
    (text,) = own.refusals.texts()
    assert "毫米" in text
    assert own.sample.pdf == before
    own.trigger("save")
    wait()
    assert own.dirty
    assert len(own.refusals.texts()) == 1
    own.editor.setCurrentIndex(FORM)
    assert own.lead_to(Problem("form.too_wide", place=Place(field="lines")))
    assert own.editor.currentIndex() == COLUMNS
    own.editor.columns.content.model.change(1, {"width_mm": None})
    wait()
    assert own.refusals.texts() == []


def test_the_default_is_marked_and_used_in_the_preview(
    own: TemplatesPage, wait: Wait, frame: MainFrame, papers: dict[str, DocRef]
) -> None:
    own.editor.form.put(paper="a5_landscape")
    own.trigger("save")
    wait()
    own.trigger("default")
    wait()
    assert own.grid.current()["default"]
    window = frame.desk.navigator.open(papers["sales_order"])
    assert window is not None
    wait()
    window.trigger("print")
    wait()
    preview = window.findChild(PreviewDialog)
    assert preview.template.currentText() == "我的订单"
    assert [preview.template.itemText(i) for i in range(4)] == ["A4", "A5", "241×140", "我的订单"]
    assert preview._source.size_mm(1) == (210, 148)
    preview.template.setCurrentText("A4")
    wait()
    assert preview._source.size_mm(1) == (210, 297)
    preview.reject()


def test_deleting_the_default_says_what_is_printed_with_then(own: TemplatesPage, wait: Wait) -> None:
    own.trigger("default")
    wait()
    asked: list[str] = []
    own.verbs.confirm = lambda question: bool(asked.append(question))  # type: ignore[method-assign]
    own.trigger("delete")
    wait()
    assert asked == ["删除销售订单的模板“我的订单”？它是默认模板，删除后所有人改用 A4。"]
    assert own.grid.model.rowCount() == 4


def test_the_merged_pick_list_is_edited_like_a_document(page: TemplatesPage, wait: Wait, book: Database) -> None:
    page.kinds.setCurrentIndex(page.kinds.findText("合并拣货单"))
    wait()
    assert PdfPages(page.sample.pdf).size_mm(1) == (297, 210)
    assert "JYH-20260310-00001" in PdfPages(page.sample.pdf).text(1)
    page.verbs.duplicate_as("仓库")
    wait()
    rows = list(page.editor.columns.content.model.records())
    page.editor.columns.content.model.change(
        next(i for i, row in enumerate(rows) if row["key"] == "on_hand"), {"shown": False}
    )
    wait()
    text = PdfPages(page.sample.pdf).text(1)
    assert "现存" not in text
    assert "A\n" in text
    page.trigger("save")
    wait()
    kept = next(row.template for row in api.templates(book, api.MERGED) if row.name == "仓库")
    assert not next(column for column in kept.columns["lines"] if column.key == "on_hand").shown


def test_a_logo_is_taken_for_the_company_or_one_template(own: TemplatesPage, wait: Wait, book: Database) -> None:
    own.verbs.use_logo(b"no picture", company=False)
    assert len(own.refusals.texts()) == 1
    own.verbs.use_logo(logo(), company=True)
    wait()
    assert api.company_logo(book) == logo()
    own.verbs.use_logo(logo(), company=False)
    own.trigger("save")
    wait()
    assert next(row for row in api.templates(book, "sales_order") if row.name == "我的订单").template.logo == logo()
    own.verbs.clear_logo()
    own.trigger("save")
    wait()
    assert next(row for row in api.templates(book, "sales_order") if row.name == "我的订单").template.logo == b""
    own.verbs.clear_logo()
    wait()
    assert api.company_logo(book) == b""


def test_a_template_goes_out_as_a_file_and_comes_back(own: TemplatesPage, wait: Wait, tmp_path: Path) -> None:
    file = tmp_path / "订单.json"
    own.verbs.export_to(file)
    wait()
    asked: list[str] = []
    own.verbs.confirm = lambda question: bool(asked.append(question)) or len(asked) > 1  # type: ignore[method-assign]
    own.trigger("delete")
    wait()
    assert own.grid.model.rowCount() == 4
    own.trigger("delete")
    wait()
    assert asked == ["删除销售订单的模板“我的订单”？"] * 2
    assert own.grid.model.rowCount() == 3
    own.verbs.import_from(file)
    wait()
    assert own.grid.current()["name"] == "我的订单"
    own.kinds.setCurrentIndex(own.kinds.findData("delivery"))
    wait()
    own.verbs.import_from(file)
    wait()
    assert "不能导入" in own.refusals.texts()[0]


def test_offsets_of_a_printer_are_kept_on_this_machine(own: TemplatesPage, frame: MainFrame, wait: Wait) -> None:
    template = own.editor.template()
    assert template is not None
    dialog = PrinterDialog(frame.desk, template, ("A4", "我的订单"), own, printers=("LQ-630K", "HP"))
    dialog.open()
    dialog.right.setValue(1.3)
    dialog.down.setValue(-0.4)
    dialog.copies.setValue(3)
    assert not dialog.template.isEnabled()
    dialog.accept()
    printers = Printers(frame.desk.settings)
    assert printers.profile("LQ-630K", "delivery") == PrinterProfile("LQ-630K", ALL_FORMS, 1.3, -0.4, 3)
    dialog = PrinterDialog(frame.desk, template, ("A4", "我的订单"), own, printers=("LQ-630K", "HP"))
    dialog.open()
    assert (dialog.right.value(), dialog.copies.value()) == (1.3, 3)
    dialog.only.setChecked(True)
    dialog.template.setCurrentIndex(dialog.template.findData("我的订单"))
    dialog.right.setValue(2)
    dialog.ruler()
    wait()
    ruler = dialog.findChild(PreviewDialog)
    assert "偏移 右 2 下 -0.4" in PdfPages(ruler._pdf).text(1)
    ruler.reject()
    dialog.accept()
    assert printers.profile("LQ-630K", "sales_order").template == "我的订单"
    assert printers.profile("LQ-630K", "delivery").template == ""
    assert printers.profile("HP", "sales_order") == PrinterProfile("HP", "sales_order")
    wait()


def older(book: Database) -> api.Template:
    """A template kept before the program knew the customer's field and two columns."""
    stock = next(row.template for row in api.templates(book, "sales_order") if row.name == "A4")
    lines = tuple(
        replace(c, shown=c.key != "spec") for c in stock.columns["lines"] if c.key not in ("unit", "due_date")
    )
    head = tuple(entry for entry in stock.head if entry.key != "customer")
    template = replace(stock, name="旧模板", head=head, columns={"lines": lines[::-1]}, footer="地址：顺德")
    api.save_template(book, "tester", template)
    return template


def test_what_came_after_a_template_was_kept_is_told_and_joins_by_a_verb(
    book: Database, papers: dict[str, DocRef], frame: MainFrame, wait: Wait
) -> None:
    template, offer = older(book), api.offer_of("sales_order")
    labels = [label for _, label in unnamed(template, offer)]
    assert labels == ["客户", "单位", "交货日期"]
    page = frame.desk.navigator.open("print/templates")
    assert isinstance(page, TemplatesPage)
    wait()
    assert {row["name"]: row["fresh"] for row in page.grid.model.records()} == {
        "A4": None, "A5": None, "241×140": None, "旧模板": 3,
    }  # fmt: skip
    assert not page.qaction("join").isEnabled()
    page.grid.view.select_cell(3)
    wait()
    assert all(label in page.hint.text() for label in labels)
    rows = {row["key"]: row for row in page.editor.columns.content.model.records()}
    assert (rows["unit"]["own"], rows["unit"]["shown"], rows["spec"]["own"]) == ("单位（新）", False, "规格型号")
    page.editor.form.put(footer="电话：0757")
    page.trigger("join")
    wait()
    assert "单位" not in page.hint.text()
    assert not page.qaction("join").isEnabled()
    page.trigger("save")
    wait()
    kept = next(row.template for row in api.templates(book, "sales_order") if row.name == "旧模板")
    shown = [column.key for column in kept.columns["lines"] if column.shown]
    assert (kept.footer, unnamed(kept, offer)) == ("电话：0757", [])
    assert {"unit", "due_date"} <= set(shown)
    assert "spec" not in shown, "what the clerk left out stays out"
    assert "佛山光耀照明" in PdfPages(
        api.print_documents(book, [papers["sales_order"].id], template="旧模板").pdf
    ).text(1)


def test_a_field_joins_where_the_program_prints_it(book: Database) -> None:
    template, offer = older(book), api.offer_of("sales_order")
    whole = joined(template, offer, [place for place, _ in unnamed(template, offer)])
    keys = [column.key for column in whole.columns["lines"]]
    order = [column.key for column in offer.tables[0].columns]
    assert keys[keys.index("unit") - 1] == order[order.index("unit") - 1]
    (customer,) = [entry for entry in whole.head if entry.key == "customer"]
    assert customer == next(entry for entry in offer.head if entry.key == "customer")
    assert unnamed(whole, offer) == []
    assert joined(whole, offer, []) == whole


def test_the_form_is_whole_at_every_size_of_letters_and_the_list_needs_no_scrolling(
    page: TemplatesPage, frame: MainFrame, wait: Wait
) -> None:
    frame.resize(1366, 768)
    wait()
    assert page.grid.view.horizontalScrollBar().maximum() == 0
    for size in range(10, 15):
        frame.look.larger()
        wait()
        form = page.editor.form
        assert form.width() >= form.minimumSizeHint().width(), size
        assert form.visibleRegion().boundingRect().width() == form.width(), size
