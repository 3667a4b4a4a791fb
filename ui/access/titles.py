"""What a role is called: a standing one in the window's language, one that somebody named as it was named."""

from __future__ import annotations

from services.platform.api import RoleRow
from ui.framework.texts import tr


def role_title(role: RoleRow) -> str:
    """The title of a role as shown."""
    return tr(role.title) if role.titled_by_program else role.title


def kept_title(typed: str, role: RoleRow | None) -> str:
    """What is kept of a title field that showed role (None: a new one): untouched, it stays what it was."""
    return role.title if role is not None and typed.strip() == role_title(role) else typed
