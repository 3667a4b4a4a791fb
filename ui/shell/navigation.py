"""The tree of pages at the left, by area; areas and pages a user has no right to are not there."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QFontMetrics, QKeyEvent
from PySide6.QtWidgets import QTreeWidget, QTreeWidgetItem, QWidget

from ui.framework.desk import Desk
from ui.framework.icons import icon
from ui.framework.keys import key_name
from ui.framework.navigator import AREAS
from ui.framework.texts import page_title, tr

KEY = Qt.ItemDataRole.UserRole


class NavigationTree(QTreeWidget):
    """chosen(page key) on click or Enter."""

    chosen = Signal(str)

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._desk = desk
        self.setObjectName("navigation")
        self.setAccessibleName(tr("导航"))
        self.setHeaderHidden(True)
        self.setIndentation(12)
        self.setIconSize(QSize(16, 16))
        self.setUniformRowHeights(True)
        self.setExpandsOnDoubleClick(False)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.itemClicked.connect(self._clicked)
        self.fill()

    def fill(self) -> None:
        """Builds the tree again (after log-in or a change of rights)."""
        self.clear()
        areas: dict[str, QTreeWidgetItem] = {}
        for spec in self._desk.navigator.pages():
            if not spec.listed or (spec.right and not self._desk.session.allowed(spec.right)):
                continue
            area = areas.get(spec.area)
            if area is None:
                area = areas[spec.area] = QTreeWidgetItem([tr(AREAS[spec.area])])
                area.setIcon(0, icon(f"area-{spec.area}"))
                font = self.font()
                font.setBold(True)
                area.setFont(0, font)
                self.addTopLevelItem(area)
            item = QTreeWidgetItem([page_title(spec.title)])
            item.setData(0, KEY, spec.key)
            item.setToolTip(
                0, f"{page_title(spec.title)} ({key_name(spec.shortcut)})" if spec.shortcut else page_title(spec.title)
            )
            area.addChild(item)
        self.expandAll()

    def wide(self) -> int:
        """Pixels that the longest title of a page or an area needs."""
        areas = [item for item in map(self.topLevelItem, range(self.topLevelItemCount())) if item is not None]
        icons = self.iconSize().width() + self.indentation()
        longest = [icons + QFontMetrics(area.font(0)).horizontalAdvance(area.text(0)) for area in areas]
        pages = [
            page for area in areas for place in range(area.childCount()) if (page := area.child(place)) is not None
        ]
        longest += [2 * self.indentation() + self.fontMetrics().horizontalAdvance(page.text(0)) for page in pages]
        return max(longest, default=0) + 2 * self.indentation() + self.verticalScrollBar().sizeHint().width()

    def mark(self, key: str) -> None:
        """Shows which page is in front."""
        for number in range(self.topLevelItemCount()):
            area = self.topLevelItem(number)
            for place in range(area.childCount()) if area is not None else ():
                item = area.child(place)  # type: ignore[union-attr]
                if item is not None and item.data(0, KEY) == key:
                    self.setCurrentItem(item)
                    return

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter opens."""
        item = self.currentItem()
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and item is not None:
            self._clicked(item)
            return
        super().keyPressEvent(event)

    def _clicked(self, item: QTreeWidgetItem) -> None:
        key = item.data(0, KEY)
        if key:
            self.chosen.emit(str(key))
        else:
            item.setExpanded(not item.isExpanded())
