"""What windows may ask of the platform."""

from __future__ import annotations

from services.platform.access.holding import Access
from services.platform.access.rights import AREAS, MANAGE_USERS, Subject
from services.platform.books import create, open_book
from services.platform.clock import local_today
from services.platform.db import Database
from services.platform.drafts import DraftStore, KeptDraft, draft_owner
from services.platform.messages import place, sentence, text
from services.platform.users.api import (
    RoleDraft,
    RoleRow,
    UserDraft,
    UserRow,
    change_password,
    delete_role,
    list_roles,
    list_users,
    make_first_administrator,
    people,
    reset_password,
    restore_role,
    save_role,
    save_user,
    sign_in,
    sign_out,
    standing_roles,
    subjects,
    unlock_user,
    with_users,
)

__all__ = [
    "AREAS", "MANAGE_USERS", "Access", "Database", "DraftStore", "KeptDraft", "RoleDraft", "RoleRow", "Subject", "UserDraft",
    "UserRow", "change_password", "create", "delete_role", "draft_owner", "list_roles", "list_users", "local_today",
    "make_first_administrator", "open_book", "people", "place", "reset_password", "restore_role", "save_role", "save_user",
    "sentence", "sign_in", "sign_out", "standing_roles", "subjects", "text", "unlock_user", "with_users",
]  # fmt: skip
