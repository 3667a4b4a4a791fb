"""What production documents must satisfy before approval."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction

from models.kernel.numbers import ZERO, round_down
from models.kernel.problems import Place, Problem
from services.documents.records import Context, DocRow, LineRow


def check_order(doc: DocRow, lines: Sequence[LineRow], context: Context) -> list[Problem]:
    """A normal order does not use its own product (domain §9); rework may."""
    if doc.kind == "rework":
        return []
    products = {line.item_id: line for line in lines if line.role == "main"}
    return [
        Problem("order.uses_itself", {"item": context.item(line).label}, Place(document=doc.number, line=line.line_no))
        for line in lines
        if line.role == "material" and line.item_id in products
    ]


def check_issue(doc: DocRow, lines: Sequence[LineRow], context: Context) -> list[Problem]:
    """The item is the material line's, is drawn at all, and comes from goods of the right owner (I09)."""
    problems: list[Problem] = []
    for line in lines:
        source = context.sources[line.source_line_id or 0]
        material = context.materials[source.line.id]
        place = Place(document=doc.number, line=line.line_no)
        item = context.item(line)
        args = {"item": item.label, "order": source.doc.number}
        allowed = {source.line.item_id, material.substitute_for_id}
        if line.item_id not in allowed:
            problems.append(Problem("issue.other_item", args | {"planned": context.item(source.line).label}, place))
        if material.issue == "none":
            problems.append(Problem("issue.not_drawn", args, place))
        store = context.warehouses[line.warehouse_id or 0]
        if (store.kind == "customer") != (material.supplied_by == "customer"):
            code = "issue.needs_customer_store" if material.supplied_by == "customer" else "issue.customer_store"
            problems.append(Problem(code, args | {"warehouse": store.name or store.code}, place))
    return problems


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
