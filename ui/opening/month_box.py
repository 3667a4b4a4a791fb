"""A month chosen from a list."""

from __future__ import annotations

import datetime as dt
from typing import Final

from PySide6.QtWidgets import QComboBox, QWidget

from ui.framework.texts import tr

BEFORE: Final = 36
AFTER: Final = 12


class MonthBox(QComboBox):
    """Three years back to one year ahead, this month chosen; digits typed find a month."""

    def __init__(self, today: dt.date, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._first = _number(today) - BEFORE
        for number in range(self._first, self._first + BEFORE + AFTER + 1):
            text = f"{_month(number):%Y-%m}"
            self.addItem(tr("{month}（本月）", month=text) if number == _number(today) else text)
        self.setCurrentIndex(BEFORE)
        self.setMaxVisibleItems(13)

    def month(self) -> dt.date:
        """The first day of the chosen month."""
        return _month(self._first + self.currentIndex())

    def choose(self, day: dt.date) -> None:
        """Chooses the month of a day; one outside the list leaves the choice as it is."""
        index = _number(day) - self._first
        if 0 <= index < self.count():
            self.setCurrentIndex(index)


def _number(day: dt.date) -> int:
    return day.year * 12 + day.month - 1


def _month(number: int) -> dt.date:
    return dt.date(number // 12, number % 12 + 1, 1)
