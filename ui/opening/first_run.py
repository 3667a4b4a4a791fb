"""首次启动向导: company and start, parameters, warehouses, masters and opening balances from a workbook, their check, the administrator."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from functools import partial
from typing import Any, Final

from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QFormLayout,
    QGridLayout,
    QLabel,
    QLineEdit,
    QMessageBox,
    QVBoxLayout,
    QWidget,
    QWizard,
    QWizardPage,
)

from models.kernel.problems import Problem
from models.kernel.vocabulary import COST_METHODS, WAREHOUSE_KINDS
from services.masterdata import api as masterdata
from services.platform.api import Access, Database, make_first_administrator
from ui.access.secrets import SecretEdit
from ui.framework.ops import Ops
from ui.framework.texts import tr
from ui.opening.check_step import CheckStep
from ui.opening.import_step import ImportStep
from ui.opening.month_box import MonthBox
from ui.opening.store_table import StoreTable
from ui.opening.working import Sentence

SIZE: Final = (820, 560)
BOX_WIDTH: Final = 200
SUGGESTED_STORES: Final = (
    ("W01", "原料仓", "own"),
    ("W02", "成品仓", "own"),
    ("W03", "半成品仓", "own"),
    ("W21", "待检仓", "inspection"),
    ("W22", "废品仓", "scrap"),
)
CHOICES: Final = (
    (
        "default_cost_method", "计价方法", tuple(COST_METHODS.items()),
        "新物料用哪一种；移动平均每次出库就有成本，不用等月底。",
    ),
    (
        "default_tax_rate", "税率",
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
"""parameters asked on the first day: key, title, values in words, what they decide"""


class FirstRunWizard(QWizard):
    """Each page writes when the clerk goes on; what she leaves out stays as it is. access: the administrator, if one was made."""

    def __init__(
        self, db: Database, user: str, ops: Ops, sentence: Sentence, today: dt.date, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setWindowTitle(tr("工坊 · 第一天"))
        self.setObjectName("firstRun")
        self.setWizardStyle(QWizard.WizardStyle.ModernStyle)
        self.setOption(QWizard.WizardOption.NoBackButtonOnStartPage)
        for button, text in (
            (QWizard.WizardButton.BackButton, "上一步"),
            (QWizard.WizardButton.NextButton, "下一步"),
            (QWizard.WizardButton.FinishButton, "开始用"),
            (QWizard.WizardButton.CancelButton, "以后再说"),
        ):
            self.setButtonText(button, tr(text))
        self.db, self.user, self.ops, self.sentence = db, user, ops, sentence
        self.access: Access | None = None
        self.company = CompanyStep(self, today)
        self.rules = RulesStep(self)
        self.stores = StoresStep(self)
        self.imported = ImportStep(self)
        self.check = CheckStep(self)
        self.administrator = AdministratorStep(self)
        self._ids: dict[QWizardPage, int] = {
            page: self.addPage(page)
            for page in (self.company, self.rules, self.stores, self.imported, self.check, self.administrator)
        }
        self.resize(*SIZE)

    def reject(self) -> None:
        """Esc and 以后再说: asks once something is written, for then the first day is not offered again."""
        written = any(isinstance(page, Step) and page.is_written for page in self._ids)
        if not written or self.ask_leave():
            super().reject()

    def ask_leave(self) -> bool:
        """Whether to leave with pages to go (tests replace it)."""
        question = tr(
            "第一天还没有走完。前几页填好的都已保存；其余的以后在“系统参数”“仓库”“期初库存”和“用户”里填，这个向导不再出现。现在关闭吗？"
        )
        buttons = QMessageBox.StandardButton.Yes | QMessageBox.StandardButton.No
        answer = QMessageBox.question(self, self.windowTitle(), question, buttons, QMessageBox.StandardButton.No)
        return bool(answer == QMessageBox.StandardButton.Yes)

    def id_of(self, page: QWizardPage) -> int:
        """The number of one of its pages."""
        return self._ids[page]


class Step(QWizardPage):
    """A page that writes off the window's thread when the clerk goes on, and shows what was refused."""

    def __init__(self, wizard: FirstRunWizard, title: str, subtitle: str) -> None:
        super().__init__(wizard)
        self.run = wizard
        self.setTitle(tr(title))
        self.setSubTitle(tr(subtitle))
        self.column = QVBoxLayout(self)
        self.refusal = QLabel(self)
        self.refusal.setWordWrap(True)
        self.refusal.setObjectName("refusal")
        self.refusal.hide()
        self._written: object = None
        self._going_on = False

    @property
    def is_written(self) -> bool:
        """Whether the book has something of this page."""
        return self._written is not None

    def content(self) -> Any:
        """What is on the page; the same content is written once."""
        return None

    def write(self, content: Any) -> Any:
        """Writes it, off the window's thread."""
        raise NotImplementedError

    def validatePage(self) -> bool:
        """Writes first; the wizard goes on when that is done."""
        content = self.content()
        if content is None or content == self._written:
            return True
        if not self._going_on:
            self._going_on = True
            self.setEnabled(False)
            self.run.ops.run_command(
                partial(self.write, content), owner=self, on_done=partial(self._done, content), on_refused=self.show_problems,
                on_finished=self._finished, title="首次启动",
            )  # fmt: skip
        return False

    def show_problems(self, problems: Sequence[Problem]) -> None:
        """Why it did not go."""
        self.refusal.setText("\n".join(self.run.sentence(problem) for problem in problems))
        self.refusal.setVisible(bool(problems))

    def _done(self, content: Any, result: Any) -> None:
        self._written = content
        self.show_problems(())
        self.written(result)
        if self.run.currentPage() is self:
            if self.isFinalPage():
                self.run.accept()
            else:
                self.run.next()

    def written(self, result: Any) -> None:
        """After it was written."""

    def _finished(self) -> None:
        self._going_on = False
        self.setEnabled(True)


class CompanyStep(Step):
    """Who we are and from when we work with it."""

    def __init__(self, wizard: FirstRunWizard, today: dt.date) -> None:
        super().__init__(wizard, "公司和启用期间", "公司名称印在每张单据的抬头；启用期间是第一个用工坊记账的月份。")
        self.name = QLineEdit(self)
        self.name.setAccessibleName(tr("公司名称"))
        self.name.setPlaceholderText(tr("例如 佛山光耀灯具厂"))
        self.period = MonthBox(today, self)
        self.period.setAccessibleName(tr("启用期间"))
        form = QFormLayout()
        form.addRow(tr("公司名称"), self.name)
        form.addRow(tr("启用期间"), self.period)
        self.note = QLabel(self)
        self.note.setObjectName("faintLabel")
        self.note.setWordWrap(True)
        form.addRow("", self.note)
        self.period.currentIndexChanged.connect(self._tell)
        self._tell()
        self.column.addLayout(form)
        self.column.addStretch(1)
        self.column.addWidget(self.refusal)

    def content(self) -> Any:
        """Company and period."""
        return self.name.text().strip(), f"{self.period.month():%Y-%m}"

    def validatePage(self) -> bool:
        """A name is needed before anything is written."""
        fault = "" if self.content()[0] else tr("请填公司名称，单据抬头要印它。")
        self.refusal.setText(fault)
        self.refusal.setVisible(bool(fault))
        return not fault and super().validatePage()

    def write(self, content: Any) -> Any:
        """Two parameters."""
        rows = [{"key": "company_name", "value": content[0]}, {"key": "start_period", "value": content[1]}]
        return masterdata.save_records(self.run.db, self.run.user, "parameters", rows)

    def _tell(self) -> None:
        first = self.period.month()
        before = first - dt.timedelta(days=1)
        self.note.setText(
            tr(
                "期初库存写 {before}，各仓那天晚上有什么、值多少。{first} 以前的单据不用录，也不能审核。",
                before=f"{before:%Y-%m-%d}",
                first=f"{first:%Y-%m-%d}",
            )
        )


class RulesStep(Step):
    """The few rules that decide how things are counted."""

    def __init__(self, wizard: FirstRunWizard) -> None:
        super().__init__(wizard, "规矩", "不清楚就用默认的，以后在“系统参数”里随时可以改。")
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

    def content(self) -> Any:
        """Values by parameter."""
        return {key: str(box.currentData()) for key, box in self.boxes.items()}

    def write(self, content: Any) -> Any:
        """Each as a parameter."""
        rows = [{"key": key, "value": value} for key, value in content.items()]
        return masterdata.save_records(self.run.db, self.run.user, "parameters", rows)


class StoresStep(Step):
    """The warehouses."""

    def __init__(self, wizard: FirstRunWizard) -> None:
        super().__init__(wizard, "仓库", "料放在哪里。改名、加行、删行都可以；以后在“仓库”里也能改。")
        suggested = [(code, tr(name), kind) for code, name, kind in SUGGESTED_STORES]
        self.table = StoreTable(suggested, WAREHOUSE_KINDS, self)
        self.column.addWidget(self.table, 1)
        self.column.addWidget(self.refusal)

    def content(self) -> Any:
        """Filled rows; None when there is none."""
        return self.table.rows() or None

    def write(self, content: Any) -> Any:
        """Each as a warehouse, the first ordinary one as the default."""
        rows = [{"code": code, "name": name, "kind": kind} for code, name, kind in content]
        return masterdata.save_records(self.run.db, self.run.user, "warehouses", rows)


class AdministratorStep(Step):
    """The first user ends single-user mode."""

    def __init__(self, wizard: FirstRunWizard) -> None:
        super().__init__(wizard, "管理员", "设了管理员，打开账套就要登录，各人有各人的权限；只有一个人用可以不设。")
        self.wanted = QCheckBox(tr("设置管理员（推荐，几个人用必须设）"), self)
        self.wanted.setChecked(True)
        self.login = QLineEdit("admin", self)
        self.name = QLineEdit(tr("管理员"), self)
        self.password = SecretEdit("密码", self)
        self.again = SecretEdit("再输一次", self)
        form = QFormLayout()
        form.addRow("", self.wanted)
        form.addRow(tr("登录名"), self.login)
        form.addRow(tr("姓名"), self.name)
        form.addRow(tr("密码（至少 8 位）"), self.password)
        form.addRow(tr("再输一次"), self.again)
        self.wanted.toggled.connect(self._toggled)
        self.column.addLayout(form)
        self.column.addStretch(1)
        self.column.addWidget(self.refusal)

    def content(self) -> Any:
        """Login, name, password; None when nobody is wanted."""
        if not self.wanted.isChecked():
            return None
        return self.login.text().strip(), self.name.text().strip(), self.password.text()

    def validatePage(self) -> bool:
        """Both passwords must be the same."""
        if self.wanted.isChecked() and self.password.text() != self.again.text():
            self.refusal.setText(tr("两次输入的密码不一样，请重输。"))
            self.refusal.show()
            self.again.clear()
            self.again.setFocus()
            return False
        return super().validatePage()

    def write(self, content: Any) -> Access:
        """The first user, who administers."""
        login, name, password = content
        return make_first_administrator(self.run.db, login, name, password)

    def written(self, result: Access) -> None:
        """The password stays nowhere."""
        self.run.access = result
        self.password.clear()
        self.again.clear()
        self.wanted.setChecked(False)
        self.wanted.setEnabled(False)

    def _toggled(self) -> None:
        for field in (self.login, self.name, self.password, self.again):
            field.setEnabled(self.wanted.isChecked())
