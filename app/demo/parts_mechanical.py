"""Purchased mechanical parts: screws, wires, profiles, castings, plastics, optics, chemicals, switches."""

from __future__ import annotations

from app.demo.catalogue import Catalogue
from app.demo.places import ASSEMBLY_STORE, RAW, SMT_STORE, STAMPING_STORE

_SCREWS = (
    ("HW101", "十字圆头螺丝", "M2×5 镀镍", "0.018"),
    ("HW102", "十字圆头螺丝", "M2.5×6 镀镍", "0.020"),
    ("HW103", "十字圆头螺丝", "M3×6 镀锌", "0.022"),
    ("HW104", "十字圆头螺丝", "M3×8 镀锌", "0.024"),
    ("HW105", "十字沉头螺丝", "M3×12 黑", "0.030"),
    ("HW106", "内六角螺丝", "M4×10 不锈钢", "0.085"),
    ("HW107", "内六角螺丝", "M4×16 不锈钢", "0.098"),
    ("HW108", "自攻螺丝", "ST3×10 镀镍", "0.020"),
    ("HW109", "内六角螺丝", "M6×25 不锈钢", "0.260"),
    ("HW110", "外六角螺栓", "M8×30 热镀锌", "0.520"),
    ("HW111", "螺母", "M4 不锈钢", "0.040"),
    ("HW112", "平垫弹垫组合", "M6 不锈钢", "0.060"),
    ("HW113", "膨胀螺钉", "6×30 塑料胀塞", "0.055"),
)
# code, name, spec, unit, cost
_WIRES = (
    ("WR101", "电子线", "UL1007 22# 红", "m", "0.32"),
    ("WR102", "电子线", "UL1007 22# 黑", "m", "0.32"),
    ("WR104", "硅胶线", "0.5mm² 双芯 耐温200℃", "m", "1.15"),
    ("WR105", "橡套电缆", "H05RN-F 3×1.0", "m", "4.20"),
    ("WR201", "电源线", "两插 1.5m 白 带开关", "条", "3.90"),
    ("WR202", "电源线", "两插 1.8m 黑 带开关", "条", "4.30"),
    ("WR203", "电源线", "三插 2.0m 黑", "条", "5.60"),
    ("WR204", "USB充电线", "Type-C 1.0m 白", "条", "2.80"),
    ("WR205", "端子线", "XH2.54-2P 150mm", "条", "0.26"),
)
_METALS = (
    ("AL101", "铝型材", "6063-T5 条形灯槽 24×10", "m", "7.80"),
    ("AL102", "铝型材", "6063-T5 面板灯边框 11×9", "m", "5.60"),
    ("AL103", "铝型材", "6063-T5 散热齿 Φ85", "m", "46.00"),
    ("AL104", "铝板", "1060 1.0×1000×2000", "张", "148.00"),
    ("FE101", "冷轧板", "SPCC 0.8×1000×2000", "张", "72.00"),
    ("FE102", "冷轧板", "SPCC 1.2×1000×2000", "张", "106.00"),
    ("FE103", "焊接钢管", "Φ16×1.0", "m", "4.10"),
    ("FE104", "焊接钢管", "Φ25×1.2", "m", "6.90"),
    ("FE105", "配重铁块", "Φ180 2.2kg", "个", "11.50"),
)
_CASTINGS = (
    ("ZZ101", "压铸毛坯", "导轨灯体 12W ADC12", "个", "5.20"),
    ("ZZ102", "压铸毛坯", "导轨灯体 20W ADC12", "个", "7.60"),
    ("ZZ103", "压铸毛坯", "导轨灯体 30W ADC12", "个", "10.80"),
    ("ZZ104", "压铸毛坯", "投光灯壳 50W ADC12", "个", "16.50"),
    ("ZZ105", "压铸毛坯", "投光灯壳 100W ADC12", "个", "28.00"),
    ("ZZ106", "压铸毛坯", "路灯壳 100W ADC12", "个", "68.00"),
    ("ZZ107", "压铸毛坯", "筒灯面环 通用", "个", "2.60"),
)
_PLASTICS = (
    ("PL101", "塑料粒", "PC 透明", "21.50"),
    ("PL102", "塑料粒", "PC 光扩散", "26.80"),
    ("PL103", "塑料粒", "PMMA 光扩散", "19.20"),
    ("PL104", "塑料粒", "ABS 白", "14.60"),
    ("PL105", "塑料粒", "ABS 黑", "13.90"),
    ("PL106", "色母粒", "白 2%", "28.00"),
)
_OPTICS = (
    ("OP101", "透镜", "15° PMMA Φ45", "个", "1.10"),
    ("OP102", "透镜", "24° PMMA Φ45", "个", "1.10"),
    ("OP103", "透镜", "36° PMMA Φ45", "个", "1.10"),
    ("OP104", "路灯透镜", "2×6 蝙蝠翼 PC", "个", "6.40"),
    ("OP106", "反光杯", "Φ95 真空镀铝", "个", "2.30"),
    ("OP107", "导光板", "PMMA 595×595×3", "张", "21.00"),
    ("OP108", "扩散板", "PS 595×595×1.2", "张", "8.60"),
    ("OP109", "钢化玻璃", "投光灯 175×125×4", "片", "3.20"),
)
# code, name, spec, unit, cost, store, pack
_CHEMICALS = (
    ("CH101", "灌封胶", "双组份 导热1.0", "kg", "32.00", ASSEMBLY_STORE, 25),
    ("CH103", "硅酮胶", "中性透明", "kg", "24.00", ASSEMBLY_STORE, 10),
    ("CH104", "热熔胶", "棒状 Φ11", "kg", "18.50", ASSEMBLY_STORE, 10),
    ("CH109", "导热硅脂", "1.2W/mK 5kg桶", "kg", "45.00", ASSEMBLY_STORE, 5),
    ("CH105", "锡膏", "无铅 SAC305 500g", "kg", "260.00", SMT_STORE, 5),
    ("CH106", "焊锡丝", "无铅 0.8mm", "kg", "210.00", SMT_STORE, 5),
    ("CH107", "三防漆", "丙烯酸 透明", "kg", "68.00", SMT_STORE, 5),
    ("CH108", "冲压拉伸油", "18kg/桶", "kg", "16.00", STAMPING_STORE, 18),
)
_OTHERS = (
    ("SW101", "触摸按键", "弹簧式 Φ12", "个", "0.42", "S015"),
    ("SW102", "船型开关", "KCD1 两脚", "个", "0.55", "S015"),
    ("SW103", "旋钮电位器", "B500K 带柄", "个", "1.20", "S015"),
    ("SW104", "导轨头", "二线 黑", "个", "3.40", "S015"),
    ("SW105", "导轨头", "二线 白", "个", "3.40", "S015"),
    ("SW106", "接线端子", "三位 按压式", "个", "0.48", "S015"),
    ("BT101", "锂电池组", "18650 3.7V 2600mAh", "个", "11.80", "S016"),
    ("MD101", "雷达感应模组", "5.8G 12V", "个", "4.90", "S018"),
    ("MD102", "无线充电模组", "Qi 10W", "个", "13.50", "S018"),
    ("MF101", "防水硅胶圈", "Φ85×3", "个", "0.65", "S019"),
    ("MF102", "防水硅胶圈", "路灯壳用 2.4m", "条", "5.80", "S019"),
    ("MF103", "防水接头", "PG9 尼龙", "个", "0.85", "S019"),
    ("MF104", "呼吸阀", "M12×1.5", "个", "1.60", "S019"),
    ("MF105", "硅胶脚垫", "Φ12 自粘", "个", "0.060", "S019"),
    ("CT101", "磁铁", "钕铁硼 Φ10×3", "个", "0.75", "S020"),
    ("CT102", "弹簧卡扣", "筒灯用 50mm", "个", "0.34", "S020"),
    ("CT103", "平衡弹簧", "Φ8×60 台灯臂", "个", "0.92", "S020"),
    ("CT104", "鹅颈软管", "Φ10×350 黑", "条", "3.60", "S014"),
    ("CT105", "夹子", "台灯夹 开口60", "个", "5.20", "S014"),
)


def add(book: Catalogue) -> None:
    """Adds them with their suppliers, packs and lead times; glue and grease lie in the workshops."""
    for code, name, spec, cost in _SCREWS:
        book.buy(
            code, name, spec, "个", cost, category="紧固件", supplier="S006", lead_time_days=6, warehouse=RAW,
            safety_stock=1000, lot_policy="minimum", lot_minimum=2000, lot_multiple=1000, stale_days=180,
        )  # fmt: skip
    for code, name, spec, unit, cost in _WIRES:
        pack = 200 if unit == "m" else 100
        book.buy(
            code, name, spec, unit, cost, category="线材", supplier="S007", lead_time_days=6, warehouse=RAW,
            lot_policy="minimum", lot_minimum=pack, lot_multiple=pack,
        )  # fmt: skip
    for code, name, spec, unit, cost in _METALS:
        book.buy(
            code, name, spec, unit, cost, category="金属材料", supplier="S014" if code.startswith("FE") else "S008",
            lead_time_days=8, warehouse=RAW, lot_policy="minimum", lot_minimum=10 if unit == "张" else 50,
        )  # fmt: skip
    for code, name, spec, unit, cost in _CASTINGS:
        book.buy(
            code, name, spec, unit, cost, category="压铸件", supplier="S017", lead_time_days=15, warehouse=RAW,
            lot_policy="period", period_days=7, lot_minimum=50, lot_multiple=10,
        )  # fmt: skip
    for code, name, spec, cost in _PLASTICS:
        book.buy(
            code, name, spec, "kg", cost, category="塑料", supplier="S009", lead_time_days=5, warehouse=RAW,
            safety_stock=25, lot_policy="minimum", lot_minimum=25, lot_multiple=25,
        )  # fmt: skip
    for code, name, spec, unit, cost in _OPTICS:
        book.buy(
            code, name, spec, unit, cost, category="光学件", supplier="S013", lead_time_days=10, warehouse=RAW,
            lot_policy="minimum", lot_minimum=50, lot_multiple=50,
        )  # fmt: skip
    for code, name, spec, unit, cost, store, pack in _CHEMICALS:
        book.buy(
            code, name, spec, unit, cost, category="化工辅料", supplier="S010", lead_time_days=4, warehouse=store,
            safety_stock=pack, lot_policy="minimum", lot_minimum=pack, lot_multiple=pack,
        )  # fmt: skip
    for code, name, spec, unit, cost, supplier in _OTHERS:
        book.buy(
            code, name, spec, unit, cost, category="电气五金", supplier=supplier, lead_time_days=8, warehouse=RAW,
            lot_policy="minimum", lot_minimum=100, lot_multiple=50,
        )  # fmt: skip
    book.change("FE105", lot_policy="lot_for_lot")
    book.change("CT104", lot_policy="lot_for_lot")
    book.change("MD102", supplier=None, inspection="full")
    book.change("BT101", inspection="full", lot_policy="period", period_days=10)
