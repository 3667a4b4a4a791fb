"""What windows and the command line may ask of bills of material; every command is one transaction."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal

from sqlalchemy import select

from models.engineering.tables import bom
from models.kernel.problems import refuse
from models.kernel.refs import Changes
from services.engineering import comparing, exploding, outputs, queries, tree_saving, using
from services.engineering.order_materials import usage_of
from services.engineering.reading import first_product as first_by_code
from services.engineering.rolling import CostRow, roll_costs
from services.engineering.saving import FIRST_VERSION, LineDraft, OutputDraft
from services.engineering.structure import BomLine
from services.engineering.tree_saving import VersionEdit, next_version
from services.engineering.views import (
    BOM_STATES,
    MADE_KINDS,
    BomHead,
    BomNode,
    BomTree,
    Branch,
    DifferenceRow,
    ItemRow,
    OutputRow,
    PartRow,
    SubstituteRow,
    SummaryRow,
    TreeSaved,
    UsedRow,
    newest_first,
)
from services.platform import parameters
from services.platform.access.holding import reading
from services.platform.access.rights import SEE_COST
from services.platform.db import Database, Tx

__all__ = [
    "BOM_STATES",
    "FIRST_VERSION",
    "MADE_KINDS",
    "BomHead",
    "BomLine",
    "BomNode",
    "BomTree",
    "Branch",
    "CostRow",
    "DifferenceRow",
    "ItemRow",
    "LineDraft",
    "OutputDraft",
    "OutputRow",
    "PartRow",
    "SubstituteRow",
    "SummaryRow",
    "TreeSaved",
    "UsedRow",
    "VersionEdit",
    "approve_bom",
    "bom_tree",
    "branch",
    "compare",
    "copy_branch",
    "copy_version",
    "costs",
    "delete_draft",
    "disable",
    "enable",
    "first_product",
    "items_of",
    "next_version",
    "reverse_bom",
    "save_outputs",
    "save_tree",
    "summarised",
    "used_in",
    "versions",
    "where_used",
]  # fmt: skip


def bom_tree(db: Database, item_id: int, *, day: dt.date, version: str = "") -> BomTree:
    """A product's structure as of a day, below a wanted version or the one in force (多级正查); refused when the item is gone.

    Every item and version is read once, in a constant number of statements whatever the depth; nodes are made when a
    level is opened (BomNode.children), so 26 items that each use all later ones open at once (Odoo #149287).
    """
    with db.read() as conn:
        tree = queries.load_tree(conn, item_id, day=day, version=version)
    if tree is None:
        raise refuse("bom.item_gone")
    if version and item_id not in tree.chosen:
        raise refuse("bom.gone")
    return tree


def items_of(db: Database, texts: Iterable[str]) -> dict[str, ItemRow]:
    """Items of typed or pasted texts: exact code, else a name that only one item has; unknown texts are left out."""
    with db.read() as conn:
        ids = queries.resolve(conn, texts)
        rows = queries.load_item_rows(conn, ids.values())
    return {text: rows[key] for text, key in ids.items()}


def first_product(db: Database) -> str:
    """Code of the first item by code that has a bill and is used by no other; empty in a book without bills."""
    with db.read() as conn:
        return first_by_code(conn)


def branch(db: Database, texts: Iterable[str], *, day: dt.date) -> Branch:
    """The items of typed or pasted texts with everything below them, for a tree that is being edited."""
    with db.read() as conn:
        found = queries.resolve(conn, texts)
        ids = sorted(set(found.values()))
        tree = queries.load_tree(conn, ids[0], day=day, also=ids[1:]) if ids else None
    return Branch(found, tree)


def summarised(db: Database, item_id: int, quantity: Decimal, *, day: dt.date, version: str = "") -> list[SummaryRow]:
    """What a quantity takes of each lowest-level item (综合展开, AT-04d), by item code."""
    with db.read() as conn:
        usage = usage_of(parameters.load(conn))
        rows = exploding.summarise(conn, item_id, quantity, usage, day=day, version=version)
    if rows is None:
        raise refuse("bom.item_gone")
    return rows


def costs(db: Database, tree: BomTree) -> Mapping[int, CostRow]:
    """Reference material cost of one unit of every item of a tree, from the items' own unit costs upwards.

    Empty for a reader who may not see costs.
    """
    with db.read() as conn:
        if not reading(conn).allows(SEE_COST):
            return {}
        usage = usage_of(parameters.load(conn))
    return roll_costs(tree, usage)


def where_used(db: Database, item_id: int, *, mode: str = "multi", day: dt.date) -> list[UsedRow]:
    """Where an item is used: mode single (direct parents), multi (every level), top (end products) (AT-04c)."""
    with db.read() as conn:
        return using.where_used(conn, item_id, mode=mode, day=day)


def versions(db: Database, item_id: int) -> tuple[BomHead, ...]:
    """Every version of an item with its lines, the newest first."""
    with db.read() as conn:
        found = queries.VERSIONS_OF.of(conn, [item_id])
    return newest_first(found.get(item_id, []))


def used_in(db: Database, item_id: int) -> int:
    """How many items have an item in an enabled bill."""
    with db.read() as conn:
        return queries.used_in(conn, item_id)


def compare(db: Database, bom_a: int, bom_b: int) -> list[DifferenceRow]:
    """Differences from version a to version b, of one item or of two."""
    with db.read() as conn:
        found = queries.VERSIONS.of(conn, [bom_a, bom_b])
        heads = {head.id: head for group in found.values() for head in group}
        if not {bom_a, bom_b} <= heads.keys():
            raise refuse("bom.gone")
        ids = {line.component_id for head in heads.values() for line in head.lines}
        items = queries.load_parts(conn, ids)
    return comparing.compare(heads[bom_a], heads[bom_b], items)


def save_tree(db: Database, user: str, edits: Sequence[VersionEdit]) -> TreeSaved:
    """Saves every level that changed in one transaction, all or none."""

    def action(tx: Tx) -> TreeSaved:
        ids = tree_saving.save_tree(tx, edits)
        return TreeSaved(ids, tx.changes())

    return db.run(user, action)


def save_outputs(
    db: Database, user: str, bom_id: int, version: int, made: Sequence[OutputDraft], *, note: str
) -> Changes:
    """Replaces co- and by-products and the note of a draft version."""

    def action(tx: Tx) -> Changes:
        outputs.save(tx, bom_id, version, made, note)
        return tx.changes()

    return db.run(user, action)


def approve_bom(db: Database, user: str, heads: Mapping[int, int]) -> Changes:
    """Approves versions given as id -> version that was read (审核)."""

    def action(tx: Tx) -> Changes:
        tree_saving.set_status(tx, heads, approve=True)
        return tx.changes()

    return db.run(user, action)


def reverse_bom(db: Database, user: str, heads: Mapping[int, int]) -> Changes:
    """Takes approval back (反审核); orders keep the material lists they were given."""

    def action(tx: Tx) -> Changes:
        tree_saving.set_status(tx, heads, approve=False)
        return tx.changes()

    return db.run(user, action)


def enable(db: Database, user: str, bom_id: int, version: int) -> Changes:
    """Lets a version count again (启用); refused with the path when that closes a loop (AT-04e)."""
    return _set_enabled(db, user, bom_id, version, enabled=True)


def disable(db: Database, user: str, bom_id: int, version: int) -> Changes:
    """Takes a version out of use (禁用)."""
    return _set_enabled(db, user, bom_id, version, enabled=False)


def _set_enabled(db: Database, user: str, bom_id: int, version: int, *, enabled: bool) -> Changes:
    def action(tx: Tx) -> Changes:
        tree_saving.set_enabled(tx, bom_id, version, enabled=enabled)
        return tx.changes()

    return db.run(user, action)


def delete_draft(db: Database, user: str, bom_id: int, version: int) -> Changes:
    """Deletes a version that is not approved and that no order was made from."""

    def action(tx: Tx) -> Changes:
        tree_saving.delete_draft(tx, bom_id, version)
        return tx.changes()

    return db.run(user, action)


def copy_version(db: Database, user: str, bom_id: int) -> TreeSaved:
    """Copies a version into the next number of the same item, as a draft (V1.0 → V2.0)."""
    return copy_branch(db, user, bom_id, to_item_id=0)


def copy_branch(db: Database, user: str, bom_id: int, *, to_item_id: int) -> TreeSaved:
    """Copies a version to another item as its next draft; what stands below is shared (整枝复制)."""

    def action(tx: Tx) -> TreeSaved:
        key = tree_saving.copy(tx, bom_id, to_item_id=to_item_id)
        row = tx.conn.execute(select(bom.c.parent_id, bom.c.version_code).where(bom.c.id == key)).one()
        return TreeSaved({(row.parent_id, row.version_code): key}, tx.changes())

    return db.run(user, action)
