"""Forms of master data and the parameters say what a code stands for; a record's history reads like its form."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from services.masterdata import api
from tests.ui.ordering import CONTROL, key, typed
from ui.documents.history import differences
from ui.documents.record_list import RecordListPage
from ui.documents.record_page import RecordPage
from ui.framework.form import Form
from ui.framework.navigator import PageRef, RecordRef
from ui.masterdata.parameters_page import ParametersPage
from ui.shell.frame import MainFrame

Wait = Callable[[], None]


def beside(form: Form, field: str) -> str:
    """What stands beside the code of a field."""
    cell = form.editors[field].parentWidget()
    label = cell.findChild(QLabel) if cell is not None else None
    return str(label.toolTip()) if label is not None else ""


def opened(frame: MainFrame, kind: str, code: str, wait: Wait) -> RecordPage:
    page = frame.desk.navigator.open(RecordRef(kind, code))
    assert isinstance(page, RecordPage)
    wait()
    return page


def test_the_codes_of_an_item_have_their_names_beside_them(book_frame: MainFrame, wait: Wait) -> None:
    db = book_frame.desk.session.db
    api.save_records(db, "t", "items", [{"code": "RM403", "warehouse": "W01", "supplier": "S001"}])
    page = opened(book_frame, "items", "RM403", wait)
    assert {name: beside(page.form, name) for name in ("unit", "warehouse", "supplier")} == {
        "unit": "个", "warehouse": "原料仓", "supplier": "明辉五金",
    }  # fmt: skip
    page.form.focus_field("unit")
    typed("KG")
    key(Qt.Key.Key_Return)
    wait()
    assert beside(page.form, "unit") == "千克"
    key(Qt.Key.Key_S, CONTROL)
    wait()
    assert page.refusals.texts() == []
    assert beside(page.form, "unit") == "千克"


def test_a_copy_has_the_names_too(book_frame: MainFrame, wait: Wait) -> None:
    listed = book_frame.desk.navigator.open(PageRef("items/records"))
    assert isinstance(listed, RecordListPage)
    wait()
    listed.grid.view.select_cell(listed.grid.model.row_of(listed.grid.model.record(0)["#id"]))
    listed.trigger("copy")
    copy = book_frame.tabs.front()
    assert isinstance(copy, RecordPage)
    assert beside(copy.form, "unit") == "个"


def test_a_warehouse_says_whose_it_is(book_frame: MainFrame, wait: Wait) -> None:
    db = book_frame.desk.session.db
    api.save_records(db, "t", "warehouses", [{"code": "W01", "partner": "S001"}])
    assert beside(opened(book_frame, "warehouses", "W01", wait).form, "partner") == "明辉五金"


def test_the_warehouse_of_the_parameters_has_its_name(book_frame: MainFrame, wait: Wait, qtbot: QtBot) -> None:
    api.save_records(book_frame.desk.session.db, "t", "parameters", [{"key": "default_warehouse", "value": "W01"}])
    page = book_frame.desk.navigator.open(PageRef("parameters"))
    assert isinstance(page, ParametersPage)
    qtbot.waitUntil(lambda: page.form is not None)
    wait()
    assert page.form is not None
    assert beside(page.form, "default_warehouse") == "原料仓"


def test_the_history_of_an_item_names_its_fields_and_words(book_frame: MainFrame, wait: Wait) -> None:
    db = book_frame.desk.session.db
    api.save_records(db, "t", "items", [{"code": "RM403", "supplier": "S001", "kind": "subcontracted"}])
    page = opened(book_frame, "items", "RM403", wait)
    told = page.history.content.model.text(0, 3)
    assert told == "属性 外购 → 委外；默认供应商 空 → S001 明辉五金"


def test_words_of_a_vocabulary_are_said_only_for_its_field() -> None:
    titles, words = {"kind": "属性", "category": "类别"}, {"kind": {"purchased": "外购", "manufactured": "自制"}}
    before, after = '{"kind": "purchased", "category": "purchased"}', '{"kind": "manufactured", "category": "b"}'
    assert differences(before, after, titles, words) == "属性 外购 → 自制；类别 purchased → b"
