"""Reading a product's whole structure: a constant number of statements, however deep and however shared."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any

from sqlalchemy import BigInteger, Connection, Select, distinct, func, literal, or_, select

from models.engineering.tables import bom, bom_line, bom_output
from models.kernel.numbers import ZERO
from models.masterdata.tables import item, substitute, unit, warehouse
from services.documents.queries import available
from services.engineering.reading import LINE_COLUMNS, ids_below
from services.engineering.structure import BomLine
from services.engineering.views import BomHead, BomTree, ItemRow, OutputRow, SubstituteRow, choose, newest_first
from services.ledgers.facts import chunked
from services.platform.access.holding import require_reading, shown
from services.platform.access.rights import READ_BOM, SEE_COST

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


def heads(conn: Connection, condition: Select[tuple[int]]) -> dict[int, list[BomHead]]:
    """The versions whose ids the condition selects, with lines and outputs, by parent; three statements."""
    lines: dict[int, list[BomLine]] = defaultdict(list)
    query = select(*LINE_COLUMNS).where(bom_line.c.bom_id.in_(condition)).order_by(bom_line.c.bom_id, bom_line.c.id)
    for row in conn.execute(query):
        values: tuple[Any, ...] = tuple(row)
        lines[values[0]].append(BomLine(*values[1:]))
    outputs = _outputs(conn, condition)
    made: dict[int, list[BomHead]] = defaultdict(list)
    for row in conn.execute(select(*_HEAD).where(bom.c.id.in_(condition)).order_by(bom.c.parent_id, bom.c.id)):
        values = (*row, tuple(lines[row.id]), tuple(outputs[row.id]))
        made[row.parent_id].append(BomHead(*values))
    return made


def _outputs(conn: Connection, condition: Select[tuple[int]]) -> dict[int, list[OutputRow]]:
    o, made = bom_output.c, defaultdict(list)
    query = (
        select(
            o.bom_id, o.item_id, item.c.code, item.c.name, unit.c.code, unit.c.decimals, o.kind, o.numerator,
            o.denominator, o.cost_share, o.cost_weight, o.cost_quota,
        )
        .join_from(bom_output, item, item.c.id == o.item_id)
        .join(unit, unit.c.id == item.c.unit_id)
        .where(o.bom_id.in_(condition))
        .order_by(o.id)
    )  # fmt: skip
    for row in conn.execute(query):
        values: tuple[Any, ...] = tuple(row)
        made[values[0]].append(OutputRow(*values[1:]))
    return made


def load_tree(
    conn: Connection, root_id: int, *, day: dt.date, version: str = "", also: Sequence[int] = ()
) -> BomTree | None:
    """The tree of an item as of a day, below a wanted version or the one in force; None when the item is gone.

    also: further items whose structures come along.
    """
    require_reading(conn, READ_BOM)
    ids = ids_below(conn, [root_id, *also])
    versions: dict[int, tuple[BomHead, ...]] = {}
    for keys in chunked(ids):
        found = heads(conn, select(bom.c.id).where(bom.c.parent_id.in_(keys)))
        versions.update({parent: newest_first(group) for parent, group in found.items()})
    rows = load_item_rows(conn, ids)
    if root_id not in rows:
        return None
    chosen = {}
    for parent, group in versions.items():
        head = choose(group, day, version if parent == root_id else "")
        if head is not None:
            chosen[parent] = head
    stores = {row.id: row.code for row in conn.execute(select(warehouse.c.id, warehouse.c.code))}
    return BomTree(root_id, day, rows, versions, chosen, stores)


def load_item_rows(conn: Connection, ids: Iterable[int]) -> dict[int, ItemRow]:
    """Items with stock, substitutes and how often they are used; four statements a chunk."""
    wanted = sorted(set(ids))
    subs = _substitutes(conn, wanted)
    stock = available(conn, {*wanted, *(row.item_id for group in subs.values() for row in group)})
    used = _used_in(conn, wanted)
    made = {}
    for keys in chunked(wanted):
        query = (
            select(
                item.c.id, item.c.code, item.c.name, item.c.spec, unit.c.code.label("unit"), unit.c.decimals,
                item.c.kind, item.c.enabled, item.c.yield_rate, shown(conn, item.c.unit_cost, SEE_COST),
            )
            .join_from(item, unit, unit.c.id == item.c.unit_id)
            .where(item.c.id.in_(keys))
        )  # fmt: skip
        for row in conn.execute(query):
            stocked = tuple(replace(sub, on_hand=stock.get(sub.item_id, ZERO)) for sub in subs.get(row.id, ()))
            values: tuple[Any, ...] = (*row, stock.get(row.id, ZERO), used.get(row.id, 0), stocked)
            made[row.id] = ItemRow(*values)
    return made


def _substitutes(conn: Connection, ids: list[int]) -> dict[int, list[SubstituteRow]]:
    made: dict[int, list[SubstituteRow]] = defaultdict(list)
    for keys in chunked(ids):
        query = (
            select(substitute, item.c.code, item.c.name)
            .join(item, item.c.id == substitute.c.substitute_id)
            .where(substitute.c.component_id.in_(keys))
            .order_by(substitute.c.component_id, substitute.c.priority, item.c.code)
        )
        for row in conn.execute(query):
            made[row.component_id].append(
                SubstituteRow(
                    row.substitute_id, row.code, row.name, row.ratio, row.priority, row.parent_id, row.valid_from,
                    row.valid_to, ZERO,
                )
            )  # fmt: skip
    return made


def _used_in(conn: Connection, ids: list[int]) -> dict[int, int]:
    made: dict[int, int] = {}
    for keys in chunked(ids):
        query = (
            select(bom_line.c.component_id, func.count(distinct(bom.c.parent_id)))
            .join(bom, bom.c.id == bom_line.c.bom_id)
            .where(bom_line.c.component_id.in_(keys), bom.c.enabled == True)  # noqa: E712 SQL expression
            .group_by(bom_line.c.component_id)
        )
        made.update((row[0], row[1]) for row in conn.execute(query))
    return made


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
    return [row.id for row in conn.execute(select(item.c.id).where(or_(*words)).limit(2))]
