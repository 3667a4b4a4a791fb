"""Reading documents and the context of a batch in a constant number of statements."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal

from sqlalchemy import Connection, func, or_, select

from models.documents.tables import doc, doc_line, material_line
from models.kernel.problems import Place, Problem
from models.ledgers.tables import wip_move
from models.platform.tables import audit_event
from services.documents import substituting
from services.documents.records import Context, DocRow, LineRow, MaterialRow, Source
from services.ledgers.facts import chunked, load_items, load_warehouses
from services.platform import parameters
from services.platform.prepared import Prepared, among

DOC_COLUMNS = (
    doc.c.id, doc.c.type, doc.c.number, doc.c.kind, doc.c.status, doc.c.closing, doc.c.business_date,
    doc.c.partner_id, doc.c.workshop, doc.c.note, doc.c.source_id, doc.c.system_made, doc.c.version,
    doc.c.created_by, doc.c.created_at, doc.c.approved_by, doc.c.approved_at,
)  # fmt: skip
LINE_COLUMNS = (
    doc_line.c.id, doc_line.c.doc_id, doc_line.c.role, doc_line.c.line_no, doc_line.c.parent_line_id,
    doc_line.c.item_id, doc_line.c.quantity, doc_line.c.done, doc_line.c.price, doc_line.c.amount,
    doc_line.c.warehouse_id, doc_line.c.lot, doc_line.c.start_date, doc_line.c.due_date,
    doc_line.c.source_line_id, doc_line.c.demand_line_id, doc_line.c.closing, doc_line.c.hours, doc_line.c.note,
)  # fmt: skip
MATERIAL_COLUMNS = (
    material_line.c.line_id, material_line.c.numerator, material_line.c.denominator, material_line.c.scrap_rate,
    material_line.c.scrap_fixed, material_line.c.issue, material_line.c.key_part, material_line.c.supplied_by,
    material_line.c.origin, material_line.c.substitute_for_id, material_line.c.supplement, material_line.c.returned,
)  # fmt: skip

_BY_ID = select(*DOC_COLUMNS).where(among(doc.c.id)).order_by(doc.c.id)
_HEADS, _HEADS_LOCKED = Prepared(_BY_ID), Prepared(_BY_ID.with_for_update())
_LINES = Prepared(
    select(*LINE_COLUMNS)
    .where(among(doc_line.c.doc_id))
    .order_by(doc_line.c.doc_id, doc_line.c.role, doc_line.c.line_no)
)
_WITH_HEAD = (
    select(*LINE_COLUMNS, *DOC_COLUMNS)
    .join_from(doc_line, doc, doc.c.id == doc_line.c.doc_id)
    .where(among(doc_line.c.id))
    .order_by(doc_line.c.id)
)
_SOURCES, _SOURCES_LOCKED = Prepared(_WITH_HEAD), Prepared(_WITH_HEAD.with_for_update(of=doc_line))
_THEIR_HEADS = select(doc_line.c.doc_id).where(among(doc_line.c.id))
_LOCK_HEADS = Prepared(select(doc.c.id).where(doc.c.id.in_(_THEIR_HEADS)).order_by(doc.c.id).with_for_update())
_MATERIALS = Prepared(select(*MATERIAL_COLUMNS).where(among(material_line.c.line_id)))
_W = wip_move.c
_DRAWN = Prepared(
    select(_W.material_line_id, _W.item_id, func.sum(_W.quantity), func.sum(_W.value))
    # The index is by the order's product line.
    .where(among(_W.order_line_id, "products"), among(_W.material_line_id))
    .group_by(_W.material_line_id, _W.item_id)
)


def documents(conn: Connection, ids: Iterable[int], *, lock: bool = False) -> dict[int, DocRow]:
    """Heads by id; lock: for update, in id order."""
    made: dict[int, DocRow] = {}
    for keys in chunked(sorted(set(ids))):
        rows = (_HEADS_LOCKED if lock else _HEADS).rows(conn, keys=keys)
        made.update((row[0], DocRow(*row)) for row in rows)
    return made


def lines(conn: Connection, doc_ids: Iterable[int]) -> dict[int, list[LineRow]]:
    """Lines of documents, by document, in order of role and line number."""
    made: dict[int, list[LineRow]] = defaultdict(list)
    for keys in chunked(sorted(set(doc_ids))):
        for row in _LINES.rows(conn, keys=keys):
            made[row[1]].append(LineRow(*row))
    return made


def stale(conn: Connection, heads: Mapping[int, DocRow], versions: Mapping[int, int]) -> list[Problem]:
    """A problem for each document whose stored version is not the one the clerk saw, naming who changed it."""
    problems = []
    for key, head in heads.items():
        if versions.get(key, head.version) == head.version:
            continue
        a = audit_event.c
        query = select(a.user, a.at).where(a.entity == head.type, a.entity_id == key).order_by(a.seq.desc()).limit(1)
        last = conn.execute(query).first()
        args = {
            "number": head.number, "user": last.user if last else head.created_by,
            "time": last.at.astimezone().strftime("%m-%d %H:%M") if last else "",
        }  # fmt: skip
        problems.append(Problem("document.changed_meanwhile", args, Place(document=head.number)))
    return problems


def gone(ids: Iterable[int], heads: Mapping[int, DocRow]) -> list[Problem]:
    """A problem for each id that names no document."""
    return [Problem("document.gone", {"number": key}) for key in ids if key not in heads]


def sources(conn: Connection, line_ids: Iterable[int], *, lock: bool = False) -> dict[int, Source]:
    """Lines that others execute, with their documents; lock: documents, then lines, for update, each in id order.

    The documents are locked too: whoever reverses one and whoever executes it must not pass each other unseen.
    """
    found: dict[int, Source] = {}
    heads: dict[int, DocRow] = {}
    wanted, width = sorted(set(line_ids)), len(LINE_COLUMNS)
    if lock and conn.dialect.name != "sqlite":
        for keys in chunked(wanted):
            _LOCK_HEADS.run(conn, keys=keys)
    for keys in chunked(wanted):
        for row in (_SOURCES_LOCKED if lock else _SOURCES).rows(conn, keys=keys):
            head = heads.get(row[1])
            if head is None:
                head = heads[row[1]] = DocRow(*row[width:])
            found[row[0]] = Source(head, LineRow(*row[:width]))
    return found


def materials(conn: Connection, line_ids: Iterable[int]) -> dict[int, MaterialRow]:
    """Material columns of order lines of role material."""
    made: dict[int, MaterialRow] = {}
    for keys in chunked(sorted(set(line_ids))):
        made.update((row[0], MaterialRow(*row)) for row in _MATERIALS.rows(conn, keys=keys))
    return made


def context(
    conn: Connection, batch: Iterable[Sequence[LineRow]], *, lock: bool = False, takes_back: bool = True
) -> Context:
    """What the lines of a batch need to be checked and posted.

    takes_back: the batch may give back what was drawn; otherwise that is read only where another item stands in.
    """
    every = [line for group in batch for line in group]
    wanted = sources(conn, (line.source_line_id for line in every if line.source_line_id is not None), lock=lock)
    item_ids = {line.item_id for line in every} | {source.line.item_id for source in wanted.values()}
    made = Context(load_items(conn, item_ids), load_warehouses(conn), parameters.load(conn), wanted)
    material_ids = [key for key, source in wanted.items() if source.line.role == "material"]
    made.materials = materials(conn, material_ids)
    others = substituting.stood_in_for(made, every)
    back = material_ids if takes_back else others
    made.drawn = drawn(conn, {key: wanted[key].line.parent_line_id or 0 for key in back})
    if others:
        substituting.load(conn, made, others)
    return made


def drawn(conn: Connection, materials: Mapping[int, int]) -> dict[tuple[int, int], tuple[Decimal, Decimal]]:
    """Quantity and value drawn so far, net of returns, by material line and item. materials: line -> the order's product line."""
    made: dict[tuple[int, int], tuple[Decimal, Decimal]] = {}
    for keys in chunked(sorted(materials)):
        products = sorted({materials[key] for key in keys})
        for line_id, item_id, quantity, value in _DRAWN.rows(conn, keys=keys, products=products):
            made[line_id, item_id] = (quantity, value)
    return made


def ordered_for(conn: Connection, line_ids: Iterable[int]) -> dict[int, Decimal]:
    """What orders and purchases were made for lines of sales orders, drafts too, void documents left out (domain §1)."""
    made: dict[int, Decimal] = {}
    for keys in chunked(sorted(set(line_ids))):
        query = (
            select(doc_line.c.demand_line_id, func.sum(doc_line.c.quantity))
            .join(doc, doc.c.id == doc_line.c.doc_id)
            .where(
                doc_line.c.demand_line_id.in_(keys), doc_line.c.role == "main",
                or_(doc.c.status == "C", doc.c.closing == "C"),
            )
            .group_by(doc_line.c.demand_line_id)
        )  # fmt: skip
        made.update((row[0], row[1]) for row in conn.execute(query))
    return made


def order_materials(conn: Connection, context: Context) -> None:
    """Adds to a context the material lines of the product lines that its documents execute."""
    wanted = sorted(key for key, source in context.sources.items() if source.line.role == "main")
    found: list[LineRow] = []
    for keys in chunked(wanted):
        query = select(*LINE_COLUMNS).where(doc_line.c.parent_line_id.in_(keys), doc_line.c.role == "material")
        found += [LineRow(*tuple(row)) for row in conn.execute(query.order_by(doc_line.c.id))]
    details = materials(conn, (line.id for line in found))
    context.items.update(load_items(conn, {line.item_id for line in found} - set(context.items)))
    for line in found:
        context.order_materials.setdefault(line.parent_line_id or 0, []).append((line, details[line.id]))
