"""The command line on a book with users: its owner acts freely, anybody else by name and password."""

from __future__ import annotations

import io
from pathlib import Path

import pytest

from app import entering
from app.start import main
from services.platform import books
from services.platform.access.holding import everything
from services.platform.db import Database
from services.platform.users import api, passwords
from services.platform.users.records import UserDraft

SECRET = "canary-灯罩-7391"


@pytest.fixture
def book_with_users(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    from argon2 import PasswordHasher, Type

    quick = PasswordHasher(time_cost=1, memory_cost=64, parallelism=1, type=Type.ID)
    monkeypatch.setattr(passwords, "hasher", lambda: quick)
    monkeypatch.delenv(entering.PASSWORD, raising=False)
    file = tmp_path / "账套.db"
    assert main(["init", "--database", str(file)]) == 0
    db = books.open_book(str(file))
    api.make_first_administrator(db, "boss", "老板", SECRET)
    api.save_user(db, "boss", UserDraft("zhang", "张三", ("viewer",)), password="start-with-this-1")
    api.change_password(db, "zhang", "start-with-this-1", SECRET)
    db.close()
    return file


def backup(book: Path, *more: str) -> int:
    return main(["backup", str(book.with_name("copy.zip")), "--database", str(book), *more])


def foreign_file(_db: Database) -> bool:
    return False


def test_the_owner_of_the_file_acts_with_all_rights(book_with_users: Path) -> None:
    assert backup(book_with_users) == 0


def test_somebody_else_must_say_who_he_is(
    book_with_users: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(entering, "owns", foreign_file)
    assert backup(book_with_users) == 1
    assert "--user" in capsys.readouterr().err


def test_a_named_user_needs_his_password_even_when_the_owner_names_him(
    book_with_users: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO())
    assert backup(book_with_users, "--user", "boss") == 1
    assert entering.PASSWORD in capsys.readouterr().err
    monkeypatch.setenv(entering.PASSWORD, "wrong-password-1")
    assert backup(book_with_users, "--user", "boss") == 1
    monkeypatch.setenv(entering.PASSWORD, SECRET)
    assert backup(book_with_users, "--user", "boss") == 0
    assert SECRET not in capsys.readouterr().err


def test_a_user_does_what_his_roles_allow(
    book_with_users: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv(entering.PASSWORD, SECRET)
    assert backup(book_with_users, "--user", "zhang") == 1
    assert "备份和恢复" in capsys.readouterr().err
    start = ["mrp", "--start", "2026-03-01", "--database", str(book_with_users)]
    assert main([*start, "--user", "zhang"]) == 1
    assert "计划 运算" in capsys.readouterr().err
    target = str(book_with_users.with_name("items.csv"))
    assert main(["export", "items", "--to", target, "--database", str(book_with_users), "--user", "zhang"]) == 0


def test_a_book_with_users_is_not_replaced_by_somebody_without_the_right(
    book_with_users: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert backup(book_with_users) == 0
    before = book_with_users.read_bytes()
    monkeypatch.setattr(entering, "owns", foreign_file)
    copy = str(book_with_users.with_name("copy.zip"))
    monkeypatch.setenv(entering.PASSWORD, SECRET)
    assert main(["restore", copy, "--database", str(book_with_users), "--user", "zhang"]) == 1
    assert book_with_users.read_bytes()[:1000] == before[:1000]
    assert main(["restore", copy, "--database", str(book_with_users), "--user", "boss"]) == 0


def test_a_book_without_users_needs_nothing(tmp_path: Path) -> None:
    file = tmp_path / "frei.db"
    assert main(["init", "--database", str(file)]) == 0
    assert backup(file) == 0
    assert backup(file.with_name("frei.db"), "--user", "whoever") in (0, 1)


def test_the_owner_is_the_account_of_the_file(book_with_users: Path) -> None:
    db = books.open_book(str(book_with_users))
    assert entering.owns(db)
    assert everything(entering.account()).unlimited
    db.close()
