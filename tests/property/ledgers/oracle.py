"""The stock ledger once more, as plainly as it can be said: lists of movements, everything summed anew each time."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

CENT = Decimal("0.01")


def cents(exact: Fraction) -> Decimal:
    """Half away from zero, to the cent."""
    plain = Decimal(exact.numerator) / Decimal(exact.denominator)
    return plain.quantize(CENT, ROUND_HALF_UP)


@dataclass(frozen=True)
class Store:
    """A warehouse: whether stock may be negative there, whether it carries value."""

    negative: bool
    valued: bool


@dataclass
class Move:
    """A movement that was written."""

    doc: int
    day: int
    item: int
    store: int
    lot: str
    quantity: Decimal
    value: Decimal


@dataclass
class Oracle:
    """Movements and what follows from them."""

    stores: dict[int, Store]
    reference: dict[int, Decimal]
    moves: list[Move] = field(default_factory=list)

    def on_hand(self, item: int, store: int, lot: str, day: int = 99) -> Decimal:
        """What lies there at the end of a day."""
        here = (m for m in self.moves if (m.item, m.store, m.lot) == (item, store, lot) and m.day <= day)
        return sum((m.quantity for m in here), Decimal(0))

    def free(self, item: int, store: int, lot: str, day: int) -> Decimal:
        """What may leave on a day: the least that lies there on that day and on any later one."""
        return min(self.on_hand(item, store, lot, later) for later in range(day, 8))

    def worth(self, item: int) -> tuple[Decimal, Decimal]:
        """Quantity and value of an item over every valued warehouse."""
        mine = [m for m in self.moves if m.item == item and self.stores[m.store].valued]
        return sum((m.quantity for m in mine), Decimal(0)), sum((m.value for m in mine), Decimal(0))

    def lots(self, item: int, store: int) -> list[str]:
        """Lots that ever lay there, in order."""
        return sorted({m.lot for m in self.moves if (m.item, m.store) == (item, store)})

    def receive(
        self, doc: int, day: int, item: int, store: int, lot: str, quantity: Decimal, *, value: Decimal
    ) -> None:
        """Goods come in; what was negative is settled at the value it left with."""
        if not self.stores[store].valued:
            value = Decimal(0)
        before, worth = self.worth(item)
        self.moves.append(Move(doc, day, item, store, lot, quantity, value))
        if before < 0 and self.stores[store].valued:
            covered = min(quantity, -before)
            settled = worth if covered == -before else cents(Fraction(worth) * Fraction(covered) / Fraction(-before))
            rest = cents(Fraction(value) * Fraction(quantity - covered) / Fraction(quantity))
            if rest - settled - value:
                self.moves.append(Move(doc, day, item, store, lot, Decimal(0), rest - settled - value))

    def issue(self, doc: int, day: int, item: int, store: int, lot: str | None, quantity: Decimal) -> bool:
        """Goods go out, oldest lot first when none is named; False, and nothing written, if they are not there."""
        left, parts = quantity, []
        for name in self.lots(item, store) if lot is None else [lot]:
            part = min(left, self.free(item, store, name, day))
            if part > 0:
                parts.append((name, part))
                left -= part
        if left > 0:
            if not self.stores[store].negative:
                return False
            parts.append((lot or "", left))
        for name, part in parts:
            self.moves.append(Move(doc, day, item, store, name, -part, -self._share(item, store, part)))
        return True

    def _share(self, item: int, store: int, quantity: Decimal) -> Decimal:
        if not self.stores[store].valued:
            return Decimal(0)
        on_hand, value = self.worth(item)
        if quantity == on_hand:
            return value
        if quantity < on_hand:
            return cents(Fraction(value) * Fraction(quantity) / Fraction(on_hand))
        beyond = quantity - max(on_hand, Decimal(0))
        return (value if on_hand > 0 else Decimal(0)) + cents(Fraction(self.reference[item] * beyond))

    def reverse(self, doc: int) -> bool:
        """Takes a document's movements out, the last first; False, and nothing taken, where that cannot be."""
        kept = list(self.moves)
        for move in reversed([m for m in kept if m.doc == doc]):
            here = (move.item, move.store, move.lot, move.day)
            short = move.quantity > 0 and self.free(*here) < move.quantity
            if short and not self.stores[move.store].negative:
                self.moves = kept
                return False
            self.moves = [m for m in self.moves if m is not move]
        for item in {m.item for m in kept if m.doc == doc}:
            quantity, value = self.worth(item)
            if (quantity == 0 and value != 0) or quantity > 0 > value or quantity < 0 < value:
                self.moves = kept
                return False
        return True
