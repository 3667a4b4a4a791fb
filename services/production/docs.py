"""Document types of production: production order, pick list with returns and supplements, product receipt."""

from __future__ import annotations

from decimal import Decimal

from models.kernel.vocabulary import ISSUE_KINDS, ORDER_KINDS
from services.documents.pushing import to_return
from services.documents.records import DocRow, LineRow, Source
from services.documents.types import DocType, Route, registry
from services.engineering.order_materials import expand
from services.production import checks, postings, pushes


def issue_link(doc: DocRow, line: LineRow, _source: Source) -> tuple[str, Decimal]:
    """A pick executes the material line, a return takes back, a supplement counts beside the plan (AT-14)."""
    if doc.kind == "supplement":
        return "supplement", line.quantity
    return "execute", -line.quantity if doc.kind == "return" else line.quantity


PRODUCTION_ORDER = DocType(
    code="production_order",
    title="生产任务单",
    prefix="SCRW",
    area="production",
    sheet="production_orders",
    kinds=ORDER_KINDS,
    routes=(Route("sales_order", limited=False, same_item=False),),
    closes=True,
    order=30,
    expand=expand,
    check=checks.check_order,
    link=lambda _doc, line, _source: ("demand", line.quantity),
    pushes={
        "material_issue": pushes.to_issue,
        "product_receipt": pushes.to_receipt,
        "material_issue:return": to_return("material_issue", "return"),
    },
    topics=frozenset({"production_order", "supply"}),
)

MATERIAL_ISSUE = DocType(
    code="material_issue",
    title="生产领料单",
    prefix="SCLL",
    prefixes={"return": "SCTL"},
    area="production",
    sheet="material_issues",
    kinds=ISSUE_KINDS,
    routes=(
        Route("production_order", "material", "over_issue_percent", allow="allow_over_issue", same_item=False),
        Route("subcontract_order", "material", "over_issue_percent", allow="allow_over_issue", same_item=False),
    ),
    source_required=True,
    returns=frozenset({"return"}),
    beyond=frozenset({"supplement"}),
    needs_warehouse=True,
    unguessed=frozenset({"backflush"}),
    order=60,
    check=checks.check_issue,
    posting=postings.post_issue,
    link=issue_link,
    pushes={"material_issue:return": to_return("material_issue", "return")},
    topics=frozenset({"stock", "production_order", "subcontract_order"}),
)

PRODUCT_RECEIPT = DocType(
    code="product_receipt",
    title="产品入库单",
    prefix="CPRK",
    area="production",
    sheet="product_receipts",
    routes=(
        Route("production_order", "main", "over_receipt_percent"),
        Route("production_order", "output", limited=False),
        Route("subcontract_order", "main", "over_receipt_percent"),
        Route("subcontract_order", "output", limited=False),
    ),
    source_required=True,
    needs_warehouse=True,
    incoming=True,
    needs_materials=True,
    order=50,
    check=checks.check_receipt,
    posting=postings.post_receipt,
    follow_up=postings.backflush,
    follow_up_waits="backflush_failure",
    follow_up_problem="receipt.backflush_refused",
    topics=frozenset({"stock", "production_order", "subcontract_order"}),
)

registry.add(PRODUCTION_ORDER, MATERIAL_ISSUE, PRODUCT_RECEIPT)
