"""Random factories that use every rule of the planner; a seed gives the same factory for ever."""

from __future__ import annotations

import datetime as dt
import random
from decimal import Decimal
from typing import Any

from tests.unit.services.planning.factory import Factory

START = dt.date(2026, 3, 2)


def on(offset: int) -> str:
    return (START + dt.timedelta(days=offset)).isoformat()


def make(seed: int) -> tuple[Factory, dict[str, Any]]:
    """A factory and the parameters of its run."""
    r = random.Random(seed)
    f = Factory()
    count = r.randint(3, 14)
    codes = [f"{r.choice('ABCXYZ')}{n:02d}" for n in range(count)]
    leaf = max(1, count * 3 // 5)
    for at, code in enumerate(codes):
        _item(r, f, code, made=at < leaf)
    for at, code in enumerate(codes[:leaf]):
        _bom(r, f, code, codes[at + 1 :])
    _demand_and_supply(r, f, codes)
    for _ in range(r.choice((0, 0, 2, 5, 9))):
        _substitute(r, f, codes, leaf)
    if r.random() < 0.4:
        f.holidays = [on(n) for n in range(-30, 40) if (START + dt.timedelta(days=n)).weekday() >= r.choice((5, 6))]
    parameters: dict[str, Any] = {"scrap_divides": r.random() < 0.2, "half_up": r.random() < 0.2}
    if r.random() < 0.2:
        parameters["end"] = on(r.randint(0, 25))
    if r.random() < 0.2:
        parameters["restricted"] = True
    return f, parameters


def quantity(r: random.Random, decimals: int, most: int = 60) -> str:
    return str(Decimal(r.randint(1, most * 10**decimals)).scaleb(-decimals))


def _item(r: random.Random, f: Factory, code: str, *, made: bool) -> None:
    decimals = r.choice((0, 0, 0, 1, 2, 3))
    kind = (
        r.choice(("manufactured", "manufactured", "manufactured", "subcontracted", "phantom")) if made else "purchased"
    )
    if r.random() < 0.03:
        kind = "service"
    given: dict[str, Any] = {"decimals": decimals, "lead": r.choice((0, 0, 1, 2, 5, 9)), "supplier": r.random() < 0.8}
    if kind in ("manufactured", "subcontracted") and r.random() < 0.5:
        given["yield_rate"] = r.choice(("0.96", "0.9", "0.92", "0.875", "0.3333", "0.7", "0.99999999"))
    if r.random() < 0.4:
        given["safety"] = quantity(r, decimals, 20)
    if r.random() < 0.6:
        given["stock"] = r.choice(("", "", "-")) + quantity(r, decimals, 80)
    policy = r.choice(("lot_for_lot", "lot_for_lot", "fixed", "minimum", "period"))
    given["policy"] = policy
    if policy == "fixed":
        given["lot_size"] = str(5 + Decimal(quantity(r, decimals, 30)))
    if policy in ("minimum", "period"):
        if r.random() < 0.5:
            given["lot_minimum"] = quantity(r, decimals, 40)
        if r.random() < 0.5:
            given["lot_multiple"] = quantity(r, decimals, 12)
        given["period_days"] = r.choice((0, 1, 3, 7))
    if r.random() < 0.25:
        given["lot_maximum"] = str(10 + Decimal(quantity(r, decimals, 50)))
    given["mto"] = r.random() < 0.15
    f.item(code, kind, **given)


def _bom(r: random.Random, f: Factory, parent: str, below: list[str]) -> None:
    if not below or r.random() < 0.1:
        return
    for version in r.choice((("V1",), ("V1",), ("V1", "V2"), ("V2", "V10"))):
        for component in r.sample(below, min(len(below), r.randint(1, 4))):
            for _ in range(r.choice((1, 1, 1, 1, 2))):
                f.bom(parent, component, **_line(r, version))
        if r.random() < 0.12:
            f.output(parent, r.choice(below), r.choice(("0.1", "1", "0.37")), base=r.choice((1, 3)), version=version)


def _line(r: random.Random, version: str) -> dict[str, Any]:
    line: dict[str, Any] = {
        "version": version,
        "quantity": r.choice(("1", "2", "4", "0.25", "0.3333333", "12", "0.07", "0")),
    }
    line["base"] = r.choice((1, 1, 1, 3, 67, 100))
    if r.random() < 0.4:
        line["scrap"] = r.choice(("0.05", "0.02", "0.1", "0.015"))
    if r.random() < 0.2:
        line["fixed"] = r.choice(("1", "2", "0.5", "0.125"))
    if r.random() < 0.1:
        line["issue"] = r.choice(("none", "backflush"))
    line["skip"] = r.random() < 0.12
    line["customer"] = r.random() < 0.04
    if r.random() < 0.15:
        line["valid_from"] = on(r.randint(-10, 25))
    if r.random() < 0.15:
        line["valid_to"] = on(r.randint(-10, 25))
    return line


def _demand_and_supply(r: random.Random, f: Factory, codes: list[str]) -> None:
    for ref in range(r.randint(1, 12)):
        code = r.choice(codes[: max(1, len(codes) // 2)] + codes)
        row: dict[str, Any] = {"kind": "sales_order", "tag": ref, "selected": r.random() < 0.5}
        if r.random() < 0.25:
            row = {"kind": "production_order", "parent": r.choice(codes), "selected": r.random() < 0.5}
            if r.random() < 0.3:
                row["tag"] = r.randint(0, 4)
        elif r.random() < 0.2:
            row = {"kind": "forecast", "selected": False}
        f.demand(code, quantity(r, f.items[code]["decimals"], 90), on(r.randint(-4, 30)), **row)
    for _ in range(r.randint(0, 8)):
        code = r.choice(codes)
        amount = Decimal(quantity(r, f.items[code]["decimals"], 60))
        kind = r.choice(("purchase_order", "production_order", "co_product"))
        if kind == "production_order":
            amount *= Decimal(f.items[code].get("yield_rate", "1"))
        tag = r.choice((-1, -1, 0, 1, 2))
        f.supply(code, amount, on(r.randint(-4, 30)), kind=kind, tag=tag)


def _substitute(r: random.Random, f: Factory, codes: list[str], leaf: int) -> None:
    component, other = r.randrange(len(codes)), r.randrange(len(codes))
    if component == other or (other > component and component < leaf):
        return
    given: dict[str, Any] = {"ratio": r.choice(("1", "1", "2", "0.5", "1.2", "0.3333")), "priority": r.randint(1, 3)}
    if r.random() < 0.3:
        given["parent"] = r.choice(codes)
    if r.random() < 0.2:
        given["valid_from"] = on(r.randint(0, 10))
    f.items[codes[other]]["stock"] = quantity(r, f.items[codes[other]]["decimals"], 900)
    f.substitute(codes[component], codes[other], **given)
