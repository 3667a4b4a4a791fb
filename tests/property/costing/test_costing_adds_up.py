"""Random factories costed twice: by the program, and by a plain exact costing of its own that knows no topological order."""

from __future__ import annotations

import random
from collections import defaultdict
from fractions import Fraction

import pytest

from services.costing.engine.period import cost_period
from services.costing.engine.shapes import Amount, Cost, Element, Found, Given, Item, Material, Methods, Move, Order

UNIT = 10**6
LEVELS, WIDTH = 4, 3
SEEDS = range(150)


def rounded(value: Fraction) -> int:
    """Half away from zero, by the remainder."""
    sign = -1 if value < 0 else 1
    whole, rest = divmod(abs(value), 1)
    return sign * (int(whole) + (1 if rest >= Fraction(1, 2) else 0))


def random_given(seed: int) -> Given:
    """Items in levels; orders that draw lower ones, give some back, receive in parts; sales; costs of every basis."""
    rnd = random.Random(seed)
    given = Given({}, [], {}, methods=Methods(cost_done=Fraction(rnd.choice([0, 50, 100]), 100)))
    days: list[tuple[int, int, Move]] = []
    on_hand: dict[int, int] = {}
    for key in range(LEVELS * WIDTH):
        quantity = rnd.randint(200, 400)
        item = Item(key, rnd.choice(["moving", "monthly", "fifo"]), quantity * UNIT, rnd.randint(0, 99_999))
        item.layers = [Amount(item.quantity, item.value)]
        given.items[key] = item
        on_hand[key] = quantity
        for day in range(2):
            bought = rnd.randint(1, 30)
            days.append((0, len(days), Move(key, bought * UNIT, "in", given=rnd.randint(0, 9_999))))
            on_hand[key] += bought
            del day
    for level in range(1, LEVELS):
        for place in range(WIDTH):
            _order(rnd, given, days, level, level * WIDTH + place)
    for key in given.items:
        days.append((rnd.randint(1, 9), len(days), Move(key, -rnd.randint(1, 20) * UNIT, "out")))
    given.moves = [move for _day, _place, move in sorted(days, key=lambda each: each[:2])]
    given.costs = [
        Cost(1, "labor", rnd.randint(0, 99_999), "quantity"),
        Cost(2, "overhead", rnd.randint(0, 99_999), "hours"),
        Cost(3, "overhead", rnd.randint(0, 9_999), "quantity", doc=rnd.choice(list(given.orders))),
    ]
    return given


def _order(rnd: random.Random, given: Given, days: list[tuple[int, int, Move]], level: int, product: int) -> None:
    key = 100 + product
    ordered = rnd.randint(3, 20)
    order = Order(
        key, f"WO-{key}", 1, key, product, ordered * UNIT, Fraction(ordered * UNIT), hours=rnd.randint(1, 50) * UNIT
    )
    for number, item in enumerate(rnd.sample(range(level * WIDTH), 2)):
        line = key * 10 + number
        drawn = rnd.randint(2, 20)
        order.materials[line] = Material(drawn * UNIT, backflush=False)
        day = rnd.randint(1, 5)
        days.append((day, len(days), Move(item, -drawn * UNIT, "draw", order=key, material=line)))
        if rnd.random() < 0.4:
            days.append((day, len(days), Move(item, rnd.randint(1, drawn) * UNIT, "back", order=key, material=line)))
    received = rnd.randint(1, ordered)
    first = rnd.randint(1, received)
    for part in (first, received - first):
        if part:
            days.append((rnd.randint(1, 9), len(days), Move(product, part * UNIT, "made", order=key)))
    order.received = received * UNIT
    given.orders[key] = order


class Plain:
    """The yardstick: what an item is worth asks what its orders cost, what an order costs asks what its items are worth."""

    def __init__(self, given: Given) -> None:
        self.given = given
        self.shares = self._shares()
        self._worth: dict[int, dict[int, int]] = {}
        self._totals: dict[int, int] = {}

    def _shares(self) -> dict[int, dict[str, int]]:
        made: dict[int, dict[str, int]] = defaultdict(lambda: defaultdict(int))
        orders = sorted(self.given.orders.values(), key=lambda order: order.number)
        for cost in self.given.costs:
            bearing = [order for order in orders if not cost.doc or order.doc == cost.doc]
            bases = {order.id: self._basis(order, cost) for order in bearing}
            left = cost.amount
            for order in bearing[:-1]:
                part = rounded(cost.amount * bases[order.id] / sum(bases.values()))
                made[order.id][cost.kind] += part
                left -= part
            made[bearing[-1].id][cost.kind] += left
        return made

    def _basis(self, order: Order, cost: Cost) -> Fraction:
        if cost.basis == "hours":
            return Fraction(order.hours)
        return order.received + (order.ordered - order.received) * self.given.methods.cost_done

    def total(self, key: int) -> int:
        """What the receipts of an order cost."""
        if key not in self._totals:
            order = self.given.orders[key]
            lines: dict[tuple[int, int], int] = defaultdict(int)
            for item in {move.item for move in self.given.moves if move.order == key and move.kind != "made"}:
                for place, value in self.worth(item).items():
                    move = self.given.moves[place]
                    if move.order == key and move.kind != "made":
                        lines[move.material, item] -= value
            left = order.ordered - order.received
            total = sum(rounded(Fraction(value * order.received, order.received + left)) for value in lines.values())
            along = Fraction(order.received) / (order.received + left * self.given.methods.cost_done)
            self._totals[key] = total + sum(rounded(value * along) for value in self.shares[key].values())
        return self._totals[key]

    def _made(self, place: int) -> int:
        move = self.given.moves[place]
        mine = [p for p, m in enumerate(self.given.moves) if m.kind == "made" and m.order == move.order]
        whole = sum(self.given.moves[p].quantity for p in mine)
        parts = [rounded(Fraction(self.total(move.order) * self.given.moves[p].quantity, whole)) for p in mine]
        parts[-1] = self.total(move.order) - sum(parts[:-1])
        return parts[mine.index(place)]

    def worth(self, key: int) -> dict[int, int]:
        """place of a movement -> its value."""
        if key in self._worth:
            return self._worth[key]
        item = self.given.items[key]
        places = [place for place, move in enumerate(self.given.moves) if move.item == key]
        if item.method == "monthly":
            places.sort(key=lambda place: self.given.moves[place].kind not in ("in", "made"))
        stock: list[list[Fraction]] = [[Fraction(item.quantity), Fraction(item.value)]]
        drawn: dict[int, list[int]] = defaultdict(lambda: [0, 0])
        made: dict[int, int] = {}
        price: Fraction | None = None
        for place in places:
            move = self.given.moves[place]
            if move.kind in ("in", "made"):
                made[place] = move.given if move.kind == "in" else self._made(place)
            elif move.kind == "back":
                out = drawn[move.material]
                made[place] = rounded(Fraction(out[1] * move.quantity, out[0]))
                drawn[move.material] = [out[0] - move.quantity, out[1] - made[place]]
            if move.quantity > 0:
                stock.append([Fraction(move.quantity), Fraction(made[place])])
                continue
            quantity, value = (sum((layer[part] for layer in stock), Fraction(0)) for part in (0, 1))
            if item.method == "monthly" and price is None:
                price = Fraction(value) / quantity
            made[place] = -self._taken(stock, -move.quantity, item.method, price)
            if move.kind == "draw":
                drawn[move.material][0] -= move.quantity
                drawn[move.material][1] -= made[place]
        self._worth[key] = made
        return made

    @staticmethod
    def _taken(stock: list[list[Fraction]], need: int, method: str, price: Fraction | None) -> int:
        if method == "fifo":
            worth = 0
            while need:
                quantity, value = stock[0]
                if quantity <= need:
                    worth += int(value)
                    need -= int(quantity)
                    stock.pop(0)
                else:
                    part = rounded(value * need / quantity)
                    stock[0] = [quantity - need, value - part]
                    worth, need = worth + part, 0
            return worth
        quantity, value = (sum((layer[part] for layer in stock), Fraction(0)) for part in (0, 1))
        part = min(rounded((price if price is not None else Fraction(value) / quantity) * need), int(value))
        stock[:] = [[quantity - need, value - part]]
        return part


@pytest.mark.parametrize("seed", SEEDS)
def test_a_costing_agrees_with_the_plain_one_to_the_cent(seed: int) -> None:
    given = random_given(seed)
    found = cost_period(given)
    plain = Plain(given)
    for key in given.items:
        assert {place: given.moves[place].value for place in plain.worth(key)} == plain.worth(key), key
    for key, cost in found.orders.items():
        assert sum(output.total for output in cost.outputs) == plain.total(key)
    _adds_up(given, found)


def _adds_up(given: Given, found: Found) -> None:
    for cost in given.costs:
        assert sum(share.amount for share in found.shares if share.cost == cost.id) == cost.amount
    for key, item in given.items.items():
        moves = [move for move in given.moves if move.item == key]
        stock = found.stock[key]
        assert stock == Amount(
            item.quantity + sum(move.quantity for move in moves), item.value + sum(move.value for move in moves)
        )
        assert stock.value >= 0
        assert stock.quantity != 0 or stock.value == 0
    for key, order_cost in found.orders.items():
        finished: dict[Element, int] = defaultdict(int)
        for row in order_cost.progress:
            finished[row.key.element] += row.finished.value
        for element, value in finished.items():
            assert value == sum(output.cost[element] for output in order_cost.outputs)
        made = sum(move.value for move in given.moves if move.order == key and move.kind == "made")
        assert made == sum(output.total for output in order_cost.outputs)


@pytest.mark.parametrize("seed", range(20))
def test_the_order_of_orders_and_items_changes_nothing(seed: int) -> None:
    given, other = random_given(seed), random_given(seed)
    other.orders = dict(reversed(other.orders.items()))
    other.items = dict(reversed(other.items.items()))
    assert cost_period(given) == cost_period(other)
