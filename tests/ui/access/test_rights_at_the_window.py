"""What a user has no right to is not there: pages, verbs, columns; users and roles are kept by keys."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from models.kernel.refs import DocRef
from services.platform import api
from services.platform.db import Database
from tests.ui.access.conftest import BOSS, KEEPER, SECRET
from ui.access.door import Door
from ui.access.roles_page import RolesPage
from ui.access.settings import UserSettings
from ui.access.user_dialog import UserDialog
from ui.access.users_page import UsersPage
from ui.documents.document_page import DocumentPage
from ui.documents.list_page import DocumentListPage
from ui.framework.grid.layout import MemorySettings
from ui.shell.frame import MainFrame

FrameOf = Callable[[str], MainFrame]


@pytest.fixture
def ready(shared: Database) -> Database:
    """张三 has his own password, so that his rights count."""
    from tests.ui.access.conftest import FIRST

    api.change_password(shared, KEEPER, FIRST, SECRET)
    return shared


def wait(qtbot: QtBot, frame: MainFrame) -> None:
    qtbot.waitUntil(lambda: frame.desk.ops.idle, timeout=5000)
    qtbot.wait(20)
    qtbot.waitUntil(lambda: frame.desk.ops.idle, timeout=5000)


def shown_pages(frame: MainFrame) -> set[str]:
    tree = frame.navigation
    return {
        str(area.child(place).data(0, Qt.ItemDataRole.UserRole))
        for number in range(tree.topLevelItemCount())
        if (area := tree.topLevelItem(number)) is not None
        for place in range(area.childCount())
    }


def test_the_store_sees_its_pages_only(ready: Database, frame_of: FrameOf) -> None:
    pages = shown_pages(frame_of(KEEPER))
    assert {"purchase_receipt/list", "delivery/list", "items/records"} <= pages
    assert not {"users", "roles", "parameters", "forecast/list"} & (pages - {"forecast/list"})
    assert "users" not in {command.title for command in frame_of(KEEPER).desk.actions.commands()}
    assert {"users", "roles", "parameters"} <= shown_pages(frame_of(BOSS))


def test_a_page_without_right_does_not_open_by_name_either(ready: Database, frame_of: FrameOf) -> None:
    frame = frame_of(KEEPER)
    assert frame.desk.navigator.open("users") is None
    assert frame.desk.navigator.open("delivery/list") is not None


def test_verbs_and_figures_without_right_are_not_there(ready: Database, frame_of: FrameOf, qtbot: QtBot) -> None:
    keeper, boss = frame_of(KEEPER), frame_of(BOSS)
    for frame, may in ((keeper, False), (boss, True)):
        page = frame.desk.navigator.open("sales_order/list")
        assert isinstance(page, DocumentListPage)
        wait(qtbot, frame)
        keys = {action.key for action in page.declared_actions()}
        assert ({"new", "approve", "reverse", "delete", "close"} <= keys) == may
        assert "print" in keys
        columns = {column.key for column in page.grid.model.columns}
        assert ("amount" in columns) == may
        window = frame.desk.navigator.open(DocRef("sales_order", 0, ""))
        assert isinstance(window, DocumentPage)
        assert ("price" in {column.key for column in window.spec.lines}) == may
        assert ("save" in {action.key for action in window.declared_actions()}) == may


def test_the_store_keeps_its_own_verbs(ready: Database, frame_of: FrameOf, qtbot: QtBot) -> None:
    frame = frame_of(KEEPER)
    page = frame.desk.navigator.open("delivery/list")
    assert isinstance(page, DocumentListPage)
    wait(qtbot, frame)
    assert {"new", "approve", "reverse", "delete", "print"} <= {action.key for action in page.declared_actions()}


def users_page(frame: MainFrame, qtbot: QtBot) -> UsersPage:
    page = frame.desk.navigator.open("users")
    assert isinstance(page, UsersPage)
    wait(qtbot, frame)
    return page


def test_users_are_listed_with_their_rights_in_words(shared: Database, frame_of: FrameOf, qtbot: QtBot) -> None:
    page = users_page(frame_of(BOSS), qtbot)
    rows = [page.grid.model.record(row) for row in range(page.grid.model.rowCount())]
    assert [(row["login"], row["name"], row["roles"], row["state"]) for row in rows] == [
        (BOSS, "老板", "管理员", "active"),
        (KEEPER, "张三", "仓库", "new"),
    ]
    page.grid.view.select_cell(1)
    assert "张三" in page.words.text()
    assert "销售出库单" in page.words.text()
    assert "审核" in page.words.text()
    assert "看成本" not in page.words.text()


def test_a_user_is_added_by_keys(shared: Database, frame_of: FrameOf, qtbot: QtBot) -> None:
    frame = frame_of(BOSS)
    page = users_page(frame, qtbot)
    page.trigger("new")
    dialog = page.findChild(UserDialog)
    assert dialog is not None
    QTest.keyClicks(dialog.login, "li")
    QTest.keyClick(dialog.login, Qt.Key.Key_Return)
    dialog.full_name.setText("李四")
    QTest.keyClick(dialog.full_name, Qt.Key.Key_Return)
    assert dialog.focusWidget() is dialog.password
    dialog.password.setText(SECRET)
    dialog.act()
    wait(qtbot, frame)
    assert "没有角色" in dialog.refusal.text()
    assert dialog.password.text() == SECRET
    dialog.roles.setFocus()
    QTest.keyClick(dialog.roles, Qt.Key.Key_Space)
    dialog.act()
    wait(qtbot, frame)
    found = next(row for row in api.list_users(shared) if row.login == "li")
    assert found.roles == ("sales",)
    assert page.grid.model.rowCount() == 3


def test_a_user_is_changed_reset_and_unlocked(shared: Database, frame_of: FrameOf, qtbot: QtBot) -> None:
    from models.kernel.problems import Refused

    for _ in range(5):
        with pytest.raises(Refused):
            api.sign_in(shared, KEEPER, "wrong-wrong-1")
    frame = frame_of(BOSS)
    page = users_page(frame, qtbot)
    page.grid.view.select_cell(1)
    assert page.current().login == KEEPER
    assert page.qaction("unlock").isEnabled()
    page.trigger("unlock")
    wait(qtbot, frame)
    assert not page.qaction("unlock").isEnabled()
    page.trigger("edit")
    dialog = page.findChild(UserDialog)
    dialog.active.setChecked(False)
    dialog.act()
    wait(qtbot, frame)
    assert page.grid.model.record(1)["state"] == "off"


def roles_page(frame: MainFrame, qtbot: QtBot) -> RolesPage:
    page = frame.desk.navigator.open("roles")
    assert isinstance(page, RolesPage)
    wait(qtbot, frame)
    return page


def test_the_rights_of_a_role_are_ticks_that_keep_reading_with_writing(
    shared: Database, frame_of: FrameOf, qtbot: QtBot
) -> None:
    frame = frame_of(BOSS)
    page = roles_page(frame, qtbot)
    page.grid.view.select_cell(8)
    assert page.title_field.text() == "查询"
    table = page.table
    before = table.rights()
    assert before == next(role for role in api.list_roles(shared) if role.code == "viewer").rights
    row = next(row for row in table._rows if row.text(0) == "销售订单")
    table.setCurrentItem(row, 1)
    table.setFocus()
    QTest.keyClick(table, Qt.Key.Key_Space)
    assert table.rights() == before - {"sales_order.read"}
    QTest.keyClick(table, Qt.Key.Key_Right)
    QTest.keyClick(table, Qt.Key.Key_Space)
    assert table.rights() == before | {"sales_order.save"}
    page.trigger("save")
    wait(qtbot, frame)
    viewer = next(role for role in api.list_roles(shared) if role.code == "viewer")
    assert viewer.rights == before | {"sales_order.save"}
    assert not viewer.standing
    page.trigger("restore")
    wait(qtbot, frame)
    assert next(role for role in api.list_roles(shared) if role.code == "viewer").rights == before


def test_a_role_is_made_from_another_and_removed(shared: Database, frame_of: FrameOf, qtbot: QtBot) -> None:
    frame = frame_of(BOSS)
    page = roles_page(frame, qtbot)
    page.grid.view.select_cell(3)
    page.trigger("new")
    page.title_field.setText("夜班仓库")
    page.trigger("save")
    wait(qtbot, frame)
    made = next(role for role in api.list_roles(shared) if role.title == "夜班仓库")
    assert made.rights == next(role for role in api.list_roles(shared) if role.code == "warehouse").rights
    assert page.title_field.text() == "夜班仓库"
    page.trigger("delete")
    wait(qtbot, frame)
    assert not [role for role in api.list_roles(shared) if role.title == "夜班仓库"]


def test_the_administrators_role_is_only_looked_at(shared: Database, frame_of: FrameOf, qtbot: QtBot) -> None:
    page = roles_page(frame_of(BOSS), qtbot)
    page.grid.view.select_cell(9)
    assert page.title_field.isReadOnly()
    before = page.table.rights()
    page.table.setCurrentItem(page.table._rows[0], 1)
    page.table.setFocus()
    QTest.keyClick(page.table, Qt.Key.Key_Space)
    assert page.table.rights() == before
    assert not page.dirty


def test_an_area_is_ticked_at_once(shared: Database, frame_of: FrameOf, qtbot: QtBot) -> None:
    page = roles_page(frame_of(BOSS), qtbot)
    page.grid.view.select_cell(8)
    area = page.table._areas["sales"]
    assert area.checkState(0) == Qt.CheckState.PartiallyChecked
    page.table.setCurrentItem(area, 0)
    page.table.setFocus()
    QTest.keyClick(page.table, Qt.Key.Key_Space)
    assert {"sales_order.approve", "forecast.delete", "delivery.print"} <= page.table.rights()


def test_the_lock_hides_the_pages_and_gives_them_back_as_they_were(
    ready: Database, frame_of: FrameOf, qtbot: QtBot
) -> None:
    frame = frame_of(BOSS)
    window = frame.desk.navigator.open(DocRef("sales_order", 0, ""))
    assert isinstance(window, DocumentPage)
    wait(qtbot, frame)
    access = api.sign_in(ready, BOSS, SECRET)
    door = Door(frame.desk, frame, access, MemorySettings(), idle_minutes=15)
    door.attach(frame.add_badge("user", "", lambda: None))
    assert [action.text() for action in frame.findChild(type(frame.find_button), "badge_user").menu().actions()] == [
        "修改密码", "切换用户", "锁定", "退出程序",
    ]  # fmt: skip
    door.lock()
    assert door.locked
    assert not frame.centralWidget().isVisible()
    door.dialog.password.setText("wrong-wrong-1")
    door.dialog.act()
    wait(qtbot, frame)
    assert door.locked
    door.dialog.password.setText(SECRET)
    door.dialog.act()
    wait(qtbot, frame)
    assert not door.locked
    assert frame.centralWidget().isVisible()
    assert frame.tabs.front() is window


def test_the_lock_comes_by_itself_after_the_minutes_without_a_key(
    ready: Database, frame_of: FrameOf, qtbot: QtBot
) -> None:
    frame = frame_of(BOSS)
    door = Door(frame.desk, frame, api.sign_in(ready, BOSS, SECRET), MemorySettings(), idle_minutes=15)
    assert door._timer.interval() == 15 * 60_000
    door._timer.setInterval(300)
    door._timer.start()
    for _ in range(4):
        qtbot.wait(120)
        QTest.keyClick(frame, Qt.Key.Key_Shift)
        assert not door.locked
    qtbot.waitUntil(lambda: door.locked, timeout=2000)
    wait(qtbot, frame)
    door.dialog.reject()


def test_switching_keeps_the_present_user_until_the_next_is_in(
    ready: Database, frame_of: FrameOf, qtbot: QtBot
) -> None:
    frame = frame_of(BOSS)
    door = Door(frame.desk, frame, api.sign_in(ready, BOSS, SECRET), MemorySettings())
    door.switch()
    assert frame.isVisible()
    assert frame.centralWidget().isVisible()
    door.dialog.name.setText(KEEPER)
    door.dialog.password.setText(SECRET)
    with qtbot.waitSignal(door.switched) as caught:
        door.dialog.act()
    assert caught.args[0].name == KEEPER
    assert door.dialog is None


def test_layouts_are_each_users_own() -> None:
    machine = MemorySettings()
    machine.save("grid/x", "old")
    one, two = UserSettings(machine, "boss"), UserSettings(machine, "张/三")
    assert one.load("grid/x") == "old"
    one.save("grid/x", "mine")
    assert (one.load("grid/x"), two.load("grid/x"), machine.load("grid/x")) == ("mine", "old", "old")
