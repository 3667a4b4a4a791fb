"""The pages of users and roles."""

from __future__ import annotations

from services.platform import api
from ui.framework.at_need import AtNeed
from ui.framework.desk import Desk
from ui.framework.navigator import PageSpec


def register(desk: Desk) -> None:
    """Both stand under 系统, for who manages users."""
    right = api.MANAGE_USERS
    desk.navigator.register(
        PageSpec(
            "users", "用户", "system", AtNeed("ui.access.users_page", "UsersPage"), "users", right=right, order=20
        ),
        PageSpec(
            "roles", "角色与权限", "system", AtNeed("ui.access.roles_page", "RolesPage"), "key", right=right, order=21
        ),
    )
