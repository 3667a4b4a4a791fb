"""Names for things that a window can open, and what a finished command changed."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True, order=True)
class DocRef:
    """A document: type code, database id, number."""

    type: str
    id: int
    number: str


@dataclass(frozen=True, slots=True)
class Changes:
    """What a finished command changed: the documents it touched and the topics whose pages must re-read."""

    documents: tuple[DocRef, ...] = ()
    topics: frozenset[str] = field(default_factory=frozenset)
