"""All sheets of the exchange contract, found by their English name or Chinese title."""

from __future__ import annotations

from typing import Final

from models.kernel.sheets import Sheet
from services.exchange.sheets.documents import DOCUMENT_SHEETS
from services.exchange.sheets.master import MASTER_SHEETS
from services.exchange.sheets.names import folded
from services.exchange.sheets.results import RESULT_SHEETS

SHEETS: Final[tuple[Sheet, ...]] = MASTER_SHEETS + DOCUMENT_SHEETS + RESULT_SHEETS
IMPORTED_SHEETS: Final[tuple[Sheet, ...]] = MASTER_SHEETS + DOCUMENT_SHEETS

_ALIASES: Final = {
    "units": ("单位",),
    "items": ("商品", "物料档案", "存货", "存货档案"),
    "bom": ("BOM清单", "物料清单BOM", "产品结构"),
    "substitutes": ("替代方案", "替代物料"),
    "calendar": ("日历",),
    "parameters": ("参数",),
    "forecasts": ("销售预测单", "预测单"),
    "production_orders": ("生产任务", "生产工单"),
    "subcontract_orders": ("委外订单", "委外加工"),
    "purchase_receipts": ("采购入库",),
    "material_issues": ("生产领料", "领料单"),
    "product_receipts": ("产品入库", "完工入库"),
    "deliveries": ("销售出库", "发货单"),
    "stock": ("库存",),
}
_BY_NAME: Final = {
    folded(name): sheet for sheet in SHEETS for name in (sheet.name, sheet.title, *_ALIASES.get(sheet.name, ()))
}


def find_sheet(name: str) -> Sheet | None:
    """The sheet of that English name or Chinese title, whatever its case and blanks; None if there is none."""
    return _BY_NAME.get(folded(name))
