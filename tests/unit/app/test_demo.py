"""The demonstration factory: believable, complete, and the same wherever it is made."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import Connection, func, select

from app.demo import TODAY, DemoSummary, days, fill
from app.demo.catalogue import Catalogue
from app.demo.opening import opening_stock
from app.demo.products import catalogue
from app.demo.recipes import Recipes
from app.demo.story import Event, Story
from models.documents.tables import doc, doc_line, material_line
from models.engineering.tables import bom, bom_line, bom_output
from models.kernel.vocabulary import EXCEPTION_KINDS
from models.ledgers.tables import stock_balance, stock_move, stock_value
from models.masterdata.tables import calendar_day, item, substitute, warehouse
from models.platform.tables import setting
from services.documents import api
from services.engineering.reading import load_structure
from services.engineering.structure import Structure, Usage, explode_order
from services.planning import api as planning
from services.planning import kitting
from services.platform import audit, books
from services.platform.db import Database
from tests.support.postgres import Cluster
from tests.unit.app.demo_tables import EVERYTHING

_TOLD: list[Any] = []


@pytest.fixture(scope="module")
def factory(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Database]:
    """A SQLite book filled once for all tests of this module."""
    made = books.create(tmp_path_factory.mktemp("demo") / "示范灯具厂.db")
    fill(made, progress=_TOLD.append)
    yield made
    made.close()


@pytest.fixture
def conn(factory: Database) -> Iterator[Connection]:
    """A reading connection to the filled book."""
    with factory.read() as open_one:
        yield open_one


@pytest.fixture(scope="module")
def summary(factory: Database) -> DemoSummary:
    """The counts of the filled book."""
    from app.demo.filling import summary as count

    return count(factory)


def test_there_is_about_as_much_of_everything_as_a_small_factory_has(summary: DemoSummary) -> None:
    assert summary.today == TODAY
    assert 300 <= summary.items <= 380
    assert summary.partners == 40
    assert 160 <= summary.bills <= 190
    ranges = {
        "sales_order": (55, 75), "forecast": (3, 5), "purchase_order": (70, 95), "purchase_receipt": (60, 95),
        "production_order": (55, 75), "subcontract_order": (10, 25), "material_issue": (100, 200),
        "product_receipt": (60, 110), "delivery": (40, 70), "opening_stock": (5, 9),
    }  # fmt: skip
    assert summary.documents.keys() == ranges.keys()
    outside = {kind: n for kind, n in summary.documents.items() if not ranges[kind][0] <= n <= ranges[kind][1]}
    assert not outside


def test_the_book_says_which_day_it_stands_at(conn: Connection) -> None:
    assert conn.execute(select(setting.c.value).where(setting.c.key == "demo_today")).scalar_one() == TODAY.isoformat()
    assert conn.execute(select(func.max(doc.c.business_date))).scalar_one() == TODAY


def test_progress_is_told_each_day_in_order(factory: Database) -> None:
    assert sorted(set(_TOLD)) == _TOLD
    assert len(_TOLD) > 60
    assert _TOLD[-1] == TODAY


def test_nobody_works_on_a_day_off(conn: Connection) -> None:
    off = set(conn.execute(select(calendar_day.c.day)).scalars())
    assert not off & set(conn.execute(select(doc.c.business_date)).scalars())
    assert not days.is_working(TODAY.replace(day=15))
    assert days.step(TODAY, 5) == TODAY.replace(day=16)


def test_the_same_factory_comes_out_on_both_databases(factory: Database, postgres_cluster: Cluster) -> None:
    with postgres_cluster.database() as url:
        other = books.create(url)
        fill(other)
        with factory.read() as one, other.read() as two:
            for name, read in EVERYTHING.items():
                assert read(one) == read(two), name
        other.close()


def test_stock_never_fell_below_zero_on_any_day(conn: Connection) -> None:
    assert conn.execute(select(func.min(stock_balance.c.quantity))).scalar_one() >= 0
    running: dict[tuple[int, int, str], Decimal] = defaultdict(Decimal)
    m = stock_move.c
    by_day = select(m.item_id, m.warehouse_id, m.lot, m.move_date, func.sum(m.quantity).label("quantity"))
    for row in conn.execute(by_day.group_by(m.item_id, m.warehouse_id, m.lot, m.move_date).order_by(m.move_date)):
        running[row.item_id, row.warehouse_id, row.lot] += row.quantity
        assert running[row.item_id, row.warehouse_id, row.lot] >= 0, row
    assert {key: left for key, left in running.items() if left} == {
        (row.item_id, row.warehouse_id, row.lot): row.quantity
        for row in conn.execute(select(stock_balance).where(stock_balance.c.quantity != 0))
    }


def test_no_stock_is_worth_less_than_nothing(conn: Connection) -> None:
    for row in conn.execute(select(stock_value)):
        assert row.value >= 0
        assert row.quantity > 0 or row.value == 0


def test_the_audit_chain_holds_and_its_clock_runs_with_the_story(conn: Connection) -> None:
    rows, fault = audit.verify(conn)
    assert fault is None
    assert rows > 1500
    late = [
        row.number
        for row in conn.execute(select(doc.c.number, doc.c.business_date, doc.c.created_at, doc.c.approved_at))
        if row.created_at.date() != row.business_date
        or (row.approved_at and row.approved_at.date() < row.business_date)
    ]
    assert not late


def test_bills_are_four_and_five_levels_deep(conn: Connection) -> None:
    codes = {row[0]: row[1] for row in conn.execute(select(item.c.id, item.c.code))}
    below: dict[str, set[str]] = defaultdict(set)
    pairs = select(bom.c.parent_id, bom_line.c.component_id).join(bom_line, bom_line.c.bom_id == bom.c.id)
    for parent, component in conn.execute(pairs):
        below[codes[parent]].add(codes[component])

    def depth(code: str) -> int:
        return 1 + max(map(depth, below[code])) if code in below else 0

    lamps = conn.execute(select(item.c.code).where(item.c.category == "成品灯")).scalars()
    levels = Counter(depth(code) for code in lamps)
    assert levels == {5: 4, 4: 10, 3: 22, 2: 1, 0: 1}
    assert depth("FG703") == 5
    assert depth("FG100") == 2


def _bill(conn: Connection, parent: str, version: str) -> dict[str, tuple[str, ...]]:
    """component -> quantity, base quantity, loss rate, fixed loss, issue."""
    head = select(bom.c.id).join(item, item.c.id == bom.c.parent_id)
    lines = select(item.c.code, bom_line).join(item, item.c.id == bom_line.c.component_id)
    lines = lines.where(
        bom_line.c.bom_id == head.where(item.c.code == parent, bom.c.version_code == version).scalar_subquery()
    )
    return {
        row.code: (
            f"{row.numerator.normalize():f}", f"{row.denominator.normalize():f}", f"{row.scrap_rate.normalize():f}",
            f"{row.scrap_fixed.normalize():f}", row.issue,
        )
        for row in conn.execute(lines)
    }  # fmt: skip


def test_the_bills_of_fg100_are_those_of_the_worked_example(conn: Connection) -> None:
    """AT-07a."""
    plain = ("1", "1", "0", "0", "pick")
    assert _bill(conn, "FG100", "V2.0") == {
        "SA200": plain, "SA300": plain, "RM403": ("4", "1", "0.05", "0", "pick"), "RM405": ("1", "1", "0", "2", "pick"),
    }  # fmt: skip
    assert _bill(conn, "SA200", "V1.0") == {
        "RM401": ("12", "1", "0.02", "0", "pick"), "RM402": plain, "RM403": ("2", "1", "0.05", "0", "pick"),
        "RM404": ("1", "100", "0", "0", "backflush"),
    }  # fmt: skip
    assert _bill(conn, "SA300", "V1.0") == {"RM406": plain, "RM407": plain}
    facts = conn.execute(select(item).where(item.c.code.in_(("FG100", "SA300", "RM403", "RM401"))))
    by_code = {row.code: row for row in facts}
    assert (by_code["FG100"].yield_rate, by_code["FG100"].safety_stock) == (Decimal("0.96"), 10)
    assert by_code["SA300"].kind == "subcontracted"
    assert (by_code["RM403"].safety_stock, by_code["RM403"].lot_multiple) == (50, 100)
    assert by_code["RM401"].lot_multiple == 500


def test_fg100_stands_today_as_the_worked_example_prints_it(conn: Connection) -> None:
    """AT-07a: on hand, on order, in production."""
    on_hand = {
        "FG100": 20, "SA200": 9, "RM401": 500, "RM402": 70, "RM403": 300, "RM404": 5, "RM405": 30, "RM406": 60, "RM407": 20,
    }  # fmt: skip
    codes = (*on_hand, "SA300")
    stock = select(item.c.code, func.sum(stock_balance.c.quantity)).join(item, item.c.id == stock_balance.c.item_id)
    stock = stock.where(item.c.code.in_(codes), stock_balance.c.quantity != 0).group_by(item.c.code)
    assert {row[0]: row[1] for row in conn.execute(stock)} == on_hand
    lines = select(doc.c.type, item.c.code, doc_line.c.quantity, doc_line.c.done)
    lines = lines.join(doc_line, doc_line.c.doc_id == doc.c.id).join(item, item.c.id == doc_line.c.item_id)
    lines = lines.where(doc_line.c.role == "main", doc.c.closing == "C", doc_line.c.closing == "C", doc.c.status == "C")
    opened = {
        (row.type, row.code): (row.quantity, row.done)
        for row in conn.execute(lines.where(item.c.code.in_(codes)))
        if row.type.endswith("_order")
    }
    assert opened == {
        ("sales_order", "FG100"): (100, 0),
        ("production_order", "FG100"): (50, 33),  # 50 x 96 % - 33 = 15
        ("subcontract_order", "SA300"): (60, 31),  # 29
        ("purchase_order", "RM401"): (200, 0),
        ("purchase_order", "RM403"): (100, 0),
    }
    left = select(func.count()).select_from(doc_line).join(doc, doc.c.id == doc_line.c.doc_id)
    left = left.join(material_line, material_line.c.line_id == doc_line.c.id).join(
        item, item.c.id == doc_line.c.item_id
    )
    waiting = left.where(doc.c.closing == "C", item.c.code.in_(codes), doc_line.c.done < doc_line.c.quantity)
    assert conn.execute(waiting).scalar_one() == 0


def test_every_kind_of_planning_data_is_there(conn: Connection) -> None:
    def values(column: Any) -> set[Any]:
        return set(conn.execute(select(column).distinct()).scalars())

    assert values(item.c.kind) == {"purchased", "manufactured", "subcontracted", "phantom"}
    assert values(item.c.lot_policy) == {"lot_for_lot", "fixed", "minimum", "period"}
    assert values(item.c.strategy) == {"mts", "mto"}
    assert values(bom_line.c.issue) == {"pick", "backflush", "none"}
    assert values(bom_line.c.supplied_by) == {"own", "customer"}
    assert values(bom_line.c.skip_level) == {True, False}
    assert values(bom_line.c.key_part) == {True, False}
    assert values(warehouse.c.kind) == {"own", "workshop", "inspection", "scrap", "customer"}
    assert values(substitute.c.priority) >= {1, 2}
    assert values(bom.c.status) == {"Z", "C"}
    assert conn.execute(select(func.count()).select_from(bom_output)).scalar_one() > 0
    versions = select(bom.c.parent_id).group_by(bom.c.parent_id).having(func.count() > 1)
    assert len(conn.execute(versions).all()) >= 4


def test_there_are_papers_in_every_state(conn: Connection) -> None:
    states: dict[str, set[tuple[str, str]]] = defaultdict(set)
    for row in conn.execute(select(doc.c.type, doc.c.status, doc.c.closing).distinct()):
        states[row.type].add((row.status, row.closing))
    assert states["sales_order"] == {("Z", "C"), ("C", "C"), ("C", "S")}
    assert states["purchase_order"] == {("C", "C"), ("C", "S"), ("C", "H")}
    assert states["production_order"] == {("Z", "C"), ("C", "C"), ("C", "S"), ("C", "H")}
    assert states["material_issue"] == {("Z", "C"), ("C", "C")}
    kinds = set(conn.execute(select(doc.c.kind).where(doc.c.type == "material_issue").distinct()).scalars())
    assert kinds == {"normal", "supplement", "return", "backflush"}


def test_two_papers_were_taken_back_and_approved_again(factory: Database, conn: Connection) -> None:
    undone = select(doc.c.id).join(stock_move, stock_move.c.doc_id == doc.c.id)
    undone = undone.where(stock_move.c.reversal_of.is_not(None)).distinct()
    twice = [api.get_document(factory, key) for key in conn.execute(undone).scalars()]
    assert sorted(view.ref.type for view in twice) == ["delivery", "purchase_receipt"]
    for view in twice:
        assert view.status == "C"
        assert Counter(event.action for event in view.history) == {"create": 1, "approve": 2, "reverse": 1}


def test_there_is_a_rush_order_and_there_are_late_ones(conn: Connection) -> None:
    owed = select(doc.c.note, doc.c.business_date, doc_line.c.due_date).join(doc_line, doc_line.c.doc_id == doc.c.id)
    owed = owed.where(doc.c.type == "sales_order", doc.c.status == "C", doc_line.c.done < doc_line.c.quantity)
    rows = conn.execute(owed).all()
    rush = [row for row in rows if row.note.startswith("【急单】")]
    assert [(row.due_date - TODAY).days for row in rush] == [5]
    assert sum(row.due_date < TODAY for row in rows) >= 3
    assert sum(row.due_date > TODAY for row in rows) >= 15


def test_some_items_lie_below_their_safety_stock(conn: Connection) -> None:
    held = func.coalesce(func.sum(stock_balance.c.quantity), 0)
    below = select(item.c.code).outerjoin(stock_balance, stock_balance.c.item_id == item.c.id).group_by(item.c.id)
    short = set(conn.execute(below.having(held < item.c.safety_stock)).scalars())
    assert {"FG401", "FG301", "HW103", "PL104"} <= short
    assert len(short) < 20


def test_the_waiting_pick_list_could_be_approved(factory: Database) -> None:
    (waiting,) = api.list_documents(factory, "material_issue", statuses=("Z",)).rows
    for line in api.get_document(factory, waiting.ref.id).lines:
        assert line.available is not None
        assert line.available >= line.quantity, line.item_code


def test_every_sold_lamp_of_a_make_to_order_kind_was_made_for_its_order(conn: Connection) -> None:
    made = select(doc_line.c.demand_line_id).join(doc, doc.c.id == doc_line.c.doc_id)
    made = made.where(
        doc.c.type == "production_order", doc_line.c.role == "main", doc_line.c.demand_line_id.is_not(None)
    )
    demands = set(conn.execute(made).scalars())
    lines = set(conn.execute(select(doc_line.c.id).join(doc).where(doc.c.type == "sales_order")).scalars())
    assert demands
    assert demands <= lines


def test_a_story_that_runs_out_of_a_settled_item_is_refused(conn: Connection) -> None:
    story = Story(catalogue(), Recipes(conn), left_today={"RM401": Decimal(10)})
    story.events["RM401"].append(Event(days.OPENING, 1, Decimal(500)))
    with pytest.raises(ValueError, match="RM401 runs short by 490"):
        opening_stock(story)


def test_an_item_is_in_the_catalogue_once() -> None:
    book = Catalogue()
    book.buy("X1", "螺丝", "", "个", 1)
    with pytest.raises(ValueError, match="X1 twice"):
        book.buy("X1", "螺母", "", "个", 1)


def test_the_explosion_of_fg100_gives_the_numbers_of_the_worked_example(conn: Connection) -> None:
    """AT-07a: 79 lamps and 70 light boards."""
    ids = {row[0]: row[1] for row in conn.execute(select(item.c.code, item.c.id))}
    structure: Structure = load_structure(conn, [ids["FG100"], ids["SA200"]], whole=True)
    codes = {key: code for code, key in ids.items()}

    def needs(code: str, quantity: int) -> dict[str, str]:
        _version, found = explode_order(structure, ids[code], Decimal(quantity), TODAY, usage=Usage())
        return {codes[need.line.component_id]: f"{need.planned.normalize():f}" for need in found}

    assert needs("FG100", 79) == {"SA200": "79", "SA300": "79", "RM403": "332", "RM405": "81"}
    assert needs("SA200", 70) == {"RM401": "857", "RM402": "70", "RM403": "147", "RM404": "0.7"}


def test_the_plan_of_today_has_every_kind_of_proposal_and_of_exception(factory: Database) -> None:
    run = planning.run_mrp(factory, "计划员", start=TODAY)
    found = Counter(row.kind for row in planning.exceptions(factory, run.run_id))
    assert found.keys() == EXCEPTION_KINDS.keys() - {"cycle"}  # a loop is refused where it is saved
    assert found["late_start"] < 150
    assert {kind: run.counts[kind] > 30 for kind in ("purchase", "production", "subcontract")} == {
        "purchase": True, "production": True, "subcontract": True,
    }  # fmt: skip
    proposed = {
        row.item_code: row.quantity
        for row in planning.planned_orders(factory, run.run_id)
        if row.item_code in {"FG100", "SA200", "SA300"} or row.item_code.startswith("RM4")
    }
    assert proposed == {
        "FG100": 79, "SA200": 70, "SA300": 50, "RM401": 500, "RM403": 200, "RM405": 51, "RM407": 30,
    }  # fmt: skip
    used = {
        row.item_code: (row.other_code, row.quantity)
        for row in planning.exceptions(factory, run.run_id, kinds=["substitute_used"])
    }
    assert used["RM401"] == ("RM401B", 60)
    assert "WR201" in used


def test_two_ceiling_lamps_want_the_same_drivers(conn: Connection) -> None:
    orders = {(row.item_code, row.start_date): row for row in kitting.analyse(conn)}
    first, second = orders["FG201", days.step(TODAY, 1)], orders["FG203", days.step(TODAY, 2)]
    assert first.complete_sets == first.ordered
    assert second.complete_sets is not None
    assert 0 < second.complete_sets < second.ordered
    assert {"DR103", "IM105"} <= {part.code for part in second.components if part.short > 0}
    lamp = conn.execute(select(item.c.id).where(item.c.code == "FG201")).scalar_one()
    answer = kitting.rush(conn, lamp, Decimal(30), TODAY)
    assert answer.verdict == "accept_affecting"
    assert {row.item_code for row in answer.affected} == {"FG201"}
