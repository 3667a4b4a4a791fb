"""What is kept for a customer's order: received for its line, less what was delivered and drawn, as far as the stock goes."""

from __future__ import annotations

import numpy as np

from services.planning.engine.model import NONE, column
from services.planning.made_to_order import Kept, kept_for_lines

LAMP, SCREW = 0, 1
SOLD, CLOSED, ORDER = 10, 11, 20


def rows(kept: Kept) -> list[tuple[int, int, int]]:
    """item, line kept for, quantity."""
    return list(zip(kept.item.tolist(), kept.line.tolist(), kept.quantity.tolist(), strict=True))


def found(
    *lines: tuple[int, int, int, int, bool, bool], drawn: tuple[tuple[int, int, int], ...] = ()
) -> list[tuple[int, int, int]]:
    """lines: id, item, done, line made for, is a sales order line, is open; drawn: item, line made for, quantity."""
    columns = list(zip(*lines, strict=True))
    given = (*(column(list(c)) for c in columns[:4]), *(np.array(c, dtype=bool) for c in columns[4:]))
    taken = tuple(column([row[at] for row in drawn]) for at in range(3))
    return rows(kept_for_lines(np.array([True, False]), lines=given, drawn=taken))  # type: ignore[arg-type]


def test_what_was_received_for_a_line_is_kept_until_it_is_delivered() -> None:
    assert found((SOLD, LAMP, 3, NONE, True, True), (ORDER, LAMP, 8, SOLD, False, True)) == [(LAMP, SOLD, 5)]
    assert found((SOLD, LAMP, 8, NONE, True, True), (ORDER, LAMP, 8, SOLD, False, True)) == []


def test_nothing_is_kept_for_a_line_that_is_finished_or_for_an_item_made_to_stock() -> None:
    assert found((CLOSED, LAMP, 3, NONE, True, False), (ORDER, LAMP, 8, CLOSED, False, True)) == []
    assert found((SOLD, SCREW, 0, NONE, True, True), (ORDER, SCREW, 8, SOLD, False, True)) == []


def test_what_the_lines_own_orders_drew_is_kept_no_more() -> None:
    lines = ((SOLD, LAMP, 0, NONE, True, True), (ORDER, LAMP, 8, SOLD, False, True))
    assert found(*lines, drawn=((LAMP, SOLD, 6),)) == [(LAMP, SOLD, 2)]


def test_no_more_is_kept_than_lies_there_and_the_earlier_line_is_served_first() -> None:
    kept = Kept(column([LAMP, LAMP]), column([SOLD, CLOSED]), column([5, 5]))
    free, held = kept.taken_from(column([7, 4]))
    assert free.tolist() == [0, 4]
    assert rows(held) == [(LAMP, SOLD, 5), (LAMP, CLOSED, 2)]
