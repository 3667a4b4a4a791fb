"""Pinyin initials of titles: 生产领料单 -> sclld; pypinyin is loaded on first use."""

from __future__ import annotations

from functools import lru_cache


@lru_cache(maxsize=4096)
def initials(text: str) -> str:
    """First letters of the pinyin of every character; letters and digits stay, anything else is dropped."""
    from pypinyin import Style, lazy_pinyin

    letters = "".join(lazy_pinyin(text, style=Style.FIRST_LETTER))
    return "".join(letter for letter in letters if letter.isalnum()).casefold()
