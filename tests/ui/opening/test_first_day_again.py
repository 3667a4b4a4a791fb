"""The first day again, from the window of a book: what is there is shown, and only what the clerk changed is written."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from decimal import Decimal
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWizard
from pytestqt.qtbot import QtBot

from app.arguments import parse
from app.opened import OpenedBook
from app.opening import attach
from app.window import run_window
from services.documents import api as documents
from services.exchange import api as exchange
from services.masterdata import api as masterdata
from services.platform import books, parameters, periods
from services.platform.access.holding import Access
from services.platform.db import Database
from services.platform.messages import sentence
from services.platform.users.api import make_first_administrator, sign_in, with_users
from tests.support.faults import fingerprint
from tests.support.people import staff
from tests.ui.opening.test_first_run import PASSWORD, sheets
from tests.ui.opening.test_keys import Keys
from tests.ui.opening.test_session import Script, command
from ui.access.login import LoginDialog
from ui.framework.grid.layout import MemorySettings
from ui.framework.ops import Ops
from ui.opening.again import FirstDayAgain
from ui.opening.first_run import FirstRunWizard
from ui.shell.frame import MainFrame
from ui.shell.start import open_desk

TODAY = dt.date(2026, 3, 10)
TITLE = "第一天设置…"
CONTROL = Qt.KeyboardModifier.ControlModifier
Framed = Callable[..., MainFrame]


@pytest.fixture
def framed(qtbot: QtBot) -> Iterator[Framed]:
    """The window on a book, with what the program offers of it."""
    made: list[MainFrame] = []

    def frame_on(db: Database, access: Access | None = None) -> MainFrame:
        facts: dict[str, Any] = {"allowed": access.allows} if access is not None else {}
        name = access.name if access is not None else "张会计"
        desk = open_desk(db.acting_as(access), user=name, settings=MemorySettings(), today=lambda: TODAY, **facts)
        frame = MainFrame(desk)
        frame.resize(1366, 768)
        attach(frame, OpenedBook(db, str(db.path), None), lambda: None)
        qtbot.addWidget(frame)
        frame.show()
        frame.activateWindow()
        qtbot.waitUntil(frame.isActiveWindow)
        made.append(frame)
        settled(frame, qtbot)
        return frame

    yield frame_on
    for frame in made:
        frame.desk.ops.close()


def settled(frame: MainFrame, qtbot: QtBot) -> None:
    qtbot.wait(20)
    qtbot.waitUntil(lambda: frame.desk.ops.idle, timeout=15000)


def opened(frame: MainFrame, qtbot: QtBot) -> FirstRunWizard:
    """By keys: Ctrl+K, the initials, Enter."""
    frame.activateWindow()
    qtbot.waitUntil(frame.isActiveWindow)
    QTest.keyClick(frame, Qt.Key.Key_K, CONTROL)
    QTest.keyClicks(frame.palette_popup.field, "dytsz")
    assert frame.palette_popup.texts()[0] == TITLE
    QTest.keyClick(frame.palette_popup.field, Qt.Key.Key_Return)
    (wizard,) = frame.findChildren(FirstRunWizard)
    qtbot.waitUntil(lambda: wizard.present is not None, timeout=8000)
    wizard.activateWindow()
    settled(frame, qtbot)
    return wizard


def badge(frame: MainFrame) -> str:
    """What the top line says of the first day; "" when it says nothing."""
    (again,) = frame.findChildren(FirstDayAgain)
    return str(again.badge.text()) if again.badge.isVisible() else ""


def titles(frame: MainFrame) -> list[str]:
    return [one.title for one in frame.desk.actions.commands()]


def press_through(wizard: FirstRunWizard, frame: MainFrame, qtbot: QtBot) -> list[str]:
    """Presses only the button that goes on, to the end; the titles of the pages passed."""
    passed: list[str] = []
    last = False
    while not last:
        passed.append(wizard.currentPage().title())
        last = wizard.currentPage().isFinalPage()
        button = QWizard.WizardButton.FinishButton if last else QWizard.WizardButton.NextButton
        QTest.keyClick(wizard.button(button), Qt.Key.Key_Space)
        settled(frame, qtbot)
        assert len(passed) < 10
    qtbot.waitUntil(lambda: not frame.findChildren(FirstRunWizard))
    return passed


def set_parameters(db: Database, **values: str) -> None:
    masterdata.save_records(db, "张会计", "parameters", [{"key": key, "value": values[key]} for key in values])


def post_order(db: Database, day: dt.date = TODAY) -> str:
    """An approved sales order; its number."""
    item = masterdata.search(db, "items", "FG100")[0].id
    customer = masterdata.search(db, "customers", "C001")[0].id
    line = documents.LineDraft(item, Decimal(5), price=Decimal(80), due_date=day)
    ref, _ = documents.save_document(db, "张会计", documents.DocDraft("sales_order", day, [line], partner_id=customer))
    documents.approve(db, "张会计", [ref.id])
    return ref.number


def stores(db: Database) -> dict[str, tuple[str, str]]:
    rows = masterdata.list_records(db, "warehouses").rows
    return {row.values["code"]: (row.values["name"], row.values["kind"]) for row in rows}


def test_half_a_first_day_is_left_found_again_and_finished_by_keys(
    empty: Database, ops: Ops, framed: Framed, asked: list[bool], qtbot: QtBot
) -> None:
    first = FirstRunWizard(empty, "张会计", ops, partial(sentence, lang="zh"), TODAY)
    qtbot.addWidget(first)
    first.show()
    first.activateWindow()
    qtbot.waitUntil(lambda: first.present is not None, timeout=8000)
    keys = Keys(qtbot, ops)
    keys.tab_to(first.company.name)
    keys.write("Guangyao")
    keys.tab_to(first.company.period)
    keys.press(Qt.Key.Key_Up)
    keys.press(Qt.Key.Key_Return)
    keys.tab_to(first.rules.boxes["default_tax_rate"])
    keys.press(Qt.Key.Key_Down)
    keys.press(Qt.Key.Key_Return)
    assert first.currentPage() is first.stores
    keys.press(Qt.Key.Key_Escape)
    assert asked == [True]
    assert not first.isVisible()

    frame = framed(empty)
    assert badge(frame) == "第一天还差：仓库、物料"
    wizard = opened(frame, qtbot)
    keys = Keys(qtbot, frame.desk.ops)
    assert (wizard.company.name.text(), wizard.company.period.currentText()) == ("Guangyao", "2026-02")
    before = fingerprint(empty)
    for _ in range(2):
        keys.press(Qt.Key.Key_Return)
    assert wizard.currentPage() is wizard.stores
    assert wizard.rules.boxes["default_tax_rate"].currentData() == "9"
    assert fingerprint(empty) == before
    keys.press(Qt.Key.Key_Return)
    assert wizard.currentPage() is wizard.imported
    assert len(stores(empty)) == 5
    assert badge(frame) == "第一天还差：物料"
    keys.tab_to(wizard.button(QWizard.WizardButton.NextButton))
    keys.press(Qt.Key.Key_Return)
    assert wizard.currentPage() is wizard.administrator
    assert wizard.administrator.wanted.isChecked()
    keys.tab_to(wizard.administrator.password)
    keys.write(PASSWORD)
    keys.tab_to(wizard.administrator.again)
    keys.write(PASSWORD)
    keys.press(Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: not frame.findChildren(FirstRunWizard))
    assert sign_in(empty, "admin", PASSWORD).title == "管理员"
    with empty.read() as conn:
        found = parameters.load(conn)
    assert (found.text("start_period"), found.text("default_tax_rate")) == ("2026-02", "9")
    assert asked == [True]


def furnish_oddly(db: Database) -> None:
    """What a careless page would write over: a rate no list has, a start of long ago, a blank name, a store that plans by hand."""
    set_parameters(db, company_name="佛山光耀灯具厂", default_tax_rate="17", start_period="2019-07", four_eyes="yes")
    rows = [{"code": "W09", "name": "样品仓", "nettable": False}, {"code": "W10", "name": "", "kind": "workshop"}]
    masterdata.save_records(db, "张会计", "warehouses", rows)


@pytest.mark.parametrize("with_opening", [True, False])
def test_a_working_book_is_gone_through_and_nothing_is_changed(
    book: Database, framed: Framed, tmp_path: Path, qtbot: QtBot, with_opening: bool
) -> None:
    furnish_oddly(book)
    set_parameters(book, four_eyes="no")
    if with_opening:
        file = tmp_path / "opening_stock.csv"
        file.write_text("warehouse,item,quantity,amount,date\nW01,FG100,5,50,2019-06-30\n", encoding="utf-8")
        exchange.import_sources(book, "张会计", [file], approve=True)
    post_order(book)
    set_parameters(book, four_eyes="yes")
    frame = framed(book)
    assert badge(frame) == ""
    before = fingerprint(book)
    wizard = opened(frame, qtbot)
    assert wizard.company.period.currentText() == "2019-07"
    assert wizard.rules.boxes["default_tax_rate"].currentText() == "17 %"
    assert wizard.rules.boxes["four_eyes"].currentData() == "yes"
    passed = press_through(wizard, frame, qtbot)
    assert passed == ["公司和启用期间", "规矩", "仓库", "导入资料和期初", *(["核对期初"] * with_opening), "管理员"]
    assert not with_users(book)
    assert fingerprint(book) == before


def test_a_book_with_users_says_who_they_are_and_is_not_changed(book: Database, framed: Framed, qtbot: QtBot) -> None:
    furnish_oddly(book)
    access = make_first_administrator(book, "wang", "王管理", PASSWORD)
    frame = framed(book, access)
    before = fingerprint(book)
    wizard = opened(frame, qtbot)
    told = wizard.administrator.there.text()
    assert "1 个用户：王管理（登录名 wang）" in told
    assert "“用户”" in told
    assert not wizard.administrator.inputs.isVisibleTo(wizard.administrator)
    assert press_through(wizard, frame, qtbot)[-1] == "管理员"
    assert fingerprint(book) == before


def test_a_book_without_a_start_keeps_none(book: Database, framed: Framed, qtbot: QtBot) -> None:
    set_parameters(book, company_name="甲")
    frame = framed(book)
    before = fingerprint(book)
    wizard = opened(frame, qtbot)
    assert wizard.company.period.currentText() == "（没有设）"
    assert wizard.company.period.isEnabled()
    press_through(wizard, frame, qtbot)
    assert fingerprint(book) == before


def test_only_what_was_changed_is_written(book: Database, framed: Framed, qtbot: QtBot) -> None:
    furnish_oddly(book)
    frame = framed(book)
    history = partial(masterdata.record_history, book, "parameters", 0)
    count = len(history())
    wizard = opened(frame, qtbot)
    wizard.company.name.setText("佛山新光耀")
    wizard.button(QWizard.WizardButton.NextButton).click()
    settled(frame, qtbot)
    assert "佛山新光耀" not in frame.windowTitle()
    box = wizard.rules.boxes["scrap_formula"]
    box.setCurrentIndex(box.findData("divide"))
    wizard.button(QWizard.WizardButton.NextButton).click()
    settled(frame, qtbot)
    assert len(history()) == count + 2
    table = wizard.stores.table
    table.table.item(1, 1).setText("样品展厅")
    table.add_row(("W40", "", "own"))
    wizard.button(QWizard.WizardButton.NextButton).click()
    settled(frame, qtbot)
    assert wizard.currentPage() is wizard.imported
    wizard.reject()
    assert "佛山新光耀" in frame.windowTitle()
    rows = {row.values["code"]: row.values for row in masterdata.list_records(book, "warehouses").rows}
    assert (rows["W09"]["name"], rows["W09"]["nettable"]) == ("样品展厅", False)
    assert rows["W10"]["name"] == ""
    assert rows["W40"]["name"] == "W40"
    with book.read() as conn:
        found = parameters.load(conn)
    assert (found.text("scrap_formula"), found.text("start_period")) == ("divide", "2019-07")


def test_the_start_is_only_shown_once_business_has_begun(book: Database, framed: Framed, qtbot: QtBot) -> None:
    set_parameters(book, company_name="甲", start_period="2026-01")
    number = post_order(book)
    frame = framed(book)
    wizard = opened(frame, qtbot)
    assert not wizard.company.period.isEnabled()
    assert number in wizard.company.note.text()
    assert "“系统参数”" in wizard.company.note.text()
    wizard.reject()
    with book.write("root") as tx, tx.implied():
        periods.close(tx, "2026-02")
        periods.close(tx, "2026-01")
    wizard = opened(frame, qtbot)
    assert not wizard.company.period.isEnabled()
    assert wizard.company.note.text().startswith("2026-02 已经结账")


def test_warehouses_of_the_book_keep_their_code_and_stay(book: Database, framed: Framed, qtbot: QtBot) -> None:
    set_parameters(book, company_name="甲")
    frame = framed(book)
    before = fingerprint(book)
    wizard = opened(frame, qtbot)
    for _ in range(2):
        wizard.button(QWizard.WizardButton.NextButton).click()
        settled(frame, qtbot)
    table = wizard.stores.table
    assert not table.table.item(0, 0).flags() & Qt.ItemFlag.ItemIsEditable
    assert wizard.stores.note.isVisible()
    table.table.setCurrentCell(0, 1)
    assert not table.remove.isEnabled()
    QTest.keyClick(table, Qt.Key.Key_Delete, CONTROL)
    assert [row[0] for row in table.rows()] == ["W01"]
    table.add_row(("W01", "另一个", "own"))
    wizard.button(QWizard.WizardButton.NextButton).click()
    settled(frame, qtbot)
    assert wizard.currentPage() is wizard.stores
    assert "W01 有 2 行" in wizard.stores.refusal.text()
    assert fingerprint(book) == before
    table.table.setCurrentCell(1, 1)
    assert table.remove.isEnabled()
    QTest.keyClick(table, Qt.Key.Key_Delete, CONTROL)
    wizard.button(QWizard.WizardButton.NextButton).click()
    settled(frame, qtbot)
    assert wizard.currentPage() is wizard.imported
    assert fingerprint(book) == before


def test_a_second_import_changes_nothing_and_names_the_opening_stock_that_is_there(
    empty: Database, framed: Framed, tmp_path: Path, qtbot: QtBot
) -> None:
    set_parameters(empty, company_name="甲")
    masterdata.save_records(empty, "张会计", "warehouses", [{"code": "W01", "name": "原料仓"}, {"code": "W02"}])
    files = sheets(tmp_path)
    exchange.import_sources(empty, "张会计", files, approve=True)
    (document,) = documents.list_documents(empty, "opening_stock").rows
    frame = framed(empty)
    before = fingerprint(empty)
    wizard = opened(frame, qtbot)
    for _ in range(3):
        wizard.button(QWizard.WizardButton.NextButton).click()
        settled(frame, qtbot)
    page = wizard.imported
    page.look_at(files)
    settled(frame, qtbot)
    assert not page.isComplete()
    faults = [page.faults.item(row).text() for row in range(page.faults.count())]
    assert len(faults) == 3
    assert all(document.ref.number in fault for fault in faults)
    page.look_at([file for file in files if "opening_stock" not in file])
    settled(frame, qtbot)
    words = {page.table.item(row, 0).text(): page.table.item(row, 5).text() for row in range(page.table.rowCount())}
    assert words == {"计量单位": "新增 0，修改 0，不变 1", "物料": "新增 0，修改 0，不变 2"}
    press_through(wizard, frame, qtbot)
    assert fingerprint(empty) == before


def test_only_who_may_change_what_the_pages_hold_is_offered_them(book: Database, framed: Framed) -> None:
    people = staff(book)
    for role in ("warehouse", "finance", "viewer", ""):
        frame = framed(book, people[role])
        assert TITLE not in titles(frame)
        assert frame.findChildren(FirstDayAgain) == []
    frame = framed(book, people["admin"])
    assert TITLE in titles(frame)
    assert badge(frame) == "第一天还差：公司名称"


def test_the_mark_goes_when_the_last_thing_is_there(empty: Database, framed: Framed, qtbot: QtBot) -> None:
    frame = framed(empty)
    assert badge(frame) == "第一天还差：公司名称、仓库、物料"
    set_parameters(empty, company_name="甲")
    masterdata.save_records(empty, "张会计", "warehouses", [{"code": "W01"}])
    masterdata.save_records(empty, "张会计", "units", [{"code": "个"}])
    ops, rows = frame.desk.ops, [{"code": "A", "name": "螺丝", "unit": "个"}]
    ops.run_command(partial(masterdata.save_records, empty, "张会计", "items", rows), owner=frame)
    settled(frame, qtbot)
    assert badge(frame) == ""


def test_closing_asks_only_for_what_was_typed_and_not_written(
    book: Database, framed: Framed, asked: list[bool], qtbot: QtBot
) -> None:
    set_parameters(book, company_name="甲")
    frame = framed(book)
    wizard = opened(frame, qtbot)
    QTest.keyClick(wizard, Qt.Key.Key_Escape)
    assert (asked, wizard.isVisible()) == ([], False)
    settled(frame, qtbot)
    wizard = opened(frame, qtbot)
    QTest.keyClicks(QApplication.focusWidget(), "Yi")
    assert wizard.company.name.text() == "甲Yi"
    QTest.keyClick(wizard, Qt.Key.Key_Escape)
    assert (asked, wizard.isVisible()) == ([True], False)
    with book.read() as conn:
        assert parameters.load(conn).text("company_name") == "甲"


def test_a_book_that_cannot_be_read_says_why_and_goes_nowhere(book: Database, ops: Ops, qtbot: QtBot) -> None:
    nobody = staff(book)[""]
    wizard = FirstRunWizard(book.acting_as(nobody), "x", ops, partial(sentence, lang="zh"), TODAY, again=True)
    qtbot.addWidget(wizard)
    wizard.show()
    qtbot.waitUntil(lambda: bool(wizard.company.refusal.text()), timeout=8000)
    assert not wizard.button(QWizard.WizardButton.NextButton).isEnabled()
    assert not wizard.company.name.isEnabled()


def test_the_first_user_made_from_the_window_logs_in_at_once(tmp_path: Path) -> None:
    file = tmp_path / "新.db"
    db = books.create(file)
    set_parameters(db, company_name="甲")
    db.close()
    users: list[str] = []

    def log_in(dialog: object) -> None:
        assert isinstance(dialog, LoginDialog)
        dialog._entered(sign_in(dialog._db, "admin", PASSWORD))

    def look(frame: object) -> None:
        assert isinstance(frame, MainFrame)
        users.append(frame.desk.session.user)
        frame.close()

    def on(wizard: object) -> None:
        assert isinstance(wizard, FirstRunWizard)
        last = wizard.currentPage().isFinalPage()
        if last:
            wizard.administrator.password.setText(PASSWORD)
            wizard.administrator.again.setText(PASSWORD)
        button = QWizard.WizardButton.FinishButton if last else QWizard.WizardButton.NextButton
        wizard.button(button).click()

    pages = [(FirstRunWizard, on)] * 5
    script = Script((MainFrame, lambda frame: command(frame, TITLE)), *pages, (LoginDialog, log_in), (MainFrame, look))
    assert run_window(parse(["--database", str(file)])) == 0
    assert not script.left
    assert users == ["admin"]
