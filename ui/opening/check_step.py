"""The check of the first day: what the opening stock in the book adds up to, beside the figure of the books kept before."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from functools import partial
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QFormLayout,
    QHeaderView,
    QLabel,
    QLineEdit,
    QTableWidget,
    QTableWidgetItem,
    QVBoxLayout,
    QWizardPage,
)

from models.kernel.numbers import ZERO, parse_number
from services.inventory import api
from ui.framework.colors import current
from ui.framework.texts import tr
from ui.opening.titled import title_columns

if TYPE_CHECKING:
    from ui.opening.first_run import FirstRunWizard

Row = tuple[str, int, Decimal, Decimal | None, int]
TITLES: Final = ("仓库", "物料数", "数量合计", "金额合计", "没有金额的行")


class CheckStep(QWizardPage):
    """Shown where the book has opening stock. Nothing is kept of the figure that is compared; who may not see costs compares none."""

    def __init__(self, wizard: FirstRunWizard) -> None:
        super().__init__(wizard)
        self.run = wizard
        self.amount = ZERO
        self.setTitle(tr("核对期初"))
        self.setSubTitle(tr("账套里现在的期初库存。填上原来账上的存货余额，看两边是不是一样。"))
        self.table = QTableWidget(0, len(TITLES), self)
        self.table.setAccessibleName(tr("合计"))
        self.table.setTabKeyNavigation(False)
        title_columns(self.table, TITLES, range(1, len(TITLES)))
        self.table.setEditTriggers(QTableWidget.EditTrigger.NoEditTriggers)
        self.table.verticalHeader().hide()
        self.table.horizontalHeader().setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        self.table.horizontalHeader().setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        self.before = QLineEdit(self)
        self.before.setAccessibleName(tr("原来账上的存货余额"))
        self.before.setPlaceholderText("0.00")
        self.before.setAlignment(Qt.AlignmentFlag.AlignRight)
        self.before.setMaximumWidth(180)
        self.before.textChanged.connect(self._compare)
        self.verdict = QLabel(self)
        self.verdict.setWordWrap(True)
        form = QFormLayout()
        form.addRow(tr("原来账上的存货余额"), self.before)
        form.addRow("", self.verdict)
        column = QVBoxLayout(self)
        column.addWidget(self.table, 1)
        column.addLayout(form)

    def initializePage(self) -> None:
        """Asks the book, off the window's thread."""
        self.run.ops.run_query(partial(api.opening_totals, self.run.db), self._show, owner=self)

    def _show(self, totals: Sequence[api.OpeningTotal]) -> None:
        hidden = any(total.amount is None for total in totals)
        self.amount = sum((total.amount or ZERO for total in totals), ZERO)
        rows: list[Row] = [
            (f"{total.code} {total.name}", total.items, total.quantity, total.amount, total.without_amount)
            for total in totals
        ]
        whole: Row = (
            tr("合计"), sum(row[1] for row in rows), sum((row[2] for row in rows), ZERO),
            None if hidden else self.amount, sum(row[4] for row in rows),
        )  # fmt: skip
        self.before.setEnabled(not hidden)
        self.table.setRowCount(0)
        for row in (*rows, whole):
            at = self.table.rowCount()
            self.table.insertRow(at)
            for column, text in enumerate(_texts(*row)):
                cell = QTableWidgetItem(text)
                if column:
                    cell.setTextAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
                if at == len(rows):
                    font = cell.font()
                    font.setBold(True)
                    cell.setFont(font)
                self.table.setItem(at, column, cell)
        self._compare()

    def _compare(self) -> None:
        typed = self.before.text().strip()
        if not typed:
            self._say("", "")
            return
        try:
            left = self.amount - parse_number(typed)
        except ValueError:
            self._say(tr("“{text}”不是数字。", text=typed), "danger")
            return
        if left:
            words = tr(
                "✖ 账套比原来的账{more} {left}。先往下走也行，以后在“期初库存”里反审核、改好再审核。",
                more=tr("多") if left > 0 else tr("少"),
                left=f"{abs(left):,.2f}",
            )
            self._say(words, "danger")
        else:
            self._say(tr("✓ 一分不差：{amount}。", amount=f"{self.amount:,.2f}"), "ok")

    def _say(self, text: str, tone: str) -> None:
        self.verdict.setText(text)
        color = current().tones[tone] if tone else ""
        self.verdict.setStyleSheet(f"color: {color}" if color else "")


def _texts(name: str, items: int, quantity: Decimal, amount: Decimal | None, without: int) -> tuple[str, ...]:
    """A row as it is shown: quantities without needless zeros, no zero where no line lacks its amount, no amount that is hidden."""
    told = f"{quantity:,f}"
    told = told.rstrip("0").rstrip(".") if "." in told else told
    worth = f"{amount:,.2f}" if amount is not None else ""
    return name, f"{items:,}", told, worth, f"{without:,}" if without else ""
