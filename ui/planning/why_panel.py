"""Beside the plan: why the current order is what it is, and whom it serves."""

from __future__ import annotations

import html
from collections.abc import Sequence
from functools import partial
from typing import Final

from PySide6.QtCore import QUrl, Signal
from PySide6.QtWidgets import QTextBrowser, QWidget

from models.kernel.numbers import plain
from models.kernel.refs import DocRef
from models.kernel.vocabulary import DEMAND_KINDS
from services.documents import api as documents
from services.planning import api
from ui.framework.colors import current
from ui.framework.desk import Desk
from ui.framework.page import Page
from ui.framework.texts import tr
from ui.planning.words import explained

DOCUMENTS: Final = frozenset({"sales_order", "forecast", "production_order", "subcontract_order"})
Answer = tuple[api.PlannedOrderRow, api.ExplanationView, Sequence[api.PeggingRow]]


class WhyPanel(QTextBrowser):
    """Links open documents; planned_wanted(seq) when a link names another planned order."""

    planned_wanted = Signal(int)

    def __init__(self, page: Page, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("whyPanel")
        self.setAccessibleName(tr("为什么是这个数"))
        self.setOpenLinks(False)
        self._page = page
        self.anchorClicked.connect(self._follow)
        self.show_nothing()

    def show_order(self, row: api.PlannedOrderRow) -> None:
        """Asks for the explanation of a planned order; only the newest answer is shown."""
        ask = partial(_ask, self._page.desk, row)
        self._page.run_query(ask, self._show, latest="why")

    def show_nothing(self) -> None:
        """No order chosen."""
        self.setHtml(
            f"<p style='color:{current().faint}'>{tr('选一行计划订单，这里说明它为什么是这个数、供给谁。')}</p>"
        )

    def _show(self, answer: Answer) -> None:
        row, view, pegging = answer
        text = explained(view, row.item_name, row.unit) + _served(pegging)
        if row.quantity != view.steps[-1].quantity and row.part == 0 and len(view.orders) == 1:
            note = tr("运算时为 {old}，已手工改为 {new}", old=plain(view.steps[-1].quantity), new=plain(row.quantity))
            text += f"<p style='color:{current().tones['warn']}'>⚠ {html.escape(note)}</p>"
        self.setHtml(text)

    def _follow(self, link: QUrl) -> None:
        parts = link.toString().split(":", 3)
        if parts[0] == "planned":
            self.planned_wanted.emit(int(parts[1]))
        elif parts[0] == "doc":
            self._page.desk.navigator.open(DocRef(parts[1], int(parts[2]), parts[3]))
        elif parts[0] == "find":
            ask = partial(documents.find_document, self._page.desk.session.db, parts[2], parts[1])
            self._page.run_query(ask, self._found)

    def _found(self, ref: DocRef | None) -> None:
        if ref is not None:
            self._page.desk.navigator.open(ref)


def _ask(desk: Desk, row: api.PlannedOrderRow) -> Answer:
    db = desk.session.db
    return row, api.explain(db, row.run_id, row.id), list(api.pegging(db, row.run_id, row.id))


def _served(rows: Sequence[api.PeggingRow]) -> str:
    if not rows:
        return ""
    cells = []
    for row in rows:
        word = tr(DEMAND_KINDS.get(row.demand_kind, row.demand_kind))
        line = tr(" 第{line}行", line=row.demand_line) if row.demand_line else ""
        where = f"{word} {row.demand_number}{line}" if row.demand_number else word
        item = f" {row.demand_item}" if row.demand_item != row.item else ""
        text = html.escape(where + item)
        if row.demand_number and row.demand_kind in DOCUMENTS:
            shade = current().tones["info"]
            text = f"<a href='find:{row.demand_kind}:{html.escape(row.demand_number)}' style='color:{shade}'>{text}</a>"
        day = f"{row.demand_date:%m-%d}" if row.demand_date else ""
        cells.append(
            f"<tr><td align='right'>{plain(row.quantity)}</td><td>{text}</td>"
            f"<td align='right' style='color:{current().faint}'>{day}</td></tr>"
        )
    return f"<p><b>{tr('供给谁')}</b></p><table cellspacing='0' cellpadding='2' width='100%'>{''.join(cells)}</table>"
