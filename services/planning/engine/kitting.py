"""Complete sets: how many sets each order can start with, order by order, what is short, and what a new order would take."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import Enum

from services.planning.engine.rounding import round_number
from services.planning.engine.slopes import NOTHING, Usage


class KitStatus(Enum):
    """齐套, 预期齐套, 不齐套, 异常 (nothing to pick)."""

    READY = "ready"
    EXPECTED = "expected"
    SHORT = "short"
    ABNORMAL = "abnormal"


class Verdict(Enum):
    """What a simulated order would do: materials are missing; it takes from others; nobody loses."""

    CANNOT = "cannot"
    ACCEPT_AFFECTING = "accept_affecting"
    ACCEPT = "accept"


@dataclass(frozen=True, slots=True)
class KitLine:
    """One line of an order's material list. usage: component last places by product last places; drawn: already issued, net.

    required: the whole order's quantity where it was changed by hand, else computed from the usage.
    """

    component: int
    usage: Usage
    drawn: int = 0
    counts: bool = True
    required: int | None = None


@dataclass(frozen=True, slots=True)
class KitOrder:
    """An order to be kitted; quantity in last places. done: closed or fully issued."""

    number: str
    item: int
    quantity: int
    start: int
    lines: tuple[KitLine, ...]
    done: bool = False


@dataclass(frozen=True, slots=True)
class KitComponent:
    """required and short are for the whole order; available is what earlier orders left in stock.

    expected: what open supply adds for this order, ready_day: when the last of it comes; both 0 if none is needed.
    sets: what this component allows.
    """

    component: int
    required: int
    drawn: int
    available: int
    short: int
    expected: int
    ready_day: int
    sets: int

    @property
    def missing(self) -> int:
        """What neither stock nor open supply covers."""
        return self.short - self.expected


@dataclass(frozen=True, slots=True)
class KitResult:
    """Complete sets of one order (None: nothing to say). deep_sets: when missing parts are made of their own materials first.

    bottleneck: the components that allow the fewest sets, when that is fewer than ordered. ready_day: when all is there.
    """

    order: KitOrder
    status: KitStatus
    sets: int | None
    deep_sets: int | None
    components: tuple[KitComponent, ...]
    bottleneck: tuple[int, ...]
    ready_day: int


@dataclass(frozen=True, slots=True)
class Shortage:
    """A part missing at the bottom of the structure for a whole order, shared material deducted once."""

    component: int
    required: int
    available: int
    short: int


@dataclass(frozen=True, slots=True)
class Part:
    """How a made item is made: its level, its yield as num/den, and its components."""

    level: int
    yield_num: int
    yield_den: int
    components: tuple[tuple[int, Usage], ...]


@dataclass(frozen=True, slots=True)
class KitStock:
    """What may be given out: stock and open supply (day, quantity) by item, in last places. parts: items that can be made.

    reserve: taken off the stock first (safety stock, where it comes first).
    """

    stock: Mapping[int, int]
    supply: Mapping[int, Sequence[tuple[int, int]]] = field(default_factory=dict)
    parts: Mapping[int, Part] = field(default_factory=dict)
    reserve: Mapping[int, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Simulation:
    """Answer to an order not yet taken: its own result, what it lacks, and the orders that lose their complete sets."""

    verdict: Verdict
    result: KitResult
    lacking: tuple[KitComponent, ...]
    affected: tuple[KitResult, ...]


def by_start(orders: Iterable[KitOrder]) -> list[KitOrder]:
    """Orders by start date, then number."""
    return sorted(orders, key=lambda order: (order.start, order.number))


def kit(orders: Sequence[KitOrder], given: KitStock, *, half_up: bool = False) -> list[KitResult]:
    """Complete sets of the orders in the order given; each takes what the earlier ones left (AT-10, AT-10b, AT-10c)."""
    shelf = _Shelf(given, half_up=half_up)
    return [shelf.serve(order) for order in orders]


def simulate(orders: Sequence[KitOrder], new: KitOrder, given: KitStock, *, half_up: bool = False) -> Simulation:
    """What happens if a new order is squeezed in by its start date (AT-02c); at one date it comes first."""
    before = {r.order.number: r for r in kit(by_start(orders), given, half_up=half_up)}
    ahead = [order for order in by_start(orders) if order.start < new.start]
    behind = [order for order in by_start(orders) if order.start >= new.start]
    after = kit([*ahead, new, *behind], given, half_up=half_up)
    own = after[len(ahead)]
    good = (KitStatus.READY, KitStatus.EXPECTED)
    affected = tuple(
        result for result in after
        if result is not own and result.status is KitStatus.SHORT and before[result.order.number].status in good
    )  # fmt: skip
    lacking = tuple(component for component in own.components if component.missing > 0)
    if lacking:
        return Simulation(Verdict.CANNOT, own, lacking, affected)
    verdict = Verdict.ACCEPT_AFFECTING if affected else Verdict.ACCEPT
    return Simulation(verdict, own, (), affected)


def open_sets(order: KitOrder) -> int:
    """Sets still to be drawn (待领套数): the least share not yet drawn, times the order, rounded down (AT-10)."""
    shares = []
    for line in _merged(order):
        required = _required(line, order.quantity)
        if required > 0:
            shares.append(max(0, required - line.drawn) * order.quantity // required)
    return min(shares, default=0)


def shortages(order: KitOrder, given: KitStock, *, half_up: bool = False) -> list[Shortage]:
    """What is missing at the bottom for the whole order when parts in between are made: each material counted once."""
    stock = _opening(given)
    need = _explode(_direct(order, order.quantity, half_up=half_up), stock, given.parts, half_up=half_up)
    return [
        Shortage(item, amount, stock[item], max(0, amount - stock[item]))
        for item, amount in sorted(need.items())
        if item not in given.parts
    ]


def _opening(given: KitStock) -> dict[int, int]:
    stock: dict[int, int] = defaultdict(int)
    for item, quantity in given.stock.items():
        stock[item] = max(0, quantity - max(0, given.reserve.get(item, 0)))
    return stock


def _merged(order: KitOrder) -> list[KitLine]:
    """Lines that count, one for each component."""
    made: dict[int, KitLine] = {}
    for line in order.lines:
        if not line.counts:
            continue
        other = made.get(line.component)
        if other is None:
            made[line.component] = line
            continue
        required = None
        if line.required is not None or other.required is not None:
            required = _required(line, order.quantity) + _required(other, order.quantity)
        made[line.component] = replace(
            other, usage=other.usage.plus(line.usage), drawn=other.drawn + line.drawn, required=required
        )
    return [made[component] for component in sorted(made)]


def _required(line: KitLine, quantity: int, *, half_up: bool = False) -> int:
    if line.required is not None:
        return line.required
    exact = line.usage.slope * quantity + line.usage.fixed
    return round_number(exact.numerator, exact.denominator, half_up=half_up)


def _sets(line: KitLine, order: KitOrder, on_hand: int, required: int) -> int:
    """⌊(on hand − fixed) ÷ requirement a unit⌋ in the product's last places, at most what is ordered."""
    if on_hand >= required:
        return order.quantity
    usage = line.usage
    if line.required is not None and order.quantity:
        usage = Usage((line.required - usage.fixed) / order.quantity, usage.fixed)
    if usage.slope <= 0:
        return order.quantity if on_hand >= usage.fixed else 0
    return max(0, min(order.quantity, (on_hand - usage.fixed) // usage.slope))


def _direct(order: KitOrder, quantity: int, *, half_up: bool) -> dict[int, int]:
    """What an order still has to draw for a number of sets."""
    whole = quantity == order.quantity
    made = {}
    for line in _merged(order):
        needed = _required(line if whole else replace(line, required=None), quantity, half_up=half_up)
        made[line.component] = max(0, needed - line.drawn)
    return made


def _explode(
    need: Mapping[int, int], stock: Mapping[int, int], parts: Mapping[int, Part], *, half_up: bool
) -> dict[int, int]:
    """Gross needs of everything below: what stock does not cover of a made part asks for that part's components."""
    total: dict[int, int] = defaultdict(int, need)
    waiting = {item for item in need if item in parts}
    while waiting:
        item = min(waiting, key=lambda i: (parts[i].level, i))
        waiting.discard(item)
        part = parts[item]
        lack = total[item] - stock.get(item, 0)
        if lack <= 0:
            continue
        start = -(-lack * part.yield_den // part.yield_num)
        for component, usage in part.components:
            exact = usage.slope * start + usage.fixed
            total[component] += round_number(exact.numerator, exact.denominator, half_up=half_up)
            if component in parts and parts[component].level > part.level:
                waiting.add(component)
    return dict(total)


class _Shelf:
    """What is left for the next order: of stock, of open supply, and of stock when parts in between may be made."""

    def __init__(self, given: KitStock, *, half_up: bool) -> None:
        self._half_up = half_up
        self._parts = given.parts
        self._stock = _opening(given)
        self._deep = dict(self._stock)
        self._supply = {item: [list(one) for one in sorted(rows)] for item, rows in given.supply.items()}

    def serve(self, order: KitOrder) -> KitResult:
        lines = _merged(order)
        if order.done:
            return KitResult(order, KitStatus.READY, None, None, (), (), 0)
        if not lines:
            return KitResult(order, KitStatus.ABNORMAL, 0, 0, (), (), 0)
        components = tuple(self._take(order, line) for line in lines)
        sets = min(component.sets for component in components)
        bottleneck = tuple(c.component for c in components if c.sets == sets) if sets < order.quantity else ()
        if all(component.short == 0 for component in components):
            status = KitStatus.READY
        elif all(component.missing <= 0 for component in components):
            status = KitStatus.EXPECTED
        else:
            status = KitStatus.SHORT
        ready = max(component.ready_day for component in components) if status is KitStatus.EXPECTED else 0
        return KitResult(order, status, sets, self._dive(order), components, bottleneck, ready)

    def _take(self, order: KitOrder, line: KitLine) -> KitComponent:
        available = self._stock[line.component]
        required = _required(line, order.quantity, half_up=self._half_up)
        wanted = max(0, required - line.drawn)
        taken = min(available, wanted)
        self._stock[line.component] -= taken
        short = wanted - taken
        expected, ready = self._expect(line.component, short)
        sets = _sets(line, order, available + line.drawn, required)
        return KitComponent(line.component, required, line.drawn, available, short, expected, ready, sets)

    def _expect(self, component: int, short: int) -> tuple[int, int]:
        """(what open supply gives, day of the last receipt used)."""
        got, day = 0, 0
        for row in self._supply.get(component, ()):
            part = min(row[1], short - got)
            if part > 0:
                row[1] -= part
                got += part
                day = row[0]
        return got, day

    def _dive(self, order: KitOrder) -> int:
        """Most sets when parts in between are made first; then takes what those sets need, and what the rest finds."""
        low, high = (order.quantity,) * 2 if self._possible(order, order.quantity) else (0, order.quantity - 1)
        while low < high:
            middle = (low + high + 1) // 2
            if self._possible(order, middle):
                low = middle
            else:
                high = middle - 1
        best = low
        need = _explode(_direct(order, best, half_up=self._half_up), self._deep, self._parts, half_up=self._half_up)
        if best:
            for item, amount in need.items():
                self._deep[item] = max(0, self._deep.get(item, 0) - amount)
        whole = _direct(order, order.quantity, half_up=self._half_up)
        done = _direct(order, best, half_up=self._half_up) if best else {}
        for item, amount in whole.items():
            rest = max(0, amount - done.get(item, 0))
            self._deep[item] = max(0, self._deep.get(item, 0) - rest)
        return best

    def _possible(self, order: KitOrder, sets: int) -> bool:
        direct = _direct(order, sets, half_up=self._half_up)
        need = _explode(direct, self._deep, self._parts, half_up=self._half_up)
        return all(item in self._parts or self._deep.get(item, 0) >= amount for item, amount in need.items())


__all__ = [
    "NOTHING", "KitComponent", "KitLine", "KitOrder", "KitResult", "KitStatus", "KitStock", "Part", "Shortage",
    "Simulation", "Verdict", "by_start", "kit", "open_sets", "shortages", "simulate",
]  # fmt: skip
