"""打印模板: the templates of a document type, what each shows as ticks and widths, and beside it the page as it is printed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any, Final

from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QComboBox, QLabel, QSplitter, QVBoxLayout, QWidget

from models.kernel.problems import Problem
from models.kernel.refs import DocRef
from services.printing.api import PdfPages, unnamed
from services.reporting import api
from ui.framework.desk import Desk
from ui.framework.grid.columns import Column
from ui.framework.grid.grid import Grid
from ui.framework.page import Page
from ui.framework.preview import PreviewDialog
from ui.framework.texts import listed, tr
from ui.framework.widths import wide
from ui.printing.editor import TemplateEditor
from ui.printing.printer_dialog import PrinterDialog
from ui.printing.printers import print_setup
from ui.printing.sample_view import SampleView, Sheet, sheet
from ui.printing.template_verbs import TemplateVerbs

LOOK_DELAY_MS: Final = 250
LIST: Final = (
    Column("name", "模板", width=98),
    Column("kind", "来源", width=52),
    Column("default", "默认", kind="flag", width=44),
    Column(
        "fresh", "新字段", kind="number", width=52, decimals=0, tooltip="做好模板以后系统新增的字段，还没有排上，不印"
    ),
)


class TemplatesPage(Page):
    """The template chosen at the left is edited in the middle; the right shows a document of the book as it would be printed."""

    topics = frozenset({"form_templates"})

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk, "打印模板", icon_name="print")
        self.kinds = QComboBox(self)
        self.grid = Grid(desk, "print/templates", LIST, key="name")
        self.editor = TemplateEditor(desk, self)
        self.sample = SampleView(self)
        self.hint = QLabel(self)
        self._rows: dict[str, api.TemplateRow] = {}
        self.shown: api.TemplateRow | None = None
        self._offer: api.Offered | None = None
        self._dirty = False
        self._faulty = False
        self.wanted = ""
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(LOOK_DELAY_MS)
        self._timer.timeout.connect(self.look)
        self.verbs = TemplateVerbs(self)
        self._build()
        self.add_actions(self.verbs.actions())
        self.kinds.currentIndexChanged.connect(self._kind_changed)
        self.sample.wanted.connect(self._timer.start)
        self.grid.current_row_changed.connect(self._row_changed)
        self.grid.opened.connect(self.editor.to_columns)
        self.grid.view.customContextMenuRequested.connect(self.show_context_menu)
        self.editor.changed.connect(self._typed)

    # page

    def refresh(self) -> None:
        """Reads the templates of the chosen type and the documents to look at."""
        kind, db = self.kind, self.desk.session.db

        def read() -> tuple[str, list[api.TemplateRow], list[DocRef]]:
            return kind, api.templates(db, kind), api.sample_documents(db, kind)

        self.run_query(read, self._show, latest="templates")

    def on_shown(self) -> None:
        """Keys go to the list."""
        self.grid.setFocus()

    @property
    def dirty(self) -> bool:
        """Whether something was changed that is not saved."""
        return self._dirty

    def lead_to(self, problem: Problem) -> bool:
        """The field or grid a refusal speaks of."""
        return self.editor.lead_to(problem)

    def discard(self) -> None:
        """放弃修改."""
        self._dirty = False
        self._show_current()

    # looking

    def look(self) -> None:
        """Shows the sample as the template prints it now; faults stand below instead."""
        template = self.editor.template()
        if template is None:
            return
        dpi = self.sample.dpi(template.paper.width_mm)
        work = partial(sheet, self.desk.session.db, template, self.sample.document, dpi, self.desk.session.language)
        self.desk.ops.run_query(
            work, self._looked, owner=self, on_refused=self._look_refused, latest="look", title=self.title
        )

    def preview(self) -> None:
        """打印预览: the sample in the window that prints."""
        pdf = self.sample.pdf
        if pdf:
            setup = print_setup(self.desk, self.kind, warnings=self.sample.warnings)
            PreviewDialog(self.desk, tr("打印模板"), pdf, PdfPages(pdf), self, setup).open()

    def printers(self) -> None:
        """打印机与偏移: what this machine's printers need."""
        template = self.editor.template()
        if template is not None:
            PrinterDialog(self.desk, template, tuple(self._rows), self).open()

    # parts

    @property
    def kind(self) -> str:
        """The chosen document type."""
        return str(self.kinds.currentData())

    def _build(self) -> None:
        for code, title in api.printed_types():
            self.kinds.addItem(tr(title), code)
        self.kinds.setAccessibleName(tr("单据类型"))
        self.kinds.setMaxVisibleItems(30)
        self.hint.setObjectName("faintLabel")
        self.hint.setWordWrap(True)
        split = QSplitter(Qt.Orientation.Horizontal, self)
        narrow = wide(LIST)
        # The editor is never narrower than its form, whatever the language and the size of the letters.
        for part, least in (
            (_column(self.kinds, self.grid), 140),
            (_column(self.editor, self.hint, gap=4), 0),
            (self.sample, 210),
        ):
            split.addWidget(part)
            part.setMinimumWidth(least)
        split.setSizes([narrow, 400, 1000 - narrow])
        split.setStretchFactor(2, 1)
        self.body.addWidget(split, 1)

    # answers

    def _show(self, answer: tuple[str, list[api.TemplateRow], list[DocRef]]) -> None:
        kind, rows, documents = answer
        if kind != self.kind:
            return
        self._offer = api.offer_of(kind)
        self._rows = {row.name: row for row in rows}
        self.sample.set_documents(documents)
        keep = self.wanted or (self.shown.name if self.shown is not None else "")
        self.grid.set_rows([_list_row(row, self._offer) for row in rows])
        names = [row.name for row in rows]
        chosen = next((i for i, row in enumerate(rows) if row.default), 0)
        self.grid.view.select_cell(names.index(keep) if keep in names else chosen)
        self.wanted = ""
        if not self._dirty:
            self._show_current()

    def _show_current(self) -> None:
        row = self.grid.current()
        self.shown = self._rows.get(row["name"]) if row is not None else None
        if self.shown is None or self._offer is None:
            self.state_changed.emit()
            return
        self.editor.show_template(self.shown.template, self._offer, read_only=self.shown.stock)
        self.hint.setText(self._hint())
        self.state_changed.emit()
        self.look()

    def _hint(self) -> str:
        if self.shown is not None and self.shown.damaged:
            return tr("这个模板的内容已损坏，打印时用默认模板。请删除后重建。")
        if self.shown is not None and self.shown.stock:
            return tr("系统自带的模板不能改。按 Ins 复制一个，再改复制的。")
        fresh = self.editor.unnamed()
        if fresh:
            return tr(
                "系统后来新增的字段没有排上，不印：{labels}。按“加入新字段”排上，或自己勾选。", labels=listed(fresh)
            )
        return tr("空格勾选要印的列，Alt+↑ Alt+↓ 调整顺序，列宽空着按内容自动。")

    def _looked(self, answer: Sheet) -> None:
        self.sample.show_sheet(answer)
        if self._faulty:
            self._faulty = False
            self.refusals.clear()
        self.update_actions()

    def _look_refused(self, problems: Sequence[Problem]) -> None:
        """Faults of what is typed go away by themselves when it is right again; those of a verb stay."""
        self._faulty = True
        self.show_problems(problems)

    def _row_changed(self, row: int) -> None:
        del row
        if not self._dirty:
            self._show_current()

    def _kind_changed(self) -> None:
        self._dirty = False
        self.shown = None
        self.request_refresh()

    def _typed(self) -> None:
        if not self._dirty:
            self._dirty = True
            self.state_changed.emit()
        self._timer.start()

    def saved(self, result: object) -> None:
        """Shows what is kept now."""
        del result
        self._dirty = False
        self.request_refresh()

    def join(self) -> None:
        """加入新字段."""
        self.editor.join()
        self.hint.setText(self._hint())
        self.state_changed.emit()

    def drop(self) -> None:
        """Forgets what was typed."""
        self._dirty = False

    def free_name(self, name: str) -> str:
        """The name, or with a number behind it where it is taken."""
        number, found = 1, name
        while found in self._rows:
            number += 1
            found = f"{name} ({number})"
        return found


def _list_row(row: api.TemplateRow, offer: api.Offered) -> Mapping[str, Any]:
    origin = tr("已损坏") if row.damaged else tr("自带") if row.stock else tr("自建")
    fresh = 0 if row.stock or row.damaged else len(unnamed(row.template, offer))
    return {"name": row.name, "kind": origin, "default": row.default, "fresh": fresh or None}


def _column(*parts: QWidget, gap: int = 0) -> QWidget:
    """Widgets below each other, the largest taking what is left; gap: pixels at the left and right."""
    whole = QWidget()
    box = QVBoxLayout(whole)
    box.setContentsMargins(gap, 0, gap, 0)
    for part in parts:
        box.addWidget(part, 0 if isinstance(part, QComboBox | QLabel) else 1)
    return whole
