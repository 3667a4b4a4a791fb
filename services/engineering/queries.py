"""Reading a product's whole structure: a constant number of statements, however deep and however shared."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Sequence
from itertools import groupby
from operator import itemgetter
from typing import Any

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Connection,
    Select,
    bindparam,
    distinct,
    func,
    literal,
    null,
    or_,
    select,
)

from models.engineering.tables import bom, bom_line, bom_output
from models.kernel.numbers import ZERO
from models.masterdata.tables import item, substitute, unit
from services.documents.queries import available
from services.engineering.reading import LINE_COLUMNS, ids_below
from services.engineering.structure import BomLine
from services.engineering.views import (
    BomHead,
    BomTree,
    ItemRow,
    OutputRow,
    PartRow,
    SubstituteRow,
    choose,
    newest_first,
)
from services.ledgers.facts import chunked, load_warehouses
from services.platform.access.holding import reading, require_reading
from services.platform.access.rights import READ_BOM, SEE_COST
from services.platform.prepared import Prepared, among

_FIRST = itemgetter(0)
_FEW = 20
"""typed texts that may be looked up by pinyin one by one"""
_HEAD = (
    bom.c.id, bom.c.parent_id, bom.c.version_code, bom.c.status, bom.c.enabled, bom.c.version, bom.c.note,
    bom.c.created_by, bom.c.created_at, bom.c.approved_by, bom.c.approved_at,
)  # fmt: skip


def ids_above(conn: Connection, item_id: int) -> list[int]:
    """The item and every item that an enabled version leads up to."""
    above = select(literal(item_id, BigInteger).label("id")).cte("above", recursive=True)
    step = (
        select(bom.c.parent_id)
        .join(bom_line, bom.c.id == bom_line.c.bom_id)
        .join(above, above.c.id == bom_line.c.component_id)
        .where(bom.c.enabled == True)  # noqa: E712 SQL expression
    )
    above = above.union(step)
    return [row.id for row in conn.execute(select(above.c.id))]


class Versions:
    """Reads the versions whose ids a selection by keys gives, with lines and outputs, by parent; three statements a chunk."""

    def __init__(self, chosen: Select[tuple[int]]) -> None:
        o = bom_output.c
        self._heads = Prepared(select(*_HEAD).where(bom.c.id.in_(chosen)).order_by(bom.c.parent_id, bom.c.id))
        lines = select(*LINE_COLUMNS).where(bom_line.c.bom_id.in_(chosen))
        self._lines = Prepared(lines.order_by(bom_line.c.bom_id, bom_line.c.id))
        self._outputs = Prepared(
            select(
                o.bom_id, o.item_id, item.c.code, item.c.name, unit.c.code, unit.c.decimals, o.kind, o.numerator,
                o.denominator, o.cost_share, o.cost_weight, o.cost_quota,
            )
            .join_from(bom_output, item, item.c.id == o.item_id)
            .join(unit, unit.c.id == item.c.unit_id)
            .where(o.bom_id.in_(chosen))
            .order_by(o.id)
        )  # fmt: skip

    def of(self, conn: Connection, keys: Iterable[int]) -> dict[int, list[BomHead]]:
        """The versions of these keys, by parent."""
        made: dict[int, list[BomHead]] = defaultdict(list)
        for some in chunked(keys):
            lines = {
                key: tuple([BomLine._make(row[1:]) for row in group])
                for key, group in groupby(self._lines.rows(conn, keys=some), _FIRST)
            }
            outputs: dict[int, list[OutputRow]] = defaultdict(list)
            for row in self._outputs.rows(conn, keys=some):
                outputs[row[0]].append(OutputRow._make(row[1:]))
            for row in self._heads.rows(conn, keys=some):
                made[row[1]].append(BomHead._make((*row, lines.get(row[0], ()), tuple(outputs.get(row[0], ())))))
        return made


VERSIONS_OF = Versions(select(bom.c.id).where(among(bom.c.parent_id)))
"""by parents"""
VERSIONS = Versions(select(bom.c.id).where(among(bom.c.id)))
"""by their own ids"""
_NAMING = select(bom_line.c.bom_id).where(among(bom_line.c.component_id))
VERSIONS_NAMING = Versions(select(bom.c.id).where(bom.c.id.in_(_NAMING), bom.c.enabled == True))  # noqa: E712 SQL expression
"""enabled ones by components; a version that names several comes once a chunk"""


def load_tree(
    conn: Connection, root_id: int, *, day: dt.date, version: str = "", also: Sequence[int] = ()
) -> BomTree | None:
    """The tree of an item as of a day, below a wanted version or the one in force; None when the item is gone.

    also: further items whose structures come along.
    """
    require_reading(conn, READ_BOM)
    ids = ids_below(conn, [root_id, *also])
    versions = {parent: newest_first(group) for parent, group in VERSIONS_OF.of(conn, ids).items()}
    rows = load_item_rows(conn, ids)
    if root_id not in rows:
        return None
    chosen = {}
    for parent, group in versions.items():
        head = choose(group, day, version if parent == root_id else "")
        if head is not None:
            chosen[parent] = head
    stores = {key: store.code for key, store in load_warehouses(conn).items()}
    return BomTree(root_id, day, rows, versions, chosen, stores)


def _items(*more: ColumnElement[Any]) -> Prepared:
    columns = (item.c.id, item.c.code, item.c.name, item.c.spec, unit.c.code, unit.c.decimals, item.c.kind)
    return Prepared(select(*columns, *more).join_from(item, unit, unit.c.id == item.c.unit_id).where(among(item.c.id)))


_PARTS = _items()
_ITEMS = _items(item.c.enabled, item.c.yield_rate, item.c.unit_cost)
_ITEMS_WITHOUT_COST = _items(item.c.enabled, item.c.yield_rate, null())
_S = substitute.c
_SUBSTITUTES = Prepared(
    select(
        _S.component_id, _S.substitute_id, item.c.code, item.c.name, _S.ratio, _S.priority, _S.parent_id,
        _S.valid_from, _S.valid_to,
    )
    .join_from(substitute, item, item.c.id == _S.substitute_id)
    .where(among(_S.component_id))
    .order_by(_S.component_id, _S.priority, item.c.code)
)  # fmt: skip
_USED_IN = Prepared(
    select(func.count(distinct(bom.c.parent_id)))
    .join_from(bom_line, bom, bom.c.id == bom_line.c.bom_id)
    .where(bom_line.c.component_id == bindparam("key"), bom.c.enabled == True)  # noqa: E712 SQL expression
)


def load_item_rows(conn: Connection, ids: Iterable[int]) -> dict[int, ItemRow]:
    """Items with stock and substitutes; three statements a chunk."""
    wanted = sorted(set(ids))
    subs = _substitutes(conn, wanted)
    stock = available(conn, {*wanted, *(row.item_id for group in subs.values() for row in group)})
    stocked = {
        key: tuple([row._replace(on_hand=stock.get(row.item_id, ZERO)) for row in group]) for key, group in subs.items()
    }
    made = {}
    items = _ITEMS if reading(conn).allows(SEE_COST) else _ITEMS_WITHOUT_COST
    for keys in chunked(wanted):
        for row in items.rows(conn, keys=keys):
            key = row[0]
            made[key] = ItemRow._make((*row, stock.get(key, ZERO), stocked.get(key, ())))
    return made


def load_parts(conn: Connection, ids: Iterable[int]) -> dict[int, PartRow]:
    """Items as lists show them, with stock; two statements a chunk."""
    wanted = sorted(set(ids))
    stock = available(conn, wanted)
    made = {}
    for keys in chunked(wanted):
        for row in _PARTS.rows(conn, keys=keys):
            made[row[0]] = PartRow._make((*row, stock.get(row[0], ZERO)))
    return made


def _substitutes(conn: Connection, ids: list[int]) -> dict[int, list[SubstituteRow]]:
    made: dict[int, list[SubstituteRow]] = defaultdict(list)
    for keys in chunked(ids):
        for row in _SUBSTITUTES.rows(conn, keys=keys):
            made[row[0]].append(SubstituteRow._make((*row[1:], ZERO)))
    return made


def used_in(conn: Connection, item_id: int) -> int:
    """How many items have an item in an enabled bill."""
    require_reading(conn, READ_BOM)
    ((count,),) = _USED_IN.rows(conn, key=item_id)
    return int(count)


def resolve(conn: Connection, texts: Iterable[str]) -> dict[str, int]:
    """Item ids of typed texts: an exact code, else a name, else pinyin (whole or initials) that only one item has."""
    wanted = sorted({text.strip() for text in texts if text.strip()})
    found: dict[str, list[int]] = defaultdict(list)
    for column, keys in ((item.c.code, {*wanted, *map(str.upper, wanted)}), (item.c.name, set(wanted))):
        for part in chunked(sorted(keys)):
            for row in conn.execute(select(item.c.id, column.label("key")).where(column.in_(part))):
                if column is item.c.code or row.key not in found:
                    found[row.key].append(row.id)
    made = {}
    for text in wanted:
        ids = found.get(text) or found.get(text.upper()) or []
        if not ids and text.isascii() and text.isalpha() and len(wanted) <= _FEW:
            ids = _by_pinyin(conn, text.lower())
        if len(ids) == 1:
            made[text] = ids[0]
    return made


def _by_pinyin(conn: Connection, text: str) -> list[int]:
    words = [item.c.pinyin == text, item.c.pinyin.startswith(f"{text} ", autoescape=True)]
    words.append(item.c.pinyin.endswith(f" {text}", autoescape=True))
    words.append(item.c.pinyin.contains(f" {text} ", autoescape=True))
    return [row.id for row in conn.execute(select(item.c.id).where(or_(*words)).limit(2))]
