"""Two runs compared: what changed and why."""

from __future__ import annotations

from services.planning.engine.compare import Comparison, Side, compare
from tests.unit.services.planning.factory import Factory, day

START = "2026-03-02"


def base() -> Factory:
    f = Factory().item("P", "manufactured", lead=1).item("A", stock=5).item("B").bom("P", "A", 2).bom("P", "B")
    return f.demand("P", 10, "2026-03-20", ref=0).demand("B", 3, "2026-03-12", ref=1)


def side(f: Factory, start: str = START) -> Side:
    data = f.build(start)
    return Side(data, f.plan(start), f.codes(), ["SO-1", "SO-2", "SO-3"])


def told(made: Comparison) -> list[tuple[str, str, int, int]]:
    return [(c.kind, c.item, c.quantity_before, c.quantity_after) for c in made.changes]


def reasons(made: Comparison, item: str) -> list[tuple[str, str]]:
    return [(c.reason, c.name) for c in made.causes[item]]


def test_equal_runs_differ_in_nothing() -> None:
    assert compare(side(base()), side(base())).changes == ()


def test_a_new_order_names_its_document_and_runs_down_through_the_parents() -> None:
    later = base().demand("P", 4, "2026-03-25", ref=2)
    made = compare(side(base()), side(later))
    assert told(made) == [("new", "A", 0, 8), ("new", "B", 0, 4), ("new", "P", 0, 4)]
    assert reasons(made, "P") == [("demand", "SO-3")]
    assert reasons(made, "A") == [("parent", "P")]


def test_a_moved_date_is_one_change_with_both_days() -> None:
    later = base()
    later.demands[1]["day"] = "2026-03-14"
    made = compare(side(base()), side(later))
    assert [(c.kind, c.due_before, c.due_after) for c in made.changes] == [
        ("changed", day("2026-03-12"), day("2026-03-14"))
    ]
    assert reasons(made, "B") == [("demand", "SO-2")]


def test_stock_master_data_and_bom_are_named_as_causes() -> None:
    later = base()
    later.items["A"]["stock"] = 0
    later.items["B"].update(policy="minimum", lot_minimum=50)
    made = compare(side(base()), side(later))
    assert reasons(made, "A") == [("stock", "stock")]
    assert reasons(made, "B") == [("master", "policy"), ("master", "lot_minimum")]
    later = base()
    later.lines[0]["quantity"] = 3
    assert reasons(compare(side(base()), side(later)), "A") == [("bom", "P")]


def test_what_is_no_longer_needed_is_gone() -> None:
    later = base()
    del later.demands[1]
    made = compare(side(base()), side(later))
    assert told(made) == [("gone", "B", 3, 0)]
