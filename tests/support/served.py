"""A book on a PostgreSQL server whose clerks have log-in roles of their own."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import psycopg
import pytest
from sqlalchemy import make_url

from models.kernel.refs import DocRef
from services.documents import saving
from services.documents.log_ins import types_for_server
from services.documents.records import DocDraft
from services.papers import templates
from services.platform import books, server_roles
from services.platform.access.holding import Access, held_by
from services.platform.db import Database
from tests.support.factory import Factory, example, type_codes
from tests.support.people import staff
from tests.support.postgres import Cluster
from tests.support.shops import NOW, furnished

Raw = psycopg.Connection[Any]


def types() -> Mapping[str, tuple[str, bool]]:
    """What the server is told of the document types."""
    return types_for_server()


@dataclass(frozen=True)
class Sample:
    """A draft not yet saved, one saved and one approved of a type."""

    draft: DocDraft
    saved: DocRef
    approved: DocRef


@dataclass
class Served:
    """A book on a server whose clerks have log-in roles, with a sample of every document type."""

    cluster: Cluster
    url: str
    owner: Database
    people: Mapping[str, Access]
    factory: Factory
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
            with db.read() as conn:
                access = held_by(conn, self.login(role))
            yield db.acting_as(access)
        finally:
            db.close()

    @contextmanager
    def session(self, role: str, *, writing: bool = False) -> Iterator[Raw]:
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
            made = Served(postgres_cluster, url, owner, people, factory)
            with owner.write("root") as tx, tx.implied():
                for kind in type_codes():
                    (approved,) = factory.post(tx, example(tx, factory, kind, 1))
                    (saved,) = saving.create(tx, [example(tx, factory, kind, 1)])
                    made.samples[kind] = Sample(example(tx, factory, kind, 1), saved, approved)
                sale = factory.sale("10", price="77.13")
                factory.save(tx, sale)
                templates.save(tx, "SQL", sale)
            server_roles.arrange(owner, types())
            yield made
        finally:
            owner.close()
    with postgres_cluster.connect() as admin:
        for role in [*(access.name for access in people.values())]:
            admin.execute(f'drop role if exists "{role}"')
