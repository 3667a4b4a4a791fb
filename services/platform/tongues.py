"""Chinese is the source of every text; another language is a dictionary looked up when a text is shown or printed."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Final

SOURCE: Final = "zh"
LANGUAGES: Final[Mapping[str, str]] = MappingProxyType({"zh": "中文", "en": "英文"})
SIGNER: Final = "签字："
"""before a word in resources/words: what it says where somebody signs"""
PAGE: Final = "页面："
"""before a word in resources/words: what it says as the title of a page with many of them"""
DEED: Final = "记录："
"""before a word in resources/words: what it says where a history tells what somebody did"""
_PLURAL: Final = re.compile(r"(\{(\w+)\}[^{}\[\]]*)\[(\w+)\]")
FOLDER: Final = Path(__file__).resolve().parents[2] / "resources" / "words"


@cache
def words_of(language: str) -> Mapping[str, str]:
    """Chinese text -> its translation, from resources/words; the source language needs none."""
    if language == SOURCE:
        return MappingProxyType({})
    found: dict[str, str] = json.loads((FOLDER / f"{language}.json").read_text(encoding="utf-8"))
    return MappingProxyType(found)


@dataclass(frozen=True, slots=True)
class Tongue:
    """A language to speak: called with a Chinese text it gives the text as shown, its {name} places filled.

    A text that is no word of the program (a company, an item, what a clerk named himself) comes back as it is.
    """

    language: str = SOURCE

    def __call__(self, text: str, /, **args: object) -> str:
        """The text in this language."""
        shown = words_of(self.language).get(text, text)
        return _counted(shown, args).format(**args) if args else shown

    def signer(self, label: str) -> str:
        """Whose place to sign it is: 审核 is a verb on a button, but "Approved by" below a form."""
        return words_of(self.language).get(SIGNER + label) or self(label)

    def page(self, title: str) -> str:
        """What a page with many of a kind is called: 客户 is a customer in a field, "Customers" in the navigation."""
        return words_of(self.language).get(PAGE + title) or self(title)

    def deed(self, verb: str) -> str:
        """What somebody did, in a history: 审核 is "Approve" on a button, but "approved" in a record of it."""
        return words_of(self.language).get(DEED + verb) or self(verb)

    @property
    def chinese(self) -> bool:
        """Whether it is the source itself."""
        return self.language == SOURCE

    @property
    def comma(self) -> str:
        """What stands between the parts of a list."""
        return self.mark("、")

    def mark(self, chinese: str) -> str:
        """A Chinese mark between parts (、 ， ；) as the language sets it."""
        return chinese if self.chinese else "; " if chinese == "；" else ", "


def _counted(text: str, args: Mapping[str, object]) -> str:
    """A text for its numbers: "{count} line[s]" has the s unless count is 1."""
    if "[" not in text:
        return text
    return _PLURAL.sub(lambda found: found[1] + ("" if str(args.get(found[2])) == "1" else found[3]), text)


CHINESE: Final = Tongue()
TRANSLATIONS: Final = tuple(Tongue(language) for language in LANGUAGES if language != SOURCE)
