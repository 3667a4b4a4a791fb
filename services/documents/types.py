"""Document types are declarations; the engine never asks for a type's code."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from models.kernel.problems import Problem
from services.documents.records import Context, DocDraft, DocRow, LineRow, Source
from services.ledgers.stock import StockEntry
from services.platform.access.rights import DOCUMENT_VERBS, Subject, vocabulary
from services.platform.db import Tx

Check = Callable[[DocRow, Sequence[LineRow], Context], list[Problem]]
Posting = Callable[[DocRow, Sequence[LineRow], Context], list[StockEntry]]
Expand = Callable[[Tx, Sequence[DocDraft], Context], list[Problem]]
FollowUp = Callable[[Tx, Sequence[DocRow], Mapping[int, list[LineRow]], Context], list[DocDraft]]
Push = Callable[[DocRow, Sequence[LineRow], Context], list[DocDraft]]
LinkRule = Callable[[DocRow, LineRow, Source], tuple[str, Decimal]]


def execute(_doc: DocRow, line: LineRow, _source: Source) -> tuple[str, Decimal]:
    """The common link: the line executes its source by its quantity."""
    return "execute", line.quantity


@dataclass(frozen=True, slots=True)
class Route:
    """A type whose lines may be the source of this type's lines, and how far they may be exceeded."""

    source: str
    role: str = "main"
    tolerance: str = ""
    """parameter key of the percentage that may be exceeded"""
    limited: bool = True
    allow: str = ""
    """parameter key (yes/no) that lifts the limit"""
    same_item: bool = True
    """whether the line must be of the source line's item"""


@dataclass(frozen=True, slots=True)
class DocType:
    """A business document type: everything that differs between types is a field here."""

    code: str
    title: str
    prefix: str
    area: str
    sheet: str = ""
    partner_role: str = ""
    partner_required: bool = False
    prefixes: Mapping[str, str] = field(default_factory=dict)
    """kind -> prefix, where a kind is numbered by itself"""
    kinds: Mapping[str, str] = field(default_factory=dict)
    routes: tuple[Route, ...] = ()
    source_required: bool = False
    returns: frozenset[str] = frozenset()
    """kinds that take back what was executed: their sources are what can come back"""
    beyond: frozenset[str] = frozenset()
    """kinds that go beyond what was planned: their sources are all open lines, how much is said by the clerk"""
    needs_due_date: bool = False
    needs_price: bool = False
    needs_warehouse: bool = False
    unguessed: frozenset[str] = frozenset()
    """kinds whose lines take the item's own warehouse or none: the standing one is never put in"""
    closes: bool = False
    """whether it closes by itself when every main line is done"""
    incoming: bool = False
    """whether it brings goods in: comes before issues on the same day"""
    needs_materials: bool = False
    """whether its checks look at the material lists of the orders it executes"""
    opening: bool = False
    """whether it tells what there was when the book began: dated before the start period, where everything else is not"""
    order: int = 50
    """position among the types when many are approved by date"""
    expand: Expand | None = None
    check: Check | None = None
    posting: Posting | None = None
    follow_up: FollowUp | None = None
    follow_up_waits: str = ""
    """parameter that, set to "pending", lets a follow-up that cannot be posted wait as a draft"""
    follow_up_problem: str = ""
    """problem put before the reasons when a follow-up is refused"""
    link: LinkRule = execute
    pushes: Mapping[str, Push] = field(default_factory=dict)
    """target -> how its draft is made; a target is a type, or a type and one of its kinds, as in material_issue:return"""
    topics: frozenset[str] = frozenset()

    def number_prefix(self, kind: str) -> str:
        """The prefix of a document of that kind."""
        return self.prefixes.get(kind, self.prefix)

    def title_of(self, kind: str) -> str:
        """What a document of that kind is called: by the kind where it takes back, goes beyond the plan or is backflushed."""
        return self.kinds[kind] if kind in self.returns | self.beyond | self.unguessed else self.title

    def route(self, source: Source) -> Route | None:
        """The route that allows this source, if one does."""
        for route in self.routes:
            if route.source == source.doc.type and route.role == source.line.role:
                return route
        return None


class Registry:
    """All document types of the program, filled once at start by each area."""

    def __init__(self) -> None:
        self._types: dict[str, DocType] = {}

    def add(self, *types: DocType) -> None:
        """Registers types and the rights on them; a code given twice is a mistake of the program."""
        for kind in types:
            if kind.code in self._types and self._types[kind.code] is not kind:
                raise ValueError(f"document type {kind.code} twice")
            self._types[kind.code] = kind
            vocabulary.add(Subject(kind.code, kind.title, kind.area, DOCUMENT_VERBS))

    def __getitem__(self, code: str) -> DocType:
        return self._types[code]

    def __iter__(self) -> Iterator[DocType]:
        return iter(self._types.values())

    def __contains__(self, code: str) -> bool:
        return code in self._types

    def by_sheet(self, sheet: str) -> DocType | None:
        """The type a document sheet is imported as."""
        return next((kind for kind in self if kind.sheet == sheet), None)


registry = Registry()
