"""The first page of the first day: who we are and from when we work with it."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

from PySide6.QtWidgets import QFormLayout, QLabel, QLineEdit

from services.masterdata import api as masterdata
from ui.framework.texts import tr
from ui.opening.month_box import MonthBox
from ui.opening.present import COMPANY, START, Present
from ui.opening.step import Step

if TYPE_CHECKING:
    from ui.opening.first_run import FirstRunWizard


class CompanyStep(Step):
    """A name is needed. The start is only shown once business has begun."""

    def __init__(self, wizard: FirstRunWizard, today: dt.date) -> None:
        super().__init__(wizard, "公司和启用期间", "公司名称印在每张单据的抬头；启用期间是第一个用工坊记账的月份。")
        self._stored: dict[str, str] = {COMPANY: "", START: ""}
        self._fixed = ""
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

    @property
    def company(self) -> str:
        """The name that is in the book."""
        return self._stored[COMPANY]

    def show_present(self, present: Present) -> None:
        """Name and start; this month is suggested for a book that was never named and is not worked with."""
        begun = present.beginning
        self._stored = {COMPANY: present.stored.get(COMPANY, "").strip(), START: _text(begun.start)}
        self.name.setText(self.company)
        if begun.start is not None or self.company or present.working:
            self.period.choose(begun.start)
        self._fixed = ""
        if begun.closed:
            self._fixed = tr("{period} 已经结账，启用期间不能在这里改；确实要改，到“系统参数”。", period=begun.closed)
        elif begun.fixed:
            self._fixed = tr(
                "已有审核的单据（最早 {number}，{date}），启用期间不能在这里改；确实要改，到“系统参数”。",
                number=begun.number,
                date=f"{begun.date:%Y-%m-%d}",
            )
        self.period.setEnabled(not self._fixed)
        self._tell()

    def content(self) -> Any:
        """The parameters that are different."""
        shown = {COMPANY: self.name.text().strip(), START: _text(self.period.month())}
        return {key: value for key, value in shown.items() if value != self._stored[key]} or None

    def validatePage(self) -> bool:
        """A name is needed before anything is written."""
        fault = "" if self.name.text().strip() else tr("请填公司名称，单据抬头要印它。")
        self.show_refusal(fault)
        return not fault and super().validatePage()

    def write(self, content: Any) -> Any:
        """As parameters."""
        rows = [{"key": key, "value": value} for key, value in content.items()]
        return masterdata.save_records(self.run.db, self.run.user, "parameters", rows)

    def written(self, content: Any, result: Any) -> None:
        """From now on this is what is stored."""
        del result
        self._stored |= content

    def _tell(self) -> None:
        first = self.period.month()
        if self._fixed:
            self.note.setText(self._fixed)
        elif first is None:
            self.note.setText(tr("没有设启用期间：多早的单据都可以审核。"))
        else:
            before = first - dt.timedelta(days=1)
            self.note.setText(
                tr(
                    "期初库存写 {before}，各仓那天晚上有什么、值多少。{first} 以前的单据不用录，也不能审核。",
                    before=f"{before:%Y-%m-%d}",
                    first=f"{first:%Y-%m-%d}",
                )
            )


def _text(month: dt.date | None) -> str:
    return f"{month:%Y-%m}" if month is not None else ""
