"""The rights a user holds, read from the book; a book without users allows everything."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, TypeVar

from sqlalchemy import ColumnElement, Connection, bindparam, null, select

from models.kernel.problems import Place, Problem, Refused
from models.platform.tables import app_user, role_right, user_role
from services.platform.access.rights import MANAGE_USERS, vocabulary
from services.platform.prepared import Prepared

T = TypeVar("T")
READING_AS = "gongfang_access"
"""execution option of a reading connection: the Access for which it reads"""


@dataclass(frozen=True, slots=True)
class Access:
    """One user and what he may do. unlimited: the program itself, and everybody in a book without users."""

    name: str
    rights: frozenset[str] = frozenset()
    user_id: int = 0
    title: str = ""
    unlimited: bool = False
    must_change: bool = False

    def allows(self, right: str) -> bool:
        """Whether the right is held; the empty right is everybody's. Who must change his password first holds none."""
        return self.unlimited or not right or (right in self.rights and not self.must_change)


def everything(name: str) -> Access:
    """The access of somebody who may do all."""
    return Access(name, title=name, unlimited=True)


ANYBODY = everything("")


_ANY_USER = Prepared(select(app_user.c.id).limit(1))
_HELD = Prepared(
    select(app_user.c.id, app_user.c.login, app_user.c.name, app_user.c.must_change, role_right.c.right)
    .select_from(app_user)
    .outerjoin(user_role, user_role.c.user_id == app_user.c.id)
    .outerjoin(role_right, role_right.c.role_id == user_role.c.role_id)
    .where(app_user.c.login == bindparam("login"), app_user.c.active == True)  # noqa: E712 SQL expression
)


def has_users(conn: Connection) -> bool:
    """Whether the book knows users; without any it is in single-user mode."""
    return bool(_ANY_USER.rows(conn))


def held_by(conn: Connection, who: str | Access) -> Access:
    """What somebody may do now: an unlimited access stays what it is, a name is looked up again.

    In a book without users everything is allowed; a name that is unknown or blocked holds nothing.
    """
    if isinstance(who, Access) and who.unlimited:
        return who
    name = who if isinstance(who, str) else who.name
    if not has_users(conn):
        return everything(name)
    rows = _HELD.rows(conn, login=name)
    if not rows:
        return Access(name, title=name)
    key, login, title, must_change, _ = rows[0]
    return Access(login, frozenset(row[4] for row in rows if row[4]), key, title, must_change=must_change)


def granters(conn: Connection) -> tuple[str, ...]:
    """Names of those who may give rights, by name."""
    query = (
        select(app_user.c.name)
        .join(user_role, user_role.c.user_id == app_user.c.id)
        .join(role_right, role_right.c.role_id == user_role.c.role_id)
        .where(role_right.c.right == MANAGE_USERS, app_user.c.active == True)  # noqa: E712 SQL expression
        .distinct()
        .order_by(app_user.c.name)
    )
    return tuple(conn.execute(query).scalars())


def denied(conn: Connection, access: Access, rights: Iterable[tuple[str, str]]) -> list[Problem]:
    """A problem for each right not held, given as (right, number of the document it is for, or empty)."""
    lacking = [(right, number) for right, number in rights if not access.allows(right)]
    if not lacking:
        return []
    if access.must_change:
        return [Problem("access.must_change", {"user": access.title})]
    who = granters(conn)
    return [
        Problem(
            "access.denied" if who else "access.denied_without_granter",
            {"user": access.title or access.name, "right": vocabulary.title(right).strip(), "who": who},
            Place(document=number),
        )
        for right, number in lacking
    ]


def reading(conn: Connection) -> Access:
    """For whom a connection reads; the program itself reads everything."""
    found = conn.get_execution_options().get(READING_AS)
    return found if isinstance(found, Access) else ANYBODY


def require_reading(conn: Connection, *rights: str) -> None:
    """Refused unless the one a connection reads for holds every right."""
    problems = denied(conn, reading(conn), [(right, "") for right in rights])
    if problems:
        raise Refused(problems)


def shown(conn: Connection, column: ColumnElement[T], right: str) -> ColumnElement[Any]:
    """A column as a query selects it: itself, or NULL under the same name when the reader lacks the right."""
    if reading(conn).allows(right):
        return column
    return null().label(column.key)
