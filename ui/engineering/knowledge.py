"""Feeds the panel beside the tree: facts of the current item, its history, and costs that follow what is typed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any, Final

from PySide6.QtCore import QTimer

from services.documents.api import HistoryRow
from services.engineering import api
from services.masterdata import api as masterdata
from ui.engineering.facts_panel import FactsPanel
from ui.engineering.look import Place
from ui.engineering.tree_model import BomModel
from ui.engineering.tree_view import BomTreeView
from ui.framework.page import Page

COST_DELAY_MS: Final = 150


class ItemKnowledge:
    """Serves one page; the model is another one after each reading."""

    def __init__(self, page: Page, view: BomTreeView, panel: FactsPanel) -> None:
        self._page = page
        self._view = view
        self._panel = panel
        self._model: BomModel | None = None
        self._used_in: dict[int, int] = {}
        self._timer = QTimer(page)
        self._timer.setSingleShot(True)
        self._timer.setInterval(COST_DELAY_MS)
        self._timer.timeout.connect(self._ask_costs)

    def attach(self, model: BomModel) -> None:
        """Another tree is shown."""
        self._model = model
        self._used_in.clear()
        self._ask_costs()
        self.show(self._view.current_place())

    def edited(self) -> None:
        """Something was typed: costs follow a moment later."""
        self._timer.start()
        self.show(self._view.current_place())

    def show(self, place: Place | None) -> None:
        """The facts of a place's item; those that only it needs are asked for."""
        if self._model is None or self._view.bom is not self._model:
            return
        book = self._model.book
        item = self._model.look.item_of(place) if place is not None else None
        if item is None:
            self._panel.show_item(None, None, "", None)
            return
        bill, cost = book.bills.get(item.id), self._model.look.costs.get(item.id)
        self._panel.show_item(item, bill, book.state_text(item.id), cost, self._used_in.get(item.id))
        head = bill.head.id if bill is not None and bill.head is not None else 0
        ask = partial(_known, self._page.desk.session.db, item.id, head)
        self._page.run_query(ask, self._show_known, latest="known")

    def _show_known(self, known: tuple[int, int, Sequence[HistoryRow]]) -> None:
        item_id, used_in, events = known
        self._used_in[item_id] = used_in
        self._panel.show_known(used_in, events)

    def _ask_costs(self) -> None:
        if self._model is not None:
            db, tree = self._page.desk.session.db, self._model.book.as_tree()
            self._page.run_query(lambda: api.costs(db, tree), self._show_costs, latest="costs")

    def _show_costs(self, costs: Mapping[int, api.CostRow]) -> None:
        if self._model is not None:
            self._model.set_costs(costs)
            self.show(self._view.current_place())


def _known(db: Any, item_id: int, bom_id: int) -> tuple[int, int, Sequence[HistoryRow]]:
    """An item, how many items use it, and the history of the bill shown, if there is one."""
    return item_id, api.used_in(db, item_id), masterdata.record_history(db, "bom", bom_id) if bom_id else ()
