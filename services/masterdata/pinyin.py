"""Pinyin initials and full pinyin of a name, for search."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from functools import cache
from itertools import product
from types import MappingProxyType
from typing import Final

_PHRASES_UP_TO = 300
_MOST_POLYPHONES = 3
_TABLE: Final = (
    "重zhong/chong 长chang/zhang 行xing/hang 弹tan/dan 调tiao/diao 校jiao/xiao 薄bao/bo 壳ke/qiao 卡ka/qia "
    "乐le/yue 还huan/hai 参can/shen 传chuan/zhuan 粘zhan/nian 曾zeng/ceng 单dan/shan 朝chao/zhao 角jiao/jue "
    "折zhe/she 厦sha/xia 称cheng/chen 纤xian/qian 着zhuo/zhe 露lu/lou 率lv/shuai 盛sheng/cheng 扁bian/pian "
    "绿lv/lu 血xue/xie 咖ka/ga 圈quan/juan 色se/shai 降jiang/xiang 差cha/chai 脉mai/mo 铅qian/yan 嵌qian/kan "
    "藏cang/zang 模mo/mu 屏ping/bing 塞sai/se 拓tuo/ta 尾wei/yi 削xiao/xue 扎zha/za 轧zha/ya 靓liang/jing "
    "秘mi/bi 柏bai/bo 蚌bang/beng 莞guan/wan 番fan/pan 浒hu/xu 荥xing/ying 铬ge/luo 铣xi/xian 熨yun/yu "
    "仇qiu/chou 覃qin/tan 都du/dou 臂bi/bei 剥bo/bao 囤tun/dun 畜xu/chu 伺si/ci 匙chi/shi 槛kan/jian 和he/huo"
)
"""characters of trade names that are read in more than one way: a clerk types the one she knows"""
_READINGS: Final = MappingProxyType({entry[0]: tuple(entry[1:].split("/")) for entry in _TABLE.split()})
_POLYPHONE: Final = re.compile(f"[{''.join(_READINGS)}]")


def search_keys(names: Sequence[str]) -> list[str]:
    """For each name "initials full": 螺丝 -> "ls luosi"; what is read in several ways has each: 弹簧 -> "th tanhuang dh danhuang".

    Few names are read as phrases first, many character by character.
    """
    if not any(ord(char) > 0x2E80 for name in names for char in name):
        return ["" for _ in names]
    if len(names) <= _PHRASES_UP_TO:
        from pypinyin import lazy_pinyin

        return [_joined([lazy_pinyin(name), *_spellings(name)]) if name else "" for name in names]
    return [_joined(_spellings(name)) for name in names]


def all_readings(name: str, known: str) -> str:
    """The keys kept of a name, with every reading of its characters: a book of before has only one."""
    if _POLYPHONE.search(name) is None:
        return known
    return " ".join(dict.fromkeys([*known.split(), *_joined(_spellings(name)).split()]))


def _spellings(name: str) -> list[list[str]]:
    """The name character by character, in each way to read it; of very many polyphones the last ones are read one way."""
    readings, several = [], 0
    for char in name:
        found = _READINGS.get(char)
        if found is not None and several < _MOST_POLYPHONES:
            several += 1
            readings.append(found)
        else:
            readings.append((_character(char),))
    return [list(parts) for parts in product(*readings)]


def _joined(spellings: Iterable[Sequence[str]]) -> str:
    words: list[str] = []
    for parts in spellings:
        initials = "".join(part[0] for part in parts if part.strip())
        words += f"{initials} {''.join(parts)}".lower().split(" ", 1)
    return " ".join(dict.fromkeys(words)).strip()


@cache
def _character(char: str) -> str:
    if ord(char) <= 0x2E80:
        return char
    from pypinyin import lazy_pinyin

    return str(lazy_pinyin(char)[0])
