"""The bundled Chinese font: widths, line breaking, and the characters it lacks."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from functools import lru_cache
from pathlib import Path

from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont

REGULAR = "Gongfang"
BOLD = "Gongfang-Bold"
STAND_IN = "〓"

_FONTS = Path(__file__).resolve().parents[2] / "resources" / "fonts"
_FILES = {REGULAR: "NotoSansSC-Regular-subset.ttf", BOLD: "NotoSansSC-Bold-subset.ttf"}

_OPENING = "（《〈「『【〔“‘￥ΦφØ±≥≤≈"
_CLOSING = "，。、；：！？）》〉」』】〕”’％℃°²³㎡"
_WORDS = re.compile(rf"\s+|[{_OPENING}]*(?:[!-~×]+|[^\s])[{_CLOSING}]*")
_PIECES = re.compile(rf"\s+|[{_OPENING}]*(?:[!-,.0-~×]+[-/]?|[-/]|[^\s])[{_CLOSING}]*")


@lru_cache(maxsize=1)
def _glyphs() -> frozenset[int]:
    """Code points that both weights have; the fonts are registered with reportlab on the first call."""
    found: frozenset[int] | None = None
    for name, file in _FILES.items():
        font = TTFont(name, str(_FONTS / file))
        pdfmetrics.registerFont(font)
        points = frozenset(font.face.charToGlyph)
        found = points if found is None else found & points
    return found or frozenset()


def cleaned(text: str) -> str:
    """Text as it can be printed: composed, tabs as spaces, without control and zero-width characters."""
    if text.isascii() and text.isprintable():
        return text
    composed = unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\t", " "))
    return "".join(char for char in composed if char == "\n" or unicodedata.category(char) not in ("Cc", "Cf"))


def missing_characters(texts: Iterable[str]) -> tuple[str, ...]:
    """Characters of the texts that the font lacks, each once, in code order."""
    glyphs = _glyphs()
    return tuple(sorted(char for char in set(cleaned("".join(texts))) if char != "\n" and ord(char) not in glyphs))


def lacking(named: Iterable[tuple[str, Iterable[str]]]) -> dict[str, tuple[str, ...]]:
    """The names whose texts have characters that the font lacks, with these characters."""
    found: dict[str, tuple[str, ...]] = {}
    for name, texts in named:
        missing = missing_characters(texts)
        if missing:
            found[name] = tuple(sorted({*found.get(name, ()), *missing}))
    return found


@lru_cache(maxsize=16384)
def printable(text: str) -> str:
    """Cleaned text with 〓 in place of every character that the font lacks."""
    glyphs = _glyphs()
    return "".join(char if char == "\n" or ord(char) in glyphs else STAND_IN for char in cleaned(text))


@lru_cache(maxsize=65536)
def _width_at_100(text: str, name: str) -> float:
    _glyphs()
    return float(pdfmetrics.stringWidth(text, name, 100))


def width(text: str, size: float, *, bold: bool = False) -> float:
    """Width of a line in points."""
    return _width_at_100(text, BOLD if bold else REGULAR) * size / 100


def wrapped(text: str, room: float, size: float, *, bold: bool = False) -> tuple[str, ...]:
    """Lines no wider than room (points).

    Breaks between Chinese characters, keeps codes, numbers and signs before numbers whole where they fit, begins no line
    with a closing mark; a word wider than room is broken after - and /, else anywhere.
    """
    lines: list[str] = []
    for paragraph in text.split("\n"):
        if width(paragraph, size, bold=bold) <= room:
            lines.append(paragraph)
        else:
            lines.extend(_filled(paragraph, room, size, bold=bold))
    return tuple(lines)


def _filled(paragraph: str, room: float, size: float, *, bold: bool) -> list[str]:
    lines: list[str] = []
    line = ""
    for piece in _pieces(paragraph, room, size, bold=bold):
        if width(line + piece, size, bold=bold) <= room:
            line += piece
            continue
        if line.strip():
            lines.append(line.rstrip())
        line = "" if piece.isspace() else piece
        while width(line, size, bold=bold) > room and len(line) > 1:
            fitting = _fitting(line, room, size, bold=bold)
            lines.append(line[:fitting])
            line = line[fitting:]
    if line.strip():
        lines.append(line.rstrip())
    return lines


def _pieces(paragraph: str, room: float, size: float, *, bold: bool) -> Iterator[str]:
    """What stays whole: words, and the parts of words that no line holds."""
    for word in _WORDS.findall(paragraph):
        if width(word, size, bold=bold) <= room:
            yield word
        else:
            yield from _PIECES.findall(word)


def _fitting(line: str, room: float, size: float, *, bold: bool) -> int:
    count = 1
    while count < len(line) and width(line[: count + 1], size, bold=bold) <= room:
        count += 1
    return count
