"""The tree of pages at the left, by area; areas and pages a user has no right to are not there."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, QSize, Qt, Signal
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
        self._front: object = None
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
        self.mark(self._front)

    def wide(self) -> int:
        """Pixels that the longest title of a page or an area needs."""
        areas = self._areas()
        icons = self.iconSize().width() + self.indentation()
        longest = [icons + QFontMetrics(area.font(0)).horizontalAdvance(area.text(0)) for area in areas]
        pages = [page for area in areas for page in self._pages(area)]
        longest += [2 * self.indentation() + self.fontMetrics().horizontalAdvance(page.text(0)) for page in pages]
        return max(longest, default=0) + 2 * self.indentation() + self.verticalScrollBar().sizeHint().width()

    def mark(self, identity: object) -> None:
        """Shows where what is in front belongs: its own line, or that of the list of its documents or records; none if it has none."""
        self._front = identity
        wanted = _lists_of(identity)
        for area in self._areas():
            for page in self._pages(area):
                if page.data(0, KEY) in wanted:
                    self.setCurrentItem(page)
                    return
        self.setCurrentIndex(QModelIndex())

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

    def _areas(self) -> list[QTreeWidgetItem]:
        found = map(self.topLevelItem, range(self.topLevelItemCount()))
        return [item for item in found if item is not None]

    def _pages(self, area: QTreeWidgetItem) -> list[QTreeWidgetItem]:
        return [item for item in map(area.child, range(area.childCount())) if item is not None]


def _lists_of(identity: object) -> tuple[str, ...]:
    """Keys of the pages where what a tab shows is listed."""
    if not isinstance(identity, tuple) or len(identity) < 2:
        return ()
    if identity[0] == "page":
        return (str(identity[1]),)
    return (f"{identity[1]}/records",) if identity[0] == "record" else (f"{identity[0]}/list",)
