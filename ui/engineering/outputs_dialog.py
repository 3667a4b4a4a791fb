"""产出与备注: co- and by-products of a version and its note; an approved version is only shown."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from functools import partial
from typing import Any, Final

from PySide6.QtGui import QShortcut
from PySide6.QtWidgets import QDialogButtonBox, QHBoxLayout, QLabel, QLineEdit, QVBoxLayout, QWidget

from models.kernel.problems import Place, Problem
from models.kernel.refs import Changes
from models.kernel.vocabulary import OUTPUT_KINDS
from services.engineering import api
from ui.engineering.outputs import MAIN
from ui.framework.desk import Desk
from ui.framework.dialog import PageDialog
from ui.framework.grid.columns import Column
from ui.framework.grid.grid import LineGrid
from ui.framework.keys import key_of
from ui.framework.refusals import RefusalPanel
from ui.framework.texts import tr

ONE: Final = Decimal(1)
ZERO: Final = Decimal(0)
FILLS: Final = {"item_id": "id", "item_name": "name", "unit": "unit"}
COLUMNS: Final = (
    Column("item_code", "物料", kind="lookup", width=120, editable=True, lookup="items", fills=FILLS, required=True),
    Column("item_name", "名称", width=170),
    Column("kind", "产出", kind="choice", width=84, editable=True, default="by", choices={
        kind: word for kind, word in OUTPUT_KINDS.items() if kind != MAIN
    }),
    Column("numerator", "产出数量", kind="number", editable=True, default=ONE, required=True),
    Column("unit", "单位", width=48),
    Column("denominator", "每多少主产品", kind="number", width=104, editable=True, default=ONE, required=True),
    Column("cost_share", "成本比例", kind="number", width=80, editable=True, tooltip="总成本的几分之几，0.2 即两成"),
    Column("cost_weight", "成本权重", kind="number", width=80, editable=True, tooltip="与主产品按权重分"),
    Column("cost_quota", "成本定额", kind="price", width=80, editable=True, tooltip="每单位固定的成本"),
)  # fmt: skip
COSTS: Final = ("cost_share", "cost_weight", "cost_quota")
FIELDS: Final = {"item": "item_code"}


class OutputsDialog(PageDialog):
    """Works on one stored version."""

    def __init__(self, desk: Desk, item: api.ItemRow, head: api.BomHead, parent: QWidget, *, allowed: bool) -> None:
        super().__init__(
            tr("产出与备注 {code} {version}", code=item.code, version=head.version_code), "outputsDialog", parent
        )
        self.resize(960, 360)
        self._desk, self._head = desk, head
        editable = allowed and head.status == "Z"
        self.note = QLineEdit(head.note, self)
        self.note.setReadOnly(not editable)
        self.note.setAccessibleName(tr("备注"))
        self.grid = LineGrid(desk, "bom/outputs", COLUMNS)
        self.grid.set_read_only(not editable)
        self.grid.set_rows([_row(output) for output in head.outputs if output.kind != MAIN])
        self.refusals = RefusalPanel(desk.sentence, self)
        self.refusals.activated.connect(self._lead)
        self.buttons = QDialogButtonBox(self)
        self.ok = self.buttons.addButton(tr("保存 Ctrl+S"), QDialogButtonBox.ButtonRole.AcceptRole)
        self.ok.setVisible(editable)
        self.buttons.addButton(tr("取消") if editable else tr("关闭"), QDialogButtonBox.ButtonRole.RejectRole)
        self.buttons.accepted.connect(self.accept)
        self.buttons.rejected.connect(self.reject)
        top = QHBoxLayout()
        top.addWidget(QLabel(tr("备注"), self))
        top.addWidget(self.note, 1)
        hint = QLabel(tr("做主产品时同时得到的东西：联产品、副产品。任务单按比例预计，在产品入库单里入库"), self)
        hint.setObjectName("faintLabel")
        layout = QVBoxLayout(self)
        layout.addLayout(top)
        layout.addWidget(self.grid, 1)
        layout.addWidget(hint)
        layout.addWidget(self.refusals)
        layout.addWidget(self.buttons)
        save = QShortcut(key_of("Ctrl+S"), self, self.accept)
        save.setEnabled(editable)
        self.grid.setFocus()

    def accept(self) -> None:
        """Saves; a refusal stays in the dialog and leads to its cell."""
        if not self.ok.isEnabled():
            return
        faults = self._faults()
        if faults:
            self.refusals.show_lines(faults)
            return
        kept = [_draft(_row(output)) for output in self._head.outputs if output.kind == MAIN]
        drafts = [*(_draft(row) for row in self.grid.rows()), *kept]
        session, head = self._desk.session, self._head
        save = partial(
            api.save_outputs, session.db, session.user, head.id, head.version, drafts, note=self.note.text().strip()
        )
        self.ok.setEnabled(False)
        self._desk.ops.run_command(
            save, owner=self, on_done=self._saved, on_refused=self._refused, title=tr("保存产出")
        )

    def _faults(self) -> list[tuple[str, Problem]]:
        found = [
            (tr("第{line}行 {text}", line=row + 1, text=text), Problem("typed", place=Place(line=row + 1, field=key)))
            for row, key, text in self.grid.model.faults()
        ]
        for number, row in enumerate(self.grid.rows(), start=1):
            if not row.get("item_id"):
                text = tr("第{line}行没有选物料，请按 F7 选择", line=number)
                found.append((text, Problem("typed", place=Place(line=number, field="item_code"))))
        return found

    def _saved(self, changes: Changes) -> None:
        del changes
        super().accept()

    def _refused(self, problems: Sequence[Problem]) -> None:
        self.ok.setEnabled(True)
        self.refusals.show_problems(
            [replace(problem, place=replace(problem.place, document="")) for problem in problems]
        )

    def _lead(self, problem: Problem) -> None:
        if problem.place.line:
            self.grid.setFocus()
            self.grid.view.select_cell(problem.place.line - 1, FIELDS.get(problem.place.field, problem.place.field))


def _row(output: api.OutputRow) -> dict[str, Any]:
    return {
        "item_id": output.item_id, "item_code": output.code, "item_name": output.name, "unit": output.unit,
        "kind": output.kind, "numerator": output.numerator, "denominator": output.denominator,
        "cost_share": output.cost_share, "cost_weight": output.cost_weight, "cost_quota": output.cost_quota,
    }  # fmt: skip


def _draft(row: Mapping[str, Any]) -> api.OutputDraft:
    made = api.OutputDraft(row["item_id"], row.get("kind") or "by", row.get("numerator") or ZERO)
    made.denominator = row.get("denominator") or ZERO
    made.cost_share, made.cost_weight, made.cost_quota = (row.get(key) for key in COSTS)
    return made
