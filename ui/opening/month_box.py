"""A month chosen from a list."""

from __future__ import annotations

import datetime as dt
from typing import Final

from PySide6.QtWidgets import QComboBox, QWidget

from ui.framework.texts import tr

BEFORE: Final = 36
AFTER: Final = 12


class MonthBox(QComboBox):
    """Three years back to one year ahead, this month chosen; digits typed find a month. A month outside is added when it is chosen."""

    def __init__(self, today: dt.date, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        this = _number(today)
        for number in range(this - BEFORE, this + AFTER + 1):
            text = f"{_month(number):%Y-%m}"
            self.addItem(tr("{month}（本月）", month=text) if number == this else text, number)
        self.setCurrentIndex(BEFORE)
        self.setMaxVisibleItems(13)

    def month(self) -> dt.date | None:
        """The first day of the chosen month; None when none is."""
        number = self.currentData()
        return _month(number) if isinstance(number, int) else None

    def choose(self, day: dt.date | None) -> None:
        """Chooses the month of a day; None is a choice of its own."""
        number = _number(day) if day is not None else None
        at = self.findData(number) if number is not None else self.findText(tr("（没有设）"))
        if at < 0:
            at = self.count() if number is not None and number > self.itemData(self.count() - 1) else 0
            self.insertItem(at, f"{day:%Y-%m}" if day is not None else tr("（没有设）"), number)
        self.setCurrentIndex(at)


def _number(day: dt.date) -> int:
    return day.year * 12 + day.month - 1


def _month(number: int) -> dt.date:
    return dt.date(number // 12, number % 12 + 1, 1)
