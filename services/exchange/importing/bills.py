"""Bills of material from the sheets bom and bom_outputs: lines are merged into stored versions and approved."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from models.kernel.problems import Problem, Refused
from models.kernel.sheets import Sheet
from services.engineering import reading, saving
from services.engineering.saving import LineDraft, OutputDraft, VersionDraft
from services.engineering.structure import BomLine, BomVersion, natural_key
from services.exchange.importing.batch import Batch
from services.exchange.importing.masters import UNKNOWN_CODE, Known
from services.exchange.importing.report import MasterCount
from services.exchange.parsed import Value
from services.exchange.sheets import find_sheet
from services.platform.db import Tx

VersionKey = tuple[int, str]
_TRIES = 20
_COST_KEYS = ("cost_share", "cost_weight", "cost_quota")


@dataclass(slots=True)
class _Counts:
    """Lines of a sheet by what happens to them."""

    new: int = 0
    changed: int = 0
    unchanged: int = 0

    def total(self) -> MasterCount:
        return MasterCount(self.new, self.changed, self.unchanged)

    def count(self, old: object, *, same: bool) -> None:
        if old is None:
            self.new += 1
        elif same:
            self.unchanged += 1
        else:
            self.changed += 1


@dataclass(slots=True)
class _Bills:
    """Versions under construction. Rows of lines are told apart from rows of outputs by being at least 1."""

    known: Known
    problems: list[Problem]
    lines: Batch
    outputs: Batch
    versions: dict[VersionKey, VersionDraft] = field(default_factory=dict)
    touched: set[VersionKey] = field(default_factory=set)


def save_bills(
    tx: Tx, lines: Batch | None, outputs: Batch | None, known: Known, problems: list[Problem]
) -> dict[str, MasterCount]:
    """Saves and approves the versions that the sheets change; versions that stay the same are not touched."""
    work = _Bills(known, problems, lines or Batch(_sheet("bom")), outputs or Batch(_sheet("bom_outputs")))
    _take_lines(work)
    _take_outputs(work)
    stored = _stored(tx, work)
    counts = {"bom": _compare_lines(work, stored), "bom_outputs": _compare_outputs(work, stored)}
    _save(tx, work, stored)
    return {name: counts[name].total() for name, batch in (("bom", lines), ("bom_outputs", outputs)) if batch}


def _sheet(name: str) -> Sheet:
    sheet = find_sheet(name)
    assert sheet is not None
    return sheet


def _resolved(work: _Bills, batch: Batch, key: str, codes: list[Value]) -> list[int | None]:
    """Ids of the codes of a column; an unknown one in a sound row is a problem there."""
    kind = batch.sheet.column(key).refers_to
    known = work.known.of(kind)
    ids = [known.get(code) if isinstance(code, str) else None for code in codes]
    if None in ids:
        for index in batch.good():
            code = codes[index]
            if ids[index] is None and code:
                batch.bad.add(index)
                if not work.known.refused(kind, code):
                    args = {"code": code, "kind": _sheet(kind).title}
                    work.problems.append(batch.problem(UNKNOWN_CODE, index, key, **args))
    return ids


def _take_lines(work: _Bills) -> None:
    """Lines into their versions, ordered by position, component and start, whatever the order of the rows."""
    batch = work.lines
    columns: dict[str, list[Any]] = batch.columns()
    parents, components, stores = (
        _resolved(work, batch, key, columns[key]) for key in ("parent", "component", "warehouse")
    )
    order = {text: natural_key(str(text or "\uffff")) for text in set(columns["position"])}
    codes, starts, positions = columns["component"], columns["valid_from"], columns["position"]
    good = batch.good()
    good.sort(key=lambda i: (order[positions[i]], codes[i], str(starts[i] or "")))
    for index in good:
        parent, component = parents[index], components[index]
        if parent is not None and component is not None:
            row = {key: column[index] for key, column in columns.items()}
            _version(work, parent, row["version"]).lines.append(
                LineDraft(
                    component, row["quantity"], row["base_quantity"], row["position"] or "", row["scrap_rate"],
                    row["scrap_fixed"], row["issue"], row["skip_level"], row["key"], row["supplied_by"], stores[index],
                    row["valid_from"], row["valid_to"], row["note"] or "", index + 1,
                )
            )  # fmt: skip


def _version(work: _Bills, parent: int, code: str) -> VersionDraft:
    key = (parent, code)
    if key not in work.versions:
        work.versions[key] = VersionDraft(parent, code, merge=True)
    return work.versions[key]


def _take_outputs(work: _Bills) -> None:
    batch = work.outputs
    columns: dict[str, list[Any]] = batch.columns()
    parents, items = (_resolved(work, batch, key, columns[key]) for key in ("parent", "item"))
    for index in sorted(batch.good(), key=lambda i: str(columns["item"][i])):
        row = {key: column[index] for key, column in columns.items()}
        parent, item = parents[index], items[index]
        costs = [key for key in _COST_KEYS if row[key] is not None]
        if len(costs) > 1:
            work.problems.append(batch.problem("exchange.output_cost", index, costs[1]))
        if parent is None or item is None or index in batch.bad:
            continue
        version = _version(work, parent, str(row["version"]))
        version.outputs = version.outputs or []
        version.outputs.append(
            OutputDraft(
                item, row["kind"], row["quantity"], row["base_quantity"], row["cost_share"], row["cost_weight"],
                row["cost_quota"], index + 1,
            )
        )  # fmt: skip


def _stored(tx: Tx, work: _Bills) -> Mapping[VersionKey, BomVersion]:
    found = reading.versions(tx.conn, (parent for parent, _code in work.versions))
    return {(v.parent_id, v.version_code): v for group in found.values() for v in group}


def _compare_lines(work: _Bills, stored: Mapping[VersionKey, BomVersion]) -> _Counts:
    """Counts lines, gives blank positions those the stored lines have, and marks versions that change."""
    counts = _Counts()
    for key, version in work.versions.items():
        old = stored.get(key)
        by_key = {(line.component_id, line.position, line.valid_from): line for line in old.lines} if old else {}
        _reuse_positions(version.lines, old.lines if old else ())
        for line in version.lines:
            before = by_key.get(line.key)
            same = before is not None and _same(line, before)
            counts.count(before, same=same)
            if not same:
                work.touched.add(key)
    return counts


def _reuse_positions(lines: Sequence[LineDraft], old: Sequence[BomLine]) -> None:
    """A line without position is the stored line of the same component and start, so that a second import changes nothing."""
    blank = [line for line in lines if not line.position]
    if not blank or not old:
        return
    taken = {line.key for line in lines}
    free: dict[tuple[int, dt.date | None], list[str]] = defaultdict(list)
    for line in sorted(old, key=lambda each: natural_key(each.position)):
        if (line.component_id, line.position, line.valid_from) not in taken:
            free[line.component_id, line.valid_from].append(line.position)
    for draft in blank:
        positions = free[draft.component_id, draft.valid_from]
        if positions:
            draft.position = positions.pop(0)


def _same(line: LineDraft, old: BomLine) -> bool:
    names = (
        "numerator", "denominator", "scrap_rate", "scrap_fixed", "issue", "skip_level", "key_part", "supplied_by",
        "warehouse_id", "valid_to", "note",
    )  # fmt: skip
    return all(getattr(line, name) == getattr(old, name) for name in names)


def _compare_outputs(work: _Bills, stored: Mapping[VersionKey, BomVersion]) -> _Counts:
    counts = _Counts()
    for key, version in work.versions.items():
        before = {output.item_id: output for output in stored[key].outputs} if key in stored else {}
        for output in version.outputs or ():
            old = before.get(output.item_id)
            names = ("kind", "numerator", "denominator", *_COST_KEYS)
            same = old is not None and all(getattr(output, name) == getattr(old, name) for name in names)
            counts.count(old, same=same)
            if not same:
                work.touched.add(key)
        if version.outputs and not version.lines and key not in stored:
            _unknown_version(work, version)
    return counts


def _unknown_version(work: _Bills, version: VersionDraft) -> None:
    batch = work.outputs
    parents = batch.column("parent")
    for output in version.outputs or ():
        index = output.row - 1
        args = {"parent": parents[index], "version": version.version_code}
        work.problems.append(batch.problem("exchange.bom_unknown", index, "version", **args))
    work.touched.discard((version.parent_id, version.version_code))


def _save(tx: Tx, work: _Bills, stored: Mapping[VersionKey, BomVersion]) -> None:
    """Saves what changed; a version that is refused is left out and the rest is tried again, to find every fault."""
    drafts = [work.versions[key] for key in sorted(work.touched)]
    waiting = [v.id for key, v in stored.items() if key in work.versions and v.status == "Z" and v.enabled]
    for _ in range(_TRIES):
        if not drafts:
            break
        try:
            with tx.conn.begin_nested():
                saved = saving.save(tx, drafts)
                rows = {
                    (key, line.key): line.row
                    for key, draft in zip(saved.ids, drafts, strict=True)
                    for line in draft.lines
                }
                saving.set_status(tx, [*saved.ids, *waiting], approve=True, rows=rows)
        except Refused as refused:
            work.problems += work.lines.translated(refused.problems)
            sound = [draft for draft in drafts if all(line.row - 1 not in work.lines.bad for line in draft.lines)]
            if len(sound) == len(drafts):
                return
            drafts = sound
        else:
            return
    if waiting:
        saving.set_status(tx, waiting, approve=True)
