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
    """One hit.

    extra: further columns shown (spec, unit, stock …); values: what a picked row fills into its line or form; exact: the text asked for is
    its code or its barcode, wherever that is.
    """

    code: str
    name: str
    extra: tuple[str, ...] = ()
    values: Mapping[str, Any] = field(default_factory=dict)
    exact: bool = False

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
    """The row a typed text means: the one whose code or barcode it is, else the only hit; otherwise how many there are."""
    exact = exact_hits(text, hits)
    if len(exact) == 1:
        return exact[0]
    return hits[0] if len(hits) == 1 else len(exact) or len(hits)


def exact_hits(text: str, hits: Sequence[LookupRow]) -> list[LookupRow]:
    """The hits whose code or barcode a text is; with several of them only the clerk can tell."""
    return [hit for hit in hits if hit.exact or hit.code.casefold() == text.casefold()]


def miss_sentence(text: str, hits: Sequence[LookupRow], title: str) -> str:
    """Why a typed text was not taken, and the way out."""
    if same := len(exact_hits(text, hits)):
        return tr("“{text}”是 {count} 个{title}的编码或条码，请按 F7 选择", text=text, count=same, title=title)
    if count := len(hits):
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

    def scanned(self) -> LookupSource | None:
        """What barcode guns read, or None."""
        return next((source for source in self._sources.values() if source.scanned), None)
