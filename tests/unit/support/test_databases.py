"""The databases that tests stand on are empty, private, and really of both kinds."""

from __future__ import annotations

import os

import sqlalchemy as sa

from services.platform.db import Database
from tests.support.postgres import Cluster


def test_a_database_is_empty_and_keeps_chinese_text(database_url: str) -> None:
    engine = sa.create_engine(database_url)
    try:
        with engine.begin() as connection:
            connection.execute(sa.text("CREATE TABLE material (name TEXT)"))
            connection.execute(sa.text("INSERT INTO material VALUES (:name)"), {"name": "镕钢管㎡"})
            assert connection.execute(sa.text("SELECT name FROM material")).scalar_one() == "镕钢管㎡"
    finally:
        engine.dispose()


def test_two_databases_of_the_server_do_not_see_each_other(postgres_cluster: Cluster) -> None:
    with postgres_cluster.database() as first, postgres_cluster.database() as second:
        assert first != second
        for url in (first, second):
            engine = sa.create_engine(url)
            with engine.begin() as connection:
                connection.execute(sa.text("CREATE TABLE material (name TEXT)"))
            engine.dispose()


def test_a_database_can_be_made_from_a_prepared_one(postgres_cluster: Cluster) -> None:
    with postgres_cluster.database() as prepared:
        engine = sa.create_engine(prepared)
        with engine.begin() as connection:
            connection.execute(sa.text("CREATE TABLE material (name TEXT)"))
        engine.dispose()
        with postgres_cluster.database(template=sa.make_url(prepared).database or "") as copy:
            engine = sa.create_engine(copy)
            assert sa.inspect(engine).get_table_names() == ["material"]
            engine.dispose()


def test_the_server_runs_as_an_ordinary_user_and_listens_on_no_network(postgres_cluster: Cluster) -> None:
    with postgres_cluster.connect() as connection:
        assert connection.execute("SHOW listen_addresses").fetchone() == (("127.0.0.1" if os.name == "nt" else ""),)
        assert connection.execute("SHOW server_encoding").fetchone() == ("UTF8",)


def test_a_book_is_empty_and_its_clock_stands_still(book: Database) -> None:
    with book.write("tester") as tx:
        assert tx.now.isoformat() == "2026-03-10T01:00:00+00:00"
    assert book.dialect in {"sqlite", "postgresql"}
