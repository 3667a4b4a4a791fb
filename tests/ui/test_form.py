"""A form of fields: Enter goes on, typed values are read like cells, look-ups fill, read-only is read-only."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from decimal import Decimal

import pytest
from PySide6.QtCore import QDate, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QCalendarWidget, QCheckBox, QComboBox, QLineEdit, QWidget
from pytestqt.qtbot import QtBot

from tests.ui.conftest import compose, type_chinese
from ui.framework.desk import Desk
from ui.framework.form import Form
from ui.framework.form_parts import show_calendar
from ui.framework.grid.columns import Column
from ui.framework.lookup import LookupDialog, LookupEdit, LookupRow, LookupSource

Show = Callable[[QWidget], None]
CUSTOMERS = [LookupRow("C001", "佛山光耀", ("0757",), {"id": 7}), LookupRow("C002", "杭州明居", ("0571",), {"id": 8})]

FIELDS = (
    Column("date", "日期", kind="date", editable=True, required=True),
    Column(
        "partner_code",
        "客户",
        kind="lookup",
        editable=True,
        lookup="customers",
        fills={"partner_id": "id", "partner_name": "name"},
    ),
    Column("kind", "类型", kind="choice", editable=True, choices={"normal": "普通", "rework": "返修"}),
    Column("urgent", "加急", kind="flag", editable=True),
    Column("rate", "税率", kind="number", editable=True),
    Column("number", "单号", kind="code"),
    Column("note", "备注", width=320, editable=True),
)


def search(text: str, limit: int) -> Sequence[LookupRow]:
    return [row for row in CUSTOMERS if text.casefold() in row.code.casefold() or text in row.name][:limit]


@pytest.fixture
def form(desk: Desk, show: Show) -> Form:
    desk.lookups.register("customers", LookupSource("客户", search, ("编码", "名称", "电话")))
    made = Form(desk, FIELDS)
    made.set_values(
        {
            "date": date(2026, 3, 10),
            "kind": "normal",
            "partner_code": "C001",
            "partner_id": 7,
            "partner_name": "佛山光耀",
        }
    )
    show(made)
    return made


def key(code: Qt.Key, modifiers: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
    QTest.keyClick(QApplication.focusWidget(), code, modifiers)


def test_enter_walks_through_the_fields_and_leaves_after_the_last(form: Form, qtbot: QtBot) -> None:
    form.focus_field()
    visited = []
    with qtbot.waitSignal(form.left):
        for _ in range(6):
            focus = QApplication.focusWidget()
            assert focus is not None
            visited.append(focus.objectName())
            key(Qt.Key.Key_Return)
    assert visited == [f"field_{name}" for name in ("date", "partner_code", "kind", "urgent", "rate", "note")]
    key(Qt.Key.Key_Return, Qt.KeyboardModifier.ShiftModifier)
    assert QApplication.focusWidget() is form.editors["rate"]


def test_typed_values_are_read_and_faults_are_marked(form: Form) -> None:
    form.focus_field("date")
    QTest.keyClicks(form.editors["date"], "+3")
    key(Qt.Key.Key_Return)
    assert form.value("date") == date(2026, 3, 13)
    form.focus_field("rate")
    QTest.keyClicks(form.editors["rate"], "13%")
    key(Qt.Key.Key_Return)
    assert form.value("rate") == Decimal("0.13")
    form.focus_field("date")
    QTest.keyClicks(form.editors["date"], "abc")
    key(Qt.Key.Key_Return)
    assert [name for name, _ in form.faults()] == ["date"]
    assert form.editors["date"].property("fault") is True


def test_a_code_typed_fast_is_looked_up_after_the_field_was_left(form: Form, settled: Callable[[], None]) -> None:
    form.focus_field("partner_code")
    QTest.keyClicks(form.editors["partner_code"], "c002")
    key(Qt.Key.Key_Return)
    settled()
    assert form.values()["partner_id"] == 8
    assert form.values()["partner_name"] == "杭州明居"
    edit = form.editors["partner_code"]
    assert isinstance(edit, LookupEdit)
    assert edit.text() == "C002"
    form.focus_field("partner_code")
    QTest.keyClicks(edit, "XX")
    key(Qt.Key.Key_Return)
    settled()
    assert form.values()["partner_id"] is None
    assert "F7" in dict(form.faults())["partner_code"]


def test_enter_is_the_input_methods_while_it_composes(form: Form) -> None:
    form.focus_field("note")
    edit = form.editors["note"]
    compose(edit, "jiaji")
    key(Qt.Key.Key_Return)
    assert QApplication.focusWidget() is edit
    type_chinese(edit, "加急")
    assert form.values()["note"] == "加急"


def test_choices_and_ticks_count_as_typing_but_loading_does_not(form: Form) -> None:
    changed: list[str] = []
    form.changed.connect(changed.append)
    form.set_values({"kind": "rework", "urgent": True})
    assert changed == []
    combo, tick = form.editors["kind"], form.editors["urgent"]
    assert isinstance(combo, QComboBox)
    assert isinstance(tick, QCheckBox)
    combo.setCurrentIndex(0)
    tick.setChecked(False)
    assert changed == ["kind", "urgent"]
    assert (form.value("kind"), form.value("urgent")) == ("normal", False)


def test_read_only_takes_nothing(form: Form) -> None:
    form.set_read_only(True)
    edit = form.editors["note"]
    assert isinstance(edit, QLineEdit)
    assert edit.isReadOnly()
    assert not form.editors["kind"].isEnabled()
    form.set_read_only(False)
    number = form.editors["number"]
    assert isinstance(number, QLineEdit)
    assert number.isReadOnly()


def test_a_required_field_left_blank_is_a_fault(form: Form) -> None:
    form.set_values({})
    assert form.faults() == [("date", "“日期”没有填")]


def test_a_required_field_that_is_blanked_and_still_open_is_a_fault(form: Form) -> None:
    form.editors["date"].setFocus()
    key(Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
    key(Qt.Key.Key_Delete)
    assert form.faults() == [("date", "“日期”没有填")]


def test_the_calendar_puts_the_chosen_day_into_the_field(form: Form) -> None:
    chosen: list[date] = []
    popup = show_calendar(form.editors["date"], date(2026, 3, 10), chosen.append)
    month = popup.findChild(QCalendarWidget)
    month.setSelectedDate(QDate(2026, 3, 12))
    month.activated.emit(month.selectedDate())
    assert chosen == [date(2026, 3, 12)]


def test_the_calendar_ends_where_typed_dates_end(form: Form) -> None:
    chosen: list[date] = []
    popup = show_calendar(form.editors["date"], date(2026, 3, 10), chosen.append)
    month = popup.findChild(QCalendarWidget)
    month.setSelectedDate(QDate(-4714, 1, 1))
    month.activated.emit(month.selectedDate())
    assert chosen == [date(1900, 1, 1)]


def test_a_code_that_is_two_records_opens_the_list(desk: Desk, form: Form, qtbot: QtBot) -> None:
    twins = [LookupRow("C008", "老店", exact=True), LookupRow("C009", "新店", exact=True)]
    desk.lookups.register("customers", LookupSource("客户", lambda text, limit: twins[:limit]))
    again = Form(desk, FIELDS)
    qtbot.addWidget(again)
    again.show()
    edit = again.editors["partner_code"]
    assert isinstance(edit, LookupEdit)
    edit.setFocus()
    QTest.keyClicks(edit, "69012345")
    QTest.keyClick(edit, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: isinstance(QApplication.activeModalWidget(), LookupDialog))
    dialog = QApplication.activeModalWidget()
    assert isinstance(dialog, LookupDialog)
    assert [(key, "2" in sentence) for key, sentence in again.faults() if key == "partner_code"] == [
        ("partner_code", True)
    ]
    qtbot.waitUntil(lambda: len(dialog.model.hits) == 2)
    QTest.keyClick(dialog.search_field, Qt.Key.Key_Down)
    QTest.keyClick(dialog.search_field, Qt.Key.Key_Return)
    assert (again.value("partner_code"), again.value("partner_name")) == ("C009", "新店")
    assert [key for key, _ in again.faults() if key == "partner_code"] == []
