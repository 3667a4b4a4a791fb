"""Change 变更 of an approved order: quantities, dates, prices, lines and materials, never below what was executed (AT-09, AT-27d)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction
from typing import Any

from sqlalchemy import delete, or_, select, update

from models.documents.tables import doc, doc_line, doc_link, material_line, order_line
from models.kernel.numbers import round_down, round_half_up, round_up
from models.kernel.problems import Place, Problem, Refused
from models.kernel.refs import DocRef
from services.documents import approving, load, outlines, rights, saving
from services.documents.links import roll_up
from services.documents.records import Context, DocDraft, DocRow, LineDraft, LineRow, MaterialDraft, MaterialRow
from services.documents.types import DocType, registry
from services.platform.db import Tx

_LINE_FIELDS = ("quantity", "price", "amount", "warehouse_id", "lot", "start_date", "due_date", "note")


@dataclass(slots=True)
class _Case:
    """One change on its way: what is stored, what is wanted, what is found wrong."""

    head: DocRow
    kind: DocType
    draft: DocDraft
    main: Mapping[int, LineRow]
    parts: Sequence[LineRow]
    materials: Mapping[int, MaterialRow]
    context: Context
    problems: list[Problem] = field(default_factory=list)

    def add(
        self,
        code: str,
        line: int = 0,
        field_name: str = "",
        /,
        *,
        role: str = "",
        ref: DocRef | None = None,
        **args: Any,
    ) -> None:
        """Adds a problem at a line's field, of the materials where role says so."""
        where = Place(document=self.head.number, line=line, field=field_name, role="" if role == "main" else role)
        self.problems.append(Problem(code, {"number": self.head.number, "line": line, **args}, where, ref))

    def label(self, item_id: int) -> str:
        """An item as sentences name it."""
        return self.context.items[item_id].label if item_id in self.context.items else str(item_id)


def change(tx: Tx, doc_id: int, version: int, draft: DocDraft, *, reason: str) -> DocRef:
    """Makes an approved, open order what the draft says; earlier versions stay in the audit chain with the reason.

    Lines are the stored ones by line number; a number not stored is a new line, a stored one that is missing is deleted. materials None:
    the order's own list follows the quantities in proportion (I23: not the bill of today); given, it is taken as typed. The right to
    save and to approve are both needed, and where four eyes are asked for the maker does not change what he made.
    """
    head = load.documents(tx.conn, [doc_id], lock=True).get(doc_id)
    if head is None:
        raise Refused([Problem("document.gone", {"number": draft.number or doc_id})])
    rights.require(tx, "save", [head])
    rights.require(tx, "approve", [head])
    problems = load.stale(tx.conn, {doc_id: head}, {doc_id: version}) or _not_open(head, reason)
    if problems:
        raise Refused(problems)
    case = _open_case(tx, head, draft)
    before = outlines.of_stored(tx, doc_id)
    fresh = _prepare(tx, case)
    gone = _gone(tx, case)
    if case.problems:
        raise Refused(case.problems)
    moved = _write(tx, case, fresh, gone)
    tx.conn.execute(
        update(doc).where(doc.c.id == doc_id).values(note=draft.note, workshop=draft.workshop, version=version + 1)
    )
    _relink(tx, case, moved)
    tx.record(
        head.type, doc_id, head.number, "amend", before=before, after=outlines.of_stored(tx, doc_id), reason=reason
    )
    ref = DocRef(head.type, doc_id, head.number)
    tx.touched(ref)
    tx.topic(head.type, *case.kind.topics)
    return ref


def _not_open(head: DocRow, reason: str) -> list[Problem]:
    place, args = Place(document=head.number), {"number": head.number, "title": registry[head.type].title}
    if registry[head.type].posting is not None:
        return [Problem("document.not_changeable", args, place)]
    if head.status != "C":
        return [Problem("document.change_draft", args, place)]
    if head.closing != "C":
        return [Problem("document.change_closed", args, place)]
    return [] if reason.strip() else [Problem("document.change_reason", args, place)]


def _open_case(tx: Tx, head: DocRow, draft: DocDraft) -> _Case:
    stored = load.lines(tx.conn, [head.id])[head.id]
    main = {line.line_no: line for line in stored if line.role == "main"}
    parts = [line for line in stored if line.role != "main"]
    context = saving.draft_context(tx, [draft])
    known = load.context(tx.conn, [stored])
    context.items.update(known.items)
    materials = load.materials(tx.conn, [line.id for line in parts if line.role == "material"])
    case = _Case(head, registry[head.type], draft, main, parts, materials, context)
    case.problems += rights.same_eyes(tx, [head], context)
    if not tx.permits(rights.figures(head.type)):
        rights.keep_figures(tx, [draft], context, stored)
    _keep_head(case)
    return case


def _keep_head(case: _Case) -> None:
    """Number, date, kind and partner are what the document is; they do not change."""
    head, draft = case.head, case.draft
    same = (
        draft.type == head.type
        and draft.number in ("", head.number)
        and draft.business_date == head.business_date
        and draft.kind == head.kind
        and draft.partner_id in (None, head.partner_id)
    )
    if not same:
        case.add("document.change_head")
    draft.number, draft.partner_id = head.number, head.partner_id


def _prepare(tx: Tx, case: _Case) -> DocDraft:
    """Checks the whole as it will be; the draft of the new lines alone, with materials of their own."""
    draft, given = case.draft, case.draft.materials
    next_no = max([*case.main, *(line.line_no for line in draft.lines)], default=0)
    for line in draft.lines:
        if not line.line_no:
            next_no += 1
            line.line_no = next_no
    draft.materials = given if given is not None else []
    case.problems += saving.prepare(tx, [draft], case.context)
    draft.materials = given
    for line in draft.lines:
        old = case.main.get(line.line_no)
        if old is not None:
            _check_line(case, line, old)
    fresh = DocDraft(
        draft.type, draft.business_date, [line for line in draft.lines if line.line_no not in case.main], number=draft.number,
        kind=draft.kind, partner_id=draft.partner_id, workshop=draft.workshop,
    )  # fmt: skip
    if fresh.lines and case.kind.expand is not None and not case.problems:
        case.problems += case.kind.expand(tx, [fresh], case.context)
    return fresh


def _check_line(case: _Case, line: LineDraft, old: LineRow) -> None:
    item = case.label(old.item_id)
    if line.item_id != old.item_id:
        case.add("document.change_item", line.line_no, "item", item=item)
    elif line.quantity < old.done:
        case.add(
            "document.change_below_done", line.line_no, "quantity", item=item, quantity=line.quantity, done=old.done
        )
    if line.source_line_id != old.source_line_id:
        case.add("document.change_source", line.line_no, "source", item=item)


def _gone(tx: Tx, case: _Case) -> list[LineRow]:
    """Stored lines and materials that are not wanted any more; refused where something was made from them."""
    kept = {line.line_no for line in case.draft.lines}
    lines = [line for number, line in case.main.items() if number not in kept]
    parents = {line.id for line in lines}
    given = case.draft.materials
    wanted = None if given is None else {material.line_no for material in given}
    for part in case.parts:
        dropped = part.role == "material" and wanted is not None and part.line_no not in wanted
        if part.parent_line_id in parents or dropped:
            lines.append(part)
    used = _users(tx, [line.id for line in lines])
    for line in lines:
        if line.id in used or line.done:
            code = "document.change_used" if line.role == "main" else "document.change_material_used"
            user = used.get(line.id)
            case.add(
                code,
                line.line_no,
                "item",
                role=line.role,
                ref=user,
                item=case.label(line.item_id),
                other=user.number if user else "",
            )
    return lines


def _users(tx: Tx, line_ids: Sequence[int]) -> dict[int, DocRef]:
    """A document that names each line as its source or demand; void ones count: they can still be looked up."""
    made: dict[int, DocRef] = {}
    if not line_ids:
        return made
    named = or_(doc_line.c.source_line_id.in_(line_ids), doc_line.c.demand_line_id.in_(line_ids))
    query = select(doc_line.c.source_line_id, doc_line.c.demand_line_id, doc.c.type, doc.c.id, doc.c.number)
    for row in tx.conn.execute(query.join(doc, doc.c.id == doc_line.c.doc_id).where(named)):
        for key in (row[0], row[1]):
            if key in line_ids:
                made[key] = DocRef(row[2], row[3], row[4])
    return made


def _write(tx: Tx, case: _Case, fresh: DocDraft, gone: Sequence[LineRow]) -> set[int]:
    """Writes what differs; ids of main lines whose link to their source must be made again."""
    taken = {line.id for line in gone}
    moved: set[int] = set()
    _delete(tx, taken)
    for line in case.draft.lines:
        old = case.main.get(line.line_no)
        if old is None:
            continue
        wanted = {key: getattr(line, key) for key in _LINE_FIELDS}
        if any(getattr(old, key) != value for key, value in wanted.items()):
            tx.conn.execute(update(doc_line).where(doc_line.c.id == old.id).values(**wanted))
        if line.quantity != old.quantity:
            moved.add(old.id)
        _follow(tx, case, line, old, taken)
    if case.draft.materials is not None:
        _write_materials(tx, case, taken)
    if case.problems:
        raise Refused(case.problems)
    if fresh.lines:
        _number_parts(case, fresh)
        saving.write_lines(tx, [fresh], [case.head.id])
    roll_up(tx, (line.id for line in (*case.main.values(), *case.parts) if line.id not in taken))
    return moved | {-line.line_no for line in fresh.lines if line.source_line_id is not None}


def _delete(tx: Tx, ids: Iterable[int]) -> None:
    keys = sorted(ids)
    if not keys:
        return
    sources = set(
        tx.conn.execute(select(doc_link.c.source_line_id).where(doc_link.c.target_line_id.in_(keys))).scalars()
    )
    tx.conn.execute(delete(doc_link).where(doc_link.c.target_line_id.in_(keys)))
    for table in (material_line, order_line):
        tx.conn.execute(delete(table).where(table.c.line_id.in_(keys)))
    tx.conn.execute(delete(doc_line).where(doc_line.c.id.in_(keys)))
    roll_up(tx, sources)


def _follow(tx: Tx, case: _Case, line: LineDraft, old: LineRow, taken: set[int]) -> None:
    """Materials and expected co-products of a line follow its quantity and dates."""
    typed = case.draft.materials is not None
    for part in case.parts:
        if part.parent_line_id != old.id or part.id in taken:
            continue
        values: dict[str, Any] = {"start_date": line.start_date, "due_date": line.due_date}
        if line.quantity != old.quantity and not (typed and part.role == "material"):
            values["quantity"] = _planned(case, part, old.quantity, line.quantity)
            _check_material(case, part, values["quantity"])
        tx.conn.execute(update(doc_line).where(doc_line.c.id == part.id).values(**values))


def _planned(case: _Case, part: LineRow, before: Decimal, after: Decimal) -> Decimal:
    """What the order's own list asks for at another quantity, rounded once; a quantity set by hand follows in proportion."""
    decimals = case.context.items[part.item_id].decimals
    material = case.materials.get(part.id)
    if material is None:
        return round_down(Fraction(part.quantity) * Fraction(after) / Fraction(before), decimals)
    rounded = round_half_up if case.context.parameters.text("material_rounding") == "half_up" else round_up
    divide = case.context.parameters.text("scrap_formula") == "divide"
    if rounded(_needed(material, before, divide=divide), decimals) == part.quantity:
        return rounded(_needed(material, after, divide=divide), decimals)
    return rounded(Fraction(part.quantity) * Fraction(after) / Fraction(before), decimals)


def _needed(material: MaterialRow, quantity: Decimal, *, divide: bool) -> Fraction:
    """Usage with proportional loss (AT-04b), and the fixed loss once."""
    bare = Fraction(quantity) * Fraction(material.numerator) / Fraction(material.denominator)
    rate = Fraction(material.scrap_rate)
    return (bare / (1 - rate) if divide else bare * (1 + rate)) + Fraction(material.scrap_fixed)


def _check_material(case: _Case, part: LineRow, quantity: Decimal, *, typed: bool = False) -> None:
    """Planned is never below picked; the place is the material where its quantity was typed, else the line it follows."""
    if quantity < part.done:
        parent = next((number for number, line in case.main.items() if line.id == part.parent_line_id), 0)
        case.add(
            "document.change_below_drawn",
            part.line_no if typed else parent,
            "quantity",
            role="material" if typed else "",
            item=case.label(part.item_id),
            quantity=quantity,
            done=part.done,
        )


def _write_materials(tx: Tx, case: _Case, taken: set[int]) -> None:
    """Materials as typed: planned quantity, way of issue, store; new ones belong to the line they name."""
    stored = {part.line_no: part for part in case.parts if part.role == "material" and part.id not in taken}
    added: list[MaterialDraft] = []
    for material in case.draft.materials or ():
        old = stored.get(material.line_no)
        if old is None:
            added.append(material)
            continue
        if material.item_id != old.item_id:
            case.add(
                "document.change_material_item", material.line_no, "item", role="material", item=case.label(old.item_id)
            )
            continue
        _check_material(case, old, material.quantity, typed=True)
        values = {"quantity": material.quantity, "warehouse_id": material.warehouse_id, "note": material.note}
        tx.conn.execute(update(doc_line).where(doc_line.c.id == old.id).values(**values))
        tx.conn.execute(update(material_line).where(material_line.c.line_id == old.id).values(issue=material.issue))
    if added and not case.problems:
        top = max((part.line_no for part in case.parts if part.role == "material"), default=0)
        parents = {
            line.line_no: (case.main[line.line_no].id, line) for line in case.draft.lines if line.line_no in case.main
        }
        for number, material in enumerate(added, start=top + 1):
            material.line_no, material.origin = number, "change"
        saving.add_materials(tx, case.head.id, [m for m in added if m.parent_no in parents], parents)


def _number_parts(case: _Case, fresh: DocDraft) -> None:
    """New lines' materials and outputs are numbered after the stored ones."""
    given = [material.line_no for material in case.draft.materials or ()]
    last = max([*given, *(part.line_no for part in case.parts if part.role == "material")], default=0)
    for number, material in enumerate(fresh.materials or (), start=last + 1):
        material.line_no = number
    last = max((part.line_no for part in case.parts if part.role == "output"), default=0)
    for number, output in enumerate(fresh.outputs, start=last + 1):
        output.line_no = number


def _relink(tx: Tx, case: _Case, moved: set[int]) -> None:
    """Links of changed and new lines to their sources are made again, within the sources' limits; the type checks the whole."""
    stored = load.lines(tx.conn, [case.head.id])[case.head.id]
    main = [line for line in stored if line.role == "main"]
    again = [line for line in main if line.source_line_id is not None and (line.id in moved or -line.line_no in moved)]
    old = doc_link.c.target_line_id.in_([line.id for line in again])
    if again:
        tx.conn.execute(delete(doc_link).where(old))
        roll_up(tx, (line.source_line_id for line in again if line.source_line_id is not None))
    context = load.context(tx.conn, [stored], lock=True)
    links, problems = approving.links_of(case.kind, [case.head], {case.head.id: again}, context)
    if case.kind.check is not None:
        problems += case.kind.check(case.head, stored, context)
    if problems:
        raise Refused(problems)
    tx.insert(doc_link, links)
    roll_up(tx, (link["source_line_id"] for link in links))  # type: ignore[misc]
    tx.topic(*(context.sources[line.source_line_id].doc.type for line in again if line.source_line_id))
