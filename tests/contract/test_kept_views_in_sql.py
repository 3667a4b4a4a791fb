"""Schemes and layouts under a log-in role of PostgreSQL, through the services and round them."""

from __future__ import annotations

import json

import psycopg
import pytest

from services.platform import kept_views
from services.platform.db import Database
from services.platform.kept_views import KeptView
from tests.support.served import Served

PAGE = "sales_order/list"


def keep(db: Database, name: str, text: str = "") -> KeptView:
    kept_views.keep_view(db, "", PAGE, "filter", name, json.dumps({"text": text}))
    return next(view for view in kept_views.list_views(db, "").of(PAGE, "filter") if view.mine and view.name == name)


def names(db: Database) -> list[str]:
    return [view.name for view in kept_views.list_views(db, "").of(PAGE, "filter")]


def test_under_her_log_in_a_clerk_keeps_and_reads_as_in_the_program(served: Served) -> None:
    for role in ("sales", "viewer"):
        with served.book(role) as db:
            view = keep(db, f"{role} 的", role)
            kept_views.rename_view(db, "", view.id, f"{role} 共享")
            kept_views.share_view(db, "", view.id, shared=True)
            kept_views.open_with(db, "", PAGE, "filter", view.id)
            keep(db, f"{role} 自己的")
    with served.book("warehouse") as db:
        assert names(db) == ["sales 共享", "viewer 共享"]
    with served.book("viewer") as db:
        default = kept_views.list_views(db, "").default(PAGE, "filter")
        assert default is not None
        assert json.loads(default.content) == {"text": "viewer"}
        kept_views.open_with(db, "", PAGE, "filter", 0)
        kept_views.remove_view(db, "", default.id)
        assert names(db) == ["viewer 自己的", "sales 共享"]


WRONG = {
    "in another's name": (
        "insert into kept_view (owner, page, kind, name, content, changed_at) "
        "values ('boss', 'x', 'filter', 'x', '{}', now())"
    ),
    "given away": "update kept_view set owner = 'boss'",
    "another's changed": "update kept_view set name = 'x' where owner = '{other}'",
    "another's deleted": "delete from kept_view where owner = '{other}'",
}


@pytest.mark.parametrize("what", WRONG)
def test_in_sql_a_clerk_writes_only_her_own(served: Served, what: str) -> None:
    with served.book("finance") as db:
        keep(db, "秘密", "不给看")
    statement = WRONG[what].replace("{other}", served.login("finance"))
    for role in ("planner", "viewer"):
        with served.book(role) as db:
            keep(db, "我的")
        with served.session(role, writing=True) as raw, pytest.raises(psycopg.errors.InsufficientPrivilege):
            raw.execute(statement.encode())
        with served.session(role) as raw:
            rows = raw.execute("select owner, content from kept_view where name = '秘密'").fetchall()
            assert rows == [(served.login("finance"), "")]
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                raw.execute("select content from public.kept_view")
