"""Pages in closable tabs, each identity once; Ctrl+W or the middle button closes, Ctrl+Tab goes on."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeGuard

from PySide6.QtCore import QEvent, QObject, QPoint, QSize, Qt, Signal
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QMenu, QMessageBox, QTabBar, QTabWidget, QToolButton, QWidget

from ui.framework.icons import dress, icon
from ui.framework.page import Page
from ui.framework.texts import tr


class PageTabs(QTabWidget):
    """front_changed(page or None) when another page comes to the front. ask decides whether a dirty page may close."""

    front_changed = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("tabs")
        self.setMovable(True)
        self.setDocumentMode(True)
        self.setUsesScrollButtons(True)
        self.ask: Callable[[Page], bool] = self._ask
        self._identities: dict[object, Page] = {}
        self._recent: list[Page] = []
        self.currentChanged.connect(self._front)
        self.tabBar().installEventFilter(self)
        self.tabBar().setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.tabBar().customContextMenuRequested.connect(self._show_menu)

    def page(self, index: int) -> Page | None:
        """The page of a tab."""
        widget = self.widget(index)
        return widget if isinstance(widget, Page) else None

    def front(self) -> Page | None:
        """The page in front."""
        return self.page(self.currentIndex())

    def pages(self) -> list[Page]:
        """All open pages, left to right."""
        return [page for i in range(self.count()) if (page := self.page(i)) is not None]

    def show_page(self, identity: object, make: Callable[[], Page]) -> Page:
        """Brings the identity's tab to the front or makes it, right of the current one."""
        page = self._identities.get(identity)
        if page is None:
            page = make()
            self._identities[identity] = page
            page.title_changed.connect(self._retitle)
            page.close_wanted.connect(self._close_wanted)
            place = self.insertTab(self.currentIndex() + 1, page, icon(page.icon_name), tr(page.title))
            self.setTabToolTip(place, tr(page.title))
            self.tabBar().setTabButton(place, QTabBar.ButtonPosition.RightSide, self._close_button(page))
        self.setCurrentWidget(page)
        return page

    def page_keys(self) -> list[str]:
        """Keys of the open pages of the navigation, left to right."""
        keys = {page: identity[1] for identity, page in self._identities.items() if _is_page(identity)}
        return [keys[page] for page in self.pages() if page in keys]

    def identity(self, page: Page) -> object:
        """What a page was opened as, None if it is not open."""
        return next((identity for identity, shown in self._identities.items() if shown is page), None)

    def change_identity(self, page: Page, identity: object) -> None:
        """A new document got its number: it now is that document."""
        for known, shown in list(self._identities.items()):
            if shown is page:
                del self._identities[known]
        self._identities[identity] = page

    def close_tab(self, index: int) -> bool:
        """Closes a tab; a dirty page asks first. False if it stayed."""
        page = self.page(index)
        if page is None or (page.dirty and not self.ask(page)):
            return False
        page.closing()
        for identity, shown in list(self._identities.items()):
            if shown is page:
                del self._identities[identity]
        if page in self._recent:
            self._recent.remove(page)
        was_front = page is self.front()
        back_to = self._recent[-1] if was_front and self._recent else None
        self.removeTab(index)
        if back_to is not None:
            self.setCurrentWidget(back_to)
        page.deleteLater()
        return True

    def close_front(self) -> None:
        """Ctrl+W."""
        self.close_tab(self.currentIndex())

    def close_others(self) -> None:
        """Closes all but the page in front."""
        front = self.front()
        self._close([page for page in self.pages() if page is not front])

    def menu(self, index: int) -> QMenu:
        """What can be done to a tab and those beside it."""
        menu, pages = QMenu(self), self.pages()
        for title, closed in (
            ("关闭本页", pages[index : index + 1]),
            ("关闭其他页", pages[:index] + pages[index + 1 :]),
            ("关闭右边的页", pages[index + 1 :]),
        ):
            action = menu.addAction(tr(title))
            action.setEnabled(bool(closed))
            action.triggered.connect(lambda _checked=False, closed=closed: self._close(closed))
        return menu

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """The middle button closes the tab it is released on."""
        bar = self.tabBar()
        if (
            watched is bar
            and event.type() == QEvent.Type.MouseButtonRelease
            and isinstance(event, QMouseEvent)
            and event.button() == Qt.MouseButton.MiddleButton
        ):
            index = bar.tabAt(event.position().toPoint())
            if index >= 0:
                self.close_tab(index)
            return True
        return super().eventFilter(watched, event)

    def step(self, places: int) -> None:
        """Ctrl+Tab and Ctrl+Shift+Tab."""
        if self.count():
            self.setCurrentIndex((self.currentIndex() + places) % self.count())

    def _close(self, pages: Sequence[Page]) -> None:
        for page in pages:
            self.close_tab(self.indexOf(page))

    def _show_menu(self, place: QPoint) -> None:
        index = self.tabBar().tabAt(place)
        if index >= 0:
            menu = self.menu(index)
            menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
            menu.popup(self.tabBar().mapToGlobal(place))

    def _front(self, index: int) -> None:
        page = self.page(index)
        if page is not None:
            if page in self._recent:
                self._recent.remove(page)
            self._recent.append(page)
        self.front_changed.emit(page)

    def _retitle(self, title: str) -> None:
        page = self.sender()
        if isinstance(page, Page):
            self.setTabText(self.indexOf(page), tr(title))
            self.setTabToolTip(self.indexOf(page), tr(title))

    def _close_button(self, page: Page) -> QToolButton:
        button = QToolButton(self)
        button.setObjectName("tabClose")
        dress(button, "close", faint=True)
        button.setIconSize(QSize(12, 12))
        button.setToolTip(tr("关闭 (Ctrl+W)"))
        button.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        button.clicked.connect(page.close_wanted)
        return button

    def _close_wanted(self) -> None:
        page = self.sender()
        if isinstance(page, Page):
            self.close_tab(self.indexOf(page))

    def _ask(self, page: Page) -> bool:
        answer = QMessageBox.question(
            self,
            tr("没有保存"),
            tr("“{title}”有没有保存的内容，关闭后会丢失。仍然关闭吗？", title=tr(page.title)),
            QMessageBox.StandardButton.Yes | QMessageBox.StandardButton.No,
            QMessageBox.StandardButton.No,
        )
        return bool(answer == QMessageBox.StandardButton.Yes)


def _is_page(identity: object) -> TypeGuard[tuple[str, str]]:
    return isinstance(identity, tuple) and identity[0] == "page"
