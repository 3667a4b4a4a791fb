"""Explosion to the lowest level: one pass over what is stored, in whole numbers, each item once."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Mapping
from decimal import Decimal
from fractions import Fraction
from math import gcd, lcm
from typing import Any, NamedTuple, TypeVar

from sqlalchemy import ColumnElement, Connection, Text, and_, bindparam, or_, select, type_coerce

from models.columns import Int
from models.engineering.tables import bom, bom_line
from models.kernel.numbers import QUANTITY_PLACES, RATE_PLACES, round_half_up
from services.engineering.queries import load_parts
from services.engineering.reading import below
from services.engineering.structure import Usage
from services.engineering.views import SummaryRow, choose, newest_first, state_of, state_without_bill
from services.platform.access.holding import require_reading
from services.platform.access.rights import READ_BOM
from services.platform.prepared import Prepared, Row

_ONE = 10**RATE_PLACES
_Ratio = tuple[int, int]
_K = TypeVar("_K")
_Key = tuple[int, str, bool]
"""item, whose it is, whether it is drawn from stock"""
_Uses = list[Row]
"""component, numerator, denominator, scrap_rate, scrap_fixed (stored integers), issue, supplied_by"""


class _Version(NamedTuple):
    """A version with its lines of one day."""

    id: int
    version_code: str
    status: str
    enabled: bool
    uses: _Uses

    @property
    def state(self) -> str:
        """draft, approved or disabled."""
        return state_of(self.status, enabled=self.enabled)

    def holds_on(self, _day: dt.date) -> bool:
        """Whether production would take it on that day, were it the highest."""
        return self.state == "approved" and bool(self.uses)


def _statement() -> Prepared:
    under, day = below(), bindparam("day", type_=bom_line.c.valid_from.type)
    valid = and_(
        or_(bom_line.c.valid_from.is_(None), bom_line.c.valid_from <= day),
        or_(bom_line.c.valid_to.is_(None), bom_line.c.valid_to >= day),
    )
    columns: list[ColumnElement[Any]] = [
        bom.c.parent_id, bom.c.id, bom.c.version_code, bom.c.status, bom.c.enabled, bom_line.c.component_id,
        bom_line.c.numerator, bom_line.c.denominator, bom_line.c.scrap_rate, bom_line.c.scrap_fixed,
        bom_line.c.issue, bom_line.c.supplied_by,
    ]  # fmt: skip
    as_stored = [column if isinstance(column.type, Text) else type_coerce(column, Int) for column in columns]
    return Prepared(
        select(*as_stored)
        .join_from(under, bom, bom.c.parent_id == under.c.id)
        .outerjoin(bom_line, and_(bom_line.c.bom_id == bom.c.id, valid))
    )  # fmt: skip


_BELOW = _statement()


def summarise(
    conn: Connection, root_id: int, quantity: Decimal, usage: Usage, *, day: dt.date, version: str = ""
) -> list[SummaryRow] | None:
    """What a quantity takes of each lowest-level item (综合展开, AT-04d): losses at every level, yields left out.

    Only versions in force on the day are opened; an item without one is a lowest level of its own. Customers' material and
    lines that are not issued are listed apart and not opened. A fixed loss counts once a line. None when the item is gone.
    """
    require_reading(conn, READ_BOM)
    chosen = _chosen(_BELOW.rows(conn, keys=[root_id], day=day), root_id, day, version)
    opened = {key: made.uses for key, made in chosen.items() if key == root_id or made.state == "approved"}
    found, levels = _explode(opened, root_id, quantity.as_integer_ratio(), divide=usage.divide)
    items = load_parts(conn, {root_id, *(key for key, _, _ in found)})
    if root_id not in items:
        return None
    rows = []
    for (item_id, supplied_by, drawn), (over, under) in found.items():
        if item_id == root_id:
            continue
        row = items[item_id]
        exact = Fraction(over, under) if over % under else over // under
        head = chosen.get(item_id)
        state = head.state if head is not None else state_without_bill(row.kind)
        planned = usage.rounded(exact, row.decimals)
        needed = round_half_up(exact, QUANTITY_PLACES)
        rows.append(SummaryRow(row, levels.get(item_id, 1), needed, planned, supplied_by, drawn, state))
    return sorted(rows, key=lambda made: (made.item.code, made.supplied_by, not made.drawn))


def _chosen(rows: Iterable[Row], root_id: int, day: dt.date, wanted: str) -> dict[int, _Version]:
    """The version shown below each item."""
    groups: dict[int, dict[int, _Version]] = defaultdict(dict)
    version: _Version | None = None
    for row in rows:
        if version is None or row[1] != version.id:
            group = groups[row[0]]
            if row[1] not in group:
                group[row[1]] = _Version(row[1], row[2], row[3], bool(row[4]), [])
            version = group[row[1]]
        if row[5] is not None:
            version.uses.append(row[5:])
    made = {}
    for parent, group in groups.items():
        heads = newest_first(sorted(group.values()))
        head = choose(heads, day, wanted if parent == root_id else "")
        if head is not None:
            made[parent] = head
    return made


def _explode(
    opened: Mapping[int, _Uses], root_id: int, quantity: _Ratio, *, divide: bool
) -> tuple[dict[_Key, _Ratio], dict[int, int]]:
    """What is needed of every lowest-level item, and the lowest level of each item passed through."""
    waiting = _waiting(opened, root_id)
    need: dict[int, _Ratio] = {root_id: quantity}
    levels = {root_id: 0}
    found: dict[_Key, _Ratio] = {}
    ready = [root_id]
    while ready:
        item_id = ready.pop()
        over, under = need[item_id]
        if item_id not in opened:
            if over:
                _add(found, (item_id, "own", True), (over, under))
            continue
        level = levels[item_id] + 1
        for component, numerator, denominator, rate, fixed, issue, supplied_by in opened[item_id]:
            times, rest = divmod(numerator, denominator)
            if rest or rate or fixed:
                taken = _taken(over * numerator, under * denominator, rate, fixed, divide=divide)
            else:
                taken = over * times, under
            if issue == "none" or supplied_by != "own":
                _add(found, (component, supplied_by, issue != "none"), taken)
                continue
            _add(need, component, taken)
            if levels.get(component, 0) < level:
                levels[component] = level
            waiting[component] -= 1
            if not waiting[component]:
                ready.append(component)
    return found, levels


def _waiting(opened: Mapping[int, _Uses], root_id: int) -> dict[int, int]:
    """How many lines lead to each item that is passed through on the way down."""
    waiting: dict[int, int] = {}
    stack = [root_id]
    while stack:
        for component, _, _, _, _, issue, supplied_by in opened.get(stack.pop(), ()):
            if issue == "none" or supplied_by != "own":
                continue
            if component not in waiting:
                waiting[component] = 0
                stack.append(component)
            waiting[component] += 1
    return waiting


def _taken(over: int, under: int, rate: int, fixed: int, *, divide: bool) -> _Ratio:
    """A quantity with its proportional loss, × (1 + rate) or ÷ (1 − rate), and a fixed one."""
    if rate:
        over, under = (over * _ONE, under * (_ONE - rate)) if divide else (over * (_ONE + rate), under * _ONE)
    if fixed:
        over, under = over * _ONE + fixed * under, under * _ONE
    common = gcd(over, under)
    return over // common, under // common


def _add(sums: dict[_K, _Ratio], key: _K, more: _Ratio) -> None:
    before = sums.get(key)
    if before is None:
        sums[key] = more
    elif before[1] == more[1]:
        sums[key] = before[0] + more[0], more[1]
    else:
        common = lcm(before[1], more[1])
        sums[key] = before[0] * (common // before[1]) + more[0] * (common // more[1]), common
