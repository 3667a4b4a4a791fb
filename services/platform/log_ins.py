"""Which users of a book on a server have a log-in role of their own, and whether the guards are those of this schema."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Connection, text

from models.schema import metadata
from services.platform.db import LOGIN, Database

_MEMBERS = """
select r.rolname, r.rolcanlogin from pg_auth_members m join pg_roles r on r.oid = m.member
where m.roleid = to_regrole(quote_ident(current_database() || '_signing'))::oid and r.rolname <> current_database() || '_owner'
"""
_VIEWS = "select count(*) from pg_class c join pg_namespace n on n.oid = c.relnamespace where n.nspname = 'desk' and c.relkind = 'v'"


@dataclass(frozen=True, slots=True)
class LogIns:
    """Log-in roles of a book. able, closed: log-in names that may and may not connect.

    arranged: there are guards at all; current: they are those of this schema; owner: who asks may arrange them.
    """

    able: frozenset[str]
    closed: frozenset[str]
    arranged: bool
    current: bool
    owner: bool

    def state(self, login: str, *, active: bool) -> str:
        """How it stands with a user: yes, none (has no log-in yet), off, or open (may connect and should not)."""
        if active:
            return "yes" if login in self.able else "none"
        return "open" if login in self.able else "off"


def on_server(db: Database) -> bool:
    """Whether the book lies on a server, where users have log-ins of the database too."""
    return db.dialect != "sqlite"


def log_ins(db: Database) -> LogIns | None:
    """The log-ins of a book on a server; None for a file, which has none."""
    if not on_server(db):
        return None
    with db.read() as conn:
        rows = conn.execute(text(_MEMBERS)).all()
        able = frozenset(row.rolname for row in rows if row.rolcanlogin)
        views = _views(conn)
        closed = frozenset(row.rolname for row in rows) - able
        return LogIns(able, closed, views > 0, views == _wanted(), LOGIN not in conn.info)


def guards_are_old(db: Database) -> bool:
    """Whether the views of clerks lack a table of this schema: the program was upgraded and `roles` not run since."""
    with db.engine.connect() as conn:
        return 0 < _views(conn) < _wanted()


def _views(conn: Connection) -> int:
    return int(conn.execute(text(_VIEWS)).scalar_one())


def _wanted() -> int:
    return len(metadata.tables) + len(("alembic_version",))
