"""The worked example FG100 in the middle of the factory: its history, and the stock it stands at today (AT-07a)."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

from app.demo.places import ASSEMBLY
from app.demo.story import Line, Order, Story

LEFT_TODAY = {
    code: Decimal(quantity)
    for code, quantity in (
        ("FG100", 20), ("SA200", 9), ("SA300", 0), ("RM401", 500), ("RM401B", 60), ("RM402", 70), ("RM403", 300),
        ("RM404", 5), ("RM405", 30), ("RM406", 60), ("RM407", 20),
    )
}  # fmt: skip
"""On hand as the example prints it; on order: FG100 15, SA300 29, RM401 200, RM403 100."""
_PRICE = Decimal("69.0")
_FEE = Decimal("2.0")
# day, supplier, day it is due, day it came, lines
_BOUGHT = (
    ((2025, 12, 11), "S001", (2025, 12, 17), (2025, 12, 17), (("RM401", 1000, "0.35"),)),
    ((2025, 12, 11), "S008", (2025, 12, 18), (2025, 12, 18), (("RM402", 90, "12.50"),)),
    ((2025, 12, 12), "S006", (2025, 12, 18), (2025, 12, 19), (("RM403", 600, "0.08"),)),
    ((2025, 12, 12), "S017", (2025, 12, 22), (2025, 12, 20), (("RM406", 120, "4.20"),)),
    ((2025, 12, 15), "S007", (2025, 12, 19), (2025, 12, 19), (("RM407", 60, "3.60"),)),
    ((2025, 12, 15), "S012", (2025, 12, 19), (2025, 12, 19), (("RM405", 100, "3.20"),)),
    ((2026, 1, 8), "S001", (2026, 1, 14), (2026, 1, 15), (("RM401", 1000, "0.345"),)),
    ((2026, 1, 8), "S008", (2026, 1, 15), (2026, 1, 15), (("RM402", 100, "12.60"),)),
    ((2026, 1, 9), "S006", (2026, 1, 15), (2026, 1, 16), (("RM403", 600, "0.08"),)),
    ((2026, 1, 12), "S012", (2026, 1, 16), (2026, 1, 16), (("RM405", 110, "3.25"),)),
)
# day, start, due, quantity, good quantity by day
_LAMPS = (
    ((2025, 12, 19), (2025, 12, 22), (2025, 12, 27), 64, (((2025, 12, 27), 61),)),
    ((2026, 1, 16), (2026, 1, 20), (2026, 1, 26), 90, (((2026, 1, 24), 50), ((2026, 1, 26), 36))),
    ((2026, 2, 26), (2026, 3, 4), (2026, 3, 13), 50, (((2026, 3, 9), 33),)),
)
_HEADS = (
    ((2025, 12, 16), (2025, 12, 19), (2025, 12, 20), 100, (((2025, 12, 20), 100),)),
    ((2026, 1, 14), (2026, 1, 17), (2026, 1, 19), 100, (((2026, 1, 19), 100),)),
)
_FEET = (
    ((2025, 12, 16), (2025, 12, 17), (2025, 12, 20), 100, (((2025, 12, 20), 60), ((2025, 12, 22), 40))),
    ((2026, 2, 25), (2026, 2, 27), (2026, 3, 13), 60, (((2026, 3, 3), 31),)),
)
_SOLD = (
    ((2025, 12, 15), "C002", 60, (2025, 12, 30), (2025, 12, 29)),
    ((2026, 1, 12), "C011", 80, (2026, 1, 28), (2026, 1, 28)),
    ((2026, 2, 25), "C016", 20, (2026, 3, 9), (2026, 3, 9)),
)
_Day = tuple[int, int, int]


def tell(story: Story) -> None:
    """Adds the history of FG100 and what is open of it today."""
    for day, supplier, due, came, lines in _BOUGHT:
        order = _buy(story, day, supplier, due, lines)
        story.receive(order, dt.date(*came), {number: line.quantity for number, line in enumerate(order.lines)})
    _buy(story, (2026, 3, 4), "S001", (2026, 3, 11), (("RM401", 200, "0.35"),))
    _buy(story, (2026, 3, 5), "S006", (2026, 3, 12), (("RM403", 100, "0.08"),))
    for runs, item in ((_HEADS, "SA200"), (_FEET, "SA300"), (_LAMPS, "FG100")):
        for run in runs:
            _make(story, item, *run[:4], good=run[4])
    for day, customer, quantity, due, gone in _SOLD:
        order = _sell(story, day, customer, quantity, due)
        story.deliver(order, dt.date(*gone), {0: Decimal(quantity)})
    _sell(story, (2026, 3, 2), "C002", 100, (2026, 3, 20))


def _buy(story: Story, day: _Day, supplier: str, due: _Day, lines: tuple[tuple[str, int, str], ...]) -> Order:
    made = [Line(item, Decimal(quantity), dt.date(*due), Decimal(price)) for item, quantity, price in lines]
    return story.order(Order("purchase_order", dt.date(*day), made, supplier))


def _sell(story: Story, day: _Day, customer: str, quantity: int, due: _Day) -> Order:
    line = Line("FG100", Decimal(quantity), dt.date(*due), _PRICE)
    return story.order(Order("sales_order", dt.date(*day), [line], customer))


def _make(
    story: Story, item: str, day: _Day, start: _Day, due: _Day, quantity: int, *, good: tuple[tuple[_Day, int], ...]
) -> None:  # fmt: skip
    """An order with all its material drawn on its start, and what came in of it; scrapped lamps close it by hand."""
    outside = item == "SA300"
    line = Line(item, Decimal(quantity), dt.date(*due), _FEE if outside else None, start=dt.date(*start))
    order = story.order(
        Order(
            "subcontract_order" if outside else "production_order", dt.date(*day), [line],
            partner="S021" if outside else "", workshop="" if outside else ASSEMBLY,
        )
    )  # fmt: skip
    story.pick(order, dt.date(*start))
    for came, some in good:
        story.make(order, dt.date(*came), Decimal(some))
    if line.left > 0 and line.due < dt.date(2026, 3, 1):
        story.close(order, dt.date(*good[-1][0]), f"报废{line.left}台，完工关闭")
