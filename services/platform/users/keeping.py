"""Writing of users and roles within a transaction; every change goes to the audit chain with the rights it gives."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from sqlalchemy import delete, insert, select, update

from models.kernel.problems import Problem, Refused, refuse
from models.platform.tables import app_user, role, role_right, user_role
from services.platform.access.rights import MANAGE_USERS, vocabulary
from services.platform.access.roles import ADMIN, BY_CODE, STANDING_ROLES
from services.platform.db import Tx
from services.platform.users import passwords
from services.platform.users.records import RoleDraft, RoleRow, UserDraft, login_of, roles

OPEN_COLUMNS = tuple(column for column in app_user.c if column.name != "hash")
"""what may be read of a user; the hash of a password is fetched by who checks it, and by nobody else"""


def seed_roles(tx: Tx) -> None:
    """The standing roles with their rights as the program declares them."""
    for spec in STANDING_ROLES:
        key = _insert(tx, role, {"code": spec.code, "title": spec.title, "standing": True})
        rights = spec.rights(vocabulary)
        _write_rights(tx, key, rights)
        tx.record("role", key, spec.code, "create", after=_role_outline(spec.title, rights))


def bring_roles_up_to_date(tx: Tx) -> None:
    """Gives standing roles the rights that a newer program declares; roles that were changed stay as they are.

    Rights this program does not know are left alone: another one, newer or with more areas, gave them.
    """
    for row in roles(tx.conn):
        spec = BY_CODE.get(row.code)
        if not row.standing or spec is None:
            continue
        declared = spec.rights(vocabulary) | {right for right in row.rights if right not in vocabulary}
        if declared != row.rights:
            tx.conn.execute(delete(role_right).where(role_right.c.role_id == row.id))
            _write_rights(tx, row.id, declared)
            _record_role(tx, row, row.title, declared, "program")


def add_user(tx: Tx, draft: UserDraft, password: str, *, must_change: bool) -> int:
    """A new user; refused for an empty or taken name, an unknown role, or a password that is not accepted."""
    login = login_of(draft.login)
    _check_user(tx, draft, login, 0)
    passwords.accept(password, login)
    return insert_user(tx, draft, passwords.hashed(password), must_change=must_change)


def insert_user(tx: Tx, draft: UserDraft, password_hash: str, *, must_change: bool) -> int:
    """Writes a user who was checked; an empty hash is nobody's password."""
    login = login_of(draft.login)
    key = _insert(
        tx, app_user,
        {
            "login": login, "name": draft.name.strip(), "pinyin": _pinyin(draft.name), "active": draft.active,
            "hash": password_hash, "must_change": must_change,
        },
    )  # fmt: skip
    _write_roles(tx, key, draft.roles)
    tx.record("user", key, login, "create", after=_user_outline(draft, login))
    return key


def change_user(tx: Tx, user_id: int, version: int, draft: UserDraft) -> None:
    """Changes name, roles and whether somebody may log in; the last administrator stays one."""
    row = tx.conn.execute(select(*OPEN_COLUMNS).where(app_user.c.id == user_id).with_for_update()).first()
    if row is None or row.version != version:
        raise refuse("access.user_changed", name=draft.name)
    login = login_of(draft.login)
    _check_user(tx, draft, login, user_id)
    held = select(role.c.code).join(user_role, user_role.c.role_id == role.c.id).where(user_role.c.user_id == user_id)
    before = UserDraft(row.login, row.name, tuple(tx.conn.execute(held.order_by(role.c.id)).scalars()), row.active)
    values = {"login": login, "name": draft.name.strip(), "pinyin": _pinyin(draft.name), "active": draft.active}
    tx.conn.execute(update(app_user).where(app_user.c.id == user_id).values(**values, version=version + 1))
    tx.conn.execute(delete(user_role).where(user_role.c.user_id == user_id))
    _write_roles(tx, user_id, draft.roles)
    keep_an_administrator(tx)
    tx.record(
        "user", user_id, login, "change", before=_user_outline(before, row.login), after=_user_outline(draft, login)
    )


def set_password(tx: Tx, login: str, password: str, *, must_change: bool) -> None:
    """Sets a password and lifts a lock; refused when it is not accepted."""
    row = tx.conn.execute(select(app_user.c.id).where(app_user.c.login == login)).first()
    if row is None:
        raise refuse("access.user_gone", login=login)
    passwords.accept(password, login)
    values = {"hash": passwords.hashed(password), "must_change": must_change, "failures": 0, "locked_until": None}
    tx.conn.execute(update(app_user).where(app_user.c.id == row.id).values(**values, version=app_user.c.version + 1))
    tx.record("user", row.id, login, "password_reset" if must_change else "password")


def unlock(tx: Tx, user_id: int) -> None:
    """Lifts the lock of somebody who gave wrong passwords."""
    row = tx.conn.execute(select(app_user.c.login).where(app_user.c.id == user_id)).first()
    if row is None:
        raise refuse("access.user_gone", login=str(user_id))
    tx.conn.execute(update(app_user).where(app_user.c.id == user_id).values(failures=0, locked_until=None))
    tx.record("user", user_id, row.login, "unlock")


def write_role(tx: Tx, draft: RoleDraft, role_id: int, version: int) -> int:
    """Adds a role (role_id 0) or changes one; a changed standing role no longer follows the program, the administrator's always does."""
    rights = vocabulary.with_reading(draft.rights)
    if not draft.title.strip():
        raise refuse("access.role_unnamed")
    if not rights:
        raise refuse("access.role_empty", title=draft.title)
    if role_id == 0:
        key = _insert(tx, role, {"code": "", "title": draft.title.strip(), "standing": False})
        code = draft.code or f"role_{key}"
        tx.conn.execute(update(role).where(role.c.id == key).values(code=code))
        _write_rights(tx, key, rights)
        tx.record("role", key, code, "create", after=_role_outline(draft.title, rights))
        return key
    row = next((row for row in roles(tx.conn) if row.id == role_id and row.version == version), None)
    if row is None:
        raise refuse("access.role_changed", title=draft.title)
    if row.code == ADMIN:
        raise refuse("access.role_admin", title=row.title)
    values = {"title": draft.title.strip(), "standing": row.standing and rights == row.rights, "version": version + 1}
    tx.conn.execute(update(role).where(role.c.id == role_id).values(**values))
    tx.conn.execute(delete(role_right).where(role_right.c.role_id == role_id))
    _write_rights(tx, role_id, rights)
    keep_an_administrator(tx)
    _record_role(tx, row, draft.title, rights, "")
    return role_id


def restore_role(tx: Tx, role_id: int) -> None:
    """A changed standing role becomes again what the program declares."""
    row = next((row for row in roles(tx.conn) if row.id == role_id), None)
    if row is None or row.code not in BY_CODE:
        raise refuse("access.role_own", title=row.title if row else "")
    tx.conn.execute(
        update(role)
        .where(role.c.id == role_id)
        .values(standing=True, title=BY_CODE[row.code].title, version=role.c.version + 1)
    )
    bring_roles_up_to_date(tx)


def delete_role(tx: Tx, role_id: int) -> None:
    """Removes a role nobody has; standing roles stay."""
    row = next((row for row in roles(tx.conn) if row.id == role_id), None)
    if row is None:
        return
    if row.code in BY_CODE:
        raise refuse("access.role_standing", title=row.title)
    if row.users:
        raise refuse("access.role_used", title=row.title, users=row.users)
    tx.conn.execute(delete(role_right).where(role_right.c.role_id == role_id))
    tx.conn.execute(delete(role).where(role.c.id == role_id))
    tx.record("role", role_id, row.code, "delete", before=_role_outline(row.title, row.rights))


def keep_an_administrator(tx: Tx) -> None:
    """Refused when nobody who can log in may manage users any more."""
    query = (
        select(app_user.c.id)
        .join(user_role, user_role.c.user_id == app_user.c.id)
        .join(role_right, role_right.c.role_id == user_role.c.role_id)
        .where(role_right.c.right == MANAGE_USERS, app_user.c.active == True)  # noqa: E712 SQL expression
        .limit(1)
    )
    if tx.conn.execute(query).first() is None:
        raise refuse("access.last_administrator")


def _check_user(tx: Tx, draft: UserDraft, login: str, user_id: int) -> None:
    problems = []
    if not login or not draft.name.strip():
        problems.append(Problem("access.user_unnamed"))
    taken = select(app_user.c.id).where(app_user.c.login == login, app_user.c.id != user_id)
    if tx.conn.execute(taken).first() is not None:
        problems.append(Problem("access.user_exists", {"login": login}))
    known = set(tx.conn.execute(select(role.c.code)).scalars())
    problems += [Problem("access.role_unknown", {"code": code}) for code in draft.roles if code not in known]
    if not draft.roles:
        problems.append(Problem("access.user_without_role", {"name": draft.name}))
    if problems:
        raise Refused(problems)


def _insert(tx: Tx, table: Any, values: dict[str, Any]) -> int:
    (key,) = tx.reserve_ids(table, 1)
    tx.conn.execute(insert(table).values(id=key, **values))
    return key


def _write_rights(tx: Tx, role_id: int, rights: Iterable[str]) -> None:
    tx.insert(role_right, [{"role_id": role_id, "right": right} for right in sorted(rights)])


def _write_roles(tx: Tx, user_id: int, codes: Iterable[str]) -> None:
    ids = {row.code: row.id for row in tx.conn.execute(select(role.c.code, role.c.id))}
    tx.insert(user_role, [{"user_id": user_id, "role_id": ids[code]} for code in dict.fromkeys(codes)])


def _record_role(tx: Tx, row: RoleRow, title: str, rights: frozenset[str], reason: str) -> None:
    before, after = _role_outline(row.title, row.rights), _role_outline(title, rights)
    tx.record("role", row.id, row.code, "change", before=before, after=after, reason=reason)


def _role_outline(title: str, rights: Iterable[str]) -> dict[str, object]:
    return {"title": title, "rights": sorted(rights)}


def _user_outline(draft: UserDraft, login: str) -> dict[str, object]:
    return {"login": login, "name": draft.name, "roles": list(draft.roles), "active": draft.active}


def _pinyin(name: str) -> str:
    """Initials and full pinyin, as look-ups search them."""
    from pypinyin import lazy_pinyin

    parts = [part for part in lazy_pinyin(name) if part.strip()]
    return f"{''.join(part[0] for part in parts)} {''.join(parts)}".lower()
