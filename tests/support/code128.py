"""Reads a Code 128 symbol from a row of dark and light modules, by the widths table of ISO/IEC 15417."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby

# fmt: off
_WIDTHS = [
    "212222", "222122", "222221", "121223", "121322", "131222", "122213", "122312", "132212", "221213", "221312",
    "231212", "112232", "122132", "122231", "113222", "123122", "123221", "223211", "221132", "221231", "213212",
    "223112", "312131", "311222", "321122", "321221", "312212", "322112", "322211", "212123", "212321", "232121",
    "111323", "131123", "131321", "112313", "132113", "132311", "211313", "231113", "231311", "112133", "112331",
    "132131", "113123", "113321", "133121", "313121", "211331", "231131", "213113", "213311", "213131", "311123",
    "311321", "331121", "312113", "312311", "332111", "314111", "221411", "431111", "111224", "111422", "121124",
    "121421", "141122", "141221", "112214", "112412", "122114", "122411", "142112", "142211", "241211", "221114",
    "413111", "241112", "134111", "111242", "121142", "121241", "114212", "124112", "124211", "411212", "421112",
    "421211", "212141", "214121", "412121", "111143", "111341", "131141", "114113", "114311", "411113", "411311",
    "113141", "114131", "311141", "411131", "211412", "211214", "211232",
]
# fmt: on
_STOP = "2331112"
_SETS = {103: "A", 104: "B", 105: "C"}
_SWITCH = {"A": {99: "C", 100: "B"}, "B": {99: "C", 101: "A"}, "C": {100: "B", 101: "A"}}


def decoded(modules: Sequence[bool]) -> str:
    """The text of a symbol given module by module, True for dark; AssertionError if it is none or its check is wrong."""
    runs = "".join(str(len(list(group))) for _, group in groupby(modules))
    assert runs.endswith(_STOP), runs
    body = runs[: -len(_STOP)]
    codes = [_WIDTHS.index(body[i : i + 6]) for i in range(0, len(body), 6)]
    start, *data, check = codes
    assert (start + sum(i * code for i, code in enumerate(data, start=1))) % 103 == check, "check digit"
    text, current = "", _SETS[start]
    for code in data:
        if code in _SWITCH[current]:
            current = _SWITCH[current][code]
        elif current == "C":
            text += f"{code:02d}"
        else:
            text += chr(code + 32)
    return text
