"""What movements of one item are worth, followed one by one: quantities as pieces, money in cents."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction

from services.costing.engine.shapes import Amount, Item, Move
from services.costing.engine.valuing import opening_layers, value_item

LINE = 7


def bought(quantity: int, value: int) -> Move:
    return Move(1, quantity, "in", given=value)


def gone(quantity: int) -> Move:
    return Move(1, -quantity, "out")


def drawn(quantity: int) -> Move:
    return Move(1, -quantity, "draw", order=5, material=LINE)


def back(quantity: int) -> Move:
    return Move(1, quantity, "back", order=5, material=LINE)


def valued(
    moves: Sequence[Move], *, method: str = "moving", stock: tuple[int, int] = (0, 0), reference: int = 9,
    layers: Sequence[Amount] = (), out: Mapping[tuple[int, int], Amount] | None = None,
) -> tuple[list[int], Amount]:  # fmt: skip
    """Values of the movements, and the stock at the end; what comes in adds, what leaves is below zero."""
    item = Item(1, method, *stock, reference=Fraction(reference), layers=layers)
    end = value_item(item, moves, dict(out or {}), lambda move: move.given, frozenset())
    values = [move.value for move in moves]
    assert end.value == stock[1] + sum(values), "value follows its movements"
    return values, end


def test_what_leaves_beyond_the_stock_leaves_at_the_reference_cost_however_deep_it_is() -> None:
    values, end = valued([gone(3), gone(5)], stock=(0, 0))
    assert (values, end) == ([-27, -45], Amount(-8, -72))
    assert valued([gone(3), gone(5), bought(10, 200)]) == ([-60, -100, 200], Amount(2, 40))
    # Two are there for 10, the third goes at the reference cost.
    assert valued([gone(3)], stock=(2, 10)) == ([-19], Amount(-1, -9))


def test_the_receipt_that_covers_what_left_corrects_the_issue_and_leaves_the_rest_at_its_price() -> None:
    assert valued([gone(5), bought(8, 80)]) == ([-50, 80], Amount(3, 30))
    # Covered by two receipts, the second at another price.
    assert valued([gone(5), bought(3, 30), bought(4, 80)]) == ([-70, 30, 80], Amount(2, 40))


def test_what_left_in_an_earlier_month_is_settled_by_the_receipt_itself() -> None:
    """Four were owed at 9 and cost 10: the earlier month stays as it was, the receipt bears the difference."""
    receipt = bought(10, 100)
    values, end = valued([receipt], stock=(-4, -36))
    assert (values, receipt.settled, end) == ([96], 4, Amount(6, 60))


def test_what_comes_back_comes_at_the_value_it_was_corrected_to() -> None:
    values, end = valued([drawn(5), bought(8, 80), back(2)])
    assert (values, end) == ([-50, 80, 20], Amount(5, 50))


def test_layers_leave_from_the_oldest_on_and_a_part_in_proportion() -> None:
    layers = [Amount(4, 40), Amount(4, 80)]
    moves = [gone(3), gone(1), gone(3), gone(1)]
    assert valued(moves, method="fifo", stock=(8, 120), layers=layers) == ([-30, -10, -60, -20], Amount(0, 0))


def test_a_layer_is_only_what_is_left_of_a_receipt_after_what_was_owed() -> None:
    moves = [gone(5), bought(8, 80), bought(2, 60), gone(3), gone(2)]
    assert valued(moves, method="fifo") == ([-50, 80, 60, -30, -60], Amount(0, 0))


def test_the_average_of_a_month_never_takes_more_than_is_left() -> None:
    """Four pieces worth two cents: half a cent each, rounded up, is spent after two."""
    moves = [gone(1) for _ in range(4)]
    assert valued(moves, method="monthly", stock=(4, 2)) == ([-1, -1, 0, 0], Amount(0, 0))


def test_what_comes_back_in_the_month_it_was_drawn_is_no_receipt_of_the_average() -> None:
    moves = [drawn(6), bought(10, 300), back(2)]
    assert valued(moves, method="monthly", stock=(10, 100)) == ([-120, 300, 40], Amount(16, 320))


def test_what_was_drawn_in_an_earlier_month_comes_back_into_the_average() -> None:
    out = {(LINE, 1): Amount(5, 25)}
    values, end = valued([gone(3), back(5)], method="monthly", stock=(10, 100), out=out)
    assert (values, end) == ([-25, 25], Amount(12, 100))


def test_of_what_is_out_a_part_comes_back_in_proportion_and_the_last_with_the_rest() -> None:
    out = {(LINE, 1): Amount(3, 10)}
    values, _end = valued([back(1), back(1), back(1), back(1)], out=out)
    assert values == [3, 4, 3, 0]


def test_layers_of_a_stock_are_its_latest_receipts_oldest_first() -> None:
    assert opening_layers(Amount(8, 80), [Amount(5, 60), Amount(9, 9)]) == [Amount(3, 20), Amount(5, 60)]
    assert opening_layers(Amount(5, 50), [Amount(5, 50), Amount(3, 9)]) == [Amount(5, 50)]
    # A receipt worth more than all that is there explains nothing.
    assert opening_layers(Amount(8, 80), [Amount(5, 90)]) == [Amount(8, 80)]
    assert opening_layers(Amount(0, 0), [Amount(5, 50)]) == []
