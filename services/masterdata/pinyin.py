"""Pinyin initials and full pinyin of a name, for search."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

_PHRASES_UP_TO = 300


def search_keys(names: Sequence[str]) -> list[str]:
    """For each name "initials full": 螺丝 -> "ls luosi". Few names are read as phrases, many character by character."""
    if not any(ord(char) > 0x2E80 for name in names for char in name):
        return ["" for _ in names]
    if len(names) <= _PHRASES_UP_TO:
        from pypinyin import lazy_pinyin

        return [_joined(lazy_pinyin(name)) if name else "" for name in names]
    return [_joined([_character(char) for char in name]) for name in names]


def _joined(parts: Sequence[str]) -> str:
    initials = "".join(part[0] for part in parts if part.strip())
    return f"{initials} {''.join(parts)}".lower().strip()


@cache
def _character(char: str) -> str:
    if ord(char) <= 0x2E80:
        return char
    from pypinyin import lazy_pinyin

    return str(lazy_pinyin(char)[0])
