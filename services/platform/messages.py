"""Sentences for problems, from resources/messages, in Chinese or English."""

from __future__ import annotations

import datetime as dt
import json
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Final

from models.kernel.numbers import plain
from models.kernel.problems import Place, Problem
from services.platform.tongues import Tongue

FOLDER = Path(__file__).resolve().parents[2] / "resources" / "messages"
WORD: Final = "word"
"""behind the name of a place in a sentence: there stands a word of the program, not data"""


@cache
def catalogue(lang: str) -> dict[str, str]:
    """Every sentence of a language by its code."""
    made: dict[str, str] = {}
    for file in sorted((FOLDER / lang).glob("*.json")):
        made.update(json.loads(file.read_text(encoding="utf-8")))
    return made


def text(code: str, /, lang: str = "zh", **args: object) -> str:
    """The sentence of a code with its numbers filled in; an unknown code shows itself.

    What fills it is data and stays as it was written. Where a place is marked, as in "{type:word}", a word of the program
    stands (a document type, the words of a vocabulary), which is said in the language too. A tuple is a list.
    """
    pattern = catalogue(lang).get(code, code)
    tongue = Tongue(lang)
    return pattern.format_map(_Places({key: _Filling(value, tongue) for key, value in args.items()}))


_LINE_WORDS = {
    (True, False): "第{line}行",
    (True, True): "材料第{line}行",
    (False, False): "line {line}",
    (False, True): "material line {line}",
}
"""a line before a sentence: Chinese or English, of the document itself or of its materials"""


def sentence(problem: Problem, lang: str = "zh") -> str:
    """Place and sentence of a problem: "items, 3, unit: …" for a sheet, "SCLL-… 第3行: …" for a document."""
    where = place(problem.place, lang)
    body = text(problem.code, lang, **dict(problem.args))
    return f"{where}: {body}" if where else body


def place(where: Place, lang: str = "zh") -> str:
    """How a place is written before a sentence."""
    if where.sheet:
        return ", ".join(str(part) for part in (where.sheet, where.row or "", where.column) if part != "")
    parts = [where.document or Tongue(lang)(where.type)] if where.document or where.type else []
    if where.line:
        word = _LINE_WORDS[lang == "zh", where.role == "material"]
        parts.append(word.format(line=where.line))
    return " ".join(parts)


@dataclass(frozen=True, slots=True)
class _Filling:
    """What fills a place of a sentence in a language; the mark of the place says whether it is a word of the program."""

    value: object
    tongue: Tongue

    def __format__(self, mark: str) -> str:
        parts = self.value if isinstance(self.value, tuple) else (self.value,)
        texts = [shown(part) for part in parts]
        return self.tongue.comma.join([_said(one, self.tongue) for one in texts] if mark == WORD else texts)


class _Places(dict[str, _Filling]):
    def __missing__(self, key: str) -> _Filling:
        return _Filling("…", Tongue())


def _said(text: str, tongue: Tongue) -> str:
    """A word of the program in a language.

    Behind its key: mts 备货生产 is "mts (Make to stock)", yes 是 is "yes". Behind another word: 销售订单 审核 is "Sales order: Approve".
    """
    first, _, second = text.partition(" ")
    if tongue.chinese or not second or tongue(text) != text:
        return tongue(text)
    said = tongue(second)
    if not first.isascii():
        return f"{tongue(first)}: {said}"
    return text if said == second else first if said.casefold() == first else f"{first} ({said})"


def shown(value: object) -> str:
    """A value as sentences write it: plain digits, ISO dates."""
    if isinstance(value, Decimal):
        return plain(value)
    if isinstance(value, dt.date):
        return value.isoformat()
    return str(value)
