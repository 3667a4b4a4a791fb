"""Chinese is the source of every window text; another language is a dictionary looked up when a text is shown."""

from __future__ import annotations

from collections.abc import Iterable

from services.platform.api import SOURCE, Tongue, words_of

__all__ = ["SOURCE", "deed", "language", "listed", "page_title", "signer", "tr", "use_language", "words_of"]

_spoken = [Tongue(SOURCE)]


def use_language(language: str) -> None:
    """Shows texts in a language from now on."""
    _spoken[0] = Tongue(language)


def language() -> str:
    """The language that texts are shown in."""
    return _spoken[0].language


def tr(text: str, /, **args: object) -> str:
    """The text as shown, its {name} places filled. Declared titles stay Chinese and pass through here when painted."""
    return _spoken[0](text, **args)


def page_title(title: str) -> str:
    """The title of a page with many of a kind: the plural where a language has one."""
    return _spoken[0].page(title)


def listed(parts: Iterable[str], mark: str = "、") -> str:
    """The parts one after the other, the Chinese mark between them as the language sets it."""
    return _spoken[0].mark(mark).join(parts)


def signer(label: str) -> str:
    """Whose place to sign it is, as it is printed below a form."""
    return _spoken[0].signer(label)


def deed(verb: str) -> str:
    """What somebody did, as a history tells it."""
    return _spoken[0].deed(verb)
