"""What production documents must satisfy before approval."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction

from models.kernel.numbers import ZERO, round_down
from models.kernel.problems import Place, Problem
from services.documents import substituting
from services.documents.records import Context, DocRow, LineRow, Source


def check_order(doc: DocRow, lines: Sequence[LineRow], context: Context) -> list[Problem]:
    """A normal order does not use its own product (domain §9); rework may."""
    if doc.kind == "rework":
        return []
    products = {line.item_id: line for line in lines if line.role == "main"}
    return [
        Problem(
            "order.uses_itself",
            {"item": context.item(line).label},
            Place(document=doc.number, line=line.line_no, role="material"),
        )
        for line in lines
        if line.role == "material" and line.item_id in products
    ]


def check_issue(doc: DocRow, lines: Sequence[LineRow], context: Context) -> list[Problem]:
    """The item is the material line's or stands in for it, is drawn at all, and is of the right owner (I09).

    No more of an item comes back than was drawn of it, whatever it stood in for, by all returns of the batch together.
    """
    problems: list[Problem] = []
    for line in lines:
        source = context.sources[line.source_line_id or 0]
        material = context.materials[source.line.id]
        place = Place(document=doc.number, line=line.line_no)
        item = context.item(line)
        args = {"item": item.label, "order": source.doc.number}
        if doc.kind == "return":
            key = (source.line.id, line.item_id)
            back = context.returned[key] = context.returned.get(key, ZERO) + line.quantity
            drawn = context.drawn.get(key, (ZERO, ZERO))[0]
            # More of the planned item alone is the engine's to refuse: it compares what the order's line has executed.
            alone = all(
                line_id != source.line.id or drawn_id == source.line.item_id for line_id, drawn_id in context.drawn
            )
            if back > drawn and not (alone and line.item_id == source.line.item_id):
                figures = {"quantity": back, "drawn": drawn, "unit": item.unit}
                problems.append(Problem("issue.return_item", args | figures, place))
        elif not _may_be_drawn(doc, line, source, context):
            problems.append(Problem("issue.other_item", args | {"planned": context.item(source.line).label}, place))
        if material.issue == "none":
            problems.append(Problem("issue.not_drawn", args, place))
        store = context.warehouses[line.warehouse_id or 0]
        if (store.kind == "customer") != (material.supplied_by == "customer"):
            code = "issue.needs_customer_store" if material.supplied_by == "customer" else "issue.customer_store"
            problems.append(Problem(code, args | {"warehouse": store.name or store.code}, place))
    return problems


def _may_be_drawn(doc: DocRow, line: LineRow, source: Source, context: Context) -> bool:
    """The planned item, what the order says it stands in for, or a substitute that is approved on the day (domain §6)."""
    material = context.materials[source.line.id]
    if line.item_id in (source.line.item_id, material.substitute_for_id):
        return True
    ratio = substituting.ratio_on(context, source.line.id, line.item_id, doc.business_date)
    return ratio is not None and material.supplied_by == "own"


def check_receipt(doc: DocRow, lines: Sequence[LineRow], context: Context) -> list[Problem]:
    """Where the parameter asks for it, no more is received than complete sets were drawn (AT-09, AT-17)."""
    wanted = context.parameters.text("receipt_needs_picks")
    if wanted == "no":
        return []
    problems = []
    for line in lines:
        source = context.sources[line.source_line_id or 0]
        picked = [
            (material, detail)
            for material, detail in context.order_materials.get(source.line.id, ())
            if detail.issue == "pick" and material.quantity > 0 and (wanted == "all" or detail.key_part)
        ]
        received = context.received.get(source.line.id, source.line.done) + line.quantity
        context.received[source.line.id] = received
        if not picked:
            continue
        product = context.item(source.line)
        sets, material = min(
            ((_sets(one, source.line.quantity, product.decimals), one) for one, _ in picked), key=lambda pair: pair[0]
        )
        if received > sets:
            args = {
                "item": product.label, "order": source.doc.number, "received": received, "sets": sets,
                "unit": product.unit, "material": context.item(material).label, "drawn": material.done,
                "planned": material.quantity,
            }  # fmt: skip
            place = Place(document=doc.number, line=line.line_no, field="quantity")
            problems.append(Problem("receipt.needs_picks", args, place))
    return problems


def _sets(material: LineRow, ordered: Decimal, decimals: int) -> Decimal:
    return round_down(Fraction(max(material.done, ZERO)) / Fraction(material.quantity) * Fraction(ordered), decimals)
