"""One period: items in the order in which one is made of the other, orders as soon as all they drew has a value."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence

from models.kernel.problems import Refused, refuse
from services.costing.engine.orders import cost_order
from services.costing.engine.shapes import (
    Amount,
    Found,
    Given,
    Key,
    Move,
    Order,
    OrderCost,
    Share,
    allocated,
    half_up,
)
from services.costing.engine.sharing import share_costs
from services.costing.engine.valuing import Drawn, value_item


def cost_period(given: Given) -> Found:
    """Values every movement and costs every order; refused for loops and for what cannot be shared.

    Costs shared by material are shared by the material the orders took before such costs: those of the other bases included.
    """
    period = _Period(given)
    by_material = [cost for cost in given.costs if cost.basis == "material" and not cost.doc]
    others = [cost for cost in given.costs if cost not in by_material]
    shares = share_costs(others, given.orders, given.methods, {})
    found = period.run(shares)
    if not by_material:
        return found
    took = {
        key: sum(row.finished.value for row in cost.progress if row.key.element == "material")
        for key, cost in found.orders.items()
    }
    return period.run(shares + share_costs(by_material, given.orders, given.methods, took))


class _Period:
    """A period's movements by item and by order, for one run after the other."""

    def __init__(self, given: Given) -> None:
        self._given = given
        self._kinds = {cost.id: cost.kind for cost in given.costs}
        self._by_item: dict[int, list[Move]] = defaultdict(list)
        self._drawn_by: dict[int, list[Move]] = defaultdict(list)
        self._made_by: dict[int, list[Move]] = defaultdict(list)
        for move in given.moves:
            self._by_item[move.item].append(move)
            if move.kind == "made":
                self._made_by[move.order].append(move)
            elif move.order:
                self._drawn_by[move.order].append(move)
        self._reworked = self._loops_of_rework()
        self._order = self._sorted()
        self._shares: dict[int, list[Share]] = {}
        self._costs: dict[int, OrderCost] = {}
        self._values: dict[int, int] = {}

    def run(self, shares: list[Share]) -> Found:
        """One costing with the given shares."""
        self._shares, self._costs, self._values = defaultdict(list), {}, {}
        for share in shares:
            self._shares[share.order].append(share)
        drawn: Drawn = dict(self._given.drawn)
        stock: dict[int, Amount] = {}
        for move in self._given.moves:
            move.value = move.settled = 0
        for item in self._order:
            reworked = self._reworked.get(item, frozenset())
            stock[item] = self._value(item, drawn, reworked)
        for key in sorted(self._given.orders):
            self._cost(key)
        return Found(stock, self._costs, shares, drawn)

    def _value(self, item: int, drawn: Drawn, reworked: frozenset[int]) -> Amount:
        try:
            return value_item(self._given.items[item], self._by_item[item], drawn, self._made, reworked)
        except Refused as refused:
            problem = refused.problems[0]
            if problem.code == "costing.rework_mixed":
                number = self._given.orders[int(str(problem.args["order"]))].number
                raise refuse("costing.rework_mixed", order=number, item=item) from refused
            raise

    def _made(self, move: Move) -> int:
        self._cost(move.order)
        return self._values[id(move)]

    def _cost(self, key: int) -> None:
        """Costs an order once, and gives its receipts their parts by quantity, the last one the rest."""
        if key in self._costs:
            return
        order = self._given.orders[key]
        made: dict[int, list[Move]] = defaultdict(list)
        for move in self._made_by[key]:
            made[move.item].append(move)
        received = {item: sum(move.quantity for move in moves) for item, moves in made.items()}
        cost = cost_order(order, self._inputs(order), received, self._given.methods)
        self._costs[key] = cost
        totals = {output.item: output.total for output in cost.outputs}
        for item, moves in made.items():
            total = totals.get(item, 0)
            parts = allocated(total, [move.quantity for move in moves]) if received[item] else [0] * len(moves)
            for move, part in zip(moves, parts, strict=True):
                self._values[id(move)] = part

    def _inputs(self, order: Order) -> dict[Key, Amount]:
        inputs: dict[Key, Amount] = {}

        def add(key: Key, quantity: int, value: int) -> None:
            before = inputs.get(key, Amount(0, 0))
            inputs[key] = Amount(before.quantity + quantity, before.value + value)

        for move in self._drawn_by[order.id]:
            add(Key("material", move.material, move.item), half_up(-move.quantity * move.covers), -move.value)
        for share in self._shares.get(order.id, ()):
            add(Key(self._kinds[share.cost]), 0, share.amount)
        if order.fee:
            add(Key("subcontract"), 0, order.fee)
        return inputs

    def _loops_of_rework(self) -> dict[int, frozenset[int]]:
        """Items that a rework order draws and gives back, with those orders."""
        made: dict[int, set[int]] = defaultdict(set)
        for key, moves in self._made_by.items():
            if self._given.orders[key].rework:
                given = {move.item for move in moves}
                for move in self._drawn_by[key]:
                    if move.item in given:
                        made[move.item].add(key)
        return {item: frozenset(keys) for item, keys in made.items()}

    def _edges(self) -> dict[int, dict[int, set[int]]]:
        """item drawn -> item made of it -> orders; what a rework order draws to give it back is left out."""
        edges: dict[int, dict[int, set[int]]] = defaultdict(lambda: defaultdict(set))
        for key, moves in self._made_by.items():
            products = {move.item for move in moves}
            for drawn in {move.item for move in self._drawn_by[key]}:
                for product in products:
                    if drawn != product or key not in self._reworked.get(drawn, ()):
                        edges[drawn][product].add(key)
        return edges

    def _sorted(self) -> list[int]:
        """Items so that what is drawn stands before what is made of it; refused with the documents of a loop."""
        edges = self._edges()
        waits: dict[int, int] = defaultdict(int)
        for products in edges.values():
            for product in products:
                waits[product] += 1
        ready = sorted((item for item in self._by_item if not waits[item]), reverse=True)
        made: list[int] = []
        while ready:
            item = ready.pop()
            made.append(item)
            freed = []
            for product in edges.get(item, ()):
                waits[product] -= 1
                if waits[product] == 0:
                    freed.append(product)
            ready += sorted(freed, reverse=True)
        if len(made) < len(self._by_item):
            raise self._loop(edges, self._by_item.keys() - set(made))
        return made

    def _loop(self, edges: dict[int, dict[int, set[int]]], left: set[int]) -> Refused:
        """The items and orders of one circle among those that could not be ordered."""
        before = {product: item for item in sorted(left) for product in edges.get(item, ()) if product in left}
        item, seen = min(before), []
        while item not in seen:
            seen.append(item)
            item = before[item]
        circle = [*seen[seen.index(item) :][::-1]]
        steps: Iterable[tuple[int, int]] = zip(circle, circle[1:] + circle[:1], strict=True)
        orders: Sequence[int] = sorted({key for a, b in steps for key in edges[a][b]})
        return refuse("costing.loop", items=circle, orders=sorted({self._given.orders[key].number for key in orders}))
