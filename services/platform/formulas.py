"""Keeps text that looks like a formula text: an apostrophe before it on the way out, taken off on the way in."""

from __future__ import annotations

_SIGNS = "=+-@\t\r\n＝＋－＠"
_QUOTE = "'"


def looks_like_formula(text: str) -> bool:
    """Whether a spreadsheet program could take the text of a .csv cell for a formula."""
    return text[:1] in _SIGNS if text else False


def guarded(text: str) -> str:
    """The text with an apostrophe before it when it, or what follows its apostrophes, looks like a formula."""
    return _QUOTE + text if looks_like_formula(text.lstrip(_QUOTE)) else text


def escaped(text: str) -> str:
    """For machine exchange: only text that already starts like guarded text gets a further apostrophe."""
    return guarded(text) if text.startswith(_QUOTE) else text


def unguarded(text: str) -> str:
    """The text before it was guarded or escaped."""
    return text[1:] if text.startswith(_QUOTE) and looks_like_formula(text.lstrip(_QUOTE)) else text
