"""Kitting of open orders and of an order not yet taken: reads the books, asks the engine, keeps the last answer."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from decimal import Decimal
from fractions import Fraction

from sqlalchemy import Connection, select

from models.kernel.numbers import places_of, scaled
from models.kernel.problems import Problem, Refused
from models.kernel.refs import DocRef
from models.platform.tables import setting
from services.engineering.order_materials import usage_of
from services.engineering.structure import explode_order
from services.ledgers.facts import ItemFacts
from services.planning.engine.kitting import (
    KitComponent,
    KitLine,
    KitOrder,
    KitResult,
    Simulation,
    kit,
    simulate,
)
from services.planning.engine.slopes import Usage
from services.planning.kitting_reading import Desk, read_desk
from services.platform import parameters
from services.platform.db import Tx

LAST = "kitting.last"


@dataclass(frozen=True, slots=True)
class KittingRow:
    """One component of one order, as the sheet shows it."""

    order: str
    item: str
    ordered: Decimal
    complete_sets: Decimal
    component: str
    required: Decimal
    available: Decimal
    short: Decimal


@dataclass(frozen=True, slots=True)
class KittingComponent:
    """A component of an order at the kitting desk."""

    item_id: int
    code: str
    name: str
    unit: str
    required: Decimal
    drawn: Decimal
    available: Decimal
    short: Decimal
    expected: Decimal
    ready_day: dt.date | None
    sets: Decimal
    bottleneck: bool


@dataclass(frozen=True, slots=True)
class KittingOrder:
    """An order at the kitting desk: sets now, sets with semi-finished parts made first, what limits it and until when."""

    ref: DocRef
    line_id: int
    item_id: int
    item_code: str
    item_name: str
    ordered: Decimal
    start_date: dt.date | None
    workshop: str
    status: str
    complete_sets: Decimal | None
    deep_sets: Decimal | None
    ready_day: dt.date | None
    components: tuple[KittingComponent, ...]


@dataclass(frozen=True, slots=True)
class RushAnswer:
    """What taking a rush order would do: verdict, its own row, and the orders that lose their complete sets."""

    verdict: str
    result: KittingOrder
    affected: tuple[KittingOrder, ...]


def analyse(
    conn: Connection, numbers: Sequence[str] = (), *, date: dt.date | None = None, order: Sequence[int] = ()
) -> list[KittingOrder]:
    """Open orders in the order given (numbers, or line ids of the desk), else by start date and number.

    date: receipts due up to that day count as available too.
    """
    desk = read_desk(conn, numbers, date)
    if order:
        rank = {line_id: n for n, line_id in enumerate(order)}
        desk.orders.sort(key=lambda o: rank.get(desk.heads[o.number].line_id, len(rank)))
    return [_shown(desk, result) for result in kit(desk.orders, desk.given, half_up=desk.half_up)]


def rush(
    conn: Connection, item_id: int, quantity: Decimal, start: dt.date, *, date: dt.date | None = None
) -> RushAnswer:
    """What an order not yet taken would do to the open ones (AT-02a, AT-02c)."""
    desk = read_desk(conn, (), date, extra=(item_id,))
    item = desk.items[item_id]
    if quantity <= 0 or places_of(quantity) > item.decimals:
        raise Refused(
            [Problem("kitting.quantity", {"item": item.label, "quantity": quantity, "decimals": item.decimals})]
        )
    new = _new_order(conn, desk, item, quantity, start)
    found: Simulation = simulate(desk.orders, new, desk.given, half_up=desk.half_up)
    return RushAnswer(found.verdict.value, _shown(desk, found.result), tuple(_shown(desk, r) for r in found.affected))


def rows_of(found: Sequence[KittingOrder]) -> list[KittingRow]:
    """The sheet rows of an analysis; an order without materials has none."""
    return [
        KittingRow(
            order.ref.number, order.item_code, order.ordered, order.complete_sets or Decimal(0), component.code,
            component.required, component.available, component.short,
        )
        for order in found
        for component in order.components
    ]  # fmt: skip


def keep(tx: Tx, rows: Sequence[KittingRow]) -> None:
    """Keeps the last analysis, so that it can be exported as it was shown."""
    text = json.dumps([asdict(row) for row in rows], default=str, ensure_ascii=False)
    tx.conn.execute(setting.delete().where(setting.c.key == LAST))
    tx.insert(setting, [{"key": LAST, "value": text}])


def kept(conn: Connection) -> list[KittingRow]:
    """The last analysis; empty when there was none."""
    text = conn.execute(select(setting.c.value).where(setting.c.key == LAST)).scalar()
    return [
        KittingRow(
            row["order"], row["item"], Decimal(row["ordered"]), Decimal(row["complete_sets"]), row["component"],
            Decimal(row["required"]), Decimal(row["available"]), Decimal(row["short"]),
        )
        for row in (json.loads(text) if text else [])
    ]  # fmt: skip


def _new_order(conn: Connection, desk: Desk, item: ItemFacts, quantity: Decimal, start: dt.date) -> KitOrder:
    version, needs = explode_order(desk.structure, item.id, quantity, start, usage=usage_of(parameters.load(conn)))
    if version is None:
        raise Refused([Problem("kitting.no_bom", {"item": item.label})])
    lines = []
    for need in needs:
        component = desk.items[need.line.component_id]
        part_usage = Usage(
            need.exact / Fraction(quantity) * Fraction(10) ** (component.decimals - item.decimals), Fraction(0)
        )
        counts = desk.counts(need.line.issue, need.line.supplied_by)
        lines.append(KitLine(component.id, part_usage, 0, counts, scaled(need.planned, component.decimals)))
    number = "*"
    desk.heads[number] = _NewHead(item.id, start)
    return KitOrder(number, item.id, scaled(quantity, item.decimals), start.toordinal(), tuple(lines))


@dataclass(frozen=True, slots=True)
class _NewHead:
    """Stands in for the document of an order not yet taken."""

    item_id: int
    start_date: dt.date
    type: str = "production_order"
    id: int = 0
    number: str = ""
    line_id: int = 0
    workshop: str = ""


def _shown(desk: Desk, result: KitResult) -> KittingOrder:
    head = desk.heads[result.order.number]
    item = desk.items[result.order.item]

    def sets(value: int | None) -> Decimal | None:
        return None if value is None else desk.shown(value, item.id)

    return KittingOrder(
        DocRef(head.type, head.id, result.order.number if head.id else ""), head.line_id, item.id, item.code, item.name,
        desk.shown(result.order.quantity, item.id), head.start_date, head.workshop, result.status.value,
        sets(result.sets), sets(result.deep_sets), _day(result.ready_day),
        tuple(_component(desk, part, result.bottleneck) for part in result.components),
    )  # fmt: skip


def _component(desk: Desk, part: KitComponent, bottleneck: tuple[int, ...]) -> KittingComponent:
    item = desk.items[part.component]

    def shown(value: int) -> Decimal:
        return desk.shown(value, item.id)

    return KittingComponent(
        item.id, item.code, item.name, item.unit, shown(part.required), shown(part.drawn), shown(part.available),
        shown(part.short), shown(part.expected), _day(part.ready_day), Decimal(part.sets), part.component in bottleneck,
    )  # fmt: skip


def _day(ordinal: int) -> dt.date | None:
    return dt.date.fromordinal(ordinal) if ordinal else None
