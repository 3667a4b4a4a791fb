"""Look-up of records while typing: an index in memory of each kind, kept up to date from the audit chain (50 ms a key at 50,000 items)."""

from __future__ import annotations

import threading
import unicodedata
import weakref
from bisect import bisect_left
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from heapq import nsmallest
from typing import Any

from sqlalchemy import Connection, Engine, func, select

from models.masterdata.tables import item, unit
from models.platform.tables import audit_event
from services.ledgers.facts import chunked
from services.masterdata.kinds import KINDS
from services.masterdata.pinyin import all_readings, search_keys

_WATCHED = {"items": ("items", "units"), "partners": ("customers", "suppliers")}
_RELOAD_ABOVE = 500
_RANKED = 2000
_LAST = chr(0x10FFFF)
_SEPARATOR = "\n"
_TIMES = str.maketrans("×*", "xx")
EXACT, USED, STARTS, INITIALS, NAME, CODE, PINYIN, ELSEWHERE = range(8)


@dataclass(frozen=True, slots=True)
class Entry:
    """A record as it is looked for: texts folded, and what a hit shows."""

    id: int
    code: str
    name: str
    spec: str
    unit: str
    extra: str
    decimals: int
    kind: str
    keys: tuple[str, str, str, str, str]
    """code, name, spec, barcode, pinyin ("initials full", of each way to read it), folded"""


@dataclass(frozen=True, slots=True)
class _Shelf:
    """One kind's entries as of an audit event; replaced as a whole, so that readers need no lock."""

    seq: int
    last_id: int
    entries: tuple[Entry, ...]
    haystacks: tuple[str, ...]


_shelves: weakref.WeakKeyDictionary[Engine, dict[str, _Shelf]] = weakref.WeakKeyDictionary()
_lock = threading.Lock()


def find(
    conn: Connection,
    kind: str,
    text: str,
    limit: int,
    *,
    item_kinds: Collection[str] = (),
    used: Mapping[str, int] | None = None,
) -> list[Entry]:
    """The best entries for a typed text; every word of it must be found somewhere.

    Order: the exact code or barcode, what this user took before (most often first), codes that start so, names by initials, full pinyin or
    characters from their beginning, then anywhere in name, code, pinyin, spec. used: code -> how often he took it.
    """
    shelf = _shelf(conn, kind)
    words = folded(text).split()
    counts = used or {}
    places = _containing(shelf, words)
    if item_kinds:
        places = [i for i in places if shelf.entries[i].kind in item_kinds]
    if not words:
        ranked = [(-counts.get(shelf.entries[i].code, 0), shelf.entries[i].code, i) for i in places]
        return [shelf.entries[i] for _, _, i in nsmallest(limit, ranked)]
    whole = " ".join(words)
    if len(places) > _RANKED:
        places = _likely(shelf, places, words[0], counts)
    order = [(*_rank(shelf.entries[i], words[0], whole, counts), i) for i in places]
    return [shelf.entries[place[-1]] for place in nsmallest(limit, order)]


def is_exact(entry: Entry, text: str) -> bool:
    """Whether a typed or scanned text is the entry's code or barcode, not a part of them."""
    whole = " ".join(folded(text).split())
    return bool(whole) and whole in (entry.keys[0], entry.keys[3])


def _containing(shelf: _Shelf, words: Sequence[str]) -> Sequence[int]:
    if not words:
        return range(len(shelf.entries))
    found: Iterable[int] = range(len(shelf.entries))
    haystacks = shelf.haystacks
    for word in sorted(words, key=len, reverse=True):
        found = [i for i in found if word in haystacks[i]]
    return list(found)


def _likely(shelf: _Shelf, places: Sequence[int], word: str, counts: Mapping[str, int]) -> list[int]:
    """Of very many places (one letter typed) those worth ranking: codes that start so, what was taken before, and the first ones."""
    first = bisect_left(shelf.entries, word, key=_folded_code)
    last = bisect_left(shelf.entries, word + _LAST, lo=first, key=_folded_code)
    wanted = {i for i in places if shelf.entries[i].code in counts} if counts else set()
    return sorted({*places[:_RANKED], *wanted, *set(range(first, min(last, first + _RANKED))).intersection(places)})


def _folded_code(entry: Entry) -> str:
    return entry.keys[0]


def _rank(entry: Entry, word: str, whole: str, counts: Mapping[str, int]) -> tuple[int, int, int, int, str]:
    code, name, spec, barcode, pinyin = entry.keys
    if whole in (code, barcode):
        return EXACT, 0, 0, 0, code
    if code.startswith(word):
        step = STARTS
    elif name.startswith(word) or pinyin.startswith(word) or f" {word}" in pinyin:
        step = INITIALS
    elif word in name:
        step = NAME
    elif word in code:
        step = CODE
    else:
        step = PINYIN if word in pinyin else ELSEWHERE
    count = counts.get(entry.code, 0)
    # A name that is the word and little else is meant before one that begins with it.
    return USED if count else step, -count, step, len(name) * 100 + len(spec), code


def _shelf(conn: Connection, kind: str) -> _Shelf:
    """The kind's entries, brought up to date with what this reader can see."""
    table = KINDS[kind].table
    engine = conn.engine
    stamp = conn.execute(select(func.coalesce(func.max(audit_event.c.seq), 0))).scalar_one()
    last_id = conn.execute(select(func.coalesce(func.max(table.c.id), 0))).scalar_one()
    with _lock:
        shelf = _shelves.setdefault(engine, {}).get(kind)
        if shelf is not None and shelf.seq == stamp and shelf.last_id == last_id:
            return shelf
        if shelf is None or shelf.seq > stamp or shelf.last_id > last_id:
            made = _stocked(_read(conn, kind), stamp, last_id)
        else:
            made = _renewed(conn, kind, shelf, stamp, last_id)
        _shelves[engine][kind] = made
        return made


def _renewed(conn: Connection, kind: str, shelf: _Shelf, stamp: int, last_id: int) -> _Shelf:
    """The shelf with the records that changed since read again."""
    a = audit_event.c
    watched = _WATCHED.get(kind, (kind,))
    query = select(a.entity, a.entity_id).where(a.seq > shelf.seq, a.entity.in_(watched)).distinct()
    events = conn.execute(query.limit(_RELOAD_ABOVE + 1)).all()
    other = any(row.entity != kind for row in events)
    if not events and shelf.last_id == last_id:
        return _Shelf(stamp, last_id, shelf.entries, shelf.haystacks)
    if other or not events or len(events) > _RELOAD_ABOVE or any(not row.entity_id for row in events):
        return _stocked(_read(conn, kind), stamp, last_id)
    ids = {row.entity_id for row in events}
    kept = [entry for entry in shelf.entries if entry.id not in ids]
    return _stocked([*kept, *_read(conn, kind, ids)], stamp, last_id)


def _stocked(entries: Iterable[Entry], stamp: int, last_id: int) -> _Shelf:
    ordered = tuple(sorted(entries, key=_folded_code))
    return _Shelf(stamp, last_id, ordered, tuple(_SEPARATOR.join(entry.keys) for entry in ordered))


def _read(conn: Connection, kind: str, ids: Collection[int] | None = None) -> list[Entry]:
    declared = KINDS[kind]
    table = declared.table
    query: Any
    if kind == "items":
        columns = (item.c.id, item.c.code, item.c.name, item.c.spec, unit.c.code.label("unit"), unit.c.decimals,
                   item.c.kind, item.c.barcode, item.c.pinyin)  # fmt: skip
        query = select(*columns).join_from(item, unit, unit.c.id == item.c.unit_id)
    else:
        query = select(table)
    query = query.where(*(table.c[column] == value for column, value in declared.fixed.items()))
    rows: list[Mapping[Any, Any]] = []
    if ids is None:
        rows += conn.execute(query).mappings()
    else:
        for keys in chunked(sorted(ids)):
            rows += conn.execute(query.where(table.c.id.in_(keys))).mappings()
    # What has no column for it (partners, stores) is few enough to be read here.
    stored = "pinyin" in table.c
    names = [str(row.get("name") or "") for row in rows]
    if stored:
        sounds = [all_readings(name, str(row["pinyin"])) for name, row in zip(names, rows, strict=True)]
    else:
        sounds = search_keys(names)
    return [_entry(row, sound) for row, sound in zip(rows, sounds, strict=True)]


def folded(text: str) -> str:
    """A text as it is compared: small letters, full-width characters made narrow, × and * written x (M3×10, M3*10)."""
    return unicodedata.normalize("NFKC", text).casefold().translate(_TIMES)


def _entry(row: Mapping[Any, Any], sound: str) -> Entry:
    texts = [str(row.get(key) or "") for key in ("code", "name", "spec", "barcode")]
    code, name, spec, barcode, pinyin = (folded(text) for text in (*texts, sound))
    extra = str(row.get("phone") or row.get("kind") or "") if "unit" not in row else ""
    return Entry(
        row["id"], texts[0], texts[1], texts[2], str(row.get("unit") or ""), extra, row.get("decimals") or 0,
        str(row.get("kind") or ""), (code, name, spec, barcode, pinyin),
    )  # fmt: skip
