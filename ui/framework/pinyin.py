"""Pinyin of titles: 生产领料单 -> sclld, and its syllables; pypinyin is loaded on first use."""

from __future__ import annotations

from functools import lru_cache


@lru_cache(maxsize=4096)
def initials(text: str) -> str:
    """First letters of the pinyin of every character; letters and digits stay, anything else is dropped."""
    from pypinyin import Style, lazy_pinyin

    letters = "".join(lazy_pinyin(text, style=Style.FIRST_LETTER))
    return "".join(letter for letter in letters if letter.isalnum()).casefold()


@lru_cache(maxsize=4096)
def syllables(text: str) -> tuple[str, ...]:
    """The pinyin of every character, what is no Chinese as it stands: 生产BOM -> sheng, chan, bom."""
    from pypinyin import lazy_pinyin

    return tuple(part.casefold() for part in lazy_pinyin(text))


def spelled(text: str, typed: str) -> int:
    """The character at which a typed spelling begins in a text, -1 for nowhere: lingliao begins at 2 in 生产领料单."""
    parts = syllables(text)
    return next((at for at in range(len(parts)) if "".join(parts[at:]).startswith(typed)), -1)
