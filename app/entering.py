"""For whom a command opens the book: its owner on this machine, or a user with his password."""

from __future__ import annotations

import getpass
import os
import sys

from app.arguments import Arguments
from models.kernel.problems import refuse
from services.platform.access.holding import everything, has_users
from services.platform.db import Database
from services.platform.messages import text

PASSWORD = "GONGFANG_PASSWORD"  # noqa: S105 the variable's name, not what it holds


def account() -> str:
    """The name of this machine's account."""
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return "user"


def entered(db: Database, arguments: Arguments) -> Database:
    """The book as the one who gives the command may use it.

    Without users it is open to everybody. With users the owner of the book's file acts with all rights unless he names a user;
    everybody else names one with --user, his password comes from GONGFANG_PASSWORD or is asked for.
    """
    with db.read() as conn:
        if not has_users(conn):
            return db
    if not arguments.user:
        if owns(db):
            return db.acting_as(everything(f"{account()}@localhost"))
        raise refuse("access.user_needed")
    from services.platform.users.api import sign_in

    return db.acting_as(sign_in(db, arguments.user, _password(arguments)))


def owns(db: Database) -> bool:
    """Whether the book is a file of this machine's account; where files have no such owner, nobody's."""
    if db.path is None or not hasattr(os, "getuid"):
        return False
    return db.path.stat().st_uid == os.getuid()


def _password(arguments: Arguments) -> str:
    given = os.environ.get(PASSWORD)
    if given is not None:
        return given
    if not sys.stdin.isatty():
        raise refuse("access.password_needed", variable=PASSWORD)
    return getpass.getpass(text("access.password_prompt", arguments.lang, user=arguments.user))
