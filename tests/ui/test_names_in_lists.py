"""Substitutes and aliases: the list tells what the codes stand for, the search finds by it, and the form opens from it."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

from PySide6.QtWidgets import QLabel

from services.masterdata import api
from services.platform.db import Database
from ui.documents.record_list import RecordListPage
from ui.documents.record_page import RecordPage
from ui.framework.grid.grid import Grid
from ui.shell.frame import MainFrame


def told(grid: Grid, *keys: str) -> list[list[str]]:
    """The texts of some columns, row by row."""
    model = grid.model
    sections = [model.section(key) for key in keys]
    return [[str(model.index(row, at).data() or "") for at in sections] for row in range(model.rowCount())]


def listed(frame: MainFrame, wait: Callable[[], None], key: str) -> RecordListPage:
    page = frame.desk.navigator.open(key)
    assert isinstance(page, RecordListPage)
    wait()
    return page


def test_names_stand_beside_codes_and_the_form_opens_from_the_row(
    book: Database, book_frame: MainFrame, wait: Callable[[], None]
) -> None:
    rows = [
        {"component": "RM403", "substitute": "RM404"},
        {"component": "RM404", "substitute": "RM403", "parent": "FG100"},
    ]
    api.save_records(book, "tester", "substitutes", rows)
    api.save_records(book, "tester", "aliases", [{"alias": "灯-7", "partner": "C001", "item": "FG100"}])
    page = listed(book_frame, wait, "substitutes/records")
    keys = ("component", "component_name", "substitute", "substitute_name", "parent", "parent_name")
    assert told(page.grid, *keys) == [
        ["RM403", "螺丝 M3×10", "RM404", "硅脂", "", ""],
        ["RM404", "硅脂", "RM403", "螺丝 M3×10", "FG100", "台灯"],
    ]
    page.search_field.setText("台灯")
    page.refresh()
    wait()
    assert told(page.grid, "component") == [["RM404"]]
    page.grid.opened.emit(page.grid.model.record(0))
    wait()
    form = book_frame.tabs.front()
    assert isinstance(form, RecordPage)
    assert (form.form.value("component"), form.form.value("parent")) == ("RM404", "FG100")
    assert "螺丝 M3×10" in [label.text() for label in form.form.findChildren(QLabel)]
    form.form.put(ratio=Decimal(2))
    form.save()
    wait()
    (record,) = api.list_records(book, "substitutes", text="台灯").rows
    assert record.values["ratio"] == 2
    assert told(listed(book_frame, wait, "aliases/records").grid, "partner_name", "item_name") == [
        ["佛山光耀照明", "台灯"]
    ]
