"""The page of the first day with the few rules that decide how things are counted."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from PySide6.QtWidgets import QComboBox, QGridLayout, QLabel

from models.kernel.vocabulary import COST_METHODS
from services.masterdata import api as masterdata
from ui.framework.texts import tr
from ui.opening.present import Present
from ui.opening.step import Step

if TYPE_CHECKING:
    from ui.opening.first_run import FirstRunWizard

BOX_WIDTH: Final = 200
TAX: Final = "default_tax_rate"
CHOICES: Final = (
    (
        "default_cost_method", "计价方法", tuple(COST_METHODS.items()),
        "新物料用哪一种；移动平均每次出库就有成本，不用等月底。",
    ),
    (
        TAX, "税率",
        (("13", "13 %"), ("9", "9 %"), ("6", "6 %"), ("3", "3 %"), ("1", "1 %"), ("0", "不印含税价")),
        "单价录不含税价；订单上印的含税单价和价税合计按它算。",
    ),
    (
        "scrap_formula", "损耗怎么算", (("multiply", "用量 ×(1 + 损耗率)"), ("divide", "用量 ÷(1 − 损耗率)")),
        "用量 100、损耗 5%：前一种投 105，后一种投 105.26。",
    ),
    ("material_rounding", "投料取整", (("up", "向上取整"), ("half_up", "四舍五入")), "算出 331.8 个：向上取整投 332 个。"),
    (
        "backflush_failure", "倒冲料不够时", (("refuse", "拒绝入库"), ("pending", "入库，倒冲单留成草稿")),
        "产品入库时自动扣料，仓里不够怎么办。",
    ),
    ("four_eyes", "制单和审核", (("no", "一个人可以"), ("yes", "必须两个人")), "必须两个人：制单人不能审核自己的单据。"),
)  # fmt: skip
"""parameters asked on the first day: key, title, values in words (the first is suggested), what they decide"""


class RulesStep(Step):
    """One box a parameter."""

    def __init__(self, wizard: FirstRunWizard) -> None:
        super().__init__(wizard, "规矩", "不清楚就用默认的，以后在“系统参数”里随时可以改。")
        self._stored: dict[str, str] = {}
        self.boxes: dict[str, QComboBox] = {}
        rows = QGridLayout()
        rows.setHorizontalSpacing(12)
        rows.setVerticalSpacing(10)
        rows.setColumnStretch(2, 1)
        for at, (key, title, choices, decides) in enumerate(CHOICES):
            box = QComboBox(self)
            box.setAccessibleName(tr(title))
            box.setMinimumWidth(BOX_WIDTH)
            for value, word in choices:
                box.addItem(tr(word), value)
            self.boxes[key] = box
            note = QLabel(tr(decides), self)
            note.setObjectName("faintLabel")
            note.setWordWrap(True)
            name = QLabel(tr(title), self)
            name.setBuddy(box)
            for column, part in enumerate((name, box, note)):
                rows.addWidget(part, at, column)
        self.column.addLayout(rows)
        self.column.addStretch(1)
        self.column.addWidget(self.refusal)

    def show_present(self, present: Present) -> None:
        """The rules in force; suggestions only where none of them was ever set and the book is not worked with."""
        if present.working or any(key in present.stored for key in self.boxes):
            self._stored = {key: present.in_force[key] for key in self.boxes}
        for key, value in self._stored.items():
            box = self.boxes[key]
            if box.findData(value) < 0:
                box.addItem(f"{value} %" if key == TAX else value, value)
            box.setCurrentIndex(box.findData(value))

    def content(self) -> Any:
        """The parameters that are different."""
        shown = {key: str(box.currentData()) for key, box in self.boxes.items()}
        return {key: value for key, value in shown.items() if value != self._stored.get(key)} or None

    def write(self, content: Any) -> Any:
        """Each as a parameter."""
        rows = [{"key": key, "value": value} for key, value in content.items()]
        return masterdata.save_records(self.run.db, self.run.user, "parameters", rows)

    def written(self, content: Any, result: Any) -> None:
        """From now on these are in force."""
        del result
        self._stored |= content
