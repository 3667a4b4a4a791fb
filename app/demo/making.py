"""Three months of the workshops: lamps for the orders, batches of parts, subcontracted work."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from fractions import Fraction

from app.demo.days import OPENING, TODAY, step
from app.demo.story import Line, Move, Order, Story, total
from models.kernel.numbers import round_down, round_up

_LAMPS_MADE = 0.6
_PARTS_MADE = {"manufactured": 0.36, "subcontracted": 0.65}
_TOLD_ELSEWHERE = frozenset({"FG100", "FG107", "SA200", "SA300"})
_NOT_YET = frozenset({"FG100", "FG106", "FG108", "FG403"})
"""lamps that wait for a supplier, a bill or material"""
_EARLIEST = step(OPENING, 2)


def tell(story: Story) -> None:
    """Adds orders for delivered lamps, for open sales, then for the parts they use, level by level."""
    for moves in _deliveries(story):
        _lamps(story, moves)
    _for_open_sales(story)
    for item in _parts_by_level(story):
        _parts(story, item)


def _deliveries(story: Story) -> list[list[tuple[Move, Line, Decimal]]]:
    """Deliveries of each lamp, those within three weeks together."""
    by_item: dict[str, list[tuple[Move, Line, Decimal]]] = {}
    for move in sorted((m for m in story.moves if m.type == "delivery"), key=lambda m: m.day):
        for number, quantity in move.quantities.items():
            line = move.order.lines[number]
            by_item.setdefault(line.item, []).append((move, line, quantity))
    groups: list[list[tuple[Move, Line, Decimal]]] = []
    for item in sorted(by_item.keys() - _TOLD_ELSEWHERE):
        alone = story.book.items[item].get("strategy") == "mto"
        for entry in by_item[item]:
            last = groups[-1] if groups else []
            near = last and last[0][1].item == item and (entry[0].day - last[0][0].day).days <= 21
            if near and (not alone or last[0][1] is entry[1]):
                last.append(entry)
            else:
                groups.append([entry])
    return groups


def _lamps(story: Story, entries: list[tuple[Move, Line, Decimal]]) -> None:
    """One order for a group of deliveries, unless it came out of the stock that was there."""
    line = entries[0][1]
    row = story.book.items[line.item]
    to_order = row.get("strategy") == "mto"
    ready = step(entries[0][0].day, -1)
    start = step(ready, -3)
    first_order = entries[0][0].order
    day = max(step(start, -2), first_order.day)
    if day < _EARLIEST or day > start or (not to_order and story.dice.random() > _LAMPS_MADE):
        return
    good = sum((quantity for _move, _line, quantity in entries), Decimal(0))
    quantity = good if to_order or line.item in story.left_today else _lot(good)
    order = story.order(
        Order(
            "production_order", day,
            [Line(line.item, quantity, ready, start=start, demand=line if to_order or len(entries) == 1 else None)],
            workshop=row["workshop"], note="按订单" if to_order else "",
        )
    )  # fmt: skip
    _finish(story, order, start, ready, good)


def _finish(story: Story, order: Order, start: dt.date, ready: dt.date, good: Decimal) -> None:
    """Picks in one or two turns, receives in one or two; what was scrapped is closed by hand."""
    line = order.lines[0]
    luck = story.dice.random()
    if luck < 0.3:
        story.pick(order, start, Decimal("0.6"), note="第一批60%")
        story.pick(order, step(start, 1))
    else:
        story.pick(order, start)
    scrapped = line.quantity > good and story.dice.random() < 0.3
    making = min(good, line.quantity - 1) if scrapped else line.quantity
    first = Decimal(int(making) // 2)
    if luck > 0.6 and first > 0 and step(ready, -1) > start:
        story.make(order, step(ready, -1), first)
        story.make(order, ready, making - first)
    else:
        story.make(order, ready, making)
    if scrapped:
        story.close(order, step(ready, 1), f"报废{line.quantity - making}，完工关闭")
    _corrections(story, order, step(start, 2))


def _corrections(story: Story, order: Order, day: dt.date) -> None:
    """Now and then a part is bad and drawn again, or too much was drawn and comes back."""
    luck = story.dice.random()
    picked = [
        (number, material)
        for number, material in enumerate(order.materials)
        if material.issue == "pick" and material.drawn >= 20 and material.item not in story.left_today
    ]
    if not picked or luck > 0.45 or day >= TODAY:
        return
    number, material = picked[story.dice.randrange(len(picked))]
    some = Decimal(max(1, int(material.drawn) // 50))
    if luck < 0.3:
        reason = story.dice.choice(("来料不良", "制程不良", "装配丢失"))
        story.supplement(order, day, {number: some}, f"补料：{reason}")
    else:
        story.give_back(order, day, {number: some}, "余料退库")


def _lot(quantity: Decimal) -> Decimal:
    return round_up(Fraction(quantity) * Fraction(102, 100) / 10, 0) * 10


def with_loss(story: Story, item: str, good: Decimal) -> Decimal:
    """What to start so that so many good ones come out."""
    return round_up(Fraction(good) / Fraction(story.book.items[item].get("yield_rate", Decimal(1))), 0)


def _for_open_sales(story: Story) -> None:
    """About half of what is still owed is being made: started, waiting for its day, or still a draft."""
    served = {line.demand for order in story.of_type("production_order") for line in order.lines}
    lines = [
        (order.day, line)
        for order in story.of_type("sales_order")
        for line in order.lines
        if line.left > 0 and order.approved and order.day < TODAY and line.item not in _NOT_YET and line not in served
    ]  # fmt: skip
    for ordered, line in lines:
        soon = line.due <= step(TODAY, 10)
        if story.dice.random() > (0.75 if soon else 0.5):
            continue
        row = story.book.items[line.item]
        ready = max(step(line.due, -2), TODAY)
        start = step(ready, -story.dice.choice((3, 4)))
        if soon:
            start = step(TODAY, -story.dice.randint(1, 4))
        day = max(ordered, min(step(start, -3), step(TODAY, -1)))
        start = max(start, day)
        order = story.order(
            Order(
                "production_order", day, [Line(line.item, with_loss(story, line.item, line.left), ready, start=start, demand=line)],
                workshop=row["workshop"], approved=start < step(TODAY, 9), note="" if line.due >= TODAY else "欠交，优先",
            )
        )  # fmt: skip
        if order.approved and start < TODAY:
            _begin(story, order, start)


def _begin(story: Story, order: Order, start: dt.date) -> None:
    """An order in progress: material drawn in part or whole, some products in already."""
    share = story.dice.choice((Decimal("0.5"), Decimal(1), Decimal(1), Decimal(1)))
    story.pick(order, start, share, note="" if share == 1 else "先领一半")
    some = Decimal(int(order.lines[0].quantity * share) // 3)
    if step(start, 2) < TODAY and some > 0:
        story.make(order, step(TODAY, -1), some, "第一批")


def _parts_by_level(story: Story) -> list[str]:
    """Made parts, those nearest to the lamps first."""
    depth: dict[str, int] = {}
    bills: dict[str, set[str]] = {}
    for bill in story.book.bills:
        bills.setdefault(bill.parent, set()).update(use.component for use in bill.uses)

    def visit(code: str, level: int) -> None:
        if depth.get(code, -1) >= level:
            return
        depth[code] = level
        for component in bills.get(code, ()):
            visit(component, level + 1)

    for code, row in story.book.items.items():
        if row["category"] == "成品灯":
            visit(code, 0)
    made = [code for code in depth if story.book.items[code]["kind"] in _PARTS_MADE and depth[code] > 0]
    return sorted(made, key=lambda code: (depth[code], code))


def _parts(story: Story, item: str) -> None:
    """Some parts were made in a batch, the rest lay in the store from before."""
    used = story.used(item)
    row = story.book.items[item]
    if not used or story.dice.random() > _PARTS_MADE[row["kind"]] or item in _TOLD_ELSEWHERE:
        return
    first, last = max(_EARLIEST, step(used[0].day, -12)), step(TODAY, -14)
    day = step(first, story.dice.randint(0, 14))
    if day > last:
        return
    start = step(day, 1)
    ready = step(start, row["lead_time_days"] + 1)
    later = -total(event for event in used if event.day > ready)
    if later < 20:
        return
    quantity = _lot(later * story.dice.randint(60, 110) / 100)
    if item in story.left_today:
        quantity = round_down(later / 2, 0)
    outside = row["kind"] == "subcontracted"
    line = Line(item, quantity, ready, start=start, price=story.book.labour[item] if outside else None)
    order = story.order(
        Order(
            "subcontract_order" if outside else "production_order", day, [line],
            partner=row["supplier"] if outside else "", workshop="" if outside else row["workshop"],
            note="来料加工" if outside else "备库",
        )
    )  # fmt: skip
    _finish(story, order, start, ready, quantity)
