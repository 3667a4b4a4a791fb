"""Roles in an English window: those of the program are translated and kept as they were, a clerk's own stand as named."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from services.platform import api
from services.platform.db import Database
from tests.ui.access.conftest import BOSS
from ui.access.roles_page import RolesPage
from ui.framework.grid.layout import MemorySettings
from ui.framework.texts import SOURCE, use_language
from ui.shell.start import open_desk

OWN = "客户"


@pytest.fixture
def page(qapp: QApplication, qtbot: QtBot, shared: Database) -> Iterator[RolesPage]:
    """角色与权限 in English, with a role that a clerk named like a word of the program."""
    api.save_role(shared, BOSS, api.RoleDraft(OWN, frozenset({"plan.run"})))
    use_language("en")
    desk = open_desk(shared, user=BOSS, settings=MemorySettings(), language="en")
    made = RolesPage(desk)
    qtbot.addWidget(made)
    made.refresh()
    qtbot.waitUntil(lambda: desk.ops.idle and made.grid.model.rowCount() > 0)
    yield made
    desk.ops.close()
    use_language(SOURCE)


def choose(page: RolesPage, title: str) -> None:
    rows = [page.grid.model.record(at)["title"] for at in range(page.grid.model.rowCount())]
    page.grid.view.select_cell(rows.index(title))


def test_a_role_named_like_a_word_of_the_program_stands_as_named(page: RolesPage) -> None:
    choose(page, OWN)
    assert page.title_field.text() == OWN


def sales(db: Database) -> api.RoleRow:
    return next(role for role in api.list_roles(db) if role.code == "sales")


def save(page: RolesPage, db: Database, qtbot: QtBot) -> None:
    before = sales(db).version
    page.save()
    qtbot.waitUntil(lambda: page.desk.ops.idle and sales(db).version == before + 1)
    page.refresh()
    qtbot.waitUntil(lambda: page.desk.ops.idle)


def test_saving_a_role_of_the_program_does_not_rename_it(page: RolesPage, shared: Database, qtbot: QtBot) -> None:
    choose(page, "Sales")
    save(page, shared, qtbot)
    assert sales(shared).title == "销售"


def test_a_role_that_gets_a_name_keeps_it(page: RolesPage, shared: Database, qtbot: QtBot) -> None:
    choose(page, "Sales")
    page.title_field.setText("采购")
    save(page, shared, qtbot)
    assert sales(shared).title == "采购"
    choose(page, "采购")
    assert page.title_field.text() == "采购"
