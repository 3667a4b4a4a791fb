"""批量新增任务单: tick open sales-order lines, add what is made for stock, make the production orders."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from functools import partial
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
from ui.framework.texts import listed, tr

MODES: Final = {"line": "一行一单", "workshop": "同车间合一单", "item": "同产品合一单"}
COLUMNS: Final = (
    Column("take", "生成", kind="flag", width=46, editable=True, tooltip="空格选中"),
    Column("order", "销售订单", kind="code", width=168),
    Column("line_no", "行", kind="number", width=40),
    Column("customer", "客户", width=150),
    Column("item_code", "产品", kind="code", width=90),
    Column("item_name", "名称", width=150),
    Column("ordered", "订单数", kind="number", width=74),
    Column("linked", "已下单", kind="number", width=74),
    Column("delivered", "已出库", kind="number", width=74),
    Column("quantity", "本次生产", kind="number", width=84, editable=True),
    Column("unit", "单位", width=44),
    Column("due_date", "完工", kind="date", editable=True),
    Column("workshop", "车间", width=90, editable=True),
)


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
        self._lay_out()
        self.add_actions(
            [
                Action("make", "生成任务单", self.make, "F8", "new", self._any_taken, group="make"),
                Action("all", "全选", self.take_all, "Ctrl+Shift+A", "approve", group="make"),
            ]
        )

    def refresh(self) -> None:
        """Reads the lines that can still be made; what was typed for stock stays."""
        self.run_query(partial(api.producible_lines, self.desk.session.db), self._show, latest="lines")

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
        """Ticks every row."""
        self.grid.model.put_cells([(row, "take", True) for row in range(self.grid.model.rowCount())])
        self.state_changed.emit()

    def add_for_stock(self) -> None:
        """提前备货: one more row, for no order."""
        code = self.product.text().strip()
        try:
            quantity = parse_decimal(self.amount.text())
        except ValueError as fault:
            self.note.setText(str(fault))
            return
        if code and quantity > 0:
            self.run_query(partial(_item, self.desk.session.db, code), partial(self._added, quantity), latest="item")

    def make(self) -> None:
        """F8: makes the orders of the ticked rows; each stands or fails by itself."""
        rows = [(at, row) for at, row in enumerate(self.grid.model.lines(), start=1) if row.get("take")]
        wanted = [_wanted(row) for _at, row in rows]
        session = self.desk.session
        settings = {"day": session.today(), "mode": self.mode.currentData(), "approve": self.approve.isChecked()}

        def work() -> tuple[api.BatchResult, Changes]:
            made = api.create_orders(session.db, session.user, wanted, **settings)
            return made, Changes(tuple(made.made), frozenset({"production_order"}))

        self.run_command(work, on_done=partial(self._made, rows), title="批量新增任务单")

    def _made(self, rows: Sequence[tuple[int, Mapping[str, Any]]], answer: tuple[api.BatchResult, Changes]) -> None:
        made, _changes = answer
        at = {id(wanted): number for (number, _row), (wanted, _p) in zip(rows, made.failed, strict=False)}
        numbers = listed(ref.number for ref in made.made[:6])
        self.note.setText(tr("已生成 {count} 张任务单：{numbers}", count=len(made.made), numbers=numbers))
        problems = [
            Problem(problem.code, problem.args, Place(line=at.get(id(wanted), 0)), problem.ref)
            for wanted, found in made.failed
            for problem in found
        ]
        if problems:
            self.show_problems(problems)
        self.request_refresh()

    def _added(self, quantity: Decimal, row: dict[str, Any] | None) -> None:
        if row is None:
            self.note.setText(tr("没有这个物料，请重选"))
            return
        self.note.clear()
        self.grid.set_rows(
            [*self.grid.model.lines(), row | {"quantity": quantity, "due_date": self.desk.session.today()}]
        )
        self.product.clear()
        self.amount.clear()
        self.state_changed.emit()

    def _show(self, lines: Sequence[api.Producible]) -> None:
        stock = [row for row in self.grid.model.lines() if not row.get("line_id")]
        ticked = {row["line_id"] for row in self.grid.model.lines() if row.get("take")}
        self.grid.set_rows([*(_row(line, take=line.line_id in ticked) for line in lines), *stock])
        self.state_changed.emit()

    def _any_taken(self) -> bool:
        return any(row.get("take") for row in self.grid.model.lines())

    def _edited(self, _row: int, _key: str) -> None:
        self.state_changed.emit()

    def _lay_out(self) -> None:
        line = QHBoxLayout()
        line.addWidget(QLabel(tr("合单"), self))
        line.addWidget(self.mode)
        line.addWidget(self.approve)
        line.addSpacing(16)
        line.addWidget(QLabel(tr("提前备货"), self))
        for widget in (self.product, self.amount, self.add, self.note):
            line.addWidget(widget)
        line.addStretch(1)
        self.body.addLayout(line)
        self.body.addWidget(self.grid, 1)
        self.add.clicked.connect(self.add_for_stock)
        self.amount.returnPressed.connect(self.add_for_stock)
        self.grid.model.edited.connect(self._edited)
        self.grid.view.customContextMenuRequested.connect(self.show_context_menu)


def _row(line: api.Producible, *, take: bool) -> dict[str, Any]:
    return {
        "take": take, "line_id": line.line_id, "item_id": line.item_id, "order": line.order.number, "line_no": line.line_no,
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
