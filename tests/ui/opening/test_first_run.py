"""The first day: each step writes what it says, a workbook goes in only after its totals were shown, faults name their rows."""

from __future__ import annotations

import datetime as dt
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtWidgets import QWizard
from pytestqt.qtbot import QtBot
from sqlalchemy import event

import app.wiring
from models.kernel.problems import Problem
from services.documents.api import list_documents
from services.exchange import api as exchange
from services.masterdata import api as masterdata
from services.platform import parameters
from services.platform.db import Database
from services.platform.messages import sentence
from services.platform.users.api import sign_in, with_users
from tests.support.faults import fingerprint
from ui.framework.ops import Ops
from ui.opening.first_run import FirstRunWizard

TODAY = dt.date(2026, 3, 10)
PASSWORD = "shuangchuan-2026"
say: Callable[[Problem], str] = partial(sentence, lang="zh")
assert app.wiring.AREAS

SHEETS = {
    "units": "code,name,decimals\n个,个,0\n",
    "items": "code,name,unit,kind\nRM1,螺丝,个,purchased\nRM2,灯罩,个,purchased\n",
    "opening_stock": (
        "warehouse,item,quantity,amount,date\n"
        "W01,RM1,100,20.50,2026-02-28\nW01,RM2,10,30,2026-02-28\nW02,RM2,5,,2026-02-28\n"
    ),
}


@pytest.fixture
def wizard(empty: Database, ops: Ops, qtbot: QtBot) -> FirstRunWizard:
    made = FirstRunWizard(empty, "张会计", ops, say, TODAY)
    qtbot.addWidget(made)
    made.show()
    qtbot.waitUntil(lambda: made.present is not None, timeout=8000)
    return made


@pytest.fixture
def go_on(wizard: FirstRunWizard, ops: Ops, qtbot: QtBot) -> Callable[[], None]:
    def press() -> None:
        last = wizard.currentPage().isFinalPage()
        wizard.button(QWizard.WizardButton.FinishButton if last else QWizard.WizardButton.NextButton).click()
        qtbot.wait(10)
        qtbot.waitUntil(lambda: ops.idle, timeout=8000)

    return press


def sheets(folder: Path, **changed: str) -> list[str]:
    made = []
    for name, text in (SHEETS | changed).items():
        file = folder / f"{name}.csv"
        file.write_text(text, encoding="utf-8")
        made.append(str(file))
    return made


def look(wizard: FirstRunWizard, qtbot: QtBot, files: list[str]) -> None:
    wizard.imported.look_at(files)
    qtbot.wait(10)
    qtbot.waitUntil(lambda: wizard.ops.idle, timeout=15000)


def test_the_first_day_from_name_to_administrator(
    wizard: FirstRunWizard, empty: Database, tmp_path: Path, go_on: Callable[[], None], qtbot: QtBot
) -> None:
    wizard.company.name.setText("佛山光耀灯具厂")
    assert wizard.company.period.currentText() == "2026-03（本月）"
    assert "2026-02-28" in wizard.company.note.text()
    go_on()
    assert wizard.currentPage() is wizard.rules
    wizard.rules.boxes["backflush_failure"].setCurrentIndex(1)
    go_on()
    assert wizard.currentPage() is wizard.stores
    go_on()
    assert wizard.currentPage() is wizard.imported
    look(wizard, qtbot, sheets(tmp_path))
    table = wizard.imported.table
    rows = [[table.item(row, column).text() for column in range(5)] for row in range(table.rowCount())]
    assert ["期初库存", "3", "115", "50.50", "1"] in rows
    assert ["　其中 W01", "2", "110", "50.50", ""] in rows
    assert list_documents(empty, "opening_stock").total == 0
    go_on()
    assert wizard.currentPage() is wizard.check
    assert list_documents(empty, "opening_stock", statuses=("C",)).total >= 1
    table = wizard.check.table
    rows = [[table.item(row, column).text() for column in range(5)] for row in range(table.rowCount())]
    assert rows == [
        ["W01 原料仓", "2", "110", "50.50", ""], ["W02 成品仓", "1", "5", "0.00", ""], ["合计", "3", "115", "50.50", ""],
    ]  # fmt: skip
    for typed, told in (
        ("50.50", "一分不差"),
        ("60", "少 9.50"),
        ("￥1,0", "多 40.50"),
        ("很多", "不是数字"),
        ("", ""),
    ):
        wizard.check.before.setText(typed)
        assert told in wizard.check.verdict.text()
    go_on()
    assert wizard.currentPage() is wizard.administrator
    wizard.administrator.password.setText(PASSWORD)
    wizard.administrator.again.setText("anders")
    go_on()
    assert wizard.isVisible()
    assert "不一样" in wizard.administrator.refusal.text()
    wizard.administrator.again.setText(PASSWORD)
    go_on()
    assert not wizard.isVisible()
    with empty.read() as conn:
        found = parameters.load(conn)
    assert (found.text("company_name"), found.text("start_period")) == ("佛山光耀灯具厂", "2026-03")
    assert found.text("backflush_failure") == "pending"
    assert (found.text("default_cost_method"), found.text("default_tax_rate")) == ("moving", "13")
    stores = masterdata.list_records(empty, "warehouses").rows
    assert [row.values["code"] for row in stores] == ["W01", "W02", "W03", "W21", "W22"]
    assert with_users(empty)
    assert sign_in(empty, "admin", PASSWORD).title == "管理员"


def test_without_a_company_nothing_is_written(
    wizard: FirstRunWizard, empty: Database, go_on: Callable[[], None]
) -> None:
    go_on()
    assert wizard.currentPage() is wizard.company
    assert "公司名称" in wizard.company.refusal.text()
    with empty.read() as conn:
        assert parameters.load(conn).text("start_period") == ""


def test_the_start_is_picked_and_holds_for_what_is_imported(
    wizard: FirstRunWizard, empty: Database, tmp_path: Path, go_on: Callable[[], None], qtbot: QtBot
) -> None:
    wizard.company.name.setText("甲")
    wizard.company.period.choose(dt.date(2026, 1, 15))
    assert "2025-12-31" in wizard.company.note.text()
    for _ in range(3):
        go_on()
    look(wizard, qtbot, sheets(tmp_path))
    assert "2026-01-01" in wizard.imported.faults.item(0).text()
    assert not wizard.imported.isComplete()
    early = {name: text.replace("2026-02-28", "2025-12-31") for name, text in SHEETS.items()}
    look(wizard, qtbot, sheets(tmp_path, **early))
    assert wizard.imported.isComplete()
    with empty.read() as conn:
        assert parameters.load(conn).text("start_period") == "2026-01"


def test_new_items_take_the_cost_method_that_was_chosen(
    wizard: FirstRunWizard, empty: Database, tmp_path: Path, go_on: Callable[[], None], qtbot: QtBot
) -> None:
    wizard.company.name.setText("甲")
    go_on()
    box = wizard.rules.boxes["default_cost_method"]
    box.setCurrentIndex(box.findData("fifo"))
    go_on()
    go_on()
    items = "code,name,unit,kind,cost_method\nRM1,螺丝,个,purchased,\nRM2,灯罩,个,purchased,monthly\n"
    look(wizard, qtbot, sheets(tmp_path, items=items))
    go_on()
    methods = {row.values["code"]: row.values["cost_method"] for row in masterdata.list_records(empty, "items").rows}
    assert methods == {"RM1": "fifo", "RM2": "monthly"}


def test_faults_of_a_workbook_are_named_and_keep_the_clerk_on_the_page(
    wizard: FirstRunWizard, empty: Database, tmp_path: Path, go_on: Callable[[], None], qtbot: QtBot
) -> None:
    wizard.company.name.setText("甲")
    for _ in range(3):
        go_on()
    look(wizard, qtbot, sheets(tmp_path, items="code,name,unit,kind\nRM1,螺丝,箱,purchased\n"))
    assert wizard.imported.faults.count() >= 1
    assert wizard.imported.faults.item(0).text().startswith("物料 第 2 行 计量单位：")
    assert not wizard.imported.isComplete()
    assert not wizard.button(QWizard.WizardButton.NextButton).isEnabled()
    assert masterdata.list_records(empty, "items").total == 0
    look(wizard, qtbot, sheets(tmp_path))
    assert wizard.imported.isComplete()
    assert not wizard.imported.faults.isVisible()


def test_steps_may_be_left_out_and_the_book_stays_open_to_everybody(
    wizard: FirstRunWizard, empty: Database, go_on: Callable[[], None]
) -> None:
    wizard.company.name.setText("甲")
    for _ in range(4):
        go_on()
    wizard.administrator.wanted.setChecked(False)
    go_on()
    assert not wizard.isVisible()
    assert wizard.access is None
    assert not with_users(empty)


def test_going_back_and_on_again_writes_once(
    wizard: FirstRunWizard, empty: Database, go_on: Callable[[], None]
) -> None:
    wizard.company.name.setText("甲")
    go_on()
    wizard.back()
    go_on()
    assert wizard.currentPage() is wizard.rules
    wizard.back()
    wizard.company.name.setText("乙")
    go_on()
    with empty.read() as conn:
        assert parameters.load(conn).text("company_name") == "乙"


def test_a_book_with_something_in_it_is_not_new(empty: Database) -> None:
    from app.deeds import is_new

    assert is_new(empty)
    masterdata.save_records(empty, "张会计", "units", [{"code": "个", "name": "个", "decimals": 0}])
    masterdata.save_records(empty, "张会计", "parameters", [{"key": "company_name", "value": "甲"}])
    assert not is_new(empty)


@pytest.mark.parametrize("trying", [True, False])
def test_an_import_that_is_stopped_writes_nothing_and_can_be_done_again(
    wizard: FirstRunWizard, empty: Database, tmp_path: Path, go_on: Callable[[], None], qtbot: QtBot, trying: bool
) -> None:
    wizard.company.name.setText("甲")
    for _ in range(3):
        go_on()
    page, files, before = wizard.imported, sheets(tmp_path), fingerprint(empty)
    if not trying:
        look(wizard, qtbot, files)
    with stopped_in_the_middle(empty, page.stop_button.click):
        if trying:
            look(wizard, qtbot, files)
        else:
            go_on()
    assert fingerprint(empty) == before
    assert wizard.currentPage() is page
    assert "已取消" in page.state.text()
    assert not page.stop_button.isVisible()
    assert not page.bar.isVisible()
    assert page.isComplete()
    if trying:
        assert page.paths == ()
        look(wizard, qtbot, files)
    go_on()
    assert wizard.currentPage() is wizard.check
    assert list_documents(empty, "opening_stock", statuses=("C",)).total >= 1


def test_leaving_the_wizard_stops_the_import(
    wizard: FirstRunWizard, empty: Database, tmp_path: Path, go_on: Callable[[], None], qtbot: QtBot
) -> None:
    wizard.company.name.setText("甲")
    for _ in range(3):
        go_on()
    look(wizard, qtbot, sheets(tmp_path))
    before = fingerprint(empty)
    with stopped_in_the_middle(empty, wizard.reject):
        go_on()
    assert fingerprint(empty) == before


class Presser(QObject):
    """Presses on the window's thread while a writing statement waits."""

    wanted = Signal()


@contextmanager
def stopped_in_the_middle(db: Database, press: Callable[[], object]) -> Iterator[None]:
    """At the first row that is written the button is pressed; the statement waits until the stop has been asked for."""
    presser, pressed = Presser(), threading.Event()

    def on_window() -> None:
        press()
        pressed.set()

    def hold(_conn: Any, _cursor: Any, statement: str, *_: Any) -> None:
        if statement.lstrip().upper().startswith("INSERT") and not pressed.is_set():
            presser.wanted.emit()
            assert pressed.wait(10)

    presser.wanted.connect(on_window, Qt.ConnectionType.QueuedConnection)
    event.listen(db.engine, "before_cursor_execute", hold)
    try:
        yield
    finally:
        event.remove(db.engine, "before_cursor_execute", hold)
    assert pressed.is_set()


def test_leaving_asks_once_something_is_written_and_a_no_stays(
    wizard: FirstRunWizard, asked: list[bool], go_on: Callable[[], None], qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    wizard.company.name.setText("甲")
    go_on()
    with monkeypatch.context() as no:
        no.setattr(FirstRunWizard, "ask_leave", lambda wizard: False)
        qtbot.keyClick(wizard, Qt.Key.Key_Escape)
    assert wizard.isVisible()
    qtbot.keyClick(wizard, Qt.Key.Key_Escape)
    assert asked == [True]
    assert not wizard.isVisible()


def test_a_first_day_that_wrote_nothing_is_left_without_a_question(
    wizard: FirstRunWizard, asked: list[bool], qtbot: QtBot
) -> None:
    qtbot.keyClick(wizard, Qt.Key.Key_Escape)
    assert asked == []
    assert not wizard.isVisible()


def test_an_unforeseen_error_is_told_on_the_page_and_the_page_can_be_tried_again(
    wizard: FirstRunWizard, go_on: Callable[[], None], tmp_path: Path, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_args: object, **_options: object) -> None:
        raise RuntimeError("boom")

    wizard.company.name.setText("甲")
    with monkeypatch.context() as fault:
        fault.setattr(masterdata, "save_records", broken)
        go_on()
    assert wizard.currentPage() is wizard.company
    assert wizard.company.refusal.text()
    for _ in range(3):
        go_on()
    assert wizard.currentPage() is wizard.imported
    assert not wizard.company.refusal.isVisibleTo(wizard.company)
    with monkeypatch.context() as fault:
        fault.setattr(exchange, "import_sources", broken)
        look(wizard, qtbot, sheets(tmp_path))
    assert wizard.imported.state.text() not in ("", "正在试导入…")
    look(wizard, qtbot, sheets(tmp_path))
    assert wizard.imported.isComplete()
