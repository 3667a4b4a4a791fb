"""Chinese is the source of every window text; another language is a dictionary looked up when a text is shown."""

from __future__ import annotations

from collections.abc import Mapping

from services.platform.api import SOURCE, words_of

__all__ = ["SOURCE", "tr", "use_words", "words_of"]

_words: dict[str, str] = {}


def use_words(words: Mapping[str, str]) -> None:
    """Shows texts in another language from now on: words maps the Chinese text to its translation; empty = Chinese."""
    _words.clear()
    _words.update(words)


def tr(text: str, /, **args: object) -> str:
    """The text as shown, its {name} places filled. Declared titles stay Chinese and pass through here when painted."""
    shown = _words.get(text, text)
    return shown.format(**args) if args else shown
