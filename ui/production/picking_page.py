"""领料工作台: choose orders, take all, whole kits or what the store has, look at the paper, make the pick lists."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any, Final

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QCheckBox, QComboBox, QHBoxLayout, QLabel, QSplitter, QTabWidget

from models.kernel.problems import Place, Problem
from models.kernel.refs import Changes, DocRef
from services.documents import api as documents
from services.production import api
from services.reporting.api import MadeList
from ui.framework.actions import Action
from ui.framework.desk import Desk
from ui.framework.grid.grid import Grid, LineGrid
from ui.framework.page import Page
from ui.framework.schemes import GridSchemes
from ui.framework.texts import listed, tr
from ui.production.pick_kept import Typed
from ui.production.pick_lines import LINE_COLUMNS, ORDER_COLUMNS, SUM_COLUMNS, order_row, shortages, sums
from ui.production.pick_paper import show_pick_list
from ui.production.pick_search import ORDERS, PickSearch, told

MODES: Final = {"direct": "直接领料（全部未领）", "kit": "配套领料（按套数）", "stock": "按库存（有多少领多少）"}
HIGH: Final = (230, 300)
MOST_ORDERS: Final = 500


@dataclass(frozen=True, slots=True)
class Made:
    """Pick lists just made, and what that changed."""

    refs: Sequence[DocRef]
    changes: Changes


class PickingPage(Page):
    """Above the open orders, below what to take for the ticked ones; quantities can be typed over."""

    topics = frozenset({"production_order", "subcontract_order", "material_issue", "stock"})

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk, "领料工作台", icon_name="box")
        self.orders: Sequence[api.PickOrder] = ()
        self.wanted: set[int] = set()
        self.typed = Typed()
        self.made: Sequence[DocRef] = ()
        self.mode = QComboBox(self)
        self.mode.setAccessibleName(tr("领料方式"))
        for mode, word in MODES.items():
            self.mode.addItem(tr(word), mode)
        self.merged = QCheckBox(tr("同车间合成一张"), self)
        self.merged.setChecked(True)
        self.search = PickSearch(self)
        self.count = QLabel(self)
        self.count.setObjectName("faintLabel")
        self.order_grid = LineGrid(desk, "production/pick_orders", ORDER_COLUMNS)
        self.line_grid = LineGrid(desk, "production/pick_lines", LINE_COLUMNS)
        self.sum_grid = Grid(desk, "production/pick_sums", SUM_COLUMNS)
        self.order_grid.model.fixed_rows = self.line_grid.model.fixed_rows = True
        self.order_grid.empty_label.setText(tr("没有要领料的任务单，或没有符合搜索的"))
        for grid in (self.line_grid, self.sum_grid):
            grid.empty_label.setText(tr("在上面用空格勾选任务单，这里列出要领的材料"))
        self.tabs = QTabWidget(self)
        self.note = QLabel(self)
        self.note.setObjectName("faintLabel")
        self.note.setWordWrap(True)
        self.schemes = GridSchemes(self, self.order_grid, partial(_filters, self), partial(_restore, self))
        self._lay_out()
        self.add_actions(self._actions())
        self.schemes.start()

    # the page's duties

    def refresh(self) -> None:
        """Reads the open orders that have still something to draw."""
        ask = partial(_open_orders, self.desk.session.db, self._kinds())
        self.run_query(ask, self._show, latest="orders", held=True)

    def _kinds(self) -> list[str]:
        """Kinds of orders the clerk may see."""
        return [kind for kind in ORDERS if self.desk.session.allowed(f"{kind}.read")]

    def on_shown(self) -> None:
        """The clerk starts in the orders."""
        self.order_grid.setFocus()

    def apply_arguments(self, arguments: Mapping[str, Any]) -> None:
        """orders: ids of the orders to tick. list: number of a merged pick list."""
        self.schemes.set.leave()
        if "list" in arguments:
            self.search.look_up(arguments["list"])
        ids = arguments.get("orders")
        if ids:
            self.wanted = set(ids)
            self.request_refresh()

    def lead_to(self, problem: Problem) -> bool:
        """To the line a refusal speaks of."""
        row = problem.place.line - 1
        if not 0 <= row < self.line_grid.model.rowCount():
            return False
        self.tabs.setCurrentIndex(0)
        self.line_grid.view.select_cell(row, "quantity")
        return True

    # orders

    def _show(self, orders: Sequence[api.PickOrder]) -> None:
        ticked = _ticked(self.order_grid)
        lost = self.typed.renew(self.orders, orders, ticked)
        ticked |= {order.line_id for order in orders if order.ref.id in self.wanted}
        self.wanted = set()
        self.orders = orders
        self._show_orders(ticked)
        notes = [] if self.search.listed is None else [told(self.search.listed, orders)]
        if lost:
            notes.append(tr("刷新后：{lost}", lost=listed(lost, "；")))
        if notes:
            self.note.setText("\n".join(notes))
            self.note.show()

    def _show_orders(self, ticked: set[int]) -> None:
        words, sets = self.search.words(), self.typed.sets
        rows = [order_row(order, take=order.line_id in ticked) for order in self.orders if self.search.holds(order)]
        for row in rows:
            if row["line_id"] in sets:
                row["kits"] = sets[row["line_id"]].value
        shown = [row for row in rows if row["take"] or all(word in _haystack(row) for word in words)]
        self.order_grid.set_rows(shown)
        self.propose()

    def _searched(self) -> None:
        if self.search.listed is None:
            self._show_orders(_ticked(self.order_grid))

    def _list_found(self, made: MadeList) -> None:
        """Exactly its orders are shown and ticked; its pick lists can be opened and printed."""
        self.show_problems([])
        self.order_grid.set_rows([])
        self.wanted = {ref.id for ref in made.documents if ref.type in ORDERS}
        self.made = [ref for ref in made.documents if ref.type not in ORDERS]
        self.refresh()

    def _list_unknown(self, number: str) -> None:
        self.note.hide()
        self._searched()
        self.show_problems([Problem("pick.list_unknown", {"number": number})])

    def _entered(self) -> None:
        """Enter in the search box: the one order that fits is ticked, and the box is free for the next scan."""
        rows = self.order_grid.model.lines()
        fitting = [at for at, row in enumerate(rows) if not row.get("take")]
        if self.search.words() and len(fitting) == 1:
            self.order_grid.model.change_many({fitting[0]: {"take": True}})
            self.search.clear()

    def ticked(self) -> list[api.PickOrder]:
        """The chosen orders, in the order shown."""
        ids = [row["line_id"] for row in self.order_grid.model.lines() if row.get("take")]
        by_line = {order.line_id: order for order in self.orders}
        return [by_line[key] for key in ids if key in by_line]

    # materials

    def propose(self) -> None:
        """What to take for the ticked orders, by the mode; what was typed over stays as it is."""
        orders = self.ticked()
        rows = self.order_grid.model.lines()
        kits = {row["line_id"]: row["kits"] for row in rows if row.get("kits") is not None}
        lines = api.propose_picks(orders, mode=self.mode.currentData(), kits=kits)
        self.line_grid.set_rows(self.typed.rows(lines, orders))
        self._weigh()
        self.count.setText(tr("选中 {chosen} / {total} 张", chosen=len(orders), total=len(self.orders)))
        self.state_changed.emit()

    def _mode_chosen(self) -> None:
        """Another way of picking computes every quantity again."""
        self.typed.forget_quantities()
        self.propose()

    def _order_edited(self, row: int, key: str) -> None:
        """A tick taken away, or sets in 配套领料, compute the order's quantities again."""
        order, by_sets = self.order_grid.model.table.records[row], self.mode.currentData() == "kit"
        if key == "kits":
            self.typed.take_sets(order)
        if (key == "take" and not order["take"]) or (key == "kits" and by_sets):
            self.typed.forget_quantities([order["line_id"]])
        if key == "take" or (key == "kits" and by_sets):
            self.propose()

    def _line_edited(self, row: int, key: str) -> None:
        if key == "quantity":
            self.typed.take_quantity(self.line_grid.model.table.records[row])
            self._weigh()

    def _weigh(self) -> None:
        """Shortages and sums follow the quantities."""
        rows = list(self.line_grid.model.records())
        self.line_grid.model.put_cells([(at, "short", lack) for at, lack in enumerate(shortages(rows))])
        found = sums(rows)
        self.sum_grid.set_rows(found)
        short = sum(1 for row in found if row.short)
        self.tabs.setTabText(
            1, tr("材料汇总 {count}", count=len(found)) + (tr(" · 缺 {short}", short=short) if short else "")
        )
        self.state_changed.emit()

    # verbs

    def make_picks(self) -> None:
        """F8: makes draft pick lists of what is to be taken."""
        rows = self.line_grid.rows()
        faults = [
            Problem("pick.negative", {"item": row["code"], "quantity": row["quantity"]}, Place(line=at))
            for at, row in enumerate(rows, start=1)
            if row.get("quantity") is not None and row["quantity"] < 0
        ]
        if faults:
            self.show_problems(faults)
            return
        lines = [replace(row["line"], quantity=row["quantity"]) for row in rows if row.get("quantity")]
        session, merged = self.desk.session, self.merged.isChecked()
        self.run_command(
            lambda: Made(*api.create_picks(session.db, session.user, lines, day=session.today(), merged=merged)),
            on_done=partial(self.held.take, "created", self._created), title="生成领料单",
        )  # fmt: skip

    def _created(self, made: Made) -> None:
        self.made = made.refs
        numbers = listed(ref.number for ref in made.refs)
        self.note.setText(
            tr(
                "已生成 {count} 张未审核的领料单：{numbers}。可打印拣货，审核后扣库存。",
                count=len(made.refs),
                numbers=numbers,
            )
        )
        self.note.show()
        self.typed.forget([order.line_id for order in self.ticked()])
        self._show_orders(set())

    def preview(self) -> None:
        """The merged pick list of the ticked orders; without a tick, of the pick lists just made."""
        ids = [order.ref.id for order in self.ticked()] or [ref.id for ref in self.made]
        if ids:
            show_pick_list(self, ids)

    def open_made(self) -> None:
        """Opens the pick lists just made, or those of the merged list shown."""
        for ref in self.made:
            self.desk.navigator.open(ref)

    def tick_all(self) -> None:
        """Ticks every order shown, or none if all are."""
        model = self.order_grid.model
        on = not all(row.get("take") for row in model.records())
        model.change_many({row: {"take": on} for row in range(model.rowCount())})

    def _actions(self) -> list[Action]:
        return [
            Action(
                "create",
                "生成领料单",
                self.make_picks,
                "F8",
                "new",
                lambda: self.line_grid.model.rowCount() > 0,
                group="make",
            ),
            Action(
                "preview",
                "预览拣货单",
                self.preview,
                "Ctrl+P",
                "print",
                lambda: bool(self.ticked() or self.made),
                "选中任务单合并拣货",
                group="make",
            ),
            Action("open", "打开领料单", self.open_made, "", "page", lambda: bool(self.made), group="make"),
            Action("all", "全选", self.tick_all, "Ctrl+Shift+A", "approve", lambda: bool(self.orders), group="choose"),
            *self.schemes.actions_of_page(),
        ]

    def _lay_out(self) -> None:
        top = QHBoxLayout()
        top.setSpacing(6)
        top.addWidget(self.schemes)
        top.addSpacing(10)
        for widget in (QLabel(tr("方式"), self), self.mode, self.merged, self.search, self.count):
            top.addWidget(widget, 1 if widget is self.search else 0)
        self.tabs.setDocumentMode(True)
        self.tabs.addTab(self.line_grid, tr("领料明细"))
        self.tabs.addTab(self.sum_grid, tr("材料汇总"))
        halves = QSplitter(Qt.Orientation.Vertical, self)
        halves.addWidget(self.order_grid)
        halves.addWidget(self.tabs)
        halves.setSizes(list(HIGH))
        self.body.addLayout(top)
        self.body.addWidget(halves, 1)
        self.body.addWidget(self.note)
        self.note.hide()
        self.mode.activated.connect(self._mode_chosen)
        self.search.textChanged.connect(self._searched)
        self.search.returnPressed.connect(self._entered)
        self.search.found.connect(self._list_found)
        self.search.cleared.connect(self.note.hide)
        self.search.unknown.connect(self._list_unknown)
        self.order_grid.model.edited.connect(self._order_edited)
        self.line_grid.model.edited.connect(self._line_edited)
        for grid in (self.order_grid, self.line_grid, self.sum_grid):
            grid.view.customContextMenuRequested.connect(self.show_context_menu)


def _filters(page: PickingPage) -> dict[str, Any]:
    """What a scheme keeps beside the columns: how is picked, and which orders are looked for."""
    return {"mode": page.mode.currentData(), "merged": page.merged.isChecked(), "text": page.search.text()}


def _restore(page: PickingPage, state: Mapping[str, Any]) -> None:
    """Another mode computes the quantities again, as when it is chosen by hand; what is ticked stays ticked."""
    at = max(0, page.mode.findData(state.get("mode", "")))
    if at != page.mode.currentIndex():
        page.mode.setCurrentIndex(at)
        page.mode.activated.emit(at)
    page.merged.setChecked(state.get("merged", True) is True)
    page.search.setText(str(state.get("text", "")))


def _open_orders(db: Any, kinds: Sequence[str]) -> list[api.PickOrder]:
    """Approved, open orders with something left to draw, by start date."""
    ids = [
        row.ref.id
        for kind in kinds
        for row in documents.list_documents(db, kind, statuses=("C",), closings=("C",), limit=MOST_ORDERS).rows
    ]
    return [order for order in api.pick_orders(db, ids) if any(material.left > 0 for material in order.materials)]


def _haystack(row: Mapping[str, Any]) -> str:
    return f"{row['number']} {row['product']} {row['workshop']} {row['partner']}".casefold()


def _ticked(grid: LineGrid) -> set[int]:
    """Product lines ticked."""
    return {row["line_id"] for row in grid.model.lines() if row.get("take")}
