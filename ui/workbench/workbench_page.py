"""物料工作台: the telephone rings, the clerk types a code, and answers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import partial
from typing import Any, Final

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QCheckBox, QHBoxLayout, QLabel, QSplitter, QVBoxLayout, QWidget

from models.kernel.problems import Problem, Refused
from models.kernel.refs import DocRef
from services.documents.api import document_types
from services.masterdata import api as masterdata
from services.planning import api
from ui.framework.actions import Action
from ui.framework.desk import Desk
from ui.framework.grid.grid import Grid
from ui.framework.navigator import RecordRef
from ui.framework.page import Page
from ui.framework.schemes import GridSchemes
from ui.framework.texts import tr
from ui.planning.timeline_panel import BalanceStrip
from ui.workbench.head_bar import HeadBar
from ui.workbench.rows import availability_columns, of_run
from ui.workbench.side_tabs import TABS, SideTabs

LAST_ITEM: Final = "workbench/last"
WIDE: Final = (640, 560)
READ_PLAN: Final = "plan.read"


@dataclass(frozen=True, slots=True)
class Answer:
    """One reading: the text asked for, the item found, and with the plan its movements in the newest run."""

    text: str
    bench: api.Workbench | None
    run_id: int = 0
    planned: Sequence[api.AvailabilityRow] = ()


class WorkbenchPage(Page):
    """One item, its running availability at the left, everything else in tabs at the right. Enter leads on, Alt+Left back."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk, "物料工作台", icon_name="box")
        kinds = frozenset().union(*(kind.topics | {kind.code} for kind in document_types()))
        self.topics = kinds | {"stock", "items", "bom", "substitutes", "warehouses", "planned_order", "mrp_run"}
        self.code = ""
        self.safety = Decimal(0)
        self.passed: list[str] = []
        self._wanted_tab = ""
        items = desk.lookups.get("items")
        assert items is not None, "master data registers its look-ups before any page is made"
        self.head = HeadBar(desk.ops, items, self)
        self.with_plan = QCheckBox(tr("连同计划订单"), self)
        self.with_plan.setVisible(desk.session.allowed(READ_PLAN))
        self.note = QLabel(self)
        self.note.setObjectName("faintLabel")
        self.strip = BalanceStrip(self)
        self.grid = Grid(desk, "workbench/availability", availability_columns(self), parent=self)
        self.grid.view.setAccessibleName(tr("供需"))
        self.grid.empty_label.setText(tr("输入物料编码、名称或拼音，回车查看"))
        self.tabs = SideTabs(self, self._open_row, self)
        self.schemes = GridSchemes(self, self.grid, self._filters, self._restore)
        self._lay_out()
        self.head.item_wanted.connect(self.show_item)
        self.with_plan.toggled.connect(self.request_refresh)
        self.grid.opened.connect(self._open_row)
        self.grid.summary.connect(self.selection_summary)
        self.grid.view.customContextMenuRequested.connect(self.show_context_menu)
        self.add_actions([*self._actions(), *self.schemes.actions_of_page()])
        self.schemes.start()

    # the page's duties

    def refresh(self) -> None:
        """Reads the item again."""
        if self.code:
            session = self.desk.session
            ask = partial(_read, session.db, self.code, session.today(), with_plan=self.with_plan.isChecked())
            self.run_query(ask, self._show, latest="workbench")

    def item_code(self) -> str:
        """The item of the row under the cursor, else the one shown."""
        return super().item_code() or self.code

    def on_shown(self) -> None:
        """The item seen last, else one that is in use; the clerk starts in the field."""
        self.head.item.setFocus()
        self.head.item.selectAll()
        if not self.code:
            last = self.desk.settings.load(LAST_ITEM)
            if last:
                self.show_item(last)
            else:
                self.run_query(partial(api.item_in_use, self.desk.session.db), self._begin_with, latest="first")

    def apply_arguments(self, arguments: Mapping[str, Any]) -> None:
        """code: the item; tab: key of the tab to look at."""
        self._wanted_tab = str(arguments.get("tab", ""))
        if arguments.get("code"):
            self.show_item(str(arguments["code"]))
            if not self._wanted_tab:
                self.grid.setFocus()

    # showing

    def show_item(self, text: str) -> None:
        """Another item, by code, name or pinyin."""
        self.refusals.clear()
        if self.code and text != self.code:
            self.passed.append(self.code)
        self.code = text
        self.request_refresh()

    def back(self) -> None:
        """Alt+Left: the item before."""
        if self.passed:
            self.code = self.passed.pop()
            self.request_refresh()

    def _filters(self) -> dict[str, Any]:
        return {"with_plan": self.with_plan.isChecked()}

    def _restore(self, state: Mapping[str, Any]) -> None:
        """Without the right to plans there are none, whatever a colleague's scheme says."""
        self.with_plan.setChecked(state.get("with_plan") is True and self.desk.session.allowed(READ_PLAN))

    def _begin_with(self, code: str) -> None:
        if code and not self.code:
            self.show_item(code)

    def _show(self, answer: Answer) -> None:
        bench = answer.bench
        if bench is None:
            self.code = self.passed.pop() if self.passed else ""
            self.show_problems([Problem("workbench.unknown_item", {"text": answer.text})])
            return
        self.code, self.safety = bench.head.code, bench.head.safety_stock
        self.desk.settings.save(LAST_ITEM, self.code)
        self.set_title(tr("工作台 {code}", code=self.code))
        self.head.show_item(bench.head, bench.figures)
        rows = answer.planned or bench.rows
        self.grid.set_rows(rows)
        self.strip.show_rows(rows)
        word = tr("运算 #{run} 时的供需，含计划订单", run=answer.run_id) if answer.planned else ""
        if self.with_plan.isChecked() and not answer.planned:
            word = tr("最近一次运算里没有这个物料")
        self.note.setText(word or tr("现在的未完单据，不用运算；过期的算今天"))
        self.tabs.show_bench(bench)
        if self._wanted_tab:
            self.tabs.show_tab(self._wanted_tab)
            self._wanted_tab = ""
        elif self.head.item.hasFocus() and self.isVisible():
            self.head.item.selectAll()
        self.state_changed.emit()

    # verbs

    def _open_row(self, row: Any) -> None:
        """Enter: the document of the row, else the item it names, here."""
        ref = getattr(row, "document", None) or getattr(row, "ref", None)
        if isinstance(ref, DocRef):
            self.desk.navigator.open(ref)
            return
        code = getattr(row, "item_code", "") or getattr(getattr(row, "item", None), "code", "")
        if code:
            self.show_item(code)

    def open_card(self) -> None:
        """The item's record."""
        self.desk.navigator.open(RecordRef("items", self.code))

    def open_bill(self) -> None:
        """The item's bill as a tree."""
        self.desk.navigator.open(RecordRef("bom", self.code))

    def to_field(self) -> None:
        """Ctrl+F: another item."""
        self.head.item.setFocus()
        self.head.item.selectAll()

    def to_rows(self) -> None:
        """Alt+1: the keys go to the availability."""
        self.grid.setFocus()

    def _actions(self) -> list[Action]:
        known = self._has_item
        made = [
            Action("find", "换物料", self.to_field, "Ctrl+F", "search", group="go"),
            Action("back", "上一个物料", self.back, "Alt+Left", "left", lambda: bool(self.passed), group="go"),
            Action("card", "物料资料", self.open_card, "Ctrl+Return", "page", known, group="open"),
        ]
        if self.desk.session.allowed("bom.read"):
            made.append(Action("bill", "多级 BOM", self.open_bill, "Ctrl+B", "tree", known, group="open"))
        made.append(Action("rows", "看供需", self.to_rows, "Alt+1", where="menu", group="tabs"))
        for number, key in enumerate(self.tabs.grids, start=2):
            title = tr("看{tab}", tab=tr(TABS[key][0]))
            run = partial(self.tabs.show_tab, key)
            made.append(Action(f"tab_{key}", title, run, f"Alt+{number}", where="menu", group="tabs"))
        return made

    def _has_item(self) -> bool:
        return bool(self.code)

    def _lay_out(self) -> None:
        left = QWidget(self)
        column = QVBoxLayout(left)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        line = QHBoxLayout()
        line.addWidget(self.schemes)
        line.addWidget(self.note, 1)
        line.addWidget(self.with_plan)
        column.addLayout(line)
        column.addWidget(self.strip)
        column.addWidget(self.grid, 1)
        across = QSplitter(Qt.Orientation.Horizontal, self)
        across.addWidget(left)
        across.addWidget(self.tabs)
        across.setSizes(list(WIDE))
        across.setStretchFactor(0, 1)
        across.setStretchFactor(1, 1)
        across.setChildrenCollapsible(False)
        self.body.addWidget(self.head)
        self.body.addWidget(across, 1)


def _read(db: Any, text: str, today: date, *, with_plan: bool) -> Answer:
    """The item of a code, else the only one that a search finds; with the plan, what its newest run knew."""
    bench = api.item_workbench(db, text, today)
    if bench is None:
        hits = masterdata.search(db, "items", text, 2)
        exact = [hit for hit in hits if hit.code.casefold() == text.casefold()] or (hits if len(hits) == 1 else [])
        bench = api.item_workbench(db, exact[0].code, today) if exact else None
    if bench is None or not with_plan:
        return Answer(text, bench)
    try:
        run = api.newest_run(db)
        return Answer(text, bench, run, [of_run(row) for row in api.timeline(db, run, bench.head.id)])
    except Refused:
        return Answer(text, bench)
