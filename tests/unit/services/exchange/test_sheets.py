"""The declared sheets against the contract's names."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from models.kernel.sheets import SheetColumn
from services.exchange.headings import column_names
from services.exchange.sheets import IMPORTED_SHEETS, SHEETS, find_sheet
from services.exchange.sheets.names import folded

CONTRACT = {
    "units": "code name decimals",
    "warehouses": "code name kind partner nettable negative",
    "customers": "code name contact phone address tax_number credit_limit payment_days",
    "suppliers": "code name contact phone address tax_number credit_limit payment_days",
    "items": "code name spec unit kind category lead_time_days safety_stock lot_policy lot_size lot_minimum lot_multiple "
    "lot_maximum period_days yield_rate strategy cost_method unit_cost price warehouse supplier workshop inspection "
    "stale_days barcode",
    "bom": "parent version component position valid_from valid_to quantity base_quantity scrap_rate scrap_fixed issue "
    "skip_level key supplied_by warehouse note",
    "bom_outputs": "parent version item kind quantity base_quantity cost_share cost_weight cost_quota",
    "substitutes": "component substitute parent ratio priority valid_from valid_to",
    "calendar": "date working",
    "parameters": "key value",
    "opening_stock": "warehouse item lot quantity amount date",
    "sales_orders": "number date customer line item quantity price due_date",
    "forecasts": "number date line item quantity due_date",
    "purchase_orders": "number date supplier line item quantity price due_date",
    "production_orders": "number date item quantity start_date due_date bom_version workshop kind sales_order",
    "subcontract_orders": "number date supplier line item quantity price start_date due_date",
    "purchase_receipts": "number date order line item quantity price warehouse lot",
    "material_issues": "number date order line item quantity warehouse lot kind",
    "product_receipts": "number date order line item quantity hours warehouse lot",
    "deliveries": "number date order line item quantity warehouse lot",
    "period_costs": "period cost_item kind workshop order amount basis",
    "planned_orders": "run number item kind quantity output start_date due_date supplier late_days status",
    "pegging": "run planned_order item quantity demand_kind demand_number demand_line demand_item demand_date",
    "exceptions": "run item document kind message quantity from_date to_date",
    "stock": "warehouse item lot quantity reserved available amount",
    "kitting": "order item ordered complete_sets component required available short",
    "order_costs": "period order item output quantity material labor overhead subcontract total unit_cost",
}


@pytest.mark.parametrize("name", CONTRACT)
def test_a_sheet_has_the_columns_of_the_contract_in_its_order(name: str) -> None:
    sheet = find_sheet(name)
    assert sheet is not None
    assert [column.key for column in sheet.columns] == CONTRACT[name].split()


def test_every_declared_sheet_is_in_the_contract() -> None:
    assert {sheet.name for sheet in SHEETS} == set(CONTRACT)


@pytest.mark.parametrize("name", ["物料", "ITEMS", " items ", "Sales Orders", "销售订单", "BOM", "物料清单"])
def test_a_sheet_is_found_by_either_language_whatever_the_case(name: str) -> None:
    assert find_sheet(name) is not None


def test_an_unknown_sheet_is_none() -> None:
    assert find_sheet("工资表") is None


def test_titles_of_sheets_and_columns_tell_apart() -> None:
    assert len({folded(sheet.title) for sheet in SHEETS}) == len(SHEETS)
    for sheet in SHEETS:
        names: dict[str, str] = {}
        for column in sheet.columns:
            for name in (column.key, column.title, *column.aliases):
                assert names.setdefault(folded(name), column.key) == column.key, (sheet.name, name)


def test_keys_heads_and_references_name_existing_columns_and_sheets() -> None:
    for sheet in SHEETS:
        keys = {column.key for column in sheet.columns}
        assert {*sheet.key, *sheet.header, *sheet.carried} <= keys
        for column in sheet.columns:
            assert not column.refers_to or find_sheet(column.refers_to) is not None


def test_a_required_column_has_no_default_and_a_choice_its_words() -> None:
    for sheet in IMPORTED_SHEETS:
        for column in sheet.columns:
            assert not (column.required and column.default), (sheet.name, column.key)
            assert (column.type in ("choice", "flag")) == (column.choices is not None)


def test_a_title_is_found_by_its_aliases() -> None:
    items = find_sheet("items")
    assert items is not None
    names = column_names(items)
    for alias in ("料号", "物料编码", "编码", "品号"):
        assert names[folded(alias)].key == "code"
    assert names[folded("Lead Time Days")].key == "lead_time_days"
    assert names[folded("物料编码（必填）")].key == "code"


def test_every_code_used_has_a_sentence_in_both_languages_and_every_sentence_is_used() -> None:
    root = Path(__file__).resolve().parents[4]
    source = "".join(file.read_text(encoding="utf-8") for file in (root / "services" / "exchange").rglob("*.py"))
    used = set(re.findall(r'"(exchange\.[a-z_]+)"', source))
    from services.platform.messages import catalogue

    for lang in ("zh", "en"):
        known = {code for code in catalogue(lang) if code.startswith("exchange.")}
        assert used - known == set()
        assert known - used == set()


def test_a_column_is_found_by_key() -> None:
    items = find_sheet("items")
    assert items is not None
    assert isinstance(items.column("yield_rate"), SheetColumn)
    with pytest.raises(KeyError):
        items.column("colour")
