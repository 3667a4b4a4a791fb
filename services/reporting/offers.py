"""What every document type offers to form templates: what it prints by itself, and what else its documents know."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal

from models.kernel.problems import refuse
from services.documents.types import registry
from services.printing import document_forms as forms
from services.printing.declared import ColumnSpec, FormSpec, HeadSpec, TableSpec, build
from services.printing.picking_forms import Material, PickedOrder, PickSlip, pick_form
from services.printing.templates.applying import offered
from services.printing.templates.model import Offered

PICK = "material_issue"
SPECS: Mapping[str, FormSpec] = {
    "sales_order": forms.SALES_ORDER,
    "purchase_order": forms.PURCHASE_ORDER,
    "purchase_receipt": forms.STOCK_RECEIPT,
    "production_order": forms.PRODUCTION_ORDER,
    "subcontract_order": replace(forms.PRODUCTION_ORDER, title="委外加工单"),
    "product_receipt": forms.PRODUCT_RECEIPT,
    "delivery": forms.DELIVERY_NOTE,
}
_HEAD = (
    HeadSpec("往来单位", ("partner",), 2, spare=True),
    HeadSpec("地址", ("address",), 2, spare=True),
    HeadSpec("联系人", ("contact",), spare=True),
    HeadSpec("电话", ("phone",), spare=True),
    HeadSpec("部门", ("department",), spare=True),
    HeadSpec("仓库", ("warehouse",), spare=True),
    HeadSpec("类型", ("kind",), spare=True),
    HeadSpec("源单", ("source",), spare=True),
    HeadSpec("制单人", ("made_by",), spare=True),
    HeadSpec("审核人", ("checked_by",), spare=True),
)
_COLUMNS = (
    ColumnSpec("批次", "lot", weight=0.4, whole=True, spare=True),
    ColumnSpec("仓库/仓位", "place", weight=0.8, spare=True),
    ColumnSpec("含税单价", "price", "number", weight=0.4, spare=True),
    ColumnSpec("价税合计", "amount", "money", weight=0.4, total=True, spare=True),
    ColumnSpec("交货日期", "due_date", weight=0.2, whole=True, spare=True),
    ColumnSpec("已执行", "done", "number", weight=0.3, spare=True),
    ColumnSpec("源单", "line_source", weight=0.4, whole=True, spare=True),
    ColumnSpec("备注", "note", weight=1.5, spare=True),
    ColumnSpec("手填", "blank", weight=0.3, write_mm=16, spare=True),
    ColumnSpec("勾", "tick", "tick", weight=0, spare=True),
)
_SHOWN_TWICE: Mapping[str, tuple[str, ...]] = {
    "partner": ("customer", "supplier"),
    "department": ("workshop",),
    "source": ("order", "sales_order"),
}
"""a spare field says the same as one of these and is not offered beside it"""


def spec_of(kind: str) -> FormSpec:
    """The declared form of a type with everything else that its documents know as spare fields and columns."""
    if kind not in registry:
        raise refuse("form.no_type", type=kind, known="、".join(one.code for one in registry))
    spec = SPECS.get(kind, replace(forms.PLAIN, title=registry[kind].title))
    present = {key for row in spec.head for entry in row for key in entry.keys}
    spare = tuple(entry for entry in _HEAD if not present & {entry.key, *_SHOWN_TWICE.get(entry.key, ())})
    return replace(spec, head=(*spec.head, spare) if spare else spec.head, tables=tuple(map(_widened, spec.tables)))


def _widened(table: TableSpec) -> TableSpec:
    present = {column.key for column in table.columns}
    return replace(table, columns=(*table.columns, *(column for column in _COLUMNS if column.key not in present)))


def offer_of(kind: str) -> Offered:
    """What templates of a type can choose from."""
    if kind == PICK:
        order = PickedOrder("", Material("", ""), Decimal(0), Decimal(0))
        return offered(kind, pick_form(PickSlip("", "", "", (order,)), ()))
    spec = spec_of(kind)
    return offered(kind, build(spec, {}, {}, company=""), words=bool(spec.in_words))


def printed_types() -> list[tuple[str, str]]:
    """Code and title of every type that can be printed, those with forms of their own first."""
    own = [registry[code] for code in (*SPECS, PICK)]
    return [(kind.code, kind.title) for kind in (*own, *(kind for kind in registry if kind not in own))]
