"""A catalogue as a lamp maker has it: few names, many specifications, repeatable."""

from __future__ import annotations

import random
from collections.abc import Iterator

from services.masterdata.pinyin import search_keys
from services.matching.engine.index import Entry

COLOURS = ("黑", "白", "银灰", "金", "古铜")
POWERS = ("3W", "5W", "7W", "9W", "12W", "18W", "24W")
LENGTHS = (6, 8, 10, 12, 16, 20, 25, 30, 40, 50)
NAMES = (
    "台灯", "落地灯", "吸顶灯", "筒灯", "射灯", "面板灯", "球泡", "壁灯", "轨道灯", "平板灯", "夜灯", "护眼灯",
)  # fmt: skip
PARTS = ("螺丝", "螺母", "垫片", "铆钉", "螺柱", "卡簧", "弹片", "支架", "压条", "铜柱")
PACKING = ("纸箱", "彩盒", "气泡袋", "珍珠棉", "标签", "说明书", "封箱胶", "护角")
ELECTRIC = ("电阻", "电容", "电感", "二极管", "三极管", "驱动电源", "灯珠", "端子线", "插头线", "开关")


def entries(count: int) -> list[Entry]:
    """The first so many items; each has a name and a specification that differ from all others together."""
    rows = []
    for number, (name, spec) in zip(range(1, count + 1), _things(), strict=False):
        rows.append((number, f"{'FG' if name in NAMES else 'RM'}{number:05d}", name, spec))
    keys = search_keys([name for _, _, name, _ in rows])
    return [
        Entry(number, code, name, spec, f"69{number:011d}", key, "PCS", "个", 0)
        for (number, code, name, spec), key in zip(rows, keys, strict=True)
    ]


def _things() -> Iterator[tuple[str, str]]:
    for name in NAMES:
        for power in POWERS:
            for colour in COLOURS:
                yield name, f"{power} {colour}"
    for name in PARTS:
        for wide in (2, 3, 4, 5, 6, 8, 10, 12):
            for length in LENGTHS:
                yield name, f"M{wide}×{length}"
    for name in PACKING:
        for wide in range(200, 600, 20):
            yield name, f"{wide}×{wide - 60}×{wide // 2}mm"
    chance = random.Random(20260310)
    number = 0
    while True:
        number += 1
        name = chance.choice(ELECTRIC)
        yield name, f"{chance.choice('ABCDEFGH')}{number:05d}-{chance.choice(('0402', '0603', '0805', '2835'))}"
