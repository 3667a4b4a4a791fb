"""合并拣货单: the lists that were numbered, what has been drawn of each, and the way back to the bench and onto paper."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from typing import Any, Final

from PySide6.QtWidgets import QComboBox, QFileDialog, QHBoxLayout, QLabel

from services.reporting import api
from ui.documents.list_page import RANGES, date_range
from ui.framework.actions import Action
from ui.framework.colors import Tone
from ui.framework.desk import Desk
from ui.framework.export import write_table
from ui.framework.grid.columns import Column
from ui.framework.grid.grid import Grid
from ui.framework.navigator import PageRef
from ui.framework.page import Page
from ui.framework.schemes import GridSchemes
from ui.framework.search_field import SearchField
from ui.framework.texts import listed, tr
from ui.production.pick_paper import show_pick_list
from ui.production.pick_search import ORDERS
from ui.production.places import BENCH, LISTS

MOST: Final = 500
USUAL: Final = "30"
STATES: Final = {"open": "未领", "part": "领了一部分", "done": "已领完", "stopped": "不再领", "gone": "单据已删除"}
TONES: Final[Mapping[str, Tone]] = {
    "open": "info", "part": "warn", "done": "ok", "stopped": "muted", "gone": "muted",
}  # fmt: skip


def _documents(row: api.PickListRow) -> str:
    gone = [tr("{number}（已删除）", number=number) for number in row.gone]
    return listed([*(ref.number for ref in row.documents), *gone])


COLUMNS: Final = (
    Column("number", "拣货单号", kind="code", width=168),
    Column("day", "日期", kind="date"),
    Column("by", "编制人", width=84),
    Column("documents", "任务单／领料单", width=330, get=_documents),
    Column("count", "单数", kind="number", width=52, get=lambda row: len(row.documents) + len(row.gone)),
    Column("state", "状态", kind="badge", width=104, choices=STATES, tones=TONES),
    Column("share", "已领", kind="progress", width=90, tooltip="编号以后领的，各种料的平均"),
    Column("left", "未领齐", kind="number", width=62, tooltip="还没有领齐的材料有几行"),
    Column("lines", "材料行", kind="number", width=62),
    Column("printed", "打印次数", kind="number", width=74),
    Column("made_at", "编号时间", kind="stamp", hidden=True),
)


class PickListsPage(Page):
    """Enter leads to the bench with the orders of the list ticked."""

    topics = frozenset({api.MERGED, *ORDERS, "material_issue", "stock"})

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk, "合并拣货单", icon_name="print")
        self.grid = Grid(desk, LISTS, COLUMNS, key="number", row_tone=_row_tone)
        self.grid.empty_label.setText(tr("没有符合的合并拣货单。在领料工作台勾选任务单，按 Ctrl+P 预览时编号"))
        self.range_box = QComboBox(self)
        self.search_field = SearchField(tr("拣货单号、编制人、任务单号（Ctrl+F）"), self)
        self.count_label = QLabel(self)
        self.note = QLabel(self)
        self._more = False
        self.schemes = GridSchemes(self, self.grid, self._filters, self._restore)
        self._build()
        self.add_actions(self._actions())
        self.grid.opened.connect(self._open)
        self.grid.summary.connect(self.selection_summary)
        self.grid.model.rows_changed.connect(self._show_count)
        self.grid.current_row_changed.connect(self._row_changed)
        self.grid.view.customContextMenuRequested.connect(self.show_context_menu)
        self.schemes.start()

    # page

    def refresh(self) -> None:
        """Reads the lists that match."""
        first, last = date_range(str(self.range_box.currentData()), self.desk.session.today())
        text = self.search_field.text().strip()
        ask = partial(api.list_pick_lists, self.desk.session.db, text=text, first=first, last=last, limit=MOST)
        self.run_query(ask, self._show, latest="lists")

    def on_shown(self) -> None:
        """Keys go to the list."""
        self.grid.setFocus()

    def apply_arguments(self, arguments: Mapping[str, Any]) -> None:
        """text: a number to look for."""
        self.schemes.set.leave()
        self.range_box.setCurrentIndex(0)
        self.grid.model.clear_filters()
        self.search_field.setText(str(arguments.get("text", "")))

    def conditions(self) -> list[tuple[str, str]]:
        """What the list is filtered by, for its print."""
        found = [(tr("日期"), self.range_box.currentText())] if self.range_box.currentData() else []
        text = self.search_field.text().strip()
        return [*found, (tr("搜索"), text)] if text else found

    def whole(self) -> None:
        """What is shown is what is printed; the count says where there are older ones."""

    def open_bench(self) -> None:
        """到领料工作台: exactly its orders, ticked."""
        row = self.grid.current()
        if row is not None:
            self._open(row)

    def reprint(self) -> None:
        """再打印: the same paper while nothing of it was drawn, else what is left, under a number of its own."""
        row = self.grid.current()
        if row is not None and row.standing:
            self._tell("")
            show_pick_list(self, row.standing, partial(self._numbered, row))

    def export(self) -> None:
        """导出: what the grid shows, as Excel or CSV."""
        name, _ = QFileDialog.getSaveFileName(
            self, tr("导出"), f"{tr('合并拣货单')}.xlsx", "Excel (*.xlsx);;CSV (*.csv)"
        )
        if name:
            self.export_to(Path(name))

    def export_to(self, file: Path) -> None:
        """Writes the shown rows in the shown columns."""
        model, sections = self.grid.model, self.grid.view.shown_sections()
        columns = [model.columns[section] for section in sections]
        rows = [[model.value(row, section) for section in sections] for row in range(model.rowCount())]
        self.run_query(
            partial(write_table, file, tr("合并拣货单"), columns, rows),
            lambda _done: self.desk.say(tr("已导出 {file}", file=file.name)),
        )

    # parts

    def _build(self) -> None:
        line = QHBoxLayout()
        line.setSpacing(4)
        line.addWidget(self.schemes)
        line.addSpacing(10)
        line.addWidget(QLabel(tr("日期"), self))
        for key, word in RANGES.items():
            self.range_box.addItem(tr(word), key)
        self.range_box.setCurrentIndex(self.range_box.findData(USUAL))
        self.range_box.setAccessibleName(tr("日期"))
        self.range_box.currentIndexChanged.connect(self.request_refresh)
        line.addWidget(self.range_box)
        line.addSpacing(10)
        line.addWidget(QLabel(tr("搜索"), self))
        self.search_field.wanted.connect(self.request_refresh)
        self.search_field.returnPressed.connect(self.grid.setFocus)
        line.addWidget(self.search_field)
        line.addStretch(1)
        line.addWidget(self.count_label)
        self.body.addLayout(line)
        self.body.addWidget(self.grid, 1)
        self.note.setObjectName("faintLabel")
        self.note.setWordWrap(True)
        self.note.hide()
        self.body.addWidget(self.note)

    def _actions(self) -> list[Action]:
        return [
            Action("open", "到领料工作台", self.open_bench, "Ctrl+Return", "box", self._has_row, group="go"),
            Action(
                "reprint",
                "再打印",
                self.reprint,
                "Ctrl+P",
                "print",
                self._may_print,
                "没领过的还是原来的号",
                group="out",
            ),
            Action("export", "导出", self.export, "Ctrl+E", "export", group="out"),
            Action("print_list", "打印列表", self.grid.printing.show, where="menu", group="out"),
            Action("search", "搜索", self._to_search, "Ctrl+F", "search", where="menu", group="out"),
            *self.schemes.actions_of_page(),
        ]

    def _filters(self) -> dict[str, Any]:
        return {"range": self.range_box.currentData(), "text": self.search_field.text()}

    def _restore(self, state: Mapping[str, Any]) -> None:
        self.range_box.setCurrentIndex(max(0, self.range_box.findData(str(state.get("range", USUAL)))))
        self.search_field.setText(str(state.get("text", "")))

    def _show(self, found: api.PickLists) -> None:
        self._more = found.more
        self.grid.set_rows(found.rows)
        self.state_changed.emit()

    def _show_count(self) -> None:
        total, shown = self.grid.model.total_count, self.grid.model.rowCount()
        text = tr("共 {total}", total=f"{total:,}")
        if self._more:
            text = tr("最新的 {total} 张，更早的请选日期", total=f"{total:,}")
        self.count_label.setText(text if shown == total else text + tr("，显示 {shown}", shown=f"{shown:,}"))

    def _open(self, row: api.PickListRow) -> None:
        self.desk.navigator.open(PageRef(BENCH, (("list", row.number),)))

    def _numbered(self, row: api.PickListRow, made: api.PickList) -> None:
        if made.number != row.number:
            words = "{before} 编号以后有变动（领过、改过或少了单），现在要领的编为 {now}"
            self._tell(tr(words, before=row.number, now=made.number or tr("（没有编号）")))

    def _tell(self, sentence: str) -> None:
        self.note.setText(sentence)
        self.note.setVisible(bool(sentence))

    def _has_row(self) -> bool:
        return self.grid.current() is not None

    def _may_print(self) -> bool:
        row = self.grid.current()
        if row is None or not row.standing:
            return False
        allowed: Callable[[str], bool] = self.desk.session.allowed
        return all(allowed(f"{ref.type}.print") for ref in row.documents if ref.id in row.standing)

    def _row_changed(self, row: int) -> None:
        del row
        self.state_changed.emit()

    def _to_search(self) -> None:
        self.search_field.setFocus()
        self.search_field.selectAll()


def _row_tone(row: api.PickListRow) -> Tone:
    return "muted" if row.state in ("stopped", "gone") else ""
