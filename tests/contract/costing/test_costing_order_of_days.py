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


def test_of_earlier_receipts_the_oldest_leaves_first_also_a_month_later(book: Costed) -> None:
    book.items("M", cost_method="fifo")
    for number, price, day in (("PR-1", 1, "2026-02-10"), ("PR-2", 3, "2026-02-20")):
        book.load(**bought(number, "M", 10, price, day))
    book.load(**sold("DN-1", "M", 10, "2026-03-05"))
    book.cost()
    assert book.value_of("DN-1") == D(-10)
    assert book.stock("M") == (D(10), D(30))


def test_what_left_again_on_its_day_is_no_layer_of_the_next_month(book: Costed) -> None:
    """Ten of the dearer receipt were sold in February, after the cheaper ones: only dearer ones are left."""
    book.items("M", cost_method="fifo")
    for number, price, day in (("PR-1", 1, "2026-02-10"), ("PR-2", 3, "2026-02-20")):
        book.load(**bought(number, "M", 10, price, day))
    book.load(**sold("DN-1", "M", 15, "2026-02-25"))
    book.load(**sold("DN-2", "M", 5, "2026-03-05"))
    book.cost()
    assert (book.value_of("DN-1"), book.value_of("DN-2")) == (D(-25), D(-15))
