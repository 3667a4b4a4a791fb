"""A book with an administrator and a storekeeper, and desks for each of them."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from argon2 import PasswordHasher, Type
from PySide6.QtWidgets import QApplication, QWidget

from models.kernel.problems import Problem
from services.platform import api
from services.platform.db import Database
from services.platform.users import passwords
from ui.framework.desk import Desk
from ui.framework.grid.layout import MemorySettings
from ui.framework.ops import Ops
from ui.shell.frame import MainFrame
from ui.shell.start import open_desk
from ui.shell.theme import apply_theme

BOSS = "boss"
KEEPER = "zhang"
SECRET = "灯罩-lamp-7391"
FIRST = "first-secret-2846"


@pytest.fixture(autouse=True)
def _quick_hashes(monkeypatch: pytest.MonkeyPatch) -> None:
    quick = PasswordHasher(time_cost=1, memory_cost=64, parallelism=1, type=Type.ID)
    monkeypatch.setattr(passwords, "hasher", lambda: quick)


@pytest.fixture
def shared(book: Database) -> Database:
    """The book of two users: the boss, and 张三 of the store, whose password the boss set."""
    api.make_first_administrator(book, BOSS, "老板", SECRET)
    draft = api.UserDraft(KEEPER, "张三", ("warehouse",))
    api.save_user(book, BOSS, draft, password=FIRST)
    return book


@pytest.fixture
def ops() -> Iterator[Ops]:
    made = Ops()
    yield made
    made.close()


def sentence(problem: Problem) -> str:
    return api.sentence(problem)


@pytest.fixture
def frame_of(
    qapp: QApplication, shared: Database, show: Callable[[QWidget], None]
) -> Iterator[Callable[[str], MainFrame]]:
    """Makes the frame of a user by log-in name."""
    desks: list[Desk] = []
    apply_theme(qapp)

    def made(login: str) -> MainFrame:
        with shared.read() as conn:
            from services.platform.access.holding import held_by

            access = held_by(conn, login)
        desk = open_desk(
            shared.acting_as(access),
            user=login,
            settings=MemorySettings(),
            user_name=access.title,
            allowed=access.allows,
        )
        desks.append(desk)
        frame = MainFrame(desk)
        frame.resize(1366, 768)
        frame.tabs.ask = lambda page: True
        show(frame)
        return frame

    yield made
    for desk in desks:
        desk.ops.close()
