"""What windows and the command line may ask about users and roles; commands need the right to manage users."""

from __future__ import annotations

from sqlalchemy import select

from models.kernel.problems import refuse
from models.kernel.refs import Changes
from models.platform.tables import app_user
from services.platform.access.holding import has_users
from services.platform.access.rights import AREAS, MANAGE_USERS, Subject, vocabulary
from services.platform.access.roles import BY_CODE
from services.platform.db import Database, Tx
from services.platform.users import keeping, records
from services.platform.users.records import RoleDraft, RoleRow, UserDraft, UserRow
from services.platform.users.signing import change_password, make_first_administrator, sign_in, sign_out

__all__ = [
    "AREAS", "RoleDraft", "RoleRow", "Subject", "UserDraft", "UserRow", "change_password", "delete_role", "list_roles",
    "list_users", "make_first_administrator", "people", "reset_password", "restore_role", "save_role", "save_user", "sign_in",
    "sign_out", "standing_roles", "subjects", "unlock_user", "with_users",
]  # fmt: skip


def with_users(db: Database) -> bool:
    """Whether the book asks for a log-in; without users it is in single-user mode."""
    with db.read() as conn:
        return has_users(conn)


def people(db: Database) -> list[tuple[str, str, str]]:
    """Log-in name, name and pinyin of everybody who may log in, for the log-in window's look-up."""
    with db.read() as conn:
        query = select(app_user.c.login, app_user.c.name, app_user.c.pinyin).where(app_user.c.active == True)  # noqa: E712
        return [(row.login, row.name, row.pinyin) for row in conn.execute(query.order_by(app_user.c.name))]


def standing_roles() -> frozenset[str]:
    """Codes of the roles that come with the program."""
    return frozenset(BY_CODE)


def subjects() -> list[Subject]:
    """Everything rights are about, by area."""
    return vocabulary.subjects()


def list_users(db: Database) -> list[UserRow]:
    """Every user."""
    with db.read() as conn:
        return records.users(conn, db.clock())


def list_roles(db: Database) -> list[RoleRow]:
    """Every role with its rights."""
    with db.read() as conn:
        return records.roles(conn)


def save_user(
    db: Database, user: str, draft: UserDraft, *, password: str = "", user_id: int = 0, version: int = 0
) -> Changes:
    """Adds a user (user_id 0) with a password he must change at his first log-in, or changes one."""

    def action(tx: Tx) -> Changes:
        tx.require(MANAGE_USERS)
        if not has_users(tx.conn):
            raise refuse("access.no_administrator")
        if user_id:
            keeping.change_user(tx, user_id, version, draft)
        else:
            keeping.add_user(tx, draft, password, must_change=True)
        tx.topic("user")
        return tx.changes()

    return db.run(user, action)


def reset_password(db: Database, user: str, login: str, password: str) -> Changes:
    """The administrator sets somebody's password, to be changed at the next log-in."""

    def action(tx: Tx) -> Changes:
        tx.require(MANAGE_USERS)
        keeping.set_password(tx, login, password, must_change=True)
        tx.topic("user")
        return tx.changes()

    return db.run(user, action)


def unlock_user(db: Database, user: str, user_id: int) -> Changes:
    """Lets somebody who gave wrong passwords try again at once."""

    def action(tx: Tx) -> Changes:
        tx.require(MANAGE_USERS)
        keeping.unlock(tx, user_id)
        tx.topic("user")
        return tx.changes()

    return db.run(user, action)


def save_role(db: Database, user: str, draft: RoleDraft, *, role_id: int = 0, version: int = 0) -> Changes:
    """Adds a role (role_id 0) or changes one."""

    def action(tx: Tx) -> Changes:
        tx.require(MANAGE_USERS)
        keeping.write_role(tx, draft, role_id, version)
        tx.topic("user")
        return tx.changes()

    return db.run(user, action)


def restore_role(db: Database, user: str, role_id: int) -> Changes:
    """A changed standing role becomes again what the program declares."""

    def action(tx: Tx) -> Changes:
        tx.require(MANAGE_USERS)
        keeping.restore_role(tx, role_id)
        tx.topic("user")
        return tx.changes()

    return db.run(user, action)


def delete_role(db: Database, user: str, role_id: int) -> Changes:
    """Removes a role nobody has."""

    def action(tx: Tx) -> Changes:
        tx.require(MANAGE_USERS)
        keeping.delete_role(tx, role_id)
        tx.topic("user")
        return tx.changes()

    return db.run(user, action)
