"""What a look-up is asked and what it answers."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from PySide6.QtWidgets import QWidget

from ui.framework.texts import tr

Create = Callable[[QWidget, str, Callable[[str], object]], object]


@dataclass(frozen=True, slots=True)
class LookupRow:
    """One hit. extra: further columns shown (spec, unit, stock …); values: what a picked row fills into its line or form."""

    code: str
    name: str
    extra: tuple[str, ...] = ()
    values: Mapping[str, Any] = field(default_factory=dict)

    def value(self, key: str) -> Any:
        """The value to fill for a key; "code" and "name" are known without being in values."""
        if key in self.values:
            return self.values[key]
        return {"code": self.code, "name": self.name}.get(key)


@dataclass(frozen=True, slots=True)
class LookupSource:
    """Where codes come from. search(text, limit) runs on a reading thread; an exact code match must come first.

    titles: headers of code, name and the extra columns. create(parent, text, done): opens the form of a new record over parent and calls
    done(code) once it is saved; None where the user may not. taken(row): told of every choice, so that the next search knows it.
    scanned: what barcode guns read, so that a code scanned into a number goes to this column.
    """

    title: str
    search: Callable[[str, int], Sequence[LookupRow]]
    titles: tuple[str, ...] = ("编码", "名称")
    create: Create | None = None
    taken: Callable[[LookupRow], object] | None = None
    scanned: bool = False


def hit_of(text: str, hits: Sequence[LookupRow]) -> LookupRow | int:
    """The row a typed text means: the exact code, else the only hit; otherwise how many there are."""
    for hit in hits:
        if hit.code.casefold() == text.casefold():
            return hit
    return hits[0] if len(hits) == 1 else len(hits)


def miss_sentence(text: str, count: int, title: str) -> str:
    """Why a typed text was not taken, and the way out."""
    if count:
        return tr("“{text}”有 {count} 个相近的，请按 F7 选择", text=text, count=count)
    return tr("没有编码、名称或拼音是“{text}”的{title}，请按 F7 选择", text=text, title=title)


class Lookups:
    """Look-up sources by name ("item", "customer" …); areas register them, columns and fields name them."""

    def __init__(self) -> None:
        self._sources: dict[str, LookupSource] = {}

    def register(self, name: str, source: LookupSource) -> None:
        """Adds or replaces a source."""
        self._sources[name] = source

    def get(self, name: str) -> LookupSource | None:
        """The source of that name, or None."""
        return self._sources.get(name)
