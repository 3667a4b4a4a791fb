"""Closed pages of planning and picking leave nothing behind."""

from __future__ import annotations

import gc
import sys
import weakref
from collections.abc import Callable

import pytest
from pytestqt.qtbot import QtBot

from services.planning import api
from tests.ui.planning.conftest import TODAY, Factory
from ui.engineering import views as engineering
from ui.engineering.bom_bar import BomBar
from ui.engineering.bom_page import BomPage
from ui.engineering.facts_panel import FactsPanel
from ui.engineering.tree_delegate import TreeDelegate
from ui.engineering.tree_model import BomModel
from ui.engineering.tree_view import BomTreeView
from ui.framework.desk import Desk
from ui.framework.navigator import PageRef, PageSpec
from ui.planning import views as planning
from ui.planning.board_page import BoardPage
from ui.planning.kitting_page import KittingPage
from ui.planning.kitting_table import GripDelegate, KittingGrid, KittingModel, KittingView, SetsDelegate
from ui.planning.run_bar import RunBar
from ui.planning.rush_bar import RushBar
from ui.planning.timeline_panel import BalanceStrip
from ui.planning.why_panel import WhyPanel
from ui.production.picking_page import PickingPage
from ui.shell.frame import MainFrame

CLASSES = (
    BomTreeView, BomModel, TreeDelegate, FactsPanel, BomBar, BalanceStrip, WhyPanel, RunBar, KittingGrid, KittingView,
    KittingModel, GripDelegate, SetsDelegate, RushBar, BomPage, BoardPage, KittingPage,
)  # fmt: skip


@pytest.fixture
def frame(desk: Desk, factory: Factory, qtbot: QtBot) -> MainFrame:
    api.run_mrp(factory.db, "t", start=TODAY)
    planning.register(desk)
    engineering.register(desk)
    desk.navigator.register(PageSpec("production/picking", "领料工作台", "production", PickingPage))
    made = MainFrame(desk)
    qtbot.addWidget(made)
    made.show()
    return made


@pytest.mark.parametrize(
    "target",
    [
        PageRef("planning/board"),
        PageRef("planning/kitting"),
        PageRef("production/picking"),
        PageRef("bom", (("code", "FG100"),)),
    ],
    ids=["board", "kitting", "picking", "bom"],
)
def test_a_closed_page_is_gone(frame: MainFrame, target: PageRef, quiet: Callable[[], None], qtbot: QtBot) -> None:
    page = frame.desk.navigator.open(target)
    assert page is not None
    quiet()
    gone = weakref.ref(page)
    name = type(page).__name__
    del page
    frame.tabs.close_front()
    quiet()
    qtbot.wait(20)
    gc.collect()
    assert gone() is None, f"{name} is kept by {gc.get_referrers(gone())}"


def references() -> dict[str, int]:
    """References to every function of the views, models and delegates of these pages."""
    gc.collect()
    return {f"{kind.__name__}.{name}": sys.getrefcount(value) for kind in CLASSES for name, value in vars(kind).items()}


def test_no_class_loses_references_when_pages_come_and_go(frame: MainFrame, quiet: Callable[[], None]) -> None:
    targets = (PageRef("planning/board"), PageRef("planning/kitting"), PageRef("bom", (("code", "FG100"),)))

    def cycle() -> None:
        for target in targets:
            page = frame.desk.navigator.open(target)
            assert page is not None
            quiet()
            page.grab()
            del page
            frame.tabs.close_front()
            quiet()

    cycle()
    before = references()
    for _ in range(3):
        cycle()
    after = references()
    assert {name: (before[name], after[name]) for name in after if after[name] < before[name] - 1} == {}
