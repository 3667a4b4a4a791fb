"""A plain, exact planner: fractions and dictionaries, one item and one day at a time; it shares no code with the engine."""

from __future__ import annotations

import datetime as dt
import math
from collections import defaultdict
from fractions import Fraction
from functools import cache
from typing import Any

from tests.unit.services.planning.factory import Factory, natural

FOREVER = dt.date.max.toordinal()
Order = tuple[str, Fraction, int, int, int, int]


@cache
def exactly(number: object) -> Fraction:
    return Fraction(str(number))


@cache
def natural_key(code: str) -> tuple[object, ...]:
    return tuple(natural(code))


@cache
def ordinal(text: str | None, default: int) -> int:
    return dt.date.fromisoformat(text).toordinal() if text else default


def upwards(value: Fraction, decimals: int, *, half_up: bool = False) -> Fraction:
    grid = value * 10**decimals
    if half_up:
        return Fraction(math.floor(grid + Fraction(1, 2)), 10**decimals)
    floor = math.floor(grid)
    whole = floor if (grid - floor) < Fraction(1, 10**7) else floor + 1
    return Fraction(whole, 10**decimals)


class Oracle:
    """Plans a Factory; orders: (item, quantity, start, due, late, tag)."""

    def __init__(self, factory: Factory, start: str, **given: Any) -> None:
        self.f = factory
        self.start = ordinal(start, 0)
        self.end = ordinal(given.get("end"), FOREVER)
        self.divide = given.get("scrap_divides", False)
        self.half_up = given.get("half_up", False)
        self.restricted = given.get("restricted", False)
        self.holidays = {ordinal(h, 0) for h in factory.holidays}
        self.orders: list[Order] = []
        self.uses: list[tuple[str, str, Fraction, Fraction, int]] = []
        self.asked: dict[str, list[dict[str, Any]]] = defaultdict(list)
        self.coming: dict[str, list[tuple[int, Fraction, int]]] = defaultdict(list)
        self.taken: dict[str, Fraction] = defaultdict(Fraction)
        self.dropped: list[tuple[str, int, Fraction]] = []

    # --- the structure, by walking the lines again and again -----------------------------------------------------

    def version(self, parent: str, when: int) -> str | None:
        valid = [
            line.get("version", "1") for line in self.f.lines
            if line["parent"] == parent and ordinal(line.get("valid_from"), 0) <= when <= ordinal(line.get("valid_to"), FOREVER)
        ]  # fmt: skip
        return max(valid, key=natural_key) if valid else None

    def components(self, parent: str, quantity: Fraction, when: int) -> dict[str, Fraction]:
        """Exact needs of real components, not rounded."""
        needs: dict[str, Fraction] = defaultdict(Fraction)
        chosen = self.version(parent, when)
        for line in self.f.lines:
            if line["parent"] != parent or line.get("version", "1") != chosen:
                continue
            if not ordinal(line.get("valid_from"), 0) <= when <= ordinal(line.get("valid_to"), FOREVER):
                continue
            child = line["component"]
            kind = self.f.items[child]["kind"]
            if line.get("issue") == "none" or line.get("customer") or kind == "service":
                continue
            rate = exactly(line.get("scrap", 0))
            amount = quantity * exactly(line["quantity"]) / exactly(line.get("base", 1))
            amount = amount / (1 - rate) if self.divide else amount * (1 + rate)
            amount += exactly(line.get("fixed", 0))
            has_bom = self.version(child, when) is not None
            if kind == "phantom" or (line.get("skip") and has_bom):
                for below, more in self.components(child, amount, when).items():
                    needs[below] += more
            else:
                needs[child] += amount
        return needs

    def rounded(self, parent: str, quantity: Fraction, when: int) -> dict[str, Fraction]:
        return {
            c: upwards(q, self.decimals(c), half_up=self.half_up)
            for c, q in self.components(parent, quantity, when).items()
        }

    def decimals(self, item: str) -> int:
        return self.f.items[item].get("decimals", 0)

    def makes(self, item: str) -> bool:
        return self.f.items[item]["kind"] in ("manufactured", "subcontracted")

    def levels(self) -> dict[str, int]:
        last = max([self.start] + [d for d in (ordinal(r["day"], 0) for r in self.f.demands) if d <= self.end])
        days = {self.start}
        for line in self.f.lines:
            days |= {ordinal(line.get("valid_from"), 0), ordinal(line.get("valid_to"), FOREVER) + 1}
        days = {d for d in days if self.start <= d <= last}
        edges = set()
        for parent in self.f.items:
            if self.makes(parent):
                edges |= {(parent, c, 1) for d in days for c in self.components(parent, Fraction(1), d)}
                versions = {self.version(parent, d) for d in days}
                edges |= {
                    (parent, o["item"], 1) for o in self.f.outputs
                    if o["parent"] == parent and o.get("version", "1") in versions
                }  # fmt: skip
        edges |= {(s["substitute"], s["component"], 0) for s in self.f.substitutes}
        level = dict.fromkeys(self.f.items, 0)
        changed = True
        while changed:
            changed = False
            for before, after, step in edges:
                if level[after] < level[before] + step:
                    level[after] = level[before] + step
                    changed = True
                    assert level[after] <= len(level), "a circle"
        return level

    # --- the plan ------------------------------------------------------------------------------------------------

    def plan(self) -> Oracle:
        for row in self.f.demands:
            when = ordinal(row["day"], 0)
            if when > self.end:
                continue
            tag = row.get("tag", -1)
            chosen = row.get("selected", True)
            self.ask(row["item"], exactly(row["quantity"]), max(when, self.start), row.get("parent"), tag, chosen)
        for row in self.f.supplies:
            when = ordinal(row["day"], 0)
            if when <= self.end and self.f.items[row["item"]]["kind"] not in ("phantom", "service"):
                self.coming[row["item"]].append((max(when, self.start), exactly(row["quantity"]), row.get("tag", -1)))
        level = self.levels()
        for now in range(max(level.values()) + 1):
            self.plan_level(
                sorted(i for i in level if level[i] == now and self.f.items[i]["kind"] not in ("phantom", "service"))
            )
        return self

    def ask(self, item: str, quantity: Fraction, when: int, parent: str | None, tag: int, chosen: bool) -> None:
        kind = self.f.items[item]["kind"]
        if kind == "service":
            return
        if kind == "phantom":
            for component, amount in self.rounded(item, quantity, when).items():
                self.ask(component, amount, when, item, tag, chosen)
            return
        tag = tag if self.f.items[item].get("mto") else -1
        self.asked[item].append({"quantity": quantity, "day": when, "parent": parent, "tag": tag, "chosen": chosen})

    def pools(self, item: str) -> dict[int, Any]:
        own = self.f.items[item]
        tags = {-1} | {row["tag"] for row in self.asked[item]}
        pools = {}
        for tag in tags:
            days: dict[int, list[Any]] = defaultdict(lambda: [Fraction(0), Fraction(0), defaultdict(Fraction)])
            for row in self.asked[item]:
                if row["tag"] == tag:
                    entry = days[row["day"]]
                    entry[0] -= row["quantity"]
                    entry[1] += row["quantity"] if row["chosen"] else 0
                    if row["parent"]:
                        entry[2][row["parent"]] += row["quantity"]
            for when, amount, mark in self.coming[item]:
                if (mark if own.get("mto") else -1) == tag:
                    days[when][0] += amount
            balance = Fraction(0)
            if tag == -1:
                balance = exactly(own.get("stock", 0)) - exactly(own.get("safety", 0))
                days[self.start]
            pools[tag] = [balance, days, -1]
        return pools

    def plan_level(self, items: list[str]) -> None:
        pools = {(item, tag): pool for item in items for tag, pool in self.pools(item).items()}
        made: list[Order] = []
        for when in sorted({d for pool in pools.values() for d in pool[1]}):
            for item, tag in sorted(pools):
                pool = pools[item, tag]
                if when in pool[1] and when > pool[2]:
                    made += self.step(item, tag, pool, when)
        for order in sorted(made, key=lambda o: (o[0], o[3], o[5])):
            self.release(order)

    def step(self, item: str, tag: int, pool: list[Any], when: int) -> list[Order]:
        change, chosen, parents = pool[1][when]
        pool[0] += change
        if pool[0] >= 0:
            return []
        short = -pool[0]
        if self.restricted:
            short = min(short, chosen)
            self.drop(item, when, -pool[0] - short)
            pool[0] = -short
        if tag == -1:
            covered = self.substitute(item, when, short, parents)
            pool[0] += covered
            short = max(Fraction(0), short - covered)
        if not short:
            return []
        own = self.f.items[item]
        if own.get("policy") == "period":
            short = self.group(item, pool, when, short)
        rate = exactly(own.get("yield_rate", 1))
        unit = Fraction(1, 10 ** self.decimals(item))
        need = math.ceil(short / rate / unit) * unit
        lots = self.lots(own, need)
        pool[0] += sum(lots) * rate
        begin = self.back(when, own.get("lead", 0))
        return [(item, lot, begin, when, max(0, self.start - begin), tag) for lot in lots]

    def drop(self, item: str, when: int, quantity: Fraction) -> None:
        if quantity:
            self.dropped.append((item, when, quantity))

    def group(self, item: str, pool: list[Any], when: int, short: Fraction) -> Fraction:
        until = when + max(self.f.items[item].get("period_days", 0), 1)
        days = sorted(d for d in pool[1] if when < d < until)
        if not self.restricted:
            balance, needed = -short, short
            for d in days:
                balance += pool[1][d][0]
                needed = max(needed, -balance)
            return needed
        balance, needed = Fraction(0), short
        for d in days:
            balance += pool[1][d][0]
            if balance < 0:
                part = min(-balance, pool[1][d][1])
                self.drop(item, d, -balance - part)
                needed += part
                balance = Fraction(0)
            pool[2] = d
        pool[0] = balance - needed
        return needed

    def lots(self, own: dict[str, Any], need: Fraction) -> list[Fraction]:
        policy = own.get("policy", "lot_for_lot")
        least = exactly(own.get("lot_minimum", 0))
        multiple = exactly(own.get("lot_multiple", 0)) or Fraction(1, 10 ** own.get("decimals", 0))
        most = exactly(own.get("lot_maximum", 0))
        size = exactly(own.get("lot_size", 0))
        if policy == "fixed" and size:
            return [size] * math.ceil(need / size)
        if policy in ("lot_for_lot", "fixed"):
            least, multiple = Fraction(0), Fraction(1, 10 ** own.get("decimals", 0))
        pieces = []
        while need > 0:
            sized = math.ceil(max(need, least) / multiple) * multiple
            if most and sized > most:
                sized = max(math.floor(most / multiple) * multiple, multiple)
            pieces.append(sized)
            need -= sized
        return pieces

    def back(self, due: int, lead: int) -> int:
        when = due
        for _ in range(lead):
            when -= 1
            while when in self.holidays:
                when -= 1
        return when

    def substitute(self, item: str, when: int, short: Fraction, parents: dict[str, Fraction]) -> Fraction:
        unit = Fraction(1, 10 ** self.decimals(item))
        wanted = min(math.ceil(short / unit) * unit, sum(parents.values(), Fraction(0)))
        left = dict(parents)
        covered = Fraction(0)
        rows = [s for s in self.f.substitutes if s["component"] == item]
        rows.sort(
            key=lambda s: (
                s.get("priority", 1),
                not s.get("parent"),
                s["substitute"],
                s.get("parent") or "",
                s.get("valid_from") or "",
            )
        )
        for row in rows:
            if not ordinal(row.get("valid_from"), 0) <= when <= ordinal(row.get("valid_to"), FOREVER):
                continue
            other, parent = row["substitute"], row.get("parent")
            mine = [p for p in sorted(left) if p in self.passing(parent)] if parent else []
            most = min(wanted, sum((left[p] for p in mine), Fraction(0))) if parent else wanted
            ratio = exactly(row["ratio"])
            free = self.free(other)
            units = min(most, math.floor(max(free, 0) / ratio / unit) * unit)
            if units <= 0:
                continue
            amount = upwards(units * ratio, self.decimals(other))
            self.taken[other] += amount
            self.uses.append((item, other, units, amount, when))
            wanted -= units
            covered += units
            for p in mine:
                part = min(units, left[p])
                left[p] -= part
                units -= part
        return covered

    def passing(self, item: str) -> set[str]:
        """The item, and parents whose orders pass through it."""
        found = {item}
        for line in self.f.lines:
            phantom = self.f.items[item]["kind"] == "phantom"
            if line["component"] == item and (phantom or line.get("skip")):
                found |= self.passing(line["parent"])
        return found

    def free(self, other: str) -> Fraction:
        own = self.f.items[other]
        demand = sum((row["quantity"] for row in self.asked[other] if row["tag"] == -1), Fraction(0))
        return exactly(own.get("stock", 0)) - exactly(own.get("safety", 0)) - demand - self.taken[other]

    def release(self, order: Order) -> None:
        item, quantity, begin, due, _, tag = order
        self.orders.append(order)
        if not self.makes(item):
            return
        when = max(begin, self.start)
        for component, amount in self.rounded(item, quantity, when).items():
            self.ask(component, amount, when, item, tag, True)
        chosen = self.version(item, when)
        gained: dict[str, Fraction] = defaultdict(Fraction)
        for row in self.f.outputs:
            if row["parent"] == item and row.get("version", "1") == chosen and row["item"] != item:
                gained[row["item"]] += quantity * exactly(row["quantity"]) / exactly(row.get("base", 1))
        for other, amount in gained.items():
            if self.f.items[other]["kind"] not in ("phantom", "service"):
                grid = 10 ** self.decimals(other)
                self.coming[other].append((due, Fraction(math.floor(amount * grid), grid), -1))
