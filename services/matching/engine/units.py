"""Words for units: which end a quantity, and which mean the same."""

from __future__ import annotations

from services.matching.engine.folding import fold

_SINGLE = frozenset(
    "pcs pc ea each 个 只 件 台 支 根 条 颗 粒 片 张 块 把 盏 枚 部 架 头 面 顶 枝 幅 pce unit".split()  # noqa: SIM905
)
_GROUPS = (
    _SINGLE,
    frozenset(("kg", "kgs", "千克", "公斤")),
    frozenset(("g", "克")),
    frozenset(("t", "吨")),
    frozenset(("m", "米")),
    frozenset(("l", "升")),
    frozenset(("ml", "毫升")),
    frozenset(("set", "sets", "套")),
    frozenset(("pair", "对", "双", "副")),
    frozenset(("roll", "卷")),
    frozenset(("box", "盒")),
    frozenset(("ctn", "箱", "件箱")),
    frozenset(("bag", "袋", "包")),
)
UNIT_WORDS = frozenset().union(*_GROUPS) | {"打", "捆", "桶", "瓶", "平方米", "㎡", "扎", "板", "盘"}
"""words that may stand behind a quantity"""
MEASURES = frozenset("g 克 kg kgs 千克 公斤 t 吨 m 米 l 升 ml 毫升".split())  # noqa: SIM905
"""units that also stand in specifications (1.8米 线): a quantity only where no counted unit follows"""


def same_unit(written: str, *known: str) -> bool:
    """Whether a written unit means one of the known words (code and name of an item's unit); a blank one agrees with any."""
    word = fold(written)
    if not word:
        return True
    names = {fold(name) for name in known if name}
    if not names or word in names:
        return True
    return any(word in group and names & group for group in _GROUPS)
