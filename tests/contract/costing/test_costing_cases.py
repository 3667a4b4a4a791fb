"""Worked cases of costing by order: shares, work in progress, products, valuation, subcontracting, several periods."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

import pytest

from models.kernel.problems import Refused
from services.costing import api
from services.documents import api as documents
from tests.support.costed import USER, Costed, bought, issue, line, opening, order, paid, receipt, sold

D = Decimal


def refusal(act: Callable[[], object]) -> tuple[str, dict[str, object]]:
    """Code and figures of what is refused."""
    with pytest.raises(Refused) as refused:
        act()
    problem = refused.value.problems[0]
    return problem.code, dict(problem.args)


def three_orders(
    book: Costed, *received: int, materials: tuple[int, ...] = (100, 50, 50), hours: tuple[object, ...] = ("", "", "")
) -> None:
    """Three orders A, B, C for products of one material, of 100 pieces each, partly received."""
    book.items("M")
    book.items("A", "B", "C", kind="manufactured", workshop="一车间")
    ordered = (30, 40, 70)
    book.load(
        bom=[line(code, "M") for code in "ABC"],
        opening_stock=[opening("M", 1000, 1000)],
        production_orders=[order(f"WO-{c}", c, n) for c, n in zip("ABC", ordered, strict=True)],
        material_issues=[issue(f"MI-{c}", f"WO-{c}", "M", n) for c, n in zip("ABC", ordered, strict=True)],
        product_receipts=[receipt(f"FR-{c}", f"WO-{c}", c, n, hours=h) for c, n, h in zip("ABC", received, hours, strict=True)],
    )  # fmt: skip


def test_at_24b_by_quantity_finished_and_half_of_what_is_in_progress(book: Costed) -> None:
    three_orders(book, 10, 20, 30)
    book.load(period_costs=[paid("工资", 200, kind="labor")])
    book.cost()
    assert book.shares() == {"WO-A": D(40), "WO-B": D(60), "WO-C": D(100)}
    # 10 of 20 equivalent units, 20 of 30, 30 of 50
    assert {key[0]: row["labor"] for key, row in book.costs().items()} == {"WO-A": D(20), "WO-B": D(40), "WO-C": D(60)}
    assert book.in_progress("WO-C") == {"labor": D(40), "material": D(40)}


def test_at_24c_by_material_that_receipts_took(book: Costed) -> None:
    three_orders(book, 30, 40, 70)
    book.load(period_costs=[paid("水电", 280, basis="material")])
    book.cost()
    assert book.shares() == {"WO-A": D(60), "WO-B": D(80), "WO-C": D(140)}


def test_at_24d_by_hours_the_last_line_takes_the_remainder(book: Costed) -> None:
    three_orders(book, 30, 40, 70, hours=(1, 1, 1))
    book.load(period_costs=[paid("折旧", 100, basis="hours")])
    book.cost()
    assert book.shares() == {"WO-A": D("33.33"), "WO-B": D("33.33"), "WO-C": D("33.34")}
    book.load(period_costs=[paid("折旧", "0.01", basis="hours")])
    book.cost()
    assert sum(book.shares().values()) == D("0.01")


def test_at_24d_nothing_to_share_by_is_refused(book: Costed) -> None:
    three_orders(book, 30, 40, 70)
    book.load(period_costs=[paid("折旧", 100, basis="hours")])
    code, args = refusal(lambda: api.cost_period(book.db, USER, "2026-03"))
    assert (code, args["cost"], args["amount"]) == ("costing.no_basis", "折旧", D(100))


def test_at_24f_a_cost_of_one_order_is_not_shared(book: Costed) -> None:
    three_orders(book, 30, 40, 70)
    book.load(period_costs=[paid("外包费", 50, order="WO-A"), paid("水电", 140, workshop="一车间")])
    book.cost()
    assert book.shares() == {"WO-A": D(80), "WO-B": D(40), "WO-C": D(70)}
    book.load(period_costs=[paid("水电", 140, workshop="二车间")])
    assert refusal(lambda: api.cost_period(book.db, USER, "2026-03"))[0] == "costing.no_basis"


def subcontracted(book: Costed, quantity: int, usage: int, stock: int, amount: object, price: object = 1) -> None:
    book.items("M")
    book.items("P", kind="subcontracted", supplier="S1")
    book.load(
        bom=[line("P", "M", usage)],
        opening_stock=[opening("M", stock, amount)],
        subcontract_orders=[
            {"number": "SC-1", "date": "2026-03-01", "supplier": "S1", "line": 1, "item": "P", "quantity": quantity, "price": price}
        ],
    )  # fmt: skip


def test_at_19_an_open_subcontract_order_keeps_its_part_until_it_is_closed(book: Costed) -> None:
    subcontracted(book, 1000, 1, 1000, "23059.58", price=0)
    book.load(material_issues=[issue("MI-1", "SC-1", "M", 1000)], product_receipts=[receipt("FR-1", "SC-1", "P", 990)])
    book.cost()
    assert book.totals() == {("SC-1", "P"): "22828.98"}
    assert book.in_progress("SC-1")["material"] == D("230.60")
    documents.close(book.db, USER, [book.document("SC-1")], "损耗")
    book.cost()
    assert book.totals() == {("SC-1", "P"): "23059.58"}
    assert book.costs()["SC-1", "P"]["unit_cost"] == D("23.29250505")


def test_at_21_receipts_consume_the_material_list_not_a_proportion_of_what_was_sent(book: Costed) -> None:
    subcontracted(book, 100, 2, 200, 1000)
    book.load(material_issues=[issue("MI-1", "SC-1", "M", 200)], product_receipts=[receipt("FR-1", "SC-1", "P", 60)])
    book.cost()
    row = book.costs()["SC-1", "P"]
    assert (row["material"], row["subcontract"], row["total"]) == (D(600), D(60), D(660))
    assert book.in_progress("SC-1")["material"] == D(400)
    book.load(material_issues=[issue("MI-2", "SC-1", "M", 30, "2026-03-20", kind="return")])
    book.cost()
    assert book.in_progress("SC-1")["material"] == D(250)
    documents.close(book.db, USER, [book.document("SC-1")], "清零")
    book.cost()
    assert book.costs()["SC-1", "P"]["material"] == D(850)


def test_at_21_no_more_is_consumed_than_was_sent(book: Costed) -> None:
    subcontracted(book, 100, 2, 100, 500)
    book.load(material_issues=[issue("MI-1", "SC-1", "M", 100)], product_receipts=[receipt("FR-1", "SC-1", "P", 60)])
    book.cost()
    assert book.costs()["SC-1", "P"]["material"] == D(500)
    # What is sent in April makes good what March lacked.
    book.load(**bought("PR-1", "M", 100, 6, "2026-04-01"))
    book.load(
        material_issues=[issue("MI-2", "SC-1", "M", 100, "2026-04-02")],
        product_receipts=[receipt("FR-2", "SC-1", "P", 40, "2026-04-10")],
    )
    book.cost("2026-04")
    assert book.in_progress("SC-1", "2026-04")["material"] == D(0)


def test_at_25a_quota_leaves_first_then_by_weight(book: Costed) -> None:
    book.items("D", "E")
    book.items("A", "B", "C", kind="manufactured")
    book.load(
        bom=[line("A", "D", 5), line("A", "E", 10)],
        bom_outputs=[
            {"parent": "A", "version": "1", "item": "B", "kind": "co", "quantity": 1, "cost_weight": 1},
            {"parent": "A", "version": "1", "item": "C", "kind": "by", "quantity": 1, "cost_quota": 10},
        ],
        opening_stock=[opening("D", 50, 500), opening("E", 100, 1000)],
        production_orders=[order("S01", "A", 10)],
        material_issues=[issue("MI-1", "S01", "D", 50), issue("MI-2", "S01", "E", 100)],
        product_receipts=[receipt(f"FR-{code}", "S01", code, 10) for code in "ABC"],
        period_costs=[paid("工资", 800, kind="labor"), paid("水电", 400)],
    )  # fmt: skip
    book.cost()
    assert book.totals() == {("S01", "A"): "1300", ("S01", "B"): "1300", ("S01", "C"): "100"}
    row = book.costs()["S01", "A"]
    assert (row["material"], row["labor"], row["overhead"]) == (D(700), D(400), D(200))
    assert book.stock("C") == (D(10), D(100))


def test_a_quota_beyond_the_cost_is_refused(book: Costed) -> None:
    book.items("D")
    book.items("A", "C", kind="manufactured")
    book.load(
        bom=[line("A", "D")],
        bom_outputs=[{"parent": "A", "version": "1", "item": "C", "kind": "by", "quantity": 1, "cost_quota": 10}],
        opening_stock=[opening("D", 10, 50)],
        production_orders=[order("S01", "A", 10)],
        material_issues=[issue("MI-1", "S01", "D", 10)],
        product_receipts=[receipt("FR-A", "S01", "A", 10), receipt("FR-C", "S01", "C", 10)],
    )
    code, args = refusal(lambda: api.cost_period(book.db, USER, "2026-03"))
    assert (code, args["quota"], args["cost"]) == ("costing.quota_exceeds", D(100), D(50))


def moved(book: Costed, method: str) -> None:
    """10 @ 10, 4 out, 10 @ 16, 8 out."""
    book.items("M", cost_method=method)
    book.load(**bought("PR-1", "M", 10, 10, "2026-03-01"))
    book.load(**sold("DN-1", "M", 4, "2026-03-05"))
    book.load(**bought("PR-2", "M", 10, 16, "2026-03-10"))
    book.load(**sold("DN-2", "M", 8, "2026-03-15"))


@pytest.mark.parametrize(
    ("method", "first", "second", "left"),
    [("moving", "40", "110", "110"), ("monthly", "52", "104", "104"), ("fifo", "40", "92", "128")],
)
def test_issues_by_moving_average_one_average_and_layers(
    book: Costed, method: str, first: str, second: str, left: str
) -> None:
    moved(book, method)
    book.cost()
    assert (-book.value_of("DN-1"), -book.value_of("DN-2")) == (D(first), D(second))
    assert book.stock("M") == (D(8), D(left))
    book.load(**sold("DN-3", "M", 8, "2026-04-15"))
    book.cost("2026-04")
    assert book.stock("M") == (D(0), D(0))


@pytest.mark.parametrize("method", ["moving", "monthly", "fifo"])
def test_a_return_comes_back_at_the_value_it_left_with(book: Costed, method: str) -> None:
    book.items("M", cost_method=method)
    book.items("A", kind="manufactured")
    book.load(bom=[line("A", "M")], opening_stock=[opening("M", 10, 100)], production_orders=[order("WO-1", "A", 10)])
    book.load(material_issues=[issue("MI-1", "WO-1", "M", 9)])
    book.load(**bought("PR-1", "M", 10, 50, "2026-04-01"))
    book.load(material_issues=[issue("MI-2", "WO-1", "M", 3, "2026-04-02", kind="return")])
    book.cost("2026-04")
    assert book.value_of("MI-2") == D(30)
    assert book.stock("M") == (D(14), D(540))


def test_approval_against_the_dates_is_valued_by_the_dates(book: Costed) -> None:
    book.items("M")
    book.load(**bought("PR-1", "M", 10, 10, "2026-03-10"))
    book.load(**bought("PR-2", "M", 10, 20, "2026-03-01"))
    book.load(**sold("DN-1", "M", 5, "2026-03-20"))
    book.load(**sold("DN-0", "M", 5, "2026-03-05"))
    book.cost()
    assert book.value_of("DN-0") == D(-100)
    assert book.value_of("DN-1") == D("-66.67")


def two_levels(book: Costed) -> None:
    book.items("M")
    book.items("H", "P", kind="manufactured")
    book.load(
        bom=[line("H", "M", 2), line("P", "H", 3)],
        opening_stock=[opening("M", 60, 300)],
        production_orders=[order("WO-P", "P", 10), order("WO-H", "H", 30)],
        material_issues=[issue("MI-H", "WO-H", "M", 60)],
        product_receipts=[receipt("FR-H", "WO-H", "H", 30, "2026-03-06")],
    )
    book.load(
        material_issues=[issue("MI-P", "WO-P", "H", 30, "2026-03-07")],
        product_receipts=[receipt("FR-P", "WO-P", "P", 10, "2026-03-08")],
    )


def test_levels_are_costed_from_the_bottom(book: Costed) -> None:
    two_levels(book)
    book.load(period_costs=[paid("水电", 80)])
    book.load(**sold("DN-1", "P", 4, "2026-04-02"))
    book.cost()
    assert book.totals() == {("WO-H", "H"): "360", ("WO-P", "P"): "380"}
    assert book.stock("H") == (D(0), D(0))
    # What left in April, before March was costed, has its value too.
    assert book.value_of("DN-1") == D(-152)
    assert book.stock("P") == (D(6), D(228))


def test_orders_that_draw_each_others_products_are_refused_with_their_names(book: Costed) -> None:
    book.items("A", "B", kind="manufactured")
    book.items("M")
    book.load(
        bom=[line("A", "M"), line("B", "M")],
        opening_stock=[opening("A", 10, 100), opening("B", 10, 100), opening("M", 10, 10)],
        production_orders=[order("WO-A", "A", 1), order("WO-B", "B", 1)],
        material_issues=[
            issue("MI-A", "WO-A", "M", 1), issue("MI-B", "WO-B", "M", 1),
        ],
    )  # fmt: skip
    add_material(book, "WO-A", "B")
    add_material(book, "WO-B", "A")
    book.load(product_receipts=[receipt("FR-A", "WO-A", "A", 1), receipt("FR-B", "WO-B", "B", 1)])
    code, args = refusal(lambda: api.cost_period(book.db, USER, "2026-03"))
    assert code == "costing.loop"
    assert args["orders"] == ["WO-A", "WO-B"]


def add_material(book: Costed, number: str, code: str) -> None:
    """Draws a product for an order in the place of its material, as a substitute."""
    book.load(substitutes=[{"component": "M", "substitute": code, "ratio": 1, "priority": 1}])
    book.load(material_issues=[issue(f"MX-{number}", number, code, 1, kind="supplement", line=1)])
