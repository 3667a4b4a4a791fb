"""An item by day from the open documents alone: what lies in store, what is to come, what will be drawn; no planning run."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from fractions import Fraction
from typing import Any, NamedTuple

import numpy as np
from sqlalchemy import Connection, select

from models.documents.tables import doc, doc_line
from models.engineering.tables import bom, bom_line
from models.kernel.numbers import ZERO
from models.kernel.refs import DocRef
from models.masterdata.tables import item, partner
from services.documents.queries import available
from services.engineering.order_materials import usage_of
from services.engineering.reading import load_structure
from services.engineering.structure import Structure, Usage, explode_order
from services.ledgers.facts import ItemFacts, chunked, load_items
from services.planning.engine.model import I64, NONE, ItemKind, Need, Source
from services.planning.open_documents import ORDERS, Found, Known, read_documents
from services.planning.views import AvailabilityRow, exact_decimal
from services.platform import parameters
from services.platform.access.holding import reading

_PHANTOM = ItemKind.PHANTOM.name.lower()


class _Move(NamedTuple):
    """A movement before its balance is known; ref: id of its document, 0 for stock; through: code of a kit."""

    due: dt.date
    kind: str
    ref: int
    line: int
    through: str
    quantity: Fraction


class _Origin(NamedTuple):
    """What is told of a document line beside its number."""

    party: str
    product: str


def availability(conn: Connection, item_id: int, today: dt.date) -> tuple[AvailabilityRow, ...]:
    """Every movement by day, supply before demand within a day; nothing for an item that is not there."""
    kits = _kits(conn, item_id)
    facts = load_items(conn, [item_id, *kits])
    if item_id not in facts:
        return ()
    ids = tuple(sorted(facts))
    found = read_documents(conn, _known(facts, ids))
    moves = [*_coming(found, ids, item_id, facts), *_leaving(conn, found, ids, item_id, facts)]
    moves.sort(key=lambda move: (max(move.due, today), move.quantity < 0, move.due))
    origins = _origins(conn, sorted({move.ref for move in moves}))
    return tuple(_balanced(conn, item_id, moves, _Told(found, origins), today))


class _Told(NamedTuple):
    found: Found
    origins: Mapping[tuple[int, int], _Origin]


def _balanced(
    conn: Connection, item_id: int, moves: Sequence[_Move], told: _Told, today: dt.date
) -> Iterator[AvailabilityRow]:
    stock = available(conn, [item_id]).get(item_id, ZERO)
    yield AvailabilityRow(today, today, "stock", None, 0, "", "", stock, stock)
    documents, reader = told.found.documents, reading(conn)
    place = {int(key): at for at, key in enumerate(documents.ids.tolist())}
    balance = Fraction(stock)
    for move in moves:
        balance += move.quantity
        at = place[move.ref]
        kind = documents.types[at]
        readable = reader.allows(f"{kind}.read")
        origin = told.origins.get((move.ref, move.line), _Origin("", ""))
        made_from = move.kind == "co_product" or (move.quantity < 0 and kind in ORDERS)
        yield AvailabilityRow(
            max(move.due, today), move.due, move.kind,
            DocRef(kind, move.ref, documents.numbers[at]) if readable else None, move.line if readable else 0,
            origin.party if readable else "", move.through or (origin.product if readable and made_from else ""),
            exact_decimal(move.quantity), exact_decimal(balance),
        )  # fmt: skip


def _known(facts: Mapping[int, ItemFacts], ids: tuple[int, ...]) -> Known:
    keys = np.array(ids, dtype=np.int64)
    places = np.array([facts[key].decimals for key in ids], dtype=np.int64)

    def rank(wanted: I64) -> I64:
        at = np.minimum(np.searchsorted(keys, wanted), len(keys) - 1)
        return np.where(keys[at] == wanted, at, NONE)

    # Stock made for one order is no stock of its own here: the item is looked at as a whole.
    return Known(rank, places, np.zeros(len(ids), dtype=bool), ids)


def _kits(conn: Connection, item_id: int) -> list[int]:
    """Phantoms whose demand falls on the item, through others of them: usually none, one statement a level."""
    usable = (bom.c.status == "C", bom.c.enabled == True, item.c.kind == _PHANTOM)  # noqa: E712 SQL expression
    found: set[int] = set()
    level = {item_id}
    while level:
        above: set[int] = set()
        for keys in chunked(sorted(level)):
            query = (
                select(bom.c.parent_id)
                .join_from(bom, bom_line, bom_line.c.bom_id == bom.c.id)
                .join(item, item.c.id == bom.c.parent_id)
                .where(bom_line.c.component_id.in_(keys), *usable)
            )
            above |= set(conn.execute(query).scalars())
        level = above - found - {item_id}
        found |= level
    return sorted(found)


def _coming(found: Found, ids: Sequence[int], item_id: int, facts: Mapping[int, ItemFacts]) -> Iterator[_Move]:
    """What is still to be received and made."""
    table = found.supplies
    unit = 10 ** facts[item_id].decimals
    for at in np.flatnonzero(table.item == ids.index(item_id)).tolist():
        if table.num[at] > 0 and table.ref[at] != NONE:
            quantity = Fraction(int(table.num[at]), int(table.den[at]) * unit)
            ref = int(found.documents.ids[table.ref[at]])
            kind = Source(int(table.kind[at])).name.lower()
            yield _Move(_day(table.day[at]), kind, ref, int(table.line[at]), "", quantity)


def _leaving(
    conn: Connection, found: Found, ids: Sequence[int], item_id: int, facts: Mapping[int, ItemFacts]
) -> Iterator[_Move]:
    """What is still to be delivered and drawn, and what is forecast; demand for a kit falls on its parts."""
    table = found.demands
    kits = {key for key in ids if key != item_id}
    book = load_structure(conn, kits) if kits else Structure()
    usage = usage_of(parameters.load(conn))
    for at, rank in enumerate(table.item.tolist()):
        key = ids[rank]
        asked = Fraction(int(table.quantity[at]), 10 ** facts[key].decimals)
        day, ref, line = _day(table.day[at]), int(found.documents.ids[table.ref[at]]), int(table.line[at])
        kind = Need(int(table.kind[at])).name.lower()
        if key == item_id:
            yield _Move(day, kind, ref, line, "", -asked)
            continue
        part = _part(book, key, exact_decimal(asked), day, usage=usage, item_id=item_id)
        if part:
            yield _Move(day, kind, ref, line, facts[key].code, -Fraction(part))


def _part(book: Structure, kit: int, quantity: Decimal, day: dt.date, *, usage: Usage, item_id: int) -> Decimal:
    """How much of an item a quantity of a kit takes."""
    _, parts = explode_order(book, kit, quantity, day, usage=usage)
    drawn = [p.planned for p in parts if p.line.component_id == item_id and p.line.supplied_by == "own"]
    return sum(drawn, ZERO)


def _origins(conn: Connection, ids: Sequence[int]) -> dict[tuple[int, int], _Origin]:
    """Partner or workshop, and the product, of main lines by (document, line)."""
    made: dict[tuple[int, int], _Origin] = {}
    for keys in chunked(ids):
        query = (
            select(doc.c.id, doc.c.workshop, partner.c.name.label("partner"), doc_line.c.line_no, item.c.code, item.c.name)
            .join_from(doc, doc_line, doc_line.c.doc_id == doc.c.id)
            .join(item, item.c.id == doc_line.c.item_id)
            .outerjoin(partner, partner.c.id == doc.c.partner_id)
            .where(doc.c.id.in_(keys), doc_line.c.role == "main")
        )  # fmt: skip
        for row in conn.execute(query):
            made[row.id, row.line_no] = _Origin(row.partner or row.workshop, f"{row.code} {row.name}".strip())
    return made


def _day(ordinal: Any) -> dt.date:
    return dt.date.fromordinal(int(ordinal))
