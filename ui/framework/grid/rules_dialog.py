"""The dialog of 条件颜色: a line for each rule, typed like the lines of a document."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QShortcut
from PySide6.QtWidgets import QDialogButtonBox, QLabel, QVBoxLayout, QWidget

from ui.framework.dialog import PageDialog
from ui.framework.grid.columns import Column
from ui.framework.grid.grid import LineGrid
from ui.framework.grid.rules import BARE, MOST, OPERATORS, TONES, ColorRule, RuleFault, condition_of
from ui.framework.grid.table import MARK
from ui.framework.keys import keys_of
from ui.framework.texts import tr

if TYPE_CHECKING:
    from ui.framework.desk import Desk
    from ui.framework.grid.model import GridModel


def rule_columns(model: GridModel, column: str = "") -> tuple[Column, ...]:
    """The lines of the dialog for a grid; a new one is about column."""
    titles = {column.key: column.title for column in model.columns if column is not MARK and column.title}
    start = column if column in titles else None
    return (
        Column("column", "哪一列", kind="choice", choices=titles, width=130, editable=True, default=start),
        Column("operator", "条件", kind="choice", choices=OPERATORS, width=100, editable=True),
        Column("value", "值", width=130, editable=True, tooltip="日期可填 0（今天）、+3、-3；文字可填几个，用逗号隔开"),
        Column("upper", "到", width=90, editable=True, tooltip="“介于”的上限"),
        Column(
            "tone",
            "颜色",
            kind="choice",
            choices=TONES,
            tones={tone: tone for tone in TONES},
            width=120,
            editable=True,
            default="danger",
        ),
    )


class RulesDialog(PageDialog):
    """Ctrl+Enter takes the rules over, Esc gives up; a line that cannot be is marked and the dialog stays.

    taken(rules) when the rules are taken over.
    """

    taken = Signal(object)

    def __init__(self, desk: Desk, model: GridModel, column: str, parent: QWidget) -> None:
        super().__init__(tr("条件颜色"), "rulesDialog", parent)
        self.resize(680, 360)
        self._model = model
        self.grid = LineGrid(desk, "color_rules", rule_columns(model, column), parent=self)
        self.told = QLabel(
            tr("同一列的规则从上往下看，第一条成立的算。日期填 0 是今天，+3 是三天后；颜色旁总有记号。"), self
        )
        self.told.setObjectName("faintLabel")
        self.told.setWordWrap(True)
        self.fault = QLabel(self)
        self.fault.setObjectName("fault")
        self.fault.setWordWrap(True)
        self.fault.hide()
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Ok | QDialogButtonBox.StandardButton.Cancel, self)
        self.ok = buttons.button(QDialogButtonBox.StandardButton.Ok)
        self.ok.setText(tr("确定 (Ctrl+Enter)"))
        self.ok.setAutoDefault(False)
        buttons.button(QDialogButtonBox.StandardButton.Cancel).setAutoDefault(False)
        clear = buttons.addButton(tr("全部清除"), QDialogButtonBox.ButtonRole.ResetRole)
        clear.setAutoDefault(False)
        clear.clicked.connect(self.clear)
        buttons.accepted.connect(self.accept)
        buttons.rejected.connect(self.reject)
        layout = QVBoxLayout(self)
        for part in (self.grid, self.told, self.fault, buttons):
            layout.addWidget(part)
        for key in keys_of("Ctrl+Return"):
            QShortcut(key, self, self.accept)
        self.grid.left.connect(self._left)
        self.grid.set_rows([_row(rule) for rule in model.rules])
        if model.rules:
            self.grid.view.select_cell(self.grid.model.append_blank(), "column")
        self.grid.setFocus(Qt.FocusReason.OtherFocusReason)

    def accept(self) -> None:
        """Reads the lines; with a fault the dialog stays and leads to it."""
        rules = self._read()
        if rules is not None:
            self.taken.emit(rules)
            super().accept()

    def clear(self) -> None:
        """全部清除: no rules any more, once it is confirmed by 确定."""
        self.grid.set_rows([])
        self.grid.setFocus()

    def _read(self) -> tuple[ColorRule, ...] | None:
        rows, model = self.grid.rows(), self.grid.model
        places = [place for place, row in enumerate(model.records()) if not model.is_blank(row)]
        found: list[ColorRule] = []
        faults = []
        for place, row in zip(places, rows, strict=True):
            try:
                found.append(self._rule(row))
            except RuleFault as fault:
                faults.append((place, fault.field, str(fault)))
        if len(found) > MOST:
            faults.append((places[MOST], "column", tr("规则最多 {most} 条", most=MOST)))
        for place, key, sentence in faults:
            typed = model.text(place, model.section(key))
            model.set_fault(place, key, sentence, typed=typed)
        if faults:
            place, key, sentence = faults[0]
            self.fault.setText(tr("第 {line} 行：{sentence}", line=place + 1, sentence=sentence))
            self.fault.show()
            self.grid.view.select_cell(place, key)
            self.grid.setFocus()
            return None
        return tuple(found)

    def _rule(self, row: dict[str, Any]) -> ColorRule:
        for key, sentence in (("column", tr("请选一列")), ("operator", tr("请选条件")), ("tone", tr("请选颜色"))):
            if not row.get(key):
                raise RuleFault(key, sentence)
        texts = [str(row.get(key) or "").strip() for key in ("value", "upper")]
        kept = 0 if row["operator"] in BARE else 2 if row["operator"] == "between" else 1
        rule = ColorRule(row["column"], row["operator"], tuple(texts[:kept]), row["tone"])
        condition_of(rule, self._model.columns[self._model.section(rule.column)], self._model.today())
        return rule

    def _left(self, step: int) -> None:
        if step > 0:
            self.ok.setFocus()


def _row(rule: ColorRule) -> dict[str, Any]:
    value, upper = (*rule.values, "", "")[:2]
    return {"column": rule.column, "operator": rule.operator, "value": value, "upper": upper, "tone": rule.tone}
