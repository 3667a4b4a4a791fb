"""Purchased electronic parts: light-emitting diodes, circuit boards, capacitors, resistors, coils, integrated circuits."""

from __future__ import annotations

from app.demo.catalogue import Catalogue, Number
from app.demo.places import RAW

# code, name, spec, cost
_LEDS = (
    ("LD2835-30-02", "贴片灯珠", "2835 3000K 0.2W Ra80", "0.0320"),
    ("LD2835-40-02", "贴片灯珠", "2835 4000K 0.2W Ra80", "0.0320"),
    ("LD2835-50-02", "贴片灯珠", "2835 5000K 0.2W Ra80", "0.0310"),
    ("LD2835-65-02", "贴片灯珠", "2835 6500K 0.2W Ra80", "0.0300"),
    ("LD2835-30-05", "贴片灯珠", "2835 3000K 0.5W Ra90", "0.0680"),
    ("LD2835-40-05", "贴片灯珠", "2835 4000K 0.5W Ra90", "0.0680"),
    ("LD2835-65-05", "贴片灯珠", "2835 6500K 0.5W Ra80", "0.0600"),
    ("LD3030-40-10", "贴片灯珠", "3030 4000K 1W Ra80", "0.1550"),
    ("LD3030-57-10", "贴片灯珠", "3030 5700K 1W Ra70", "0.1480"),
    ("LD3535-40-30", "大功率灯珠", "3535 4000K 3W Ra70", "0.8600"),
    ("LD3535-57-30", "大功率灯珠", "3535 5700K 3W Ra70", "0.8300"),
    ("LDCOB-12-30", "COB光源", "12W 3000K Φ14 Ra90", "2.6800"),
    ("LDCOB-12-40", "COB光源", "12W 4000K Φ14 Ra90", "2.6800"),
    ("LDCOB-20-30", "COB光源", "20W 3000K Φ17 Ra90", "3.9600"),
    ("LDCOB-20-40", "COB光源", "20W 4000K Φ17 Ra90", "3.9600"),
    ("LDCOB-30-30", "COB光源", "30W 3000K Φ22 Ra90", "5.8500"),
    ("LDCOB-30-40", "COB光源", "30W 4000K Φ22 Ra90", "5.8500"),
)
_BOARDS = (
    ("PC101", "铝基板", "Φ50 3~7W 1.0mm", "0.85"),
    ("PC102", "铝基板", "Φ85 9~12W 1.0mm", "1.60"),
    ("PC103", "铝基板", "Φ120 18W 1.0mm", "2.75"),
    ("PC104", "铝基板", "环形 Φ220 24W", "5.20"),
    ("PC105", "铝基板", "条形 480×12", "1.95"),
    ("PC106", "铝基板", "条形 1180×10", "4.10"),
    ("PC107", "铝基板", "条形 280×15 台灯", "1.35"),
    ("PC108", "铜基板", "100×60 50W 路灯模组", "12.80"),
    ("PC109", "铝基板", "110×75 投光灯", "4.60"),
    ("PC201", "驱动线路板", "CEM-1 55×22 单面", "0.62"),
    ("PC202", "驱动线路板", "FR-4 80×32 双面", "1.48"),
    ("PC203", "驱动线路板", "FR-4 120×40 双面", "2.60"),
    ("PC204", "驱动线路板", "FR-4 165×58 双面", "4.85"),
    ("PC205", "控制线路板", "FR-4 45×30 触摸调光", "1.10"),
)
_CAPACITORS = (
    ("EC101", "电解电容", "10μF/400V 105℃ 10×16", "0.32"),
    ("EC102", "电解电容", "22μF/400V 105℃ 13×20", "0.58"),
    ("EC103", "电解电容", "47μF/450V 105℃ 18×25", "1.65"),
    ("EC104", "电解电容", "100μF/63V 105℃ 10×12", "0.28"),
    ("EC105", "电解电容", "220μF/35V 105℃ 10×16", "0.30"),
    ("EC201", "安规电容", "X2 0.1μF/275V", "0.26"),
    ("EC202", "安规电容", "Y1 2.2nF/400V", "0.18"),
    ("EC301", "贴片电容", "0603 100nF/50V", "0.012"),
    ("EC302", "贴片电容", "1206 1μF/50V", "0.045"),
)
_RESISTORS = (
    ("ER101", "贴片电阻", "0603 10kΩ ±1%", "0.0045"),
    ("ER102", "贴片电阻", "0603 47kΩ ±1%", "0.0045"),
    ("ER103", "贴片电阻", "0603 100kΩ ±1%", "0.0045"),
    ("ER104", "贴片电阻", "1206 1MΩ ±5%", "0.0085"),
    ("ER105", "贴片电阻", "1206 2.2Ω ±1%", "0.0095"),
    ("ER106", "合金电阻", "2512 0.5Ω ±1%", "0.085"),
    ("ER201", "绕线保险电阻", "1W 10Ω", "0.095"),
    ("ER202", "热敏电阻", "NTC 5D-9", "0.28"),
    ("ER203", "压敏电阻", "10D471K", "0.24"),
)
_COILS = (
    ("EL101", "高频变压器", "EE13 1.8mH", "1.35"),
    ("EL102", "高频变压器", "EE16 1.2mH", "1.85"),
    ("EL103", "高频变压器", "EFD25 0.8mH", "3.90"),
    ("EL104", "PFC电感", "PQ2620 0.6mH", "4.60"),
    ("EL105", "共模电感", "UU9.8 20mH", "0.88"),
    ("EL106", "工字电感", "8×10 3mH", "0.22"),
)
_CHIPS = (
    ("EI102", "恒流驱动芯片", "非隔离降压 SOP7", "0.42"),
    ("EI103", "恒流驱动芯片", "隔离反激 SOP8", "0.68"),
    ("EI104", "PFC控制芯片", "SOP8 临界模式", "1.55"),
    ("EI105", "触摸调光芯片", "单键三段 SOT23-6", "0.55"),
    ("EI106", "单片机", "8位 SOP16", "1.25"),
    ("EI107", "充电管理芯片", "1A ESOP8", "0.62"),
    ("ED101", "整流桥", "MB10F", "0.14"),
    ("ED102", "快恢复二极管", "ES1J SMA", "0.075"),
    ("ED103", "肖特基二极管", "SS34 SMA", "0.11"),
    ("ED104", "MOS管", "4N65 TO-252", "0.78"),
    ("ED105", "MOS管", "7N65 TO-220F", "1.45"),
    ("EF101", "保险丝", "3.15A/250V 慢断", "0.13"),
)


def add(book: Catalogue) -> None:
    """Adds them with their suppliers, reels and lead times."""
    for code, name, spec, cost in _LEDS:
        cob = code.startswith("LDCOB")
        pack = 100 if cob else (1000 if "35-" in code and "2835" not in code else 4000)
        _part(book, code, name, spec, cost, unit="颗", category="灯珠", supplier="S001", lead=10, pack=pack)
        book.change(code, safety_stock=50 if cob else 2000, inspection="sample")
    for code, name, spec, cost in _BOARDS:
        _part(book, code, name, spec, cost, unit="片", category="线路板", supplier="S003", lead=9, pack=100)
        book.change(code, lot_minimum=200, inspection="sample")
    for code, name, spec, cost in _CAPACITORS:
        pack = 4000 if code.startswith("EC3") else 500
        _part(book, code, name, spec, cost, unit="个", category="电容", supplier="S004", lead=7, pack=pack)
    for code, name, spec, cost in _RESISTORS:
        pack = 5000 if code.startswith("ER1") else 500
        _part(book, code, name, spec, cost, unit="个", category="电阻", supplier="S004", lead=7, pack=pack)
    for code, name, spec, cost in _COILS:
        _part(book, code, name, spec, cost, unit="个", category="磁性元件", supplier="S005", lead=12, pack=100)
    for code, name, spec, cost in _CHIPS:
        pack = 2500 if code not in ("ED105", "EF101") else 500
        _part(book, code, name, spec, cost, unit="个", category="芯片", supplier="S002", lead=14, pack=pack)
    book.change("EI104", lot_policy="period", period_days=14, lot_minimum=500, lot_multiple=500)
    book.change("EL103", lot_policy="fixed", lot_size=200)
    book.change("EL104", lot_policy="fixed", lot_size=100)
    book.change("EC103", lot_maximum=2000)


def _part(
    book: Catalogue, code: str, name: str, spec: str, cost: Number, *, unit: str, category: str, supplier: str,
    lead: int, pack: int,
) -> None:  # fmt: skip
    book.buy(
        code, name, spec, unit, cost, category=category, supplier=supplier, lead_time_days=lead, warehouse=RAW,
        lot_policy="minimum", lot_minimum=pack, lot_multiple=pack,
    )  # fmt: skip
