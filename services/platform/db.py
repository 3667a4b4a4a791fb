"""Databases and transactions: one user action is one transaction, opened here and nowhere else."""

from __future__ import annotations

import datetime as dt
import json
import random
import re
import sqlite3
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeVar

from sqlalchemy import Connection, Engine, Table, create_engine, event, func, select, text
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError, DataError, DBAPIError, NoSuchModuleError, OperationalError

from models.kernel.problems import Refused, refuse
from models.kernel.refs import Changes, DocRef
from services.platform import audit
from services.platform.access.holding import READING_AS, Access, denied, held_by
from services.platform.bulk import bulk_insert
from services.platform.clock import Clock, system_clock
from services.platform.prepared import drive
from services.platform.stopping import checkpoint, stoppable

APPLICATION_ID = 0x47464D45
_RETRY_STATES = {"40001", "40P01", "23505"}
"""serialization failure, deadlock, and a key that somebody else took meanwhile: the next attempt sees it"""
_BUSY_STATES = {"55P03", "57014"}
"""lock timeout, statement timeout"""
_RETRIES = 5
_UNWRITABLE = {sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR, sqlite3.SQLITE_READONLY, sqlite3.SQLITE_CORRUPT}
LOGIN = "gongfang_login"
"""in a connection's info: the clerk as whom the server knows it; absent where no server holds clerks to their rights"""
_LAST_KEY = "select coalesce((select seq from sqlite_sequence where name = ?), 0)"
_FRESH_KEYS = "select nextval(pg_get_serial_sequence(%s, 'id')) from generate_series(1, %s)"
T = TypeVar("T")


class Tx:
    """One running write transaction: connection, user and his rights, clock, and what it has changed so far."""

    def __init__(self, conn: Connection, user: str | Access, now: dt.datetime) -> None:
        self.conn = conn
        self.user = user if isinstance(user, str) else user.name
        self.now = now
        self._who = user
        self._access: Access | None = None
        self._implied = 0
        self._events: list[audit.Event] = []
        self._documents: dict[int, DocRef] = {}
        self._topics: set[str] = set()

    @property
    def access(self) -> Access:
        """What the user may do, as it stands in this transaction; in a book without users that is everything."""
        if self._access is None:
            self._access = held_by(self.conn, self._who)
        return self._access

    def require(self, *rights: str, number: str = "") -> None:
        """Refused unless the user holds every right, naming each that is lacking and who can grant it."""
        self.require_for([(right, number) for right in rights])

    def require_for(self, wanted: Iterable[tuple[str, str]]) -> None:
        """Refused unless the user holds every right, given with the number of the document it is for."""
        if self._implied:
            return
        problems = denied(self.conn, self.access, dict.fromkeys(wanted))
        if problems:
            raise Refused(problems)

    def permits(self, right: str) -> bool:
        """Whether the user holds a right, or the step belongs to an action that was allowed."""
        return self._implied > 0 or self.access.allows(right)

    @property
    def server_keeps_balances(self) -> bool:
        """Whether the server itself adds movements to the balances: it does for clerks with a log-in role of their own."""
        return LOGIN in self.conn.info

    def asks(self) -> bool:
        """Whether this step is the user's own, not one that an allowed action brings with it."""
        return self._implied == 0

    @contextmanager
    def implied(self) -> Iterator[None]:
        """Inside, nothing is asked: these steps belong to an action whose own right was checked (documents of a release)."""
        self._implied += 1
        try:
            yield
        finally:
            self._implied -= 1

    def insert(self, table: Table, rows: Sequence[Mapping[str, Any]]) -> None:
        """Adds rows in one executemany; all rows must have the same keys."""
        bulk_insert(self.conn, table, rows)

    def reserve_ids(self, table: Table, count: int) -> list[int]:
        """Keys for rows about to be inserted, ascending; in tables that the audit chain names no key is given twice."""
        if count == 0:
            return []
        if self.conn.dialect.name == "sqlite":
            if table.dialect_options["sqlite"]["autoincrement"]:
                ((last,),) = drive(self.conn, _LAST_KEY, (table.name,))
            else:
                last = self.conn.execute(select(func.coalesce(func.max(table.c.id), 0))).scalar_one()
            return list(range(last + 1, last + 1 + count))
        return sorted(key for (key,) in drive(self.conn, _FRESH_KEYS, (table.name, count)))

    def record(self, entity: str, entity_id: int, number: str, action: str, **change: Any) -> None:
        """Adds an audit event, written at the end of the transaction. change: before, after, reason."""
        self._events.append(
            audit.Event(
                entity, entity_id, number, action,
                change.get("before"), change.get("after"), str(change.get("reason", "")),
            )
        )  # fmt: skip

    def touched(self, ref: DocRef) -> None:
        """Tells that a document changed."""
        self._documents[ref.id] = ref

    def topic(self, *names: str) -> None:
        """Tells which topics pages must re-read."""
        self._topics.update(names)

    def changes(self) -> Changes:
        """What this transaction has changed."""
        return Changes(tuple(self._documents.values()), frozenset(self._topics))

    def finish(self) -> None:
        """Writes the audit events; the last statement before the commit."""
        audit.append(self.conn, self._events, self.user, self.now)
        self._events.clear()


class Database:
    """A book: a SQLite file or a PostgreSQL database.

    access: for whom it is open. Then every write is his whatever name is given, and reads leave out the figures he has no right to
    see. Without it a write is that of the name given and reads see all: the program's own work. read_only: every write is refused.
    """

    def __init__(
        self, engine: Engine, *, clock: Clock = system_clock, access: Access | None = None, read_only: bool = False
    ) -> None:
        self.engine = engine
        self.clock = clock
        self.access = access
        self.read_only = read_only

    def acting_as(self, access: Access | None) -> Database:
        """The same book for one user (None: for the program itself); connections are shared."""
        return Database(self.engine, clock=self.clock, access=access, read_only=self.read_only)

    def for_reading(self) -> Database:
        """The same book for the same user, in which nothing can be changed."""
        return Database(self.engine, clock=self.clock, access=self.access, read_only=True)

    @property
    def dialect(self) -> str:
        """ "sqlite" or "postgresql"."""
        return self.engine.dialect.name

    @property
    def path(self) -> Path | None:
        """The file of a SQLite book."""
        name = self.engine.url.database
        return Path(name) if self.dialect == "sqlite" and name else None

    def login(self) -> str:
        """The clerk as whom the server knows this program; empty where no server holds clerks to their rights."""
        with self.engine.connect() as conn:
            return str(conn.info.get(LOGIN, ""))

    @contextmanager
    def write(self, user: str | Access) -> Iterator[Tx]:
        """One transaction of one user action; commits at the end, leaves nothing behind on any error.

        The rights of a name are looked up; those of an Access too, so that what was taken away meanwhile is gone.
        """
        if self.read_only:
            raise refuse("database.read_only")
        writing = self.engine.connect().execution_options(gongfang_write=True)
        with writing as conn, stoppable(conn), conn.begin():
            if LOGIN in conn.info:
                conn.execute(text("select gongfang.enter()"))
            tx = Tx(conn, self.access or user, self.clock())
            yield tx
            tx.finish()

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """A consistent view for queries, for the user the book is open for; nothing written through it is kept."""
        with self.engine.connect().execution_options(**{READING_AS: self.access}) as conn:
            if self.dialect != "sqlite":
                conn = conn.execution_options(isolation_level="REPEATABLE READ")
            with stoppable(conn), conn.begin() as transaction:
                try:
                    yield conn
                except (UnicodeEncodeError, DataError) as error:
                    raise _untakable(error) or error from error
                finally:
                    transaction.rollback()

    def run(self, user: str | Access, action: Callable[[Tx], T]) -> T:
        """Runs an action in a write transaction, and again when PostgreSQL asks for it; refused when others hold the book."""
        for attempt in range(_RETRIES):
            try:
                with self.write(user) as tx:
                    return action(tx)
            except UnicodeEncodeError as error:
                raise _untakable(error) or error from error
            except DBAPIError as error:
                refusal = _untakable(error) or _refusal(error)
                if refusal is not None:
                    raise refusal from error
                if getattr(error.orig, "sqlstate", None) not in _RETRY_STATES or attempt == _RETRIES - 1:
                    raise
                time.sleep(random.uniform(0.01, 0.05) * (attempt + 1))  # noqa: S311 jitter, not a secret
        raise AssertionError("unreachable")

    def require(self, user: str | Access, *rights: str) -> None:
        """Refused unless the user holds every right now: asked before long work whose writing asks again."""
        with self.read() as conn:
            problems = denied(conn, held_by(conn, self.access or user), [(right, "") for right in rights])
        if problems:
            raise Refused(problems)

    def close(self) -> None:
        """Lets go of every connection."""
        self.engine.dispose()


def _refusal(error: DBAPIError) -> Refused | None:
    """What a clerk is told of an error that is not the program's: others hold the book, the disk is full, the line is cut."""
    state = getattr(error.orig, "sqlstate", None) or ""
    code = (getattr(error.orig, "sqlite_errorcode", None) or 0) & 0xFF
    reason = str(error.orig).strip().split("\n")[0]
    if state in _BUSY_STATES or code == sqlite3.SQLITE_BUSY:
        return refuse("database.busy")
    if code in _UNWRITABLE or state[:2] == "53":
        return refuse("database.unwritable", reason=reason)
    if state == "42501":
        return refuse("database.forbidden", reason=reason)
    if state == "23503" or "FOREIGN KEY constraint failed" in reason:
        return refuse("database.reference_gone")
    # While a connection is being made, nobody has marked it as lost yet, and the server has no code for what it did not say.
    unsaid = isinstance(error, OperationalError) and not state and not code
    if error.connection_invalidated or state[:2] in ("08", "57") or unsaid:
        return refuse("database.cut_off", reason=reason)
    return None


def _untakable(error: Exception) -> Refused | None:
    """What a clerk is told of a character that no database keeps: half of a pair (both), the zero character (PostgreSQL)."""
    if isinstance(error, UnicodeEncodeError):
        return refuse("database.character", character=f"U+{ord(error.object[error.start]):04X}")
    if isinstance(error, DBAPIError) and "NUL (0x00)" in str(error.orig):
        return refuse("database.character", character="U+0000")
    return None


def database_url(target: str | Path) -> URL:
    """The SQLAlchemy URL of a path or URL given by the user; refused when it names no file and no PostgreSQL database."""
    given = str(target)
    try:
        given.encode()
        url = make_url(given) if "://" in given else URL.create("sqlite", database=given)
    except (ArgumentError, ValueError) as error:
        raise _no_address(given) from error
    if url.get_backend_name() not in ("sqlite", "postgresql") or (
        url.get_backend_name() == "sqlite" and not url.database
    ):
        raise _no_address(given)
    return url


def _no_address(given: str) -> Refused:
    """The refusal of what is no address; a password in it is not repeated."""
    shown = re.sub(r"(://[^:@/]*):[^@]*@", r"\1:***@", given)
    return refuse("place.address", name=shown.encode(errors="replace").decode())


def connect(target: str | Path, *, clock: Clock = system_clock) -> Database:
    """A database with the settings every book needs; the schema is not looked at."""
    url = database_url(target)
    if url.get_backend_name() == "sqlite":
        engine = create_engine(url, connect_args={"timeout": 5.0})
        event.listen(engine, "connect", _prepare_sqlite)
        event.listen(engine, "begin", _begin_sqlite)
    else:
        try:
            engine = create_engine(url, pool_pre_ping=True)
        except ModuleNotFoundError as error:
            raise refuse("database.driver", driver=str(error.name)) from error
        except NoSuchModuleError as error:
            raise _no_address(str(target)) from error
        event.listen(engine, "connect", _prepare_postgresql)
    event.listen(engine, "before_cursor_execute", checkpoint)
    return Database(engine, clock=clock)


def _prepare_sqlite(raw: Any, _record: object) -> None:
    raw.isolation_level = None
    cursor = raw.cursor()
    for pragma in (
        "journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "busy_timeout=5000",
        "recursive_triggers=ON", "trusted_schema=OFF", "cell_size_check=ON", "cache_size=-65536", "temp_store=MEMORY",
    ):  # fmt: skip
        cursor.execute("PRAGMA " + pragma)
    mode = cursor.execute("PRAGMA journal_mode").fetchone()[0]
    cursor.close()
    if mode not in ("wal", "memory"):
        raise refuse("database.no_wal", mode=mode)


def _begin_sqlite(conn: Connection) -> None:
    write = conn.get_execution_options().get("gongfang_write", False)
    drive(conn, "BEGIN IMMEDIATE" if write else "BEGIN", ())


def _prepare_postgresql(raw: Any, record: Any) -> None:
    with raw.cursor() as cursor:
        cursor.execute("set lock_timeout = '5s'")
        cursor.execute("set idle_in_transaction_session_timeout = '60s'")
        cursor.execute("set timezone = 'UTC'")
        guards = "select 1 from pg_namespace where nspname = 'gongfang' and has_schema_privilege(oid, 'usage')"
        guarded = cursor.execute(guards).fetchone() is not None
        login = cursor.execute("select gongfang.bound()").fetchone()[0] if guarded else None
    raw.commit()
    if login:
        record.info[LOGIN] = login


def canonical(value: Any) -> str:
    """Canonical JSON: sorted keys, no spaces, UTF-8."""
    return json.dumps(value, sort_keys=True, ensure_ascii=False, separators=(",", ":"), default=str)


__all__ = ["APPLICATION_ID", "LOGIN", "Database", "OperationalError", "Tx", "canonical", "connect", "database_url"]
