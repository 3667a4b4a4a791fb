"""One save for all levels of a tree that changed, and the verbs of a version, each refused when somebody else was faster."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import delete, select

from models.documents.tables import order_line
from models.engineering.tables import bom, bom_line, bom_output
from models.kernel.problems import Place, Problem, Refused, refuse
from models.masterdata.tables import item
from services.engineering import reading, saving
from services.engineering.saving import FIRST_VERSION, LineDraft, OutputDraft, VersionDraft
from services.ledgers.facts import chunked
from services.platform.access.rights import APPROVE_BOM, CHANGE_BOM
from services.platform.db import Tx

_NUMBERED = re.compile(r"^(\D*)(\d+)(\.\d+)?$")


@dataclass(slots=True)
class VersionEdit:
    """A version as the tree wants it saved. bom_id 0: new. version: the one that was read."""

    parent_id: int
    version_code: str = FIRST_VERSION
    lines: list[LineDraft] = field(default_factory=list)
    bom_id: int = 0
    version: int = 0
    note: str = ""
    row: int = 0


def save_tree(tx: Tx, edits: Sequence[VersionEdit]) -> dict[tuple[int, str], int]:
    """Saves every changed version in this transaction, all or none; id by (item, version code).

    Refused: a version that is gone, was changed by somebody else or is approved, a new one whose code is taken, a usage that
    is not positive, and whatever saving refuses. The place of a problem carries the row that the edit or line was given.
    """
    heads = _locked(tx, [edit.bom_id for edit in edits if edit.bom_id])
    taken = _taken(tx, edits)
    problems: list[Problem] = []
    for edit in edits:
        place = Place(row=edit.row)
        if edit.bom_id:
            problems += _movable(heads.get(edit.bom_id), edit.version, place)
        elif (edit.parent_id, edit.version_code) in taken:
            name = f"{taken[edit.parent_id, edit.version_code]} {edit.version_code}"
            problems.append(Problem("bom.version_exists", {"bom": name}, place))
        problems += [
            Problem("bom.usage", {"position": line.position or number}, Place(row=line.row, field="numerator"))
            for number, line in enumerate(edit.lines, start=1)
            if line.numerator <= 0 or line.denominator <= 0
        ]
    if problems:
        raise Refused(problems)
    drafts = [
        VersionDraft(edit.parent_id, edit.version_code, edit.lines, note=edit.note, row=edit.row) for edit in edits
    ]
    saved = saving.save(tx, drafts, sheet="")
    return {(edit.parent_id, edit.version_code): key for edit, key in zip(edits, saved.ids, strict=True)}


def _locked(tx: Tx, ids: Iterable[int], right: str = CHANGE_BOM) -> dict[int, Any]:
    tx.require(right)
    made = {}
    columns = (bom.c.id, bom.c.parent_id, bom.c.version_code, bom.c.status, bom.c.enabled, bom.c.version, bom.c.note)
    for keys in chunked(sorted(set(ids))):
        query = select(*columns, item.c.code).join(item, item.c.id == bom.c.parent_id).where(bom.c.id.in_(keys))
        for row in tx.conn.execute(query.order_by(bom.c.id).with_for_update(of=bom)):
            made[row.id] = row
    return made


def _taken(tx: Tx, edits: Sequence[VersionEdit]) -> dict[tuple[int, str], str]:
    made = {}
    for keys in chunked(sorted({edit.parent_id for edit in edits if not edit.bom_id})):
        query = select(bom.c.parent_id, bom.c.version_code, item.c.code).join(item, item.c.id == bom.c.parent_id)
        for row in tx.conn.execute(query.where(bom.c.parent_id.in_(keys))):
            made[row.parent_id, row.version_code] = row.code
    return made


def _movable(head: Any, version: int, place: Place) -> list[Problem]:
    if head is None:
        return [Problem("bom.gone", {}, place)]
    name = f"{head.code} {head.version_code}"
    if version and head.version != version:
        return [Problem("bom.stale", {"bom": name}, place)]
    if head.status == "C":
        return [Problem("bom.approved", {"bom": name}, place)]
    return []


def _unchanged(tx: Tx, versions: Mapping[int, int], right: str = CHANGE_BOM) -> dict[int, Any]:
    heads = _locked(tx, versions, right)
    problems = []
    for key, version in versions.items():
        head = heads.get(key)
        if head is None:
            problems.append(Problem("bom.gone"))
        elif version and head.version != version:
            problems.append(Problem("bom.stale", {"bom": f"{head.code} {head.version_code}"}))
    if problems:
        raise Refused(problems)
    return heads


def draft_head(tx: Tx, bom_id: int, version: int) -> Any:
    """The locked head of a draft; refused when it is gone, approved or not as it was read."""
    head = _locked(tx, [bom_id]).get(bom_id)
    problems = _movable(head, version, Place())
    if problems:
        raise Refused(problems)
    return head


def set_status(tx: Tx, versions: Mapping[int, int], *, approve: bool) -> None:
    """Approves or reverses versions given as id -> version that was read."""
    _unchanged(tx, versions, APPROVE_BOM)
    saving.set_status(tx, list(versions), approve=approve)


def set_enabled(tx: Tx, bom_id: int, version: int, *, enabled: bool) -> None:
    """Disables a version or enables it again; enabling a loop is refused with its path (AT-04e)."""
    _unchanged(tx, {bom_id: version})
    saving.set_enabled(tx, bom_id, enabled=enabled)


def delete_draft(tx: Tx, bom_id: int, version: int) -> None:
    """Deletes a version that is not approved and that no order was made from."""
    head = _unchanged(tx, {bom_id: version})[bom_id]
    name = f"{head.code} {head.version_code}"
    if head.status == "C":
        raise refuse("bom.delete_approved", bom=name)
    if tx.conn.execute(select(order_line.c.line_id).where(order_line.c.bom_id == bom_id).limit(1)).first():
        raise refuse("bom.in_use", bom=name)
    tx.conn.execute(delete(bom_line).where(bom_line.c.bom_id == bom_id))
    tx.conn.execute(delete(bom_output).where(bom_output.c.bom_id == bom_id))
    tx.conn.execute(delete(bom).where(bom.c.id == bom_id))
    tx.record("bom", bom_id, name, "delete")
    tx.topic("bom")


def copy(tx: Tx, bom_id: int, *, to_item_id: int = 0) -> int:
    """Copies a version into the next one of its item, or of another item (整枝复制): a draft; the new id.

    What stands below is shared, not copied. Expired lines come along; outputs too, unless another item receives them.
    """
    head = _locked(tx, [bom_id]).get(bom_id)
    if head is None:
        raise refuse("bom.gone")
    target = to_item_id or head.parent_id
    stored = reading.versions(tx.conn, {head.parent_id, target})
    source = next(v for v in stored[head.parent_id] if v.id == bom_id)
    lines = [
        LineDraft(
            line.component_id, line.numerator, line.denominator, line.position, line.scrap_rate, line.scrap_fixed,
            line.issue, line.skip_level, line.key_part, line.supplied_by, line.warehouse_id, line.valid_from,
            line.valid_to, line.note,
        )
        for line in source.lines
    ]  # fmt: skip
    outputs = [
        OutputDraft(o.item_id, o.kind, o.numerator, o.denominator, o.cost_share, o.cost_weight, o.cost_quota)
        for o in source.outputs
        if target == head.parent_id or o.item_id != head.parent_id
    ]
    code = next_version([v.version_code for v in stored.get(target, [])])
    saved = saving.save(tx, [VersionDraft(target, code, lines, outputs, head.note)], sheet="")
    return saved.ids[0]


def next_version(codes: Iterable[str]) -> str:
    """The highest number and one: V1.0, V2.0 → V3.0; gaps are not filled (domain §4)."""
    best: tuple[int, str, str] | None = None
    for code in codes:
        found = _NUMBERED.match(code)
        if found and (best is None or int(found[2]) > best[0]):
            best = (int(found[2]), found[1], found[3] or "")
    if best is None:
        return FIRST_VERSION
    tail = ".0" if best[2] else ""
    return f"{best[1]}{best[0] + 1}{tail}"
