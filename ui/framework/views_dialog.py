"""The schemes or layouts of a list, to use, save, rename, share, open with and delete: all by keys."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QHBoxLayout, QInputDialog, QLabel, QMessageBox, QToolButton, QVBoxLayout, QWidget

from models.kernel.problems import Problem
from services.platform import api
from ui.framework.dialog import PageDialog, closing_row
from ui.framework.grid.columns import Column
from ui.framework.grid.grid import Grid
from ui.framework.keys import key_name, key_of
from ui.framework.texts import tr
from ui.framework.view_set import ViewSet

if TYPE_CHECKING:
    from ui.framework.desk import Desk

COLUMNS = (
    Column("name", "名称", width=230),
    Column("owner", "谁的", width=90),
    Column("shared", "共享", kind="flag", width=52),
    Column("default", "打开时用", kind="flag", width=76),
)
TITLES = {"filter": "过滤方案", "layout": "列方案"}
PLAIN = {"filter": "全部（不用方案）", "layout": "出厂的列"}


@dataclass(frozen=True, slots=True)
class ViewRow:
    """A line of the dialog; view None is the state as declared."""

    id: int
    name: str
    owner: str
    shared: bool
    default: bool
    view: api.KeptView | None


class ViewsDialog(PageDialog):
    """Enter uses the current line and closes; the first line is the state as declared."""

    def __init__(self, desk: Desk, views: ViewSet, parent: QWidget) -> None:
        super().__init__(tr(TITLES[views.kind]), "viewsDialog", parent)
        self.resize(720, 380)
        self._desk = desk
        self._set = views
        self._actions: dict[str, QAction] = {}
        self.grid = Grid(desk, f"views/{views.kind}", COLUMNS, key="id")
        self.told = QLabel(tr("共享的方案人人可用，只有本人和管理员能改；共享时不带对单价、金额勾选的值。"), self)
        self.told.setObjectName("faintLabel")
        self.told.setWordWrap(True)
        layout = QVBoxLayout(self)
        layout.addWidget(self.grid, 1)
        layout.addWidget(self.told)
        layout.addLayout(self._verbs())
        self.grid.opened.connect(self._use)
        self.grid.current_row_changed.connect(self._row_changed)
        views.changed.connect(self._show)
        views.refused.connect(self._refused)
        self._show()
        views.refresh()
        self.grid.setFocus()

    def current(self) -> api.KeptView | None:
        """The view of the current line; None on the first."""
        row = self.grid.current()
        return row.view if row is not None else None

    def trigger(self, key: str) -> None:
        """Runs a verb if it is enabled."""
        self._actions[key].trigger()

    def ask_name(self, title: str, proposal: str) -> str:
        """A name from the clerk, empty if she thought better of it."""
        name, accepted = QInputDialog.getText(self, title, tr("方案名称"), text=proposal)
        return str(name).strip() if accepted else ""

    def confirm(self, question: str) -> bool:
        """A yes/no question, No by default."""
        buttons = QMessageBox.StandardButton.Yes | QMessageBox.StandardButton.No
        answer = QMessageBox.question(self, tr("删除方案"), question, buttons, QMessageBox.StandardButton.No)
        return bool(answer == QMessageBox.StandardButton.Yes)

    def save(self) -> None:
        """保存当前: what the list shows now, under a name."""
        view = self.current()
        name = self.ask_name(tr("保存为方案"), view.name if view is not None and view.mine else "")
        if name:
            self._set.save_as(name)

    def rename(self) -> None:
        """改名."""
        view = self.current()
        name = self.ask_name(tr("改名"), view.name) if view is not None else ""
        if view is not None and name:
            self._set.rename(view, name)

    def share(self) -> None:
        """共享, or withdraws it."""
        view = self.current()
        if view is not None:
            self._set.share(view, shared=not view.shared)

    def open_with(self) -> None:
        """打开时用: chooses the current line, or no longer."""
        view = self.current()
        default = self._set.default
        again = view is not None and default is not None and view.id == default.id
        self._set.open_with(None if again else view)

    def remove(self) -> None:
        """删除, after a question."""
        view = self.current()
        if view is None:
            return
        question = tr("删除共享的方案“{name}”？别人也不能再用。", name=view.name)
        if self.confirm(question if view.shared else tr("删除方案“{name}”？", name=view.name)):
            self._set.remove(view)

    def _verbs(self) -> QHBoxLayout:
        line = QHBoxLayout()
        line.setSpacing(4)
        made: tuple[tuple[str, str, str, Callable[[], object]], ...] = (
            ("use", "使用", "", self._use),
            ("save", "保存当前", "Ins", self.save),
            ("rename", "改名", "F2", self.rename),
            ("share", "设为共享", "Ctrl+G", self.share),
            ("default", "打开时用它", "Ctrl+D", self.open_with),
            ("delete", "删除", "Del", self.remove),
        )
        for key, title, shortcut, run in made:
            action = QAction(f"{tr(title)} {key_name(shortcut) or 'Enter'}", self)
            if shortcut:
                action.setShortcut(key_of(shortcut))
                action.setShortcutContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            action.triggered.connect(run)
            self.addAction(action)
            button = QToolButton(self)
            button.setDefaultAction(action)
            button.setObjectName(f"button_{key}")
            button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
            line.addWidget(button)
            self._actions[key] = action
        line.addStretch(1)
        line.addWidget(closing_row(self))
        return line

    def _show(self) -> None:
        default = self._set.default
        chosen = default.id if default is not None else 0
        rows = [ViewRow(0, tr(PLAIN[self._set.kind]), "", shared=False, default=not chosen, view=None)]
        for view in self._set.views:
            owner = "" if view.mine else view.owner_name
            rows.append(ViewRow(view.id, view.name, owner, view.shared, default=view.id == chosen, view=view))
        self.grid.set_rows(rows)
        self._row_changed(0)

    def _row_changed(self, row: int) -> None:
        del row
        view = self.current()
        mine = view is not None and view.may_change
        for key in ("rename", "share", "delete"):
            self._actions[key].setEnabled(mine)
        self._actions["share"].setText(
            tr("取消共享") + " Ctrl+G" if view is not None and view.shared else tr("设为共享") + " Ctrl+G"
        )

    def _use(self, *_opened: object) -> None:
        self._set.choose(self.current())
        self.accept()

    def _refused(self, problems: Sequence[Problem]) -> None:
        self.told.setObjectName("fault")
        self.told.style().polish(self.told)
        self.told.setText("\n".join(self._desk.sentence(problem) for problem in problems))
