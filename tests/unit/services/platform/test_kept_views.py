"""Schemes and layouts of lists: one's own, shared ones, the one a list opens with, and who may change what."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import pytest

from models.platform.tables import audit_event
from services.platform import kept_views
from services.platform.access.holding import Access
from services.platform.db import Database
from services.platform.kept_views import KeptView
from tests.support.people import staff
from tests.support.refusing import codes, refused

PAGE = "sales_order/list"


@pytest.fixture
def people(book: Database) -> Mapping[str, Access]:
    return staff(book)


def keep(db: Database, user: str, name: str, *, shared: bool | None = None, **content: Any) -> KeptView:
    kept_views.keep_view(db, user, PAGE, "filter", name, json.dumps(content), shared=shared)
    return next(
        view for view in kept_views.list_views(db, user).of(PAGE, "filter") if view.mine and view.name == name.strip()
    )


def names(db: Database, user: str, kind: str = "filter") -> list[str]:
    return [view.name for view in kept_views.list_views(db, user, PAGE).of(PAGE, kind)]


def test_one_keeps_her_own_and_reads_what_is_shared(book: Database, people: Mapping[str, Access]) -> None:
    sales, store = people["sales"].name, people["warehouse"].name
    keep(book, sales, "急单", text="急")
    mine = keep(book, store, "待发", shared=True)
    assert names(book, sales) == ["急单", "待发"]
    assert names(book, store) == ["待发"]
    shown = kept_views.list_views(book, sales).of(PAGE, "filter")
    assert [(view.mine, view.may_change, view.owner_name) for view in shown] == [
        (True, True, sales),
        (False, False, store),
    ]
    kept_views.share_view(book, store, mine.id, shared=False)
    assert names(book, sales) == ["急单"]


def test_the_same_name_is_replaced_and_stays_shared(book: Database, people: Mapping[str, Access]) -> None:
    sales = people["sales"].name
    first = keep(book, sales, " 急 单 ", shared=True, text="a")
    again = keep(book, sales, "急 单", text="b")
    assert (again.id, again.shared, json.loads(again.content)) == (first.id, True, {"text": "b"})
    kept_views.keep_view(book, sales, PAGE, "layout", "急 单", "{}")
    kept_views.keep_view(book, sales, "items/records", "filter", "急 单", "{}")
    assert names(book, sales) == ["急 单"]
    assert names(book, sales, "layout") == ["急 单"]


def test_nobody_but_the_owner_and_who_manages_users_changes_one(book: Database, people: Mapping[str, Access]) -> None:
    sales, store, admin = (people[role].name for role in ("sales", "warehouse", "admin"))
    view = keep(book, sales, "急单", shared=True)
    for attempt in (
        lambda: kept_views.rename_view(book, store, view.id, "我的"),
        lambda: kept_views.share_view(book, store, view.id, shared=False),
        lambda: kept_views.remove_view(book, store, view.id),
    ):
        assert codes(refused(attempt)) == {"access.denied"}
    kept_views.rename_view(book, admin, view.id, "加急")
    assert names(book, store) == ["加急"]
    kept_views.remove_view(book, admin, view.id)
    assert names(book, sales) == []
    with book.read() as conn:
        told = conn.execute(audit_event.select().where(audit_event.c.entity == "views")).all()
    assert [(row.user, row.action) for row in told] == [(admin, "change"), (admin, "delete")]


def test_what_another_keeps_for_herself_is_not_there(book: Database, people: Mapping[str, Access]) -> None:
    view = keep(book, people["sales"].name, "急单")
    admin = people["admin"].name
    assert names(book, admin) == []
    assert codes(refused(kept_views.remove_view, book, admin, view.id)) == {"views.gone"}
    assert codes(refused(kept_views.rename_view, book, admin, 0, "x")) == {"views.gone"}


def test_each_chooses_what_a_list_opens_with(book: Database, people: Mapping[str, Access]) -> None:
    sales, store = people["sales"].name, people["warehouse"].name
    mine, other = keep(book, sales, "急单", shared=True), keep(book, sales, "本月")
    kept_views.open_with(book, store, PAGE, "filter", mine.id)
    kept_views.open_with(book, sales, PAGE, "filter", other.id)
    kept_views.open_with(book, sales, PAGE, "filter", mine.id)
    for user in (store, sales):
        default = kept_views.list_views(book, user).default(PAGE, "filter")
        assert default is not None
        assert default.name == "急单"
        assert kept_views.list_views(book, user).default(PAGE, "layout") is None
    kept_views.open_with(book, sales, PAGE, "filter", 0)
    assert kept_views.list_views(book, sales).default(PAGE, "filter") is None
    kept_views.remove_view(book, sales, mine.id)
    assert kept_views.list_views(book, store).default(PAGE, "filter") is None


def test_names_are_given_once_and_are_short(book: Database, people: Mapping[str, Access]) -> None:
    sales = people["sales"].name
    view, _ = keep(book, sales, "急单"), keep(book, sales, "本月")
    assert codes(refused(kept_views.rename_view, book, sales, view.id, "本月")) == {"views.taken"}
    for name in ("", " \n", "长" * 61):
        assert codes(refused(kept_views.rename_view, book, sales, view.id, name)) == {"views.name"}
        assert codes(refused(kept_views.keep_view, book, sales, PAGE, "filter", name, "{}")) == {"views.name"}
    large = json.dumps({"text": "x" * 200_000})
    assert codes(refused(kept_views.keep_view, book, sales, PAGE, "filter", "x", large)) == {"views.too_large"}
    for content in ("[]", "{", "7"):
        with pytest.raises(ValueError, match=r"JSON|Expecting"):
            kept_views.keep_view(book, sales, PAGE, "filter", "x", content)


def test_what_was_kept_before_there_were_users_is_everybodys(book: Database) -> None:
    keep(book, "account@localhost", "从前")
    assert names(book, "somebody") == ["从前"]
    people = staff(book)
    assert names(book, people["sales"].name) == ["从前"]
    view = kept_views.list_views(book, people["sales"].name).of(PAGE, "filter")[0]
    assert codes(refused(kept_views.remove_view, book, people["sales"].name, view.id)) == {"access.denied"}
    kept_views.remove_view(book, people["admin"].name, view.id)
    assert names(book, people["sales"].name) == []


def test_damaged_rows_are_read_without_a_fault(book: Database, people: Mapping[str, Access]) -> None:
    sales = people["sales"].name
    view = keep(book, sales, "急单")
    kept_views.open_with(book, sales, PAGE, "filter", view.id)
    with book.write("root") as tx:
        tx.conn.exec_driver_sql("update kept_view set content = '{\"view\": [' where kind = 'default'")
    found = kept_views.list_views(book, sales)
    assert found.default(PAGE, "filter") is None
    assert [view.name for view in found.of(PAGE, "filter")] == ["急单"]
