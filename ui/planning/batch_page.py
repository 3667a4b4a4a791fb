"""批量新增任务单: tick open sales-order lines, add what is made for stock, make the production orders."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from functools import partial
from itertools import count
from typing import Any, Final

from PySide6.QtWidgets import QCheckBox, QComboBox, QHBoxLayout, QLabel, QLineEdit, QPushButton

from models.kernel.problems import Place, Problem
from models.kernel.refs import Changes
from services.engineering import api as engineering
from services.masterdata import api as masterdata
from services.planning import api
from ui.framework.actions import Action
from ui.framework.desk import Desk
from ui.framework.grid.columns import Column
from ui.framework.grid.grid import LineGrid
from ui.framework.grid.typing_rules import parse_decimal
from ui.framework.lookup import LookupEdit, LookupRow, LookupSource
from ui.framework.page import Page
from ui.framework.schemes import GridSchemes
from ui.framework.search_field import SearchField
from ui.framework.texts import listed, tr

MODES: Final = {"line": "一行一单", "workshop": "同车间合一单", "item": "同产品合一单"}
COLUMNS: Final = (
    Column("take", "生成", kind="flag", width=46, editable=True, tooltip="空格选中"),
    Column("order", "销售订单", kind="code", width=152),
    Column("line_no", "行", kind="number", width=40),
    Column("customer", "客户", width=166),
    Column("item_code", "产品", kind="code", width=90),
    Column("item_name", "名称", width=130),
    Column("ordered", "订单数", kind="number", width=74),
    Column("linked", "已下单", kind="number", width=74),
    Column("delivered", "已出库", kind="number", width=74),
    Column("quantity", "本次生产", kind="number", width=84, editable=True),
    Column("unit", "单位", width=44),
    Column("due_date", "完工", kind="date", editable=True),
    Column("workshop", "车间", width=90, editable=True),
)
TYPED: Final = ("quantity", "due_date", "workshop")


class BatchPage(Page):
    """Rows of sales orders above all; 提前备货 adds rows without an order; F8 makes drafts, failures are listed."""

    topics = frozenset({"sales_order", "production_order", "subcontract_order", "items"})

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk, "批量新增任务单", icon_name="push")
        self.help_key = "planning/batch"
        self.mode = QComboBox(self)
        self.mode.setAccessibleName(tr("合单方式"))
        for mode, word in MODES.items():
            self.mode.addItem(tr(word), mode)
        self.approve = QCheckBox(tr("同时审核"), self)
        self.product = LookupEdit(_source(desk), desk.ops, self)
        self.product.setFixedWidth(120)
        self.product.setAccessibleName(tr("备货产品"))
        self.product.setPlaceholderText(tr("产品"))
        self.amount = QLineEdit(self)
        self.amount.setFixedWidth(70)
        self.amount.setAccessibleName(tr("备货数量"))
        self.amount.setPlaceholderText(tr("数量"))
        self.add = QPushButton(tr("加入"), self)
        self.note = QLabel(self)
        self.note.setObjectName("faintLabel")
        self.grid = LineGrid(desk, "planning/batch", COLUMNS)
        self.grid.model.fixed_rows = True
        self.grid.empty_label.setText(tr("没有要安排生产的订单行，或没有符合搜索的"))
        self.search = SearchField(tr("订单、客户、产品、车间（Ctrl+F）"), self)
        self.search.setMinimumWidth(160)
        self._rows: list[dict[str, Any]] = []
        self._offered: dict[int, dict[str, Any]] = {}
        self._ids = count(-1, -1)
        self._faults: list[tuple[int, Problem]] = []
        self.schemes = GridSchemes(self, self.grid, self._filters, self._restore)
        self._lay_out()
        self.add_actions(
            [
                Action("make", "生成任务单", self.make, "F8", "new", self._any_taken, group="make"),
                Action("all", "全选", self.take_all, "Ctrl+Shift+A", "approve", group="make"),
                Action("search", "搜索", self.search.setFocus, "Ctrl+F", "search", where="menu", group="out"),
                *self.schemes.actions_of_page(),
            ]
        )
        self.schemes.start()

    def refresh(self) -> None:
        """Reads the lines that can still be made; what was typed stays."""
        self.run_query(partial(api.producible_lines, self.desk.session.db), self._show, latest="lines", held=True)

    def on_shown(self) -> None:
        """The clerk starts in the rows."""
        self.grid.setFocus()

    def lead_to(self, problem: Problem) -> bool:
        """To the row a refusal speaks of."""
        row = problem.place.line - 1
        if not 0 <= row < self.grid.model.rowCount():
            return False
        self.grid.view.select_cell(row, problem.place.field or "quantity")
        return True

    def take_all(self) -> None:
        """Ticks every row shown."""
        self.grid.model.put_cells([(row, "take", True) for row in range(self.grid.model.rowCount())])
        self.state_changed.emit()

    def add_for_stock(self) -> None:
        """提前备货: one more row, for no order."""
        code = self.product.text().strip()
        try:
            quantity = parse_decimal(self.amount.text())
        except ValueError as fault:
            self._tell(str(fault))
            return
        if code and quantity > 0:
            self.run_query(partial(_item, self.desk.session.db, code), partial(self._added, quantity), latest="item")

    def make(self) -> None:
        """F8: makes the orders of the ticked rows; each stands or fails by itself."""
        rows = [row for row in self.grid.model.lines() if row.get("take")]
        wanted = [_wanted(row) for row in rows]
        session = self.desk.session
        settings = {"day": session.today(), "mode": self.mode.currentData(), "approve": self.approve.isChecked()}

        def work() -> tuple[api.BatchResult, Changes]:
            made = api.create_orders(session.db, session.user, wanted, **settings)
            return made, Changes(tuple(made.made), frozenset({"production_order"}))

        keys = {id(one): row["id"] for one, row in zip(wanted, rows, strict=True)}
        self.run_command(work, on_done=partial(self._made, keys), title="批量新增任务单")

    def _made(self, keys: Mapping[int, int], answer: tuple[api.BatchResult, Changes]) -> None:
        """keys: rows by identity of what was wanted of them. Rows for stock that were made go, like those of orders."""
        made, _changes = answer
        numbers = listed(ref.number for ref in made.made[:6])
        self._tell(tr("已生成 {count} 张任务单：{numbers}", count=len(made.made), numbers=numbers))
        self._faults = [(keys[id(wanted)], problem) for wanted, found in made.failed for problem in found]
        done = set(keys.values()) - {key for key, _problem in self._faults}
        # What was typed into a row is made with it: what is left of its order is offered as it is.
        self._offered = {key: row for key, row in self._offered.items() if key not in done}
        self._rows = [row for row in self._all_rows() if row["id"] >= 0 or row["id"] not in done]
        self.request_refresh()

    def _show_faults(self) -> None:
        """Where the rows stand now."""
        at = {row["id"]: number for number, row in enumerate(self.grid.model.records(), start=1)}
        told = [(at.get(key, 0), problem) for key, problem in self._faults]
        self._faults = []
        if told:
            self.show_problems([Problem(one.code, one.args, Place(line=row), one.ref) for row, one in told])

    def _tell(self, sentence: str) -> None:
        self.note.setText(sentence)
        self.note.setVisible(bool(sentence))

    def _added(self, quantity: Decimal, row: dict[str, Any] | None) -> None:
        if row is None:
            self._tell(tr("没有这个物料，请重选"))
            return
        self._tell("")
        row |= {"id": next(self._ids), "quantity": quantity, "due_date": self.desk.session.today()}
        self._show_rows([*self._all_rows(), row])
        self.product.clear()
        self.amount.clear()
        self.state_changed.emit()

    def _show(self, lines: Sequence[api.Producible]) -> None:
        rows = self._all_rows()
        stock = [row for row in rows if not row["line_id"]]
        ticked = {row["line_id"] for row in rows if row.get("take")}
        typed = {row["id"]: _typed(row, self._offered.get(row["id"], row)) for row in rows}
        self._offered = {line.line_id: _row(line, take=line.line_id in ticked) for line in lines}
        self._show_rows([*(row | typed.get(key, {}) for key, row in self._offered.items()), *stock])
        self._show_faults()

    def _all_rows(self) -> list[dict[str, Any]]:
        """All rows, those on the screen as they were typed over."""
        typed = {row["id"]: dict(row) for row in self.grid.model.records()}
        return [typed.get(row["id"], row) for row in self._rows]

    def _show_rows(self, rows: Sequence[dict[str, Any]]) -> None:
        """Those that have the words of the search, and all that are ticked."""
        self._rows = list(rows)
        words = self.search.text().casefold().split()
        self.grid.set_rows([row for row in rows if row["take"] or all(word in _haystack(row) for word in words)])
        self.state_changed.emit()

    def _searched(self) -> None:
        self._show_rows(self._all_rows())

    def _to_rows(self) -> None:
        """Enter before the typing paused: the rows first."""
        self.search.hurry()
        self.grid.setFocus()

    def _filters(self) -> dict[str, Any]:
        return {"mode": self.mode.currentData(), "approve": self.approve.isChecked(), "text": self.search.text()}

    def _restore(self, state: Mapping[str, Any]) -> None:
        self.mode.setCurrentIndex(max(0, self.mode.findData(state.get("mode", ""))))
        self.approve.setChecked(state.get("approve") is True)
        self.search.setText(str(state.get("text", "")))
        self.search.hurry()

    def _any_taken(self) -> bool:
        return any(row.get("take") for row in self.grid.model.lines())

    def _edited(self, _row: int, _key: str) -> None:
        self.state_changed.emit()

    def _lay_out(self) -> None:
        line = QHBoxLayout()
        line.addWidget(self.schemes)
        line.addSpacing(10)
        line.addWidget(QLabel(tr("合单"), self))
        line.addWidget(self.mode)
        line.addWidget(self.approve)
        line.addSpacing(16)
        line.addWidget(QLabel(tr("提前备货"), self))
        for widget in (self.product, self.amount, self.add):
            line.addWidget(widget)
        line.addSpacing(16)
        line.addWidget(self.search, 1)
        line.addStretch(1)
        self.body.addLayout(line)
        self.body.addWidget(self.grid, 1)
        self.body.addWidget(self.note)
        self.note.hide()
        self.search.wanted.connect(self._searched)
        self.search.returnPressed.connect(self._to_rows)
        self.add.clicked.connect(self.add_for_stock)
        self.amount.returnPressed.connect(self.add_for_stock)
        self.grid.model.edited.connect(self._edited)
        self.grid.view.customContextMenuRequested.connect(self.show_context_menu)


def _haystack(row: Mapping[str, Any]) -> str:
    keys = ("order", "customer", "item_code", "item_name", "workshop")
    return " ".join(str(row.get(key) or "") for key in keys).casefold()


def _typed(row: Mapping[str, Any], offered: Mapping[str, Any]) -> dict[str, Any]:
    """What the clerk made of a row."""
    return {key: row.get(key) for key in TYPED if row.get(key) != offered.get(key)}


def _row(line: api.Producible, *, take: bool) -> dict[str, Any]:
    return {
        "take": take, "id": line.line_id, "line_id": line.line_id, "item_id": line.item_id, "order": line.order.number,
        "line_no": line.line_no,
        "customer": line.customer, "item_code": line.item_code, "item_name": line.item_name, "unit": line.unit,
        "ordered": line.ordered, "linked": line.linked, "delivered": line.delivered, "quantity": line.producible,
        "due_date": line.due_date, "workshop": line.workshop,
    }  # fmt: skip


def _wanted(row: Mapping[str, Any]) -> api.Wanted:
    return api.Wanted(
        row["item_id"],
        row["quantity"] or Decimal(0),
        row.get("line_id"),
        row.get("due_date"),
        row.get("workshop") or "",
    )


def _item(db: Any, code: str) -> dict[str, Any] | None:
    found = engineering.items_of(db, [code]).get(code)
    if found is None:
        return None
    return {
        "take": True, "line_id": None, "item_id": found.id, "order": tr("备货"), "item_code": found.code,
        "item_name": found.name, "unit": found.unit, "workshop": "",
    }  # fmt: skip


def _source(desk: Desk) -> LookupSource:
    """Items to look up, the registered source if there is one."""

    def search(text: str, limit: int) -> list[LookupRow]:
        hits = masterdata.search(desk.session.db, "items", text, limit)
        return [LookupRow(hit.code, hit.name, (hit.spec, hit.unit, hit.extra)) for hit in hits]

    return desk.lookups.get("items") or LookupSource("物料", search, ("编码", "名称", "规格", "单位", "可用"))
