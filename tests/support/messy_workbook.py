"""A factory's own list of items as it comes out of years of Excel: readable, messy, and with faults planted at known cells (U11)."""

from __future__ import annotations

import random
from pathlib import Path

import xlsxwriter

HEADINGS = ("分类", "品号", "商品名称", "规格", "基本单位", "属性", "提前期", "安全库存", "参考单价", "条形码")
FAULTS = {
    "unit": ("基本单位", "火箭", "master.unknown_code"),
    "lead": ("提前期", "约三天", "exchange.no_number"),
    "stock": ("安全库存", "-5", "exchange.negative"),
    "cost": ("参考单价", "2026年3月5日", "exchange.no_number"),
    "kind": ("属性", "半成品类", "exchange.no_choice"),
    "code": ("品号", "", "exchange.blank"),
}
Told = tuple[str, int, str]


def write_messy(file: Path, count: int, *, faults: int, seed: int = 11) -> list[Told]:
    """Writes a workbook of `count` items under a merged title, with blank rows, text numbers and full-width digits between good ones.

    :returns: the faults as they must be told, by row: code of the problem, row of the sheet from 1, title of the column
    """
    chance = random.Random(seed)
    wrong = dict.fromkeys(chance.sample(range(count), faults))
    told: list[Told] = []
    with xlsxwriter.Workbook(file, {"strings_to_formulas": False, "strings_to_urls": False}) as book:
        units = book.add_worksheet("计量单位")
        units.write_row(0, 0, ("编码", "小数位数"))
        units.write_row(1, 0, ("PCS", 0))
        units.write_row(2, 0, ("KG", 3))
        page = book.add_worksheet("物料")
        page.merge_range(0, 0, 0, len(HEADINGS) - 1, "明亮灯具厂 2026 年物料一览")
        page.write_row(2, 0, HEADINGS)
        at = 3
        for number in range(count):
            at += 1 if number % 97 == 50 else 0
            cells = dict(zip(HEADINGS, _row(number, chance), strict=True))
            if number in wrong:
                title, value, code = chance.choice(tuple(FAULTS.values()))
                cells[title] = value
                told.append((code, at + 1, title))
            for column, title in enumerate(HEADINGS):
                page.write(at, column, cells[title])
            at += 1
    return told


def _row(number: int, chance: random.Random) -> tuple[object, ...]:
    stock = number % 300 * 10
    stocks = (
        stock,
        f"{stock:,}",
        f" {stock} ",
        str(stock).translate(str.maketrans("0123456789", "０１２３４５６７８９")),
    )
    costs = (1.25, "￥1.25", "１．２５", "1.25 ")
    return (
        "五金", f"M{number:06}", f"  螺丝{number} ", f"M{number % 9 + 3}×{number % 40}", chance.choice(("PCS", "KG", " PCS ")),
        chance.choice(("外购", "自制", "委外", "purchased")), chance.choice((7, "7", 7.0)), chance.choice(stocks),
        chance.choice(costs), f"69{number:011}",
    )  # fmt: skip
