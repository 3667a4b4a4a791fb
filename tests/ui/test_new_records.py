"""Records of every kind made, and changed, in the window as a clerk does: whole numbers come from its fields as decimals."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import select

from services.masterdata.kinds import KINDS
from ui.documents.record_page import RecordPage
from ui.framework.navigator import RecordRef
from ui.shell.frame import MainFrame

NEW: Mapping[str, Mapping[str, Any]] = {
    "units": {"code": "桶", "name": "桶"},
    "customers": {"code": "C900", "name": "东莞新星", "payment_days": Decimal(30)},
    "suppliers": {"code": "V900", "name": "中山铜厂", "payment_days": Decimal(60)},
    "warehouses": {"code": "W900", "name": "样品仓"},
    "items": {"code": "N900", "name": "灯座", "unit": "PCS", "lead_time_days": Decimal(7), "stale_days": Decimal(90)},
    "substitutes": {"component": "RM403", "substitute": "RM404", "priority": Decimal(2)},
}
CHANGED: Mapping[str, Mapping[str, Any]] = {
    "units": {"decimals": Decimal(2)},
    "customers": {"payment_days": Decimal(45)},
    "items": {"lead_time_days": Decimal(9), "period_days": Decimal(5)},
    "substitutes": {"priority": Decimal(3)},
}


def made_in_window(frame: MainFrame, kind: str, wait: Callable[[], None]) -> RecordPage:
    page = frame.desk.navigator.open(RecordRef(kind))
    assert isinstance(page, RecordPage)
    wait()
    page.form.put(**NEW[kind])
    page.trigger("save")
    wait()
    assert page.refusals.texts() == []
    return page


def stored(frame: MainFrame, kind: str, values: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    with frame.desk.session.db.read() as conn:
        query = select(KINDS[kind].table)
        rows = [dict(row) for row in conn.execute(query).mappings()]
    columns = {column: values[key] for key, (column, _) in KINDS[kind].columns.items() if key in values}
    return [row for row in rows if all(row[column] == value for column, value in columns.items())]


@pytest.mark.parametrize("kind", NEW)
def test_a_new_record_is_saved_with_what_its_form_begins_with(
    book_frame: MainFrame, kind: str, wait: Callable[[], None]
) -> None:
    made_in_window(book_frame, kind, wait)
    assert len(stored(book_frame, kind, NEW[kind])) == 1


@pytest.mark.parametrize("kind", CHANGED)
def test_whole_numbers_of_a_record_are_changed(book_frame: MainFrame, kind: str, wait: Callable[[], None]) -> None:
    page = made_in_window(book_frame, kind, wait)
    page.form.put(**CHANGED[kind])
    page.trigger("save")
    wait()
    assert page.refusals.texts() == []
    assert len(stored(book_frame, kind, CHANGED[kind])) == 1


def test_what_is_typed_while_a_record_is_being_saved_stays_and_is_saved_next(
    book_frame: MainFrame, wait: Callable[[], None]
) -> None:
    page = made_in_window(book_frame, "customers", wait)
    page.form.put(phone="139")
    page.trigger("save")
    page.form.put(name="东莞新星二厂")
    wait()
    assert page.dirty
    assert page.form.value("name") == "东莞新星二厂"
    assert [row["name"] for row in stored(book_frame, "customers", {"code": "C900"})] == ["东莞新星"]
    page.trigger("save")
    wait()
    assert not page.dirty
    assert [(row["name"], row["phone"]) for row in stored(book_frame, "customers", {"code": "C900"})] == [
        ("东莞新星二厂", "139")
    ]


def test_what_is_typed_while_a_record_is_read_again_stays(book_frame: MainFrame, wait: Callable[[], None]) -> None:
    page = made_in_window(book_frame, "customers", wait)
    page.refresh()
    page.form.put(name="东莞新星二厂")
    wait()
    assert page.dirty
    assert page.form.value("name") == "东莞新星二厂"


def test_a_record_that_is_refused_is_still_to_be_saved(book_frame: MainFrame, wait: Callable[[], None]) -> None:
    page = made_in_window(book_frame, "customers", wait)
    page.form.put(name="很" * 501)
    page.trigger("save")
    wait()
    assert page.refusals.texts() != []
    assert page.dirty
