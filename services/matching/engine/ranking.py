"""Which items a pasted row may mean, best first, each with the reason."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from services.matching.engine.folding import bare, fold, overlap
from services.matching.engine.index import AliasIndex, Entry, ItemIndex

Level = Literal["sure", "doubtful", "none"]
CERTAIN = 0.9
SIMILAR_AT_MOST = 0.88
WORTH_SHOWING = 0.25
CONFLICT_SCORE = 0.7
SHOWN = 6
MANY = 12
"""a name that more items share says nothing by itself: resemblance of name and specification decides"""
_SHORTEST_SPEC = 3
_SHORTEST_BARCODE = 8


@dataclass(frozen=True, slots=True)
class Clues:
    """What a row says of its item; text is what a chat line says without a column."""

    code: str = ""
    part: str = ""
    barcode: str = ""
    name: str = ""
    spec: str = ""
    text: str = ""

    @property
    def keys(self) -> list[str]:
        """Texts under which a choice is looked up, most particular first; the first one is remembered."""
        whole = " ".join(part for part in (self.name, self.spec) if part)
        return [key for key in (self.part, self.code, self.barcode, whole, self.text) if key]

    @property
    def words(self) -> str:
        """Everything that may resemble an item's texts."""
        return " ".join(part for part in (self.name, self.spec, self.text, self.part, self.code) if part)


@dataclass(frozen=True, slots=True)
class Ranked:
    """A possible item: position in the index, score from 0 to 1, and why."""

    position: int
    score: float
    reason: str


def rank(clues: Clues, items: ItemIndex, aliases: AliasIndex, partner_id: int) -> list[Ranked]:
    """Possible items, best first; a code that contradicts the name beside it is put down to a doubt."""
    best: dict[int, Ranked] = {}
    for found in _evidence(clues, items, aliases, partner_id):
        known = best.get(found.position)
        if known is None or known.score < found.score:
            best[found.position] = found
    best = {at: _doubted(found, clues, items.entries[at]) for at, found in best.items()}
    if any(found.reason == "contradicted" for found in best.values()):
        best = {at: _disputed(found) for at, found in best.items()}
    if max((found.score for found in best.values()), default=0.0) < CERTAIN or _contested(best):
        for at, share in items.similar(clues.words):
            score = round(share * SIMILAR_AT_MOST, 4)
            if score >= WORTH_SHOWING and (at not in best or best[at].score < score):
                best[at] = Ranked(at, score, "similar")
    ranked = sorted(best.values(), key=lambda found: (-found.score, items.entries[found.position].code))
    return ranked[:SHOWN]


def level_of(ranked: Sequence[Ranked]) -> Level:
    """Sure when one item stands out with an exact reason; doubtful when the clerk must look; none without candidates."""
    if not ranked:
        return "none"
    if ranked[0].score < CERTAIN:
        return "doubtful"
    alone = len(ranked) == 1 or ranked[1].score < CERTAIN or ranked[1].score <= ranked[0].score - 0.02
    return "sure" if alone else "doubtful"


def _contested(best: dict[int, Ranked]) -> bool:
    return level_of(sorted(best.values(), key=lambda found: -found.score)) != "sure"


def _evidence(clues: Clues, items: ItemIndex, aliases: AliasIndex, partner_id: int) -> Iterator[Ranked]:
    yield from _remembered(clues, items, aliases, partner_id)
    pieces = [piece for piece in clues.text.split() if piece]
    for text in (clues.code, clues.part, *pieces):
        yield from _all(items.exact("code", fold(text)), 0.99, "code")
        yield from _one(items.exact("code_bare", bare(text)), 0.93, 0.8, "code_like")
    for text in (clues.barcode, clues.code, clues.part, *pieces):
        if len(text) >= _SHORTEST_BARCODE:
            yield from _one(items.exact("barcode", fold(text)), 0.98, 0.85, "barcode")
    for whole in (clues.name + clues.spec, clues.text):
        yield from _one(items.exact("whole", bare(whole)), 0.97, 0.86, "name_spec")
    yield from _named(clues, items)
    # A column without a title that holds nothing but letters is taken for specifications.
    for text in (clues.code, clues.part, clues.name, clues.text, "" if clues.name else clues.spec):
        plain = bare(text)
        if plain.isascii() and len(plain) > 1:
            yield from _one(items.exact("pinyin", plain), 0.84, 0.8, "pinyin")


def _remembered(clues: Clues, items: ItemIndex, aliases: AliasIndex, partner_id: int) -> Iterator[Ranked]:
    for key in clues.keys:
        for alias in aliases.of(key):
            at = items.by_id.get(alias.item_id)
            if at is None:
                continue
            if alias.partner_id == partner_id and partner_id:
                yield Ranked(at, 1.0, "remembered")
            elif not alias.partner_id:
                yield Ranked(at, 0.96, "alias")
            else:
                yield Ranked(at, 0.85, "alias_elsewhere")


def _named(clues: Clues, items: ItemIndex) -> Iterator[Ranked]:
    for spec in (clues.spec, clues.part, clues.text):
        plain = bare(spec)
        if len(plain) >= _SHORTEST_SPEC:
            yield from _one(items.exact("spec", plain), 0.92, 0.78, "spec")
    for name in (clues.name, clues.text):
        found = items.exact("name", bare(name))
        if len(found) > MANY:
            continue
        sure = len(found) == 1 and (not clues.spec or overlap(clues.spec, items.entries[found[0]].spec) > 0)
        for at in found:
            share = overlap(clues.spec, items.entries[at].spec) if clues.spec else 0.0
            yield Ranked(at, 0.93 if sure else 0.78 + 0.1 * share, "name")


def _all(found: Sequence[int], score: float, reason: str) -> Iterator[Ranked]:
    for at in found:
        yield Ranked(at, score, reason)


def _one(found: Sequence[int], alone: float, among: float, reason: str) -> Iterator[Ranked]:
    yield from _all(found[:MANY], alone if len(found) == 1 else among, reason)


def _doubted(found: Ranked, clues: Clues, entry: Entry) -> Ranked:
    """A code or barcode beside a name or spec that is quite another item's is no certainty."""
    if found.reason not in ("code", "code_like", "barcode", "spec") or found.score < CERTAIN:
        return found
    told = f"{clues.name} {clues.spec}".strip() if found.reason != "spec" else clues.name
    known = f"{entry.name} {entry.spec}" if found.reason != "spec" else entry.name
    if told and overlap(told, known) == 0:
        return Ranked(found.position, CONFLICT_SCORE, "contradicted")
    both = bare(clues.spec) and bare(entry.spec)
    if both and found.reason != "spec" and overlap(clues.spec, entry.spec) < 0.34:
        return Ranked(found.position, CONFLICT_SCORE, "contradicted")
    return found


def _disputed(found: Ranked) -> Ranked:
    """Where the cells of a row contradict each other only a remembered choice is certain."""
    if found.reason == "remembered" or found.score < CERTAIN:
        return found
    return Ranked(found.position, SIMILAR_AT_MOST, found.reason)
