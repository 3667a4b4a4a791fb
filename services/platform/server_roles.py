"""Log-in roles of a PostgreSQL book: one a clerk, bound to the user of the same name, held to his rights by the database itself.

`arrange` is run by the owner of the book. It may be repeated: after a user is added, after the program is upgraded, after a restore.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, select

from models.kernel.problems import Problem, Refused, refuse
from models.platform.tables import app_user
from models.schema import metadata
from services.platform.db import LOGIN, Database
from services.platform.users import keeping
from services.platform.users.records import login_of

if TYPE_CHECKING:
    import psycopg

FOLDER = Path(__file__).resolve().parents[2] / "resources" / "sql"
PARTS = ("rights", "documents", "others", "triggers", "desk")
_BUSY = ("55P03", "57014", "40P01")
"""lock timeout, statement timeout, deadlock"""
LONGEST_LOGIN = 63
"""bytes of a role's name that PostgreSQL tells apart"""

FIGURES: Mapping[str, Mapping[str, str]] = {
    "item": {
        "unit_cost": "case when (select gongfang.sees('field.cost')) then t.unit_cost end",
        "price": "case when (select gongfang.sees('field.price')) then t.price end",
    },
    "partner": {"credit_limit": "case when (select gongfang.sees('field.price')) then t.credit_limit end"},
    "stock_move": {"value": "case when (select gongfang.sees('field.cost')) then t.value end"},
    "stock_value": {"value": "case when (select gongfang.sees('field.cost')) then t.value end"},
    "wip_move": {"value": "case when (select gongfang.sees('field.cost')) then t.value end"},
    "period_cost": {"amount": "case when (select gongfang.sees('field.cost')) then t.amount end"},
    "cost_share": {"amount": "case when (select gongfang.sees('field.cost')) then t.amount end"},
    "wip_cost": {
        name: f"case when (select gongfang.sees('field.cost')) then t.{name} end"
        for name in ("opening", "input", "finished")
    },
    "output_cost": {
        name: f"case when (select gongfang.sees('field.cost')) then t.{name} end"
        for name in ("material", "labor", "overhead", "subcontract", "settled")
    },
    "audit_event": {
        "before": "gongfang.shown_state(t.entity, t.before)",
        "after": "gongfang.shown_state(t.entity, t.after)",
    },
    "document_template": {"body": "gongfang.shown_template(t.type, t.body)"},
    "kept_view": {"content": "gongfang.shown_view(t.owner, t.shared, t.content)"},
    "app_user": {"hash": "case when t.login = session_user::text then t.hash else '' end"},
}
"""table -> column -> what a clerk's session reads in its place; doc_line stands in desk.sql"""
HIDDEN = {name: frozenset(columns) for name, columns in FIGURES.items()} | {"doc_line": frozenset({"price", "amount"})}

_ALL = "insert, update, delete"
WRITES: Mapping[str, str] = {
    **dict.fromkeys(
        (
            "doc", "doc_line", "order_line", "material_line", "attachment", "document_template", "unit", "partner", "warehouse",
            "item", "item_alias", "substitute", "calendar_day", "parameter", "bom", "bom_line", "bom_output", "planned_order",
            "mrp_run", "mrp_snapshot", "mrp_exception", "release_batch", "release_link", "setting", "role", "role_right",
            "user_role", "kept_view", "period_cost", "cost_run", "cost_share", "wip_cost", "output_cost",
        ),
        _ALL,
    ),
    "doc_link": "insert, delete", "stock_move": "insert", "wip_move": "insert", "audit_event": "insert",
    "stock_value": "insert, update", "number_series": "insert, update", "period": "insert, update",
    "app_user": "insert, update",
}  # fmt: skip
"""what the session role of those who write may do to a table at all; the guards ask for the right to do it"""
SIGNING = (
    "insert on audit_event", "update (failures, locked_until, hash, must_change, version) on app_user", _ALL + " on setting",
    "update (print_count) on doc", _ALL + " on kept_view",
)  # fmt: skip
"""what everybody's session does: log in and out, count a print, keep an analysis or a filter scheme"""
RECORDED = (
    "unit", "partner", "warehouse", "item", "substitute", "calendar_day", "parameter", "bom", "role", "role_right",
    "user_role", "period", "attachment", "document_template", "release_batch", "period_cost", "cost_run",
)  # fmt: skip
"""tables that no clerk changes without telling the audit chain something"""


@dataclass(frozen=True, slots=True)
class Arranged:
    """What `arrange` did. passwords: new ones by log-in name, shown once; able, closed: log-ins that may and may not connect."""

    passwords: Mapping[str, str]
    able: tuple[str, ...]
    closed: tuple[str, ...]


def arrange(db: Database, types: Mapping[str, tuple[str, bool]], *, renew: Iterable[str] = ()) -> Arranged:
    """Makes owner, session roles, guards and a log-in role for every user; takes the log-in from who is gone or blocked.

    types: document type -> right to see its prices, and whether it posts to the ledgers. renew: users who get a new password.
    Refused on SQLite, without users, to a clerk, where a name is taken by somebody else on the server, to an account that may not
    make roles, and while others work.
    """
    if db.dialect == "sqlite":
        raise refuse("roles.not_a_server")
    try:
        made = _arranged(db, types, renew)
    except Exception as error:
        raise _refusal(error, db.engine.url.username or "") or error from error
    db.run("", keeping.bring_roles_up_to_date)
    return made


def _refusal(error: Exception, account: str) -> Refused | None:
    """What is told of an error of the server that is no fault of the program: others hold tables, or the account is too small."""
    state = str(getattr(error, "sqlstate", None) or getattr(getattr(error, "orig", None), "sqlstate", None) or "")
    if state in _BUSY:
        return refuse("database.busy")
    if state == "42501":
        return refuse("roles.may_not", account=account, reason=str(error).strip().split("\n")[0])
    return None


def _arranged(db: Database, types: Mapping[str, tuple[str, bool]], renew: Iterable[str]) -> Arranged:
    with db.engine.connect() as conn, conn.begin():
        if LOGIN in conn.info:
            raise refuse("roles.not_the_owner", login=conn.info[LOGIN])
        users = {row.login: row.active for row in conn.execute(select(app_user.c.login, app_user.c.active))}
        if not users:
            raise refuse("roles.no_users")
        server = _Server(conn)
        wanted = {login_of(name) for name in renew}
        server.check(users, wanted)
        server.make_group_roles()
        server.own()
        server.install(types)
        server.grant()
        passwords = {login: server.admit(login) for login in users if server.is_new(login) or login in wanted}
        able = tuple(sorted(login for login, active in users.items() if active))
        for login in server.clerks():
            server.set_open(login, may=login in able)
        server.enroll()
        closed = tuple(sorted(login for login in server.clerks() if login not in able))
    return Arranged(passwords, able, closed)


class _Server:
    """One arrangement under way, on one connection in one transaction."""

    def __init__(self, conn: Connection) -> None:
        self._raw: psycopg.Connection[Any] = conn.connection.driver_connection  # type: ignore[assignment]
        self.database = str(self._value("select current_database()"))
        self.book = str(
            self._value("select relnamespace::regnamespace::text from pg_class where oid = 'doc'::regclass")
        )
        self.owner, self.posting, self.signing = (f"{self.database}_{part}" for part in ("owner", "posting", "signing"))

    def check(self, users: Mapping[str, bool], renewed: Iterable[str]) -> None:
        """Refused with every name that cannot be a log-in role of this book, and every one that is no user."""
        problems = [Problem("access.user_gone", {"login": login}) for login in renewed if login not in users]
        mine = set(self.clerks()) if self._is_role(self.signing) else set()
        for login in users:
            if len(login.encode()) > LONGEST_LOGIN or login.startswith("pg_") or login in ("public", "none"):
                problems.append(Problem("roles.unfit_name", {"login": login, "longest": LONGEST_LOGIN}))
            elif login not in mine and self._is_role(login):
                problems.append(Problem("roles.taken", {"login": login}))
        if problems:
            raise Refused(problems)

    def make_group_roles(self) -> None:
        """Three roles nobody logs in as: the owner of everything, and the session roles of who writes and of everybody."""
        for name in (self.owner, self.posting, self.signing):
            if not self._is_role(name):
                self._do(f"create role {_name(name)} nologin noinherit")
        self._do(f"grant {_name(self.owner)} to current_user")
        self._do(f"grant {_name(self.posting)} to {_name(self.owner)} with admin option")
        self._do(f"grant {_name(self.signing)} to {_name(self.owner)} with admin option")

    def own(self) -> None:
        """Everything of the book belongs to the owner; nobody else makes anything in it, not even for a moment."""
        owner, book, database = _name(self.owner), _name(self.book), _name(self.database)
        self._do(f"grant usage, create on schema {book} to {owner}")
        self._do(f"revoke create on schema {book} from public")
        self._do(f"revoke all on database {database} from public")
        self._do(f"grant connect, temporary on database {database} to {owner}, current_user")
        for (table,) in self._rows(
            "select relname from pg_class where relnamespace = %s::regnamespace and relkind = 'r'", book
        ):
            self._do(f"alter table {book}.{_name(table)} owner to {owner}")
        for (function,) in self._rows(
            "select oid::regprocedure::text from pg_proc where pronamespace = %s::regnamespace", book
        ):
            self._do(f"alter function {function} owner to {owner}")
            self._do(f"alter function {function} set search_path = {book}, pg_temp")

    def install(self, types: Mapping[str, tuple[str, bool]]) -> None:
        """The guards and the views of clerks, made anew."""
        owner = _name(self.owner)
        for schema in ("gongfang", "desk"):
            self._do(f"drop schema if exists {schema} cascade")
            self._do(f"create schema {schema} authorization {owner}")
        self._do(f"set local search_path = {_name(self.book)}")
        self._do(f"set local role {owner}")
        for part in PARTS:
            self._do(self._filled((FOLDER / f"{part}.sql").read_text(encoding="utf-8")))
        for table in (*metadata.tables.values(),):
            if table.name != "doc_line":
                self._do(self._view(table.name, [column.name for column in table.c]))
        self._do(self._view("alembic_version", ["version_num"]))
        for name in RECORDED:
            self._do(
                f"create constraint trigger clerk_told after insert or update or delete on {_name(name)} deferrable initially "
                "deferred for each row when (not gongfang.free()) execute function gongfang.need_record()"
            )
        with self._raw.cursor() as cursor:
            rows = [(code, figure, posts) for code, (figure, posts) in types.items()]
            cursor.executemany("insert into gongfang.document_type values (%s, %s, %s)", rows)
        self._do("reset role")

    def grant(self) -> None:
        """What the two session roles may touch at all."""
        posting, signing, book = _name(self.posting), _name(self.signing), _name(self.book)
        self._do("grant usage on schema gongfang to public")
        self._do(f"grant usage on schema {book} to {posting}, {signing}")
        self._do(f"revoke all on all tables in schema {book} from {posting}, {signing}")
        self._do(f"grant usage on all sequences in schema {book} to {posting}")
        for table in metadata.tables.values():
            name, names = f"{book}.{_name(table.name)}", [column.name for column in table.c]
            plain = ", ".join(_name(key) for key in names if key not in HIDDEN.get(table.name, ()))
            self._do(f"grant select ({plain}) on {name} to {signing}")
            readable = plain if table.name == "app_user" else ", ".join(map(_name, names))
            self._do(f"grant select ({readable}) on {name} to {posting}")
        for table_name, verbs in WRITES.items():
            self._do(f"grant {verbs} on {book}.{_name(table_name)} to {posting}")
        for what in SIGNING:
            verbs, _, table_name = what.partition(" on ")
            self._do(f"grant {verbs} on {book}.{_name(table_name)} to {signing}")

    def clerks(self) -> list[str]:
        """The log-in roles of this book."""
        query = (
            "select r.rolname from pg_auth_members m join pg_roles r on r.oid = m.member where m.roleid = %s::regrole"
        )
        return sorted(name for (name,) in self._rows(query, _name(self.signing)) if name != self.owner)

    def is_new(self, login: str) -> bool:
        """Whether a user has no log-in role yet."""
        return not self._is_role(login)

    def admit(self, login: str) -> str:
        """Makes a user's log-in role, or gives it a new password; the password, of which the server is sent the verifier only."""
        password = "-".join(secrets.token_hex(2) for _ in range(4))
        verifier = self._raw.pgconn.encrypt_password(password.encode(), login.encode(), b"scram-sha-256").decode()
        what = "alter" if self._is_role(login) else "create"
        self._do(f"{what} role {_name(login)} login noinherit password '{verifier}'")
        self._do(f"grant {_name(self.signing)} to {_name(login)}")
        return password

    def set_open(self, login: str, *, may: bool) -> None:
        """Whether somebody may connect."""
        role, database = _name(login), _name(self.database)
        self._do(f"alter role {role} {'login' if may else 'nologin'}")
        if not may:
            self._do(f"revoke connect on database {database} from {role}")
            self._do(f"revoke {_name(self.posting)} from {role}")
            return
        self._do(f"grant connect on database {database} to {role}")
        self._do(f"alter role {role} in database {database} set search_path = desk")
        self._do(f"grant usage on schema gongfang, desk to {role}")
        self._do(f"grant select on all tables in schema desk to {role}")

    def enroll(self) -> None:
        """Gives the session role of who writes to those whose rights write something."""
        self._do("update user_role set role_id = role_id")
        self._do("set constraints all immediate")

    def _view(self, table: str, columns: Sequence[str]) -> str:
        hidden = FIGURES.get(table, {})
        told = ", ".join(f"{hidden[c]} as {_name(c)}" if c in hidden else f"t.{_name(c)}" for c in columns)
        return f"create view desk.{_name(table)} as select {told} from {_name(self.book)}.{_name(table)} t"  # noqa: S608 our own names

    def _filled(self, text: str) -> str:
        marks = {"@book@": self.book, "@posting@": _text(self.posting), "@signing@": _text(self.signing)}
        for part in ("owner", "posting", "signing"):
            marks[f"@{part}_quoted@"] = _text(_name(getattr(self, part)))
        for mark, value in marks.items():
            text = text.replace(mark, value)
        return text

    def _is_role(self, name: str) -> bool:
        return self._value("select count(*) from pg_roles where rolname = %s", name) == 1

    def _value(self, query: str, *given: object) -> object:
        row = self._raw.execute(query.encode(), given or None).fetchone()
        return row[0] if row else None

    def _rows(self, query: str, *given: object) -> list[tuple[Any, ...]]:
        return self._raw.execute(query.encode(), given or None).fetchall()

    def _do(self, statement: str) -> None:
        self._raw.execute(statement.encode())


def _name(text: str) -> str:
    """An identifier, quoted."""
    return '"' + text.replace('"', '""') + '"'


def _text(text: str) -> str:
    """The inside of a text literal."""
    return text.replace("'", "''")
