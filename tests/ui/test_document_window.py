"""What a clerk sees of a document whose business goes on: drafts pushed down, void documents, who is named where."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest
from pytestqt.qtbot import QtBot

from tests.ui.conftest import TODAY
from tests.ui.ordering import enter_order
from ui.documents.document_page import DocumentPage
from ui.shell.frame import MainFrame

Wait = Callable[[], None]


@pytest.fixture
def wait(qtbot: QtBot, book_frame: MainFrame) -> Wait:
    """Until every job has answered and every page has read again."""

    def settle() -> None:
        for _ in range(2):
            qtbot.wait(20)
            qtbot.waitUntil(lambda: book_frame.desk.ops.idle, timeout=8000)

    return settle


def front(frame: MainFrame) -> DocumentPage:
    page = frame.tabs.front()
    assert isinstance(page, DocumentPage)
    return page


def test_a_draft_pushed_from_an_older_order_is_of_today(book_frame: MainFrame, wait: Wait) -> None:
    page = enter_order(book_frame, wait, [("FG100", "5", "80")])
    page.form.put(date=date(2026, 1, 21))
    page.approve()
    wait()
    page.trigger("push_delivery")
    wait()
    draft = front(book_frame)
    assert draft.spec.type == "delivery"
    assert draft.form.value("date") == TODAY
