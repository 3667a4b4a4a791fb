"""Three months of sales: orders of the customers, what was delivered when, and forecasts."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

from app.demo.days import OPENING, TODAY, step, working_days
from app.demo.story import Line, Order, Story
from models.kernel.numbers import round_half_up

# lamps by family, with the quantities customers order
_DESK = ("FG101", "FG102", "FG103", "FG104", "FG105", "FG106")
_CEILING = ("FG201", "FG202", "FG203", "FG204")
_TRACK = ("FG301", "FG302", "FG303", "FG304", "FG305", "FG306")
_DOWN = ("FG401", "FG402", "FG403", "FG404", "FG406")
_FLOOR = ("FG501", "FG502", "FG503")
_PANEL = ("FG601", "FG602")
_STREET = ("FG701", "FG702", "FG703", "FG704")
_FLOOD = ("FG801", "FG802", "FG804")
_LINEAR = ("FG901", "FG902")
_QUANTITIES = {
    "FG1": (30, 48, 60, 72, 90), "FG2": (30, 40, 60, 80), "FG3": (40, 60, 80, 100), "FG4": (120, 160, 200, 240),
    "FG5": (16, 20, 30), "FG6": (30, 40, 60), "FG7": (12, 20, 24), "FG8": (24, 36, 48), "FG9": (60, 80, 120),
}  # fmt: skip
# customer: what it buys, its discount, what its orders say
_CUSTOMERS = (
    ("C001", _DOWN + _CEILING + _TRACK, "0.94", "月结，整车发货"),
    ("C002", _DESK + _CEILING + _FLOOR, "0.97", ""),
    ("C003", _DOWN + _CEILING + _LINEAR, "0.95", "自提"),
    ("C004", _PANEL + _DOWN + _LINEAR + _DESK, "0.96", "送货前一天电话通知"),
    ("C005", _FLOOD + _STREET + _LINEAR, "0.93", "附出厂检测报告"),
    ("C006", _CEILING + _DOWN, "0.98", ""),
    ("C007", _DESK + _CEILING, "1", "物流代收"),
    ("C008", _DESK + _TRACK + _FLOOR, "0.95", "出口装箱，唛头另附"),
    ("C009", _TRACK + _DOWN, "0.96", ""),
    ("C010", _STREET + _FLOOD, "0.92", "市政项目，按批次送检"),
    ("C011", _DESK + _CEILING, "0.95", "贴门店条码"),
    ("C012", ("FG101", "FG103", "FG104"), "0.96", "贴好学条码"),
    ("C013", _TRACK + _PANEL, "0.97", ""),
    ("C014", _TRACK + _DOWN + _PANEL, "0.97", "工程急用，可分批送"),
    ("C015", _CEILING + _FLOOD, "1", ""),
    ("C016", _DESK + _FLOOR, "1.05", "网店备货"),
)
_ORDERS = 52
_STILL_LATE = dt.date(2026, 2, 20)
"""what was due before has left by now, however late"""


def tell(story: Story) -> None:
    """Adds the customers' orders, their deliveries, and three forecasts."""
    days = working_days(step(OPENING, 1), step(TODAY, -2))
    for day in sorted(story.dice.choice(days) for _ in range(_ORDERS)):
        customer = story.dice.choice(_CUSTOMERS)
        _deliver(story, _order(story, day, *customer))
    _forecasts(story)


def price_of(story: Story, item: str, discount: str) -> Decimal:
    """The list price less a customer's discount, to the dime."""
    return round_half_up(story.book.items[item]["price"] * Decimal(discount), 1)


def _order(story: Story, day: dt.date, customer: str, range_: tuple[str, ...], discount: str, note: str) -> Order:
    count = min(story.dice.choice((1, 1, 2, 2, 3)), len(set(range_)))
    due = step(day, story.dice.randint(9, 22))
    lines = []
    for item in sorted(story.dice.sample(sorted(set(range_)), count)):
        quantity = Decimal(story.dice.choice(_QUANTITIES[item[:3]]))
        lines.append(Line(item, quantity, due, price_of(story, item, discount)))
    return story.order(Order("sales_order", day, lines, customer, note=note))


def _deliver(story: Story, order: Order) -> None:
    """Most orders leave around their day, some in two trips, a few late or not at all."""
    due, luck = order.lines[0].due, story.dice.random()
    if due > step(TODAY, 4):
        return
    whole = {number: line.quantity for number, line in enumerate(order.lines)}
    half = {number: _half(line.quantity) for number, line in enumerate(order.lines)}
    if due >= step(TODAY, -2):
        if luck < 0.4:
            story.deliver(order, step(TODAY, -story.dice.randint(1, 2)), half, note="先送一半")
        return
    last = step(TODAY, -1)
    if luck < 0.78:
        story.deliver(order, min(last, step(due, story.dice.choice((-2, -1, -1, 0, 0, 1)))), whole)
    elif luck < 0.92:
        story.deliver(order, step(due, -1), half, note="第一车")
        second = step(due, story.dice.randint(2, 4))
        if second < TODAY:
            rest = {number: line.left for number, line in enumerate(order.lines)}
            story.deliver(order, second, rest, note="余货补送")
    elif due < _STILL_LATE:
        story.deliver(order, step(due, 5), whole, note="延期送货，客户已同意")


def _half(quantity: Decimal) -> Decimal:
    return Decimal(int(quantity) // 2)


def _forecasts(story: Story) -> None:
    """What the sales office expects beyond the orders."""
    for day, month, wanted in (
        (dt.date(2026, 1, 5), dt.date(2026, 2, 27), (("FG101", 150), ("FG401", 400))),
        (dt.date(2026, 2, 2), dt.date(2026, 3, 27), (("FG101", 260), ("FG301", 300), ("FG401", 900), ("FG202", 220))),
        (dt.date(2026, 3, 2), dt.date(2026, 4, 24), (("FG101", 200), ("FG401", 600), ("FG601", 90))),
    ):
        lines = [Line(item, Decimal(quantity), month) for item, quantity in wanted]
        story.order(Order("forecast", day, lines, note=f"{month:%Y年%m月}销售预测"))
