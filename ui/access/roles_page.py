"""角色与权限: the roles of the book, and their rights as ticks by area."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QLabel, QLineEdit, QSplitter, QVBoxLayout, QWidget

from services.platform import api
from ui.access.rights_table import RightsTable
from ui.access.titles import kept_title, role_title
from ui.framework.actions import Action
from ui.framework.desk import Desk
from ui.framework.grid.columns import Column
from ui.framework.grid.grid import Grid
from ui.framework.page import Page
from ui.framework.texts import tr
from ui.framework.widths import wide

ADMIN = "admin"
ORIGINS = {"standing": "系统自带", "changed": "自带，已改", "own": "自建"}
TONES: Mapping[str, str] = {"standing": "muted", "changed": "warn", "own": "info"}
COLUMNS = (
    Column("title", "角色", width=120),
    Column("origin", "来源", kind="badge", width=106, choices=ORIGINS, tones=TONES),  # type: ignore[arg-type]
    Column("users", "人数", kind="number", width=60),
)


class RolesPage(Page):
    """The line chosen at the left is edited at the right; the administrator's role can only be looked at."""

    topics = frozenset({"user"})
    rights: Mapping[str, str] = dict.fromkeys(("new", "save", "save_enter", "restore", "delete"), api.MANAGE_USERS)

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk, "角色与权限", icon_name="key")
        self.help_key = "roles"
        self._roles: dict[int, api.RoleRow] = {}
        self._shown: api.RoleRow | None = None
        self._dirty = False
        self._fresh = False
        self._wanted = ""
        self._standing = api.standing_roles()
        self.grid = Grid(desk, "roles", COLUMNS, key="id")
        self.grid.empty_label.setText(tr("还没有角色：先在“用户”里设置管理员"))
        self.title_field = QLineEdit(self)
        self.title_field.setAccessibleName(tr("角色名称"))
        self.table = RightsTable(self)
        self._build()
        self.add_actions(self._actions())
        self.grid.current_row_changed.connect(self._row_changed)
        self.grid.opened.connect(self._to_table)
        self.grid.view.customContextMenuRequested.connect(self.show_context_menu)
        self.title_field.textEdited.connect(self._typed)
        self.table.changed.connect(self._typed)

    def refresh(self) -> None:
        """Reads the roles."""
        self.run_query(partial(api.list_roles, self.desk.session.db), self._show, latest="roles")

    def on_shown(self) -> None:
        """Keys go to the list."""
        self.grid.setFocus()

    @property
    def dirty(self) -> bool:
        """Whether something was ticked or typed that is not saved."""
        return self._dirty

    def add(self) -> None:
        """新增: starts from the rights of the role that is shown."""
        self._fresh = True
        self.title_field.setText("")
        self.table.set_rights(self.table.rights(), read_only=False)
        self.title_field.setReadOnly(False)
        self.title_field.setPlaceholderText(tr("新角色的名称"))
        self.title_field.setFocus()
        self._typed()

    def save(self) -> None:
        """保存."""
        shown = None if self._fresh else self._shown
        draft = api.RoleDraft(kept_title(self.title_field.text(), shown), self.table.rights())
        session = self.desk.session
        save = partial(api.save_role, session.db, session.user, draft)
        if shown is not None:
            save = partial(save, role_id=shown.id, version=shown.version)
        self._wanted = draft.title.strip()
        self.run_command(save, on_done=self._saved, title="保存")

    def restore(self) -> None:
        """恢复原样: a changed role of the program follows it again."""
        if self._shown is not None:
            session = self.desk.session
            self._dirty = False
            self.run_command(
                partial(api.restore_role, session.db, session.user, self._shown.id),
                on_done=self._saved,
                title="恢复原样",
            )

    def delete(self) -> None:
        """删除: a role of one's own that nobody has."""
        if self._shown is not None:
            session = self.desk.session
            self._dirty = False
            self.run_command(
                partial(api.delete_role, session.db, session.user, self._shown.id), on_done=self._saved, title="删除"
            )

    def _build(self) -> None:
        split = QSplitter(Qt.Orientation.Horizontal, self)
        split.addWidget(self.grid)
        right = QWidget(split)
        box = QVBoxLayout(right)
        box.setContentsMargins(4, 0, 0, 0)
        line = QHBoxLayout()
        label = QLabel(tr("角色名称"), right)
        label.setBuddy(self.title_field)
        line.addWidget(label)
        line.addWidget(self.title_field)
        line.addWidget(QLabel(tr("空格勾选；勾“查看”以外的会连同查看"), right))
        line.addStretch(1)
        box.addLayout(line)
        box.addWidget(self.table, 1)
        split.addWidget(right)
        split.setStretchFactor(1, 1)
        split.setSizes([max(320, wide(COLUMNS)), 1000])
        self.body.addWidget(split, 1)

    def _actions(self) -> list[Action]:
        return [
            Action("save", "保存", self.save, "Ctrl+S", "save", self._is_dirty, group="edit"),
            Action("save_enter", "保存", self.save, "Ctrl+Return", where="key", enabled=self._is_dirty),
            Action("new", "新增", self.add, "Ins", "new", self._has_shown, "从所选角色的权限开始", group="edit"),
            Action("restore", "恢复原样", self.restore, "", "refresh", self._is_changed, group="role"),
            Action("delete", "删除", self.delete, "Ctrl+Delete", "delete", self._is_own, group="role"),
        ]

    def _show(self, roles: Sequence[api.RoleRow]) -> None:
        self._roles = {role.id: role for role in roles}
        for part in (self.title_field, self.table):
            part.setEnabled(bool(roles))
        self.grid.set_rows(
            [
                {"id": role.id, "title": role_title(role), "origin": self._origin(role), "users": role.users}
                for role in roles
            ]
        )
        if self._wanted:
            place = next((at for at, role in enumerate(roles) if role.title == self._wanted), -1)
            self._wanted = ""
            if place >= 0:
                self.grid.view.select_cell(place)
        if not self._dirty:
            self._show_current()

    def _row_changed(self, row: int) -> None:
        del row
        if not self._dirty:
            self._show_current()

    def _show_current(self) -> None:
        row = self.grid.current()
        self._shown = self._roles.get(row["id"]) if row is not None else None
        self._fresh = False
        if self._shown is not None:
            fixed = self._shown.code == ADMIN
            self.title_field.setText(role_title(self._shown))
            self.title_field.setReadOnly(fixed)
            self.table.set_rights(self._shown.rights, read_only=fixed)
        self.state_changed.emit()

    def _saved(self, result: object) -> None:
        del result
        self._dirty = False
        self.request_refresh()

    def _typed(self, text: str = "") -> None:
        del text
        self._dirty = True
        self.state_changed.emit()

    def _to_table(self, row: object) -> None:
        del row
        self.table.setFocus()

    def _origin(self, role: api.RoleRow) -> str:
        if role.code not in self._standing:
            return "own"
        return "standing" if role.standing else "changed"

    def _is_dirty(self) -> bool:
        return self._dirty

    def _has_shown(self) -> bool:
        return self._shown is not None and not self._dirty

    def _is_changed(self) -> bool:
        return self._has_shown() and self._shown is not None and self._origin(self._shown) == "changed"

    def _is_own(self) -> bool:
        return self._has_shown() and self._shown is not None and self._origin(self._shown) == "own"
