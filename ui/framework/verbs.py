"""A widget with declared verbs: keys, a row of buttons under it, a menu of a right click; all off while a command is under way."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QAction, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QMenu, QToolButton, QWidget

from ui.framework import verb_bar
from ui.framework.actions import Action
from ui.framework.desk import Desk
from ui.framework.icons import dress
from ui.framework.item_at import item_at
from ui.framework.keys import key_name, keys_of
from ui.framework.texts import tr

BAR_MARGIN: Final = 12


class WithVerbs(QWidget):
    """A subclass puts `bar` into its layout and names in `rights` what its verbs ask for, by key of the action."""

    rights: Mapping[str, str] = {}

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.desk = desk
        self._busy = 0
        self._declared: dict[str, Action] = {}
        self._qactions: dict[str, QAction] = {}
        self._shortcuts: dict[QToolButton, str] = {}
        self.bar = QHBoxLayout()
        self.bar.setSpacing(4)
        self.bar.addStretch(1)

    def item_code(self) -> str:
        """Code of the item the clerk looks at, empty if there is none: what the verbs on items are about."""
        return item_at(self.focusWidget())

    def add_actions(self, actions: Sequence[Action]) -> None:
        """Declares verbs: a shortcut that works anywhere in the page, a button under it (where="bar"), a line in menus and palette.

        A verb whose right (`rights`, by key of the action) the user lacks is not there.
        """
        for action in actions:
            if not self.desk.session.allowed(self.rights.get(action.key, "")):
                continue
            made = QAction(tr(action.title), self)
            dress(made, action.icon or "none")
            if action.shortcut:
                made.setShortcuts(keys_of(action.shortcut))
                made.setShortcutContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            made.setToolTip(_tooltip(action))
            made.setObjectName(f"action_{action.key}")
            made.triggered.connect(action.run)
            self.addAction(made)
            self._declared[action.key] = action
            self._qactions[action.key] = made
            if action.where == "bar":
                self._add_button(made, action)
        self.update_actions()

    def declared_actions(self) -> list[Action]:
        """The verbs, for palette and key sheet."""
        return list(self._declared.values())

    def qaction(self, key: str) -> QAction:
        """The Qt action of a verb."""
        return self._qactions[key]

    def trigger(self, key: str) -> None:
        """Runs a verb if it is enabled now."""
        self.update_actions()
        if key in self._qactions:
            self._qactions[key].trigger()

    def update_actions(self) -> None:
        """Asks every verb whether it is enabled."""
        for key, action in self._declared.items():
            self._qactions[key].setEnabled(not self._busy and (action.enabled is None or bool(action.enabled())))
        self._fit_bar()

    def context_menu(self) -> QMenu:
        """All verbs that are enabled now, grouped."""
        self.update_actions()
        menu = QMenu(self)
        group = None
        for key, action in self._declared.items():
            if action.where == "key" or not self._qactions[key].isEnabled():
                continue
            if group is not None and action.group != group:
                menu.addSeparator()
            group = action.group
            menu.addAction(self._qactions[key])
        verb_bar.offer_item_verbs(menu, self.item_code(), self.desk.actions.item_verbs)
        return menu

    def show_context_menu(self, place: QPoint) -> None:
        """Slot for a child's customContextMenuRequested."""
        sender = self.sender()
        origin = sender.viewport() if hasattr(sender, "viewport") else self
        self.popup_menu(origin.mapToGlobal(place))

    def popup_menu(self, place: QPoint) -> None:
        """Shows the verbs at a place of the screen."""
        menu = self.context_menu()
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.popup(place)

    def hold_verbs(self) -> None:
        """A command was started: verbs are off until it is answered."""
        self._busy += 1
        self.update_actions()

    def release_verbs(self) -> None:
        """It was answered."""
        self._busy -= 1
        self.update_actions()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """The buttons keep room for their words."""
        super().resizeEvent(event)
        self._fit_bar()

    def showEvent(self, event: QShowEvent) -> None:
        """Shown, they have their room."""
        super().showEvent(event)
        self._fit_bar()

    def _fit_bar(self) -> None:
        # Every button is measured by the style sheet, and a page asks several times before it is shown.
        if not self.isVisible():
            return
        margins = self.contentsMargins()
        verb_bar.fit(self.bar, self._shortcuts, self.width() - BAR_MARGIN - margins.left() - margins.right())

    def _add_button(self, made: QAction, action: Action) -> None:
        button = QToolButton(self)
        button.setDefaultAction(made)
        made.setText(tr(action.title))
        made.setIconText(tr(action.title))
        button.setToolButtonStyle(
            Qt.ToolButtonStyle.ToolButtonTextBesideIcon if action.icon else Qt.ToolButtonStyle.ToolButtonTextOnly
        )
        button.setObjectName(f"button_{action.key}")
        button.setProperty(verb_bar.HAS_ICON, bool(action.icon))
        button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.bar.insertWidget(self.bar.count() - 1, button)
        self._shortcuts[button] = action.shortcut


def _tooltip(action: Action) -> str:
    text = tr(action.tooltip) if action.tooltip else tr(action.title)
    return f"{text} ({key_name(action.shortcut)})" if action.shortcut else text
