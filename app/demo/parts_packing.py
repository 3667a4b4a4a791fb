"""Purchased packing: colour boxes, cartons, foam, manuals, labels, bags, tape; and the kits they are drawn as."""

from __future__ import annotations

from app.demo.catalogue import Catalogue, use
from app.demo.places import CUSTOMER_STORE, RAW

FAMILIES = ("台灯", "吸顶灯", "导轨灯", "筒灯", "落地灯", "面板灯", "路灯", "投光灯", "线条灯")
_BOXES = ("2.60", "4.80", "2.10", "1.20", "6.50", "5.40", "", "2.90", "3.10")
# code, name, spec, cost
_CARTONS = (
    ("PK301", "外箱", "五层 520×420×360 台灯6台", "7.20"),
    ("PK302", "外箱", "五层 640×640×400 吸顶灯5台", "11.60"),
    ("PK303", "外箱", "五层 480×360×300 导轨灯20支", "6.40"),
    ("PK304", "外箱", "五层 500×400×320 筒灯40只", "6.90"),
    ("PK305", "外箱", "五层 1250×400×200 落地灯2台", "9.80"),
    ("PK306", "外箱", "五层 640×640×260 面板灯5片", "9.40"),
    ("PK307", "外箱", "七层 720×360×180 路灯1台", "12.50"),
    ("PK308", "外箱", "五层 460×380×300 投光灯12台", "6.10"),
    ("PK309", "外箱", "五层 1260×200×160 线条灯20支", "8.20"),
)
_FOAM = (
    ("PK401", "珍珠棉", "台灯内托 一套两片", "套", "1.40"),
    ("PK402", "珍珠棉", "吸顶灯护角 一套四个", "套", "0.95"),
    ("PK403", "珍珠棉", "落地灯分格托", "套", "2.60"),
    ("PK404", "珍珠棉", "路灯上下盖", "套", "5.20"),
    ("PK405", "气泡袋", "200×250", "个", "0.16"),
)
_PAPER = (
    ("PK501", "说明书", "台灯类 A5 骑马钉", "张", "0.35"),
    ("PK502", "说明书", "家居灯类 A5", "张", "0.28"),
    ("PK503", "说明书", "商照类 A6 折页", "张", "0.12"),
    ("PK504", "说明书", "户外灯类 A5", "张", "0.30"),
    ("PK505", "能效标签", "台灯 一级", "张", "0.040"),
    ("PK506", "能效标签", "室内灯 二级", "张", "0.040"),
    ("PK507", "参数铭牌", "银色哑面 40×20", "张", "0.075"),
    ("PK508", "合格证", "通用 50×30", "张", "0.025"),
    ("PK509", "条码贴", "70×40 热敏", "张", "0.030"),
)
_OTHERS = (
    ("PK601", "胶袋", "PE 300×400", "个", "0.11"),
    ("PK602", "封箱胶带", "60mm×100m 透明", "卷", "4.60"),
    ("PK603", "干燥剂", "硅胶 5g", "个", "0.045"),
)
MANUAL_OF = {
    "台灯": "PK501", "吸顶灯": "PK502", "落地灯": "PK502", "路灯": "PK504", "投光灯": "PK504",
}  # fmt: skip
CARTON_OF = {family: row[0] for family, row in zip(FAMILIES, _CARTONS, strict=True)}
_FOAM_OF = {"台灯": "PK401", "吸顶灯": "PK402", "落地灯": "PK403", "路灯": "PK404"}
_SCREW_KITS = (
    ("KT201", "吊装螺丝包", "吸顶灯", (("HW113", 4), ("HW108", 4))),
    ("KT202", "安装螺丝包", "投光灯 路灯", (("HW110", 2), ("HW112", 4), ("HW109", 2))),
    ("KT203", "组装螺丝包", "台灯 落地灯", (("HW104", 4), ("HW105", 3), ("HW111", 2))),
    ("KT204", "组装螺丝包", "导轨灯 线条灯", (("HW102", 3), ("HW103", 4))),
)


def add(book: Catalogue) -> None:
    """Adds them; kits are phantoms, passed through when an order is made."""
    for number, (family, cost) in enumerate(zip(FAMILIES, _BOXES, strict=True), start=1):
        if cost:
            _paper(book, f"PK20{number}", "彩盒", f"{family} 单支装 350g覆膜", "个", cost)
    for code, name, spec, cost in _CARTONS:
        book.buy(
            code, name, spec, "个", cost, category="包装", supplier="S012", lead_time_days=4, warehouse=RAW,
            lot_policy="minimum", lot_minimum=50, lot_multiple=10,
        )  # fmt: skip
    for code, name, spec, unit, cost in _FOAM:
        book.buy(
            code, name, spec, unit, cost, category="包装", supplier="S012", lead_time_days=4, warehouse=RAW,
            lot_policy="minimum", lot_minimum=100, lot_multiple=50,
        )  # fmt: skip
    for code, name, spec, unit, cost in (*_PAPER, *_OTHERS):
        _paper(book, code, name, spec, unit, cost)
    book.change("PK602", supplier="S010", lot_policy="fixed", lot_size=36, lot_minimum=None, lot_multiple=None)
    for code, name, spec in (("KG101", "客供彩盒", "好学定制 作业灯"), ("KG102", "客供铭牌", "好学商标 30×12")):
        book.buy(code, name, spec, "个", 0, category="客供料", warehouse=CUSTOMER_STORE, lead_time_days=0)
    _kits(book)


def _paper(book: Catalogue, code: str, name: str, spec: str, unit: str, cost: str) -> None:
    book.buy(
        code, name, spec, unit, cost, category="包装", supplier="S011", lead_time_days=5, warehouse=RAW,
        lot_policy="minimum", lot_minimum=200, lot_multiple=100,
    )  # fmt: skip


def _kits(book: Catalogue) -> None:
    for code, name, spec, parts in _SCREW_KITS:
        book.make(code, name, spec, "套", 0, kind="phantom", category="虚拟件")
        book.bill(code, [use(part, quantity, scrap="0.02") for part, quantity in parts])
    for number, family in enumerate(FAMILIES, start=1):
        code = book.make(f"KT10{number}", "包装套件", family, "套", 0, kind="phantom", category="虚拟件")
        inside = [use(MANUAL_OF.get(family, "PK503")), use("PK508"), use("PK509", fixed=2)]
        if family != "路灯":
            inside.insert(0, use(f"PK20{number}", scrap="0.01"))
        inside.append(use(_FOAM_OF[family]) if family in _FOAM_OF else use("PK405"))
        if family in ("路灯", "投光灯"):
            inside.append(use("PK603", 2))
        book.bill(code, inside)
