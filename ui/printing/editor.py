"""The content of a template: paper and texts in a form, columns and header fields as rows to tick, rename, widen and shift."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QTabWidget, QVBoxLayout, QWidget

from models.kernel.problems import Problem
from services.printing.api import joined, unnamed
from services.reporting.api import Offered, Template
from ui.framework.desk import Desk
from ui.framework.form import Form
from ui.framework.grid.columns import Column
from ui.framework.grid.grid import LineGrid
from ui.framework.later import Later
from ui.framework.texts import tr
from ui.printing.layout_form import (
    COLUMN_GRID,
    FIELDS,
    HEAD_GRID,
    column_rows,
    head_rows,
    size_of,
    template_of,
    values_of,
)

FORM, COLUMNS, HEAD = range(3)


class TemplateEditor(QTabWidget):
    """changed() after every edit. A stock template can only be looked at."""

    changed = Signal()

    def __init__(self, desk: Desk, parent: QWidget) -> None:
        super().__init__(parent)
        self.form = Form(desk, FIELDS, across=2, parent=self)
        self.columns = Later(partial(self._grid, desk, "print/columns", COLUMN_GRID), self)
        self.head = Later(partial(self._grid, desk, "print/head", HEAD_GRID), self)
        self._before: Template | None = None
        self._offer: Offered | None = None
        self._logo = b""
        self._loading = False
        texts = QWidget(self)
        box = QVBoxLayout(texts)
        box.setContentsMargins(8, 8, 8, 0)
        box.addWidget(self.form)
        box.addStretch(1)
        for part, title in ((texts, tr("纸张和文字")), (self.columns, tr("列")), (self.head, tr("表头"))):
            self.addTab(part, title)
        self.setAccessibleName(tr("模板内容"))
        self.form.changed.connect(self._field_typed)

    @property
    def logo(self) -> bytes:
        """The template's own picture; empty if the company's is printed."""
        return self._logo

    def set_logo(self, content: bytes) -> None:
        """Takes a picture as the template's own."""
        self._logo = content
        self._typed()

    def show_template(self, template: Template, offer: Offered, *, read_only: bool) -> None:
        """Shows a template; nothing counts as changed."""
        self._loading = True
        self._before, self._offer, self._logo = template, offer, template.logo
        self.form.set_values(values_of(template))
        self.form.set_read_only(read_only)
        self._loading = False
        self.columns.fill(partial(self._show, rows=column_rows(template, offer), read_only=read_only))
        self.head.fill(partial(self._show, rows=head_rows(template, offer), read_only=read_only))

    def template(self) -> Template | None:
        """The template that the window shows."""
        if self._before is None or self._offer is None:
            return None
        columns = _rows(self.columns) if self.columns.made else column_rows(self._before, self._offer)
        head = _rows(self.head) if self.head.made else head_rows(self._before, self._offer)
        return replace(template_of(self._before, self.form.values(), columns, head), logo=self._logo)

    def unnamed(self) -> list[str]:
        """Labels of what came into the program after the template was kept: not printed until it joins."""
        if self._before is None or self._offer is None:
            return []
        return [tr(label) for _, label in unnamed(self._before, self._offer)]

    def join(self) -> None:
        """All of it is printed from now on, where the program prints it; what was typed stays."""
        template, before, offer = self.template(), self._before, self._offer
        if template is None or before is None or offer is None:
            return
        places = [place for place, _ in unnamed(before, offer)]
        self.show_template(joined(template, offer, places), offer, read_only=False)
        self._typed()

    def shift(self, step: int) -> None:
        """The row of the grid in front changes places with its neighbour of the same table."""
        grid = (self.head if self.currentIndex() == HEAD else self.columns).content
        here = grid.view.currentIndex().row()
        there = here + step
        if grid.model.read_only or min(here, there) < 0 or max(here, there) >= grid.model.rowCount():
            return
        first, second = dict(grid.model.record(here)), dict(grid.model.record(there))
        if first.get("name") == second.get("name"):
            grid.model.change_many({here: second, there: first})
            grid.view.select_cell(there)
            self._typed()

    def lead_to(self, problem: Problem) -> bool:
        """The field or grid a refusal speaks of."""
        if problem.place.field in self.form.fields:
            self.setCurrentIndex(FORM)
            return self.form.focus_field(problem.place.field)
        if self._offer is None or self._offer.table(problem.place.field) is None:
            return False
        self.to_columns()
        return True

    def to_columns(self) -> None:
        """Keys go to the columns."""
        self.setCurrentIndex(COLUMNS)
        self.columns.content.setFocus()

    def _grid(self, desk: Desk, name: str, columns: Sequence[Column]) -> LineGrid:
        grid = LineGrid(desk, name, columns)
        grid.model.fixed_rows = True
        grid.changed.connect(self._typed)
        return grid

    def _show(self, grid: LineGrid, *, rows: Sequence[Mapping[str, Any]], read_only: bool) -> None:
        """Rows come into the grid also when it is made, long after the template was shown: that is no typing."""
        self._loading = True
        grid.set_rows(rows)
        grid.set_read_only(read_only)
        self._loading = False

    def _field_typed(self, key: str) -> None:
        if self._loading:
            return
        if key == "paper":
            self._loading = True
            self.form.put(**size_of(str(self.form.value("paper"))))
            self._loading = False
        self._typed()

    def _typed(self) -> None:
        if not self._loading:
            self.changed.emit()


def _rows(place: Later[LineGrid]) -> list[Mapping[str, Any]]:
    place.content.lines_view.finish_editing()
    return list(place.content.model.records())
