"""A PostgreSQL book's address: checked before use, shown without its password, which only the system's key store keeps."""

from __future__ import annotations

import ipaddress
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from sqlalchemy.engine import URL, make_url

from models.kernel.problems import Problem, Refused

DRIVER: Final = "postgresql+psycopg"
SERVICE: Final = "Gongfang"
PORT: Final = 5432
TLS: Final[Mapping[str, str]] = {
    "verify-full": "验证证书和主机名（推荐）", "verify-ca": "只验证证书", "disable": "不加密（只限本机）",
}  # fmt: skip
SYSTEM_ROOTS: Final = "system"
"""certificate authorities that the operating system trusts"""


@dataclass(frozen=True, slots=True)
class Server:
    """Where a PostgreSQL book is and as whom it is opened; no password. root_cert: a file, or SYSTEM_ROOTS."""

    host: str
    database: str
    user: str
    port: int = PORT
    tls: str = "verify-full"
    root_cert: str = ""

    @property
    def shown(self) -> str:
        """The address as windows, settings and logs may write it."""
        return f"postgresql://{self.user}@{self.host}:{self.port}/{self.database}"

    def url(self, password: str = "") -> URL:
        """The URL to connect with; it holds the password and must not be written anywhere."""
        query = {"sslmode": self.tls}
        if self.tls != "disable" and self.root_cert:
            query["sslrootcert"] = self.root_cert
        if self.host.startswith("/"):
            # The folder of a socket is no host that a URL can name.
            query |= {"host": self.host, "port": str(self.port)}
            return URL.create(DRIVER, self.user, password or None, database=self.database, query=query)
        return URL.create(DRIVER, self.user, password or None, self.host, self.port, self.database, query)

    def as_dict(self) -> dict[str, Any]:
        """What is remembered of it."""
        return {name: getattr(self, name) for name in ("host", "database", "user", "port", "tls", "root_cert")}


def server_of(values: Mapping[str, Any]) -> Server | None:
    """The server remembered in a mapping; None when it is none."""
    try:
        made = Server(
            str(values["host"]), str(values["database"]), str(values["user"]), int(values.get("port", PORT)),
            str(values.get("tls", "verify-full")), str(values.get("root_cert", "")),
        )  # fmt: skip
    except (KeyError, TypeError, ValueError):
        return None
    return made if made.host and made.tls in TLS else None


def check_server(server: Server) -> None:
    """Refused, with everything at once, when something is missing or the line would carry the password unprotected.

    libpq's own default verifies nothing: without a verified certificate anybody in between reads and changes the books.
    """
    problems = []
    if not server.host.strip():
        problems.append(Problem("server.no_host", {}))
    if not server.database.strip():
        problems.append(Problem("server.no_database", {}))
    if not server.user.strip():
        problems.append(Problem("server.no_user", {}))
    if not 0 < server.port < 65536:
        problems.append(Problem("server.port", {"port": server.port}))
    if server.tls == "disable" and not is_local(server.host):
        problems.append(Problem("server.plain", {"host": server.host}))
    if server.tls != "disable" and server.root_cert != SYSTEM_ROOTS:
        if not server.root_cert:
            problems.append(Problem("server.no_certificate", {}))
        elif not Path(server.root_cert).is_file():
            problems.append(Problem("server.certificate_missing", {"name": server.root_cert}))
    if problems:
        raise Refused(problems)


def is_local(host: str) -> bool:
    """Whether a host is this machine: a loopback address, its name, or the folder of a socket."""
    if host.startswith("/") or host.casefold() == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def without_password(target: str) -> str:
    """A book's path or URL as it may be shown: a password in it is replaced."""
    return make_url(target).render_as_string(hide_password=True) if "://" in target else target


def password_of(server: Server) -> str | None:
    """The password in the system's key store; None when there is none, or no key store."""
    import keyring
    from keyring.errors import KeyringError

    try:
        return keyring.get_password(SERVICE, server.shown)
    except KeyringError:
        return None


def keep_password(server: Server, password: str) -> bool:
    """Puts the password into the system's key store; False when this machine has none: then it is asked for each time."""
    import keyring
    from keyring.errors import KeyringError

    try:
        keyring.set_password(SERVICE, server.shown, password)
    except KeyringError:
        return False
    return password_of(server) == password


def forget_password(server: Server) -> None:
    """Takes the password out of the key store."""
    import keyring
    from keyring.errors import KeyringError

    try:
        keyring.delete_password(SERVICE, server.shown)
    except KeyringError:
        return
