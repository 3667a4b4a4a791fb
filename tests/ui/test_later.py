"""What most clerks never look at is made when it is first looked at."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from PySide6.QtWidgets import QLabel, QListWidget, QTabWidget, QWidget

from models.kernel.problems import Problem
from models.kernel.refs import DocRef
from ui.documents.document_page import DocumentPage
from ui.documents.record_page import RecordPage
from ui.framework.grid.view import GridView
from ui.framework.later import Later
from ui.framework.navigator import RecordRef
from ui.framework.refusals import RefusalPanel
from ui.planning.board_page import BoardPage
from ui.shell.frame import MainFrame

Show = Callable[[QWidget], None]


@pytest.fixture
def place(qapp: object) -> Later[QLabel]:
    return Later(QLabel)


def test_it_is_made_when_it_is_shown(place: Later[QLabel], show: Show) -> None:
    assert not place.made
    show(place)
    assert place.made
    assert place.content.isVisible()


def test_in_a_tab_it_is_made_when_the_tab_is_chosen(place: Later[QLabel], show: Show) -> None:
    tabs = QTabWidget()
    tabs.addTab(QWidget(), "1")
    tabs.addTab(place, "2")
    show(tabs)
    assert not place.made
    tabs.setCurrentIndex(1)
    assert place.made


def test_of_what_is_to_be_shown_only_the_latest_is_and_only_once_it_is_made(place: Later[QLabel]) -> None:
    place.fill(lambda label: label.setText("1"))
    place.fill(lambda label: label.setText(label.text() + "2"))
    assert not place.made
    assert place.content.text() == "2"
    place.fill(lambda label: label.setText("3"))
    assert place.content.text() == "3"


def test_a_panel_that_never_refused_has_no_list(qapp: object, show: Show) -> None:
    panel = RefusalPanel(lambda problem: problem.code)
    show(panel)
    panel.show_lines([])
    panel.clear()
    panel.run_way(1)
    assert panel.texts() == []
    assert panel.findChild(QListWidget) is None
    panel.show_problems([Problem("x")])
    assert list(panel.texts()) == ["x"]
    assert panel.findChild(QListWidget) is panel.list


def test_a_new_document_has_one_grid_until_its_side_is_looked_at(book_frame: MainFrame) -> None:
    page = book_frame.desk.navigator.open(DocRef("sales_order", 0, ""))
    assert isinstance(page, DocumentPage)
    assert len(page.findChildren(GridView)) == 1
    page.side.show_attachments()
    assert len(page.findChildren(GridView)) == 4


def test_a_new_record_has_no_grid_of_its_history(book_frame: MainFrame) -> None:
    page = book_frame.desk.navigator.open(RecordRef("items"))
    assert isinstance(page, RecordPage)
    assert not page.history.made


def test_the_board_has_no_grid_of_exceptions_until_their_tab_is_chosen(book_frame: MainFrame, show: Show) -> None:
    show(book_frame)
    page = book_frame.desk.navigator.open("planning/board")
    assert isinstance(page, BoardPage)
    assert not page.exceptions.made
    page.tabs.setCurrentIndex(1)
    assert page.exceptions.made
