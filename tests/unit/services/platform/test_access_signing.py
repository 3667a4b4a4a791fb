"""Log-in: names and passwords, locking by a clock, and what the audit chain and the logs never hold."""

from __future__ import annotations

import datetime as dt
import logging
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import select

from models.kernel.problems import Refused
from models.platform.tables import app_user, audit_event
from models.schema import metadata
from services.platform import audit, books
from services.platform.db import Database
from services.platform.users import api, passwords
from services.platform.users.records import UserDraft

GOOD = "canary-灯罩-7391"
OTHER = "canary-螺丝-2846"
WRONG = "canary-wrong-5555"
REAL = passwords.hasher
START = dt.datetime(2026, 3, 10, 1, 0, tzinfo=dt.UTC)


class FakeClock:
    """A clock that stands until it is moved."""

    def __init__(self) -> None:
        self.now = START

    def __call__(self) -> dt.datetime:
        return self.now

    def pass_by(self, **span: float) -> None:
        self.now += dt.timedelta(**span)


@pytest.fixture(autouse=True)
def _quick_hashes(monkeypatch: pytest.MonkeyPatch) -> None:
    """Hashes of little cost; the real settings have a test of their own."""
    from argon2 import PasswordHasher, Type

    quick = PasswordHasher(time_cost=1, memory_cost=64, parallelism=1, type=Type.ID)
    passwords._nobodys.cache_clear()
    monkeypatch.setattr(passwords, "hasher", lambda: quick)


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


@pytest.fixture
def db(tmp_path: Path, clock: FakeClock) -> Iterator[Database]:
    made = books.create(str(tmp_path / "book.db"), clock=clock)
    api.make_first_administrator(made, "Boss", "老板", GOOD)
    yield made
    made.close()


def refusal(action: object, *args: object, **more: object) -> str:
    assert callable(action)
    with pytest.raises(Refused) as caught:
        action(*args, **more)
    return caught.value.problems[0].code


def actions(db: Database) -> list[str]:
    with db.read() as conn:
        query = select(audit_event.c.action).where(audit_event.c.entity == "user").order_by(audit_event.c.seq)
        return list(conn.execute(query).scalars())


def test_the_first_administrator_holds_every_right_and_log_in_is_asked_from_then_on(db: Database) -> None:
    assert api.with_users(db)
    access = api.sign_in(db, "boss", GOOD)
    assert access.name == "boss"
    assert access.title == "老板"
    assert access.allows("admin.users")
    assert not access.unlimited
    assert refusal(api.make_first_administrator, db, "second", "二", OTHER) == "access.users_exist"


def test_a_book_without_users_allows_everything(tmp_path: Path) -> None:
    db = books.create(str(tmp_path / "single.db"))
    assert not api.with_users(db)
    with db.write("anybody") as tx:
        assert tx.access.unlimited
        tx.require("admin.users")
    db.close()


def test_without_users_only_an_administrator_can_be_made(tmp_path: Path) -> None:
    db = books.create(str(tmp_path / "single.db"))
    draft = UserDraft("zhang", "张", ("viewer",))
    assert refusal(api.save_user, db, "anybody", draft, password=GOOD) == "access.no_administrator"
    db.close()


@pytest.mark.parametrize("typed", ["Boss", " boss ", "ＢＯＳＳ", "bOSS"])
def test_a_log_in_name_is_the_same_in_capitals_and_full_width(db: Database, typed: str) -> None:
    assert api.sign_in(db, typed, GOOD).name == "boss"


def test_a_wrong_name_and_a_wrong_password_get_the_same_answer(db: Database) -> None:
    assert refusal(api.sign_in, db, "nobody", GOOD) == "access.wrong"
    assert refusal(api.sign_in, db, "boss", WRONG) == "access.wrong"


def test_five_wrong_passwords_lock_for_one_then_five_then_fifteen_minutes(db: Database, clock: FakeClock) -> None:
    for _ in range(4):
        assert refusal(api.sign_in, db, "boss", WRONG) == "access.wrong"
    for minutes in (1, 5, 15, 15):
        with pytest.raises(Refused) as caught:
            api.sign_in(db, "boss", WRONG)
        (problem,) = caught.value.problems
        assert (problem.code, problem.args["minutes"]) == ("access.locked", minutes)
        clock.pass_by(minutes=minutes, seconds=-1)
        assert refusal(api.sign_in, db, "boss", GOOD) == "access.locked", "the right password does not open a lock"
        clock.pass_by(seconds=1)
    assert api.sign_in(db, "boss", GOOD).name == "boss"
    for _ in range(4):
        assert refusal(api.sign_in, db, "boss", WRONG) == "access.wrong", "a log-in starts the count again"


def test_attempts_during_a_lock_do_not_lengthen_it(db: Database, clock: FakeClock) -> None:
    for _ in range(5):
        refusal(api.sign_in, db, "boss", WRONG)
    for _ in range(20):
        assert refusal(api.sign_in, db, "boss", WRONG) == "access.locked"
    clock.pass_by(minutes=1)
    assert api.sign_in(db, "boss", GOOD)


def test_an_administrator_unlocks(db: Database) -> None:
    api.save_user(db, "boss", UserDraft("zhang", "张三", ("warehouse",)), password=OTHER)
    for _ in range(5):
        refusal(api.sign_in, db, "zhang", WRONG)
    assert refusal(api.sign_in, db, "zhang", OTHER) == "access.locked"
    zhang = next(row for row in api.list_users(db) if row.login == "zhang")
    assert zhang.locked
    api.unlock_user(db, "boss", zhang.id)
    assert api.sign_in(db, "zhang", OTHER).name == "zhang"
    assert refusal(api.unlock_user, db, "zhang", zhang.id) == "access.must_change"


def test_a_password_set_by_the_administrator_gives_no_right_until_it_is_changed(db: Database) -> None:
    api.save_user(db, "boss", UserDraft("zhang", "张三", ("admin",)), password=OTHER)
    access = api.sign_in(db, "zhang", OTHER)
    assert access.must_change
    assert not access.allows("admin.users")
    api.change_password(db, "zhang", OTHER, GOOD)
    again = api.sign_in(db, "zhang", GOOD)
    assert not again.must_change
    assert again.allows("admin.users")
    assert refusal(api.sign_in, db, "zhang", OTHER) == "access.wrong"


def test_changing_a_password_needs_the_old_one_and_counts_wrong_ones(db: Database) -> None:
    for _ in range(4):
        assert refusal(api.change_password, db, "boss", WRONG, OTHER) == "access.wrong"
    assert refusal(api.change_password, db, "boss", WRONG, OTHER) == "access.locked"


def test_a_new_password_is_not_the_old_one(db: Database) -> None:
    assert refusal(api.change_password, db, "boss", GOOD, GOOD) == "access.password_same"


def test_who_is_disabled_cannot_log_in_and_holds_nothing(db: Database) -> None:
    api.save_user(db, "boss", UserDraft("zhang", "张三", ("warehouse",)), password=OTHER)
    zhang = next(row for row in api.list_users(db) if row.login == "zhang")
    draft = UserDraft("zhang", "张三", ("warehouse",), active=False)
    api.save_user(db, "boss", draft, user_id=zhang.id, version=zhang.version)
    assert refusal(api.sign_in, db, "zhang", OTHER) == "access.inactive"
    with db.write("zhang") as tx:
        assert not tx.access.rights


def test_every_event_stands_in_the_chain(db: Database) -> None:
    api.save_user(db, "boss", UserDraft("zhang", "张三", ("warehouse",)), password=OTHER)
    refusal(api.sign_in, db, "zhang", WRONG)
    access = api.sign_in(db, "zhang", OTHER)
    api.change_password(db, "zhang", OTHER, GOOD)
    api.reset_password(db, "boss", "zhang", OTHER)
    api.sign_out(db, access)
    assert actions(db) == [
        "create", "create", "sign_in_failed", "sign_in", "sign_in", "password", "password_reset", "sign_out",
    ]  # fmt: skip
    with db.read() as conn:
        assert audit.verify(conn)[1] is None


def test_a_password_typed_in_place_of_the_name_is_not_written_down(db: Database) -> None:
    refusal(api.sign_in, db, GOOD, "whatever-else")
    assert GOOD not in everything_stored(db)


def everything_stored(db: Database, *, hashes: bool = True) -> str:
    """Every cell of every table as text; hashes: those of passwords too."""
    found = []
    with db.read() as conn:
        for table in metadata.sorted_tables:
            for row in conn.execute(select(table)).mappings():
                found += [str(v) for k, v in row.items() if hashes or (table.name, k) != ("app_user", "hash")]
    return "\n".join(found)


def test_no_password_is_in_the_book_the_logs_or_the_settings(
    db: Database, caplog: pytest.LogCaptureFixture, private_profile: Path
) -> None:
    caplog.set_level(logging.DEBUG)
    api.save_user(db, "boss", UserDraft("zhang", "张三", ("warehouse",)), password=OTHER)
    refusal(api.sign_in, db, "zhang", WRONG)
    api.sign_in(db, "zhang", OTHER)
    api.change_password(db, "zhang", OTHER, "canary-second-9090")
    api.reset_password(db, "boss", "zhang", "canary-reset-8080")
    with db.read() as conn:
        stored_hashes = list(conn.execute(select(app_user.c.hash)).scalars())
    text = everything_stored(db, hashes=False) + caplog.text
    for file in (file for file in private_profile.rglob("*") if file.is_file()):
        text += file.read_text(encoding="utf-8", errors="replace")
    assert "canary" not in text
    assert not [value for value in stored_hashes if value in text]
    assert all(value.startswith("$argon2id$") for value in stored_hashes)
    assert "canary" not in everything_stored(db)


@pytest.mark.parametrize(
    ("password", "code"),
    [
        ("short7!", "access.password_short"),
        ("12345678", "access.password_common"),
        ("PASSWORD123", "access.password_common"),
        ("woaini1314", "access.password_common"),
        ("１２３４５６７８", "access.password_common"),
        ("aaaaaaaaaaaa", "access.password_common"),
        ("zhang-wei2026", "access.password_is_name"),
        ("x" * 300, "access.password_long"),
    ],
)
def test_a_weak_password_is_refused_with_its_reason(password: str, code: str) -> None:
    assert refusal(passwords.accept, password, "Zhang-Wei") == code


@pytest.mark.parametrize("password", ["correct horse battery", "灯罩螺丝胶水钢板台灯", "Xk4$mmT9"])
def test_a_password_nobody_guesses_is_accepted(password: str) -> None:
    passwords.accept(password, "zhang")


def test_the_commonest_passwords_are_about_a_thousand_that_would_be_long_enough() -> None:
    assert len(passwords.common()) == 1000
    assert min(map(len, passwords.common())) >= passwords.SHORTEST


def test_hashes_are_argon2id_as_strong_as_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    """At least 19 MiB, two rounds (OWASP's minimum)."""
    monkeypatch.setattr(passwords, "hasher", REAL)
    stored = passwords.hashed(GOOD)
    assert stored.startswith("$argon2id$v=19$m=19456,t=2,p=1$")
    assert passwords.matches(stored, GOOD)
    assert not passwords.matches(stored, OTHER)
    assert not passwords.outdated(stored)


def test_a_weaker_hash_is_renewed_at_log_in(db: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    from argon2 import PasswordHasher, Type

    stronger = PasswordHasher(time_cost=2, memory_cost=128, parallelism=1, type=Type.ID)
    monkeypatch.setattr(passwords, "hasher", lambda: stronger)
    api.sign_in(db, "boss", GOOD)
    with db.read() as conn:
        assert "m=128,t=2" in conn.execute(select(app_user.c.hash)).scalar_one()
