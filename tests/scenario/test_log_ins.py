"""Database log-ins kept in step with the users: who lacks one, who still has one, new passwords, and an upgrade in between."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing

import pytest
from sqlalchemy import make_url

from models.platform.tables import audit_event
from services.documents import api as documents
from services.platform import books
from services.platform.db import Database
from services.platform.log_ins import LogIns, log_ins
from services.platform.users import api as users
from services.platform.users.records import UserDraft
from tests.support.ledgers import broken
from tests.support.postgres import Cluster
from tests.support.refusing import codes, refused
from tests.support.served import Served
from tests.support.shops import NOW

NEW = "新来的"


def told(db: Database) -> LogIns:
    found = log_ins(db)
    assert found is not None
    return found


@pytest.fixture
def admin(served: Served) -> Iterator[Database]:
    """The book as the administrator has it on the connection of its owner."""
    yield served.owner.acting_as(served.people["admin"])
    with served.cluster.connect(make_url(served.url).database or "") as raw:
        if raw.execute("select 1 from pg_roles where rolname = %s", (NEW,)).fetchone():
            raw.execute(f'drop owned by "{NEW}"; drop role "{NEW}"')


def test_a_file_has_no_log_ins(sqlite_book_file: Database) -> None:
    assert log_ins(sqlite_book_file) is None


@pytest.fixture
def sqlite_book_file(sqlite_url: str) -> Iterator[Database]:
    with closing(books.create(sqlite_url)) as db:
        yield db


def test_who_comes_and_goes_is_followed_and_passwords_are_told_once(served: Served, admin: Database) -> None:
    before = told(admin)
    logins = {access.name for access in served.people.values()}
    assert (before.arranged, before.current, before.owner, set(before.able)) == (True, True, True, logins)
    with served.book("admin") as clerk:
        assert not told(clerk).owner
        assert codes(refused(documents.arrange_log_ins, clerk, "")) == {"roles.not_the_owner"}
    with served.book("sales") as clerk:
        assert codes(refused(documents.arrange_log_ins, clerk, "")) == {"access.denied"}
    users.save_user(admin, "", UserDraft(NEW, NEW, ("sales",)), password="ein langes Wort 7")
    (row,) = [row for row in users.list_users(admin) if row.login == NEW]
    assert told(admin).state(NEW, active=True) == "none"
    made, changes = documents.arrange_log_ins(admin, "")
    assert set(made.passwords) == {NEW}
    assert "user" in changes.topics
    assert told(admin).state(NEW, active=True) == "yes"
    assert documents.arrange_log_ins(admin, "")[0].passwords == {}
    again, _ = documents.arrange_log_ins(admin, "", renew=[NEW])
    assert again.passwords[NEW] != made.passwords[NEW]
    users.save_user(admin, "", UserDraft(NEW, NEW, ("sales",), active=False), user_id=row.id, version=row.version)
    assert told(admin).state(NEW, active=False) == "open"
    documents.arrange_log_ins(admin, "")
    assert told(admin).state(NEW, active=False) == "off"
    with admin.read() as conn:
        rows = conn.execute(audit_event.select().where(audit_event.c.action == "log_ins")).all()
    assert [row.user for row in rows] == [served.login("admin")] * 2
    assert all(password not in row.after for row in rows for password in (made.passwords[NEW], again.passwords[NEW]))
    assert broken(served.owner) == []


def test_after_an_upgrade_a_clerk_is_told_that_the_log_ins_must_follow(served: Served, admin: Database) -> None:
    with served.cluster.connect(make_url(served.url).database or "") as raw:
        raw.execute("drop view desk.kept_view")
    assert not told(admin).current
    assert codes(refused(books.open_book, served.url_of("sales"))) == {"database.roles_old"}
    documents.arrange_log_ins(admin, "")
    assert told(admin).current
    with served.book("sales") as db:
        assert documents.list_documents(db, "sales_order").rows


def test_an_account_that_may_make_no_roles_is_told_so(postgres_cluster: Cluster) -> None:
    with postgres_cluster.database() as url:
        name = make_url(url).database or ""
        with postgres_cluster.connect() as raw:
            raw.execute("create role small_account login")
            raw.execute(f'alter database "{name}" owner to small_account')
        try:
            own = make_url(url).set(username="small_account").render_as_string(hide_password=False)
            with postgres_cluster.connect(name) as raw:
                raw.execute("alter schema public owner to small_account")
            with closing(books.create(own, clock=lambda: NOW)) as db:
                owner = users.make_first_administrator(db, "小老板", "小老板", "ein langes Wort 7")
                problems = refused(documents.arrange_log_ins, db.acting_as(owner), "")
                assert codes(problems) == {"roles.may_not"}
                assert broken(db) == []
        finally:
            with postgres_cluster.connect(name) as raw:
                raw.execute("drop owned by small_account cascade")
            with postgres_cluster.connect() as raw:
                raw.execute(f'alter database "{name}" owner to postgres')
                raw.execute("drop role small_account")


def test_while_others_hold_a_table_nothing_is_arranged(served: Served, admin: Database) -> None:
    with served.cluster.connect(make_url(served.url).database or "") as raw, raw.transaction():
        raw.execute("lock table doc in access exclusive mode")
        assert codes(refused(documents.arrange_log_ins, admin, "")) == {"database.busy"}
    assert told(admin).current
