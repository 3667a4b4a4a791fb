"""Co- and by-products of a version, and its note: saved as a whole, beside the tree of components."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import delete, update

from models.engineering.tables import bom, bom_output
from models.kernel.problems import Place, Problem, Refused
from services.engineering import tree_saving
from services.engineering.saving import OutputDraft
from services.ledgers.facts import load_items
from services.platform.db import Tx


def save(tx: Tx, bom_id: int, version: int, outputs: Sequence[OutputDraft], note: str) -> None:
    """Replaces outputs and note of a draft.

    Refused, each with the row it was given: an item twice, the product as its own co-product, a quantity that is not above
    zero, more than one rule for its cost; and a version that is gone, approved or changed by somebody else.
    """
    head = tree_saving.draft_head(tx, bom_id, version)
    items = load_items(tx.conn, {output.item_id for output in outputs})
    problems: list[Problem] = []
    seen: set[int] = set()
    for row, output in enumerate(outputs, start=1):
        args = {"item": items[output.item_id].label}
        rules = [output.cost_share, output.cost_weight, output.cost_quota]
        for code, field, wrong in (
            ("bom.output_twice", "item", output.item_id in seen),
            ("bom.output_itself", "item", output.kind != "main" and output.item_id == head.parent_id),
            ("bom.output_usage", "numerator", output.numerator <= 0 or output.denominator <= 0),
            ("bom.output_cost", "cost_share", sum(rule is not None for rule in rules) > 1),
        ):
            if wrong:
                problems.append(Problem(code, args, Place(line=row, field=field)))
        seen.add(output.item_id)
    if problems:
        raise Refused(problems)
    tx.conn.execute(delete(bom_output).where(bom_output.c.bom_id == bom_id))
    rows = [
        {
            "bom_id": bom_id, "item_id": o.item_id, "kind": o.kind, "numerator": o.numerator, "denominator": o.denominator,
            "cost_share": o.cost_share, "cost_weight": o.cost_weight, "cost_quota": o.cost_quota,
        }
        for o in outputs
    ]  # fmt: skip
    tx.insert(bom_output, rows)
    tx.conn.execute(update(bom).where(bom.c.id == bom_id).values(note=note, version=bom.c.version + 1))
    after = {"note": note, "outputs": [[o.kind, o.item_id, f"{o.numerator}/{o.denominator}"] for o in outputs]}
    tx.record("bom", bom_id, f"{head.code} {head.version_code}", "change", before={"note": head.note}, after=after)
    tx.topic("bom")
