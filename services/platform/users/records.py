"""Reading and naming of users and roles: frozen rows, log-in names as they are compared."""

from __future__ import annotations

import datetime as dt
import unicodedata
from collections import defaultdict
from dataclasses import dataclass

from sqlalchemy import Connection, select

from models.platform.tables import app_user, role, role_right, user_role
from services.platform.access.roles import BY_CODE


@dataclass(frozen=True, slots=True)
class UserRow:
    """A user as the administrator sees him; roles: codes. locked: whether wrong passwords keep him out just now."""

    id: int
    login: str
    name: str
    pinyin: str
    active: bool
    must_change: bool
    locked: bool
    roles: tuple[str, ...]
    version: int


@dataclass(frozen=True, slots=True)
class RoleRow:
    """A role with its rights. standing: as the program declares it, brought up to date with it; users: how many have it."""

    id: int
    code: str
    title: str
    standing: bool
    rights: frozenset[str]
    users: int
    version: int

    @property
    def titled_by_program(self) -> bool:
        """Whether its title is a word of the program, not one that somebody gave it."""
        return self.code in BY_CODE and self.title == BY_CODE[self.code].title


@dataclass(frozen=True, slots=True)
class UserDraft:
    """What the administrator sets of a user."""

    login: str
    name: str
    roles: tuple[str, ...] = ()
    active: bool = True


@dataclass(frozen=True, slots=True)
class RoleDraft:
    """What the administrator sets of a role."""

    title: str
    rights: frozenset[str]
    code: str = ""


def login_of(text: str) -> str:
    """A log-in name as it is kept and compared: full-width letters plain, capitals small, no space around."""
    return unicodedata.normalize("NFKC", text).strip().casefold()


def users(conn: Connection, now: dt.datetime) -> list[UserRow]:
    """Every user, by log-in name."""
    roles: dict[int, list[str]] = defaultdict(list)
    held = select(user_role.c.user_id, role.c.code).join(role, role.c.id == user_role.c.role_id).order_by(role.c.id)
    for row in conn.execute(held):
        roles[row.user_id].append(row.code)
    return [
        UserRow(
            row.id, row.login, row.name, row.pinyin, row.active, row.must_change,
            row.locked_until is not None and row.locked_until > now, tuple(roles[row.id]), row.version,
        )
        for row in conn.execute(select(app_user).order_by(app_user.c.login))
    ]  # fmt: skip


def roles(conn: Connection) -> list[RoleRow]:
    """Every role, the standing ones first, in the order in which they were made."""
    rights: dict[int, set[str]] = defaultdict(set)
    for row in conn.execute(select(role_right.c.role_id, role_right.c.right)):
        rights[row.role_id].add(row.right)
    holders: dict[int, int] = defaultdict(int)
    for holder in conn.execute(select(user_role.c.role_id)).scalars():
        holders[holder] += 1
    return [
        RoleRow(row.id, row.code, row.title, row.standing, frozenset(rights[row.id]), holders[row.id], row.version)
        for row in conn.execute(select(role).order_by(role.c.id))
    ]
