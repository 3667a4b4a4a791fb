"""The list of a kind of master data: search in SQL; all that matches is held, so filters and sorting see the whole list."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any, Final

from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QLabel

from services.masterdata import api
from ui.documents.printing import label_actions
from ui.documents.record_page import RecordPage
from ui.documents.rights import of_record
from ui.documents.spec import RecordSpec
from ui.documents.verbs import confirm
from ui.framework.actions import Action
from ui.framework.desk import Desk
from ui.framework.export import write_table
from ui.framework.grid.grid import Grid
from ui.framework.grid.table import MARK, Prepared
from ui.framework.navigator import RecordRef
from ui.framework.page import Page
from ui.framework.schemes import GridSchemes
from ui.framework.search_field import SearchField
from ui.framework.texts import page_title, tr

PAGE_ROWS: Final = 200
ID: Final = "#id"


class RecordListPage(Page):
    """Enter opens the form, Ins a new one; Ctrl+Delete deletes what nobody uses."""

    def __init__(self, desk: Desk, spec: RecordSpec) -> None:
        super().__init__(desk, page_title(spec.title), icon_name=spec.icon)
        self.spec = spec
        self.topics = frozenset({spec.kind})
        self.rights = of_record(spec.kind)
        self._total = 0
        self._loaded = 0
        self._text = ""
        self.grid = Grid(desk, f"{spec.kind}/records", spec.list_columns or spec.fields, markable=True, key=ID)
        self.search_field = SearchField(tr(spec.searched), self)
        self.count_label = QLabel(self)
        self.schemes = GridSchemes(self, self.grid, self._filters, self._restore)
        self._build()
        self.add_actions(self._actions())
        self.grid.opened.connect(self._open)
        self.grid.search = self.search_field.setText
        self.grid.summary.connect(self.selection_summary)
        self.grid.model.rows_changed.connect(self._show_count)
        self.grid.model.marks_changed.connect(self.state_changed)
        self.grid.current_row_changed.connect(self._row_changed)
        self.grid.view.customContextMenuRequested.connect(self.show_context_menu)
        self.schemes.start()

    def refresh(self) -> None:
        """Reads the records that match the search text: the first ones, then the rest; again all at once where all are shown."""
        self._text = self.search_field.text().strip()
        whole = self._loaded > PAGE_ROWS
        self.run_query(self._asking(0, None if whole else PAGE_ROWS), self._show, latest="list")

    def _asking(self, offset: int, limit: int | None) -> Callable[[], tuple[int, Prepared]]:
        prepare = self.grid.model.table.prepare
        return partial(_read, self.desk.session.db, self.spec.kind, self._text, offset, limit, prepare)

    def on_shown(self) -> None:
        """Keys go to the grid."""
        self.grid.setFocus()

    def apply_arguments(self, arguments: Mapping[str, Any]) -> None:
        """text: a search from elsewhere."""
        self.schemes.set.leave()
        self.search_field.setText(str(arguments.get("text", "")))

    def create_new(self) -> None:
        """新增."""
        self.desk.navigator.open(RecordRef(self.spec.kind))

    def copy_current(self) -> None:
        """复制: a new record with the values of the current one, without its key."""
        row = self.grid.current()
        page = self.desk.navigator.open(RecordRef(self.spec.kind)) if row is not None else None
        if isinstance(page, RecordPage) and row is not None:
            page.show_copy(row)

    def delete(self) -> None:
        """删除: what nobody uses; the services refuse the rest."""
        rows = [row for row in self.grid.chosen() if row[ID]]
        if rows and self.confirm(
            tr("删除"), tr("删除 {count} 条{title}？", count=len(rows), title=tr(self.spec.title))
        ):
            db, user, kind = self.desk.session.db, self.desk.session.user, self.spec.kind
            for row in rows:
                self.run_command(partial(api.delete_record, db, user, kind, row[ID]), title="删除")

    def confirm(self, title: str, question: str) -> bool:
        """A yes/no question."""
        return confirm(self, title, question)

    def export(self) -> None:
        """导出."""
        name, _ = QFileDialog.getSaveFileName(
            self, tr("导出"), f"{tr(self.spec.title)}.xlsx", "Excel (*.xlsx);;CSV (*.csv)"
        )
        if name:
            model = self.grid.model
            sections = [section for section in self.grid.view.shown_sections() if model.columns[section] is not MARK]
            columns = [model.columns[section] for section in sections]
            rows = [[model.value(row, section) for section in sections] for row in range(model.rowCount())]
            self.run_query(partial(write_table, Path(name), tr(self.spec.title), columns, rows), self._exported)

    def conditions(self) -> list[tuple[str, str]]:
        """What the list is filtered by, for its print."""
        return [(tr("搜索"), self._text)] if self._text else []

    def whole(self) -> Callable[[], Sequence[Any]] | None:
        """Reads all that match, for the print of the list; None when they are held."""
        if self._loaded >= self._total:
            return None
        ask = self._asking(0, None)
        return lambda: ask()[1].records

    def _build(self) -> None:
        line = QHBoxLayout()
        line.addWidget(self.schemes)
        line.addSpacing(10)
        line.addWidget(QLabel(tr("搜索"), self))
        self.search_field.wanted.connect(self.request_refresh)
        self.search_field.returnPressed.connect(self.grid.setFocus)
        line.addWidget(self.search_field)
        line.addStretch(1)
        line.addWidget(self.count_label)
        self.body.addLayout(line)
        self.body.addWidget(self.grid, 1)

    def _actions(self) -> list[Action]:
        chosen = self._has_current
        return [
            Action("new", "新增", self.create_new, "Ins", "new", group="edit"),
            Action("copy", "复制", self.copy_current, "Ctrl+Shift+D", "copy", chosen, group="edit"),
            Action("delete", "删除", self.delete, "Ctrl+Delete", "delete", chosen, group="edit"),
            *label_actions(self, self.spec.kind, lambda: [row[ID] for row in self.grid.chosen() if row[ID]]),
            Action("export", "导出", self.export, "Ctrl+E", "export", group="out"),
            Action("print_list", "打印列表", self.grid.printing.show, where="menu", group="out"),
            Action("search", "搜索", self.search_field.setFocus, "Ctrl+F", "search", where="menu", group="out"),
            *self.schemes.actions_of_page(),
        ]

    def _filters(self) -> dict[str, Any]:
        return {"text": self.search_field.text()}

    def _restore(self, state: Mapping[str, Any]) -> None:
        self.search_field.setText(str(state.get("text", "")))

    def _has_current(self) -> bool:
        return bool(self.grid.chosen())

    def _show(self, found: tuple[int, Prepared]) -> None:
        self._total, rows = found
        self._loaded = len(rows.records)
        self.grid.set_rows(rows)
        self.state_changed.emit()
        if self._loaded < self._total:
            self.run_query(self._asking(self._loaded, None), self._show_rest, latest="list")

    def _show_rest(self, found: tuple[int, Prepared]) -> None:
        self._total, rows = found
        self._loaded += len(rows.records)
        self.grid.add_rows(rows)

    def _show_count(self) -> None:
        shown = self.grid.model.rowCount()
        text = tr("共 {total}", total=f"{self._total:,}")
        self.count_label.setText(text if shown == self._total else text + tr("，显示 {shown}", shown=f"{shown:,}"))
        if not shown:
            self.grid.empty_label.setText(self._why_empty())

    def _why_empty(self) -> str:
        title = tr(self.spec.title)
        if self._text or self._total:
            return tr("没有符合搜索和筛选的{title}", title=title)
        none = tr("还没有{title}", title=title)
        return none + tr("，按 Ins 新增") if "new" in self._declared else none

    def _row_changed(self, row: int) -> None:
        del row
        self.state_changed.emit()

    def _open(self, row: dict[str, Any]) -> None:
        code = key_of(self.spec, row)
        page = self.desk.navigator.open(RecordRef(self.spec.kind, code))
        if isinstance(page, RecordPage) and not page.dirty:
            page.show_record(row[ID], row)

    def _exported(self, result: None) -> None:
        del result
        self.desk.say(tr("已导出"))


def _read(
    db: Any, kind: str, text: str, offset: int, limit: int | None, prepare: Callable[[list[Any]], Prepared]
) -> tuple[int, Prepared]:
    """On a thread of the pool: how many records there are, and a part of them ready for the grid."""
    found = api.list_records(db, kind, text=text, limit=limit, offset=offset)
    return found.total, prepare([{ID: record.id, **record.values} for record in found.rows])


def key_of(spec: RecordSpec, values: Mapping[str, Any]) -> str:
    """The text that identifies a record: its key fields."""
    return " ".join(str(values.get(key) or "") for key in spec.key)
