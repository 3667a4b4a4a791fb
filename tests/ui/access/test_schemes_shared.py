"""What one shares another finds when the menu opens, and finds in it nothing that her rights hide."""

from __future__ import annotations

import json
from collections.abc import Callable
from decimal import Decimal

import pytest
from pytestqt.qtbot import QtBot

from services.documents import api as documents
from services.masterdata import api as masterdata
from services.platform import api
from services.platform.db import Database
from tests.ui.access.conftest import BOSS, FIRST, KEEPER, SECRET
from ui.access.users_page import UsersPage
from ui.documents.list_page import DocumentListPage
from ui.documents.record_list import RecordListPage
from ui.framework.grid.index import ColumnFilter, SortKey
from ui.framework.grid.rules import ColorRule
from ui.shell.frame import MainFrame

FrameOf = Callable[[str], MainFrame]
LIST = "sales_order/list"


@pytest.fixture
def ready(shared: Database) -> Database:
    """张三 has his own password, so that his rights count; two orders, of 10.00 and of 999.00."""
    api.change_password(shared, KEEPER, FIRST, SECRET)
    customers = {row.values["code"]: row.id for row in masterdata.list_records(shared, "customers").rows}
    things = {row.values["code"]: row.id for row in masterdata.list_records(shared, "items").rows}
    for price in ("10", "999"):
        today = api.local_today()
        line = documents.LineDraft(things["FG100"], Decimal(1), price=Decimal(price), due_date=today)
        draft = documents.DocDraft("sales_order", today, [line], partner_id=customers["C001"])
        documents.save_document(shared, BOSS, draft)
    return shared


def settle(qtbot: QtBot, frame: MainFrame) -> None:
    qtbot.waitUntil(lambda: frame.desk.ops.idle, timeout=8000)


def wait(qtbot: QtBot, *frames: MainFrame) -> None:
    for _ in range(2):
        for frame in frames:
            settle(qtbot, frame)
        qtbot.wait(20)


def orders(frame: MainFrame) -> DocumentListPage:
    page = frame.desk.navigator.open(LIST)
    assert isinstance(page, DocumentListPage)
    return page


def test_a_shared_scheme_is_there_when_the_other_opens_the_menu(
    ready: Database, frame_of: FrameOf, qtbot: QtBot
) -> None:
    keeper, boss = frame_of(KEEPER), frame_of(BOSS)
    theirs, page = orders(keeper), orders(boss)
    wait(qtbot, keeper, boss)
    page.search_field.setText("台灯")
    page.schemes.save_as("台灯")
    wait(qtbot, boss)
    theirs.schemes.menu().aboutToShow.emit()
    wait(qtbot, keeper)
    assert theirs.schemes.names == []
    page.schemes.set.share(page.schemes.set.views[0], shared=True)
    wait(qtbot, boss)
    theirs.schemes.menu().popup(theirs.mapToGlobal(theirs.rect().center()))
    wait(qtbot, keeper)
    assert "台灯（老板）" in [action.text() for action in theirs.schemes.menu().actions()]
    theirs.schemes.menu().hide()
    theirs.schemes.choose("台灯")
    assert theirs.search_field.text() == "台灯"
    theirs.schemes.set.remove(theirs.schemes.set.views[0])
    wait(qtbot, keeper)
    assert "老板" in theirs.refusals.texts()[0]
    assert [view.name for view in api.list_views(ready, KEEPER).of(LIST, "filter")] == ["台灯"]


def test_a_shared_scheme_tells_nothing_that_rights_hide(ready: Database, frame_of: FrameOf, qtbot: QtBot) -> None:
    keeper, boss = frame_of(KEEPER), frame_of(BOSS)
    page = orders(boss)
    wait(qtbot, boss)
    model = page.grid.model
    amounts = {model.text(row, model.section("amount")) for row in range(model.rowCount())}
    assert len(amounts) == 2
    dear = next(text for text in amounts if "999" in text)
    model.set_filter("amount", ColumnFilter(frozenset({dear})))
    model.set_sort([SortKey(model.section("amount"), descending=True)])
    model.set_rules([ColorRule("amount", "above", ("998.5",), "danger")])
    assert model.rowCount() == 1
    page.schemes.save_as("大单")
    wait(qtbot, boss)
    assert "999" in api.list_views(ready, BOSS).of(LIST, "filter")[0].content
    assert "998.5" in api.list_views(ready, BOSS).of(LIST, "filter")[0].content
    page.schemes.set.share(page.schemes.set.views[0], shared=True)
    wait(qtbot, boss)
    assert "999" not in api.list_views(ready, BOSS).of(LIST, "filter")[0].content
    page.schemes.save_as("大单")
    wait(qtbot, boss)
    (kept,) = api.list_views(ready, KEEPER).of(LIST, "filter")
    assert "999" not in kept.content
    assert "998.5" not in kept.content
    # And by hand, round the window: the condition is in what is shared, and still decides nothing.
    state = json.loads(kept.content)
    layout = json.loads(state["layout"])
    layout["filters"] = {"amount": {"texts": [dear], "contains": ""}}
    layout["sort"] = [["amount", True]]
    content = json.dumps({**state, "layout": json.dumps(layout)})
    api.share_view(ready, BOSS, kept.id, shared=True, content=content)
    theirs = orders(keeper)
    theirs.schemes.set.refresh()
    wait(qtbot, keeper)
    theirs.schemes.choose("大单")
    wait(qtbot, keeper)
    assert theirs.schemes.current == "大单"
    assert "amount" not in {column.key for column in theirs.grid.model.columns}
    assert theirs.grid.model.rowCount() == 2
    assert list(theirs.grid.model.sort_keys) == []


def test_no_list_can_be_filtered_or_sorted_by_a_figure_that_is_hidden(
    ready: Database, frame_of: FrameOf, qtbot: QtBot
) -> None:
    keeper = frame_of(KEEPER)
    items = keeper.desk.navigator.open("items/records")
    wait(qtbot, keeper)
    assert isinstance(items, RecordListPage)
    keys = {column.key for column in items.grid.model.columns}
    assert "code" in keys
    assert not {"price", "unit_cost"} & keys
    # The rows themselves come without: there is nothing to compare with.
    db = keeper.desk.session.db
    assert {row.amount for row in documents.list_documents(db, "sales_order").rows} == {None}
    assert {row.values["price"] for row in masterdata.list_records(db, "items").rows} == {None}
    assert not documents.list_documents(db, "sales_order", text="999").rows
    orders_of = [
        [row.ref.id for row in documents.list_documents(db, "sales_order", order=order).rows]
        for order in ((), (("amount", True),), (("amount", False),))
    ]
    assert orders_of[0] == orders_of[1] == orders_of[2]


def test_the_list_of_users_has_schemes_of_its_own(ready: Database, frame_of: FrameOf, qtbot: QtBot) -> None:
    boss = frame_of(BOSS)
    page = boss.desk.navigator.open("users")
    assert isinstance(page, UsersPage)
    wait(qtbot, boss)
    assert page.grid.model.rowCount() == 2
    page.grid.model.set_filter("login", ColumnFilter(frozenset({KEEPER})))
    page.schemes.save_as("仓库的人")
    wait(qtbot, boss)
    page.schemes.set.open_with(page.schemes.set.current)
    wait(qtbot, boss)
    again = frame_of(BOSS)
    later = again.desk.navigator.open("users")
    assert isinstance(later, UsersPage)
    wait(qtbot, boss, again)
    assert [row["login"] for row in later.grid.model.records()] == [KEEPER]
