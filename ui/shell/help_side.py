"""The help beside the page in front: opened and closed by F1, following the front, with the keys as they are there."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QApplication, QWidget

from ui.framework.actions import Action
from ui.framework.desk import Desk
from ui.framework.texts import tr
from ui.shell.help_panel import HelpPanel, topic_of
from ui.shell.key_sheet import KeySheet
from ui.shell.tabs import PageTabs
from ui.shell.why import WhyHere


class HelpSide(QObject):
    """frame_actions() are the keys that work anywhere."""

    def __init__(
        self,
        desk: Desk,
        panel: HelpPanel,
        tabs: PageTabs,
        frame_actions: Callable[[], Sequence[Action]],
        window: QWidget,
    ) -> None:
        super().__init__(window)
        self._desk = desk
        self._panel = panel
        self._tabs = tabs
        self._frame_actions = frame_actions
        self._window = window
        self.why = WhyHere(desk, panel.why, window)

    @property
    def has_keys(self) -> bool:
        """Whether what is typed goes to the help."""
        focused = QApplication.focusWidget()
        return focused is not None and self._panel.isAncestorOf(focused)

    def toggle(self) -> None:
        """F1: the help page of what is in front, beside it; again to close."""
        if self._panel.isVisible():
            self.close()
            return
        self.show()
        self._panel.show()

    def close(self) -> None:
        """The keys go back to the page."""
        front, had_keys = self._tabs.front(), self.has_keys
        self.why.follow(None)
        self._panel.hide()
        if front is not None and had_keys:
            front.setFocus()
            front.focusNextChild()

    def follow(self) -> None:
        """Another page came to the front."""
        if self._panel.isVisible():
            self.show()

    def show(self) -> None:
        """Fills the panel for the page in front."""
        front = self._tabs.front()
        name = (front.help_key or topic_of(self._tabs.identity(front))) if front is not None else "start"
        self._panel.show_page(name, self.key_sections(), self._desk.session.language)
        self.why.follow(front)

    def open_key_sheet(self) -> None:
        """Shift+F1: keys of the page in front and of the frame."""
        KeySheet(self._desk, self.key_sections(), self._window).open()

    def key_sections(self) -> list[tuple[str, list[Action]]]:
        """The keys of the page in front, then those that work anywhere."""
        front = self._tabs.front()
        sections: list[tuple[str, list[Action]]] = []
        if front is not None:
            sections.append((tr(front.title), front.declared_actions()))
        return [*sections, (tr("任何地方"), list(self._frame_actions()))]
