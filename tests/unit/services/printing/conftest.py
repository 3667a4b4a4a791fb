"""The orders of AT-13 as they come to the printer."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal

import pytest

from services.printing.picking_forms import Material, MergedLine, PickedOrder, PickLine, PickSlip

SCREW = Material("RM403", "螺丝M3", "3x10", "个")
BEAD = Material("RM401", "灯珠", "2835 0.5W", "颗")
LAMP = Material("FG100", "LED台灯", "5W", "台")
WO1 = PickedOrder("SCRW-20260308-00005", LAMP, Decimal(100), start="2026-03-08")
WO2 = PickedOrder("SCRW-20260308-00007", LAMP, Decimal(50), start="2026-03-10")


@pytest.fixture
def slip() -> PickSlip:
    """Head of a pick list for both orders."""
    return PickSlip("示范灯具五金有限公司", "SCLL-20260310-00012", "2026-03-10", (WO1, WO2), workshop="总装车间")


@pytest.fixture
def lines() -> list[PickLine]:
    """Three lines, not merged: the costs of each order need their own."""
    return [
        PickLine(SCREW, "原料仓 A-01-2", Decimal(420), Decimal(0), Decimal(420), order=WO1.number),
        PickLine(BEAD, "原料仓 A-02-1", Decimal(1020), Decimal(0), Decimal(1020), order=WO1.number),
        PickLine(SCREW, "原料仓 A-01-2", Decimal(210), Decimal(0), Decimal(80), order=WO2.number, short=Decimal(130)),
    ]


@pytest.fixture
def merged() -> list[MergedLine]:
    """Two materials in shelf order; 500 screws for 630."""
    return [
        MergedLine(
            SCREW,
            "A-01-2",
            Decimal(630),
            Decimal(500),
            {WO1.number: Decimal(420), WO2.number: Decimal(80)},
            short=Decimal(130),
            short_orders=(WO2.number,),
        ),
        MergedLine(BEAD, "A-02-1", Decimal(1020), Decimal(3000), {WO1.number: Decimal(1020)}),
    ]


@pytest.fixture
def many(lines: list[PickLine]) -> Callable[[int], list[PickLine]]:
    """So many different lines."""

    def made(count: int) -> list[PickLine]:
        return [
            replace(
                lines[i % 2],
                material=Material(f"RM{i + 1000}", f"物料{i + 1}号", f"规格 {i * 3}×{i * 7}", "个"),
                quantity=Decimal(i * 11 + 1),
                place=f"原料仓 B-{i % 40:02d}",
                note="" if i % 5 else "本行备注写得长一些，看看会不会换行",
            )
            for i in range(count)
        ]

    return made
