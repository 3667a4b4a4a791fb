"""Feeds the panel beside the tree: facts of the current item, its history, and costs that follow what is typed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

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
        self._timer = QTimer(page)
        self._timer.setSingleShot(True)
        self._timer.setInterval(COST_DELAY_MS)
        self._timer.timeout.connect(self._ask_costs)

    def attach(self, model: BomModel) -> None:
        """Another tree is shown."""
        self._model = model
        self._ask_costs()
        self.show(self._view.current_place())

    def edited(self) -> None:
        """Something was typed: costs follow a moment later."""
        self._timer.start()
        self.show(self._view.current_place())

    def show(self, place: Place | None) -> None:
        """The facts of a place's item."""
        if self._model is None or self._view.bom is not self._model:
            return
        book = self._model.book
        item = self._model.look.item_of(place) if place is not None else None
        bill = book.bills.get(item.id) if item is not None else None
        state = book.state_text(item.id) if item is not None else ""
        self._panel.show_item(item, bill, state, self._model.look.costs.get(item.id) if item is not None else None)
        if bill is not None and bill.head is not None:
            db, head = self._page.desk.session.db, bill.head.id
            self._page.run_query(
                lambda: masterdata.record_history(db, "bom", head), self._show_history, latest="history"
            )

    def _show_history(self, events: Sequence[HistoryRow]) -> None:
        self._panel.show_history(events)

    def _ask_costs(self) -> None:
        if self._model is not None:
            db, tree = self._page.desk.session.db, self._model.book.as_tree()
            self._page.run_query(lambda: api.costs(db, tree), self._show_costs, latest="costs")

    def _show_costs(self, costs: Mapping[int, api.CostRow]) -> None:
        if self._model is not None:
            self._model.set_costs(costs)
            self.show(self._view.current_place())
