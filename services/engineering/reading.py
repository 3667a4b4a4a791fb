"""Reading bills of material: a constant number of statements for a list, one a level for a tree."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import CTE, Connection, select

from models.engineering.tables import bom, bom_line, bom_output
from models.masterdata.tables import item, unit
from services.engineering.structure import BomLine, BomOutput, BomVersion, Structure
from services.ledgers.facts import chunked
from services.platform.prepared import Prepared, among

LINE_COLUMNS = (
    bom_line.c.bom_id, bom_line.c.id, bom_line.c.position, bom_line.c.component_id, bom_line.c.numerator,
    bom_line.c.denominator, bom_line.c.scrap_rate, bom_line.c.scrap_fixed, bom_line.c.issue, bom_line.c.skip_level,
    bom_line.c.key_part, bom_line.c.supplied_by, bom_line.c.warehouse_id, bom_line.c.valid_from, bom_line.c.valid_to,
    bom_line.c.note,
)  # fmt: skip
_OUTPUT_COLUMNS = (
    bom_output.c.bom_id, bom_output.c.item_id, bom_output.c.kind, bom_output.c.numerator, bom_output.c.denominator,
    bom_output.c.cost_share, bom_output.c.cost_weight, bom_output.c.cost_quota,
)  # fmt: skip
_MAX_DEPTH = 100


def versions(conn: Connection, parents: Iterable[int]) -> dict[int, list[BomVersion]]:
    """Every version of the given parents, with lines and outputs, in three statements a chunk."""
    made: dict[int, list[BomVersion]] = defaultdict(list)
    for keys in chunked(sorted(set(parents))):
        heads = conn.execute(
            select(bom.c.id, bom.c.parent_id, bom.c.version_code, bom.c.status, bom.c.enabled)
            .where(bom.c.parent_id.in_(keys))
            .order_by(bom.c.parent_id, bom.c.id)
        ).all()
        mine = select(bom.c.id).where(bom.c.parent_id.in_(keys))
        lines: dict[int, list[BomLine]] = defaultdict(list)
        for row in conn.execute(
            select(*LINE_COLUMNS).where(bom_line.c.bom_id.in_(mine)).order_by(bom_line.c.bom_id, bom_line.c.id)
        ):
            values: tuple[Any, ...] = tuple(row)
            lines[values[0]].append(BomLine(*values[1:]))
        outputs: dict[int, list[BomOutput]] = defaultdict(list)
        for given in conn.execute(
            select(*_OUTPUT_COLUMNS).where(bom_output.c.bom_id.in_(mine)).order_by(bom_output.c.id)
        ):
            values = tuple(given)
            outputs[values[0]].append(BomOutput(*values[1:]))
        for head in heads:
            made[head.parent_id].append(BomVersion(*head, lines=tuple(lines[head.id]), outputs=tuple(outputs[head.id])))
    return made


def load_structure(conn: Connection, parents: Iterable[int], *, whole: bool = False) -> Structure:
    """The bills of the given parents and of what is passed through below them; whole: of everything below."""
    book = Structure()
    level = set(parents)
    for _ in range(_MAX_DEPTH):
        found = versions(conn, level - set(book.versions))
        book.versions.update({parent: found.get(parent, []) for parent in level})
        components = {line.component_id for group in found.values() for v in group for line in v.lines}
        outputs = {output.item_id for group in found.values() for v in group for output in v.outputs}
        _load_items(conn, book, components | outputs | level)
        passed = {
            line.component_id
            for group in found.values()
            for v in group
            for line in v.lines
            if whole or line.skip_level or line.component_id in book.phantoms
        }
        level = passed - set(book.versions)
        if not level:
            return book
    return book


def _load_items(conn: Connection, book: Structure, ids: set[int]) -> None:
    missing = sorted(ids - set(book.decimals))
    for keys in chunked(missing):
        query = select(item.c.id, item.c.kind, unit.c.decimals).join_from(item, unit, item.c.unit_id == unit.c.id)
        for row in conn.execute(query.where(item.c.id.in_(keys))):
            book.decimals[row.id] = row.decimals
            if row.kind == "phantom":
                book.phantoms.add(row.id)


def below() -> CTE:
    """The items under the parameter "keys" and everything that any version below them names, each once."""
    start = select(item.c.id).where(among(item.c.id)).cte("below", recursive=True)
    step = (
        select(bom_line.c.component_id)
        .join(bom, bom.c.id == bom_line.c.bom_id)
        .join(start, start.c.id == bom.c.parent_id)
    )
    return start.union(step)


_BELOW = Prepared(select(below().c.id))


def ids_below(conn: Connection, starts: Sequence[int]) -> list[int]:
    """The given items and everything that any version below them names, each once; one statement."""
    return [key for (key,) in _BELOW.rows(conn, keys=starts)]


def edges(conn: Connection, starts: Sequence[int] = ()) -> dict[int, list[int]]:
    """parent -> components over every enabled version, drafts included; of the whole book, or of what stands below starts."""
    made: dict[int, list[int]] = defaultdict(list)
    query = (
        select(bom.c.parent_id, bom_line.c.component_id)
        .join_from(bom, bom_line, bom.c.id == bom_line.c.bom_id)
        .where(bom.c.enabled == True)  # noqa: E712 SQL expression
        .order_by(bom.c.parent_id, bom_line.c.id)
    )
    pieces = (
        [query.where(bom.c.parent_id.in_(keys)) for keys in chunked(ids_below(conn, starts))] if starts else [query]
    )
    for piece in pieces:
        for parent, component in conn.execute(piece):
            made[parent].append(component)
    return made


def first_product(conn: Connection) -> str:
    """Code of the first item by code that has an enabled bill and is nobody's component; empty if there is none."""
    used = select(bom_line.c.component_id)
    enabled = bom.c.enabled == True  # noqa: E712 SQL expression
    query = (
        select(item.c.code).join_from(bom, item, item.c.id == bom.c.parent_id).where(enabled, item.c.id.not_in(used))
    )
    return conn.execute(query.order_by(item.c.code).limit(1)).scalar() or ""
