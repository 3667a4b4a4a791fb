"""A lamp factory as small as the worked example: stock, a sales order, open purchases; and a desk on it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from decimal import Decimal
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot
from sqlalchemy import select

import app.wiring  # noqa: F401 registers the document types
from models.documents.tables import doc
from models.masterdata.tables import item, partner, warehouse
from services.documents import api as documents
from services.documents.records import DocDraft, LineDraft
from services.engineering import api as engineering
from services.masterdata import api as masterdata
from services.platform import books
from services.platform.db import Database
from services.platform.messages import sentence
from tests.conftest import NOW
from ui.framework.desk import Desk, Session, make_desk
from ui.framework.grid.layout import MemorySettings
from ui.framework.page import Page
from ui.masterdata.lookups import register_lookups
from ui.shell.theme import apply_theme

TODAY = dt.date(2026, 3, 10)
MADE = {"FG100": "0.96", "SA200": "1", "SA300": "1"}
BOUGHT = ("RM401", "RM402", "RM403", "RM404", "RM405", "RM406", "RM407")
BILLS: dict[str, list[tuple[str, str, dict[str, Any]]]] = {
    "SA200": [
        ("RM401", "12", {"scrap_rate": Decimal("0.02")}),
        ("RM402", "1", {}),
        ("RM403", "2", {"scrap_rate": Decimal("0.05")}),
    ],
    "SA300": [("RM406", "1", {}), ("RM407", "1", {})],
    "FG100": [
        ("SA200", "1", {}),
        ("SA300", "1", {}),
        ("RM403", "4", {"scrap_rate": Decimal("0.05")}),
        ("RM405", "1", {"scrap_fixed": Decimal(2)}),
    ],
}
STOCK = {"FG100": 20, "SA200": 9, "RM401": 500, "RM402": 70, "RM403": 300, "RM405": 30, "RM406": 60, "RM407": 20}


class Factory:
    """Documents by code and number."""

    def __init__(self, db: Database) -> None:
        self.db = db

    def ids(self, table: Any) -> dict[str, int]:
        with self.db.read() as conn:
            return {row.code: row.id for row in conn.execute(select(table.c.code, table.c.id))}

    def write(
        self, kind: str, lines: list[dict[str, Any]], *, approve: bool = True, **head: Any
    ) -> documents.DocumentView:
        """Saves (and approves) a document; lines name their item by code."""
        items = self.ids(item)
        drafts = [LineDraft(items[line.pop("item")], Decimal(line.pop("quantity")), **line) for line in lines]
        if "partner" in head:
            head["partner_id"] = self.ids(partner)[head.pop("partner")]
        ref, _ = documents.save_document(self.db, "t", DocDraft(kind, TODAY, drafts, **head))
        if approve:
            documents.approve(self.db, "t", [ref.id])
        return documents.get_document(self.db, ref.id)

    def order(self, code: str, quantity: int, start: dt.date, *, approve: bool = True) -> documents.DocumentView:
        """A production order."""
        line = {"item": code, "quantity": quantity, "start_date": start, "due_date": start + dt.timedelta(days=3)}
        return self.write("production_order", [line], approve=approve, workshop="总装")

    def numbers(self, kind: str) -> list[str]:
        """Documents of a type that are not void."""
        with self.db.read() as conn:
            return [
                row.number for row in conn.execute(select(doc.c.number).where(doc.c.type == kind).order_by(doc.c.id))
            ]


def fill(db: Database) -> Factory:
    """Master data, bills, opening stock, one sales order of 100 lamps."""
    factory = Factory(db)
    masterdata.save_records(db, "t", "units", [{"code": "个"}])
    masterdata.save_records(db, "t", "warehouses", [{"code": "W1", "name": "原料仓"}])
    masterdata.save_records(db, "t", "customers", [{"code": "C1", "name": "客户甲"}])
    masterdata.save_records(
        db, "t", "suppliers", [{"code": "S1", "name": "明辉五金"}, {"code": "S2", "name": "顺达加工"}]
    )
    rows: list[dict[str, Any]] = [
        {"code": code, "name": f"件{code}", "unit": "个", "kind": "manufactured", "yield_rate": Decimal(rate),
         "lead_time_days": 3, "workshop": "总装", "warehouse": "W1"}
        for code, rate in MADE.items()
    ]  # fmt: skip
    rows += [
        {"code": code, "name": f"料{code}", "unit": "个", "lead_time_days": 2, "supplier": "S1", "warehouse": "W1",
         "unit_cost": Decimal(1)}
        for code in BOUGHT
    ]  # fmt: skip
    masterdata.save_records(db, "t", "items", rows)
    ids = factory.ids(item)
    saved = engineering.save_tree(
        db, "t",
        [
            engineering.VersionEdit(
                ids[parent], lines=[engineering.LineDraft(ids[code], Decimal(usage), **rest) for code, usage, rest in lines]
            )
            for parent, lines in BILLS.items()
        ],
    )  # fmt: skip
    engineering.approve_bom(db, "t", dict.fromkeys(saved.ids.values(), 0))
    store = factory.ids(warehouse)["W1"]
    factory.write("opening_stock", [
        {"item": code, "quantity": quantity, "price": Decimal(1), "warehouse_id": store} for code, quantity in STOCK.items()
    ])  # fmt: skip
    due = dt.date(2026, 3, 30)
    factory.write(
        "sales_order", [{"item": "FG100", "quantity": 100, "price": Decimal(99), "due_date": due}], partner="C1"
    )
    return factory


@pytest.fixture
def factory(sqlite_url: str) -> Iterator[Factory]:
    """The book."""
    db = books.create(sqlite_url, clock=lambda: NOW)
    yield fill(db)
    db.close()


@pytest.fixture
def desk(qapp: QApplication, factory: Factory) -> Iterator[Desk]:
    """A desk on the book."""
    apply_theme(qapp)
    session = Session(db=factory.db, user="tester", company="示范灯具厂", today=lambda: TODAY)
    made = make_desk(session, MemorySettings(), sentence)
    register_lookups(made)
    yield made
    made.ops.close()
    made.ops.deleteLater()


@pytest.fixture
def quiet(qtbot: QtBot, settled: Callable[[], None]) -> Callable[[], None]:
    """Waits until commands, the broadcasts they cause and the readings that follow are over."""

    def wait() -> None:
        for _ in range(3):
            qtbot.wait(3)
            settled()

    return wait


@pytest.fixture
def put(qtbot: QtBot, quiet: Callable[[], None]) -> Callable[[Page], None]:
    """Shows a page and waits for what it reads."""

    def shown(page: Page) -> None:
        qtbot.addWidget(page)
        page.resize(1200, 640)
        page.show()
        page.activateWindow()
        qtbot.waitUntil(page.isActiveWindow)
        quiet()

    return shown


def in_front(qtbot: QtBot, dialog: QWidget | None) -> None:
    """Waits until a dialog that was just opened has the focus."""
    assert dialog is not None
    qtbot.waitUntil(dialog.isActiveWindow)


def key(code: Qt.Key, modifiers: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
    """Presses a key where the focus is."""
    focus = QApplication.focusWidget()
    assert isinstance(focus, QWidget)
    QTest.keyClick(focus, code, modifiers)


def typed(text: str) -> None:
    """Types plain text where the focus is."""
    for character in text:
        focus = QApplication.focusWidget()
        assert isinstance(focus, QWidget)
        QTest.keyClicks(focus, character)
