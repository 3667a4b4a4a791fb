"""What there is to look at today: a rush order, late orders, shortages, surplus, papers that wait for a signature."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

from app.demo.days import TODAY, step
from app.demo.making import with_loss
from app.demo.places import ASSEMBLY, INSPECTION
from app.demo.recipes import Material
from app.demo.selling import price_of
from app.demo.story import Line, Order, Story

LEFT_TODAY = {
    code: Decimal(quantity)
    for code, quantity in (
        # below their safety stock
        ("FG401", 80), ("FG301", 20), ("HW103", 400), ("CH104", 3), ("PL104", 8), ("DR101", 40),
        # not enough for the two ceiling lamps that start tomorrow and the day after
        ("DR103", 70), ("LB104", 75), ("IM105", 75), ("SP103", 110),
        # short, while a substitute lies in the store
        ("LD2835-40-02", 400), ("LD2835-50-02", 9000), ("WR201", 20), ("WR202", 460), ("LD3030-57-10", 600),
        ("LD3030-40-10", 2000),
        # what the late downlights wait for
        ("FG403", 12), ("LB103", 10), ("PB103", 0), ("PC102", 0),
        # no supplier yet, and customers' material that has not all come
        ("MD102", 0), ("KG101", 80), ("KG102", 150),
    )
}  # fmt: skip
_RUSH = dt.date(2026, 3, 15)


def tell(story: Story) -> None:
    """Adds the situations; whatever they need of the past is part of them."""
    _sales(story)
    _customer_material(story)
    _purchases(story)
    _works(story)
    _parts(story)
    _rework(story)


def _sell(
    story: Story, day: dt.date, customer: str, due: dt.date, lines: tuple[tuple[str, int], ...], *, note: str = "",
    approved: bool = True,
) -> Order:  # fmt: skip
    made = [Line(item, Decimal(quantity), due, price_of(story, item, "0.97")) for item, quantity in lines]
    return story.order(Order("sales_order", day, made, customer, note=note, approved=approved))


def _sales(story: Story) -> None:
    _sell(story, TODAY, "C016", _RUSH, (("FG102", 60),), note="【急单】直播备货，3月15日前必须发出")
    _sell(
        story,
        TODAY,
        "C011",
        dt.date(2026, 4, 2),
        (("FG104", 48), ("FG201", 40)),
        note="价格待业务经理确认",
        approved=False,
    )
    _sell(story, dt.date(2026, 2, 12), "C003", dt.date(2026, 3, 5), (("FG403", 240),), note="客户已催两次")
    _sell(story, dt.date(2026, 3, 3), "C008", dt.date(2026, 3, 27), (("FG106", 40),), note="无线充模组待定供应商")
    _sell(story, dt.date(2026, 3, 4), "C002", dt.date(2026, 3, 31), (("FG108", 20),), note="新品首单，料单未出")
    _sell(story, dt.date(2026, 3, 5), "C004", dt.date(2026, 3, 26), (("FG601", 60), ("FG902", 80)))
    _sell(story, dt.date(2026, 3, 6), "C010", dt.date(2026, 4, 8), (("FG703", 24),), note="市政二期，按批次送检")
    _sell(story, dt.date(2026, 3, 7), "C005", dt.date(2026, 3, 30), (("FG802", 48), ("FG804", 24)))
    _sell(story, dt.date(2026, 3, 9), "C009", dt.date(2026, 3, 25), (("FG301", 100), ("FG402", 160)))
    _sell(
        story, dt.date(2026, 3, 6), "C001", dt.date(2026, 3, 19), (("FG201", 60), ("FG203", 40)), note="月结，整车发货"
    )
    _sell(story, dt.date(2026, 3, 9), "C007", dt.date(2026, 3, 24), (("FG101", 60), ("FG204", 60)))


def _customer_material(story: Story) -> None:
    """Lamps whose boxes and plates the customer brings: one order delivered, one open with too few boxes."""
    first = _sell(story, dt.date(2026, 1, 6), "C012", dt.date(2026, 1, 23), (("FG107", 120),), note="彩盒、铭牌客供")
    made = _work(
        story, "FG107", 120, dt.date(2026, 1, 8), dt.date(2026, 1, 13), dt.date(2026, 1, 20), demand=first.lines[0]
    )
    story.pick(made, dt.date(2026, 1, 13))
    story.make(made, dt.date(2026, 1, 20), Decimal(120))
    story.close(made, dt.date(2026, 1, 21), "完工，少量损耗")
    story.deliver(first, dt.date(2026, 1, 22), {0: Decimal(120)}, redone=True, note="送货地址填错，已反审核重审")
    second = _sell(story, dt.date(2026, 3, 2), "C012", dt.date(2026, 3, 28), (("FG107", 150),), note="彩盒、铭牌客供")
    _work(story, "FG107", 150, dt.date(2026, 3, 6), dt.date(2026, 3, 17), dt.date(2026, 3, 24), demand=second.lines[0])


def _work(
    story: Story, item: str, quantity: int, day: dt.date, start: dt.date, due: dt.date, *, demand: Line | None = None,
    note: str = "", approved: bool = True,
) -> Order:  # fmt: skip
    wanted = with_loss(story, item, Decimal(quantity)) if demand else Decimal(quantity)
    line = Line(item, wanted, due, start=start, demand=demand)
    workshop = story.book.items[item]["workshop"]
    return story.order(Order("production_order", day, [line], workshop=workshop, note=note, approved=approved))


def _buy(
    story: Story, day: dt.date, supplier: str, item: str, quantity: int, *, due: dt.date, note: str = ""
) -> Order:  # fmt: skip
    price = story.book.items[item]["unit_cost"]
    return story.order(
        Order("purchase_order", day, [Line(item, Decimal(quantity), due, price=price)], supplier, note=note)
    )


def _purchases(story: Story) -> None:
    """Late, too late, too much, called off, and come in but not yet inspected."""
    _buy(story, dt.date(2026, 2, 11), "S013", "OP102", 300, due=dt.date(2026, 3, 4), note="供应商说模具在修")
    _buy(story, dt.date(2026, 3, 2), "S003", "PC102", 400, due=dt.date(2026, 3, 27), note="交期已确认，请跟催")
    _buy(
        story, dt.date(2026, 2, 26), "S001", "LD2835-30-02", 20000, due=dt.date(2026, 3, 18),
        note="按一月预测下单，客户已改色温",
    )  # fmt: skip
    _buy(story, dt.date(2026, 3, 3), "S011", "PK206", 1500, due=dt.date(2026, 3, 13), note="凑整版印刷")
    called_off = _buy(story, dt.date(2026, 1, 20), "S018", "MD101", 200, due=dt.date(2026, 2, 3))
    story.close(called_off, dt.date(2026, 2, 5), "改用新方案，整单取消")
    refused = _buy(story, dt.date(2026, 1, 9), "S019", "MF102", 100, due=dt.date(2026, 1, 20))
    story.close(refused, dt.date(2026, 1, 22), "来样不合格，取消")
    batteries = _buy(story, dt.date(2026, 2, 27), "S016", "BT101", 200, due=dt.date(2026, 3, 9))
    story.receive(batteries, dt.date(2026, 3, 9), {0: Decimal(200)}, store=INSPECTION, redone=True, note="全检，待检验")


def _works(story: Story) -> None:
    """Two ceiling lamps that want the same drivers, and a pick list that waits for approval."""
    sold = {line.item: line for order in story.of_type("sales_order") for line in order.lines}
    monday = step(TODAY, -1)
    _work(story, "FG201", 60, monday, step(TODAY, 1), step(TODAY, 4), demand=sold["FG201"], note="先开工")
    _work(
        story, "FG203", 40, monday, step(TODAY, 2), step(TODAY, 5), demand=sold["FG203"], note="与FG201共用驱动、面罩"
    )
    ready = _work(story, "FG204", 30, monday, TODAY, step(TODAY, 3), demand=sold["FG204"])
    story.keep(ready)
    story.pick(ready, TODAY, approved=False, note="待仓库主管审核")
    _work(story, "FG104", 60, TODAY, step(TODAY, 8), step(TODAY, 12), note="计划员草稿", approved=False)


def _parts(story: Story) -> None:
    """Parts under way: drivers placed, a board that waits for circuit boards, discs half pressed, work outside."""
    drivers = _work(story, "DR103", 200, step(TODAY, -4), step(TODAY, -2), step(TODAY, 2))
    story.pick(drivers, step(TODAY, -2))
    _work(story, "PB103", 360, step(TODAY, -2), step(TODAY, 1), step(TODAY, 3), note="等铝基板，板到即贴")
    discs = _work(story, "ST102", 200, step(TODAY, -5), step(TODAY, -3), step(TODAY, 1))
    story.pick(discs, step(TODAY, -3))
    story.make(discs, step(TODAY, -1), Decimal(120), "第一批")
    for item, quantity, received, due in (("SP105", 400, 260, step(TODAY, 2)), ("OX104", 200, 0, step(TODAY, -2))):
        row = story.book.items[item]
        line = Line(item, Decimal(quantity), due, story.book.labour[item], start=step(due, -5))
        outside = story.order(Order("subcontract_order", step(due, -6), [line], row["supplier"], note="来料加工"))
        story.pick(outside, step(due, -5))
        if received:
            story.make(outside, step(TODAY, -1), Decimal(received), "第一批")


def _rework(story: Story) -> None:
    """Lamps that came back flickering get a new driver."""
    day, quantity = dt.date(2026, 1, 27), Decimal(12)
    parts = [Material(item, quantity, "pick", 0) for item in ("FG301", "DR102")]
    line = Line("FG301", quantity, step(day, 3), start=step(day, 1))
    order = story.order(
        Order(
            "production_order", day, [line], workshop=ASSEMBLY, kind="rework", note="客退频闪，换驱动", materials=parts
        )
    )
    story.pick(order, step(day, 1))
    story.make(order, step(day, 3), quantity)
