"""Rights as a table: areas, what they hold, and the verbs on each as ticks beside their words."""

from __future__ import annotations

from collections.abc import Collection
from typing import Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QAbstractItemView, QTreeWidget, QTreeWidgetItem, QWidget

from services.platform import api
from ui.access.ticks import TickDelegate
from ui.framework.icons import icon
from ui.framework.texts import listed, tr

RIGHT: Final = Qt.ItemDataRole.UserRole
CHECK: Final = Qt.ItemDataRole.CheckStateRole
SUBJECT_WIDTH: Final = 168
WIDTHS: Final = (114, 104, 96, 100, 96)
"""of the first columns of verbs, which hold the longest words"""
VERB_WIDTH: Final = 68


class RightsTable(QTreeWidget):
    """Arrows move from tick to tick, space sets and clears; a tick on an area takes all of it.

    Whoever may change something may see it: 查看 comes with every other tick of its row, and takes them along when it goes.
    """

    changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        subjects = api.subjects()
        self.setColumnCount(1 + max(len(subject.verbs) for subject in subjects))
        self.setHeaderHidden(True)
        self.setObjectName("rightsTable")
        self.setAccessibleName(tr("权限"))
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectItems)
        self.setUniformRowHeights(True)
        self.setItemDelegate(TickDelegate(self))
        self.setIndentation(16)
        self._rows: list[QTreeWidgetItem] = []
        self._areas: dict[str, QTreeWidgetItem] = {}
        self._read_only = False
        self._setting = False
        for subject in subjects:
            self._add(subject)
        self.expandAll()
        self.setColumnWidth(0, SUBJECT_WIDTH)
        for column in range(1, self.columnCount()):
            self.setColumnWidth(column, WIDTHS[column - 1] if column <= len(WIDTHS) else VERB_WIDTH)
        self.itemChanged.connect(self._ticked)

    def set_rights(self, rights: Collection[str], *, read_only: bool) -> None:
        """Shows rights; read_only: they can be looked at but not changed."""
        self._setting = True
        self._read_only = read_only
        for row in self._rows:
            for column in self._verbs(row):
                held = row.data(column, RIGHT) in rights
                row.setCheckState(column, Qt.CheckState.Checked if held else Qt.CheckState.Unchecked)
            self._fix(row)
        for area in self._areas.values():
            self._fix(area)
            self._show_area(area)
        self._setting = False

    def rights(self) -> frozenset[str]:
        """What is ticked."""
        return frozenset(
            str(row.data(column, RIGHT))
            for row in self._rows
            for column in self._verbs(row)
            if row.checkState(column) == Qt.CheckState.Checked
        )

    def _add(self, subject: api.Subject) -> None:
        area = self._areas.get(subject.area)
        if area is None:
            area = self._areas[subject.area] = QTreeWidgetItem([tr(api.AREAS[subject.area])])
            area.setIcon(0, icon("tree" if subject.area == "engineering" else f"area-{subject.area}"))
            area.setCheckState(0, Qt.CheckState.Unchecked)
            font = self.font()
            font.setBold(True)
            area.setFont(0, font)
            self.addTopLevelItem(area)
        row = QTreeWidgetItem([tr(subject.title or api.AREAS[subject.area])])
        for column, (verb, word) in enumerate(subject.verbs.items(), start=1):
            row.setText(column, tr(word))
            row.setData(column, RIGHT, f"{subject.code}.{verb}")
            row.setCheckState(column, Qt.CheckState.Unchecked)
            row.setToolTip(column, f"{tr(subject.title)} {tr(word)}".strip())
        area.addChild(row)
        self._rows.append(row)

    def _verbs(self, row: QTreeWidgetItem) -> list[int]:
        return [column for column in range(1, self.columnCount()) if row.data(column, RIGHT)]

    def _fix(self, item: QTreeWidgetItem) -> None:
        flags = item.flags() | Qt.ItemFlag.ItemIsUserCheckable
        item.setFlags(flags & ~Qt.ItemFlag.ItemIsUserCheckable if self._read_only else flags)

    def _ticked(self, item: QTreeWidgetItem, column: int) -> None:
        if self._setting:
            return
        self._setting = True
        if item in self._areas.values():
            self._take_area(item)
        else:
            self._follow(item, column)
            area = item.parent()
            if area is not None:
                self._show_area(area)
        self._setting = False
        self.changed.emit()

    def _take_area(self, area: QTreeWidgetItem) -> None:
        state = area.checkState(0)
        for place in range(area.childCount()):
            row = area.child(place)
            if row is not None:
                for column in self._verbs(row):
                    row.setCheckState(column, state)

    def _follow(self, row: QTreeWidgetItem, column: int) -> None:
        reading = next((c for c in self._verbs(row) if str(row.data(c, RIGHT)).endswith(".read")), 0)
        if not reading:
            return
        if column == reading and row.checkState(column) == Qt.CheckState.Unchecked:
            for other in self._verbs(row):
                row.setCheckState(other, Qt.CheckState.Unchecked)
        elif column != reading and row.checkState(column) == Qt.CheckState.Checked:
            row.setCheckState(reading, Qt.CheckState.Checked)

    def _show_area(self, area: QTreeWidgetItem) -> None:
        rows = [area.child(place) for place in range(area.childCount())]
        states = {row.checkState(column) for row in rows if row is not None for column in self._verbs(row)}
        mixed = Qt.CheckState.PartiallyChecked
        area.setCheckState(0, states.pop() if len(states) == 1 else mixed)


def summary(rights: Collection[str]) -> list[tuple[str, str]]:
    """Rights in words, by area: ("销售", "销售订单：查看、保存；…"); subjects with the same verbs stand together."""
    made: dict[str, dict[tuple[str, ...], list[str]]] = {}
    for subject in api.subjects():
        words = tuple(tr(word) for verb, word in subject.verbs.items() if f"{subject.code}.{verb}" in rights)
        if words:
            made.setdefault(subject.area, {}).setdefault(words, []).append(tr(subject.title))
    return [
        (tr(api.AREAS[area]), listed((_phrase(titles, words) for words, titles in groups.items()), "；"))
        for area, groups in made.items()
    ]


def _phrase(titles: list[str], words: tuple[str, ...]) -> str:
    subjects, verbs = listed(filter(None, titles)), listed(words)
    return tr("{subjects}：{verbs}", subjects=subjects, verbs=verbs) if subjects else verbs
