"""Light boards and drivers: placed boards of the SMT workshop and what is made of them."""

from __future__ import annotations

import datetime as dt

from app.demo.catalogue import Catalogue, Use, backflushed, use
from app.demo.places import PARTS, SMT

# number, spec, circuit board, diodes
_LIGHT_BOARDS = (
    (101, "Φ50 5W 4000K", "PC101", (("LD2835-40-05", 10),)),
    (102, "Φ50 7W 3000K", "PC101", (("LD2835-30-05", 14),)),
    (103, "Φ85 12W 4000K", "PC102", (("LD2835-40-05", 24),)),
    (104, "Φ120 18W 4000K", "PC103", (("LD2835-40-05", 36),)),
    (105, "环形 24W 6500K", "PC104", (("LD2835-65-05", 48),)),
    (106, "条形 480 12W 6500K", "PC105", (("LD2835-65-05", 24),)),
    (107, "条形 480 12W 三色", "PC105", (("LD2835-30-05", 12), ("LD2835-65-05", 12))),
    (108, "条形 1180 18W 4000K", "PC106", (("LD2835-40-02", 90),)),
    (109, "台灯 9W 4000K", "PC107", (("LD2835-40-05", 18),)),
    (110, "台灯 12W 双色", "PC107", (("LD2835-30-05", 12), ("LD2835-40-05", 12))),
    (111, "台灯 15W 5000K", "PC107", (("LD2835-50-02", 75),)),
    (112, "面板侧光 480 4000K", "PC105", (("LD2835-40-02", 60),)),
    (113, "投光 20W 5700K", "PC109", (("LD3030-57-10", 20),)),
    (114, "投光 50W 5700K", "PC109", (("LD3030-57-10", 48),)),
    (116, "路灯模组 50W 5700K", "PC108", (("LD3535-57-30", 16),)),
    (117, "路灯模组 50W 4000K", "PC108", (("LD3535-40-30", 16),)),
)
_SMALL = (("EI102", 1), ("ED101", 1), ("ED102", 1), ("ER101", 2), ("ER104", 2), ("EC301", 1))
_MIDDLE = (
    ("EI103", 1),
    ("ED101", 1),
    ("ED102", 2),
    ("ED104", 1),
    ("ER101", 4),
    ("ER102", 2),
    ("ER106", 1),
    ("EC301", 3),
)
_LARGE = (
    ("EI103", 1), ("EI104", 1), ("ED101", 1), ("ED102", 3), ("ED103", 2), ("ER101", 8), ("ER102", 4), ("ER103", 4),
    ("ER105", 2), ("ER106", 2), ("EC301", 6), ("EC302", 2),
)  # fmt: skip
_TOUCH = (("EI105", 1), ("ED103", 1), ("ER101", 4), ("ER103", 2), ("EC301", 2), ("EC302", 1))
_CHARGE = (("EI106", 1), ("EI107", 1), ("ED103", 2), ("ER101", 6), ("ER102", 2), ("EC301", 4), ("EC302", 2))
# number, name, spec, board, placed parts, parts put in by hand, labour
_DRIVERS = (
    (101, "驱动电源", "3~7W 非隔离", "PC201", _SMALL, (("EC101", 1), ("EL106", 1), ("ER201", 1)), "0.35"),
    (102, "驱动电源", "9~12W 非隔离", "PC201", _SMALL, (("EC102", 1), ("EL106", 1), ("ER201", 1), ("EC104", 1)), "0.40"),
    (
        103, "驱动电源", "18~24W 隔离", "PC202", _MIDDLE,
        (("EC102", 1), ("EC105", 1), ("EL101", 1), ("EC201", 1), ("EC202", 1), ("EF101", 1)), "0.85",
    ),
    (
        104, "驱动电源", "30~40W 隔离", "PC203", _MIDDLE,
        (("EC103", 1), ("EC105", 2), ("EL102", 1), ("EL105", 1), ("EC201", 1), ("EC202", 1), ("EF101", 1)), "1.20",
    ),
    (
        105, "防水驱动电源", "50W IP67 灌封", "PC204", _LARGE,
        (
            ("EC103", 1), ("EC105", 3), ("EL103", 1), ("EL104", 1), ("EL105", 1), ("ED105", 1), ("ER202", 1),
            ("ER203", 1), ("EF101", 1),
        ), "3.20",
    ),
    (
        106, "防水驱动电源", "100W IP67 灌封", "PC204", _LARGE,
        (
            ("EC103", 2), ("EC105", 4), ("EL103", 2), ("EL104", 1), ("EL105", 1), ("ED105", 2), ("ER202", 1),
            ("ER203", 1), ("EF101", 1),
        ), "4.10",
    ),
    (107, "触摸调光板", "三段 12V", "PC205", _TOUCH, (("SW101", 1), ("WR205", 1)), "0.30"),
    (108, "充电控制板", "1A 带电量显示", "PC205", _CHARGE, (("SW101", 1), ("WR205", 2)), "0.45"),
)  # fmt: skip


def add(book: Catalogue) -> None:
    """Adds placed boards, light boards and drivers with their bills."""
    for number, spec, board, diodes in _LIGHT_BOARDS:
        placed = _make(
            book, f"PB{number}", "灯板贴片半成品", spec, "0.25", category="贴片板", yield_rate="0.99", days=2
        )
        parts = [use(code, quantity, scrap="0.003", key=True) for code, quantity in diodes]
        book.bill(
            placed,
            [
                use(board, scrap="0.005", key=True),
                *parts,
                backflushed("CH105", sum(row[1] for row in diodes), per=50000),
            ],
        )
        finished = _make(book, f"LB{number}", "灯板组件", spec, "0.18", category="灯板", days=1)
        book.bill(finished, [use(placed, key=True), use("WR205"), backflushed("CH106", 1, per=2000)])
    for number, name, spec, board, placed_parts, by_hand, labour in _DRIVERS:
        placed = _make(
            book, f"DB{number}", f"{name}贴片半成品", spec, "0.30", category="贴片板", yield_rate="0.99", days=2
        )
        inside = [use(code, quantity, scrap="0.005" if code[:2] != "EI" else 0) for code, quantity in placed_parts]
        book.bill(placed, [use(board, scrap="0.005", key=True), *inside, backflushed("CH105", 1, per=1250)])
        finished = _make(book, f"DR{number}", name, spec, labour, category="驱动", yield_rate="0.985", days=3)
        book.bill(
            finished, [use(placed, key=True), *(use(code, quantity) for code, quantity in by_hand), *_finish(number)]
        )
    _policies(book)
    _versions(book)


def _finish(number: int) -> list[Use]:
    solder = backflushed("CH106", 1, per=500)
    if number in (105, 106):
        return [use("WR105", "0.6"), use("ST113"), backflushed("CH101", "0.18"), solder]
    if number in (107, 108):
        return [backflushed("CH107", 1, per=500), solder]
    return [use("WR101", "0.15"), use("WR102", "0.15"), use("IM109"), solder]


def _make(book: Catalogue, code: str, name: str, spec: str, labour: str, *, days: int, **values: str) -> str:
    return book.make(
        code, name, spec, "片" if code[:2] in ("PB", "LB", "DB") else "个", labour, workshop=SMT, warehouse=PARTS,
        lead_time_days=days, **values,
    )  # fmt: skip


def _policies(book: Catalogue) -> None:
    for number in (row[0] for row in _LIGHT_BOARDS):
        book.change(f"PB{number}", lot_policy="minimum", lot_minimum=50, lot_multiple=10)
    for number in (101, 103, 104, 109):
        book.change(f"LB{number}", safety_stock=60, lot_policy="period", period_days=7, lot_multiple=10)
    for number in (101, 102, 103):
        book.change(f"DR{number}", safety_stock=100, lot_policy="minimum", lot_minimum=200, lot_multiple=50)
    book.change("DR104", lot_policy="fixed", lot_size=100)
    book.change("DB106", lot_maximum=200)


def _versions(book: Catalogue) -> None:
    """A newer driver board is in force, the next light board is still a draft."""
    start = dt.date(2026, 2, 1)
    small = [use(code, quantity, scrap="0.005" if code[:2] != "EI" else 0) for code, quantity in _SMALL]
    book.bill(
        "DB102",
        [
            use("PC201", scrap="0.005", key=True, since=start), *(_since(part, start) for part in small if part.component != "ED102"),
            use("ED103", scrap="0.005", since=start), use("CH105", 1, per=1250, issue="backflush", since=start),
        ],
        version="V2.0", note="快恢复改肖特基，降低发热",
    )  # fmt: skip
    book.bill(
        "PB103",
        [use("PC102", scrap="0.005", key=True), use("LD2835-40-05", 22, scrap="0.003", key=True), backflushed("CH105", 22, per=50000)],
        version="V2.0", approved=False, note="试产：22颗方案，未审核",
    )  # fmt: skip


def _since(part: Use, day: dt.date) -> Use:
    return use(part.component, part.quantity, per=part.per, scrap=part.scrap, since=day)
