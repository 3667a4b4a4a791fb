"""Named layouts (列方案) of a grid, whatever page it stands on: in the header's menu, and in a dialog by Ctrl+Alt+L."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenu

from models.kernel.problems import Problem
from ui.framework.grid.layout import apply_layout, layout_of, reset_layout
from ui.framework.keys import key_of
from ui.framework.texts import tr
from ui.framework.view_set import ViewSet
from ui.framework.view_shelf import State, figures_of, title_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ui.framework.grid.grid import _GridFrame

KIND = "layout"
SHORTCUT = "Ctrl+Alt+L"


class KeptLayouts(QObject):
    """What a grid opens with is the layout chosen for that, else as it was left on this machine."""

    def __init__(self, frame: _GridFrame) -> None:
        super().__init__(frame)
        self._frame = frame
        self.set = ViewSet(
            frame.desk,
            frame.name,
            KIND,
            self._capture,
            self._apply,
            figures=figures_of(frame.view.grid_model.columns),
            parent=self,
        )
        self.set.refused.connect(self._refused)
        action = QAction(tr("列方案"), frame)
        action.setShortcut(key_of(SHORTCUT))
        action.setShortcutContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        action.triggered.connect(self.manage)
        frame.addAction(action)
        self.set.start()

    def fill(self, menu: QMenu) -> None:
        """Adds the layouts to the header's menu."""
        chooser = menu.addMenu(tr("列方案"))
        current, default = self.set.current, self.set.default
        for view in self.set.views:
            text = title_of(view)
            if default is not None and view.id == default.id:
                text += tr("（打开时用）")
            action = chooser.addAction(text, partial(self.set.choose, view))
            action.setCheckable(True)
            action.setChecked(view == current)
        if self.set.views:
            chooser.addSeparator()
        chooser.addAction(tr("保存、改名、共享、删除…") + f"\t{SHORTCUT}", self.manage)
        self.set.refresh()

    def manage(self) -> None:
        """The dialog: use, save, rename, share, open with, delete."""
        # The dialog shows its lines in a grid, and every grid has its layouts.
        from ui.framework.views_dialog import ViewsDialog

        ViewsDialog(self._frame.desk, self.set, self._frame.window()).open()

    def _capture(self) -> State:
        return {"layout": layout_of(self._frame.view)}

    def _apply(self, state: State) -> None:
        reset_layout(self._frame.view)
        apply_layout(self._frame.view, state.get("layout"))
        self._frame.save_layout()

    def _refused(self, problems: Sequence[Problem]) -> None:
        for problem in problems:
            self._frame.desk.say(self._frame.desk.sentence(problem))
