"""齐套沙盘: who gets the parts, what limits whom, and what an order not yet taken would do."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from functools import partial
from typing import Any, Final

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QSplitter

from models.kernel.problems import Problem
from services.masterdata import api as masterdata
from services.planning import api
from ui.framework.actions import Action
from ui.framework.desk import Desk
from ui.framework.grid.columns import Column
from ui.framework.grid.grid import Grid
from ui.framework.lookup import LookupRow, LookupSource
from ui.framework.navigator import PageRef
from ui.framework.page import Page
from ui.framework.schemes import GridSchemes
from ui.framework.texts import tr
from ui.planning.dealing_story import dealing_story
from ui.planning.kitting_bar import KittingBar
from ui.planning.kitting_table import HELD, KittingGrid, Ranked, drawn
from ui.planning.rush_bar import RushBar, answer_text

WIDE: Final = 826
"""pixels of the orders with all but the workshop in sight; what a window has beyond goes to the materials first"""
PARTS: Final = (372, 690)


def _needed(part: api.KittingComponent) -> Decimal:
    """What the order has still to draw."""
    return max(Decimal(0), part.required - part.drawn)


COMPONENTS: Final = (
    Column("code", "材料", kind="code", width=66),
    Column("name", "名称", width=90),
    Column("required", "还需", kind="number", width=52, get=_needed),
    Column("available", "分到", kind="number", width=52, get=lambda part: min(part.available, _needed(part))),
    Column("short", "缺", kind="number", width=58, tone=lambda value, _row: "danger" if value > 0 else ""),
    Column("sets", "够做", kind="number", width=46),
    Column("ready_day", "到料日", kind="date"),
    Column("expected", "预计到", kind="number", width=66),
    Column("bottleneck", "瓶颈", kind="flag"),
    Column("drawn", "已领", kind="number", width=66),
    Column("unit", "单位", width=40),
)


class KittingPage(Page):
    """Open orders in the order in which they are served; moving one deals again for all below it."""

    topics = frozenset({"production_order", "subcontract_order", "purchase_order", "stock", "material_issue"})
    rights: Mapping[str, str] = {"pick": "material_issue.save"}

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk, "齐套沙盘", icon_name="box")
        self.order: list[int] = []
        self.orders: Sequence[api.KittingOrder] = ()
        source = desk.lookups.get("items") or LookupSource("物料", partial(_search, desk))
        self.top = KittingBar(desk, self)
        self.rush = RushBar(desk, source, self)
        self.table = KittingGrid(desk, self)
        self.schemes = GridSchemes(self, self.table, self.top.filters, self.top.restore)
        self.parts = Grid(desk, "planning/kitting_parts", COMPONENTS, parent=self)
        self.across = QSplitter(Qt.Orientation.Horizontal, self)
        self.verdict = QLabel(self)
        self.verdict.setObjectName("verdict")
        self.verdict.setWordWrap(True)
        self.verdict.setTextFormat(Qt.TextFormat.RichText)
        self.verdict.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.verdict.hide()
        self._lay_out()
        self.add_actions(self._actions())
        self.schemes.start()

    # the page's duties

    def refresh(self) -> None:
        """Deals again in the order the clerk made."""
        ask = partial(api.analyse_kitting, self.desk.session.db, date=self.top.until, order=tuple(self.order))
        self.run_query(ask, self._show, latest="kitting")

    def item_code(self) -> str:
        """The product of the order, or the part in the list of parts."""
        order = self.table.order() if self.table.view.hasFocus() else None
        return order.item_code if order is not None else super().item_code()

    def reasons(self) -> Callable[[], str] | None:
        """Who was served before the order, then what stands in the books of the part."""
        order, story = self.table.order(), super().reasons()
        part = self.parts.current() if self.parts.view.hasFocus() else None
        if order is None or part is None:
            return story
        dealt = dealing_story(self.orders, order, part.code)
        return lambda: dealt + (story() if story is not None else "")

    def on_shown(self) -> None:
        """The clerk starts in the table, which leaves the materials what they can use of a wide window."""
        least, most = PARTS
        parts = max(least, min(most, self.across.width() - WIDE))
        self.across.setSizes([self.across.width() - parts, parts])
        self.table.setFocus()

    # dealing

    def deal_at(self, source: int, target: int) -> None:
        """Puts the order of a row before another row and deals again; orders not shown stay where they are.

        Rows sorted by a column do not say who is served before whom, and what a column's filter hides is not gone around unseen.
        """
        if not self.table.model.movable:
            self.desk.say(tr(HELD))
            return
        shown = [order.line_id for order in self.table.orders()]
        moving = shown[source]
        if target in (source, source + 1):
            return
        ids = [order.line_id for order in self.orders if order.line_id != moving]
        at = ids.index(shown[target]) if target < len(shown) else ids.index(shown[-1]) + 1
        ids.insert(at, moving)
        self.order = ids
        self.refresh()

    def restore_order(self) -> None:
        """Back to the order of start dates."""
        self.order = []
        self.refresh()

    def _show(self, orders: Sequence[api.KittingOrder]) -> None:
        self.orders = orders
        self._filter()

    def _filter(self) -> None:
        ranked = enumerate(self.top.dealt(self.orders), start=1)
        self.table.set_rows([Ranked(rank, order) for rank, order in ranked if self.top.keeps(order)])

    def _count(self) -> None:
        """How many orders are served, how many of them are shown, and how many that have drawn everything are not listed."""
        dealt = self.top.dealt(self.orders)
        ready = sum(order.status == "ready" for order in dealt)
        told = [tr("{count} 张，齐套 {ready}", count=len(dealt), ready=ready)]
        if self.table.model.rowCount() < len(dealt):
            told[0] += tr("，显示 {shown}", shown=self.table.model.rowCount())
        gone = sum(map(drawn, self.orders))
        if gone and len(dealt) < len(self.orders):
            told.append(tr("另有 {count} 张已领齐未列出", count=gone))
        elif gone:
            told.append(tr("其中 {count} 张已领齐", count=gone))
        if self.order:
            told.append(tr("顺序已调整"))
        self.top.count.setText(" · ".join(told))
        self.state_changed.emit()

    def _show_parts(self, order: api.KittingOrder | None) -> None:
        parts = order.components if order is not None else ()
        self.parts.set_rows(sorted(parts, key=lambda part: (not part.bottleneck, -part.short, part.code)))
        self.state_changed.emit()

    # an order not yet taken

    def try_rush(self, code: str, quantity: Decimal, start: date) -> None:
        """Asks what it would do; nothing is written."""
        self.refusals.clear()
        ask = partial(_rush, self.desk.session.db, code, quantity, start, self.top.until)
        self.run_query(ask, self._show_answer, latest="rush")

    def _show_answer(self, answer: tuple[api.RushAnswer | None, str, Decimal, date]) -> None:
        found, code, quantity, start = answer
        if found is None:
            self.show_problems([Problem("kitting.unknown_item", {"text": code})])
            return
        self.verdict.setText(answer_text(found, quantity, start))
        self.verdict.show()
        self.parts.set_rows(sorted(found.result.components, key=lambda part: (-part.short, part.code)))

    # verbs

    def pick(self) -> None:
        """To the pick bench with the current order."""
        order = self.table.order()
        if order is not None:
            self.desk.navigator.open(PageRef("production/picking", (("orders", (order.ref.id,)),)))

    def open_order(self) -> None:
        """Enter: the order's window."""
        order = self.table.order()
        if order is not None:
            self.desk.navigator.open(order.ref)

    def apply_arguments(self, arguments: Mapping[str, Any]) -> None:
        """item, quantity: a rush order to try."""
        if arguments.get("item"):
            self.rush.product.setText(str(arguments["item"]))
            self.rush.quantity.setText(str(arguments.get("quantity", "1")))
            self.rush.ask()

    def _actions(self) -> list[Action]:
        return [
            Action("up", "提前", partial(self.table.shift, -1), "Alt+Up", "up", self._has_row, group="deal"),
            Action("down", "推后", partial(self.table.shift, 1), "Alt+Down", "down", self._has_row, group="deal"),
            Action(
                "restore", "按开工日", self.restore_order, "", "refresh", self._moved, "恢复按开工日排队", group="deal"
            ),
            Action("pick", "领料", self.pick, "F8", "box", self._has_row, group="go"),
            Action("open", "打开任务单", self.open_order, "", "page", self._has_row, group="go"),
            Action("search", "搜索", self.top.search.setFocus, "Ctrl+F", "search", where="menu", group="out"),
            *self.schemes.actions_of_page(),
        ]

    def _has_row(self) -> bool:
        return self.table.order() is not None

    def _moved(self) -> bool:
        return bool(self.order)

    def _lay_out(self) -> None:
        self.top.lay_out(self.schemes)
        self.across.addWidget(self.table)
        self.across.addWidget(self.parts)
        self.across.setStretchFactor(0, 1)
        self.across.setStretchFactor(1, 1)
        self.body.addWidget(self.top)
        self.body.addWidget(self.rush)
        self.body.addWidget(self.across, 1)
        self.body.addWidget(self.verdict)
        self.top.filter_changed.connect(self._filter)
        self.top.until_changed.connect(self.request_refresh)
        self.top.left.connect(self.table.setFocus)
        self.rush.wanted.connect(self.try_rush)
        self.table.moved.connect(self.deal_at)
        self.table.row_changed.connect(self._show_parts)
        self.table.model.rows_changed.connect(self._count)
        self.table.opened.connect(self.open_order)
        for grid in (self.table, self.parts):
            grid.summary.connect(self.selection_summary)
            grid.view.customContextMenuRequested.connect(self.show_context_menu)


def _search(desk: Desk, text: str, limit: int) -> list[LookupRow]:
    hits = masterdata.search(desk.session.db, "items", text, limit)
    return [LookupRow(hit.code, hit.name, (hit.spec, hit.unit)) for hit in hits]


def _rush(
    db: Any, code: str, quantity: Decimal, start: date, until: date | None
) -> tuple[api.RushAnswer | None, str, Decimal, date]:
    """The answer for an item given by code, name or pinyin; None when there is none."""
    hits = masterdata.search(db, "items", code, 2)
    exact = [hit for hit in hits if hit.code.casefold() == code.casefold()] or (hits if len(hits) == 1 else [])
    if not exact:
        return None, code, quantity, start
    return api.try_rush(db, exact[0].id, quantity, start, date=until), code, quantity, start
