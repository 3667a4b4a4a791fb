"""Stamped, machined, moulded, painted and anodised parts: what the stamping workshop and the subcontractors make."""

from __future__ import annotations

from decimal import Decimal

from app.demo.catalogue import ByProduct, Catalogue, backflushed, use
from app.demo.places import PARTS, SCRAP, STAMPING

# code, name, spec, material, pieces of one unit of it, labour
_STAMPED = (
    ("ST101", "底座圆盘", "Φ180 SPCC 1.2", "FE102", 50, "0.55"),
    ("ST102", "吸顶灯底盘", "Φ330 SPCC 0.8", "FE101", 18, "1.10"),
    ("ST103", "吸顶灯底盘", "Φ400 SPCC 0.8", "FE101", 10, "1.35"),
    ("ST104", "面板灯背板", "595×595 铝 1.0", "AL104", 5, "1.60"),
    ("ST112", "投光灯支架", "U形 SPCC 1.2", "FE102", 60, "0.80"),
    ("ST113", "驱动铁盒", "170×65×40 SPCC 0.8", "FE101", 40, "0.90"),
    ("ST114", "落地灯底盘", "Φ280 SPCC 1.2", "FE102", 21, "1.20"),
)
# code, name, spec, material, quantity of it, labour
_CUT = (
    ("ST105", "灯槽切断", "600mm", "AL101", "0.6", "0.40"),
    ("ST106", "灯槽切断", "1200mm", "AL101", "1.2", "0.45"),
    ("ST107", "面板灯边框", "595 四边切角", "AL102", "2.4", "1.10"),
    ("ST108", "散热器切断", "Φ85×45", "AL103", "0.05", "0.60"),
    ("ST109", "台灯弯管", "Φ16×420", "FE103", "0.45", "0.70"),
    ("ST110", "落地灯立管", "Φ25×1450 两节", "FE104", "1.5", "1.80"),
    ("ST111", "路灯壳机加", "钻孔攻牙", "ZZ106", "1", "6.50"),
)
# code, name, spec, plastic, grams, processing fee
_MOULDED = (
    ("IM101", "灯头上壳", "ABS 白", "PL104", 45, "0.60"),
    ("IM102", "台灯扩散罩", "PC 扩散", "PL102", 30, "0.55"),
    ("IM103", "底座上盖", "ABS 白", "PL104", 120, "0.90"),
    ("IM104", "底座上盖", "ABS 黑", "PL105", 120, "0.90"),
    ("IM105", "吸顶灯面罩", "Φ330 PMMA", "PL103", 350, "2.10"),
    ("IM106", "吸顶灯面罩", "Φ400 PMMA", "PL103", 480, "2.60"),
    ("IM107", "筒灯扩散罩", "Φ85 PC", "PL102", 18, "0.35"),
    ("IM108", "线条灯罩", "1200 PC 挤出", "PL102", 165, "1.20"),
    ("IM109", "驱动盒", "PC 透明", "PL101", 22, "0.30"),
)
# code, name, spec, what is painted, processing fee, waste
_PAINTED = (
    ("SP101", "底座圆盘喷粉", "白 砂纹", "ST101", "1.60", "0.01"),
    ("SP102", "底座圆盘喷粉", "黑 砂纹", "ST101", "1.60", "0.01"),
    ("SP103", "吸顶灯底盘喷粉", "Φ330 白", "ST102", "2.40", "0.01"),
    ("SP104", "吸顶灯底盘喷粉", "Φ400 白", "ST103", "2.80", "0.01"),
    ("SP105", "筒灯面环喷粉", "白 哑光", "ZZ107", "0.85", "0.01"),
    ("SP106", "导轨灯体喷粉", "12W 黑", "ZZ101", "1.90", "0.01"),
    ("SP107", "导轨灯体喷粉", "12W 白", "ZZ101", "1.90", "0.01"),
    ("SP108", "导轨灯体喷粉", "20W 黑", "ZZ102", "2.20", "0.01"),
    ("SP109", "导轨灯体喷粉", "20W 白", "ZZ102", "2.20", "0.01"),
    ("SP110", "导轨灯体喷粉", "30W 黑", "ZZ103", "2.60", "0.01"),
    ("SP111", "投光灯壳喷粉", "50W 灰", "ZZ104", "3.40", "0.01"),
    ("SP112", "投光灯壳喷粉", "100W 灰", "ZZ105", "4.80", "0.01"),
    ("SP113", "路灯壳喷粉", "100W 浅灰", "ST111", "9.50", "0"),
    ("SP114", "落地灯立管喷粉", "黑 细砂", "ST110", "3.80", "0.01"),
)
_ANODISED = (
    ("OX101", "灯槽阳极氧化", "600 银白", "ST105", "0.90", "0"),
    ("OX102", "灯槽阳极氧化", "1200 银白", "ST106", "1.60", "0"),
    ("OX103", "边框阳极氧化", "595 砂白", "ST107", "2.10", "0"),
    ("OX104", "散热器阳极氧化", "Φ85 黑", "ST108", "1.10", "0"),
)
_SCRAP_OF = {"F": "BY101", "A": "BY102"}


def add(book: Catalogue) -> None:
    """Adds them with their bills; stamping gives scrap metal as a by-product."""
    for code, name, cost in (("BY101", "铁边角料", "2.20"), ("BY102", "铝边角料", "11.00")):
        book.buy(code, name, "回收料", "kg", cost, category="边角料", warehouse=SCRAP)
    for code, name, spec, material, pieces, labour in _STAMPED:
        _stamped(book, code, name, spec, labour)
        scrap = ByProduct(_SCRAP_OF[material[0]], Decimal(3), Decimal(pieces), Decimal(2 if material[0] == "F" else 10))
        book.bill(
            code,
            [use(material, 1, per=pieces, scrap="0.01", key=True), backflushed("CH108", 1, per=500)],
            outputs=[scrap],
        )
    for code, name, spec, material, quantity, labour in _CUT:
        _stamped(book, code, name, spec, labour)
        book.bill(code, [use(material, quantity, scrap="0.03" if quantity != "1" else 0, key=True)])
    for code, name, spec, plastic, grams, fee in _MOULDED:
        _outside(book, code, name, spec, fee, category="注塑件", supplier="S024")
        weight = Decimal(grams) / 1000
        book.bill(code, [use(plastic, weight, scrap="0.03", fixed="0.5"), use("PL106", weight * 2 / 100)])
        book.change(code, lot_policy="minimum", lot_minimum=300, lot_multiple=100, yield_rate="0.98", lead_time_days=6)
    for code, name, spec, part, fee, waste in (*_PAINTED, *_ANODISED):
        painted = code.startswith("SP")
        category, supplier = ("喷粉件", "S022") if painted else ("氧化件", "S023")
        _outside(book, code, name, spec, fee, category=category, supplier=supplier)
        book.bill(code, [use(part, scrap=waste, key=True)])
    for code in ("SP105", "SP106", "OX104"):
        book.change(code, lot_policy="period", period_days=10, lot_minimum=50)
    book.change("SP113", yield_rate="0.97")


def _stamped(book: Catalogue, code: str, name: str, spec: str, labour: str) -> None:
    book.make(
        code, name, spec, "个", labour, category="冲压件", workshop=STAMPING, warehouse=PARTS, lead_time_days=2,
        yield_rate="0.99", lot_policy="minimum", lot_minimum=100, lot_multiple=20,
    )  # fmt: skip


def _outside(book: Catalogue, code: str, name: str, spec: str, fee: str, *, category: str, supplier: str) -> None:
    book.make(
        code, name, spec, "个", fee, kind="subcontracted", category=category, supplier=supplier, warehouse=PARTS,
        lead_time_days=5,
    )  # fmt: skip
