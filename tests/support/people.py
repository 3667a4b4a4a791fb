"""Users of a test book: one of each standing role, who cannot log in but may act."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from services.platform.access.holding import Access, held_by
from services.platform.access.roles import ADMIN, STANDING_ROLES
from services.platform.db import Database, Tx
from services.platform.users import keeping
from services.platform.users.records import UserDraft

NOBODY = "无名"


def login_of_role(code: str) -> str:
    """The log-in name of the one who has just that role."""
    return f"{code}员"


def employ(tx: Tx, login: str, roles: Iterable[str]) -> None:
    """A user with roles, without the cost of hashing a password."""
    keeping.insert_user(tx, UserDraft(login, login, tuple(roles)), "", must_change=False)


def staff(db: Database) -> Mapping[str, Access]:
    """One user for each standing role, by its code; and one without any, under the empty code."""
    with db.write("root") as tx, tx.implied():
        keeping.seed_roles(tx)
        for spec in STANDING_ROLES:
            employ(tx, login_of_role(spec.code), [spec.code])
        employ(tx, NOBODY, [])
    with db.read() as conn:
        made = {spec.code: held_by(conn, login_of_role(spec.code)) for spec in STANDING_ROLES}
        made[""] = held_by(conn, NOBODY)
    assert made[ADMIN].allows("admin.users")
    return made
