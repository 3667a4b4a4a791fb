"""PostgreSQL books as files: pg_dump and pg_restore, with the database swapped only when the new one is whole."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy.engine import URL

from models.kernel.problems import refuse
from services.platform import audit
from services.platform.db import connect
from services.platform.sealed import Manifest

if TYPE_CHECKING:
    import psycopg


def dump(url: URL, file: Path) -> None:
    """Writes a consistent dump in PostgreSQL's custom format; refused without pg_dump."""
    _run("pg_dump", url, "--format=custom", "--no-owner", "--no-privileges", f"--file={file}")


def check(file: Path, source: Path) -> None:
    """Refused when pg_restore cannot read the table of contents."""
    tool = _tool("pg_restore")
    found = subprocess.run([tool, "--list", str(file)], capture_output=True, text=True, check=False)
    if found.returncode:
        raise refuse("backup.damaged", name=str(source), reason=found.stderr.strip()[:200])


def load_into(file: Path, url: URL, manifest: Manifest) -> None:
    """Restores into a new database, proves it, then swaps names; the old one stays as *_before_restore."""
    # The driver is loaded by who needs it: a window on a SQLite book starts without.
    import psycopg
    from psycopg import sql

    name = url.database or ""
    fresh, kept = f"{name}_restoring", f"{name}_before_restore"
    with _administration(url) as admin:
        try:
            admin.execute(sql.SQL("drop database if exists {}").format(sql.Identifier(fresh)))
            admin.execute(sql.SQL("create database {}").format(sql.Identifier(fresh)))
        except psycopg.errors.InsufficientPrivilege as error:
            raise refuse("backup.no_createdb", user=url.username or "", reason=str(error).split("\n")[0]) from error
        try:
            _run("pg_restore", url.set(database=fresh), "--no-owner", "--exit-on-error", str(file))
            _prove(url.set(database=fresh), manifest, name)
            if admin.execute("select 1 from pg_database where datname = %s", [name]).fetchone():
                admin.execute(sql.SQL("drop database if exists {}").format(sql.Identifier(kept)))
                rename = sql.SQL("alter database {} rename to {}")
                admin.execute(rename.format(sql.Identifier(name), sql.Identifier(kept)))
            admin.execute(sql.SQL("alter database {} rename to {}").format(sql.Identifier(fresh), sql.Identifier(name)))
        except psycopg.errors.InsufficientPrivilege as error:
            raise refuse("backup.no_createdb", user=url.username or "", reason=str(error).split("\n")[0]) from error
        except psycopg.errors.ObjectInUse as error:
            raise refuse("backup.target_in_use", name=name, reason=str(error).split("\n")[0]) from error
        finally:
            admin.execute(sql.SQL("drop database if exists {}").format(sql.Identifier(fresh)))


def _prove(url: URL, manifest: Manifest, name: str) -> None:
    db = connect(url.render_as_string(hide_password=False))
    try:
        with db.read() as conn:
            rows, fault = audit.verify(conn)
            head = audit.head(conn)
    finally:
        db.close()
    if fault is not None or (rows, head) != (manifest.audit_rows, manifest.audit_head):
        raise refuse("backup.damaged", name=name, reason="audit head")


def _administration(url: URL) -> psycopg.Connection[object]:
    import psycopg

    plain = url.set(drivername="postgresql", database="postgres").render_as_string(hide_password=False)
    try:
        return psycopg.connect(plain, autocommit=True)
    except psycopg.OperationalError as error:
        reason = str(error).strip().split("\n")[0]
        raise refuse("database.unreachable", name=url.render_as_string(), reason=reason) from error


def _run(program: str, url: URL, *options: str) -> None:
    """Runs a tool of PostgreSQL on a database; the password goes by the environment, never on the command line."""
    plain = url.set(drivername="postgresql", password=None).render_as_string(hide_password=False)
    environment = dict(os.environ)
    if url.password:
        environment["PGPASSWORD"] = str(url.password)
    command = [_tool(program), f"--dbname={plain}", *options]
    found = subprocess.run(command, capture_output=True, text=True, check=False, env=environment)
    if found.returncode:
        raise refuse("backup.tool_failed", tool=program, reason=found.stderr.strip()[:300])


def _tool(program: str) -> str:
    found = shutil.which(program)
    if found is None:
        raise refuse("backup.no_tool", tool=program)
    return found
