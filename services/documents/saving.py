"""Saving drafts: checked against the spine's common rules, numbered, written in bulk, recorded in the audit chain."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import delete, select, update

from models.documents.tables import doc, doc_line, material_line, order_line
from models.kernel.numbers import MONEY_PLACES, round_half_up
from models.kernel.problems import Place, Problem, Refused
from models.kernel.refs import DocRef
from services.documents import checks, load, outlines, rights
from services.documents.records import Context, DocDraft, DocRow, LineDraft, MaterialDraft, OutputDraft
from services.documents.types import DocType, registry
from services.ledgers.facts import chunked, load_items, load_warehouses
from services.platform import numbering, parameters
from services.platform.db import Tx


def create(tx: Tx, drafts: Sequence[DocDraft]) -> list[DocRef]:
    """Saves new drafts, all or none; Refused carries every problem."""
    rights.require(tx, "save", drafts)
    context = draft_context(tx, drafts)
    rights.keep_figures(tx, drafts, context)
    problems = prepare(tx, drafts, context)
    problems += _taken_numbers(tx, drafts)
    if problems:
        raise Refused(problems)
    _number(tx, drafts)
    ids = tx.reserve_ids(doc, len(drafts))
    tx.insert(doc, [_head(tx, draft, key) for draft, key in zip(drafts, ids, strict=True)])
    write_lines(tx, drafts, ids)
    refs = [DocRef(draft.type, key, draft.number) for draft, key in zip(drafts, ids, strict=True)]
    for draft, ref in zip(drafts, refs, strict=True):
        tx.record(ref.type, ref.id, ref.number, "create", after=outlines.of_draft(draft))
        tx.touched(ref)
        tx.topic(draft.type, *registry[draft.type].topics)
    return refs


def replace(tx: Tx, doc_id: int, version: int, draft: DocDraft) -> DocRef:
    """Saves a changed draft over a stored one; refused when somebody else changed it or it is approved.

    Lines keep their ids by line number, so that what was made from them still finds them.
    """
    head = load.documents(tx.conn, [doc_id], lock=True).get(doc_id)
    if head is None:
        raise Refused([Problem("document.gone", {"number": draft.number or doc_id})])
    rights.require(tx, "save", [head])
    problems = load.stale(tx.conn, {doc_id: head}, {doc_id: version}) or _not_editable(head)
    problems += rights.foreign(tx, [head])
    if problems:
        raise Refused(problems)
    context = draft_context(tx, [draft])
    draft.number = "" if _renumbered(draft, head, context) else draft.number or head.number
    if not tx.permits(rights.figures(head.type)):
        rights.keep_figures(tx, [draft], context, load.lines(tx.conn, [doc_id])[doc_id])
    problems = prepare(tx, [draft], context)
    if draft.number != head.number:
        problems += _taken_numbers(tx, [draft])
    if problems:
        raise Refused(problems)
    _number(tx, [draft])
    before = outlines.of_stored(tx, doc_id)
    known = _line_ids(tx, doc_id)
    _delete_lines(tx, doc_id)
    changed_head = _head(tx, draft, doc_id)
    for key in ("id", "created_by", "created_at", "client_key", "version", "system_made"):
        del changed_head[key]
    tx.conn.execute(update(doc).where(doc.c.id == doc_id).values(**changed_head, version=version + 1))
    write_lines(tx, [draft], [doc_id], known)
    ref = DocRef(head.type, doc_id, draft.number)
    tx.record(ref.type, ref.id, ref.number, "change", before=before, after=outlines.of_draft(draft))
    tx.touched(ref)
    tx.topic(head.type, *registry[head.type].topics)
    return ref


def _renumbered(draft: DocDraft, head: DocRow, context: Context) -> bool:
    """Whether what the number follows from has changed and the parameter asks for a new one (AT-30)."""
    if draft.number not in ("", head.number) or not context.parameters.flag("renumber_when_date_changes"):
        return False
    kind = registry[head.type]
    before, after = kind.number_prefix(head.kind), kind.number_prefix(draft.kind)
    moved = (before, head.business_date) != (after, draft.business_date)
    return moved and numbering.is_of(head.number, before, head.business_date)


def _not_editable(head: DocRow) -> list[Problem]:
    place, args = Place(document=head.number), {"number": head.number}
    if head.status != "Z":
        return [Problem("document.not_draft", args, place)]
    return [Problem("document.void", args, place)] if head.closing == "H" else []


def _line_ids(tx: Tx, doc_id: int) -> dict[tuple[str, int], int]:
    query = select(doc_line.c.role, doc_line.c.line_no, doc_line.c.id).where(doc_line.c.doc_id == doc_id)
    return {(row.role, row.line_no): row.id for row in tx.conn.execute(query)}


def draft_context(tx: Tx, drafts: Sequence[DocDraft]) -> Context:
    """Items, warehouses, parameters and source lines that drafts speak of."""
    items = {line.item_id for draft in drafts for line in draft.lines}
    for draft in drafts:
        items |= {line.item_id for line in draft.materials or ()} | {line.item_id for line in draft.outputs}
    wanted = load.sources(
        tx.conn, (line.source_line_id for draft in drafts for line in draft.lines if line.source_line_id is not None)
    )
    items |= {source.line.item_id for source in wanted.values()}
    return Context(load_items(tx.conn, items), load_warehouses(tx.conn), parameters.load(tx.conn), wanted)


def prepare(tx: Tx, drafts: Sequence[DocDraft], context: Context) -> list[Problem]:
    """Fills what the clerk left open and checks what holds for every document."""
    problems: list[Problem] = []
    groups: dict[str, list[DocDraft]] = defaultdict(list)
    gone = [problem for draft in drafts for problem in checks.check_items(draft, registry[draft.type], context)]
    if gone:
        return gone
    for draft in drafts:
        groups[draft.type].append(draft)
        for number, line in enumerate(draft.lines, start=1):
            line.line_no = line.line_no or number
        kind = registry[draft.type]
        _fill(draft, kind, context)
        problems += checks.check_head(draft, kind) + checks.check_texts(draft, kind)
        for line in draft.lines:
            problems += checks.check_line(draft, line, kind, context)
    if problems:
        return problems
    for code, group in groups.items():
        expand = registry[code].expand
        if expand is not None:
            problems += expand(tx, group, context)
    return problems


def _fill(draft: DocDraft, kind: DocType, context: Context) -> None:
    """What follows from the rest: the partner from the first source, the warehouse, the amount from price and quantity."""
    if draft.partner_id is None and kind.partner_role:
        found = (context.sources.get(line.source_line_id) for line in draft.lines if line.source_line_id is not None)
        draft.partner_id = next((source.doc.partner_id for source in found if source is not None), None)
    for line in draft.lines:
        if kind.needs_warehouse and line.warehouse_id is None:
            line.warehouse_id = context.default_warehouse(line.item_id, guess=draft.kind not in kind.unguessed)
        if line.price is not None:
            line.amount = round_half_up(line.price * line.quantity, MONEY_PLACES)


def _taken_numbers(tx: Tx, drafts: Sequence[DocDraft]) -> list[Problem]:
    problems, seen = [], set()
    by_type: dict[str, list[str]] = defaultdict(list)
    for draft in drafts:
        if not draft.number:
            continue
        if (draft.type, draft.number) in seen:
            problems.append(_number_exists(draft.type, draft.number))
        seen.add((draft.type, draft.number))
        by_type[draft.type].append(draft.number)
    for code, numbers in by_type.items():
        for keys in chunked(numbers):
            query = select(doc.c.number).where(doc.c.type == code, doc.c.number.in_(keys))
            problems += [_number_exists(code, number) for number in tx.conn.execute(query).scalars()]
    return problems


def _number_exists(code: str, number: str) -> Problem:
    where = Place(document=number, field="number")
    return Problem("document.number_exists", {"type": registry[code].title, "number": number}, where)


def _number(tx: Tx, drafts: Sequence[DocDraft]) -> None:
    prefixes = {prefix for kind in registry for prefix in (kind.prefix, *kind.prefixes.values())}
    numbering.pass_by(tx, prefixes, (draft.number for draft in drafts if draft.number))
    waiting: dict[tuple[str, dt.date], list[DocDraft]] = defaultdict(list)
    for draft in drafts:
        if not draft.number:
            waiting[registry[draft.type].number_prefix(draft.kind), draft.business_date].append(draft)
    for (prefix, day), group in sorted(waiting.items()):
        for draft, number in zip(group, numbering.take(tx, prefix, day, len(group)), strict=True):
            draft.number = number


def _head(tx: Tx, draft: DocDraft, key: int) -> dict[str, Any]:
    return {
        "id": key, "type": draft.type, "number": draft.number, "kind": draft.kind,
        "business_date": draft.business_date, "partner_id": draft.partner_id, "workshop": draft.workshop,
        "note": draft.note, "source_id": draft.source_id, "system_made": draft.system_made,
        "client_key": draft.client_key, "created_by": tx.user, "created_at": tx.now, "version": 1,
    }  # fmt: skip


def write_lines(
    tx: Tx, drafts: Sequence[DocDraft], ids: Sequence[int], known: Mapping[tuple[str, int], int] | None = None
) -> None:
    """Writes lines, materials and outputs. known: ids by role and line number that a changed document keeps."""
    keys = _LineKeys(tx, drafts, known or {})
    rows: list[dict[str, Any]] = []
    orders: list[dict[str, Any]] = []
    materials: list[dict[str, Any]] = []
    for draft, doc_id in zip(drafts, ids, strict=True):
        line_ids: dict[int, tuple[int, LineDraft]] = {}
        for line in draft.lines:
            key = keys.of("main", line.line_no)
            line_ids[line.line_no] = (key, line)
            rows.append(_line_row(doc_id, key, line))
            if draft.materials is not None or line.bom_version:
                orders.append(
                    {
                        "line_id": key,
                        "bom_id": line.bom_id,
                        "bom_version": line.bom_version,
                        "yield_rate": line.yield_rate,
                    }
                )
        for number, material in enumerate(draft.materials or (), start=1):
            material.line_no = material.line_no or number
            key = keys.of("material", material.line_no)
            rows.append(_part_row(doc_id, key, "material", material, *line_ids[material.parent_no]))
            materials.append(_material_row(key, material))
        for number, output in enumerate(draft.outputs, start=1):
            output.line_no = output.line_no or number
            key = keys.of("output", output.line_no)
            rows.append(_part_row(doc_id, key, "output", output, *line_ids[output.parent_no]))
    tx.insert(doc_line, rows)
    tx.insert(order_line, orders)
    tx.insert(material_line, materials)


class _LineKeys:
    """Ids of lines about to be written: the known one of its place, else a new one."""

    def __init__(self, tx: Tx, drafts: Sequence[DocDraft], known: Mapping[tuple[str, int], int]) -> None:
        count = sum(len(d.lines) + len(d.materials or ()) + len(d.outputs) for d in drafts)
        self._known = known
        self._fresh = iter(tx.reserve_ids(doc_line, count))

    def of(self, role: str, line_no: int) -> int:
        """The id of the line at a place."""
        key = self._known.get((role, line_no))
        return next(self._fresh) if key is None else key


def add_materials(
    tx: Tx, doc_id: int, materials: Sequence[MaterialDraft], parents: Mapping[int, tuple[int, LineDraft]]
) -> None:
    """Adds materials to lines that are stored. parents: id and draft of the line by its number."""
    keys = tx.reserve_ids(doc_line, len(materials))
    pairs = list(zip(keys, materials, strict=True))
    tx.insert(doc_line, [_part_row(doc_id, key, "material", part, *parents[part.parent_no]) for key, part in pairs])
    tx.insert(material_line, [_material_row(key, part) for key, part in pairs])


def _line_row(doc_id: int, key: int, line: LineDraft) -> dict[str, Any]:
    return {
        "id": key, "doc_id": doc_id, "role": "main", "line_no": line.line_no, "parent_line_id": None,
        "item_id": line.item_id, "quantity": line.quantity, "price": line.price, "amount": line.amount,
        "warehouse_id": line.warehouse_id, "lot": line.lot, "start_date": line.start_date, "due_date": line.due_date,
        "source_line_id": line.source_line_id, "demand_line_id": line.demand_line_id, "hours": line.hours,
        "note": line.note,
    }  # fmt: skip


def _part_row(
    doc_id: int, key: int, role: str, line: MaterialDraft | OutputDraft, parent_id: int, parent: LineDraft
) -> dict[str, Any]:
    warehouse = line.warehouse_id if isinstance(line, MaterialDraft) else None
    return {
        "id": key, "doc_id": doc_id, "role": role, "line_no": line.line_no, "parent_line_id": parent_id,
        "item_id": line.item_id, "quantity": line.quantity, "price": None, "amount": None, "warehouse_id": warehouse,
        "lot": "", "start_date": parent.start_date, "due_date": parent.due_date, "source_line_id": None,
        "demand_line_id": parent.demand_line_id, "hours": None, "note": line.note,
    }  # fmt: skip


def _material_row(key: int, line: MaterialDraft) -> dict[str, Any]:
    return {
        "line_id": key, "numerator": line.numerator, "denominator": line.denominator, "scrap_rate": line.scrap_rate,
        "scrap_fixed": line.scrap_fixed, "issue": line.issue, "key_part": line.key_part,
        "supplied_by": line.supplied_by, "origin": line.origin, "substitute_for_id": line.substitute_for_id,
    }  # fmt: skip


def _delete_lines(tx: Tx, doc_id: int) -> None:
    here = select(doc_line.c.id).where(doc_line.c.doc_id == doc_id)
    for table in (material_line, order_line):
        tx.conn.execute(delete(table).where(table.c.line_id.in_(here)))
    tx.conn.execute(delete(doc_line).where(doc_line.c.doc_id == doc_id))
