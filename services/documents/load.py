"""Reading documents and the context of a batch in a constant number of statements."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal

from sqlalchemy import Connection, func, select

from models.documents.tables import doc, doc_line, material_line
from models.kernel.problems import Place, Problem
from models.ledgers.tables import wip_move
from models.platform.tables import audit_event
from services.documents import substituting
from services.documents.records import Context, DocRow, LineRow, MaterialRow, Source
from services.ledgers.facts import KEYS, chunked, load_items, load_warehouses
from services.platform import parameters

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

_HEADS = select(*DOC_COLUMNS).where(doc.c.id.in_(KEYS)).order_by(doc.c.id)
_HEADS_LOCKED = _HEADS.with_for_update()
_LINES = (
    select(*LINE_COLUMNS)
    .where(doc_line.c.doc_id.in_(KEYS))
    .order_by(doc_line.c.doc_id, doc_line.c.role, doc_line.c.line_no)
)
_SOURCES = select(*LINE_COLUMNS).where(doc_line.c.id.in_(KEYS)).order_by(doc_line.c.id)
_SOURCES_LOCKED = _SOURCES.with_for_update()
_MATERIALS = select(*MATERIAL_COLUMNS).where(material_line.c.line_id.in_(KEYS))


def documents(conn: Connection, ids: Iterable[int], *, lock: bool = False) -> dict[int, DocRow]:
    """Heads by id; lock: for update, in id order."""
    made: dict[int, DocRow] = {}
    for keys in chunked(sorted(set(ids))):
        for row in conn.execute(_HEADS_LOCKED if lock else _HEADS, {"keys": keys}):
            made[row.id] = DocRow(*tuple(row))
    return made


def lines(conn: Connection, doc_ids: Iterable[int]) -> dict[int, list[LineRow]]:
    """Lines of documents, by document, in order of role and line number."""
    made: dict[int, list[LineRow]] = defaultdict(list)
    for keys in chunked(sorted(set(doc_ids))):
        for row in conn.execute(_LINES, {"keys": keys}):
            made[row.doc_id].append(LineRow(*tuple(row)))
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
    found: dict[int, LineRow] = {}
    wanted = sorted(set(line_ids))
    if lock and conn.dialect.name != "sqlite":
        for keys in chunked(wanted):
            mine = select(doc_line.c.doc_id).where(doc_line.c.id.in_(keys))
            conn.execute(select(doc.c.id).where(doc.c.id.in_(mine)).order_by(doc.c.id).with_for_update())
    for keys in chunked(wanted):
        rows = conn.execute(_SOURCES_LOCKED if lock else _SOURCES, {"keys": keys})
        found.update((row.id, LineRow(*tuple(row))) for row in rows)
    heads = documents(conn, (line.doc_id for line in found.values()))
    return {line_id: Source(heads[line.doc_id], line) for line_id, line in found.items()}


def materials(conn: Connection, line_ids: Iterable[int]) -> dict[int, MaterialRow]:
    """Material columns of order lines of role material."""
    made: dict[int, MaterialRow] = {}
    for keys in chunked(sorted(set(line_ids))):
        for row in conn.execute(_MATERIALS, {"keys": keys}):
            made[row.line_id] = MaterialRow(*tuple(row))
    return made


def context(conn: Connection, batch: Iterable[Sequence[LineRow]], *, lock: bool = False) -> Context:
    """What the lines of a batch need to be checked and posted."""
    every = [line for group in batch for line in group]
    wanted = sources(conn, (line.source_line_id for line in every if line.source_line_id is not None), lock=lock)
    item_ids = {line.item_id for line in every} | {source.line.item_id for source in wanted.values()}
    made = Context(load_items(conn, item_ids), load_warehouses(conn), parameters.load(conn), wanted)
    material_ids = [key for key, source in wanted.items() if source.line.role == "material"]
    made.materials = materials(conn, material_ids)
    made.drawn = drawn(conn, {key: wanted[key].line.parent_line_id or 0 for key in material_ids})
    substituting.load(conn, made, every)
    return made


def drawn(conn: Connection, materials: Mapping[int, int]) -> dict[tuple[int, int], tuple[Decimal, Decimal]]:
    """Quantity and value drawn so far, net of returns, by material line and item. materials: line -> the order's product line."""
    made: dict[tuple[int, int], tuple[Decimal, Decimal]] = {}
    w = wip_move.c
    for keys in chunked(sorted(materials)):
        query = select(w.material_line_id, w.item_id, func.sum(w.quantity), func.sum(w.value))
        # The index is by the order's product line.
        products = sorted({materials[key] for key in keys})
        query = query.where(w.order_line_id.in_(products), w.material_line_id.in_(keys))
        for row in conn.execute(query.group_by(w.material_line_id, w.item_id)):
            made[row[0], row[1]] = (row[2], row[3])
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
