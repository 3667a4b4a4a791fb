"""Costing follows the days of the books, not the order in which somebody approved."""

from __future__ import annotations

from decimal import Decimal as D

from tests.support.costed import Costed, bought, opening, sold


def test_what_came_in_on_a_day_counts_before_what_left_on_it_though_it_was_approved_later(book: Costed) -> None:
    book.items("M")
    book.load(opening_stock=[opening("M", 10, 100)])
    book.load(**sold("DN-1", "M", 5, "2026-03-05"))
    book.load(**bought("PR-1", "M", 10, 30, "2026-03-05"))
    book.cost()
    assert book.value_of("DN-1") == D(-100)
    assert book.stock("M") == (D(15), D(300))
