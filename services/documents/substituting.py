"""Approved substitutes of an order's materials: which item may stand in, and how much of the material it covers (domain §6)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from decimal import Decimal
from fractions import Fraction
from typing import Any

from sqlalchemy import Connection, func, or_, select

from models.documents.tables import doc_line, doc_link
from models.engineering.tables import bom, bom_line
from models.kernel.numbers import ZERO, round_down, round_up
from models.masterdata.tables import item, substitute
from services.documents.records import Context, LineRow, Source, StandIn
from services.ledgers.facts import chunked


def stand_ins(conn: Connection, material_line_ids: Iterable[int]) -> list[StandIn]:
    """Substitutes of material lines by priority; at one priority those for a parent come first.

    A rule for one parent serves orders of it, and orders that pass through it where it is a phantom or skipped, as in planning.
    """
    product, c = doc_line.alias("product"), substitute.c
    found: list[Any] = []
    for keys in chunked(sorted(set(material_line_ids))):
        query = (
            select(
                doc_line.c.id, c.substitute_id, c.ratio, c.priority, c.valid_from, c.valid_to, c.parent_id,
                product.c.item_id.label("product_id"),
            )
            .join_from(doc_line, product, product.c.id == doc_line.c.parent_line_id)
            .join(substitute, c.component_id == doc_line.c.item_id)
            .where(doc_line.c.id.in_(keys), doc_line.c.role == "material", c.substitute_id != doc_line.c.item_id)
            .order_by(doc_line.c.id, c.priority, c.parent_id.is_(None), c.id)
        )  # fmt: skip
        found += conn.execute(query)
    through = _passed(conn, {row.product_id for row in found if row.parent_id not in (None, row.product_id)})
    return [
        StandIn(*tuple(row)[:6])
        for row in found
        if row.parent_id in (None, row.product_id) or row.parent_id in through[row.product_id]
    ]


def _passed(conn: Connection, products: set[int]) -> dict[int, set[int]]:
    """Items that the usable bills of products pass through; a statement a level, none without products."""
    below: dict[int, set[int]] = {}
    level = set(products)
    while level:
        below.update({key: set() for key in level})
        for keys in chunked(sorted(level)):
            query = (
                select(bom.c.parent_id, bom_line.c.component_id)
                .join_from(bom, bom_line, bom_line.c.bom_id == bom.c.id)
                .join(item, item.c.id == bom_line.c.component_id)
                .where(bom.c.parent_id.in_(keys), bom.c.status == "C", bom.c.enabled == True)  # noqa: E712 SQL expression
                .where(or_(bom_line.c.skip_level == True, item.c.kind == "phantom"))  # noqa: E712 SQL expression
            )
            for parent, component in conn.execute(query):
                below[parent].add(component)
        level = {component for key in level for component in below[key]} - set(below)
    made: dict[int, set[int]] = {}
    for key in products:
        made[key], waiting = set(), [key]
        while waiting:
            fresh = below[waiting.pop()] - made[key]
            made[key] |= fresh
            waiting += fresh
    return made


def stood_in_for(context: Context, lines: Iterable[LineRow]) -> list[int]:
    """The material lines of which lines draw another item than theirs."""
    return sorted({line.source_line_id or 0 for line in lines if _other(line, context.sources)})


def load(conn: Connection, context: Context, keys: Sequence[int]) -> None:
    """Adds what lines need that draw another item than that of the given material lines."""
    for rule in stand_ins(conn, keys):
        context.stand_ins.setdefault((rule.material_line_id, rule.item_id), []).append(rule)
    covered = func.sum(doc_link.c.quantity, type_=doc_link.c.quantity.type)
    query = (
        select(doc_link.c.source_line_id, doc_line.c.item_id, covered)
        .join_from(doc_link, doc_line, doc_line.c.id == doc_link.c.target_line_id)
        .where(doc_link.c.kind == "execute")
        .group_by(doc_link.c.source_line_id, doc_line.c.item_id)
    )
    for some in chunked(keys):
        for line_id, item_id, quantity in conn.execute(query.where(doc_link.c.source_line_id.in_(some))):
            context.covered[line_id, item_id] = (quantity, ZERO)
    for key, (drawn, _) in context.drawn.items():
        context.covered[key] = (context.covered.get(key, (ZERO, ZERO))[0], drawn)


def _other(line: LineRow, sources: dict[int, Source]) -> bool:
    source = sources.get(line.source_line_id or 0)
    return source is not None and source.line.role == "material" and source.line.item_id != line.item_id


def ratio_on(context: Context, material_line_id: int, item_id: int, day: dt.date) -> Decimal | None:
    """Units of the item for one unit of the material on a day; None: it may not stand in."""
    rules = context.stand_ins.get((material_line_id, item_id), ())
    return next((rule.ratio for rule in rules if rule.holds_on(day)), None)


def in_units_of_material(
    context: Context, line: LineRow, source: Source, quantity: Decimal, left: Decimal, *, day: dt.date, executes: bool
) -> Decimal:
    """A link's quantity in the material's own unit, whole units of its decimals; the line's own where the items are the same.

    What is drawn covers quantity ÷ ratio, rounded down; the least that suffices for all that is left covers exactly that.
    What comes back gives up its share of what the item has covered, all of it with the last unit. The context keeps what
    is covered and drawn for the next line; a supplement (executes: False) is drawn but covers nothing of what is planned.
    """
    if not _other(line, context.sources):
        return quantity
    key = (source.line.id, line.item_id)
    decimals = context.item(source.line).decimals
    covered, drawn = context.covered.get(key, (ZERO, ZERO))
    if quantity < 0:
        back = covered if -quantity >= drawn else round_down(Fraction(covered * -quantity) / Fraction(drawn), decimals)
        context.covered[key] = (covered - back, drawn + quantity)
        return -back
    ratio = ratio_on(context, source.line.id, line.item_id, day) or Decimal(1)
    made = covers(quantity, ratio, decimals)
    if executes and left > 0 and quantity == needed(left, ratio, context.item(line).decimals):
        made = left
    context.covered[key] = (covered + made if executes else covered, drawn + quantity)
    return made


def most(
    context: Context, line: LineRow, source: Source, limit: Decimal, before: Decimal, *, day: dt.date
) -> Decimal | None:
    """How much of a substitute a line may draw where up to limit may be executed; None where the items are the same."""
    if not _other(line, context.sources):
        return None
    ratio = ratio_on(context, source.line.id, line.item_id, day) or Decimal(1)
    rest, places = max(limit - before, ZERO), context.item(line).decimals
    quantity = needed(rest, ratio, places)
    fits = limit == source.line.quantity or covers(quantity, ratio, context.item(source.line).decimals) <= rest
    return quantity if fits else round_down(Fraction(rest) * Fraction(ratio), places)


def covers(quantity: Decimal, ratio: Decimal, decimals: int) -> Decimal:
    """What a quantity of a substitute covers of the material, whole units of the material's decimals."""
    return round_down(Fraction(quantity) / Fraction(ratio), decimals)


def needed(quantity: Decimal, ratio: Decimal, decimals: int) -> Decimal:
    """The least quantity of a substitute, in its own unit's decimals, that covers a quantity of the material."""
    return round_up(Fraction(quantity) * Fraction(ratio), decimals)
