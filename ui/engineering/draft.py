"""The bills of a tree while they are edited: lines are values, an edit replaces a bill's lines, nothing here is Qt."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from functools import cached_property, partial
from typing import Any, Final

from services.engineering.api import (
    BOM_STATES,
    FIRST_VERSION,
    MADE_KINDS,
    BomHead,
    BomLine,
    BomTree,
    ItemRow,
    LineDraft,
    VersionEdit,
)
from ui.framework.texts import tr

_keys = itertools.count(1)
ZERO: Final = Decimal(0)
ONE: Final = Decimal(1)
Lines = tuple["DraftLine", ...]
Step = Mapping[int, Lines]
"""new lines by the item whose bill they are"""


@dataclass(frozen=True, slots=True)
class DraftLine:
    """A line of a bill; text is the component as typed: a code, a name or pinyin. faults: field -> (typed, sentence)."""

    key: int = field(default_factory=lambda: next(_keys))
    text: str = ""
    numerator: Decimal = ONE
    denominator: Decimal = ONE
    scrap_rate: Decimal = ZERO
    scrap_fixed: Decimal = ZERO
    issue: str = "pick"
    skip_level: bool = False
    key_part: bool = False
    supplied_by: str = "own"
    warehouse_id: int | None = None
    position: str = ""
    valid_from: date | None = None
    valid_to: date | None = None
    note: str = ""
    faults: tuple[tuple[str, tuple[str, str]], ...] = ()

    @property
    def blank(self) -> bool:
        """Nothing typed yet."""
        return not self.text and not self.note and self.numerator == ONE and self.denominator == ONE

    def holds_on(self, day: date) -> bool:
        """Whether the line is valid on a day."""
        return (self.valid_from is None or self.valid_from <= day) and (self.valid_to is None or day <= self.valid_to)

    def fault(self, name: str) -> tuple[str, str] | None:
        """What was typed into a field and why it was not taken."""
        return dict(self.faults).get(name) if self.faults else None

    def with_fault(self, name: str, typed: str, sentence: str) -> DraftLine:
        """The line with a field marked."""
        kept = tuple(entry for entry in self.faults if entry[0] != name)
        return replace(self, faults=(*kept, (name, (typed, sentence))))

    def changed(self, **values: Any) -> DraftLine:
        """The line with other values; faults of these fields are gone."""
        kept = tuple(entry for entry in self.faults if entry[0] not in values)
        return replace(self, **values, faults=kept)

    def copied(self) -> DraftLine:
        """The same values as a line of its own."""
        return replace(self, key=next(_keys))


class Bill:
    """One item's bill in the window: what is stored and what stands there now. What differs is worked out once a change.

    Its lines are made when they are asked for: of a large tree most are never opened.
    """

    def __init__(self, item_id: int, head: BomHead | None, version_code: str, read: Callable[[], Lines]) -> None:
        self.item_id = item_id
        self.head = head
        self.version_code = version_code
        self.locked = head is not None and head.status == "C"
        """an approved version takes no typing"""
        self.dirty = False
        self.typed: frozenset[int] = frozenset()
        self._read = read

    @cached_property
    def stored(self) -> Lines:
        """The lines as the book has them."""
        return self._read()

    @cached_property
    def lines(self) -> Lines:
        """The lines now."""
        return self.stored

    @cached_property
    def filled(self) -> Lines:
        """The lines now, without blank ones."""
        return tuple(line for line in self.lines if not line.blank)

    def put(self, lines: Lines) -> None:
        """Other lines."""
        self.lines = lines
        self.filled = tuple(line for line in lines if not line.blank)
        self.dirty = self.filled != self.stored
        known = {line.key: line for line in self.stored} if self.dirty else {}
        self.typed = (
            frozenset(line.key for line in self.filled if known.get(line.key) != line) if self.dirty else frozenset()
        )

    def saved(self, sent: Lines) -> None:
        """What was sent is stored now; what was typed since is still to be saved."""
        self.stored = sent
        self.put(self.lines)


class DraftBook:
    """Everything the tree knows: items, bills by item, what typed texts stand for. Structures arrive with merge()."""

    def __init__(self, tree: BomTree) -> None:
        self.root_id = tree.root_id
        self.day = tree.day
        self.items: dict[int, ItemRow] = {}
        self.bills: dict[int, Bill] = {}
        self.versions: dict[int, tuple[BomHead, ...]] = {}
        self.warehouses: dict[int, str] = {}
        self._known: dict[str, int | None] = {}
        self.merge(tree)

    def merge(self, tree: BomTree, found: Mapping[str, int] | None = None) -> None:
        """Takes over items and bills that are not there yet; what is known stays as it is."""
        fresh = tree.items.keys() - self.items.keys()
        self.items.update({item_id: tree.items[item_id] for item_id in fresh})
        self.warehouses.update(tree.warehouses)
        for item_id, row in tree.items.items():
            self._known[row.code] = item_id
        self._known.update(found or {})
        self.versions.update({parent: heads for parent, heads in tree.versions.items() if parent in fresh})
        for parent, head in tree.chosen.items():
            if parent in fresh:
                self.bills[parent] = Bill(parent, head, head.version_code, partial(self._lines_of, head))

    def _lines_of(self, head: BomHead) -> Lines:
        return tuple([self._line_of(line) for line in head.lines])

    def _line_of(self, line: BomLine) -> DraftLine:
        return DraftLine(
            next(_keys), self.items[line.component_id].code, line.numerator, line.denominator, line.scrap_rate,
            line.scrap_fixed, line.issue, line.skip_level, line.key_part, line.supplied_by, line.warehouse_id,
            line.position, line.valid_from, line.valid_to, line.note,
        )  # fmt: skip

    # components

    def component(self, line: DraftLine) -> ItemRow | None:
        """The item of a line; None while its text is not (yet) known."""
        item_id = self._known.get(line.text)
        return None if item_id is None else self.items.get(item_id)

    def unknown(self, text: str) -> bool:
        """Whether a text was looked up and nothing was found."""
        return text in self._known and self._known[text] is None

    def waiting(self, texts: Iterable[str]) -> list[str]:
        """Texts that must still be looked up."""
        return sorted({text for text in texts if text and text not in self._known})

    def settle(self, texts: Iterable[str]) -> None:
        """Texts that were looked up; what is still not known does not exist."""
        for text in texts:
            self._known.setdefault(text, None)

    def lines(self, item_id: int) -> Lines:
        """The lines shown below an item."""
        bill = self.bills.get(item_id)
        return bill.lines if bill is not None else ()

    def state(self, item_id: int) -> str:
        """leaf, none, draft, approved or disabled."""
        bill = self.bills.get(item_id)
        if bill is None or (bill.head is None and not bill.filled):
            return "none" if self.items[item_id].kind in MADE_KINDS else "leaf"
        return bill.head.state if bill.head is not None else "draft"

    def state_text(self, item_id: int) -> str:
        """Version and state in words: V1.0 已审核."""
        state = self.state(item_id)
        bill = self.bills.get(item_id)
        if bill is None or state in ("leaf", "none"):
            return tr(BOM_STATES[state])
        word = {"draft": "未审核", "approved": "已审核", "disabled": "已禁用"}[state]
        mark = " *" if bill.dirty else ""
        return f"{bill.version_code} {tr(word)}{mark}"

    # loops

    def loop_path(self, parent_id: int, component_id: int) -> list[int]:
        """The way from a component down to the parent it is put into, parent first and last; empty if there is none."""
        if component_id == parent_id:
            return [parent_id, parent_id]
        came: dict[int, int] = {component_id: parent_id}
        stack = [component_id]
        while stack:
            item_id = stack.pop()
            for below in self._below(item_id):
                if below == parent_id:
                    path = [below, item_id]
                    while path[-1] != parent_id:
                        path.append(came[path[-1]])
                    return path[::-1]
                if below not in came:
                    came[below] = item_id
                    stack.append(below)
        return []

    def _below(self, item_id: int) -> set[int]:
        bill = self.bills.get(item_id)
        shown = bill.head.id if bill is not None and bill.head is not None else 0
        made = {self._known.get(line.text) for line in bill.lines} if bill is not None else set()
        for head in self.versions.get(item_id, ()):
            if head.enabled and head.id != shown:
                made.update(line.component_id for line in head.lines)
        return {found for found in made if found is not None}

    def component_fault(self, parent_id: int, line: DraftLine) -> tuple[str, list[int]] | None:
        """unknown, or loop with its path; None for a sound component. Only lines that are not stored are walked."""
        if not line.text:
            return None
        if self.unknown(line.text):
            return "unknown", []
        row = self.component(line)
        bill = self.bills.get(parent_id)
        if row is None or bill is None or line.key not in bill.typed:
            return None
        path = self.loop_path(parent_id, row.id)
        return ("loop", path) if path else None

    # saving

    def put(self, step: Step) -> None:
        """Sets lines of bills; a bill that is not there begins as V1.0."""
        for item_id, lines in step.items():
            bill = self.bills.get(item_id)
            if bill is None:
                bill = self.bills[item_id] = Bill(item_id, None, FIRST_VERSION, tuple)
            bill.put(lines)

    @property
    def dirty_bills(self) -> list[Bill]:
        """Bills that a save would write."""
        return [bill for bill in self.bills.values() if bill.dirty]

    @property
    def dirty_name(self) -> str:
        """The first bill that is not saved, as sentences name it."""
        names = [f"{self.items[bill.item_id].code} {bill.version_code}" for bill in self.dirty_bills]
        return names[0] if names else ""

    def faults(self) -> list[tuple[int, DraftLine, str]]:
        """What keeps the tree from being saved: (item of the bill, line, field)."""
        found = []
        for bill in self.dirty_bills:
            for line in bill.filled:
                found += [(bill.item_id, line, name) for name, _ in line.faults]
                if not line.text or self.component(line) is None or self.component_fault(bill.item_id, line):
                    found.append((bill.item_id, line, "code"))
        return found

    def edits(self) -> tuple[list[VersionEdit], dict[int, tuple[int, int]]]:
        """The save of every changed bill, and the place of each row number: (item of the bill, key of the line or 0)."""
        places: dict[int, tuple[int, int]] = {}
        made = []
        for bill in self.dirty_bills:
            row = len(places) + 1
            places[row] = (bill.item_id, 0)
            drafts = []
            for line in bill.filled:
                component = self.component(line)
                assert component is not None
                places[len(places) + 1] = (bill.item_id, line.key)
                drafts.append(_draft_of(line, component.id, len(places)))
            head = bill.head
            made.append(
                VersionEdit(
                    bill.item_id, bill.version_code, drafts, head.id if head else 0, head.version if head else 0,
                    head.note if head else "", row,
                )
            )  # fmt: skip
        return made, places

    def as_tree(self) -> BomTree:
        """The structure as it stands now, for the cost roll-up."""
        chosen = {}
        for item_id, bill in self.bills.items():
            if bill.head is not None and not bill.dirty:
                chosen[item_id] = bill.head
                continue
            lines = tuple(_stored_of(line, row.id) for line in bill.lines if (row := self.component(line)) is not None)
            head = bill.head or BomHead(0, item_id, bill.version_code, "Z", True, 0, "", "", None, "", None)
            chosen[item_id] = head._replace(lines=lines)
        return BomTree(self.root_id, self.day, self.items, self.versions, chosen, self.warehouses)


def _draft_of(line: DraftLine, component_id: int, row: int) -> LineDraft:
    return LineDraft(
        component_id, line.numerator, line.denominator, line.position, line.scrap_rate, line.scrap_fixed, line.issue,
        line.skip_level, line.key_part, line.supplied_by, line.warehouse_id, line.valid_from, line.valid_to, line.note,
        row,
    )  # fmt: skip


def _stored_of(line: DraftLine, component_id: int) -> BomLine:
    return BomLine(
        0, line.position, component_id, line.numerator, line.denominator, line.scrap_rate, line.scrap_fixed, line.issue,
        line.skip_level, line.key_part, line.supplied_by, line.warehouse_id, line.valid_from, line.valid_to, line.note,
    )  # fmt: skip


def without(lines: Lines, keys: Sequence[int]) -> Lines:
    """Lines without those of the given keys."""
    gone = set(keys)
    return tuple(line for line in lines if line.key not in gone)


def inserted(lines: Lines, at: int, more: Iterable[DraftLine]) -> Lines:
    """Lines with others put in at a place."""
    return (*lines[:at], *more, *lines[at:])


def replaced(lines: Lines, line: DraftLine) -> Lines:
    """Lines with one of them changed."""
    return tuple(line if old.key == line.key else old for old in lines)
