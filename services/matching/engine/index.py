"""The items of a book in memory: found exactly by what they are called, or by how much a text resembles them."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from services.matching.engine.folding import bare, fold, grams

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

QUERY_SHARE = 0.8
"""how much the pasted text counts in a resemblance; the rest is the item's own text"""
NEAR_BEST = 0.4
"""what resembles the text less than this share of the best is not shown"""


@dataclass(frozen=True, slots=True)
class Entry:
    """An item as it is looked for; pinyin as stored: initials, a blank, all letters; so of each way to read it."""

    id: int
    code: str
    name: str
    spec: str
    barcode: str
    pinyin: str
    unit: str
    unit_name: str
    decimals: int


class ItemIndex:
    """Built once for a state of the items; positions are places in entries.

    Keys of `exact`: code, code_bare, barcode, name, spec, whole (name and spec), pinyin.
    """

    def __init__(self, entries: Iterable[Entry]) -> None:
        import numpy as np

        self.entries = list(entries)
        self.by_id = {entry.id: at for at, entry in enumerate(self.entries)}
        self._exact: dict[str, dict[str, list[int]]] = {
            key: defaultdict(list) for key in ("code", "code_bare", "barcode", "name", "spec", "whole", "pinyin")
        }
        postings: dict[str, list[int]] = defaultdict(list)
        spoken: dict[str, list[int]] = defaultdict(list)
        for at, entry in enumerate(self.entries):
            self._add_exact(at, entry)
            for gram in grams(f"{entry.name} {entry.spec} {entry.code}"):
                postings[gram].append(at)
            for word in entry.pinyin.split():
                spoken[f"={word}"].append(at)
        self._weights = {gram: math.log(1 + len(self.entries) / len(found)) for gram, found in postings.items()}
        self._postings: dict[str, NDArray[np.int32]] = {
            gram: np.array(found, dtype=np.int32) for gram, found in postings.items()
        }
        self._own: NDArray[np.float32] = np.zeros(len(self.entries), dtype=np.float32)
        for gram, places in self._postings.items():
            self._own[places] += self._weights[gram]
        for gram, found in spoken.items():
            if gram not in postings:
                self._weights[gram] = math.log(1 + len(self.entries) / len(found))
                self._postings[gram] = np.array(found, dtype=np.int32)

    def exact(self, key: str, text: str) -> Sequence[int]:
        """Positions of the items whose folded field equals the folded text."""
        return self._exact[key].get(text, ()) if text else ()

    def similar(self, text: str, limit: int = 8) -> list[tuple[int, float]]:
        """The items that resemble a text most, best first, with a share from 0 to 1; equal shares in code order."""
        import numpy as np

        wanted = grams(text)
        if not wanted or not self.entries:
            return []
        score: NDArray[np.float32] = np.zeros(len(self.entries), dtype=np.float32)
        rare = math.log(1 + len(self.entries))
        whole = 0.0
        for gram in wanted:
            weight = self._weights.get(gram, rare)
            whole += weight
            places = self._postings.get(gram)
            if places is not None:
                score[places] += weight
        if not score.any():
            return []
        score /= QUERY_SHARE * whole + (1 - QUERY_SHARE) * self._own
        near = np.flatnonzero(score > NEAR_BEST * score.max())
        if len(near) > limit:
            near = near[np.argpartition(-score[near], limit - 1)[:limit]]
        found = [(int(at), float(score[at])) for at in near]
        return sorted(found, key=lambda hit: (-hit[1], self.entries[hit[0]].code))

    def _add_exact(self, at: int, entry: Entry) -> None:
        name, spec, code = bare(entry.name), bare(entry.spec), fold(entry.code)
        keys = (
            ("code", code), ("code_bare", bare(code)), ("barcode", fold(entry.barcode)), ("name", name), ("spec", spec),
            ("whole", name + spec), *(("pinyin", word) for word in dict.fromkeys(entry.pinyin.split())),
        )  # fmt: skip
        for key, text in keys:
            if text:
                self._exact[key][text].append(at)


@dataclass(frozen=True, slots=True)
class Alias:
    """What somebody calls an item; partner 0: everybody."""

    text: str
    item_id: int
    partner_id: int
    uses: int = 0


class AliasIndex:
    """Aliases by folded text: the partner's own, everybody's, other partners'."""

    def __init__(self, aliases: Iterable[Alias]) -> None:
        self._by_text: dict[str, list[Alias]] = defaultdict(list)
        for alias in aliases:
            self._by_text[bare(alias.text)].append(alias)

    def of(self, text: str) -> Sequence[Alias]:
        """Aliases that read like the text, most used first."""
        return sorted(self._by_text.get(bare(text), ()), key=lambda alias: -alias.uses) if text else ()
