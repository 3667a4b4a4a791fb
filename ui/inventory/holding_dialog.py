"""查看占用: what lies in a store, which documents took it, claim it or will bring more; Enter opens one."""

from __future__ import annotations

from datetime import date
from functools import partial
from typing import Any, Final

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QDialogButtonBox, QLabel, QVBoxLayout, QWidget

from models.kernel.numbers import plain
from models.kernel.problems import Problem
from services.inventory import api
from ui.documents.document_page import DocumentPage
from ui.framework.colors import Tone
from ui.framework.desk import Desk
from ui.framework.dialog import PageDialog
from ui.framework.grid.columns import Column
from ui.framework.grid.grid import Grid
from ui.framework.texts import tr
from ui.framework.ways import Offer, Way

KINDS: Final = {
    "here": "在本仓",
    "later": "之后已出库",
    "came_later": "之后才入库",
    "draft": "草稿待出库",
    "order": "订单未领未发",
    "elsewhere": "在其他仓",
    "coming": "在途",
}
TONES: Final[dict[str, Tone]] = {
    "here": "ok", "later": "danger", "came_later": "warn", "draft": "warn", "order": "warn", "elsewhere": "info",
    "coming": "info",
}  # fmt: skip
COLUMNS: Final = (
    Column("kind", "性质", kind="badge", width=116, choices=KINDS, tones=TONES),
    Column("quantity", "数量", kind="number", width=90),
    Column("title", "单据", width=100, shown=lambda row: tr(row.title) if row.title else ""),
    Column("number", "单号", kind="code", width=170, get=lambda row: row.ref.number if row.ref else ""),
    Column("line_no", "行", kind="number", width=40, get=lambda row: row.line_no or None),
    Column("date", "日期", kind="date"),
    Column("warehouse", "仓库", width=110),
    Column("lot", "批次", kind="code", width=90),
    Column("partner", "往来单位、车间", width=150),
)


class HoldingDialog(PageDialog):
    """opened(DocRef) when a row's document is wanted."""

    opened = Signal(object)

    def __init__(
        self,
        desk: Desk,
        item_id: int,
        warehouse_id: int,
        day: date,
        parent: QWidget,
        *,
        owner_id: int = 0,
        but: int = 0,
    ) -> None:
        super().__init__(tr("查看占用"), "holdingDialog", parent)
        self.resize(1000, 420)
        self.head = QLabel(self)
        self.head.setObjectName("numberLabel")
        self.grid = Grid(desk, "holding", COLUMNS)
        self.grid.opened.connect(self._open)
        note = QLabel(tr("Enter 打开单据 · 换仓库或等入库，都从这里看"), self)
        note.setObjectName("faintLabel")
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close, self)
        buttons.rejected.connect(self.reject)
        layout = QVBoxLayout(self)
        layout.addWidget(self.head)
        layout.addWidget(self.grid, 1)
        layout.addWidget(note)
        layout.addWidget(buttons)
        self.opened.connect(desk.navigator.open)
        ask = partial(api.holding, desk.session.db, item_id, warehouse_id, day, owner_id=owner_id, but=but)
        desk.ops.run_query(ask, self._show, owner=self, latest="holding")

    def _show(self, found: api.Holding) -> None:
        self.head.setText(
            tr(
                "{item}　{warehouse}：现存 {on_hand}{unit}，这一天可用 {free}{unit}",
                item=found.item,
                warehouse=found.warehouse,
                on_hand=plain(found.on_hand),
                free=plain(found.free),
                unit=found.unit,
            )
        )
        self.grid.set_rows(found.rows)
        self.grid.setFocus()

    def _open(self, row: Any) -> None:
        if row.ref is not None:
            self.accept()
            self.opened.emit(row.ref)


def offer_holding(page: DocumentPage, problem: Problem, offer: Offer) -> None:
    """查看占用 for a refusal that says which item lacks in which store."""
    args = problem.args
    item, store, day = args.get("item_id"), args.get("warehouse_id"), args.get("date")
    if not (isinstance(item, int) and isinstance(store, int) and isinstance(day, date)):
        return
    owner = args.get("owner_id")

    def look() -> None:
        owner_id = owner if isinstance(owner, int) else 0
        HoldingDialog(page.desk, item, store, day, page, owner_id=owner_id, but=page.ref.id).open()

    offer(Way(tr("查看占用"), look, tr("哪些单据占着、还在哪些仓、什么时候到")))
