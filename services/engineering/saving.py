"""Saving bills of material: many versions in one transaction, loops refused with their path."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from itertools import pairwise
from typing import Any

from sqlalchemy import delete, select, update

from models.engineering.tables import bom, bom_line, bom_output
from models.kernel.numbers import ZERO
from models.kernel.problems import Place, Problem, Refused
from models.kernel.texts import excess
from models.masterdata.tables import item
from services.engineering import reading
from services.engineering.structure import find_loop
from services.ledgers.facts import chunked, load_items
from services.platform.access.rights import APPROVE_BOM, CHANGE_BOM
from services.platform.db import Tx

ONE = Decimal(1)
FIRST_VERSION = "V1.0"
_FEW = 200
"""versions saved at once whose structure is read below them only, for the search of loops"""


LineKey = tuple[int, tuple[int, str, dt.date | None]]
"""version id, and component, position and start of validity of one of its lines"""


@dataclass(slots=True)
class LineDraft:
    """A component to save; position empty: numbered by tens."""

    component_id: int
    numerator: Decimal
    denominator: Decimal = ONE
    position: str = ""
    scrap_rate: Decimal = ZERO
    scrap_fixed: Decimal = ZERO
    issue: str = "pick"
    skip_level: bool = False
    key_part: bool = False
    supplied_by: str = "own"
    warehouse_id: int | None = None
    valid_from: dt.date | None = None
    valid_to: dt.date | None = None
    note: str = ""
    row: int = 0
    """sheet row, for problems"""

    @property
    def key(self) -> tuple[int, str, dt.date | None]:
        """What tells lines of a version apart: component, position, start of validity."""
        return self.component_id, self.position, self.valid_from


@dataclass(slots=True)
class OutputDraft:
    """An output to save."""

    item_id: int
    kind: str = "co"
    numerator: Decimal = ONE
    denominator: Decimal = ONE
    cost_share: Decimal | None = None
    cost_weight: Decimal | None = None
    cost_quota: Decimal | None = None
    row: int = 0


@dataclass(slots=True)
class VersionDraft:
    """A version to save. merge: lines given replace those of the same key, others stay (import)."""

    parent_id: int
    version_code: str = FIRST_VERSION
    lines: list[LineDraft] = field(default_factory=list)
    outputs: list[OutputDraft] | None = None
    note: str = ""
    merge: bool = False
    row: int = 0


@dataclass(frozen=True, slots=True)
class Saved:
    """Ids of the saved versions, and how many were new."""

    ids: tuple[int, ...]
    new: int


def save(tx: Tx, drafts: Sequence[VersionDraft], *, sheet: str = "bom") -> Saved:
    """Saves versions in bulk, all or none; a loop over enabled versions is refused with its path (AT-04e, I23)."""
    tx.require(CHANGE_BOM)
    stored = reading.versions(tx.conn, (draft.parent_id for draft in drafts))
    for draft in drafts:
        if draft.merge:
            _merge(draft, stored)
        _number_positions(draft)
    problems = _check(tx, drafts, sheet) + _check_texts(drafts, sheet)
    if problems:
        raise Refused(problems)
    known = {(v.parent_id, v.version_code): v.id for group in stored.values() for v in group}
    fresh = [draft for draft in drafts if (draft.parent_id, draft.version_code) not in known]
    for draft, key in zip(fresh, tx.reserve_ids(bom, len(fresh)), strict=True):
        known[draft.parent_id, draft.version_code] = key
    rows: list[dict[str, Any]] = [
        {
            "id": known[d.parent_id, d.version_code], "parent_id": d.parent_id, "version_code": d.version_code,
            "note": d.note, "created_by": tx.user, "created_at": tx.now,
        }
        for d in fresh
    ]  # fmt: skip
    tx.insert(bom, rows)
    ids = [known[draft.parent_id, draft.version_code] for draft in drafts]
    _replace_lines(tx, drafts, ids, {row["id"] for row in rows})
    _refuse_loops(tx, drafts, sheet)
    _record(tx, drafts, ids, {row["id"] for row in rows})
    return Saved(tuple(ids), len(fresh))


def _merge(draft: VersionDraft, stored: Mapping[int, Sequence[Any]]) -> None:
    old = next((v for v in stored.get(draft.parent_id, ()) if v.version_code == draft.version_code), None)
    if old is None:
        return
    given = {line.key for line in draft.lines}
    for line in old.lines:
        if (line.component_id, line.position, line.valid_from) not in given:
            draft.lines.append(
                LineDraft(
                    line.component_id, line.numerator, line.denominator, line.position, line.scrap_rate,
                    line.scrap_fixed, line.issue, line.skip_level, line.key_part, line.supplied_by,
                    line.warehouse_id, line.valid_from, line.valid_to, line.note,
                )
            )  # fmt: skip
    if draft.outputs is not None:
        items = {output.item_id for output in draft.outputs}
        draft.outputs += [
            OutputDraft(o.item_id, o.kind, o.numerator, o.denominator, o.cost_share, o.cost_weight, o.cost_quota)
            for o in old.outputs
            if o.item_id not in items
        ]


def _number_positions(draft: VersionDraft) -> None:
    taken = {line.position for line in draft.lines}
    number = 0
    for line in draft.lines:
        if not line.position:
            number += 10
            while str(number) in taken:
                number += 10
            line.position = str(number)
            taken.add(line.position)


def _check(tx: Tx, drafts: Sequence[VersionDraft], sheet: str) -> list[Problem]:
    ids = {draft.parent_id for draft in drafts} | {line.component_id for draft in drafts for line in draft.lines}
    items = load_items(tx.conn, ids | {o.item_id for d in drafts for o in d.outputs or ()})
    problems: list[Problem] = []
    for draft in drafts:
        parent = items[draft.parent_id]
        if parent.kind in ("purchased", "service"):
            problems.append(
                Problem("bom.parent_kind", {"item": parent.label}, Place(sheet, draft.row, "parent", field="parent"))
            )
        seen: set[tuple[int, str, dt.date | None]] = set()
        for line in draft.lines:
            component = items[line.component_id]
            args = {"parent": parent.label, "item": component.label, "position": line.position}

            def add(code: str, column: str, row: int = line.row, args: dict[str, str] = args) -> None:
                problems.append(Problem(code, args, Place(sheet, row, column, field=column)))

            if line.key in seen:
                add("bom.line_twice", "component")
            seen.add(line.key)
            if line.component_id == draft.parent_id:
                add("bom.itself", "component")
            if line.valid_from and line.valid_to and line.valid_from > line.valid_to:
                add("bom.dates", "valid_to")
            if line.issue == "backflush" and component.kind == "service":
                add("bom.service_backflush", "issue")
        for line, other in _overlaps(draft):
            span: dict[str, object] = {
                "parent": parent.label, "item": items[line.component_id].label, "position": line.position,
                "start": line.valid_from or "", "end": other.valid_to or "",
            }  # fmt: skip
            problems.append(Problem("bom.overlap", span, Place(sheet, line.row, "valid_from", field="valid_from")))
    return problems


def _check_texts(drafts: Sequence[VersionDraft], sheet: str) -> list[Problem]:
    """Texts that are longer than the book keeps."""
    texts = [
        (draft.row, key, text)
        for draft in drafts
        for key, text in (("version", draft.version_code), ("note", draft.note))
    ]
    lines = (line for draft in drafts for line in draft.lines)
    texts += [
        (line.row, key, text) for line in lines for key, text in (("position", line.position), ("note", line.note))
    ]
    return [
        Problem("text.too_long", excess(key, text), Place(sheet, row, key, field=key))
        for row, key, text in texts
        if excess(key, text)
    ]


def _overlaps(draft: VersionDraft) -> list[tuple[LineDraft, LineDraft]]:
    """Lines of one component and position that are valid on the same day as the one before them (I23)."""
    groups: dict[tuple[int, str], list[LineDraft]] = defaultdict(list)
    for line in draft.lines:
        groups[line.component_id, line.position].append(line)
    made = []
    for group in groups.values():
        ordered = sorted(group, key=lambda line: line.valid_from or dt.date.min) if len(group) > 1 else ()
        for before, after in pairwise(ordered):
            if before.key != after.key and (before.valid_to or dt.date.max) >= (after.valid_from or dt.date.min):
                made.append((after, before))
    return made


def _replace_lines(tx: Tx, drafts: Sequence[VersionDraft], ids: Sequence[int], fresh: set[int]) -> None:
    old = [key for key in ids if key not in fresh]
    for keys in chunked(old):
        tx.conn.execute(delete(bom_line).where(bom_line.c.bom_id.in_(keys)))
    replaced = [key for draft, key in zip(drafts, ids, strict=True) if draft.outputs is not None and key not in fresh]
    for keys in chunked(replaced):
        tx.conn.execute(delete(bom_output).where(bom_output.c.bom_id.in_(keys)))
    lines = [
        {
            "bom_id": key, "position": line.position, "component_id": line.component_id, "numerator": line.numerator,
            "denominator": line.denominator, "scrap_rate": line.scrap_rate, "scrap_fixed": line.scrap_fixed,
            "issue": line.issue, "skip_level": line.skip_level, "key_part": line.key_part,
            "supplied_by": line.supplied_by, "warehouse_id": line.warehouse_id, "valid_from": line.valid_from,
            "valid_to": line.valid_to, "note": line.note,
        }
        for draft, key in zip(drafts, ids, strict=True)
        for line in draft.lines
    ]  # fmt: skip
    outputs = [
        {
            "bom_id": key, "item_id": o.item_id, "kind": o.kind, "numerator": o.numerator, "denominator": o.denominator,
            "cost_share": o.cost_share, "cost_weight": o.cost_weight, "cost_quota": o.cost_quota,
        }
        for draft, key in zip(drafts, ids, strict=True)
        for o in draft.outputs or ()
    ]  # fmt: skip
    tx.insert(bom_line, lines)
    tx.insert(bom_output, outputs)


def _refuse_loops(tx: Tx, drafts: Sequence[VersionDraft], sheet: str) -> None:
    starts = sorted({draft.parent_id for draft in drafts})
    path = find_loop(reading.edges(tx.conn, starts if len(starts) <= _FEW else ()), starts)
    if path:
        codes = _codes(tx, path)
        in_loop = set(path)
        rows = [line.row for d in drafts if d.parent_id in in_loop for line in d.lines if line.component_id in in_loop]
        place = Place(sheet, min(rows, default=0), "component", field="component")
        raise Refused([Problem("bom.loop", {"path": " → ".join(codes[key] for key in path)}, place)])


def _codes(tx: Tx, ids: Sequence[int]) -> dict[int, str]:
    return {row.id: row.code for row in tx.conn.execute(select(item.c.id, item.c.code).where(item.c.id.in_(ids)))}


def _record(tx: Tx, drafts: Sequence[VersionDraft], ids: Sequence[int], fresh: set[int]) -> None:
    codes: dict[int, str] = {}
    for keys in chunked(sorted({draft.parent_id for draft in drafts})):
        codes.update(_codes(tx, keys))
    old = [key for key in ids if key not in fresh]
    for keys in chunked(old):
        tx.conn.execute(update(bom).where(bom.c.id.in_(keys)).values(version=bom.c.version + 1))
    for draft, key in zip(drafts, ids, strict=True):
        after = [[line.position, line.component_id, f"{line.numerator}/{line.denominator}"] for line in draft.lines]
        action = "create" if key in fresh else "change"
        tx.record("bom", key, f"{codes[draft.parent_id]} {draft.version_code}", action, after={"lines": after})
    tx.topic("bom")


def set_status(tx: Tx, ids: Sequence[int], *, approve: bool, rows: Mapping[LineKey, int] | None = None) -> None:
    """Approves versions or takes approval back.

    Refused: a version without lines, and a backflushed component that neither its line nor its item gives a warehouse
    (domain §12). rows: sheet row by version id and key of the line, for the places of those refusals.
    """
    tx.require(APPROVE_BOM)
    heads: list[Any] = []
    for keys in chunked(sorted(set(ids))):
        query = select(bom.c.id, bom.c.version_code, bom.c.status, item.c.code).join_from(
            bom, item, bom.c.parent_id == item.c.id
        )
        heads += tx.conn.execute(query.where(bom.c.id.in_(keys))).all()
    wanted = "C" if approve else "Z"
    moving = [head for head in heads if head.status != wanted]
    problems = _not_ready(tx, moving, rows or {}) if approve else []
    if problems:
        raise Refused(problems)
    for keys in chunked([head.id for head in moving]):
        values = {
            "status": wanted,
            "approved_by": tx.user if approve else "",
            "approved_at": tx.now if approve else None,
        }
        tx.conn.execute(update(bom).where(bom.c.id.in_(keys)).values(**values, version=bom.c.version + 1))
    for head in moving:
        tx.record("bom", head.id, f"{head.code} {head.version_code}", "approve" if approve else "reverse")
    tx.topic("bom")


def _not_ready(tx: Tx, heads: Sequence[Any], rows: Mapping[LineKey, int]) -> list[Problem]:
    """Why versions cannot be approved yet."""
    c, found = bom_line.c, defaultdict(list)
    for keys in chunked([head.id for head in heads]):
        columns = (c.bom_id, c.component_id, c.position, c.valid_from, c.issue, c.warehouse_id)
        query = select(*columns, item.c.warehouse_id.label("own"), item.c.code, item.c.name)
        query = query.join(item, item.c.id == c.component_id)
        for row in tx.conn.execute(query.where(c.bom_id.in_(keys)).order_by(c.id)):
            found[row.bom_id].append(row)
    problems = []
    for head in heads:
        name = f"{head.code} {head.version_code}"
        if not found[head.id]:
            problems.append(Problem("bom.empty", {"bom": name}))
        for line in found[head.id]:
            if line.issue != "backflush" or line.warehouse_id is not None or line.own is not None:
                continue
            args = {"bom": name, "position": line.position, "item": f"{line.code} {line.name}".strip()}
            sheet_row = rows.get((head.id, (line.component_id, line.position, line.valid_from)), 0)
            place = Place("bom" if sheet_row else "", sheet_row, "warehouse", field="warehouse")
            problems.append(Problem("bom.backflush_no_warehouse", args, place))
    return problems


def set_enabled(tx: Tx, bom_id: int, *, enabled: bool) -> None:
    """Disables a version, or enables it again unless that closes a loop (AT-04e)."""
    tx.require(CHANGE_BOM)
    row = tx.conn.execute(select(bom.c.parent_id, bom.c.version_code).where(bom.c.id == bom_id)).first()
    if row is None:
        raise Refused([Problem("bom.gone", {})])
    tx.conn.execute(update(bom).where(bom.c.id == bom_id).values(enabled=enabled, version=bom.c.version + 1))
    if enabled:
        _refuse_loops(tx, [VersionDraft(row.parent_id, row.version_code)], "bom")
    tx.record(
        "bom",
        bom_id,
        f"{_codes(tx, [row.parent_id])[row.parent_id]} {row.version_code}",
        "enable" if enabled else "disable",
    )
    tx.topic("bom")
