"""From a net quantity to order quantities: the lot policies in one closed form."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from services.planning.engine.model import I64, Columns, Items, LotPolicy
from services.planning.engine.rounding import ceil_div


@dataclass(frozen=True)
class LotRules(Columns):
    """Per item: full pieces of `piece` (0: none), then a rest of at least `least`, up to a multiple of `multiple`.

    whole: 1 where every order is a full piece (fixed lots, or a minimum above the maximum).
    """

    piece: I64
    least: I64
    multiple: I64
    whole: I64


@dataclass(frozen=True, slots=True)
class LotRule:
    """LotRules of one item."""

    piece: int
    least: int
    multiple: int
    whole: bool

    def orders(self, need: int) -> list[int]:
        """Order quantities for a need in last places, above 0."""
        pieces: list[int] = []
        while need > 0:
            sized = ceil_div(max(need, self.least), self.multiple) * self.multiple
            if self.piece and (self.whole or sized > self.piece):
                pieces.append(self.piece)
                need -= self.piece
            else:
                pieces.append(sized)
                need = 0
        return pieces


def lot_rules(items: Items) -> LotRules:
    """The rules of all items.

    lot_for_lot: as it is, in pieces of lot_maximum. fixed: pieces of lot_size. minimum and period: at least
    lot_minimum, up to lot_multiple; above lot_maximum pieces of the largest multiple that does not exceed it.
    """
    sized = np.isin(items.policy, (LotPolicy.MINIMUM, LotPolicy.PERIOD))
    fixed = (items.policy == LotPolicy.FIXED) & (items.lot_size > 0)
    multiple = np.where(sized, np.maximum(items.lot_multiple, 1), 1)
    least = np.where(sized, np.maximum(items.lot_minimum, 0), 0)
    largest = np.maximum(items.lot_maximum // multiple * multiple, multiple)
    piece = np.where(fixed, items.lot_size, np.where(items.lot_maximum > 0, largest, 0))
    smallest = -(-least // multiple) * multiple
    whole = fixed | ((piece > 0) & (smallest > piece))
    return LotRules(piece, least, multiple, whole.astype(np.int64))


def lot_rule(rules: LotRules, item: int) -> LotRule:
    """The rule of one item."""
    return LotRule(int(rules.piece[item]), int(rules.least[item]), int(rules.multiple[item]), bool(rules.whole[item]))


def full_pieces(rules: LotRules, need: I64) -> tuple[I64, I64]:
    """(number of full pieces, quantity of the last, smaller order or 0) for needs above 0."""
    size = np.maximum(rules.piece, 1)
    count = np.where(rules.piece > 0, np.where(rules.whole > 0, -(-need // size), (need - 1) // size), 0)
    rest = need - count * rules.piece
    sized = -(-np.maximum(rest, rules.least) // rules.multiple) * rules.multiple
    return count, np.where(rules.whole > 0, 0, sized)


def brought(rules: LotRules, need: I64) -> I64:
    """Total quantity ordered for needs above 0."""
    count, rest = full_pieces(rules, need)
    return count * rules.piece + rest
