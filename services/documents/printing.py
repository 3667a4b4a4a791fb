"""What holds of documents that go to paper: whether they may, and how often they went."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Protocol

from sqlalchemy import Connection, update

from models.documents.tables import doc
from models.kernel.problems import Place, Problem, Refused
from services.documents import load, rights
from services.platform import parameters
from services.platform.db import Tx

APPROVED_ONLY = "print_approved_only"
"""the parameter that keeps drafts from paper"""


class Printable(Protocol):
    """What is asked of a document before it is printed."""

    @property
    def number(self) -> str: ...
    @property
    def status(self) -> str: ...


@dataclass(frozen=True, slots=True)
class Head:
    """A document that may be printable."""

    number: str
    status: str


def require_printable(conn: Connection, documents: Iterable[Printable]) -> None:
    """Refused with every document that is no more than a draft, where only approved ones are printed."""
    if not parameters.load(conn).flag(APPROVED_ONLY):
        return
    drafts = [document.number for document in documents if document.status != "C"]
    if drafts:
        raise Refused([Problem("print.not_approved", {"number": number}, Place(document=number)) for number in drafts])


def count(tx: Tx, ids: Sequence[int]) -> None:
    """Counts that documents were printed, each once; refused without the right to print them, and where they may not be."""
    heads = load.documents(tx.conn, ids)
    rights.require(tx, "print", heads.values())
    require_printable(tx.conn, heads.values())
    tx.conn.execute(update(doc).where(doc.c.id.in_(ids)).values(print_count=doc.c.print_count + 1))
    for head in heads.values():
        tx.record(head.type, head.id, head.number, "print")
