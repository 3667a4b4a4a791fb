"""Texts as they are compared: without case, width, blanks and the many ways to write a times sign."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

_BLANKS = re.compile(r"[\s\u200b-\u200d\u2060\ufeff]+")
_TIMES = str.maketrans({"×": "x", "*": "x", "✕": "x", "Φ": "φ", "ø": "φ", "Ø": "φ", "⌀": "φ"})
_KEPT = re.compile(r"[^0-9a-zφω\u2e80-\u9fff\uf900-\ufaff]+")
_WORDS = re.compile(r"[0-9a-zφω]+(?:\.[0-9]+[a-z]*)*|[\u2e80-\u9fff\uf900-\ufaff]+")
_CHINESE = re.compile(r"[\u2e80-\u9fff\uf900-\ufaff]")


@lru_cache(maxsize=65536)
def fold(text: str) -> str:
    """A text without case, full width and blanks; times and diameter signs made alike: "Ｍ3 ×10" -> "m3x10"."""
    return _BLANKS.sub("", unicodedata.normalize("NFKC", text.translate(_TIMES)).casefold())


@lru_cache(maxsize=65536)
def bare(text: str) -> str:
    """Letters, digits and Chinese characters only: "RM-403/A" -> "rm403a"."""
    return _KEPT.sub("", fold(text))


def grams(text: str) -> set[str]:
    """What two texts are compared by: words of letters and digits with their pairs, Chinese characters and their pairs."""
    plain = _BLANKS.sub(" ", unicodedata.normalize("NFKC", text.translate(_TIMES)).casefold())
    made: set[str] = set()
    for word in _WORDS.findall(plain):
        made |= _grams_of(word)
    return made


@lru_cache(maxsize=65536)
def _grams_of(word: str) -> frozenset[str]:
    pairs = {word[at : at + 2] for at in range(len(word) - 1)}
    if is_chinese(word[0]):
        return frozenset(pairs | set(word))
    return frozenset({f"={word}"} | {f"~{pair}" for pair in pairs})


def is_chinese(character: str) -> bool:
    """Whether a character is a Chinese one."""
    return bool(_CHINESE.match(character))


def overlap(first: str, second: str) -> float:
    """Share of the smaller text's grams found in the other, 0 to 1; 1 when one is empty (nothing contradicts)."""
    one, two = grams(first), grams(second)
    if not one or not two:
        return 1.0
    return len(one & two) / min(len(one), len(two))
