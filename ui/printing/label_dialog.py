"""标签: how many of each, on which sheet, from which cell; the preview prints them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from decimal import Decimal
from functools import partial
from typing import Any, Final

from PySide6.QtWidgets import QComboBox, QDialogButtonBox, QHBoxLayout, QLabel, QSpinBox, QVBoxLayout, QWidget

from models.kernel.problems import Problem
from services.printing.api import LABEL_SHEETS, Label, LabelSheet, PdfPages, print_labels, warnings_of
from ui.framework.desk import Desk
from ui.framework.dialog import PageDialog
from ui.framework.grid.columns import Column
from ui.framework.grid.grid import LineGrid
from ui.framework.page import Page
from ui.framework.preview import Pages, PreviewDialog
from ui.framework.texts import tr
from ui.printing.printers import print_setup

FORM: Final = "labels"
_SHEET: Final = "print/label_sheet"
COLUMNS: Final = (
    Column("copies", "张数", kind="number", width=60, editable=True, decimals=0),
    Column("head", "编码", kind="code", width=160),
    Column("text", "内容", width=330),
)


class LabelDialog(PageDialog):
    """One row a label; the sheet is remembered on this machine."""

    def __init__(self, desk: Desk, labels: Sequence[Label], parent: QWidget) -> None:
        super().__init__(tr("打印标签"), "labelDialog", parent)
        self.resize(640, 460)
        self._desk = desk
        self._labels = list(labels)
        self.sheets = QComboBox(self)
        self.sheets.setAccessibleName(tr("纸张"))
        for key, sheet in LABEL_SHEETS.items():
            self.sheets.addItem(tr(sheet.title), key)
        self.sheets.setCurrentIndex(max(0, self.sheets.findData(desk.settings.load(_SHEET) or "")))
        self.start = QSpinBox(self)
        self.start.setAccessibleName(tr("从第几格开始"))
        self.start_label = QLabel(tr("从第几格开始"), self)
        self.grid = LineGrid(desk, "print/labels", COLUMNS)
        self.grid.model.fixed_rows = True
        self.grid.set_rows([_row(label) for label in self._labels])
        self.fault = QLabel(self)
        self.fault.setObjectName("fault")
        self.fault.setWordWrap(True)
        self._build()
        self._sheet_chosen()
        self.sheets.currentIndexChanged.connect(self._sheet_chosen)
        self.grid.setFocus()

    @property
    def sheet(self) -> LabelSheet:
        """The chosen sheet."""
        return LABEL_SHEETS[str(self.sheets.currentData())]

    def chosen(self) -> list[Label]:
        """The labels with the copies that were typed; rows without any are left out."""
        self.grid.lines_view.finish_editing()
        copies = [max(0, int(row.get("copies") or 0)) for row in self.grid.model.records()]
        return [replace(label, copies=count) for label, count in zip(self._labels, copies, strict=True) if count]

    def accept(self) -> None:
        """Opens the preview."""
        self.fault.clear()
        self._desk.settings.save(_SHEET, self.sheet.key)
        work = partial(_printed, self.chosen(), self.sheet, self.start.value())
        self._desk.ops.run_query(work, self._show, owner=self, on_refused=self._refused, title="打印标签")

    def _build(self) -> None:
        line = QHBoxLayout()
        label = QLabel(tr("纸张"), self)
        label.setBuddy(self.sheets)
        for field in (label, self.sheets, self.start_label, self.start):
            line.addWidget(field)
        line.addStretch(1)
        self.buttons = QDialogButtonBox(
            QDialogButtonBox.StandardButton.Ok | QDialogButtonBox.StandardButton.Cancel, self
        )
        self.buttons.button(QDialogButtonBox.StandardButton.Ok).setText(tr("预览和打印"))
        self.buttons.button(QDialogButtonBox.StandardButton.Cancel).setText(tr("关闭"))
        self.buttons.accepted.connect(self.accept)
        self.buttons.rejected.connect(self.reject)
        layout = QVBoxLayout(self)
        layout.addLayout(line)
        for part in (self.grid, self.fault, self.buttons):
            layout.addWidget(part)

    def _sheet_chosen(self) -> None:
        cells = self.sheet.cells
        self.start.setRange(1, cells)
        for part in (self.start, self.start_label):
            part.setVisible(cells > 1)

    def _show(self, made: Pages) -> None:
        setup = print_setup(self._desk, f"{FORM}/{self.sheet.key}", warnings=made.warnings)
        PreviewDialog(self._desk, tr("标签"), made.pdf, made.source, self, setup).open()

    def _refused(self, problems: Sequence[Problem]) -> None:
        self.fault.setText("\n".join(self._desk.sentence(problem) for problem in problems))


def print_labels_of(page: Page, read: Callable[[], Sequence[Label]]) -> None:
    """Reads labels on a reading thread and opens the dialog over a page."""

    def show(labels: Sequence[Label]) -> None:
        LabelDialog(page.desk, labels, page).open()

    page.run_query(read, show, latest="labels")


def _printed(labels: Sequence[Label], sheet: LabelSheet, start: int) -> Pages:
    printed = print_labels(labels, sheet, start=start)
    return Pages(printed.pdf, PdfPages(printed.pdf), warnings_of(printed))


def _row(label: Label) -> dict[str, Any]:
    return {"copies": Decimal(label.copies), "head": label.head, "text": "　".join(label.lines)}
