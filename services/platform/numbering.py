"""Document numbers: prefix-YYYYMMDD-00001, counted anew every day; gaps are never filled (AT-30)."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable
from functools import cache

from sqlalchemy import bindparam, case

from models.platform.tables import number_series
from services.platform.db import Tx
from services.platform.prepared import Prepared
from services.platform.upserting import insert_into

_NUMBER = re.compile(r"(.+)-(\d{8})-(\d{1,9})")


def pass_by(tx: Tx, prefixes: Iterable[str], numbers: Iterable[str]) -> None:
    """Moves series beyond numbers that were given by hand and look like theirs, so that they are not given again."""
    wanted, highest = set(prefixes), dict[tuple[str, str], int]()
    for number in numbers:
        found = _NUMBER.fullmatch(number)
        if found and found[1] in wanted:
            key = (found[1], found[2])
            highest[key] = max(highest.get(key, 0), int(found[3]))
    if not highest:
        return
    statement = insert_into(number_series, tx.conn.dialect.name)
    given, last = statement.excluded.last, number_series.c.last
    statement = statement.on_conflict_do_update(
        index_elements=["prefix", "basis"], set_={"last": case((given > last, given), else_=last)}
    )
    rows = [{"prefix": key[0], "basis": key[1], "last": count} for key, count in sorted(highest.items())]
    tx.conn.execute(statement, rows)


def is_of(number: str, prefix: str, day: dt.date) -> bool:
    """Whether a number is one that the series of a prefix and day gives."""
    found = _NUMBER.fullmatch(number)
    return found is not None and (found[1], found[2]) == (prefix, day.strftime("%Y%m%d"))


@cache
def _advance(dialect: str) -> Prepared:
    """The statement that moves a series on and tells where it stands, made once."""
    more = bindparam("more", type_=number_series.c.last.type)
    first = insert_into(number_series, dialect).values(prefix=bindparam("of"), basis=bindparam("on"), last=more)
    last = number_series.c.last
    moved = first.on_conflict_do_update(index_elements=["prefix", "basis"], set_={"last": last + more})
    return Prepared(moved.returning(last))


def take(tx: Tx, prefix: str, day: dt.date, count: int = 1) -> list[str]:
    """The next count numbers of a series; the row stays locked until the transaction ends."""
    basis = day.strftime("%Y%m%d")
    ((last,),) = _advance(tx.conn.dialect.name).rows(tx.conn, of=prefix, on=basis, more=count)
    return [f"{prefix}-{basis}-{n:05d}" for n in range(last - count + 1, last + 1)]
