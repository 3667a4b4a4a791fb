"""Named filter schemes of a list (方案): filters, columns, order and search, kept in the book; one of them may be the default."""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Mapping
from functools import partial
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QInputDialog, QMenu, QToolButton

from models.kernel.refs import Changes
from services.platform import api
from ui.framework.actions import Action
from ui.framework.grid.layout import apply_layout, layout_of, reset_layout
from ui.framework.texts import tr
from ui.framework.view_set import ViewSet
from ui.framework.view_shelf import TOPIC, State, content_of, figures_of, title_of
from ui.framework.views_dialog import ViewsDialog

if TYPE_CHECKING:
    from ui.framework.desk import Desk
    from ui.framework.grid.grid import Grid, LineGrid
    from ui.framework.page import Page

KIND = "filter"
MOVED = '{"moved": true}'
WIDEST_NAME = 180


class SchemeButton(QToolButton):
    """capture() gives the list's state as JSON values, apply(state) restores one; {} is the declared state.

    figures: keys of the columns of prices and amounts (see ViewSet).
    """

    def __init__(
        self,
        desk: Desk,
        name: str,
        capture: Callable[[], State],
        apply: Callable[[State], object],
        page: Page,
        *,
        figures: Collection[str] = (),
    ) -> None:
        super().__init__(page)
        self._desk = desk
        self._setting = f"scheme/{name}"
        self.set = ViewSet(desk, name, KIND, capture, apply, figures=figures, parent=self)
        self.set.refused.connect(page.show_problems)
        self.set.changed.connect(self._changed)
        self.setObjectName("button_scheme")
        self.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self._menu = QMenu(self)
        self._menu.aboutToShow.connect(self._about_to_show)
        self.setMenu(self._menu)
        self._changed()

    @property
    def names(self) -> list[str]:
        """The schemes that may be used."""
        return [view.name for view in self.set.views]

    @property
    def current(self) -> str:
        """The scheme in use, "" for none."""
        view = self.set.current
        return view.name if view is not None else ""

    def actions_of_page(self) -> list[Action]:
        """The verb that opens the dialog, for the page's keys and palette."""
        return [Action("schemes", "过滤方案", self.manage, "Ctrl+Alt+S", "search", where="menu", group="out")]

    def start(self) -> None:
        """Applies the default scheme, if one was chosen; those once kept on this machine go into the book first."""
        schemes, default = self._local()
        if schemes:
            move = partial(_move, page=self.set.page, schemes=schemes, default=default)
            self._desk.views.write(move, owner=self, on_done=self._moved)
        self.set.start()

    def choose(self, name: str) -> None:
        """Applies a scheme by name; "" is the declared state."""
        self.set.choose(next((view for view in self.set.views if view.name == name), None))

    def save_as(self, name: str) -> None:
        """Keeps the present state under a name and makes it the one in use."""
        self.set.save_as(name)

    def manage(self) -> None:
        """The dialog: use, save, rename, share, open with, delete."""
        ViewsDialog(self._desk, self.set, self.window()).open()

    def _about_to_show(self) -> None:
        self._fill()
        self.set.refresh()

    def _fill(self) -> None:
        menu, view = self._menu, self.set.current
        menu.clear()
        default = self.set.default
        for found in (None, *self.set.views):
            text = title_of(found) if found is not None else tr("全部（不用方案）")
            if found is not None and default is not None and found.id == default.id:
                text += tr("（打开时用）")
            action = menu.addAction(text, partial(self.set.choose, found))
            action.setCheckable(True)
            action.setChecked(found == view)
        menu.addSeparator()
        menu.addAction(tr("保存为方案…"), self._ask_name)
        if view is not None and view.mine:
            menu.addAction(tr("更新“{name}”", name=view.name), partial(self.set.save_as, view.name))
        if view is not None and view != default:
            menu.addAction(tr("打开列表时就用“{name}”", name=view.name), partial(self.set.open_with, view))
        if default is not None:
            menu.addAction(tr("打开列表时不用方案"), partial(self.set.open_with, None))
        menu.addAction(tr("改名、共享、删除…") + "\tCtrl+Alt+S", self.manage)

    def _ask_name(self) -> None:
        name, accepted = QInputDialog.getText(self, tr("保存为方案"), tr("方案名称"))
        if accepted and name.strip():
            self.save_as(name.strip())

    def _changed(self) -> None:
        view = self.set.current
        name = title_of(view) if view is not None else tr("全部")
        short = self.fontMetrics().elidedText(name, Qt.TextElideMode.ElideRight, WIDEST_NAME)
        self.setText(tr("方案：{name} ▾", name=short))
        self.setToolTip(name if short != name else "")
        if self._menu.isVisible():
            self._fill()

    def _local(self) -> tuple[dict[str, dict[str, Any]], str]:
        """Schemes that an earlier program kept on this machine, and the default among them."""
        try:
            found = json.loads(self._desk.settings.load(self._setting) or "{}")
            schemes = {str(name): dict(state) for name, state in dict(found.get("schemes", {})).items()}
            return schemes, str(found.get("default", ""))
        except (ValueError, TypeError, AttributeError):
            return {}, ""

    def _moved(self, changes: Changes) -> None:
        del changes
        self._desk.settings.save(self._setting, MOVED)
        self.set.start_anew()


class GridSchemes(SchemeButton):
    """The schemes of a page with one main grid: the grid's layout, and beside it what the page itself filters by.

    capture() gives the page's own filters as JSON values, apply(state) restores them; {} is as declared.
    """

    def __init__(
        self,
        page: Page,
        grid: Grid | LineGrid,
        capture: Callable[[], State] = dict,
        apply: Callable[[State], object] = dict,
    ) -> None:
        self._view = grid.view
        self._filters = capture
        self._restore = apply
        figures = figures_of(grid.view.grid_model.columns)
        super().__init__(page.desk, grid.name, self._capture, self._apply, page, figures=figures)

    def _capture(self) -> State:
        return {"layout": layout_of(self._view), **self._filters()}

    def _apply(self, state: State) -> None:
        self._restore(state)
        reset_layout(self._view)
        apply_layout(self._view, state.get("layout"))


def _move(db: api.Database, user: str, *, page: str, schemes: Mapping[str, State], default: str) -> Changes:
    """Keeps schemes of this machine in the book; what is there under the same name stays."""
    held = {view.name for view in api.list_views(db, user, page).of(page, KIND) if view.mine}
    for name, state in schemes.items():
        if _fit(name) not in held:
            api.keep_view(db, user, page, KIND, _fit(name), content_of(state))
    for view in api.list_views(db, user, page).of(page, KIND):
        if default and view.mine and view.name == _fit(default):
            api.open_with(db, user, page, KIND, view.id)
    return Changes((), frozenset({TOPIC}))


def _fit(name: str) -> str:
    return " ".join(name.split())[: api.LONGEST_VIEW_NAME] or tr("方案")
