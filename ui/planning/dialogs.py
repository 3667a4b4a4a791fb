"""Dialogs of the board: preview of a release, editing and splitting a planned order, comparing two runs."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from decimal import Decimal
from functools import partial
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QDialog,
    QDialogButtonBox,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QVBoxLayout,
    QWidget,
)

from models.kernel.numbers import plain
from models.kernel.problems import Problem
from models.kernel.vocabulary import PLAN_KINDS
from services.planning import api
from ui.framework.desk import Desk
from ui.framework.dialog import PageDialog, closing_row
from ui.framework.form import Form
from ui.framework.grid.columns import Column
from ui.framework.grid.grid import Grid
from ui.framework.grid.typing_rules import parse_decimal
from ui.framework.keys import key_of
from ui.framework.refusals import RefusalPanel
from ui.framework.texts import listed, tr
from ui.planning.plan_rows import BoardRow
from ui.planning.words import causes_text

TARGETS = {"purchase_order": "采购订单", "production_order": "生产任务单", "subcontract_order": "委外加工单"}
CHANGES = {"new": "新增", "changed": "变化", "gone": "消失"}
EDIT_FIELDS = (
    Column("quantity", "数量", kind="number", editable=True, required=True),
    Column("kind", "建议", kind="choice", choices=PLAN_KINDS, editable=True),
    Column("start_date", "开始", kind="date", editable=True),
    Column("due_date", "需求日", kind="date", editable=True),
    Column(
        "supplier", "供应商", kind="lookup", lookup="suppliers", editable=True,
        fills={"supplier_id": "id", "supplier_name": "name"},
    ),
    Column("workshop", "车间", editable=True),
)  # fmt: skip
COMPARE_COLUMNS = (
    Column("kind", "变化", kind="badge", choices=CHANGES, tones={"new": "ok", "changed": "warn", "gone": "muted"}),
    Column("item_code", "物料", kind="code", width=100),
    Column("due_before", "原需求日", kind="date"),
    Column("due_after", "现需求日", kind="date"),
    Column("quantity_before", "原数量", kind="number"),
    Column("quantity_after", "现数量", kind="number"),
    Column("difference", "增减", kind="number", get=lambda row: row.quantity_after - row.quantity_before),
    Column("causes", "原因", width=430, get=lambda row: causes_text(row.causes)),
)


class ReleaseDialog(QDialog):
    """What a release would make. confirmed(merge) when the clerk agrees; nothing is written before."""

    confirmed = Signal(bool)

    def __init__(self, desk: Desk, run_id: int, rows: Sequence[BoardRow], *, merge: bool, parent: QWidget) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setObjectName("releaseDialog")
        self.setWindowTitle(tr("投放预览"))
        self.resize(980, 520)
        self._desk, self._run_id = desk, run_id
        self._ids = [row.id for row in rows]
        self._items = {row.order.item_id: row.order for row in rows}
        self._suppliers = {row.order.supplier_id: row.maker for row in rows}
        self.summary = QLabel(self)
        self.summary.setObjectName("numberLabel")
        self.merge = QCheckBox(tr("同料合并(&M)"), self)
        self.merge.setToolTip(tr("同一供应商或车间的同一物料合成一行；来源明细保留，可以撤销"))
        self.merge.setChecked(merge)
        self.grid = Grid(desk, "planning/release", self._columns(), parent=self)
        self.refusals = RefusalPanel(desk.sentence, self)
        self.buttons = QDialogButtonBox(self)
        self.accept_button = self.buttons.addButton(tr("投放 F8"), QDialogButtonBox.ButtonRole.AcceptRole)
        self.accept_button.setShortcut(key_of("F8"))
        self.buttons.addButton(tr("取消"), QDialogButtonBox.ButtonRole.RejectRole)
        top = QHBoxLayout()
        top.addWidget(self.summary, 1)
        top.addWidget(self.merge)
        layout = QVBoxLayout(self)
        layout.addLayout(top)
        layout.addWidget(self.grid, 1)
        layout.addWidget(self.refusals)
        layout.addWidget(self.buttons)
        self.merge.toggled.connect(self.read)
        self.buttons.accepted.connect(self.accept)
        self.buttons.rejected.connect(self.reject)
        self.read()
        self.grid.setFocus()

    def read(self) -> None:
        """Asks again what would be made."""
        self.accept_button.setEnabled(False)
        ask = partial(
            api.preview_release, self._desk.session.db, self._run_id, ids=self._ids, merge=self.merge.isChecked()
        )
        self._desk.ops.run_query(ask, self._show, owner=self, on_refused=self._refused, latest="release")

    def accept(self) -> None:
        """Agreed."""
        if self.accept_button.isEnabled():
            self.confirmed.emit(self.merge.isChecked())
            super().accept()

    def _show(self, lines: Sequence[api.ReleaseLine]) -> None:
        self.refusals.clear()
        self.grid.set_rows(lines)
        self.summary.setText(summary_of(lines))
        self.accept_button.setEnabled(bool(lines))

    def _refused(self, problems: Sequence[Problem]) -> None:
        self.grid.set_rows([])
        self.summary.setText(tr("不能投放"))
        self.refusals.show_problems(problems)

    def _columns(self) -> tuple[Column, ...]:
        items = self._items

        today = self._desk.session.today()

        def fact(name: str) -> Any:
            return lambda line: getattr(items[line.item_id], name)

        return (
            Column("target", "单据", kind="choice", choices=TARGETS, width=92),
            Column(
                "maker", "供应商/车间", width=130,
                get=lambda line: line.workshop or self._suppliers.get(line.partner_id) or tr("物料默认供应商"),
            ),
            Column("code", "物料", kind="code", get=fact("item_code")),
            Column("name", "名称", width=150, get=fact("item_name")),
            Column("quantity", "数量", kind="number"),
            Column("unit", "单位", width=44, get=fact("unit")),
            Column("start_date", "开始", kind="date", width=106, tone=lambda value, _line: "warn" if value < today else ""),
            Column("due_date", "交期", kind="date"),
            Column("count", "计划张数", kind="number", width=70, get=lambda line: Decimal(len(line.planned))),
        )  # fmt: skip


def summary_of(lines: Sequence[api.ReleaseLine]) -> str:
    """3 张采购订单、2 张生产任务单 · 7 行 · 来自 9 张计划订单."""
    documents: Counter[str] = Counter()
    for target in TARGETS:
        mine = [line for line in lines if line.target == target]
        documents[target] = len(mine) if target == "production_order" else len({line.partner_id for line in mine})
    parts = [tr("{count} 张{title}", count=count, title=tr(TARGETS[key])) for key, count in documents.items() if count]
    planned = sum(len(line.planned) for line in lines)
    tail = tr("{lines} 行 · 来自 {planned} 张计划订单", lines=len(lines), planned=planned)
    return f"{listed(parts)} · {tail}" if parts else tr("没有可以投放的计划订单")


class EditDialog(QDialog):
    """Quantity, dates, supplier and workshop of one planned order, or supplier and workshop of several. changed(PlannedChange)."""

    changed = Signal(object)

    def __init__(self, desk: Desk, rows: Sequence[BoardRow], parent: QWidget) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setObjectName("editPlanned")
        order = rows[0].order
        several = len(rows) > 1
        title = tr("修改 {count} 张计划订单", count=len(rows)) if several else tr("修改 {number}", number=order.number)
        self.setWindowTitle(title)
        self.resize(560, 150)
        fields = [field for field in EDIT_FIELDS if not several or field.key in ("supplier", "workshop", "kind")]
        self.form = Form(desk, fields, across=2, parent=self)
        self._before: Mapping[str, Any] = {
            "quantity": order.quantity, "start_date": order.start_date, "due_date": order.due_date,
            "kind": None if several else order.kind, "supplier": "" if several else order.supplier_code,
            "supplier_id": None if several else order.supplier_id,
            "supplier_name": "" if several else order.supplier_name, "workshop": "" if several else order.workshop,
        }  # fmt: skip
        self.form.set_values(self._before)
        self.fault = QLabel(self)
        self.fault.setObjectName("fault")
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Ok | QDialogButtonBox.StandardButton.Cancel, self)
        buttons.button(QDialogButtonBox.StandardButton.Ok).setText(tr("修改"))
        buttons.accepted.connect(self.accept)
        buttons.rejected.connect(self.reject)
        self.form.left.connect(self.accept)
        layout = QVBoxLayout(self)
        layout.addWidget(self.form)
        layout.addWidget(self.fault)
        layout.addWidget(buttons)
        self.form.focus_field()

    def accept(self) -> None:
        """Hands over what differs."""
        values = self.form.values()
        faults = self.form.faults()
        if faults:
            self.fault.setText(faults[0][1])
            return
        names = ("quantity", "start_date", "due_date", "kind", "supplier_id", "workshop")
        change = {key: values.get(key) for key in names if values.get(key) != self._before.get(key)}
        if change:
            self.changed.emit(api.PlannedChange(**change))
        super().accept()


class SplitDialog(QDialog):
    """拆分: a quantity to take off, or /n for n even parts. split(list of quantities or a count)."""

    wanted = Signal(object)

    def __init__(self, order: api.PlannedOrderRow, parent: QWidget) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setObjectName("splitPlanned")
        self.setWindowTitle(tr("拆分 {number}", number=order.number))
        self.field = QLineEdit(self)
        self.field.setAccessibleName(tr("拆出的数量"))
        self.field.setPlaceholderText(tr("例如 30，或 30 20，或 /3"))
        self.fault = QLabel(self)
        self.fault.setObjectName("fault")
        note = QLabel(
            tr("{item} 现有 {quantity} {unit}。填拆出的数量（可填几个，用空格隔开），或 /3 平均拆成 3 张。",
               item=order.item_code, quantity=plain(order.quantity), unit=order.unit),
            self,
        )  # fmt: skip
        note.setWordWrap(True)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Ok | QDialogButtonBox.StandardButton.Cancel, self)
        buttons.button(QDialogButtonBox.StandardButton.Ok).setText(tr("拆分"))
        buttons.accepted.connect(self.accept)
        buttons.rejected.connect(self.reject)
        layout = QVBoxLayout(self)
        layout.addWidget(note)
        layout.addWidget(self.field)
        layout.addWidget(self.fault)
        layout.addWidget(buttons)
        self.resize(420, 150)
        self.field.setFocus()

    def accept(self) -> None:
        """Reads the field."""
        text = self.field.text().strip()
        try:
            if text.startswith("/"):
                self.wanted.emit(int(text[1:]))
            else:
                self.wanted.emit([parse_decimal(part) for part in text.split()])
        except ValueError as fault:
            self.fault.setText(str(fault) if "“" in str(fault) else tr("请填数量，或 /3"))
            return
        super().accept()


class CompareDialog(PageDialog):
    """What is new, changed and gone from one run to another, each with its reasons.

    runs: number -> text, the newest first; shown: the run of the board, compared with `other`, which the clerk may choose anew.
    """

    def __init__(self, desk: Desk, runs: Mapping[int, str], *, shown: int, other: int, parent: QWidget) -> None:
        super().__init__("", "compareRuns", parent)
        self._desk = desk
        self._shown = shown
        self.resize(1080, 540)
        self.other = QComboBox(self)
        self.other.setAccessibleName(tr("与哪次运算比较"))
        for run_id, word in runs.items():
            if run_id != shown:
                self.other.addItem(word, run_id)
        self.other.setCurrentIndex(max(0, self.other.findData(other)))
        self.summary = QLabel(self)
        self.grid = Grid(desk, "planning/compare", COMPARE_COLUMNS, parent=self)
        self.grid.empty_label.setText("")
        top = QHBoxLayout()
        top.addWidget(QLabel(tr("#{run} 与", run=shown), self))
        top.addWidget(self.other)
        top.addSpacing(12)
        top.addWidget(self.summary, 1)
        layout = QVBoxLayout(self)
        layout.addLayout(top)
        layout.addWidget(self.grid, 1)
        layout.addWidget(closing_row(self))
        self.other.currentIndexChanged.connect(self.compare)
        self.grid.setFocus()
        self.compare()

    def compare(self) -> None:
        """Compares with the run chosen, the earlier one first."""
        before, after = sorted((int(self.other.currentData()), self._shown))
        self.setWindowTitle(tr("第 {before} 次运算 → 第 {after} 次运算", before=before, after=after))
        self.summary.setText(tr("正在比较…"))
        ask = partial(api.compare, self._desk.session.db, before, after)
        self._desk.ops.run_query(ask, self._show, owner=self, latest="compare", title=tr("比较两次运算"))

    def _show(self, changes: Sequence[api.ChangeView]) -> None:
        counts = Counter(change.kind for change in changes)
        parts = [tr("{word} {count}", word=tr(word), count=counts[kind]) for kind, word in CHANGES.items()]
        self.summary.setText(" · ".join(parts) if changes else tr("两次运算的计划订单完全相同"))
        self.grid.set_rows(changes)
