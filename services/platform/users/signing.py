"""Log-in: the first administrator, passwords checked and changed, locking after wrong ones; every event in the audit chain.

Neither a password nor a hash is ever written to the chain, a problem or a log; nor is a log-in name that nobody has, since a
password may have been typed in its place.
"""

from __future__ import annotations

import datetime as dt

from sqlalchemy import select, text, update
from sqlalchemy.engine import Row

from models.kernel.problems import Problem, Refused, refuse
from models.platform.tables import app_user
from services.platform.access.holding import Access, has_users, held_by
from services.platform.access.rights import MANAGE_USERS
from services.platform.access.roles import ADMIN
from services.platform.db import LOGIN, Database, Tx
from services.platform.users import keeping, passwords
from services.platform.users.records import UserDraft, login_of

FREE_FAILURES = 5
LOCKS = (dt.timedelta(minutes=1), dt.timedelta(minutes=5), dt.timedelta(minutes=15))
"""how long a user is locked at the fifth wrong password in a row, at the sixth, and at every later one"""


def make_first_administrator(db: Database, login: str, name: str, password: str) -> Access:
    """Ends single-user mode: the standing roles and the first user, who administers; refused when there are users."""

    def action(tx: Tx) -> Access:
        if has_users(tx.conn):
            raise refuse("access.users_exist")
        keeping.seed_roles(tx)
        draft = UserDraft(login, name, (ADMIN,))
        keeping.add_user(tx, draft, password, must_change=False)
        tx.topic("user")
        return held_by(tx.conn, login_of(login))

    return db.run(login_of(login), action)


def sign_in(db: Database, login: str, password: str) -> Access:
    """Who logs in, with his rights; refused with one sentence for a wrong name and a wrong password alike.

    Five wrong passwords in a row lock the user for 1 minute, the next for 5, every further one for 15; while he is locked no
    password is looked at. Wrong passwords are counted although the log-in is refused.
    """
    name = login_of(login)
    db = db.acting_as(None)

    def action(tx: Tx) -> Access | Problem:
        served = tx.conn.info.get(LOGIN, name)
        if served != name:
            return Problem("access.other_login", {"login": served})
        query = select(*keeping.OPEN_COLUMNS).where(app_user.c.login == name)
        row = tx.conn.execute(query.with_for_update()).first()
        if row is None:
            passwords.matches("", password)
            tx.record("user", 0, "", "sign_in_failed")
            return Problem("access.wrong")
        problem = _checked(tx, row, password)
        return problem or held_by(tx.conn, name)

    answer = db.run(name if _is_user(db, name) else "", action)
    if isinstance(answer, Problem):
        raise Refused([answer])
    return answer


def _stored_hash(tx: Tx, user_id: int) -> str:
    """The hash a password is tried against; on a server that holds clerks to their rights each is given only his own."""
    if LOGIN in tx.conn.info:
        return str(tx.conn.execute(text("select gongfang.own_hash()")).scalar() or "")
    return str(tx.conn.execute(select(app_user.c.hash).where(app_user.c.id == user_id)).scalar_one())


def _is_user(db: Database, name: str) -> bool:
    with db.read() as conn:
        return conn.execute(select(app_user.c.id).where(app_user.c.login == name)).first() is not None


def _checked(tx: Tx, row: Row[tuple[object, ...]], password: str) -> Problem | None:
    """Judges one attempt and writes what came of it; None when the user is in."""
    if row.locked_until is not None and tx.now < row.locked_until:
        left = row.locked_until - tx.now
        return Problem("access.locked", {"name": row.name, "minutes": -(-int(left.total_seconds()) // 60) or 1})
    stored = _stored_hash(tx, row.id)
    if not passwords.matches(stored, password):
        return _failed(tx, row)
    if not row.active:
        tx.record("user", row.id, row.login, "sign_in_failed", reason="inactive")
        return Problem("access.inactive", {"name": row.name})
    fresh = {"hash": passwords.hashed(password)} if passwords.outdated(stored) else {}
    tx.conn.execute(update(app_user).where(app_user.c.id == row.id).values(failures=0, locked_until=None, **fresh))
    if LOGIN not in tx.conn.info or held_by(tx.conn, row.login).allows(MANAGE_USERS):
        keeping.bring_roles_up_to_date(tx)
    tx.record("user", row.id, row.login, "sign_in")
    return None


def _failed(tx: Tx, row: Row[tuple[object, ...]]) -> Problem:
    failures = row.failures + 1
    tx.record("user", row.id, row.login, "sign_in_failed")
    over = failures - FREE_FAILURES
    until = tx.now + LOCKS[min(over, len(LOCKS) - 1)] if over >= 0 else None
    tx.conn.execute(update(app_user).where(app_user.c.id == row.id).values(failures=failures, locked_until=until))
    if until is None:
        return Problem("access.wrong")
    minutes = int((until - tx.now).total_seconds()) // 60
    tx.record("user", row.id, row.login, "lock", after={"minutes": minutes})
    return Problem("access.locked", {"name": row.name, "minutes": minutes})


def sign_out(db: Database, access: Access) -> None:
    """Writes down that somebody left; nothing to do in single-user mode."""
    if access.user_id:
        db.run(access, lambda tx: tx.record("user", access.user_id, access.name, "sign_out"))


def change_password(db: Database, login: str, old: str, new: str) -> None:
    """A user changes his own password, giving the old one; a wrong old one counts as a wrong log-in."""
    sign_in(db, login, old)
    db, name = db.acting_as(None), login_of(login)
    passwords.accept(new, name)
    if old == new:
        raise refuse("access.password_same")

    def action(tx: Tx) -> None:
        keeping.set_password(tx, name, new, must_change=False)

    db.run(name, action)
