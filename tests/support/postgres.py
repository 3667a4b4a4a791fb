"""A private PostgreSQL server for one test process: a temporary folder, a socket of its own, nothing durable.

The server needs no configuration on the machine and never meets one that runs there. PostgreSQL refuses to run as
root, so root starts it as the user `postgres`; anybody else starts it as himself.
"""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from typing import Any
from urllib.parse import quote

import psycopg

BINARIES_VARIABLE = "GONGFANG_TEST_PG_BIN"
PREFIX = "gongfang-pg-"
SETTINGS = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "shared_buffers": "64MB",
    "max_connections": "80",
    "timezone": "UTC",
    "log_min_messages": "warning",
}


class NoPostgres(Exception):
    """No server program was found, or it would not start; the text says what to do."""


@dataclass
class Cluster:
    """A running server. host is a folder with the socket, or 127.0.0.1 on Windows."""

    host: str
    port: int
    numbers: Iterator[int] = field(default_factory=lambda: count(1))

    def url(self, database: str) -> str:
        """SQLAlchemy URL of one database of this server."""
        return f"postgresql+psycopg://postgres@/{database}?host={quote(self.host, safe='')}&port={self.port}"

    def connect(self, database: str = "postgres") -> psycopg.Connection[Any]:
        """A plain psycopg connection that commits each statement."""
        return psycopg.connect(host=self.host, port=self.port, user="postgres", dbname=database, autocommit=True)

    @contextmanager
    def database(self, template: str = "template0") -> Iterator[str]:
        """URL of a new database, dropped at the end; a copy of `template`, which must have no connection then."""
        name = f"test_{next(self.numbers)}"
        with self.connect() as admin:
            admin.execute(f'CREATE DATABASE "{name}" TEMPLATE "{template}"')
        try:
            yield self.url(name)
        finally:
            with self.connect() as admin:
                admin.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')


def find_binaries() -> Path | None:
    """Folder with initdb and postgres: the variable, the newest of Debian's, then the path; None if there is none."""
    candidates: list[Path] = []
    if chosen := os.environ.get(BINARIES_VARIABLE):
        candidates.append(Path(chosen))
    debian = Path("/usr/lib/postgresql")
    if debian.is_dir():
        versions = (version for version in debian.iterdir() if version.name.isdigit())
        candidates += [version / "bin" for version in sorted(versions, key=lambda v: -int(v.name))]
    if on_path := shutil.which("initdb"):
        candidates.append(Path(on_path).resolve().parent)
    suffix = ".exe" if sys.platform == "win32" else ""
    for folder in candidates:
        if all((folder / f"{tool}{suffix}").exists() for tool in ("initdb", "postgres")):
            return folder
    return None


@contextmanager
def private_cluster() -> Iterator[Cluster]:
    """A server that lives as long as the block (start about 1 s); NoPostgres if none can be had."""
    binaries = find_binaries()
    if binaries is None:
        raise NoPostgres(
            "No PostgreSQL server program was found, and the tests run on SQLite and PostgreSQL. "
            "Install it (Debian: apt-get install postgresql) or set "
            f"{BINARIES_VARIABLE} to the folder that holds initdb and postgres."
        )
    identity = _identity()
    place = Path("/tmp") if Path("/tmp").is_dir() else Path(tempfile.gettempdir())
    _sweep(place)
    folder = Path(tempfile.mkdtemp(prefix=f"{PREFIX}{os.getpid()}-", dir=place))
    try:
        if identity:
            os.chown(folder, identity["user"], identity["group"])
        _initialise(binaries, folder, identity)
        process, cluster = _start(binaries, folder, identity)
        try:
            yield cluster
        finally:
            _stop(process)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _sweep(place: Path) -> None:
    """Remove what test processes left behind that were killed; only where /proc tells who is alive."""
    if not Path("/proc/self").exists():
        return
    for folder in place.glob(f"{PREFIX}[0-9]*-*"):
        owner = folder.name.removeprefix(PREFIX).partition("-")[0]
        if not Path("/proc", owner).exists():
            shutil.rmtree(folder, ignore_errors=True)


def _identity() -> dict[str, Any]:
    """What subprocess needs to become another user: empty unless this is root."""
    if sys.platform == "win32" or os.getuid() != 0:
        return {}
    import pwd

    for name in ("postgres", "nobody"):
        try:
            entry = pwd.getpwnam(name)
        except KeyError:
            continue
        return {"user": entry.pw_uid, "group": entry.pw_gid, "extra_groups": []}
    raise NoPostgres("PostgreSQL will not run as root, and there is no user 'postgres' or 'nobody' to run it as.")


def _environment() -> dict[str, str]:
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("PG", "LC_", "LANG"))}
    return kept | {"LC_ALL": "C.UTF-8", "TZ": "UTC"}


def _initialise(binaries: Path, folder: Path, identity: dict[str, Any]) -> None:
    locale = "C" if sys.platform == "win32" else "C.UTF-8"
    made = subprocess.run(
        [
            str(binaries / "initdb"),
            *("-D", str(folder / "data"), "-U", "postgres", "-A", "trust", "-E", "UTF8"),
            *(f"--locale={locale}", "--no-sync", "--no-instructions"),
        ],
        cwd=folder,
        env=_environment(),
        capture_output=True,
        text=True,
        check=False,
        **identity,
    )
    if made.returncode:
        raise NoPostgres(f"initdb failed:\n{made.stdout}{made.stderr}")


def _start(binaries: Path, folder: Path, identity: dict[str, Any]) -> tuple[subprocess.Popen[bytes], Cluster]:
    host, port, listen = str(folder), 5432, ""
    if sys.platform == "win32":
        host, port, listen = "127.0.0.1", _free_port(), "127.0.0.1"
    settings = SETTINGS | {"listen_addresses": listen, "port": str(port)}
    if not listen:
        settings |= {"unix_socket_directories": str(folder), "unix_socket_permissions": "0700"}
    command = [str(binaries / "postgres"), "-D", str(folder / "data")]
    for name, value in settings.items():
        command += ["-c", f"{name}={value}"]
    if wrapper := shutil.which("setpriv"):
        # A test process that is killed must not leave its server running.
        command = [wrapper, "--pdeathsig", "INT", "--", *command]
    log = folder / "server.log"
    with log.open("wb") as out:
        process = subprocess.Popen(
            command, cwd=folder, env=_environment(), stdin=subprocess.DEVNULL, stdout=out, stderr=out, **identity
        )
    cluster = Cluster(host, port)
    _wait_until_ready(cluster, process, log)
    return process, cluster


def _wait_until_ready(cluster: Cluster, process: subprocess.Popen[bytes], log: Path, seconds: float = 60) -> None:
    deadline = time.monotonic() + seconds
    while True:
        try:
            cluster.connect().close()
        except psycopg.OperationalError as error:
            if process.poll() is not None or time.monotonic() > deadline:
                _stop(process)
                text = log.read_text(encoding="utf-8", errors="replace")
                raise NoPostgres(f"PostgreSQL did not start: {error}\n{text}") from error
            time.sleep(0.05)
        else:
            return


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _stop(process: subprocess.Popen[bytes]) -> None:
    """Fast shutdown; a server that does not follow within ten seconds is killed."""
    if process.poll() is not None:
        return
    if sys.platform == "win32":
        process.terminate()
    else:
        process.send_signal(signal.SIGINT)
    try:
        process.wait(10)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
