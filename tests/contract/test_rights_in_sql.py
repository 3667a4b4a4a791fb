"""T15 on PostgreSQL: every clerk under a log-in role of his own, through the services and round them in plain SQL."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field

import psycopg
import pytest
from sqlalchemy import make_url, text

from models.kernel.problems import Refused
from services.documents import api as documents
from services.documents import rights, saving
from services.documents.types import registry
from services.platform import books, server_roles
from services.platform.access.holding import Access
from services.platform.db import Database
from tests.contract.test_rights_matrix import LET, VERBS, WORDS, Sample, Table, attempt, declared, different
from tests.support.factory import example, type_codes
from tests.support.people import staff
from tests.support.postgres import Cluster
from tests.support.shops import NOW, furnished

TYPES = {kind.code: (rights.figures(kind.code), kind.posting is not None) for kind in registry}


@dataclass
class Served:
    """A book on a server whose clerks have log-in roles, with a sample of every document type."""

    cluster: Cluster
    url: str
    owner: Database
    people: Mapping[str, Access]
    samples: dict[str, Sample] = field(default_factory=dict)

    def login(self, role: str) -> str:
        return self.people[role].name

    def url_of(self, role: str) -> str:
        url = make_url(self.url).set(username=self.login(role))
        return url.render_as_string(hide_password=False)

    @contextmanager
    def book(self, role: str) -> Iterator[Database]:
        """The book as the program of a clerk has it."""
        db = books.open_book(self.url_of(role), clock=lambda: NOW)
        try:
            yield db.acting_as(self.people[role])
        finally:
            db.close()

    @contextmanager
    def session(self, role: str, *, writing: bool = False) -> Iterator[psycopg.Connection]:
        """A plain session of a clerk, undone at the end."""
        name = make_url(self.url).database
        with psycopg.connect(host=self.cluster.host, port=self.cluster.port, user=self.login(role), dbname=name) as raw:
            if writing:
                raw.execute("select gongfang.enter()")
            yield raw
            raw.rollback()


@pytest.fixture(scope="module")
def served(postgres_cluster: Cluster) -> Iterator[Served]:
    with postgres_cluster.database() as url:
        factory = furnished(url)
        owner = books.open_book(url, clock=lambda: NOW)
        try:
            people = staff(owner)
            made = Served(postgres_cluster, url, owner, people)
            with owner.write("root") as tx, tx.implied():
                for kind in type_codes():
                    (approved,) = factory.post(tx, example(tx, factory, kind, 1))
                    (saved,) = saving.create(tx, [example(tx, factory, kind, 1)])
                    made.samples[kind] = Sample(example(tx, factory, kind, 1), saved, approved)
            server_roles.arrange(owner, TYPES)
            yield made
        finally:
            owner.close()
    with postgres_cluster.connect() as admin:
        for role in [*(access.name for access in people.values())]:
            admin.execute(f'drop role if exists "{role}"')


class Undo(Exception):
    """Ends a trial: nothing of it stays."""


def outcome(db: Database, verb: str, sample: Sample, access: Access) -> str:
    """What came of a verb, up to the checks of the commit."""
    try:
        if verb == "read":
            documents.get_document(db, sample.saved.id)
            raise Undo
        with db.write(access) as tx:
            attempt(tx, verb, sample, access)
            tx.finish()
            tx.conn.execute(text("set constraints all immediate"))
            raise Undo
    except Undo:
        return "done"
    except Refused as refused:
        codes = {problem.code for problem in refused.problems}
        return next((word for code, word in WORDS.items() if code in codes), "refused")


def test_the_services_under_a_clerks_log_in_do_what_the_table_says(served: Served) -> None:
    table: Table = {}
    for role, access in served.people.items():
        with served.book(role) as db:
            for kind, sample in served.samples.items():
                for verb in VERBS:
                    table[role, kind, verb, False] = outcome(db, verb, sample, access)

    def expected(role: str, kind: str, verb: str, own: bool) -> tuple[str, ...]:
        return LET if declared(role, kind, verb) else ("denied",)

    assert different(table, expected) == []
    assert all(found == "done" for (role, _, verb, _), found in table.items() if role == "admin" and verb != "close")
