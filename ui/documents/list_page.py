"""The list of a document type: filters in SQL, the grid on what was read, verbs on the ticked rows."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date, timedelta
from functools import partial
from pathlib import Path
from typing import Any, Final

from PySide6.QtWidgets import QComboBox, QFileDialog, QHBoxLayout, QLabel, QToolButton

from models.kernel.problems import Problem, refuse
from models.kernel.refs import DocRef
from services.documents import api
from services.printing.api import MOST_ROWS
from ui.documents.document_page import DocumentPage, open_draft
from ui.documents.list_reading import ListReader
from ui.documents.printer import can_print
from ui.documents.printing import label_actions, print_documents
from ui.documents.rights import of_document
from ui.documents.spec import DocumentSpec
from ui.documents.states import state_of
from ui.documents.verbs import Chosen, DocumentVerbs, open_numbered
from ui.framework.actions import Action
from ui.framework.colors import Tone
from ui.framework.desk import Desk
from ui.framework.export import write_table
from ui.framework.grid.grid import Grid
from ui.framework.grid.index import ColumnFilter
from ui.framework.grid.table import MARK
from ui.framework.page import Page
from ui.framework.schemes import GridSchemes
from ui.framework.search_field import SearchField
from ui.framework.texts import listed, page_title, tr

STATES: Final = {"draft": "未审核", "approved": "已审核", "closed": "已关闭"}
RANGES: Final = {
    "": "全部日期",
    "0": "今天",
    "7": "近 7 天",
    "30": "近 30 天",
    "90": "近 90 天",
    "month": "本月",
    "last_month": "上月",
}
DUES: Final = {"": "全部交期", "late": "已逾期", "soon": "三天内到期"}
SOON_DAYS: Final = 3


class DocumentListPage(Page):
    """状态, 日期, 交期 and 搜索 are asked of the database, newest first, a thousand rows at a time.

    Scrolling to the end reads on, Ctrl+End goes straight to the oldest (ListReader).
    """

    def __init__(self, desk: Desk, spec: DocumentSpec) -> None:
        super().__init__(desk, tr("{title}列表", title=page_title(spec.title)), icon_name=spec.icon)
        self.spec = spec
        self.topics = spec.topics
        self.rights = of_document(spec)
        self.grid = Grid(desk, f"{spec.type}/list", spec.list_columns, markable=True, key="ref", row_tone=_row_tone)
        self.grid.empty_label.setText(tr("没有符合条件的单据，按 Ins 新增"))
        self.search_field = SearchField(tr("单号、往来单位、物料、拼音（Ctrl+F）"), self)
        self.state_buttons: dict[str, QToolButton] = {}
        self.range_box = QComboBox(self)
        self.due_box = QComboBox(self)
        self.count_label = QLabel(self)
        self.reader = ListReader(self, self.grid, spec.type, self._wanted, self._kept)
        self.schemes = GridSchemes(self, self.grid, self._filters, self._restore)
        self._build_filters()
        self.body.addWidget(self.grid, 1)
        self.verbs = DocumentVerbs(self, spec, self._chosen, partial(open_draft, desk))
        self.add_actions(self._actions())
        self.grid.opened.connect(self._open)
        self.grid.search = self.search_field.setText
        self.grid.summary.connect(self.selection_summary)
        self.grid.model.marks_changed.connect(self.state_changed)
        self.grid.model.rows_changed.connect(self._show_count)
        self.grid.model.rows_changed.connect(self.state_changed)
        self.grid.current_row_changed.connect(self._row_changed)
        self.grid.view.customContextMenuRequested.connect(self.show_context_menu)
        self.schemes.start()

    # page

    def refresh(self) -> None:
        """Reads the rows that are there again."""
        self.reader.refresh()

    def on_shown(self) -> None:
        """Keys go to the grid."""
        self.grid.setFocus()

    def lead_to(self, problem: Problem) -> bool:
        """The document a refusal names."""
        return open_numbered(self, problem)

    def apply_arguments(self, arguments: Mapping[str, Any]) -> None:
        """text, states (words of STATES), due (of DUES), kinds: a filtered list opened from elsewhere; the rest is not filtered."""
        self.schemes.set.leave()
        self.range_box.setCurrentIndex(0)
        self.due_box.setCurrentIndex(max(0, self.due_box.findData(arguments.get("due", ""))))
        self.grid.model.clear_filters()
        if arguments.get("kinds"):
            words = frozenset(tr(self.spec.kinds.get(kind, kind)) for kind in arguments["kinds"])
            self.grid.model.set_filter("kind", ColumnFilter(words))
        if "text" in arguments:
            self.search_field.setText(str(arguments["text"]))
        if "states" in arguments:
            for key, button in self.state_buttons.items():
                button.setChecked(key in arguments["states"])
        self.request_refresh()

    def create_new(self) -> None:
        """新增: an empty window."""
        self.desk.navigator.open(DocRef(self.spec.type, 0, ""))

    def print(self) -> None:
        """打印: preview of the chosen documents."""
        print_documents(self, [doc.ref for doc in self._chosen()])

    def export(self) -> None:
        """导出: what the grid shows, as Excel or CSV."""
        name, _ = QFileDialog.getSaveFileName(
            self, tr("导出"), f"{tr(self.spec.title)}.xlsx", "Excel (*.xlsx);;CSV (*.csv)"
        )
        if name:
            self.export_to(Path(name))

    def export_to(self, file: Path) -> None:
        """Writes the shown rows in the shown columns."""
        model = self.grid.model
        sections = [section for section in self.grid.view.shown_sections() if model.columns[section] is not MARK]
        columns = [model.columns[section] for section in sections]
        rows = [[model.value(row, section) for section in sections] for row in range(model.rowCount())]
        self.run_query(partial(write_table, file, tr(self.spec.title), columns, rows), partial(self._exported, file))

    def conditions(self) -> list[tuple[str, str]]:
        """What the list is filtered by, for its print."""
        states = [tr(word) for key, word in STATES.items() if self.state_buttons[key].isChecked()]
        found = [(tr("状态"), listed(states))] if states else []
        for title, box in ((tr("日期"), self.range_box), (tr("交期"), self.due_box)):
            if box.currentData():
                found.append((title, box.currentText()))
        text = self.search_field.text().strip()
        return [*found, (tr("搜索"), text)] if text else found

    def whole(self) -> Callable[[], Sequence[api.DocumentListRow]] | None:
        """Reads all that match, for the print of the list; None when they are held."""
        return (
            None
            if self.reader.held.whole
            else partial(_all, self.desk.session.db, self.spec, self._wanted(), self._kept())
        )

    # parts

    def _build_filters(self) -> None:
        line = QHBoxLayout()
        line.setSpacing(4)
        line.addWidget(self.schemes)
        line.addSpacing(10)
        line.addWidget(QLabel(tr("状态"), self))
        for key, word in STATES.items():
            button = QToolButton(self)
            button.setText(tr(word))
            button.setCheckable(True)
            button.setChecked(key != "closed")
            button.setObjectName(f"button_state_{key}")
            button.toggled.connect(self.request_refresh)
            self.state_buttons[key] = button
            line.addWidget(button)
        line.addSpacing(10)
        line.addWidget(QLabel(tr("日期"), self))
        for key, word in RANGES.items():
            self.range_box.addItem(tr(word), key)
        self.range_box.setAccessibleName(tr("日期"))
        self.range_box.currentIndexChanged.connect(self.request_refresh)
        line.addWidget(self.range_box)
        for key, word in DUES.items():
            self.due_box.addItem(tr(word), key)
        self.due_box.setAccessibleName(tr("交期"))
        self.due_box.setVisible(any(column.key == "due_date" for column in self.spec.list_columns))
        self.due_box.currentIndexChanged.connect(self.request_refresh)
        line.addWidget(self.due_box)
        line.addSpacing(10)
        line.addWidget(QLabel(tr("搜索"), self))
        self.search_field.setMinimumWidth(230)
        self.search_field.setMaximumWidth(300)
        self.search_field.wanted.connect(self.request_refresh)
        self.search_field.returnPressed.connect(self._to_grid)
        line.addWidget(self.search_field, 2)
        line.addStretch(1)
        line.addWidget(self.count_label)
        self.body.addLayout(line)

    def _actions(self) -> list[Action]:
        made = [Action("new", "新增", self.create_new, "Ins", "new", group="edit")]
        made += self.verbs.actions()
        made += [
            Action(
                "print",
                "打印",
                self.print,
                "Ctrl+P",
                "print",
                lambda: can_print() and bool(self._chosen()),
                group="out",
            ),
            *label_actions(self, self.spec.type, lambda: [doc.ref.id for doc in self._chosen()]),
            Action("export", "导出", self.export, "Ctrl+E", "export", group="out"),
            Action("print_list", "打印列表", self.grid.printing.show, where="menu", group="out"),
            Action("search", "搜索", self._to_search, "Ctrl+F", "search", where="menu", group="out"),
            *self.schemes.actions_of_page(),
            Action("unmark", "取消全部勾选", self.grid.model.clear_marks, where="menu", group="out"),
        ]
        return made + (self.spec.list_actions(self) if self.spec.list_actions is not None else [])

    def _wanted(self) -> api.DocumentFilter:
        statuses, closings = _axes(self._ticked())
        today = self.desk.session.today()
        first, last = date_range(str(self.range_box.currentData()), today)
        due_first, due_last = due_range(str(self.due_box.currentData()), today)
        return {
            "text": self.search_field.text().strip(),
            "statuses": statuses,
            "closings": closings,
            "date_from": first,
            "date_to": last,
            "due_from": due_first,
            "due_to": due_last,
        }

    def _ticked(self) -> set[str]:
        return {key for key, button in self.state_buttons.items() if button.isChecked()}

    def _kept(self) -> Callable[[api.DocumentListRow], bool]:
        return partial(_in_states, self._ticked())

    def _show_count(self) -> None:
        shown, total = self.grid.model.rowCount(), self.reader.total
        if total is None:
            text = tr("显示 {shown}，正在计数…", shown=f"{shown:,}")
        else:
            text = tr("共 {total}", total=f"{max(total, len(self.reader.held)):,}")
            if shown != max(total, len(self.reader.held)):
                text += tr("，显示 {shown}", shown=f"{shown:,}")
        self.count_label.setText(text)

    def _chosen(self) -> list[Chosen]:
        return [Chosen(row.ref, row.version, row.status, row.closing) for row in self.grid.chosen()]

    def _open(self, row: api.DocumentListRow) -> None:
        page = self.desk.navigator.open(row.ref)
        if isinstance(page, DocumentPage):
            page.set_siblings([record.ref for record in self.grid.model.records()])

    def _row_changed(self, row: int) -> None:
        del row
        self.state_changed.emit()

    def _filters(self) -> dict[str, Any]:
        return {
            "states": [key for key, button in self.state_buttons.items() if button.isChecked()],
            "range": self.range_box.currentData(),
            "due": self.due_box.currentData(),
            "text": self.search_field.text(),
        }

    def _restore(self, state: Mapping[str, Any]) -> None:
        states = state.get("states", ("draft", "approved"))
        for key, button in self.state_buttons.items():
            button.setChecked(key in states)
        self.range_box.setCurrentIndex(max(0, self.range_box.findData(state.get("range", ""))))
        self.due_box.setCurrentIndex(max(0, self.due_box.findData(state.get("due", ""))))
        self.search_field.setText(str(state.get("text", "")))
        self.request_refresh()

    def _to_search(self) -> None:
        self.search_field.setFocus()
        self.search_field.selectAll()

    def _to_grid(self) -> None:
        self.grid.setFocus()

    def _exported(self, file: Path, result: None) -> None:
        del result
        self.desk.say(tr("已导出 {file}", file=file.name))


def date_range(key: str, today: date) -> tuple[date | None, date | None]:
    """First and last day of a named range."""
    if key == "month":
        return today.replace(day=1), None
    if key == "last_month":
        last = today.replace(day=1) - timedelta(days=1)
        return last.replace(day=1), last
    return (today - timedelta(days=int(key)), None) if key else (None, None)


def due_range(key: str, today: date) -> tuple[date | None, date | None]:
    """Between which days the next open line is due: late, or soon and not late."""
    if key == "late":
        return None, today - timedelta(days=1)
    return (today, today + timedelta(days=SOON_DAYS)) if key == "soon" else (None, None)


def _axes(ticked: set[str]) -> tuple[Sequence[str], Sequence[str]]:
    if ticked == {"closed"}:
        return (), ("S", "H")
    statuses = [status for status, keys in (("Z", {"draft"}), ("C", {"approved", "closed"})) if ticked & keys]
    closings: Sequence[str] = () if "closed" in ticked or not ticked else ("C",)
    return statuses if ticked else (), closings


def _all(
    db: Any, spec: DocumentSpec, wanted: api.DocumentFilter, keep: Callable[[api.DocumentListRow], bool]
) -> list[api.DocumentListRow]:
    found = api.list_documents(db, spec.type, limit=MOST_ROWS + 1, counted=False, **wanted).rows
    if len(found) > MOST_ROWS:
        rows = api.count_documents(db, spec.type, **wanted)
        raise refuse("print.list_long", title=tr(spec.title), rows=rows, most=MOST_ROWS)
    return [row for row in found if keep(row)]


def _in_states(ticked: set[str], row: api.DocumentListRow) -> bool:
    state = state_of(row)
    return not ticked or ("closed" if state in ("stopped", "void") else state) in ticked


def _row_tone(row: api.DocumentListRow) -> Tone:
    return "muted" if row.closing != "C" else ""
