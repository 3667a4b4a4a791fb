"""A desk over a small book of lamps, and a page on it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from decimal import Decimal
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QAbstractItemModelTester, QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from models.kernel.numbers import plain
from services.engineering import api
from services.masterdata import api as masterdata
from services.platform import books
from services.platform.db import Database
from services.platform.messages import sentence
from tests.conftest import NOW
from ui.engineering.bom_page import BomPage
from ui.framework.desk import Desk, Session, make_desk
from ui.framework.grid.layout import MemorySettings
from ui.shell.theme import apply_theme

TODAY = dt.date(2026, 3, 10)
ITEMS = (
    ("FG100", "LED台灯", "manufactured", "8W 白", Decimal("0.96")),
    ("FG200", "LED落地灯", "manufactured", "18W", Decimal(1)),
    ("SA200", "灯板组件", "manufactured", "", Decimal(1)),
    ("SA300", "底座", "subcontracted", "ABS", Decimal(1)),
    ("RM401", "灯珠", "purchased", "2835", Decimal(1)),
    ("RM401B", "灯珠 代", "purchased", "2835", Decimal(1)),
    ("RM402", "铝壳", "purchased", "", Decimal(1)),
    ("RM403", "螺丝", "purchased", "M3×10", Decimal(1)),
    ("RM404", "硅脂", "purchased", "", Decimal(1)),
    ("RM405", "纸箱", "purchased", "", Decimal(1)),
)


def fill(db: Database) -> None:
    """Lamps: FG100 = SA200 + SA300 (no bill yet) + screws + box; SA200 approved, FG100 a draft."""
    masterdata.save_records(db, "t", "units", [{"code": "个"}, {"code": "台"}, {"code": "kg", "decimals": 2}])
    masterdata.save_records(db, "t", "warehouses", [{"code": "W1", "name": "原料仓"}, {"code": "W2", "name": "车间仓"}])
    rows: list[dict[str, Any]] = [
        {"code": code, "name": name, "kind": kind, "spec": spec, "unit": "kg" if code == "RM404" else "个",
         "yield_rate": rate, "unit_cost": Decimal("0.35") if kind == "purchased" else None,
         "warehouse": "W2" if code == "RM404" else None}
        for code, name, kind, spec, rate in ITEMS
    ]  # fmt: skip
    masterdata.save_records(db, "t", "items", rows)
    masterdata.save_records(db, "t", "substitutes", [{"component": "RM401", "substitute": "RM401B"}])
    ids = {text: row.id for text, row in api.items_of(db, [code for code, *_ in ITEMS]).items()}
    line = api.LineDraft
    saved = api.save_tree(
        db,
        "t",
        [
            api.VersionEdit(
                ids["SA200"],
                lines=[
                    line(ids["RM401"], Decimal(12), scrap_rate=Decimal("0.02")),
                    line(ids["RM402"], Decimal(1)),
                    line(ids["RM403"], Decimal(2), scrap_rate=Decimal("0.05")),
                    line(ids["RM404"], Decimal(1), Decimal(100), issue="backflush"),
                ],
            ),
            api.VersionEdit(
                ids["FG100"],
                lines=[
                    line(ids["SA200"], Decimal(1)),
                    line(ids["SA300"], Decimal(1)),
                    line(ids["RM403"], Decimal(4), scrap_rate=Decimal("0.05")),
                    line(ids["RM405"], Decimal(1), scrap_fixed=Decimal(2)),
                ],
            ),
        ],
    )
    api.approve_bom(db, "t", {saved.ids[ids["SA200"], "V1.0"]: 0})


@pytest.fixture
def lamps(sqlite_url: str) -> Iterator[Database]:
    """The book."""
    made = books.create(sqlite_url, clock=lambda: NOW)
    fill(made)
    yield made
    made.close()


@pytest.fixture
def desk(qapp: QApplication, lamps: Database) -> Iterator[Desk]:
    """A desk on the book."""
    apply_theme(qapp)
    session = Session(db=lamps, user="tester", company="示范灯具厂", today=lambda: TODAY)
    made = make_desk(session, MemorySettings(), sentence)
    yield made
    made.ops.close()
    made.ops.deleteLater()


@pytest.fixture
def open_bom(qtbot: QtBot, desk: Desk, settled: Callable[[], None]) -> Callable[[str], BomPage]:
    """Shows the tree of an item, its model watched by Qt's tester."""

    def opened(code: str) -> BomPage:
        page = BomPage(desk, code)
        qtbot.addWidget(page)
        page.resize(1200, 620)
        page.show()
        page.activateWindow()
        qtbot.waitUntil(page.isActiveWindow)
        qtbot.waitUntil(lambda: page.model is not None)
        settled()
        assert page.model is not None
        QAbstractItemModelTester(page.model, page.model)
        page.tree.setFocus()
        return page

    return opened


def key(code: Qt.Key, modifiers: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
    """Presses a key where the focus is."""
    focus = QApplication.focusWidget()
    assert isinstance(focus, QWidget)
    QTest.keyClick(focus, code, modifiers)


def typed(text: str) -> None:
    """Types plain text where the focus is; the first key may open an editor that gets the rest."""
    for character in text:
        focus = QApplication.focusWidget()
        assert isinstance(focus, QWidget)
        QTest.keyClicks(focus, character)


def outline(page: BomPage, depth: int = 9) -> list[str]:
    """What the tree shows, indented by dots: ".SA200 1"."""
    assert page.model is not None
    made: list[str] = []
    stack = [page.model.top()]
    while stack:
        index = stack.pop()
        place = page.model.place(index)
        assert place is not None
        level = len(list(place.over()))
        cells = page.model.look.texts(place)
        made.append("." * level + f"{cells[0]} {cells[2]}".rstrip())
        if level < depth:
            stack += [page.model.index(row, 0, index) for row in reversed(range(page.model.rowCount(index)))]
    return made


def stored(db: Database, code: str) -> list[str]:
    """The structure as a fresh read gives it."""
    item = api.items_of(db, [code])[code]
    tree = api.bom_tree(db, item.id, day=TODAY)
    return [
        "." * node.level
        + node.item.code
        + (f" {plain(node.line.numerator)}/{plain(node.line.denominator)}" if node.line else "")
        for node in tree.walk()
    ]
