"""Log-in roles on a server, arranged with what the server must know of the document types."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from models.kernel.refs import Changes
from services.documents.rights import figures
from services.documents.types import registry
from services.platform import server_roles
from services.platform.access.rights import MANAGE_USERS
from services.platform.db import Database, Tx
from services.platform.server_roles import Arranged


def types_for_server() -> Mapping[str, tuple[str, bool]]:
    """Document type -> right to see its prices, and whether it posts to the ledgers."""
    return {kind.code: (figures(kind.code), kind.posting is not None) for kind in registry}


def arrange_log_ins(db: Database, user: str, *, renew: Iterable[str] = ()) -> tuple[Arranged, Changes]:
    """Gives every user a log-in role and takes it from who is gone; renew: who gets a new password.

    For who manages users, on the connection of the account that owns the book. The chain hears whose passwords are new.
    """
    db.require(user, MANAGE_USERS)
    made = server_roles.arrange(db.acting_as(None), types_for_server(), renew=renew)

    def action(tx: Tx) -> Changes:
        if made.passwords:
            tx.record("user", 0, "", "log_ins", after={"new_passwords": sorted(made.passwords)})
        tx.topic("user")
        return tx.changes()

    return made, db.run(user, action)
