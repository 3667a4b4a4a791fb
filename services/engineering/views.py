"""Frozen rows of bills of material as windows and prints show them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cached_property
from typing import NamedTuple, Protocol, TypeVar

from models.kernel.numbers import ZERO
from models.kernel.refs import Changes
from services.engineering.structure import BomLine, natural_key

MADE_KINDS = ("manufactured", "subcontracted", "phantom")
BOM_STATES = {
    "leaf": "",
    "none": "未建清单",
    "draft": "清单未审核",
    "approved": "",
    "disabled": "清单已禁用",
}


class SubstituteRow(NamedTuple):
    """A substitute of a component: how much of it replaces one, in which parent only ("" = any), and what is on hand."""

    item_id: int
    code: str
    name: str
    ratio: Decimal
    priority: int
    parent_id: int | None
    valid_from: dt.date | None
    valid_to: dt.date | None
    on_hand: Decimal


class ItemRow(NamedTuple):
    """An item as the tree shows it."""

    id: int
    code: str
    name: str
    spec: str
    unit: str
    decimals: int
    kind: str
    enabled: bool
    yield_rate: Decimal
    unit_cost: Decimal | None
    on_hand: Decimal = ZERO
    substitutes: tuple[SubstituteRow, ...] = ()

    @property
    def label(self) -> str:
        """Code and name."""
        return f"{self.code} {self.name}".strip()


class PartRow(NamedTuple):
    """An item as lists show it."""

    id: int
    code: str
    name: str
    spec: str
    unit: str
    decimals: int
    kind: str
    on_hand: Decimal = ZERO


class OutputRow(NamedTuple):
    """What a version gives beside or as its product: numerator of it for every denominator of the product."""

    item_id: int
    code: str
    name: str
    unit: str
    decimals: int
    kind: str
    numerator: Decimal
    denominator: Decimal
    cost_share: Decimal | None
    cost_weight: Decimal | None
    cost_quota: Decimal | None


class BomHead(NamedTuple):
    """A version of an item's bill, with its lines. version: what a change must name (optimistic lock)."""

    id: int
    parent_id: int
    version_code: str
    status: str
    enabled: bool
    version: int
    note: str
    created_by: str
    created_at: dt.datetime | None
    approved_by: str
    approved_at: dt.datetime | None
    lines: tuple[BomLine, ...] = ()
    outputs: tuple[OutputRow, ...] = ()

    @property
    def state(self) -> str:
        """draft, approved or disabled."""
        return state_of(self.status, enabled=self.enabled)

    def holds_on(self, day: dt.date) -> bool:
        """Whether production would take this version on a day, were it the highest."""
        return self.state == "approved" and any(line.holds_on(day) for line in self.lines)


class Version(Protocol):
    """What tells which version of an item's bill is shown."""

    @property
    def version_code(self) -> str:
        """Its number."""

    @property
    def enabled(self) -> bool:
        """Whether it counts at all."""

    @property
    def state(self) -> str:
        """draft, approved or disabled."""

    def holds_on(self, day: dt.date, /) -> bool:
        """Whether production would take it on a day, were it the highest."""


_V = TypeVar("_V", bound=Version)


@dataclass(frozen=True)
class BomTree:
    """A product's structure: every item and every version once, shared by all places where it is used.

    items, versions (newest first) and chosen are by item id; chosen is the version shown below an item: the one in force
    on the day, else the newest draft, else the newest.
    """

    root_id: int
    day: dt.date
    items: Mapping[int, ItemRow]
    versions: Mapping[int, tuple[BomHead, ...]]
    chosen: Mapping[int, BomHead]
    warehouses: Mapping[int, str] = field(default_factory=dict)

    @property
    def root(self) -> BomNode:
        """The product itself."""
        return BomNode(self, self.items[self.root_id], None, (self.root_id,), "")

    def state(self, item_id: int) -> str:
        """leaf (bought, needs no bill), none, draft, approved or disabled: the state of what is shown below an item."""
        head = self.chosen.get(item_id)
        if head is not None:
            return head.state
        return state_without_bill(self.items[item_id].kind)

    def walk(self, depth: int = 99) -> Iterator[BomNode]:
        """The nodes as printed, top down, to a depth (the root is level 0)."""
        stack = [self.root]
        while stack:
            node = stack.pop()
            yield node
            if node.level < depth:
                stack.extend(reversed(node.children))


@dataclass(frozen=True)
class BomNode:
    """One place in the tree: the item, the line that brings it, and the items above it. Children are made when asked for."""

    tree: BomTree
    item: ItemRow
    line: BomLine | None
    path: tuple[int, ...]
    number: str

    @property
    def level(self) -> int:
        """0 for the product, 1 for its components."""
        return len(self.path) - 1

    @property
    def state(self) -> str:
        """State of the bill below: leaf, none, draft, approved, disabled."""
        return self.tree.state(self.item.id)

    @property
    def in_force(self) -> bool:
        """Whether the line is valid on the tree's day."""
        return self.line is None or self.line.holds_on(self.tree.day)

    @cached_property
    def children(self) -> tuple[BomNode, ...]:
        """The components; none below an item that stands above itself."""
        head = self.tree.chosen.get(self.item.id)
        if head is None or self.item.id in self.path[:-1]:
            return ()
        lead = f"{self.number}." if self.number else ""
        return tuple(
            BomNode(
                self.tree, self.tree.items[line.component_id], line, (*self.path, line.component_id), f"{lead}{place}"
            )
            for place, line in enumerate(head.lines, start=1)
        )


@dataclass(frozen=True, slots=True)
class Branch:
    """What typed texts stand for: item ids by text (unknown texts are left out), and the structures of these items."""

    found: Mapping[str, int]
    tree: BomTree | None


class SummaryRow(NamedTuple):
    """One lowest-level item of a summarised explosion. quantity exact to 6 places; planned rounded by the item's unit."""

    item: PartRow
    level: int
    quantity: Decimal
    planned: Decimal
    supplied_by: str
    drawn: bool
    state: str

    @property
    def short(self) -> Decimal:
        """What stock does not cover."""
        return max(ZERO, self.planned - self.item.on_hand) if self.drawn and self.supplied_by == "own" else ZERO


class UsedRow(NamedTuple):
    """A place where an item is used. level 1: directly; via: the component the parent has; total: of the asked item in one parent."""

    level: int
    item: PartRow
    bom_id: int
    version_code: str
    state: str
    current: bool
    via: str
    line: BomLine
    total: Decimal


@dataclass(frozen=True, slots=True)
class DifferenceRow:
    """A line that differs between two versions. change: added, removed or changed; fields: keys that differ."""

    change: str
    item: PartRow
    position: str
    before: BomLine | None
    after: BomLine | None
    fields: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class TreeSaved:
    """What a save of several versions did: id by (item id, version code)."""

    ids: Mapping[tuple[int, str], int]
    changes: Changes


def state_of(status: str, *, enabled: bool) -> str:
    """draft, approved or disabled: the state of a version."""
    if not enabled:
        return "disabled"
    return "approved" if status == "C" else "draft"


def state_without_bill(kind: str) -> str:
    """none or leaf (bought, needs no bill): the state of an item of a kind that has no version."""
    return "none" if kind in MADE_KINDS else "leaf"


def newest_first(heads: Sequence[_V]) -> tuple[_V, ...]:
    """Versions by number, the highest first: V10.0 before V2.0."""
    if len(heads) == 1:
        return tuple(heads)
    return tuple(sorted(heads, key=lambda head: natural_key(head.version_code), reverse=True))


def choose(heads: Sequence[_V], day: dt.date, wanted: str = "") -> _V | None:
    """The version to show: the wanted one, else the one in force, else the newest draft, else the newest."""
    if wanted:
        return next((head for head in heads if head.version_code == wanted), None)
    if len(heads) == 1:
        return heads[0]
    for fits in (
        lambda head: head.holds_on(day),
        lambda head: head.state == "draft",
        lambda head: head.enabled,
        lambda _head: True,
    ):
        found = next((head for head in heads if fits(head)), None)
        if found is not None:
            return found
    return None
