"""即时库存: what lies where, and the movements behind the row that is chosen."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Any, Final

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QCheckBox, QHBoxLayout, QLabel, QSplitter, QVBoxLayout, QWidget

from services.inventory import api
from ui.framework.actions import Action
from ui.framework.colors import Tone
from ui.framework.desk import Desk
from ui.framework.elided import ElidedLabel
from ui.framework.grid.columns import Column
from ui.framework.grid.grid import Grid
from ui.framework.navigator import RecordRef
from ui.framework.page import Page
from ui.framework.schemes import GridSchemes
from ui.framework.search_field import SearchField
from ui.framework.texts import tr


def _short_tone(_value: object, row: Any) -> Tone:
    return "warn" if row.short > 0 else ""


STOCK_COLUMNS: Final = (
    Column("item_code", "物料", "code", 110),
    Column("item_name", "名称", width=150),
    Column("spec", "规格", width=150),
    Column("unit", "单位", width=50),
    Column("warehouse", "仓库", width=110),
    Column("lot", "批次", width=90),
    Column("owner", "货主", width=110),
    Column("quantity", "现存", "number", 90),
    Column("safety_stock", "安全库存", "number", 80, get=lambda row: row.safety_stock or None),
    Column("short", "低于安全", "number", 80, tone=_short_tone, get=lambda row: row.short or None),
    Column("nettable", "参与运算", "flag", 70),
)
MOVE_COLUMNS: Final = (
    Column("date", "日期", "date"),
    Column("title", "单据", width=110, shown=lambda row: tr(row.title)),
    Column("number", "单号", "code", 170, get=lambda row: row.ref.number),
    Column("lot", "批次", width=90),
    Column("quantity", "数量", "number", 100),
    Column("balance", "结存", "number", 100),
    Column("reversal", "冲销", "flag", 60),
)


class StockPage(Page):
    """Enter opens the item; in the movements below it opens the document."""

    topics = frozenset({"stock", "items"})

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk, "即时库存", icon_name="box")
        self.help_key = "stock"
        self.grid = Grid(desk, "stock/list", STOCK_COLUMNS)
        self.moves = Grid(desk, "stock/moves", MOVE_COLUMNS)
        self.grid.empty_label.setText(tr("没有符合的库存。期初库存、采购入库或产品入库审核后列在这里"))
        self.moves.empty_label.setText(tr("选中一行库存，这里列出它的收发"))
        self.search_field = SearchField(tr("物料、拼音、仓库、批次（Ctrl+F）"), self)
        self.zeros = QCheckBox(tr("包括已用完"), self)
        self.count_label = QLabel(self)
        self.schemes = GridSchemes(self, self.grid, self._filters, self._restore)
        self._build()
        self.add_actions(
            [
                Action("open", "打开物料", self._open_item, "Ctrl+Return", "right", self._has_row, group="go"),
                Action("search", "搜索", self.search_field.setFocus, "Ctrl+F", "search", where="menu", group="go"),
                Action("print_list", "打印列表", self.grid.printing.show, where="menu", group="go"),
                *self.schemes.actions_of_page(),
            ]
        )
        self.grid.opened.connect(self._open_item)
        self.grid.current_row_changed.connect(self._row_changed)
        self.grid.summary.connect(self.selection_summary)
        self.moves.opened.connect(self._open_document)
        self.grid.view.customContextMenuRequested.connect(self.show_context_menu)
        self.schemes.start()

    def refresh(self) -> None:
        """Reads the balances that match."""
        text, zeros = self.search_field.text().strip(), self.zeros.isChecked()
        self.run_query(partial(api.stock, self.desk.session.db, text=text, zeros=zeros), self._show, latest="stock")

    def on_shown(self) -> None:
        """Keys go to the list."""
        self.grid.setFocus()

    def apply_arguments(self, arguments: Mapping[str, Any]) -> None:
        """text: an item or store to look for."""
        self.schemes.set.leave()
        self.search_field.setText(str(arguments.get("text", "")))

    def conditions(self) -> list[tuple[str, str]]:
        """What the list is filtered by, for its print."""
        text = self.search_field.text().strip()
        found = [(tr("搜索"), text)] if text else []
        return [*found, (tr("包括已用完"), tr("是"))] if self.zeros.isChecked() else found

    def whole(self) -> None:
        """All that matches is read."""

    def _build(self) -> None:
        line = QHBoxLayout()
        line.addWidget(self.schemes)
        line.addSpacing(10)
        line.addWidget(QLabel(tr("搜索"), self))
        self.search_field.wanted.connect(self.request_refresh)
        self.search_field.returnPressed.connect(self.grid.setFocus)
        self.zeros.toggled.connect(self.request_refresh)
        line.addWidget(self.search_field)
        line.addWidget(self.zeros)
        line.addStretch(1)
        line.addWidget(self.count_label)
        self.body.addLayout(line)
        split = QSplitter(Qt.Orientation.Vertical, self)
        split.addWidget(self.grid)
        below = QWidget(self)
        column = QVBoxLayout(below)
        column.setContentsMargins(0, 0, 0, 0)
        self.moves_label = ElidedLabel(below)
        column.addWidget(self.moves_label)
        column.addWidget(self.moves, 1)
        split.addWidget(below)
        split.setStretchFactor(0, 3)
        split.setStretchFactor(1, 2)
        self.body.addWidget(split, 1)

    def _filters(self) -> dict[str, Any]:
        return {"text": self.search_field.text(), "zeros": self.zeros.isChecked()}

    def _restore(self, state: Mapping[str, Any]) -> None:
        self.search_field.setText(str(state.get("text", "")))
        self.zeros.setChecked(state.get("zeros") is True)

    def _show(self, rows: list[api.StockRow]) -> None:
        self.grid.set_rows(rows)
        self.count_label.setText(tr("共 {total}", total=f"{len(rows):,}"))
        self.state_changed.emit()

    def _has_row(self) -> bool:
        return self.grid.current() is not None

    def _row_changed(self, row: int) -> None:
        found = self.grid.model.record(row) if row >= 0 else None
        self.state_changed.emit()
        if found is None:
            self.moves.set_rows([])
            return
        self.moves_label.setText(
            tr("{item} {store} 收发明细", item=f"{found.item_code} {found.item_name}", store=found.warehouse)
        )
        self.moves_label.setToolTip(self.moves_label.text())
        ask = partial(api.moves, self.desk.session.db, found.item_id, found.warehouse_id, owner_id=found.owner_id)
        self.run_query(ask, self.moves.set_rows, latest="moves")

    def _open_item(self, *_ignored: object) -> None:
        row = self.grid.current()
        if row is not None:
            self.desk.navigator.open(RecordRef("items", row.item_code))

    def _open_document(self, row: api.MoveRow) -> None:
        self.desk.navigator.open(row.ref)
