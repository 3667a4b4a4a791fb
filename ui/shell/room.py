"""Room beside an open help: in a narrow window the navigation gives its place to the page in front."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QTimer
from PySide6.QtWidgets import QDockWidget, QMainWindow

from ui.framework.page import Page
from ui.shell.navigation import NavigationTree
from ui.shell.tabs import PageTabs


class RoomForHelp(QObject):
    """The navigation is away while the help is docked, the page in front would not fit beside both, and keys are not in it."""

    def __init__(
        self, window: QMainWindow, navigation: NavigationTree, tabs: PageTabs, help_panel: QDockWidget
    ) -> None:
        super().__init__(window)
        self._window, self._navigation, self._tabs, self._help = window, navigation, tabs, help_panel
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(0)
        self._timer.timeout.connect(self.fit)
        for watched in (window, tabs, navigation, help_panel):
            watched.installEventFilter(self)
        tabs.front_changed.connect(self._watch)

    def fit(self) -> None:
        """Shows the navigation, or takes it away."""
        page = self._tabs.front()
        docked = self._help.isVisible() and not self._help.isFloating()
        if page is None or not docked or self._navigation.hasFocus():
            self._navigation.show()
            return
        # Its own width is that of last time while it is away.
        room = self._window.width() - self._help.width() - self._navigation.width()
        self._navigation.setVisible(page.minimumSizeHint().width() <= room)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Sizes, what a page came to need, the help, and keys that leave the navigation."""
        kind = event.type()
        if kind in (QEvent.Type.Resize, QEvent.Type.FocusOut, QEvent.Type.LayoutRequest) or (
            watched is self._help and kind in (QEvent.Type.Show, QEvent.Type.Hide)
        ):
            self._again()
        return super().eventFilter(watched, event)

    def _watch(self, page: Page | None) -> None:
        if page is not None:
            page.installEventFilter(self)
        self._again()

    def _again(self) -> None:
        self._timer.start()
