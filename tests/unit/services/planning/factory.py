"""A small factory written by hand: names and decimals in, the planner's tables out."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

import numpy as np

from services.planning.engine import model as m
from services.planning.engine.plan import Plan, make_plan

KINDS = {k.name.lower(): k for k in m.ItemKind}
POLICIES = {k.name.lower(): k for k in m.LotPolicy}
ISSUES = {k.name.lower(): k for k in m.Issue}
NEEDS = {k.name.lower(): k for k in m.Need}
SOURCES = {k.name.lower(): k for k in m.Source}


def day(text: str | None, default: int = 0) -> int:
    return dt.date.fromisoformat(text).toordinal() if text else default


def iso(ordinal: int) -> str:
    return dt.date.fromordinal(int(ordinal)).isoformat()


def natural(text: str) -> list[Any]:
    return [(1, int(p), "") if p.isdigit() else (0, 0, p) for p in re.split(r"(\d+)", text) if p]


@dataclass
class Factory:
    """Collects rows by item code; build() makes the PlanInput."""

    items: dict[str, dict[str, Any]] = field(default_factory=dict)
    lines: list[dict[str, Any]] = field(default_factory=list)
    outputs: list[dict[str, Any]] = field(default_factory=list)
    demands: list[dict[str, Any]] = field(default_factory=list)
    supplies: list[dict[str, Any]] = field(default_factory=list)
    substitutes: list[dict[str, Any]] = field(default_factory=list)
    holidays: list[str] = field(default_factory=list)

    def item(self, code: str, kind: str = "purchased", **given: Any) -> Factory:
        self.items[code] = {"kind": kind, **given}
        return self

    def bom(self, parent: str, component: str, quantity: object = 1, **given: Any) -> Factory:
        self.lines.append({"parent": parent, "component": component, "quantity": quantity, **given})
        return self

    def output(self, parent: str, item: str, quantity: object = 1, **given: Any) -> Factory:
        self.outputs.append({"parent": parent, "item": item, "quantity": quantity, **given})
        return self

    def demand(self, item: str, quantity: object, when: str, **given: Any) -> Factory:
        self.demands.append({"item": item, "quantity": quantity, "day": when, **given})
        return self

    def supply(self, item: str, quantity: object, when: str, **given: Any) -> Factory:
        self.supplies.append({"item": item, "quantity": quantity, "day": when, **given})
        return self

    def substitute(self, component: str, substitute: str, ratio: object = 1, **given: Any) -> Factory:
        self.substitutes.append({"component": component, "substitute": substitute, "ratio": ratio, **given})
        return self

    def codes(self) -> list[str]:
        return sorted(self.items)

    def _whole(self, code: str, quantity: object) -> int:
        value = Fraction(str(quantity)) * 10 ** self.items[code].get("decimals", 0)
        assert value.denominator == 1, (code, quantity)
        return value.numerator

    def build(self, start: str, **parameters: Any) -> m.PlanInput:
        rank = {code: at for at, code in enumerate(self.codes())}
        if "end" in parameters:
            parameters["end"] = day(parameters["end"])
        return m.PlanInput(
            self._items(), self._lines(rank), self._outputs(rank), self._demands(rank), self._supplies(rank),
            self._substitutes(rank), m.column([day(h) for h in self.holidays]),
            m.Parameters(day(start), **parameters),
        )  # fmt: skip

    def _items(self) -> m.Items:
        rows = []
        for code in self.codes():
            one = self.items[code]
            rate = Fraction(str(one.get("yield_rate", 1)))
            lots = [
                self._whole(code, one.get(k, 0)) for k in ("lot_size", "lot_minimum", "lot_multiple", "lot_maximum")
            ]
            rows.append(
                (
                    KINDS[one["kind"]], one.get("decimals", 0), one.get("lead", 0), self._whole(code, one.get("safety", 0)),
                    POLICIES[one.get("policy", "lot_for_lot")], *lots, one.get("period_days", 0), rate.numerator,
                    rate.denominator, one.get("mto", False), self._whole(code, one.get("stock", 0)),
                    one.get("supplier", True),
                )
            )  # fmt: skip
        columns = [m.column(c) for c in zip(*rows, strict=True)]
        columns[12], columns[14] = columns[12].astype(bool), columns[14].astype(bool)
        return m.Items(*columns)

    def _versions(self, parent: str, version: str) -> int:
        known = {r.get("version", "1") for r in self.lines + self.outputs if r["parent"] == parent}
        return sorted(known, key=natural).index(version)

    def _lines(self, rank: dict[str, int]) -> m.BomLines:
        rows = []
        for one in self.lines:
            usage = Fraction(str(one["quantity"])) / Fraction(str(one.get("base", 1)))
            rows.append(
                (
                    rank[one["parent"]], self._versions(one["parent"], one.get("version", "1")), rank[one["component"]],
                    usage.numerator, usage.denominator, int(Fraction(str(one.get("scrap", 0))) * m.RATE),
                    int(Fraction(str(one.get("fixed", 0))) * m.RATE), ISSUES[one.get("issue", "pick")],
                    one.get("skip", False), one.get("customer", False), day(one.get("valid_from"), m.OPEN_FROM),
                    day(one.get("valid_to"), m.OPEN_TO),
                )
            )  # fmt: skip
        columns = [m.column(c) for c in zip(*rows, strict=True)] or [m.empty() for _ in range(12)]
        columns[8], columns[9] = columns[8].astype(bool), columns[9].astype(bool)
        return m.BomLines(*columns)

    def _outputs(self, rank: dict[str, int]) -> m.BomOutputs:
        rows = []
        for one in self.outputs:
            usage = Fraction(str(one["quantity"])) / Fraction(str(one.get("base", 1)))
            version = self._versions(one["parent"], one.get("version", "1"))
            rows.append((rank[one["parent"]], version, rank[one["item"]], usage.numerator, usage.denominator))
        return m.BomOutputs(*([m.column(c) for c in zip(*rows, strict=True)] or [m.empty() for _ in range(5)]))

    def _demands(self, rank: dict[str, int]) -> m.Demands:
        rows = [
            (
                rank[one["item"]], day(one["day"]), self._whole(one["item"], one["quantity"]),
                NEEDS[one.get("kind", "sales_order")], one.get("ref", at), one.get("line", 1),
                rank.get(one.get("parent", ""), m.NONE), one.get("tag", m.NONE), one.get("selected", True),
            )
            for at, one in enumerate(self.demands)
        ]  # fmt: skip
        columns = [m.column(c) for c in zip(*rows, strict=True)] or [m.empty() for _ in range(9)]
        columns[8] = columns[8].astype(bool)
        return m.Demands(*columns)

    def _supplies(self, rank: dict[str, int]) -> m.Supplies:
        rows = []
        for at, one in enumerate(self.supplies):
            amount = Fraction(str(one["quantity"])) * 10 ** self.items[one["item"]].get("decimals", 0)
            rows.append(
                (
                    rank[one["item"]], day(one["day"]), amount.numerator, amount.denominator,
                    SOURCES[one.get("kind", "purchase_order")], one.get("ref", at), one.get("line", 1),
                    one.get("tag", m.NONE),
                )
            )  # fmt: skip
        return m.Supplies(*([m.column(c) for c in zip(*rows, strict=True)] or [m.empty() for _ in range(8)]))

    def _substitutes(self, rank: dict[str, int]) -> m.Substitutes:
        rows = []
        for one in self.substitutes:
            ratio = Fraction(str(one["ratio"]))
            rows.append(
                (
                    rank[one["component"]], rank[one["substitute"]], rank.get(one.get("parent", ""), m.NONE),
                    ratio.numerator, ratio.denominator, one.get("priority", 1),
                    day(one.get("valid_from"), m.OPEN_FROM), day(one.get("valid_to"), m.OPEN_TO),
                )
            )  # fmt: skip
        return m.Substitutes(*([m.column(c) for c in zip(*rows, strict=True)] or [m.empty() for _ in range(8)]))

    def plan(self, start: str, **parameters: Any) -> Plan:
        return make_plan(self.build(start, **parameters))

    def planned(self, start: str, **parameters: Any) -> list[tuple[str, str, str, str]]:
        """(item, quantity, start, due) of every planned order, by item and due day."""
        return self.shown(self.plan(start, **parameters))

    def shown(self, plan: Plan) -> list[tuple[str, str, str, str]]:
        codes, orders = self.codes(), plan.orders
        return sorted(
            (codes[i], self.text(codes[i], q), iso(s), iso(d))
            for i, q, s, d in zip(orders.item, orders.quantity, orders.start, orders.due, strict=True)
        )

    def text(self, code: str, whole: int) -> str:
        value = Fraction(int(whole), 10 ** self.items[code].get("decimals", 0))
        return str(value.numerator) if value.denominator == 1 else str(float(value))

    def found(self, plan: Plan) -> list[tuple[str, str, str]]:
        """(kind, item, quantity) of every finding."""
        codes, table = self.codes(), plan.findings
        return sorted(
            (m.Finding(int(k)).name.lower(), codes[i], self.text(codes[i], q))
            for k, i, q in zip(table.kind, table.item, table.quantity, strict=True)
        )


def sums(rows: list[tuple[str, str, str, str]]) -> dict[str, str]:
    """Total quantity of each item."""
    made: dict[str, Fraction] = {}
    for item, quantity, _, _ in rows:
        made[item] = made.get(item, Fraction(0)) + Fraction(quantity)
    return {item: str(total) for item, total in sorted(made.items())}


__all__ = ["Factory", "day", "iso", "np", "sums"]
