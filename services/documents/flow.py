"""The flow of documents around one: everything it came from and everything that came of it, with the links between."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, select, union

from models.documents.tables import doc, doc_line, doc_link
from models.kernel.refs import DocRef
from services.documents.types import registry
from services.documents.views import FlowRow
from services.ledgers.facts import chunked

MOST = 300


@dataclass(frozen=True, slots=True)
class FlowEdge:
    """A document made from another."""

    source_id: int
    target_id: int


@dataclass(frozen=True, slots=True)
class Flow:
    """Documents by date and the edges between them; complete is False when there were more than 300."""

    start_id: int
    nodes: tuple[FlowRow, ...]
    edges: tuple[FlowEdge, ...]
    complete: bool


def flow(conn: Connection, doc_id: int) -> Flow:
    """Walks up to the roots and down to the ends, each way by itself: brothers that only share a root are not in it."""
    edges: set[tuple[int, int]] = set()
    up = _walk(conn, doc_id, edges, up=True)
    down = _walk(conn, doc_id, edges, up=False)
    known = up | down
    nodes = []
    for keys in chunked(sorted(known)):
        query = select(doc.c.type, doc.c.id, doc.c.number, doc.c.kind, doc.c.status, doc.c.closing, doc.c.business_date)
        nodes += [flow_row(row) for row in conn.execute(query.where(doc.c.id.in_(keys)))]
    nodes.sort(key=lambda row: (row.business_date, row.ref.id))
    inside = sorted(edge for edge in edges if edge[0] in known and edge[1] in known)
    return Flow(doc_id, tuple(nodes), tuple(FlowEdge(*edge) for edge in inside), len(known) < MOST)


def flow_row(row: Any) -> FlowRow:
    """A document of a flow from its row of the table."""
    title = registry[row.type].title_of(row.kind)
    return FlowRow(DocRef(row.type, row.id, row.number), title, row.status, row.business_date, row.closing)


def _walk(conn: Connection, start: int, edges: set[tuple[int, int]], *, up: bool) -> set[int]:
    known = {start}
    level: set[int] = {start}
    while level and len(known) < MOST:
        found = _edges(conn, level, up=up)
        edges.update(found)
        level = {source if up else target for source, target in found} - known
        known.update(sorted(level)[: MOST - len(known)])
    return known


def _edges(conn: Connection, ids: Iterable[int], *, up: bool) -> set[tuple[int, int]]:
    """(source, target) of documents one step away: by link, by source or demand line, by source document."""
    made: set[tuple[int, int]] = set()
    child, parent = doc_line.alias("child"), doc_line.alias("parent")
    for keys in chunked(sorted(ids)):
        link = select(doc_link.c.source_doc_id.label("source"), doc_link.c.target_doc_id.label("target"))
        link = link.where((doc_link.c.target_doc_id if up else doc_link.c.source_doc_id).in_(keys))
        head = select(doc.c.source_id.label("source"), doc.c.id.label("target"))
        head = head.where(doc.c.source_id.is_not(None), (doc.c.id if up else doc.c.source_id).in_(keys))
        ways = [link, head]
        for column in (child.c.source_line_id, child.c.demand_line_id):
            line = select(parent.c.doc_id.label("source"), child.c.doc_id.label("target")).join_from(
                child, parent, column == parent.c.id
            )
            ways.append(line.where((child.c.doc_id if up else parent.c.doc_id).in_(keys)))
        made.update((row[0], row[1]) for row in conn.execute(union(*ways)) if row[0] != row[1])
    return made
