"""Beside the availability: stock, documents, movements, where it is used, its bill, stand-ins, prices; read when first looked at."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any, Final

from PySide6.QtWidgets import QTabWidget, QWidget

from services.engineering import api as engineering
from services.planning import api
from ui.framework.grid.columns import Column
from ui.framework.grid.grid import Grid
from ui.framework.later import Later
from ui.framework.page import Page
from ui.framework.texts import tr
from ui.workbench.rows import (
    BILL_COLUMNS,
    DOCUMENT_COLUMNS,
    MOVE_COLUMNS,
    PRICE_COLUMNS,
    STAND_IN_COLUMNS,
    STORE_COLUMNS,
    USED_COLUMNS,
)
from ui.workbench.views import READ_BOM

TABS: Final[Mapping[str, tuple[str, tuple[Column, ...], str]]] = {
    "stores": ("库存", STORE_COLUMNS, "没有库存"),
    "documents": ("未完单据", DOCUMENT_COLUMNS, "没有草稿和未完的单据"),
    "moves": ("来源与去向", MOVE_COLUMNS, "还没有收发"),
    "used": ("用在哪里", USED_COLUMNS, "没有产品用到它"),
    "bill": ("清单", BILL_COLUMNS, "没有物料清单"),
    "stand_ins": ("替代料", STAND_IN_COLUMNS, "没有替代料"),
    "prices": ("价格", PRICE_COLUMNS, "还没有带价格的已审核单据"),
}
"""key -> title, columns, what an empty tab says"""


class SideTabs(QTabWidget):
    """Grids by key in `grids`, made when they are looked at. open_row(row) is told of Enter in any of them."""

    def __init__(self, page: Page, open_row: Callable[[Any], object], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._page = page
        self._open_row = open_row
        self._item_id = 0
        self._read: set[str] = set()
        self.setDocumentMode(True)
        self.setObjectName("workbenchTabs")
        self.grids: dict[str, Later[Grid]] = {}
        for key, (title, _, _) in TABS.items():
            if key in ("used", "bill") and not page.desk.session.allowed(READ_BOM):
                continue
            self.grids[key] = Later(partial(self._make, key), self)
            self.addTab(self.grids[key], tr(title))
        self.currentChanged.connect(self._read_current)

    def show_bench(self, bench: api.Workbench) -> None:
        """What was read with the item; the other tabs are read when they are looked at."""
        self._item_id = bench.head.id
        self._read = {"stores", "documents", "stand_ins", "prices"}
        for key in ("used", "bill", "moves"):
            if key in self.grids:
                self.setTabText(self._place(key), tr(TABS[key][0]))
        self._fill("stores", bench.stores)
        self._fill("documents", bench.documents)
        self._fill("stand_ins", bench.stand_ins)
        self._fill("prices", bench.prices or ())
        self.setTabVisible(self._place("prices"), bench.prices is not None)
        self._read_current()

    def show_tab(self, key: str) -> None:
        """Brings a tab to the front and puts the keys into it."""
        if key in self.grids:
            self.setCurrentWidget(self.grids[key])
            self.grids[key].content.setFocus()

    def _make(self, key: str) -> Grid:
        title, columns, empty = TABS[key]
        grid = Grid(self._page.desk, f"workbench/{key}", columns, parent=self)
        grid.empty_label.setText(tr(empty))
        grid.opened.connect(self._open_row)
        grid.view.setAccessibleName(tr(title))
        grid.view.customContextMenuRequested.connect(self._page.show_context_menu)
        return grid

    def _place(self, key: str) -> int:
        return self.indexOf(self.grids[key])

    def _fill(self, key: str, rows: Sequence[Any]) -> None:
        self.grids[key].fill(lambda grid: grid.set_rows(rows))
        title = tr(TABS[key][0])
        self.setTabText(self._place(key), f"{title} {len(rows):,}" if rows else title)

    def _read_current(self, _index: int = 0) -> None:
        key = next((name for name, grid in self.grids.items() if grid is self.currentWidget()), "")
        if not self._item_id or not key or key in self._read:
            return
        self._read.add(key)
        session, item_id = self._page.desk.session, self._item_id
        asks: dict[str, Callable[[], Any]] = {
            "moves": partial(api.item_moves, session.db, item_id),
            "used": partial(engineering.where_used, session.db, item_id, day=session.today()),
            "bill": partial(_bill, session.db, item_id, session.today()),
        }
        ask = asks[key]
        self._page.run_query(lambda: (item_id, ask()), partial(self._answered, key), latest=f"workbench/{key}")

    def _answered(self, key: str, answer: tuple[int, Sequence[Any]]) -> None:
        item_id, rows = answer
        if item_id == self._item_id:
            self._fill(key, rows)


def _bill(db: Any, item_id: int, day: Any) -> Sequence[engineering.BomNode]:
    return engineering.bom_tree(db, item_id, day=day).root.children
