"""What windows may ask of the platform."""

from __future__ import annotations

from services.platform.access.holding import Access
from services.platform.access.rights import AREAS, MANAGE_USERS, Subject
from services.platform.backup import Backup, backup, restore, verify_backup
from services.platform.books import create, open_book
from services.platform.clock import local_today
from services.platform.db import Database
from services.platform.drafts import DraftStore, KeptDraft, draft_owner
from services.platform.formulas import guarded, unguarded
from services.platform.kept_backups import Kept
from services.platform.kept_views import (
    LONGEST_VIEW_NAME,
    KeptView,
    KeptViews,
    keep_view,
    list_views,
    open_with,
    remove_view,
    rename_view,
    share_view,
)
from services.platform.log_ins import LogIns, log_ins, on_server
from services.platform.messages import place, sentence, text
from services.platform.places import check_place
from services.platform.servers import SYSTEM_ROOTS, TLS, Server, check_server, is_local, password_of
from services.platform.stopping import Stop
from services.platform.tongues import LANGUAGES, SOURCE, Tongue, words_of
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
    "AREAS", "LANGUAGES", "LONGEST_VIEW_NAME", "MANAGE_USERS", "SOURCE", "SYSTEM_ROOTS", "TLS", "Access", "Backup",
    "Database", "DraftStore", "Kept", "KeptDraft", "KeptView", "KeptViews", "LogIns", "RoleDraft", "RoleRow", "Server",
    "Stop", "Subject", "Tongue", "UserDraft", "UserRow", "backup", "change_password", "check_place", "check_server",
    "create", "delete_role", "draft_owner", "guarded", "is_local", "keep_view", "list_roles", "list_users",
    "list_views", "local_today", "log_ins", "make_first_administrator", "on_server", "open_book", "open_with",
    "password_of", "people", "place", "remove_view", "rename_view", "reset_password", "restore", "restore_role",
    "save_role", "save_user", "sentence", "share_view", "sign_in", "sign_out", "standing_roles", "subjects", "text",
    "unguarded", "unlock_user", "verify_backup", "with_users", "words_of",
]  # fmt: skip
