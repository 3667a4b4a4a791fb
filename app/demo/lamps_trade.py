"""Lamps for shops, offices and streets: track lamps, downlights, panels, linear lamps, street lamps, floodlights."""

from __future__ import annotations

from app.demo.catalogue import Catalogue, Use, backflushed, parts, use
from app.demo.finishing import finish
from app.demo.places import ASSEMBLY, PARTS

_GREASE = backflushed("CH109", 1, per=300)


def add(book: Catalogue) -> None:
    """Adds them with the light engines they are made of."""
    _add_engines(book)
    _add_track_lamps(book)
    _add_downlights(book)
    _add_panels(book)
    _add_street_lamps(book)
    _add_floodlights(book)


def _part(book: Catalogue, code: str, name: str, spec: str, labour: str, *uses: Use) -> str:
    book.make(code, name, spec, "套", labour, category="光引擎", workshop=ASSEMBLY, warehouse=PARTS, lead_time_days=2)
    book.bill(code, uses)
    return code


def _add_engines(book: Catalogue) -> None:
    for number, diode, lens, spec in (
        (201, "LDCOB-12-30", "OP102", "COB 12W 3000K 24°"),
        (202, "LDCOB-12-40", "OP103", "COB 12W 4000K 36°"),
        (203, "LDCOB-20-30", "OP102", "COB 20W 3000K 24°"),
        (204, "LDCOB-20-40", "OP103", "COB 20W 4000K 36°"),
        (205, "LDCOB-30-30", "OP101", "COB 30W 3000K 15°"),
        (206, "LDCOB-30-40", "OP103", "COB 30W 4000K 36°"),
    ):
        _part(
            book, f"LE{number}", "COB光引擎", spec, "0.70",
            use(diode, scrap="0.005", key=True), use(lens), use("WR104", "0.15"), use("HW101", 2, scrap="0.02"), _GREASE,
        )  # fmt: skip
    for number, board, spec, counts in ((116, "LB116", "50W 5700K", (2, 3, 4)), (117, "LB117", "50W 4000K", (2,))):
        module = _part(
            book, f"LM{number}", "路灯光源模组", spec, "2.80",
            use(board, key=True), use("OP104", 2), use("MF101", 2), use("HW106", 8, scrap="0.01"), _GREASE,
        )  # fmt: skip
        for count in counts:
            _part(
                book, f"LE{number}-{count}", "路灯光引擎", f"{count}模组 {count * 50}W {spec[4:]}", "1.50",
                use(module, count, key=True), use("WR104", "0.3"), use("HW107", 4 * count, scrap="0.01"),
            )  # fmt: skip


def _add_track_lamps(book: Catalogue) -> None:
    for code, spec, inside in (
        ("FG301", "12W 黑 3000K 24°", "LE201! SP106! DR102! SW104 KT204"),
        ("FG302", "12W 白 4000K 36°", "LE202! SP107! DR102! SW105 KT204"),
        ("FG303", "20W 黑 3000K 24°", "LE203! SP108! DR103! SW104 KT204"),
        ("FG304", "20W 白 4000K 36°", "LE204! SP109! DR103! SW105 KT204"),
        ("FG305", "30W 黑 3000K 15°", "LE205! SP110! DR104! SW104 KT204"),
        ("FG306", "30W 黑 4000K 36°", "LE206! SP110! DR104! SW104 KT204"),
    ):
        finish(book, "导轨灯", code, "导轨射灯", spec, parts(inside), labour="2.10", per_carton=20)
    book.change("FG301", safety_stock=60, lot_policy="minimum", lot_minimum=100, lot_multiple=20)
    book.change("FG305", lot_policy="fixed", lot_size=60)


def _add_downlights(book: Catalogue) -> None:
    for code, name, spec, inside in (
        ("FG401", "筒灯", "5W 开孔75 4000K", "LB101! DR101! IM107"),
        ("FG402", "筒灯", "7W 开孔75 3000K", "LB102! DR101! IM107"),
        ("FG403", "筒灯", "12W 开孔120 4000K", "LB103! DR102! IM107 OX104!"),
        ("FG404", "筒灯", "18W 开孔150 4000K", "LB104! DR103! IM107 OX104!"),
        ("FG406", "防眩筒灯", "12W 深杯 4000K", "LB103! DR102! OP106 OX104!"),
    ):
        uses = [*parts(f"{inside} SP105 CT102*2"), use("HW103", 3, scrap="0.02"), _GREASE]
        finish(book, "筒灯", code, name, spec, uses, labour="1.30", per_carton=40)
    book.change("FG401", safety_stock=200, lot_policy="minimum", lot_minimum=200, lot_multiple=40)
    book.change("FG403", safety_stock=100, lot_policy="period", period_days=7, lot_multiple=40)
    book.change("FG402", lot_policy="minimum", lot_minimum=120, lot_multiple=40, lot_maximum=400)


def _add_panels(book: Catalogue) -> None:
    frame = [*parts("OX103! ST104 OP107 OP108"), use("HW103", 8, scrap="0.02")]
    for code, spec, inside in (
        ("FG601", "600×600 36W 4000K", "LB112*2! DR104!"),
        ("FG602", "600×600 48W 高亮", "LB112*3! DR104!"),
    ):
        finish(book, "面板灯", code, "面板灯", spec, [*frame, *parts(inside)], labour="3.60", per_carton=5)
    glue = backflushed("CH103", 1, per=100)
    for code, spec, shade, inside in (
        ("FG901", "600 9W 6500K", use("IM108", 1, per=2), "OX101! LB106! DR102! KT204"),
        ("FG902", "1200 18W 4000K", use("IM108"), "OX102! LB108! DR103! KT204"),
    ):
        finish(book, "线条灯", code, "线条灯", spec, [*parts(inside), shade, glue], labour="1.80", per_carton=20)
    book.change("FG601", lot_policy="minimum", lot_minimum=50, lot_multiple=5, safety_stock=20)


def _add_street_lamps(book: Catalogue) -> None:
    body = [*parts("SP113! MF102 MF103*2 MF104 KT202"), use("WR105", "1.2"), backflushed("CH103", 1, per=20)]
    for code, spec, inside in (
        ("FG701", "100W 5700K", "LE116-2! DR106!"),
        ("FG702", "150W 5700K", "LE116-3! DR106*2!"),
        ("FG703", "200W 5700K", "LE116-4! DR106*2!"),
        ("FG704", "100W 4000K", "LE117-2! DR106!"),
    ):
        uses = [*parts(inside), *body]
        finish(book, "路灯", code, "LED路灯", spec, uses, labour="18.00", per_carton=1, strategy="mto")


def _add_floodlights(book: Catalogue) -> None:
    body = [*parts("ST112 MF103 MF104 KT202"), use("WR105", "0.5"), backflushed("CH103", 1, per=40), _GREASE]
    for code, spec, inside in (
        ("FG801", "20W 5700K", "SP111! LB113! DR103! OP109"),
        ("FG802", "50W 5700K", "SP111! LB114! DR105! OP109"),
        ("FG804", "100W 5700K", "SP112! LB114*2! DR106! OP109*2"),
    ):
        finish(book, "投光灯", code, "LED投光灯", spec, [*parts(inside), *body], labour="6.50", per_carton=12)
