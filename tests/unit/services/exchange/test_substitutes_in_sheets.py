"""Substitutes in the sheet of pick lists: which line they are drawn for, what is refused, and that an export comes in as it was."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal as D
from pathlib import Path

import pytest
from sqlalchemy import delete, func, select

import app.wiring
from models.documents.tables import doc, doc_line
from models.kernel.problems import Problem, Refused
from models.ledgers.tables import wip_move
from models.masterdata.tables import item, substitute
from services.exchange.exporting import export_sheets
from services.exchange.importing import import_sources
from services.platform import books
from services.platform.db import Database
from services.platform.messages import sentence
from tests.conftest import NOW
from tests.support.ledgers import broken, statements

assert app.wiring.AREAS

USER = "李会计"
HEAD = "number,date,order,line,item,quantity,warehouse,kind\n"
# MO is for 10 of A: line 1 of its materials is 10 of CORE, line 2 is 20 of PART.
FACTORY: Mapping[str, str] = {
    "units": "code,name,decimals\nPCS,个,0\n",
    "warehouses": "code,name\nW1,主仓\n",
    "customers": "code,name\nC1,明亮\n",
    "suppliers": "code,name\nS1,冲压厂\n",
    "items": "code,name,unit,kind\nA,台灯,PCS,manufactured\nB,灯罩,PCS,subcontracted\nCORE,铁芯,PCS,purchased\nPART,支架,PCS,purchased\n"
    "CORE2,铁芯二,PCS,purchased\nCORE3,铁芯三,PCS,purchased\nCORE4,铁芯四,PCS,purchased\nOTHER,别的,PCS,purchased\n",
    "bom": "parent,version,component,position,quantity,supplied_by\nA,V1,CORE,10,1,\nA,V1,PART,20,2,\n"
    "B,V1,CORE,10,1,\nB,V1,OTHER,20,1,customer\n",
    "substitutes": "component,substitute,ratio,valid_to\nCORE,CORE2,2,\nCORE,CORE3,1.5,\nPART,CORE3,1,\nCORE,PART,1,\n"
    "CORE,CORE4,1,2026-03-05\nOTHER,CORE4,1,\n",
    "opening_stock": "warehouse,item,quantity,date\nW1,CORE,50,2026-02-28\nW1,PART,50,2026-02-28\nW1,CORE2,50,2026-02-28\n"
    "W1,CORE3,50,2026-02-28\nW1,CORE4,50,2026-02-28\n",
    "production_orders": "number,date,item,quantity,start_date,due_date\nMO,2026-03-01,A,10,2026-03-02,2026-03-20\n",
    "subcontract_orders": "number,date,supplier,item,quantity,price\nWW,2026-03-01,S1,B,10,1\n",
}  # fmt: skip


def brought(db: Database, where: Path, sheets: Mapping[str, str]) -> None:
    where.mkdir(exist_ok=True)
    for file in where.iterdir():
        file.unlink()
    for name, content in sheets.items():
        (where / f"{name}.csv").write_text(content, encoding="utf-8")
    import_sources(db, USER, [where], approve=True)


def refused(db: Database, where: Path, rows: str) -> list[Problem]:
    with pytest.raises(Refused) as caught:
        brought(db, where, {"material_issues": HEAD + rows})
    return list(caught.value.problems)


def done(db: Database, order: str = "MO") -> list[tuple[int, str, D]]:
    """Line, item and what is done of the materials of an order."""
    query = (
        select(doc_line.c.line_no, item.c.code, doc_line.c.done)
        .join_from(doc_line, doc, doc.c.id == doc_line.c.doc_id)
        .join(item, item.c.id == doc_line.c.item_id)
        .where(doc.c.number == order, doc_line.c.role == "material")
        .order_by(doc_line.c.line_no)
    )
    with db.read() as conn:
        return [(row[0], row[1], row[2]) for row in conn.execute(query)]


def drawn(db: Database) -> dict[tuple[int, str], D]:
    """Quantity in work in progress by line of the material and item that was really drawn."""
    total = func.sum(wip_move.c.quantity, type_=wip_move.c.quantity.type)
    query = (
        select(doc_line.c.line_no, item.c.code, total)
        .join_from(wip_move, doc_line, doc_line.c.id == wip_move.c.material_line_id)
        .join(item, item.c.id == wip_move.c.item_id)
        .group_by(doc_line.c.line_no, item.c.code)
    )
    with db.read() as conn:
        return {(row[0], row[1]): row[2] for row in conn.execute(query) if row[2]}


@pytest.fixture
def lamps(book: Database, tmp_path: Path) -> Database:
    brought(book, tmp_path / "in", FACTORY)
    return book


def test_a_substitute_is_drawn_for_the_line_it_names(lamps: Database, tmp_path: Path) -> None:
    """9 of CORE2 at 2 cover 4; CORE3 may stand in for both materials, and PART, a material itself, for CORE."""
    rows = "L1,2026-03-04,MO,1,CORE2,9,W1,\nL1,,,2,CORE3,3,,\nL1,,,1,PART,2,,\nL2,2026-03-06,MO,1,CORE3,3,W1,\n"
    brought(lamps, tmp_path / "in", {"material_issues": HEAD + rows})
    assert done(lamps) == [(1, "CORE", 8), (2, "PART", 3)]
    assert drawn(lamps) == {(1, "CORE2"): 9, (1, "PART"): 2, (1, "CORE3"): 3, (2, "CORE3"): 3}
    assert broken(lamps) == []


def test_without_a_line_it_is_drawn_for_the_only_material_it_may_stand_in_for(lamps: Database, tmp_path: Path) -> None:
    """PART without a line, or with its own, is what the order asks for; CORE2 may stand in for CORE alone."""
    rows = "L1,2026-03-04,MO,,CORE2,9,W1,\nL1,,,,PART,5,,\nL1,,,2,PART,6,,\nL2,2026-03-04,WW,,CORE2,4,W1,\n"
    brought(lamps, tmp_path / "in", {"material_issues": HEAD + rows})
    assert done(lamps) == [(1, "CORE", 4), (2, "PART", 11)]
    assert done(lamps, "WW") == [(1, "CORE", 2), (2, "OTHER", 0)]
    assert broken(lamps) == []


def test_what_may_stand_in_for_several_materials_needs_the_line(lamps: Database, tmp_path: Path) -> None:
    (problem,) = refused(lamps, tmp_path / "in", "L1,2026-03-04,MO,,CORE3,3,W1,\n")
    assert (problem.code, problem.place.row, problem.place.column) == ("exchange.which_material", 2, "line")
    for lang in ("zh", "en"):
        for part in ("CORE3", "MO", "1 CORE 铁芯", "2 PART 支架"):
            assert part in sentence(problem, lang)


@pytest.mark.parametrize(
    ("row", "code", "parts"),
    [
        ("L1,2026-03-04,MO,1,OTHER,1,W1,\n", "exchange.not_in_place", ("MO", "1", "CORE 铁芯", "OTHER 别的")),
        ("L1,2026-03-04,MO,2,CORE2,1,W1,\n", "exchange.not_in_place", ("MO", "2", "PART 支架", "CORE2 铁芯二")),
        ("L1,2026-03-06,MO,1,CORE4,1,W1,\n", "exchange.not_in_place", ("MO", "1", "CORE 铁芯", "CORE4 铁芯四")),
        ("L1,2026-03-04,WW,2,CORE4,1,W1,\n", "exchange.not_in_place", ("WW", "2", "OTHER 别的", "CORE4 铁芯四")),
        ("L1,2026-03-04,MO,,OTHER,1,W1,\n", "exchange.order_material", ("MO", "OTHER")),
        ("L1,2026-03-06,MO,,CORE4,1,W1,\n", "exchange.order_material", ("MO", "CORE4")),
    ],
)
def test_what_may_not_stand_in_is_refused_naming_both(
    lamps: Database, tmp_path: Path, row: str, code: str, parts: tuple[str, ...]
) -> None:
    """Not at all, for another material, no longer on the day, for what the customer supplies."""
    (problem,) = refused(lamps, tmp_path / "in", row)
    assert (problem.code, problem.place.row, problem.place.column) == (code, 2, "item")
    for lang in ("zh", "en"):
        text = sentence(problem, lang)
        assert all(part in text for part in parts), text
    assert done(lamps) == [(1, "CORE", 0), (2, "PART", 0)]


def test_a_number_that_is_no_line_of_the_order_says_nothing(lamps: Database, tmp_path: Path) -> None:
    """As with planned items: a sheet that numbers its own lines names no line of the order."""
    brought(lamps, tmp_path / "in", {"material_issues": HEAD + "L1,2026-03-04,MO,70,CORE2,8,W1,\n"})
    assert done(lamps)[0] == (1, "CORE", 4)


def test_a_return_finds_what_was_drawn_though_the_rule_has_gone(lamps: Database, tmp_path: Path) -> None:
    """9 cover 4, 3 of them come back in the same sheet and 6 in a later one; CORE3 comes back from the line it was drawn for."""
    rows = "L1,2026-03-04,MO,1,CORE2,9,W1,\nL2,2026-03-04,MO,2,CORE3,4,W1,\n"
    rows += "T1,2026-03-05,MO,,CORE2,3,W1,return\nT2,2026-03-05,MO,,CORE3,1,W1,return\n"
    brought(lamps, tmp_path / "in", {"material_issues": HEAD + rows})
    assert done(lamps) == [(1, "CORE", 3), (2, "PART", 3)]
    with lamps.write(USER) as tx:
        tx.conn.execute(delete(substitute))
    rows = "T3,2026-03-06,MO,1,CORE2,6,W1,return\nT4,2026-03-06,MO,,CORE3,3,W1,return\n"
    brought(lamps, tmp_path / "in", {"material_issues": HEAD + rows})
    assert (done(lamps), drawn(lamps)) == ([(1, "CORE", 0), (2, "PART", 0)], {})
    (problem,) = refused(lamps, tmp_path / "in", "T5,2026-03-06,MO,1,CORE2,1,W1,return\n")
    assert problem.code == "exchange.not_in_place"
    assert broken(lamps) == []


def test_rows_of_the_material_go_where_the_substitute_left_room(book: Database, tmp_path: Path) -> None:
    """CORE on two lines of 10: 9 of CORE2 cover 4 of the first, so 16 of CORE without a line are 6 and 10."""
    bom = FACTORY["bom"] + "A,V1,CORE,30,1,\n"
    rows = "L1,2026-03-04,MO,1,CORE2,9,W1,\nL1,,,,CORE,16,,\n"
    brought(book, tmp_path / "in", {**FACTORY, "bom": bom, "material_issues": HEAD + rows})
    assert done(book) == [(1, "CORE", 10), (2, "PART", 0), (3, "CORE", 10)]
    (problem,) = refused(book, tmp_path / "in", "L2,2026-03-04,MO,,CORE2,2,W1,\n")
    assert problem.code == "exchange.which_material"
    assert broken(book) == []


def test_an_export_comes_in_as_it_was(lamps: Database, tmp_path: Path) -> None:
    """Two substitutes at their ratios, a material that stands in for another, a supplement, partial returns."""
    rows = (
        "L1,2026-03-04,MO,1,CORE2,9,W1,\nL1,,,2,PART,4,,\nL2,2026-03-05,MO,1,PART,2,W1,\nL2,,,2,CORE3,3,,\n"
        "L3,2026-03-05,MO,1,CORE3,3,W1,\nL4,2026-03-06,MO,1,CORE2,5,W1,supplement\nT1,2026-03-07,MO,1,CORE2,4,W1,return\n"
        "T2,2026-03-08,MO,1,PART,1,W1,return\nL5,2026-03-09,WW,1,CORE4,1,W1,\n"
    )
    (problem,) = refused(lamps, tmp_path / "in", rows)
    assert (problem.code, problem.place.row) == ("exchange.not_in_place", 10)
    rows = rows.replace("L5,2026-03-09,WW,1,CORE4", "L5,2026-03-09,WW,1,CORE2")
    brought(lamps, tmp_path / "in", {"material_issues": HEAD + rows})
    names = [name for name in FACTORY if name != "parameters"] + ["material_issues", "stock"]
    export_sheets(lamps, names, tmp_path / "first")
    other = books.create(str(tmp_path / "other.db"), clock=lambda: NOW)
    try:
        import_sources(other, USER, [tmp_path / "first"], approve=True)
        export_sheets(other, names, tmp_path / "second")
        for name in names:
            first, second = (tmp_path / part / f"{name}.csv" for part in ("first", "second"))
            assert second.read_text(encoding="utf-8") == first.read_text(encoding="utf-8"), name
        assert (done(other), done(other, "WW"), drawn(other)) == (done(lamps), done(lamps, "WW"), drawn(lamps))
        assert broken(other) == []
    finally:
        other.close()


def test_statements_do_not_grow_with_the_rows(lamps: Database, tmp_path: Path) -> None:
    counts = []
    for size in (4, 40):
        rows = "".join(f"L{size}-{n},2026-03-04,MO{size}-{n},1,CORE2,1,W1,\n" for n in range(size))
        orders = "".join(f"MO{size}-{n},2026-03-01,A,10,2026-03-02,2026-03-20\n" for n in range(size))
        head = FACTORY["production_orders"].splitlines()[0] + "\n"
        with statements(lamps) as seen:
            brought(lamps, tmp_path / "in", {"production_orders": head + orders, "material_issues": HEAD + rows})
        counts.append(len(seen))
    assert counts[1] <= counts[0] + 5
