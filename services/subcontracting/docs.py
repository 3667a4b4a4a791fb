"""Document type of subcontracting: the order whose material we supply and whose processing we pay."""

from __future__ import annotations

from models.kernel.vocabulary import ORDER_KINDS
from services.documents.pushing import to_left, to_return
from services.documents.types import DocType, Route, registry
from services.engineering.order_materials import expand

SUBCONTRACT_ORDER = DocType(
    code="subcontract_order",
    title="委外加工单",
    prefix="WWJGD",
    area="subcontracting",
    sheet="subcontract_orders",
    partner_role="supplier",
    partner_required=True,
    kinds=ORDER_KINDS,
    routes=(Route("sales_order", limited=False, same_item=False),),
    needs_price=True,
    closes=True,
    order=31,
    expand=expand,
    link=lambda _doc, line, _source: ("demand", line.quantity),
    pushes={
        "material_issue": to_left("material_issue", role="material", issue="pick"),
        "product_receipt": to_left("product_receipt", role="main"),
        "material_issue:return": to_return("material_issue", "return"),
    },
    topics=frozenset({"subcontract_order", "supply"}),
)

registry.add(SUBCONTRACT_ORDER)
