"""Lamps for the home: the worked example FG100, desk lamps, ceiling lamps, floor lamps."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

from app.demo.catalogue import Catalogue, Use, backflushed, parts, use
from app.demo.finishing import finish
from app.demo.places import ASSEMBLY, ASSEMBLY_STORE, CUSTOMER_STORE, GOODS, PARTS, RAW

_NEW_YEAR = dt.date(2026, 1, 5)
_NEW_BILL = dt.date(2026, 2, 1)
_APRIL = dt.date(2026, 4, 1)

# code, name, spec, unit, cost, supplier, days it takes, pack
_EXAMPLE = (
    ("RM401", "灯珠", "2835 暖白 0.5W", "颗", "0.35", "S001", 5, 500),
    ("RM401B", "灯珠", "2835 暖白 0.5W 第二货源", "颗", "0.38", "S002", 7, 500),
    ("RM402", "铝壳", "Φ90 车铝", "个", "12.50", "S008", 6, None),
    ("RM403", "螺丝M3", "3x10", "个", "0.08", "S006", 5, 100),
    ("RM405", "纸箱", "FG100 单支五层", "个", "3.20", "S012", 3, None),
    ("RM406", "毛坯", "底座压铸毛坯", "个", "4.20", "S017", 8, None),
    ("RM407", "电源线", "1.5m 白", "条", "3.60", "S007", 3, None),
)


def add(book: Catalogue) -> None:
    """Adds them, from the parts of their heads and arms to the packed lamp."""
    _add_example(book)
    _add_desk_parts(book)
    _add_desk_lamps(book)
    _add_ceiling_lamps(book)
    _add_floor_lamps(book)


def _add_example(book: Catalogue) -> None:
    """FG100 as the planning example of the trade shows it (AT-07a)."""
    for code, name, spec, unit, cost, supplier, days, pack in _EXAMPLE:
        book.buy(
            code, name, spec, unit, cost, category="台灯料", supplier=supplier, lead_time_days=days, warehouse=RAW,
            lot_policy="minimum" if pack else "lot_for_lot", lot_multiple=pack,
        )  # fmt: skip
    book.change("RM403", safety_stock=50)
    book.buy(
        "RM404", "硅脂", "导热 1.5W/mK 1kg罐", "kg", "60.00", category="化工辅料", supplier="S010", lead_time_days=4,
        warehouse=ASSEMBLY_STORE,
    )  # fmt: skip
    book.make(
        "SA200", "灯板组件", "FG100 用", "套", "2.10", category="灯头", workshop=ASSEMBLY, warehouse=PARTS,
        lead_time_days=2,
    )  # fmt: skip
    book.make(
        "SA300", "底座", "FG100 用 委外装线", "个", "2.00", kind="subcontracted", category="底座", supplier="S021",
        warehouse=PARTS, lead_time_days=3,
    )  # fmt: skip
    book.make(
        "FG100", "LED台灯", "5W", "台", "13.20", category="成品灯", workshop=ASSEMBLY, warehouse=GOODS, lead_time_days=5,
        yield_rate="0.96", safety_stock=10, barcode="6900000001000",
    )  # fmt: skip
    _add_example_bills(book)
    book.substitute("RM401", "RM401B")


def _add_example_bills(book: Catalogue) -> None:
    book.bill(
        "SA200",
        [
            use("RM401", 12, scrap="0.02", key=True),
            use("RM402"),
            use("RM403", 2, scrap="0.05"),
            backflushed("RM404", 1, per=100),
        ],
    )
    book.bill("SA300", [use("RM406", key=True), use("RM407")])
    book.bill(
        "FG100",
        [use("SA200", key=True), use("SA300", key=True), use("RM403", 4), use("RM405")],
        note="旧版：未计螺丝损耗",
    )
    book.bill(
        "FG100",
        [
            use("SA200", key=True, since=_NEW_YEAR), use("SA300", key=True, since=_NEW_YEAR),
            use("RM403", 4, scrap="0.05", since=_NEW_YEAR), use("RM405", fixed=2, since=_NEW_YEAR),
        ],
        version="V2.0", note="螺丝加5%损耗，纸箱每单固定损耗2个",
    )  # fmt: skip


def _part(book: Catalogue, code: str, name: str, spec: str, labour: str, uses: list[Use]) -> None:
    category = "底座" if name == "夹座组件" else name[:2]
    book.make(code, name, spec, "套", labour, category=category, workshop=ASSEMBLY, warehouse=PARTS, lead_time_days=2)
    book.bill(code, uses)


def _add_desk_parts(book: Catalogue) -> None:
    grease = backflushed("CH109", 1, per=250)
    for number, board, spec in ((101, "LB109", "9W"), (102, "LB110", "12W"), (103, "LB111", "15W")):
        inside = [*parts(f"{board}! IM101"), use("IM102", scrap="0.01"), use("HW101", 6, scrap="0.02"), grease]
        _part(book, f"HD{number}", "灯头组件", spec, "1.60", inside)
    cables = [use("WR101", "0.8"), use("WR102", "0.8")]
    _part(book, "AR101", "灯臂组件", "双节弹簧臂", "2.30", [*parts("ST109*2 CT103*2 HW106*2 HW111*2"), *cables])
    _part(book, "AR102", "灯臂组件", "折叠臂", "1.70", [*parts("ST109 HW106*2 HW111*2"), *cables])
    _part(book, "AR103", "灯臂组件", "鹅颈", "0.90", [*parts("CT104"), *cables])
    feet = [use("MF105", 4), use("HW108", 4, scrap="0.02"), backflushed("CH104", 1, per=200)]
    for number, spec, labour, used in (
        (101, "圆 白 触摸", "1.80", "SP101 IM103 DR107! FE105"),
        (102, "圆 黑 触摸", "1.80", "SP102 IM104 DR107! FE105"),
        (103, "充电 白", "2.20", "SP101 IM103 DR108! BT101!"),
        (104, "无线充 黑", "2.40", "SP102 IM104 DR107! MD102! FE105"),
    ):
        _part(book, f"BS{number}", "底座组件", spec, labour, [*parts(used), *feet])
    _part(book, "BS105", "夹座组件", "夹式 旋钮", "1.20", [*parts("CT105 SW103 IM104"), feet[1]])


def _add_desk_lamps(book: Catalogue) -> None:
    # code, name, spec, what is inside
    for code, name, spec, inside in (
        ("FG101", "护眼台灯", "9W 白 触摸", "HD101! AR101 BS101! WR201 KT203"),
        ("FG102", "护眼台灯", "9W 黑 触摸", "HD101! AR101 BS102! WR202 KT203"),
        ("FG103", "折叠充电台灯", "9W 白", "HD101! AR102 BS103! WR204 KT203"),
        ("FG104", "学习台灯", "12W 双色 黑", "HD102! AR101 BS102! WR202 KT203"),
        ("FG105", "夹子台灯", "9W 黑 鹅颈", "HD101! BS105! WR202 KT203"),
        ("FG106", "无线充台灯", "12W 双色 黑", "HD102! AR102 BS104! WR203 KT203"),
    ):
        uses = parts(inside)
        if code == "FG105":
            uses.append(use("AR103", skip=True, note="鹅颈随装随配，跳层领料"))
        finish(book, "台灯", code, name, spec, uses, labour="4.20", per_carton=6)
    own = [use(code, customer=True, store=CUSTOMER_STORE, note="好学文具提供") for code in ("KG101", "KG102")]
    finish(
        book, "台灯", "FG107", "作业灯（好学定制）", "15W 5000K", [*parts("HD103! AR101 BS101! WR201 KT203"), *own],
        labour="4.50", per_carton=6, kit="", strategy="mto",
    )  # fmt: skip
    _renew(book, "FG101", _NEW_BILL, parts("PK601"), "加防尘胶袋")
    book.change("FG101", safety_stock=30, lot_policy="minimum", lot_minimum=50, lot_multiple=10)
    book.change("FG104", safety_stock=20, lot_policy="period", period_days=7)
    book.make(
        "FG108", "阅读台灯（新品）", "10W 尚未建料单", "台", "65", category="成品灯", workshop=ASSEMBLY,
        warehouse=GOODS, lead_time_days=5,
    )  # fmt: skip


def _renew(book: Catalogue, code: str, day: dt.date, more: list[Use], note: str) -> None:
    """A second version: the lines of the first and some more, valid from a day; the first is used until then."""
    first = next(bill for bill in book.bills if bill.parent == code)
    lines = [replace(line, since=day) for line in (*first.uses, *more)]
    book.bill(code, lines, version="V2.0", note=note)


def _add_ceiling_lamps(book: Catalogue) -> None:
    for code, name, spec, inside in (
        ("FG201", "圆形吸顶灯", "18W Φ330 4000K", "SP103 IM105 LB104! DR103!"),
        ("FG202", "圆形吸顶灯", "24W Φ400 6500K", "SP104 IM106 LB105! DR103!"),
        ("FG203", "雷达感应吸顶灯", "18W Φ330", "SP103 IM105 LB104! DR103! MD101!"),
        ("FG204", "卧室吸顶灯", "36W Φ400 三色", "SP104 IM106 LB107*3! DR104!"),
    ):
        uses = parts(f"{inside} CT101*6 SW106 KT201")
        finish(book, "吸顶灯", code, name, spec, uses, labour="3.20", per_carton=5)
    book.change("FG202", safety_stock=40, lot_policy="minimum", lot_minimum=60, lot_multiple=5)
    book.change("FG201", lot_policy="period", period_days=10, lot_multiple=5)
    _renew(book, "FG202", _APRIL, parts("HW108*2"), "四月起加驱动卡片螺丝两颗")


def _add_floor_lamps(book: Catalogue) -> None:
    glue = backflushed("CH104", 1, per=150)
    _part(book, "HD201", "灯头组件", "落地灯 12W 布罩架", "1.90", parts("LB103! DR102! IM107*2 HW103*4"))
    _part(book, "BS201", "底座组件", "落地灯 Φ280 黑", "1.60", [*parts("ST114 FE105*2 MF105*6"), glue])
    for code, name, spec, inside in (
        ("FG501", "直杆落地灯", "12W 黑", "HD201! SP114 BS201 WR202 SW102 KT203"),
        ("FG502", "钓鱼落地灯", "12W 黑 双节", "HD201! SP114*2 BS201 WR202 SW102 KT203*2"),
        ("FG503", "阅读落地灯", "9W 触摸", "HD101! SP114 BS201 WR202 DR107 KT203"),
    ):
        finish(book, "落地灯", code, name, spec, parts(inside), labour="5.00", per_carton=2)
