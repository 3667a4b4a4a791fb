"""The opening stock that the story needs: what was used beyond what came in, and what shall be left today."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

from app.demo.story import Event, Story, total
from models.kernel.numbers import round_up

ZERO = Decimal(0)
_ON_SHELF = 0.75
"""how many bought items have something of their last pack left"""


def opening_stock(story: Story) -> dict[str, Decimal]:
    """Quantity by item: items of left_today end with exactly that stock, the others keep a little.

    ValueError if an item of left_today would have run out before: the story is told wrong.
    """
    made = {}
    for item in story.book.items:
        events = sorted(story.events.get(item, ()))
        net, least = ZERO, ZERO
        for event in events:
            net += event.quantity
            least = min(least, net)
        if item in story.left_today:
            quantity = story.left_today[item] - net
            if quantity + least < 0:
                raise ValueError(f"{item} runs short by {-(quantity + least)} before today")
        else:
            quantity = _friendly(max(-least, _kept(story, item, events) - net), story.recipes.decimals[item])
        if quantity > 0:
            made[item] = quantity
    return made


def _kept(story: Story, item: str, events: list[Event]) -> Decimal:
    """What should be left of an item today: its safety stock and some weeks' use, more of one than of another."""
    row = story.book.items[item]
    floor: Decimal = (row.get("safety_stock") or ZERO) + story.kept.get(item, ZERO)
    if row["kind"] == "phantom" or row["category"] in ("客供料", "边角料"):
        return ZERO
    used = -total(event for event in events if event.quantity < 0)
    if row["category"] == "成品灯":
        return floor + used * story.dice.randint(0, 3) / 100
    if row["kind"] == "purchased" and story.dice.random() < _ON_SHELF:
        pack = row.get("lot_multiple") or row.get("lot_size") or Decimal(20)
        floor += pack * story.dice.randint(20, 110) / 100
    return floor + used * story.dice.randint(5, 60) / 100


def _friendly(quantity: Decimal, decimals: int) -> Decimal:
    """Rounded up to a figure a stock-taking would show."""
    if quantity <= 0:
        return ZERO
    step = Decimal(1) if quantity < 50 else Decimal(10) if quantity < 2000 else Decimal(100)
    if decimals and quantity < 50:
        step = Decimal("0.5")
    return round_up(Fraction(quantity) / Fraction(step), 0) * step
