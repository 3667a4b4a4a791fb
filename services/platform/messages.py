"""Sentences for problems, from resources/messages, in Chinese or English."""

from __future__ import annotations

import datetime as dt
import json
from decimal import Decimal
from functools import cache
from pathlib import Path

from models.kernel.numbers import plain
from models.kernel.problems import Place, Problem
from services.platform.tongues import Tongue

FOLDER = Path(__file__).resolve().parents[2] / "resources" / "messages"


@cache
def catalogue(lang: str) -> dict[str, str]:
    """Every sentence of a language by its code."""
    made: dict[str, str] = {}
    for file in sorted((FOLDER / lang).glob("*.json")):
        made.update(json.loads(file.read_text(encoding="utf-8")))
    return made


def text(code: str, /, lang: str = "zh", **args: object) -> str:
    """The sentence of a code with its numbers filled in; an unknown code shows itself.

    What the program itself put among the arguments (a document type, the words of a vocabulary) is said in the language too.
    """
    pattern = catalogue(lang).get(code, code)
    tongue = Tongue(lang)
    return pattern.format_map(_Shown({key: _said(shown(value), tongue) for key, value in args.items()}))


def sentence(problem: Problem, lang: str = "zh") -> str:
    """Place and sentence of a problem: "items, 3, unit: …" for a sheet, "SCLL-… 第3行: …" for a document."""
    where = place(problem.place, lang)
    body = text(problem.code, lang, **dict(problem.args))
    return f"{where}: {body}" if where else body


def place(where: Place, lang: str = "zh") -> str:
    """How a place is written before a sentence."""
    if where.sheet:
        return ", ".join(str(part) for part in (where.sheet, where.row or "", where.column) if part != "")
    parts = [Tongue(lang)(where.document)] if where.document else []
    if where.line:
        parts.append(f"第{where.line}行" if lang == "zh" else f"line {where.line}")
    return " ".join(parts)


def _said(text: str, tongue: Tongue) -> str:
    """A word, or a list of words with their keys before them, in a language; anything else as it is."""
    if tongue.chinese or text.isascii():
        return text
    whole = tongue(text)
    if whole == text and "、" in text:
        return tongue.comma.join(_part(part, tongue) for part in text.split("、"))
    return whole if whole != text else _part(text, tongue)


def _part(text: str, tongue: Tongue) -> str:
    """A word, or a key and its word: mts 备货生产 is "mts (Make to stock)", yes 是 is "yes"."""
    key, _, word = text.partition(" ")
    said = tongue(word) if word else word
    if said == word:
        return tongue(text)
    return key if said.casefold() == key else f"{key} ({said})"


class _Shown(dict[str, str]):
    def __missing__(self, key: str) -> str:
        return "…"


def shown(value: object) -> str:
    """A value as sentences write it: plain digits, ISO dates."""
    if isinstance(value, Decimal):
        return plain(value)
    if isinstance(value, dt.date):
        return value.isoformat()
    return str(value)
