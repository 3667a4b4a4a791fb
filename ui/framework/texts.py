"""Chinese is the source of every window text; another language is a dictionary looked up when a text is shown."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Final

SOURCE: Final = "zh"
FOLDER: Final = Path(__file__).resolve().parents[2] / "resources" / "words"

_words: dict[str, str] = {}


def words_of(language: str) -> dict[str, str]:
    """Chinese text -> its translation, from resources/words; the source language needs none."""
    if language == SOURCE:
        return {}
    found: dict[str, str] = json.loads((FOLDER / f"{language}.json").read_text(encoding="utf-8"))
    return found


def use_words(words: Mapping[str, str]) -> None:
    """Shows texts in another language from now on: words maps the Chinese text to its translation; empty = Chinese."""
    _words.clear()
    _words.update(words)


def tr(text: str, /, **args: object) -> str:
    """The text as shown, its {name} places filled. Declared titles stay Chinese and pass through here when painted."""
    shown = _words.get(text, text)
    return shown.format(**args) if args else shown
