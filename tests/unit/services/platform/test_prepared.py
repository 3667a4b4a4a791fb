"""Statements compiled once: the same rows, types, listeners and errors as through Connection.execute, on both databases."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest
from sqlalchemy import bindparam, func, insert, select, update
from sqlalchemy.exc import IntegrityError, ProgrammingError

from models.documents.tables import doc
from models.masterdata.tables import item, unit
from services.platform.db import Database
from services.platform.prepared import Prepared, among, drive
from services.platform.stopping import Stop, Stopped
from tests.support.faults import Boom, fault_at
from tests.support.ledgers import statements

DAY = dt.date(2026, 3, 10)
_UNITS = Prepared(select(unit.c.code, unit.c.decimals).where(among(unit.c.code)).order_by(unit.c.code))
_MAKE = Prepared(insert(unit).values(code=bindparam("code"), name=bindparam("name"), decimals=bindparam("decimals")))


def furnish(book: Database) -> list[int]:
    """Two units and three documents; ids of the documents."""
    with book.write("t") as tx:
        _MAKE.many(
            tx.conn, [{"code": code, "name": code, "decimals": places} for code, places in (("个", 0), ("kg", 3))]
        )
        keys = tx.reserve_ids(doc, 3)
        tx.insert(
            doc,
            [
                {
                    "id": key, "type": "t", "number": f"N{place}", "business_date": DAY, "system_made": place == 1,
                    "created_by": "t", "created_at": tx.now,
                }
                for place, key in enumerate(keys)
            ],
        )  # fmt: skip
    return keys


def test_rows_are_those_of_the_same_statement_through_sqlalchemy(book: Database) -> None:
    keys = furnish(book)
    columns = (doc.c.id, doc.c.number, doc.c.business_date, doc.c.system_made, doc.c.created_at, doc.c.approved_at)
    plain = select(*columns).order_by(doc.c.id)
    prepared = Prepared(plain.where(among(doc.c.id), doc.c.type == "t"))
    with book.read() as conn:
        for wanted in ([], keys[:1], keys, [*keys, -5, 10**15]):
            expected = conn.execute(plain.where(doc.c.id.in_(wanted))).all()
            assert prepared.rows(conn, keys=wanted) == [tuple(row) for row in expected]


def test_keys_of_text_keep_quotes_and_chinese(book: Database) -> None:
    furnish(book)
    with book.read() as conn:
        assert _UNITS.rows(conn, keys=["个", "kg", "x'); --", '"', "\\"]) == [("kg", 3), ("个", 0)]


def test_a_key_is_found_by_an_index(book: Database) -> None:
    if book.dialect != "sqlite":
        return
    with book.read() as conn:
        text = str(select(item.c.id).where(among(item.c.id)).compile(dialect=conn.dialect))
        plan = " ".join(str(row) for row in conn.exec_driver_sql(f"explain query plan {text}", ("[1]",)))
    assert "SEARCH item USING INTEGER PRIMARY KEY" in plan


def test_a_change_tells_what_it_returns_and_keeps_types(book: Database) -> None:
    keys = furnish(book)
    moved = Prepared(
        update(doc)
        .where(among(doc.c.id))
        .values(business_date=bindparam("day", type_=doc.c.business_date.type), version=doc.c.version + 1)
        .returning(doc.c.id, doc.c.business_date, doc.c.version)
    )
    later = DAY + dt.timedelta(days=1)
    with book.write("t") as tx:
        assert sorted(moved.rows(tx.conn, keys=keys[1:], day=later)) == [(key, later, 2) for key in keys[1:]]


def test_sums_come_back_as_decimals_of_their_column(book: Database) -> None:
    furnish(book)
    total = Prepared(select(func.sum(item.c.unit_cost)))
    with book.write("t") as tx:
        ((unit_id,),) = drive(tx.conn, "select id from unit where decimals = 0", ())
        rows = [
            {"code": code, "name": code, "kind": "purchased", "unit_id": unit_id, "unit_cost": Decimal(cost)}
            for code, cost in (("A", "1.25"), ("B", "2.50"))
        ]
        tx.insert(item, rows)
        assert total.rows(tx.conn) == [(Decimal("3.75"),)]


def test_the_errors_are_those_of_sqlalchemy_and_undo_everything(book: Database) -> None:
    furnish(book)
    rows = [{"code": "m", "name": "米", "decimals": 2}, {"code": "kg", "name": "again", "decimals": 3}]
    with pytest.raises(IntegrityError), book.write("t") as tx:
        _MAKE.many(tx.conn, rows)
    with book.read() as conn:
        assert _UNITS.rows(conn, keys=["m"]) == []


def test_a_name_that_the_statement_lacks_is_a_mistake_of_the_program(book: Database) -> None:
    with book.read() as conn, pytest.raises((KeyError, ProgrammingError)):
        _UNITS.rows(conn, other=["kg"])


def test_listeners_see_it_and_may_fail_it(book: Database) -> None:
    furnish(book)
    with book.read() as conn, statements(book) as seen:
        _UNITS.rows(conn, keys=["kg"])
    assert len([text for text in seen if "unit" in text]) == 1
    with pytest.raises(Boom), fault_at(book, 1), book.read() as conn:
        _UNITS.rows(conn, keys=["kg"])


def test_work_that_was_stopped_asks_nothing_more(book: Database) -> None:
    furnish(book)
    stop = Stop()

    def work() -> None:
        with stop.over(), book.read() as conn:
            assert _UNITS.rows(conn, keys=["kg"])
            stop()
            _UNITS.rows(conn, keys=["kg"])

    with pytest.raises(Stopped):
        work()


def test_a_cut_connection_is_told_as_cut_and_not_used_again(book: Database) -> None:
    if book.dialect == "sqlite":
        return
    with pytest.raises(Exception) as told, book.write("t") as tx:  # noqa: PT012 the session ends inside
        pid = tx.conn.connection.dbapi_connection.info.backend_pid  # type: ignore[union-attr]
        with book.engine.connect() as other:
            drive(other, "select pg_terminate_backend(%s)", (pid,))
        _UNITS.rows(tx.conn, keys=["kg"])
    assert getattr(told.value, "connection_invalidated", False)
    with book.read() as conn:
        assert _UNITS.rows(conn, keys=["kg"]) == []
