"""A server's address is refused while it is unsafe, is shown without its password, and the password lies in the key store only."""

from __future__ import annotations

from pathlib import Path

import pytest

from models.kernel.problems import Refused
from services.platform import servers
from services.platform.servers import Server
from tests.support.key_store import MemoryStore, store

CANARY = "鸟儿-s3cret-canary"
__all__ = ["store"]


@pytest.fixture
def root(tmp_path: Path) -> str:
    file = tmp_path / "root.crt"
    file.write_text("certificate", encoding="utf-8")
    return str(file)


def codes(server: Server) -> list[str]:
    try:
        servers.check_server(server)
    except Refused as refused:
        return [problem.code for problem in refused.problems]
    return []


def test_a_complete_address_with_a_root_certificate_is_accepted(root: str) -> None:
    assert codes(Server("db.lamp.cn", "books", "li", root_cert=root)) == []
    assert codes(Server("db.lamp.cn", "books", "li", root_cert=servers.SYSTEM_ROOTS)) == []


def test_everything_that_is_missing_is_told_at_once() -> None:
    assert codes(Server("", "", "", port=0)) == [
        "server.no_host", "server.no_database", "server.no_user", "server.port", "server.no_certificate",
    ]  # fmt: skip


def test_an_unencrypted_line_is_refused_unless_it_stays_on_this_machine() -> None:
    for host in ("localhost", "127.0.0.1", "::1", "/var/run/postgresql"):
        assert codes(Server(host, "books", "li", tls="disable")) == []
    for host in ("192.168.1.10", "db.lamp.cn", "10.0.0.1"):
        assert codes(Server(host, "books", "li", tls="disable")) == ["server.plain"]


def test_a_certificate_that_is_not_there_is_named(tmp_path: Path) -> None:
    assert codes(Server("db", "books", "li", root_cert=str(tmp_path / "weg.crt"))) == ["server.certificate_missing"]


def test_the_url_asks_for_the_certificate_and_the_shown_address_holds_no_password(root: str) -> None:
    server = Server("db.lamp.cn", "books", "li", root_cert=root)
    url = server.url(CANARY)
    assert url.query == {"sslmode": "verify-full", "sslrootcert": root}
    assert url.password == CANARY
    for shown in (server.shown, repr(server), str(url), str(server.as_dict())):
        assert CANARY not in shown
    assert CANARY not in servers.without_password(url.render_as_string(hide_password=False))


def test_what_is_remembered_gives_the_same_server_again(root: str) -> None:
    server = Server("db.lamp.cn", "books", "li", 5433, "verify-ca", root)
    assert servers.server_of(server.as_dict()) == server
    for nonsense in (
        {},
        {"host": "x"},
        {"host": "a", "database": "b", "user": "c", "port": "none"},
        {"host": "", "database": "b", "user": "c"},
    ):
        assert servers.server_of(nonsense) is None


def test_a_password_is_kept_found_and_forgotten_by_address(store: MemoryStore) -> None:
    server, other = Server("db", "books", "li"), Server("db", "books", "wang")
    assert servers.password_of(server) is None
    assert servers.keep_password(server, CANARY)
    assert servers.password_of(server) == CANARY
    assert servers.password_of(other) is None
    servers.forget_password(server)
    servers.forget_password(server)
    assert servers.password_of(server) is None


def test_a_machine_without_a_key_store_keeps_nothing_and_says_so() -> None:
    assert not servers.keep_password(Server("db", "books", "li"), CANARY)
