"""Three months of purchasing: orders to every supplier every few weeks, and what came in when."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from decimal import Decimal
from fractions import Fraction

from app.demo.days import OPENING, TODAY, is_working, step
from app.demo.story import Line, Order, Story, total
from models.kernel.numbers import round_half_up, round_up

_ROUNDS = (1, 13, 25, 37, 49, 61, 77)
"""days after the opening when a supplier is ordered from"""
_MOST_LINES = 7
ZERO = Decimal(0)
_EXAMPLE = "RM4"
"""the parts of FG100 are ordered by their own script"""


def tell(story: Story) -> None:
    """Adds four rounds of purchase orders for what the workshops used, with full, partial and late receipts."""
    by_supplier: dict[str, list[str]] = {}
    for code, row in story.book.items.items():
        if row["kind"] == "purchased" and row.get("supplier") and not code.startswith(_EXAMPLE):
            by_supplier.setdefault(row["supplier"], []).append(code)
    owed = _owed(story)
    for number, supplier in enumerate(sorted(by_supplier)):
        days = [_working(OPENING + dt.timedelta(days=at + (number * 5) % 11)) for at in _ROUNDS]
        for day, following in zip(days, [*days[1:], step(TODAY, 12)], strict=True):
            _order(story, supplier, by_supplier[supplier], day, following, owed=owed)


def _owed(story: Story) -> dict[str, Decimal]:
    """What approved orders have still to draw."""
    made: dict[str, Decimal] = defaultdict(Decimal)
    for order in story.orders:
        if order.approved and order.closed is None:
            for material in order.materials:
                made[material.item] += material.quantity - material.drawn
    return made


def _working(day: dt.date) -> dt.date:
    return day if is_working(day) else step(day, 1)


def _order(
    story: Story, supplier: str, items: list[str], day: dt.date, following: dt.date, *, owed: dict[str, Decimal]
) -> None:  # fmt: skip
    lines = []
    for item in items:
        row = story.book.items[item]
        due = step(day, row["lead_time_days"])
        until = step(following, row["lead_time_days"])
        wanted = -total(event for event in story.used(item) if due <= event.day < until)
        if until > TODAY:
            wanted += owed.get(item, ZERO) * story.dice.randint(20, 90) / 100
        if wanted <= 0 or story.dice.random() > 0.92:
            continue
        quantity = _quantity(story, item, wanted, early=following < step(TODAY, -18))
        if quantity == 0:
            continue
        lines.append(Line(item, quantity, due, price=_price(story, item)))
    story.dice.shuffle(lines)
    lines = sorted(lines[:_MOST_LINES], key=lambda line: line.item)
    if lines:
        _receive(story, story.order(Order("purchase_order", day, lines, supplier)))


def _quantity(story: Story, item: str, wanted: Decimal, *, early: bool) -> Decimal:
    """About what will be used; carefully where the stock of today is settled."""
    if item not in story.left_today:
        return packed(story, item, wanted * story.dice.randint(80, 115) / 100)
    half = wanted / 2
    return packed(story, item, half) if early and half >= packed(story, item, Decimal(1)) else ZERO


def packed(story: Story, item: str, wanted: Decimal) -> Decimal:
    """A quantity in the packs an item is bought in."""
    row = story.book.items[item]
    pack = row.get("lot_multiple") or row.get("lot_size") or Decimal(10)
    quantity = round_up(Fraction(wanted) / Fraction(pack), 0) * pack
    return max(quantity, row.get("lot_minimum") or pack)


def _price(story: Story, item: str) -> Decimal:
    cost: Decimal = story.book.items[item]["unit_cost"]
    return round_half_up(cost * story.dice.randint(97, 104) / 100, 4)


def _receive(story: Story, order: Order) -> None:
    """On the day, or a little off it; some short and completed later, some never completed."""
    due = max(line.due for line in order.lines)
    luck = story.dice.random()
    day = step(due, story.dice.choice((-2, -1, 0, 0, 0, 1, 2)) if luck < 0.85 else 4)
    lot = f"{day:%y%m%d}" if order.lines[0].item.startswith("LD") else ""
    if day >= TODAY:
        return
    whole = {number: line.quantity for number, line in enumerate(order.lines)}
    if luck > 0.18:
        story.receive(order, day, whole, note="" if luck < 0.85 else "供应商晚到", lot=lot)
        return
    part = {number: packed(story, line.item, line.quantity / 2) for number, line in enumerate(order.lines)}
    part = {number: min(quantity, whole[number]) for number, quantity in part.items()}
    story.receive(order, day, part, note="分批到货", lot=lot)
    rest = {number: whole[number] - quantity for number, quantity in part.items() if whole[number] > quantity}
    later = step(day, 6)
    if not rest or later >= TODAY:
        return
    if luck < 0.05:
        story.close(order, later, "供应商缺货，余量取消")
    else:
        story.receive(order, later, rest, note="补齐", lot=lot)
