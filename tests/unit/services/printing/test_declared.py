"""Forms by declaration, and amounts in Chinese capitals."""

from __future__ import annotations

import subprocess
import sys
from datetime import date
from decimal import Decimal

import pytest

from services.printing import document_forms
from services.printing.declared import FormSpec, Value, build
from services.printing.paper import A4, CONTINUOUS_HALF
from services.printing.pdf import render
from services.printing.preview import PdfPages
from services.printing.words import amount_in_words

SPECS = {name: spec for name, spec in vars(document_forms).items() if isinstance(spec, FormSpec)}
LINE: dict[str, Value] = {
    "item": "FG100",
    "name": "LED台灯",
    "spec": "5W",
    "unit": "台",
    "quantity": Decimal("79.500000"),
    "price": Decimal("128.5"),
    "amount": Decimal("10215.75"),
    "due_date": date(2026, 3, 20),
}


def text_of(pdf: bytes) -> str:
    return PdfPages(pdf).text(1)


@pytest.mark.parametrize("name", SPECS)
def test_every_declared_form_prints_its_lines_and_its_places_to_sign(name: str) -> None:
    spec = SPECS[name]
    form = build(
        spec, {"number": "XX-20260310-00001"}, {table.name: [LINE] for table in spec.tables}, company="示范灯具"
    )
    for profile in (A4, CONTINUOUS_HALF):
        text = text_of(render([form], profile=profile).pdf)
        assert spec.title in "".join(text.split())
        assert "FG100" in text
        assert "79.5" in text
        assert all(f"{label}：" in text for label in spec.signatures)


def test_a_sales_order_shows_its_total_in_figures_and_in_words() -> None:
    head: dict[str, Value] = {
        "number": "XSDD-1",
        "customer": "C001",
        "customer_name": "明辉贸易",
        "amount": Decimal("20431.50"),
    }
    form = build(document_forms.SALES_ORDER, head, {"lines": [LINE, LINE]}, company="示范灯具", signed={"制单": "李芳"})
    text = text_of(render([form], profile=A4).pdf)
    assert "客户：C001 明辉贸易" in text
    assert "10,215.75" in text
    assert "金额大写：贰万零肆佰叁拾壹元伍角整" in text
    assert form.tables[0].totals == ("合计 2 行", "", "", "", "", "159.0", "", "20,431.50", "", "")
    assert form.signatures[0].name == "李芳"


def test_quantities_in_different_units_are_not_added_up() -> None:
    form = build(document_forms.SALES_ORDER, {}, {"lines": [LINE, {**LINE, "unit": "箱"}]}, company="示范灯具")
    assert form.tables[0].totals[5:8] == ("", "", "20,431.50")


def test_a_production_order_prints_product_and_materials() -> None:
    form = build(
        document_forms.PRODUCTION_ORDER,
        {"number": "SCRW-20260308-00005", "workshop": "总装"},
        {"products": [LINE], "materials": [{**LINE, "item": "RM403", "issue": "倒冲"}, {**LINE, "item": "RM401"}]},
        company="示范灯具",
    )
    text = text_of(render([form], profile=A4).pdf)
    assert [table.title for table in form.tables] == ["产品", "材料"]
    assert all(word in text for word in ("RM403", "RM401", "倒冲", "合计 2 行", "车间主管："))


def test_a_subcontract_order_names_the_supplier_and_what_it_costs() -> None:
    head: dict[str, Value] = {"number": "WWJGD-1", "supplier_name": "恒彩喷涂", "amount": Decimal("10215.75")}
    lines = {"products": [LINE], "materials": [{**LINE, "item": "ZZ107"}]}
    text = text_of(render([build(document_forms.SUBCONTRACT_ORDER, head, lines, company="示范灯具")], profile=A4).pdf)
    assert "客户" not in text
    assert all(
        word in text for word in ("供应商：恒彩喷涂", "128.50", "10,215.75", "ZZ107", "壹万零贰佰壹拾伍元柒角伍分")
    )


def test_a_forecast_says_when_and_opening_stock_what_it_is_worth() -> None:
    forecast = build(document_forms.FORECAST, {}, {"lines": [LINE]}, company="示范灯具")
    assert "2026-03-20" in forecast.tables[0].rows[0]
    opening = build(document_forms.OPENING_STOCK, {}, {"lines": [LINE]}, company="示范灯具")
    assert "10,215.75" in opening.tables[0].totals


@pytest.mark.parametrize(
    ("amount", "words"),
    [
        ("0", "零元整"),
        ("0.05", "伍分"),
        ("0.5", "伍角整"),
        ("1", "壹元整"),
        ("10.05", "壹拾元零伍分"),
        ("1284.05", "壹仟贰佰捌拾肆元零伍分"),
        ("1010", "壹仟零壹拾元整"),
        ("10001", "壹万零壹元整"),
        ("100000", "壹拾万元整"),
        ("1001000", "壹佰万壹仟元整"),
        ("1000100", "壹佰万零壹佰元整"),
        ("100000000", "壹亿元整"),
        ("100010001.01", "壹亿零壹万零壹元零壹分"),
        ("-3.2", "负叁元贰角整"),
        ("0.005", "壹分"),
    ],
)
def test_amounts_are_written_in_chinese_capitals(amount: str, words: str) -> None:
    assert amount_in_words(Decimal(amount)) == words


def test_the_window_loads_neither_reportlab_nor_pdfium_until_something_is_printed() -> None:
    code = "import sys, services.printing.api; print(sorted({'reportlab', 'pypdfium2', 'PIL'} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
