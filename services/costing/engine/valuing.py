"""What a period's movements of one item are worth: moving average, one average a period, or layers."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable
from fractions import Fraction

from models.kernel.problems import refuse
from services.costing.engine.shapes import NOTHING, Amount, Item, Move, half_up, part_of

Drawn = dict[tuple[int, int], Amount]
"""material line and item -> what is out, net of returns"""
Made = Callable[[Move], int]


class Holding:
    """An item's stock while its movements are followed: an issue takes its share, the one that empties it takes all.

    What leaves beyond the stock leaves at the reference cost; the receipts that cover it correct it.
    """

    def __init__(self, item: Item, drawn: Drawn) -> None:
        self.quantity = item.quantity
        self.value = item.value
        self._reference = item.reference
        self._drawn = drawn
        self._owed: deque[tuple[Move | None, int, int]] = deque()
        self._fifo = item.method == "fifo"
        self._layers: deque[Amount] = deque(item.layers)
        self.price: Fraction | None = None
        """the one average of the period, once it is known"""
        if item.quantity < 0:
            self._owed.append((None, -item.quantity, -item.value))

    def take_in(self, move: Move, value: int) -> None:
        """Goods come in; what had left without being there is paid for first."""
        move.value = value
        rest = Amount(move.quantity, value)
        if self.quantity < 0:
            rest = self._cover(move, value)
        self.quantity += move.quantity
        self.value += value
        if self._fifo and rest.quantity > 0:
            self._layers.append(rest)

    def _cover(self, move: Move, value: int) -> Amount:
        """Settles what is owed from a receipt; what is left of it."""
        left, paid = Amount(move.quantity, value), 0
        while left.quantity > 0 and self._owed:
            debtor, quantity, taken = self._owed.popleft()
            part = min(quantity, left.quantity)
            price = left.value if part == left.quantity else part_of(left.value, part, left.quantity)
            share = taken if part == quantity else part_of(taken, part, quantity)
            left = Amount(left.quantity - part, left.value - price)
            if part < quantity:
                self._owed.appendleft((debtor, quantity - part, taken - share))
            self._correct(debtor or move, price - share, settled=debtor is None)
            paid += price - share
        self.value -= paid
        return left

    def _correct(self, move: Move, more: int, *, settled: bool) -> None:
        move.value -= more
        if settled:
            move.settled += more
        elif move.kind == "draw":
            key = (move.material, move.item)
            out = self._drawn.get(key, NOTHING)
            self._drawn[key] = Amount(out.quantity, out.value + more)

    def take_out(self, move: Move) -> None:
        """Goods leave."""
        quantity = -move.quantity
        worth = self._worth(move, quantity)
        move.value = -worth
        self.quantity -= quantity
        self.value -= worth
        if move.kind == "draw":
            key = (move.material, move.item)
            out = self._drawn.get(key, NOTHING)
            self._drawn[key] = Amount(out.quantity + quantity, out.value + worth)

    def _worth(self, move: Move, quantity: int) -> int:
        if quantity == self.quantity:
            self._layers.clear()
            return self.value
        if quantity < self.quantity:
            if self._fifo:
                return self._from_layers(quantity)
            if self.price is not None:
                return min(half_up(self.price * quantity), self.value)
            return part_of(self.value, quantity, self.quantity)
        there = max(self.quantity, 0)
        beyond = half_up(self._reference * (quantity - there))
        self._owed.append((move, quantity - there, beyond))
        self._layers.clear()
        return beyond + (self.value if there else 0)

    def _from_layers(self, quantity: int) -> int:
        worth = 0
        while quantity > 0:
            layer = self._layers.popleft()
            if layer.quantity > quantity:
                share = part_of(layer.value, quantity, layer.quantity)
                self._layers.appendleft(Amount(layer.quantity - quantity, layer.value - share))
                return worth + share
            worth += layer.value
            quantity -= layer.quantity
        return worth

    def take_back(self, move: Move) -> None:
        """What an order gives back comes at the value it left with."""
        key = (move.material, move.item)
        out = self._drawn.get(key, NOTHING)
        if out.quantity <= 0:
            value = 0
        elif move.quantity >= out.quantity:
            value = out.value
        else:
            value = part_of(out.value, move.quantity, out.quantity)
        self._drawn[key] = Amount(out.quantity - move.quantity, out.value - value)
        self.take_in(move, value)

    def follow(self, move: Move, made: Made) -> None:
        """One movement, whatever it is."""
        if move.kind == "back":
            self.take_back(move)
        elif move.quantity < 0:
            self.take_out(move)
        else:
            self.take_in(move, made(move) if move.kind == "made" else move.given)


def value_item(item: Item, moves: Iterable[Move], drawn: Drawn, made: Made, reworked: frozenset[int]) -> Amount:
    """Gives every movement its value, in the order given; the stock at the end.

    made: what a receipt from an order is worth, asked when it comes. reworked: orders that draw the item and give it back.
    """
    holding = Holding(item, drawn)
    moves = list(moves)
    if item.method == "monthly":
        _monthly(holding, moves, made, reworked)
    else:
        done: set[int] = set()
        for move in moves:
            if move.order in reworked:
                if move.kind == "made":
                    done.add(move.order)
                elif move.order in done:
                    raise refuse("costing.rework_mixed", order=move.order, item=move.item)
            holding.follow(move, made)
    return Amount(holding.quantity, holding.value)


def _monthly(holding: Holding, moves: list[Move], made: Made, reworked: frozenset[int]) -> None:
    """All that comes in first, then what goes out at the average; rework is drawn before what it gives is counted."""
    drawn_here = {(move.material, move.item) for move in moves if move.kind == "draw"}

    def comes(move: Move) -> bool:
        if move.kind == "back":
            return (move.material, move.item) not in drawn_here
        return move.quantity > 0

    incoming = [move for move in moves if comes(move)]
    outgoing = [move for move in moves if not comes(move)]
    for move in incoming:
        if move.order not in reworked or move.kind != "made":
            holding.follow(move, made)
    if reworked:
        _average(holding)
        for move in outgoing:
            if move.order in reworked:
                holding.follow(move, made)
        for move in incoming:
            if move.order in reworked and move.kind == "made":
                holding.follow(move, made)
        outgoing = [move for move in outgoing if move.order not in reworked]
    _average(holding)
    for move in outgoing:
        holding.follow(move, made)


def _average(holding: Holding) -> None:
    if holding.quantity > 0:
        holding.price = Fraction(holding.value, holding.quantity)


def opening_layers(stock: Amount, receipts: Iterable[Amount]) -> list[Amount]:
    """The layers a stock still has, oldest first. receipts: latest first; what they do not explain is one oldest layer."""
    if stock.quantity <= 0:
        return []
    layers: list[Amount] = []
    quantity, value = stock
    for receipt in receipts:
        if receipt.quantity >= quantity or receipt.value > value:
            break
        layers.append(receipt)
        quantity -= receipt.quantity
        value -= receipt.value
    layers.append(Amount(quantity, value))
    return layers[::-1]
