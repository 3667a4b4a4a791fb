"""Colours by meaning, light and dark; a tone is always shown together with an icon or a word."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final, Literal

from PySide6.QtGui import QColor

Tone = Literal["", "danger", "warn", "ok", "muted", "info", "accent"]


@dataclass(frozen=True, slots=True)
class Colors:
    """One colour scheme, as #rrggbb.

    window: frame; base: fields and grids; faint: lesser words; disabled: what cannot be pressed; tones: text colour by meaning;
    tints: its pale ground; bars: filled part of a bar.
    """

    dark: bool
    window: str
    base: str
    alternate: str
    panel: str
    text: str
    faint: str
    disabled: str
    border: str
    grid: str
    accent: str
    accent_text: str
    selection: str
    selection_text: str
    editable: str
    tones: dict[str, str] = field(default_factory=dict)
    tints: dict[str, str] = field(default_factory=dict)
    bars: dict[str, str] = field(default_factory=dict)


LIGHT: Final = Colors(
    dark=False,
    window="#f3f4f6",
    base="#ffffff",
    alternate="#f8fafc",
    panel="#e9ecf0",
    text="#1c2430",
    faint="#5f6977",
    disabled="#828c98",
    border="#c9d0d8",
    grid="#e2e6eb",
    accent="#1f5fa8",
    accent_text="#ffffff",
    selection="#cfe2f7",
    selection_text="#10243c",
    editable="#fffdf2",
    tones={
        "danger": "#b3261e",
        "warn": "#a85500",
        "ok": "#1a7338",
        "muted": "#5f6977",
        "info": "#1f5fa8",
        "accent": "#6a3ea1",
    },
    tints={
        "danger": "#fdecea",
        "warn": "#fff3e0",
        "ok": "#e7f5ea",
        "muted": "#eef0f3",
        "info": "#e6f0fa",
        "accent": "#f1eaf8",
    },
    bars={"info": "#a9cbee", "ok": "#a5d8b1", "warn": "#f3c98f", "danger": "#efaaa4", "muted": "#d4d9df"},
)

DARK: Final = Colors(
    dark=True,
    window="#23272e",
    base="#1b1f25",
    alternate="#20252c",
    panel="#2b3038",
    text="#e3e7ec",
    faint="#98a3b0",
    disabled="#7a8491",
    border="#434b56",
    grid="#2f353d",
    accent="#5b9de0",
    accent_text="#0d1620",
    selection="#2d4f76",
    selection_text="#f4f8fc",
    editable="#262620",
    tones={
        "danger": "#ff8a80",
        "warn": "#ffb74d",
        "ok": "#7bd492",
        "muted": "#98a3b0",
        "info": "#82b8f0",
        "accent": "#c4a3ec",
    },
    tints={
        "danger": "#45262a",
        "warn": "#43331f",
        "ok": "#21392a",
        "muted": "#2d333b",
        "info": "#23374d",
        "accent": "#36294a",
    },
    bars={"info": "#2f5f94", "ok": "#2f6b40", "warn": "#7d5a22", "danger": "#83373a", "muted": "#434b56"},
)

_in_use: list[Colors] = [LIGHT]
_cache: dict[str, QColor] = {}


def current() -> Colors:
    """The scheme in use."""
    return _in_use[0]


def use(colors: Colors) -> None:
    """Switches the scheme; the caller repaints (see ui.shell.theme.apply_theme)."""
    _in_use[0] = colors


def color(name: str) -> QColor:
    """The QColor of a #rrggbb text, made once."""
    found = _cache.get(name)
    if found is None:
        found = _cache[name] = QColor(name)
    return found


def tone_color(tone: str) -> QColor:
    """Text colour of a tone in the current scheme; the plain text colour for ''."""
    scheme = current()
    return color(scheme.tones.get(tone, scheme.text))


def tone_tint(tone: str) -> QColor:
    """Ground colour of a tone in the current scheme; the base colour for ''."""
    scheme = current()
    return color(scheme.tints.get(tone, scheme.base))
