"""Furnished books as fixtures: made once a test process, copied for every test, on SQLite and PostgreSQL."""

from __future__ import annotations

import copy
import datetime as dt
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
from sqlalchemy import make_url

from models.schema import metadata
from services.platform import books
from services.platform.db import Database
from tests.support.factory import USER, Factory, furnish, stock_up
from tests.support.postgres import Cluster

# 2026-03-10 09:00 in Shanghai.
NOW = dt.datetime(2026, 3, 10, 1, 0, tzinfo=dt.UTC)


@dataclass
class Shop:
    """A book with the lamp factory in it."""

    db: Database
    factory: Factory
    url: str


def furnished(target: str, *, times: int = 10) -> Factory:
    """Makes a book there, furnishes it and stocks it up."""
    db = books.create(target, clock=lambda: NOW)
    factory = furnish(db)
    with db.write(USER) as tx:
        stock_up(tx, factory, times)
    db.close()
    return factory


@contextmanager
def opened(url: str, factory: Factory) -> Iterator[Shop]:
    """A furnished book, open until the block ends."""
    db = books.open_book(url, clock=lambda: NOW)
    try:
        yield Shop(db, copy.deepcopy(factory), url)
    finally:
        db.close()


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Factory]:
    """A furnished SQLite book that is only copied."""
    file = tmp_path_factory.mktemp("template") / "template.db"
    factory = furnished(str(file))
    return file, factory


@dataclass
class Shelf:
    """A PostgreSQL book that one test after another uses: its rows are put back as they were before each."""

    cluster: Cluster
    url: str
    factory: Factory

    def __post_init__(self) -> None:
        self.name = make_url(self.url).database or ""
        tables = [table.name for table in metadata.sorted_tables]
        with self.cluster.connect(self.name) as raw:
            raw.execute("create schema kept")
            for table in tables:
                raw.execute(f"create table kept.{table} as table {table}")
            filled = [t for t in tables if raw.execute(f"select exists (select from kept.{t})").fetchone() == (True,)]
        # As a replica, neither foreign keys nor the triggers of append-only tables speak.
        put_back = ["set session_replication_role = replica"]
        put_back += [f"delete from {table}" for table in tables]
        put_back += [f"insert into {table} select * from kept.{table}" for table in filled]
        self._put_back = "; ".join(put_back)

    def put_back(self) -> None:
        """Makes the book what it was when it was furnished."""
        with self.cluster.connect(self.name) as raw:
            raw.execute(self._put_back)


@pytest.fixture(scope="session")
def postgres_template(postgres_cluster: Cluster) -> Iterator[Shelf]:
    """A furnished PostgreSQL book."""
    with postgres_cluster.database() as url:
        yield Shelf(postgres_cluster, url, furnished(url))


@pytest.fixture
def sqlite_shop(sqlite_template: tuple[Path, Factory], tmp_path: Path) -> Iterator[Shop]:
    """A furnished book in a SQLite file of its own."""
    file, factory = sqlite_template
    mine = tmp_path / "工坊 账套.db"
    shutil.copyfile(file, mine)
    with opened(str(mine), factory) as shop:
        yield shop


@pytest.fixture
def postgres_shop(postgres_template: Shelf) -> Iterator[Shop]:
    """A furnished book in PostgreSQL, as it was furnished."""
    postgres_template.put_back()
    with opened(postgres_template.url, postgres_template.factory) as shop:
        yield shop


@pytest.fixture(params=["sqlite", "postgresql"])
def shop(request: pytest.FixtureRequest) -> Shop:
    """A furnished book; the test runs once on SQLite and once on PostgreSQL."""
    made: Shop = request.getfixturevalue("sqlite_shop" if request.param == "sqlite" else "postgres_shop")
    return made
