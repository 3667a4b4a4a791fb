"""The pasted block as a table: what each row became, before the cells as they were pasted."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Final

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from models.kernel.problems import Problem
from services.matching.api import REASONS, Block
from ui.framework.colors import tone_color, tone_tint
from ui.framework.icons import tone_icon
from ui.framework.texts import tr
from ui.matching.rows import TONES, WORDS, Decision

Index = QModelIndex | QPersistentModelIndex
ROOT: Final = QModelIndex()
LEADING: Final = ("状态", "物料", "依据")
STATE, ITEM, REASON = range(3)


class BlockModel(QAbstractTableModel):
    """Rows are decisions; the first three columns say what they became, the others are the block's own."""

    def __init__(self, sentence: Callable[[Problem], str], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._sentence = sentence
        self.block = Block(())
        self.decided: list[Decision] = []

    def show(self, block: Block, decided: Sequence[Decision]) -> None:
        """Shows another block."""
        self.beginResetModel()
        self.block = block
        self.decided = list(decided)
        self.endResetModel()

    def renew(self, row: int) -> None:
        """A decision changed."""
        self.dataChanged.emit(self.index(row, 0), self.index(row, self.columnCount() - 1))

    def rowCount(self, parent: Index = ROOT) -> int:
        """Number of pasted rows."""
        return 0 if parent.isValid() else len(self.decided)

    def columnCount(self, parent: Index = ROOT) -> int:
        """State, item, reason, then the pasted columns."""
        return 0 if parent.isValid() else len(LEADING) + len(self.block.columns)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Titles: as pasted, else the letter Excel gives the column."""
        if role != Qt.ItemDataRole.DisplayRole:
            return None
        if orientation == Qt.Orientation.Vertical:
            numbers = self.block.numbers
            index = self.decided[section].row.index
            return str(numbers[index] if index < len(numbers) else index + 1)
        if section < len(LEADING):
            return tr(LEADING[section])
        place = section - len(LEADING)
        title = self.block.titles[place] if place < len(self.block.titles) else ""
        return title or chr(ord("A") + place % 26)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Texts, marks, grounds and the sentences of what is wrong."""
        if not index.isValid():
            return None
        one = self.decided[index.row()]
        if role == Qt.ItemDataRole.DisplayRole:
            return self._text(one, index.column())
        if role == Qt.ItemDataRole.DecorationRole and index.column() == STATE:
            return tone_icon(TONES[one.state])
        if role == Qt.ItemDataRole.BackgroundRole:
            return self._ground(one, index.column())
        if role == Qt.ItemDataRole.ForegroundRole and (one.skipped or index.column() == STATE):
            return tone_color("muted" if one.skipped else TONES[one.state])
        if role == Qt.ItemDataRole.ToolTipRole:
            return "\n".join(self._sentence(problem) for problem in one.problems) or None
        return None

    def faults(self, row: int) -> list[str]:
        """Sentences of what is wrong with a row."""
        return [self._sentence(problem) for problem in self.decided[row].problems]

    def _text(self, one: Decision, section: int) -> str:
        if section == STATE:
            return tr(WORDS[one.state])
        if section >= len(LEADING):
            return self.block.rows[one.row.index][section - len(LEADING)].replace("\n", " ")
        if one.chosen is None or one.skipped:
            return ""
        if section == ITEM:
            return " ".join(part for part in (one.chosen.code, one.chosen.name, one.chosen.spec) if part)
        return tr(REASONS[one.chosen.reason])

    def _ground(self, one: Decision, section: int) -> Any:
        if one.skipped:
            return None
        if section >= len(LEADING):
            field = self.block.columns[section - len(LEADING)]
            if field and any(problem.place.field == field for problem in one.problems):
                return tone_tint("danger")
        return tone_tint(TONES[one.state]) if one.state in ("doubtful", "none") else None
