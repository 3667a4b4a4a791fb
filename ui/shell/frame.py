"""The main frame: navigation at the left, pages in tabs, Ctrl+K, status bar."""

from __future__ import annotations

import logging
from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QByteArray, QMetaObject, QObject, QPoint, Qt, QTimer
from PySide6.QtGui import QCloseEvent, QShortcut, QShowEvent
from PySide6.QtWidgets import (
    QHBoxLayout,
    QMainWindow,
    QMessageBox,
    QPushButton,
    QSplitter,
    QVBoxLayout,
    QWidget,
)

from ui.framework.actions import Action, Command
from ui.framework.desk import Desk
from ui.framework.icons import dress, icon, redress
from ui.framework.keys import key_of
from ui.framework.navigator import AREAS
from ui.framework.page import Page
from ui.framework.pinyin import initials
from ui.framework.texts import page_title, tr
from ui.shell.help_panel import HelpPanel
from ui.shell.help_side import HelpSide
from ui.shell.item_verbs import item_actions
from ui.shell.look import Look
from ui.shell.navigation import NavigationTree
from ui.shell.palette import CommandPalette
from ui.shell.room import RoomForHelp
from ui.shell.status import StatusBar
from ui.shell.tabs import PageTabs

log = logging.getLogger(__name__)
MIN_SIZE = (1024, 680)
NAVIGATION_WIDTH = 156
HELP_WIDTH = 330
MIN_NAVIGATION = 124
MOST_NAVIGATION = 200
PRODUCT = "工坊"
AHEAD_MS = 500


class MainFrame(QMainWindow):
    """Made once the pages are registered; it attaches itself to the desk's navigator."""

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self.desk = desk
        self.setObjectName("mainFrame")
        self.setMinimumSize(*MIN_SIZE)
        self.setWindowIcon(icon("app"))
        self.look = Look(desk.settings, self)
        self.tabs = PageTabs(self)
        self.navigation = NavigationTree(desk, self)
        self.palette_popup = CommandPalette(desk, self)
        self.help = HelpPanel(self)
        self.help_side = HelpSide(desk, self.help, self.tabs, self._frame_actions, self)
        self.room = RoomForHelp(self, self.navigation, self.tabs, self.help)
        self.status = StatusBar(desk, self)
        self.setStatusBar(self.status)
        self.badges = QHBoxLayout()
        self.badges.setSpacing(4)
        self.find_button = QPushButton(tr("找单据、物料、功能…   Ctrl+K"), self)
        dress(self.find_button, "search")
        self._build()
        self._summed = QMetaObject.Connection()
        self.tabs.front_changed.connect(self._front_changed)
        self.navigation.chosen.connect(self._open_key)
        self.help.page_wanted.connect(self._open_key)
        desk.navigator.attach(self, desk)
        desk.ops.failed.connect(self.show_failure)
        self.look.changed.connect(self._repaint_icons)
        self._register_keys()
        self._register_commands()
        # Pinyin is there before the first Ctrl+K asks for it; to read it takes as long as the rest of the window's start.
        desk.ahead.append(partial(initials, PRODUCT))
        desk.views.load()
        self._ahead = QTimer(self)
        self._ahead.setSingleShot(True)
        self._ahead.setInterval(AHEAD_MS)
        self._ahead.timeout.connect(self._load_ahead)
        self.show_session()

    # what the navigator calls

    def show_page(self, identity: object, make: Callable[[], Page]) -> Page:
        """Opens a tab, or brings the one of that identity to the front."""
        return self.tabs.show_page(identity, make)

    def change_identity(self, page: Page, identity: object) -> None:
        """A page shows something else now."""
        self.tabs.change_identity(page, identity)

    # for the composition

    def show_session(self) -> None:
        """Title, books and period after log-in or a change of them."""
        session = self.desk.session
        parts = [session.company, session.period, session.user_name]
        self.setWindowTitle(" · ".join([tr(PRODUCT), *[part for part in parts if part]]))
        self.status.show_session()

    def add_badge(self, key: str, title: str, run: Callable[[], object]) -> QPushButton:
        """A count in the top line (待办 7, 缺料 12); the caller sets its text."""
        button = QPushButton(title, self)
        button.setFlat(True)
        button.setObjectName(f"badge_{key}")
        button.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        button.clicked.connect(run)
        self.badges.addWidget(button)
        return button

    def show_failure(self, title: str, sentence: str) -> None:
        """One sentence for an unforeseen error; never a stack trace."""
        box = QMessageBox(QMessageBox.Icon.Warning, title, sentence, QMessageBox.StandardButton.Ok, self)
        box.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        box.setObjectName("failure")
        box.open()

    def restore_state(self) -> None:
        """Size, place and open pages from the last time; the first time the first page of the navigation."""
        saved = self.desk.settings.load("frame/geometry")
        if saved:
            self.restoreGeometry(QByteArray.fromHex(saved.encode("ascii", "ignore")))
        known = {spec.key for spec in self.desk.navigator.pages()}
        keys = [key for key in (self.desk.settings.load("frame/pages") or "").split() if key in known]
        for key in keys or [spec.key for spec in self.desk.navigator.pages()[:1]]:
            self.desk.navigator.open(key)

    def showEvent(self, event: QShowEvent) -> None:
        """The first page comes first, then what is loaded ahead."""
        super().showEvent(event)
        self._ahead.start()

    def closeEvent(self, event: QCloseEvent) -> None:
        """Dirty pages ask; then jobs end and the place is kept."""
        for page in self.tabs.pages():
            if page.dirty:
                self.tabs.setCurrentWidget(page)
                if not self.tabs.ask(page):
                    event.ignore()
                    return
        for page in self.tabs.pages():
            page.closing()
        self.desk.settings.save("frame/geometry", bytes(self.saveGeometry().toHex().data()).decode("ascii"))
        self.desk.settings.save("frame/pages", " ".join(self.tabs.page_keys()))
        self.desk.ops.close()
        super().closeEvent(event)

    # keys

    def open_palette(self) -> None:
        """Ctrl+K."""
        self._front_actions()
        self.palette_popup.open_at(self.find_button.mapToGlobal(QPoint(0, 0)))

    def focus_navigation(self) -> None:
        """F6: between the navigation and the page."""
        if self.navigation.hasFocus():
            front = self.tabs.front()
            if front is not None:
                front.setFocus()
                front.focusNextChild()
            return
        self.navigation.show()
        self.navigation.setFocus()

    def escape(self) -> None:
        """Esc: closes the help when it has the keys, else the page in front decides."""
        if self.help_side.has_keys:
            self.help_side.close()
            return
        front = self.tabs.front()
        if front is not None:
            front.escape()

    def refresh_front(self) -> None:
        """F5: reads the page in front again."""
        front = self.tabs.front()
        if front is not None:
            front.refresh_by_key()

    def _frame_actions(self) -> list[Action]:
        return [
            Action("palette", "找单据、物料、功能", self.open_palette, "Ctrl+K", "search"),
            Action("help", "这一页怎么用", self.help_side.toggle, "F1", "help"),
            Action("keys", "快捷键一览", self.help_side.open_key_sheet, "Shift+F1", "key"),
            Action("refresh", "刷新本页", self.refresh_front, "F5", "refresh"),
            Action("navigation", "导航与页面之间切换", self.focus_navigation, "F6", "menu"),
            Action("escape", "关闭提示或单据", self.escape, "Esc", "close"),
            Action("close_tab", "关闭本页", self.tabs.close_front, "Ctrl+W", "close"),
            Action("close_others", "关闭其他页", self.tabs.close_others, "", "close"),
            Action("next_tab", "下一页", partial(self.tabs.step, 1), "Ctrl+Tab"),
            Action("previous_tab", "上一页", partial(self.tabs.step, -1), "Ctrl+Shift+Tab"),
            Action("dark", "深色或浅色", self.look.toggle_dark, "", "settings"),
            Action("larger", "字号放大", self.look.larger, "Ctrl++", "settings"),
            Action("smaller", "字号缩小", self.look.smaller, "Ctrl+-", "settings"),
            *item_actions(self.desk, self.tabs.front),
        ]

    def _register_keys(self) -> None:
        for action in self._frame_actions():
            if action.shortcut:
                shortcut = QShortcut(key_of(action.shortcut), self)
                shortcut.activated.connect(action.run)
        for spec in self.desk.navigator.pages():
            if spec.shortcut:
                shortcut = QShortcut(key_of(spec.shortcut), self)
                shortcut.activated.connect(partial(self._open_key, spec.key))

    def _register_commands(self) -> None:
        registry = self.desk.actions
        for spec in self.desk.navigator.pages():
            if not spec.right or self.desk.session.allowed(spec.right):
                command = Command(
                    page_title(spec.title),
                    partial(self._open_key, spec.key),
                    tr(AREAS[spec.area]),
                    spec.shortcut,
                    spec.icon,
                )
                registry.register(command)
        for action in self._frame_actions():
            registry.register(Command(tr(action.title), action.run, "", action.shortcut, action.icon))

    def _repaint_icons(self) -> None:
        self.navigation.fill()
        self.status.paint()
        redress(self)
        for place, page in enumerate(self.tabs.pages()):
            self.tabs.setTabIcon(place, icon(page.icon_name))

    def _load_ahead(self) -> None:
        for load in self.desk.ahead:
            self.desk.ops.run_query(load, self._loaded, owner=self)
        self.desk.ahead.clear()

    def _loaded(self, what: object) -> None:
        log.debug("loaded ahead: %s", what)

    def _open_key(self, key: str) -> None:
        self.desk.navigator.open(key)

    def _front_changed(self, page: Page | None) -> None:
        self.status.show_summary(0, None)
        QObject.disconnect(self._summed)
        if page is not None:
            self._summed = page.selection_summary.connect(self.status.show_summary)
        self._front_actions()
        self.navigation.mark(self.tabs.identity(page) if page is not None else None)
        self.help_side.follow()

    def _front_actions(self) -> None:
        front = self.tabs.front()
        if front is None:
            self.desk.actions.set_page_actions("", [])
        else:
            self.desk.actions.set_page_actions(tr(front.title), front.declared_actions())

    def _build(self) -> None:
        top = QHBoxLayout()
        top.setContentsMargins(6, 4, 6, 2)
        self.find_button.setObjectName("findButton")
        self.find_button.setMinimumWidth(340)
        self.find_button.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.find_button.clicked.connect(self.open_palette)
        top.addWidget(self.find_button)
        top.addStretch(1)
        top.addLayout(self.badges)
        splitter = QSplitter(Qt.Orientation.Horizontal, self)
        splitter.addWidget(self.navigation)
        splitter.addWidget(self.tabs)
        splitter.setStretchFactor(1, 1)
        wide = self.navigation.wide()
        splitter.setSizes([max(NAVIGATION_WIDTH, min(wide, MOST_NAVIGATION)), 1200])
        self.navigation.setMinimumWidth(max(MIN_NAVIGATION, min(wide, MOST_NAVIGATION)))
        splitter.setHandleWidth(1)
        centre = QWidget(self)
        layout = QVBoxLayout(centre)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addLayout(top)
        layout.addWidget(splitter, 1)
        self.setCentralWidget(centre)
        self.addDockWidget(Qt.DockWidgetArea.RightDockWidgetArea, self.help)
        self.resizeDocks([self.help], [HELP_WIDTH], Qt.Orientation.Horizontal)
