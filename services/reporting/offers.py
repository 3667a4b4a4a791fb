"""What every document type offers to form templates: what it prints by itself, and what else its documents know."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal

from models.kernel.problems import refuse
from services.documents.types import registry
from services.printing import document_forms as forms
from services.printing.api import A4
from services.printing.declared import ColumnSpec, FormSpec, HeadSpec, TableSpec, build
from services.printing.picking_forms import (
    ROOMY,
    SHARES,
    SIGN_MERGED,
    Material,
    PickedOrder,
    PickSlip,
    merged_form,
    pick_form,
)
from services.printing.templates.applying import offered
from services.printing.templates.model import Offered

PICK = "material_issue"
MERGED = "merged_pick"
"""the form of one pick list for several orders, which is no document type"""
MERGED_TITLE = "合并拣货单"
_SHARES_MM = 25.0
SPECS: Mapping[str, FormSpec] = {
    "sales_order": forms.SALES_ORDER,
    "purchase_order": forms.PURCHASE_ORDER,
    "purchase_receipt": forms.STOCK_RECEIPT,
    "production_order": forms.PRODUCTION_ORDER,
    "subcontract_order": forms.SUBCONTRACT_ORDER,
    "product_receipt": forms.PRODUCT_RECEIPT,
    "delivery": forms.DELIVERY_NOTE,
    "forecast": forms.FORECAST,
    "opening_stock": forms.OPENING_STOCK,
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
    ColumnSpec("含税单价", "price", "price", weight=0.4, spare=True),
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


_NO_ORDER = PickedOrder("", Material("", ""), Decimal(0), Decimal(0))


def spec_of(kind: str) -> FormSpec:
    """The declared form of a type with everything else that its documents know as spare fields and columns."""
    if kind not in registry:
        raise refuse("form.no_type", type=kind, known=tuple(one.code for one in registry))
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
        return offered(kind, pick_form(PickSlip("", "", "", (_NO_ORDER,)), ()))
    if kind == MERGED:
        return _merged_offer()
    spec = spec_of(kind)
    return offered(kind, build(spec, {}, {}, company=""), words=bool(spec.in_words))


def _merged_offer() -> Offered:
    """The columns for the orders are offered as one."""
    slip = PickSlip("", "", "", (_NO_ORDER,), signatures=SIGN_MERGED)
    found = offered(MERGED, merged_form(slip, (), width_mm=A4.usable_width_mm), across=True, roomy=ROOMY)
    (table,) = found.tables
    columns = tuple(replace(one, title="各单数量") if one.key == SHARES else one for one in table.columns)
    return replace(found, tables=(replace(table, columns=columns, needs={**table.needs, SHARES: _SHARES_MM}),))


def title_of(kind: str) -> str:
    """What a form is called: the title of its document type."""
    return MERGED_TITLE if kind == MERGED else registry[kind].title if kind in registry else kind


def printed_types() -> list[tuple[str, str]]:
    """Code and title of everything that can be printed, what has a form of its own first."""
    own = (*SPECS, PICK, MERGED)
    return [(code, title_of(code)) for code in (*own, *(kind.code for kind in registry if kind.code not in own))]
