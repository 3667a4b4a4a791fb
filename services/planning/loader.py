"""Everything a planning run depends on, read in a constant number of statements."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from sqlalchemy import Connection, and_, func, select

from models.engineering.tables import bom, bom_line, bom_output
from models.kernel import vocabulary as words
from models.kernel.numbers import QUANTITY_PLACES
from models.ledgers.tables import stock_balance
from models.masterdata.tables import calendar_day, item, substitute, unit, warehouse
from services.engineering.structure import natural_key
from services.planning.engine import model as m
from services.planning.engine.exact import reduce_columns
from services.planning.engine.model import I64
from services.planning.open_documents import Documents, Known, read_documents
from services.planning.reading import columns, date, flags, integers, number, ordinals
from services.platform.parameters import Parameters

_RATE = 10**8
_KINDS = {code: at for at, code in enumerate(words.ITEM_KINDS)}
_POLICIES = {code: at for at, code in enumerate(words.LOT_POLICIES)}
_ISSUES = {code: at for at, code in enumerate(words.ISSUE_METHODS)}


@dataclass(frozen=True)
class Names:
    """What the ranks of a run stand for: items by code, documents by number, sales order lines by document and line."""

    item_ids: I64
    codes: tuple[str, ...]
    suppliers: I64
    workshops: tuple[str, ...]
    documents: Documents


@dataclass(frozen=True)
class Reading:
    """The input of a run and its names."""

    data: m.PlanInput
    names: Names


def load(
    conn: Connection, settings: Parameters, *, start: dt.date, end: dt.date | None = None, orders: Sequence[str] = ()
) -> Reading:
    """Reads items, bills, documents and stock; orders restricts what is planned to the demand of these documents."""
    ids, codes, places, items, suppliers, workshops = _items(conn)
    rank = _Rank(ids)
    parameters = m.Parameters(
        start.toordinal(), end.toordinal() if end else m.OPEN_TO, settings.text("scrap_formula") == "divide",
        settings.text("material_rounding") == "half_up", bool(orders),
    )  # fmt: skip
    lines, outputs = _bills(conn, rank)
    found = read_documents(conn, Known(rank.of, places, items.mto), orders)
    free, held = found.kept.taken_from(_stock(conn, rank, places))
    data = m.PlanInput(
        replace(items, stock=free), lines, outputs, found.demands, m.Supplies.joined([found.supplies, held.supplies]),
        _substitutes(conn, rank), _holidays(conn), parameters,
    )  # fmt: skip
    return Reading(data, Names(ids, codes, suppliers, workshops, found.documents))


class _Rank:
    """From database ids to ranks."""

    def __init__(self, ids: I64) -> None:
        self._order = np.argsort(ids)
        self._sorted = ids[self._order]

    def of(self, ids: I64) -> I64:
        """Rank of each id; NONE for NONE."""
        if not len(self._sorted):
            return np.full(len(ids), m.NONE, dtype=np.int64)
        at = np.minimum(np.searchsorted(self._sorted, ids), len(self._sorted) - 1)
        return np.where(self._sorted[at] == ids, self._order[at], m.NONE)


def lasts(stored: I64, places: I64) -> I64:
    """Stored quantities (6 decimals) in last places of their units; what does not fit counts as one more."""
    return -(-stored // 10 ** (QUANTITY_PLACES - places))


def _items(conn: Connection) -> tuple[I64, tuple[str, ...], I64, m.Items, I64, tuple[str, ...]]:
    c = item.c
    query = select(
        c.id, c.code, unit.c.decimals, c.kind, c.lead_time_days, number(c.safety_stock), c.lot_policy,
        number(c.lot_size), number(c.lot_minimum), number(c.lot_multiple), number(c.lot_maximum), c.period_days,
        number(c.yield_rate), c.strategy, c.supplier_id, c.workshop,
    ).join_from(item, unit, unit.c.id == c.unit_id)  # fmt: skip
    raw = columns(conn, query)
    order = np.array(sorted(range(len(raw[0])), key=lambda at: raw[1][at]), dtype=np.int64)

    def numbers(at: int, none: int = 0) -> I64:
        return integers(raw[at], none=none)[order]

    places = numbers(2)
    yields, ones = reduce_columns(numbers(12), np.full(len(order), _RATE, dtype=np.int64))
    suppliers = numbers(14, none=m.NONE)
    made = m.Items(
        integers([_KINDS[k] for k in raw[3]])[order], places, np.maximum(numbers(4), 0), lasts(numbers(5), places),
        integers([_POLICIES[p] for p in raw[6]])[order], lasts(numbers(7), places), lasts(numbers(8), places),
        lasts(numbers(9), places), lasts(numbers(10), places), numbers(11), yields, ones,
        flags([s == "mto" for s in raw[13]])[order], m.empty(len(order)), suppliers != m.NONE,
    )  # fmt: skip
    codes = tuple(raw[1][at] for at in order.tolist())
    workshops = tuple(raw[15][at] for at in order.tolist())
    return integers(raw[0])[order], codes, places, made, suppliers, workshops


def _bills(conn: Connection, rank: _Rank) -> tuple[m.BomLines, m.BomOutputs]:
    """Lines and outputs of approved, enabled versions; a version is ranked among those of its parent."""
    heads = _Heads(conn, rank)
    c = bom_line.c
    raw = columns(
        conn,
        select(
            c.bom_id, c.component_id, number(c.numerator), number(c.denominator), number(c.scrap_rate),
            number(c.scrap_fixed), c.issue, c.skip_level, c.supplied_by, date(c.valid_from), date(c.valid_to),
        ),
    )  # fmt: skip
    head = heads.of(integers(raw[0]))
    lines = m.BomLines(
        heads.parent[head], heads.version[head], rank.of(integers(raw[1])),
        *reduce_columns(integers(raw[2]), integers(raw[3])), integers(raw[4]),
        integers(raw[5]), integers([_ISSUES[i] for i in raw[6]]), flags(raw[7]),
        flags([s == "customer" for s in raw[8]]), ordinals(raw[9], none=m.OPEN_FROM), ordinals(raw[10], none=m.OPEN_TO),
    )  # fmt: skip
    o = bom_output.c
    raw = columns(conn, select(o.bom_id, o.item_id, number(o.numerator), number(o.denominator)).where(o.kind != "main"))
    out = heads.of(integers(raw[0]))
    outputs = m.BomOutputs(
        heads.parent[out], heads.version[out], rank.of(integers(raw[1])),
        *reduce_columns(integers(raw[2]), integers(raw[3])),
    )  # fmt: skip
    return lines.take(head != m.NONE), outputs.take(out != m.NONE)


class _Heads:
    """Usable versions: parent and rank of the version code in natural order, by position."""

    def __init__(self, conn: Connection, rank: _Rank) -> None:
        usable = and_(bom.c.status == "C", bom.c.enabled == True)  # noqa: E712 SQL expression
        ids, parents, codes = columns(conn, select(bom.c.id, bom.c.parent_id, bom.c.version_code).where(usable))
        place = {code: at for at, code in enumerate(sorted(set(codes), key=lambda code: (natural_key(code), code)))}
        # The last position is that of versions which may not be used.
        self.parent = np.append(rank.of(integers(parents)), m.NONE)
        self.version = np.append(integers([place[code] for code in codes]), m.NONE)
        self._order = np.argsort(integers(ids))
        self._ids = integers(ids)[self._order]

    def of(self, ids: I64) -> I64:
        """Position of each version's id; NONE for one that may not be used."""
        if not len(self._ids):
            return np.full(len(ids), m.NONE, dtype=np.int64)
        at = np.minimum(np.searchsorted(self._ids, ids), len(self._ids) - 1)
        return np.where(self._ids[at] == ids, self._order[at], m.NONE)


def _stock(conn: Connection, rank: _Rank, places: I64) -> I64:
    """Own stock in nettable warehouses, whatever is customers' left out (I06)."""
    query = (
        select(stock_balance.c.item_id, number(func.sum(stock_balance.c.quantity)))
        .join(warehouse, warehouse.c.id == stock_balance.c.warehouse_id)
        .where(
            stock_balance.c.owner_id == 0,
            warehouse.c.nettable == True,  # noqa: E712 SQL expression
            warehouse.c.kind != "customer",
        )
        .group_by(stock_balance.c.item_id)
    )
    raw = columns(conn, query)
    made = m.empty(len(places))
    at = rank.of(integers(raw[0]))
    made[at] = integers(int(value) for value in raw[1]) // 10 ** (QUANTITY_PLACES - places[at])
    return made


def _substitutes(conn: Connection, rank: _Rank) -> m.Substitutes:
    c = substitute.c
    query = select(
        c.component_id, c.substitute_id, c.parent_id, number(c.ratio), c.priority, date(c.valid_from), date(c.valid_to)
    )
    raw = columns(conn, query)
    ratio = integers(raw[3])
    return m.Substitutes(
        rank.of(integers(raw[0])), rank.of(integers(raw[1])), rank.of(integers(raw[2], none=m.NONE)),
        *reduce_columns(ratio, np.full(len(ratio), _RATE, dtype=np.int64)), integers(raw[4]),
        ordinals(raw[5], none=m.OPEN_FROM), ordinals(raw[6], none=m.OPEN_TO),
    )  # fmt: skip


def _holidays(conn: Connection) -> I64:
    """Days that are not worked; without any row of the calendar every day is worked."""
    query = select(date(calendar_day.c.day)).where(calendar_day.c.working == False)  # noqa: E712 SQL expression
    return np.sort(ordinals(columns(conn, query)[0]))
