"""The import: one transaction, every fault by sheet, row and column, the same result in any order."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest
from sqlalchemy import event, func, select

import app.wiring
from models.columns import metadata
from models.kernel.problems import Problem, Refused
from services.exchange.exporting import export_sheets
from services.exchange.importing import ImportReport, import_sources
from services.exchange.template import write_template
from services.platform import books
from services.platform.db import Database
from services.platform.messages import sentence

assert app.wiring.AREAS

USER = "李会计"
NOW = dt.datetime(2026, 3, 5, 8, 0, tzinfo=dt.UTC)
FACTORY: Mapping[str, str] = {
    "units": "code,decimals\nPCS,0\nKG,3\n",
    "customers": "code,name\nC1,明亮商贸\n",
    "suppliers": "code,name\nS1,五金厂\nS2,冲压厂\n",
    "warehouses": "code,name,kind,partner\nW1,主仓,,\nW2,车间仓,workshop,\nWC,客户料仓,customer,C1\n",
    "items": "code,name,unit,kind,unit_cost,price,yield_rate,warehouse\n"
    "LAMP,台灯,PCS,manufactured,12.5,80,0.95,W1\nSHADE,灯罩,PCS,subcontracted,3,,,W1\n"
    "SCREW,螺丝,PCS,purchased,0.1,,,W1\nGLUE,胶水,KG,purchased,10,,,W2\nSTEEL,钢板,KG,purchased,7.77,,,W1\n",
    "bom": "parent,version,component,position,quantity,scrap_rate,issue,warehouse\n"
    "LAMP,V1.0,SCREW,10,4,0.05,,\nLAMP,V1.0,SHADE,20,1,,,\nLAMP,V1.0,GLUE,30,0.01,,倒冲,W2\nSHADE,V1.0,STEEL,10,0.25,,,\n",
    "substitutes": "component,substitute,ratio\nSTEEL,GLUE,2\n",
    "calendar": "date,working\n2026-03-08,no\n2026-03-07,否\n",
    "parameters": "key,value\nscrap_formula,multiply\n",
    "opening_stock": "warehouse,item,quantity,amount,date\nW1,SCREW,1000,100,2026-02-28\n"
    "W2,GLUE,5,,2026-02-28\nW1,STEEL,100,777,2026-02-28\nW1,SHADE,20,60,2026-02-28\n",
    "sales_orders": "number,date,customer,line,item,quantity,price,due_date\n"
    "XS1,2026-03-01,C1,1,LAMP,10,,2026-04-01\n,,,2,LAMP,5,75,2026-04-10\nXS2,2026-03-02,C1,1,LAMP,1,80,\n",
    "forecasts": "number,date,item,quantity,due_date\nYC1,2026-03-01,LAMP,100,2026-05-01\n",
    "purchase_orders": "number,date,supplier,line,item,quantity,price,due_date\nCG1,2026-03-01,S1,1,SCREW,500,0.12,2026-03-10\n",
    "production_orders": "number,date,item,quantity,start_date,due_date,sales_order\nSC1,2026-03-02,LAMP,10,2026-03-03,2026-03-20,XS1\n",
    "subcontract_orders": "number,date,supplier,item,quantity,price\nWW1,2026-03-02,S2,SHADE,8,1.5\n",
    "purchase_receipts": "number,date,order,line,item,quantity,price,warehouse\nRK1,2026-03-04,CG1,1,SCREW,200,,W1\n",
    "material_issues": "number,date,order,item,quantity,warehouse,kind\n"
    "LL1,2026-03-04,SC1,SCREW,42,W1,\n,,,SHADE,10,,\nLL2,2026-03-05,SC1,SCREW,2,W1,退料\nLL3,2026-03-04,WW1,STEEL,2,,\n",
    "product_receipts": "number,date,order,item,quantity,hours\nCP1,2026-03-05,SC1,LAMP,9,4.5\nCP2,2026-03-05,WW1,SHADE,8,\n",
    "deliveries": "number,date,order,line,item,quantity\nCK1,2026-03-05,XS1,1,LAMP,6\n,,,2,LAMP,3\n",
}
EXPORTED = [*FACTORY, "stock"]


def folder(where: Path, sheets: Mapping[str, str]) -> Path:
    where.mkdir(exist_ok=True)
    for name, content in sheets.items():
        (where / f"{name}.csv").write_text(content, encoding="utf-8")
    return where


def brought(db: Database, where: Path, sheets: Mapping[str, str], *, approve: bool = True) -> ImportReport:
    return import_sources(db, USER, [folder(where, sheets)], approve=approve)


def refused(db: Database, where: Path, sheets: Mapping[str, str], *, approve: bool = False) -> list[Problem]:
    before = fingerprint(db)
    with pytest.raises(Refused) as caught:
        brought(db, where, sheets, approve=approve)
    assert fingerprint(db) == before, "a refused import left something behind"
    for problem in caught.value.problems:
        for lang in ("zh", "en"):
            assert not sentence(problem, lang).startswith(problem.code)
    return list(caught.value.problems)


def told(problems: list[Problem]) -> list[tuple[str, str, int, str]]:
    return [(p.code, p.place.sheet, p.place.row, p.place.column) for p in problems]


def fingerprint(db: Database) -> dict[str, int]:
    with db.read() as conn:
        return {
            table.name: conn.execute(select(func.count()).select_from(table)).scalar_one()
            for table in metadata.sorted_tables
        }


def contents(db: Database, where: Path) -> dict[str, str]:
    export_sheets(db, EXPORTED, where)
    return {name: (where / f"{name}.csv").read_text(encoding="utf-8") for name in EXPORTED}


@pytest.fixture
def lamps(sqlite_url: str, tmp_path: Path) -> Iterator[Database]:
    """A book with the master data of the lamp factory, on SQLite."""
    made = books.create(sqlite_url, clock=lambda: NOW)
    masters = {name: FACTORY[name] for name in list(FACTORY)[:9]}
    brought(made, tmp_path / "masters", masters)
    yield made
    made.close()


class TestWhatComesIn:
    def test_master_data_and_documents_come_in_approved(self, book: Database, tmp_path: Path) -> None:
        report = brought(book, tmp_path / "in", FACTORY)
        assert report.warnings == []
        assert report.masters["items"].new == 5
        assert report.masters["bom"].new == 4
        assert {name: (count.made, count.approved) for name, count in report.documents.items()} == {
            "opening_stock": (1, 1), "sales_orders": (2, 2), "forecasts": (1, 1), "purchase_orders": (1, 1),
            "production_orders": (1, 1), "subcontract_orders": (1, 1), "purchase_receipts": (1, 1),
            "material_issues": (3, 3), "product_receipts": (2, 2), "deliveries": (1, 1),
        }  # fmt: skip
        assert report.numbers["material_issues"] == ["LL1", "LL3", "LL2"]
        stock = contents(book, tmp_path / "out")["stock"]
        assert "W1,SCREW,,1160,0,1160," in stock
        assert "W1,LAMP,,0" not in stock
        assert "W2,GLUE,,4.91," in stock

    def test_lines_for_people_and_for_machines(self, lamps: Database, tmp_path: Path) -> None:
        report = brought(lamps, tmp_path / "in", {"units": "code,decimals\nPCS,0\nM,2\n", "工资": "x\n"})
        assert report.lines("zh")[0] == "计量单位：新增 1，更新 0，不变 1"
        assert report.lines("en")[0] == "units: 1 new, 0 changed, 1 unchanged"
        assert report.lines("zh")[1].startswith("提醒 工资.csv: ")
        assert report.as_dict()["masters"] == {"units": {"new": 1, "changed": 0, "unchanged": 1}}

    def test_blank_cells_mean_the_defaults(self, book: Database, tmp_path: Path) -> None:
        brought(book, tmp_path / "in", FACTORY, approve=False)
        out = contents(book, tmp_path / "out")
        assert "PCS,PCS,0" in out["units"]
        assert "W1,主仓,own,,yes,no" in out["warehouses"]
        assert "WC,客户料仓,customer,C1,no,no" in out["warehouses"]
        assert "XS1,2026-03-01,C1,1,LAMP,10,80,2026-04-01" in out["sales_orders"]
        assert "XS2,2026-03-02,C1,1,LAMP,1,80,2026-03-02" in out["sales_orders"]
        assert "W2,GLUE,,5,50,2026-02-28" in out["opening_stock"]
        assert "RK1,2026-03-04,CG1,1,SCREW,200,0.12,W1," in out["purchase_receipts"]
        assert "LAMP,V1.0,SHADE,20,,,1,1,0,0,pick,no,no,own,," in out["bom"]

    def test_a_second_import_of_master_data_changes_nothing(self, lamps: Database, tmp_path: Path) -> None:
        before = fingerprint(lamps)
        masters = {name: FACTORY[name] for name in list(FACTORY)[:9]}
        masters["bom"] = "\n".join(
            ",".join([*row[:3], *row[4:]]) for row in (line.split(",") for line in masters["bom"].splitlines())
        )
        report = brought(lamps, tmp_path / "again", masters)
        assert {(count.new, count.changed) for count in report.masters.values()} == {(0, 0)}
        assert fingerprint(lamps) == before

    def test_what_exists_is_updated_and_missing_columns_stay(self, lamps: Database, tmp_path: Path) -> None:
        report = brought(lamps, tmp_path / "in", {"items": "code,unit,price\nLAMP,PCS,99\nNEW,KG,\n"})
        assert (report.masters["items"].new, report.masters["items"].changed) == (1, 1)
        items = contents(lamps, tmp_path / "out")["items"]
        assert "LAMP,台灯,,PCS,manufactured,,0,0,lot_for_lot,,,,,,0.95,mts,moving,12.5,99,W1" in items
        assert "NEW,NEW,,KG,purchased" in items

    def test_a_bill_line_that_exists_is_updated_and_others_stay(self, lamps: Database, tmp_path: Path) -> None:
        bom = "parent,version,component,position,quantity\nLAMP,V1.0,SCREW,10,6\nLAMP,V2.0,SCREW,,5\n"
        report = brought(lamps, tmp_path / "in", {"bom": bom})
        assert (report.masters["bom"].new, report.masters["bom"].changed) == (1, 1)
        lines = contents(lamps, tmp_path / "out")["bom"].splitlines()
        assert "LAMP,V1.0,SCREW,10,,,6,1,0,0,pick,no,no,own,," in lines
        assert sum(line.startswith("LAMP,V1.0") for line in lines) == 3
        assert "LAMP,V2.0,SCREW,10,,,5,1,0,0,pick,no,no,own,," in lines

    def test_a_dry_run_does_everything_and_keeps_nothing(self, lamps: Database, tmp_path: Path) -> None:
        before = fingerprint(lamps)
        told_steps: list[str] = []
        report = import_sources(
            lamps, USER, [folder(tmp_path / "in", FACTORY)], dry_run=True, approve=True,
            progress=lambda name, _done, _all: told_steps.append(name),
        )  # fmt: skip
        assert report.documents["deliveries"].approved == 1
        assert "试导入通过" in report.lines("zh")[-1]
        assert fingerprint(lamps) == before
        assert told_steps[0] == "parameters"
        assert told_steps[-1] == "deliveries"

    def test_the_order_of_files_and_rows_does_not_matter(self, tmp_path: Path) -> None:
        made = []
        for seed in (0, 1, 2):
            rng = random.Random(seed)
            files: list[Path] = []
            for name, content in FACTORY.items():
                head, *rows = content.splitlines()
                if seed and not any(row.startswith(",") for row in rows):
                    rng.shuffle(rows)
                where = folder(tmp_path / f"{seed}-{rng.random()}", {name: "\n".join([head, *rows])})
                files.append(where)
            rng.shuffle(files)
            db = books.create(f"sqlite:///{tmp_path / f'{seed}.db'}", clock=lambda: NOW)
            import_sources(db, USER, files, approve=True)
            made.append(contents(db, tmp_path / f"out{seed}"))
            db.close()
        assert made[0] == made[1] == made[2]

    @pytest.mark.parametrize("lang", ["en", "zh"])
    def test_an_export_comes_into_an_empty_book_and_gives_the_same_export(
        self, lamps: Database, tmp_path: Path, lang: str
    ) -> None:
        documents = {name: FACTORY[name] for name in list(FACTORY)[9:]}
        brought(lamps, tmp_path / "in", documents)
        file = tmp_path / "book.xlsx"
        export_sheets(lamps, list(FACTORY), file, lang)
        second = books.create(f"sqlite:///{tmp_path / 'second.db'}", clock=lambda: NOW)
        import_sources(second, USER, [file], approve=True)
        assert contents(second, tmp_path / "b") == contents(lamps, tmp_path / "a")
        second.close()

    def test_a_quantity_runs_over_to_the_next_line_of_the_same_item(self, lamps: Database, tmp_path: Path) -> None:
        bom = "parent,version,component,position,quantity\nLAMP,V9,SCREW,10,2\nLAMP,V9,SCREW,20,3\n"
        sheets = {
            "bom": bom,
            "opening_stock": FACTORY["opening_stock"],
            "production_orders": "number,date,item,quantity\nSC9,2026-03-02,LAMP,10\n",
            "material_issues": "number,date,order,item,quantity,warehouse\nLL9,2026-03-03,SC9,SCREW,45,W1\n",
        }
        brought(lamps, tmp_path / "in", sheets)
        issues = contents(lamps, tmp_path / "out")["material_issues"].splitlines()[1:]
        assert [line.split(",")[5] for line in issues] == ["20", "25"]

    def test_a_named_line_of_the_order_is_the_one_executed(self, lamps: Database, tmp_path: Path) -> None:
        sheets = {
            "opening_stock": "warehouse,item,quantity,date\nW1,LAMP,50,2026-02-28\n",
            "sales_orders": "number,date,customer,line,item,quantity\nXS,2026-03-01,C1,1,LAMP,10\n,,,2,LAMP,20\n",
            "deliveries": "number,date,order,line,item,quantity\nCK,2026-03-02,XS,2,LAMP,15\n",
        }
        brought(lamps, tmp_path / "in", sheets)
        assert "CK,2026-03-02,XS,2,LAMP,15,W1," in contents(lamps, tmp_path / "out")["deliveries"]

    def test_statements_do_not_grow_with_the_rows(self, lamps: Database, tmp_path: Path) -> None:
        counts = []
        for size in (5, 500):
            orders = "".join(f"P{size}-{n},2026-03-01,S1,1,SCREW,5,1,2026-03-10\n" for n in range(size))
            items = "".join(f"X{size}-{n},PCS\n" for n in range(size))
            bom = "".join(f"LAMP,V{size}.{n},SCREW,10,1\n" for n in range(size))
            sheets = {
                "items": "code,unit\n" + items,
                "bom": "parent,version,component,position,quantity\n" + bom,
                "purchase_orders": FACTORY["purchase_orders"].splitlines()[0] + "\n" + orders,
            }
            seen: list[str] = []
            listener = lambda *args, seen=seen: seen.append(args[2])  # noqa: E731
            event.listen(lamps.engine, "before_cursor_execute", listener)
            brought(lamps, tmp_path / f"in{size}", sheets)
            event.remove(lamps.engine, "before_cursor_execute", listener)
            counts.append(len(seen))
        assert counts[1] <= counts[0] + 5


class TestWhatIsRefused:
    def test_every_fault_of_every_sheet_is_listed_with_its_place(self, book: Database, tmp_path: Path) -> None:
        sheets = dict(FACTORY)
        sheets["units"] += "LB,7\n"
        sheets["items"] += "BAD,坏,XXX,purchased,,,,\nLOW,低,PCS,purchased,,,0.9,\n"
        sheets["bom"] += "LAMP,V1.0,GHOST,40,1,,,\n"
        sheets["sales_orders"] += "XS3,2026-13-01,C1,1,LAMP,1,,\nXS4,2026-03-01,C9,1,LAMP,1.5,,\n"
        sheets["purchase_receipts"] += "RK2,2026-03-04,CG9,1,SCREW,1,,\nRK3,2026-03-04,CG1,1,GLUE,1,,\n"
        sheets["deliveries"] += "CK2,2026-03-04,XS4,1,LAMP,1\n"
        assert told(refused(book, tmp_path / "in", sheets)) == [
            ("exchange.above_maximum", "units", 4, "decimals"),
            ("master.unknown_code", "items", 7, "unit"),
            ("item.yield_not_made", "items", 8, "yield_rate"),
            ("master.unknown_code", "bom", 6, "component"),
            ("exchange.no_date", "sales_orders", 5, "date"),
            ("master.unknown_code", "sales_orders", 6, "customer"),
            ("exchange.order_unknown", "purchase_receipts", 3, "order"),
            ("exchange.order_item", "purchase_receipts", 4, "item"),
        ]

    def test_a_quantity_with_more_decimals_than_the_unit_is_named(self, lamps: Database, tmp_path: Path) -> None:
        sheets = {"forecasts": "number,date,item,quantity\nY,2026-03-01,LAMP,1\n,,GLUE,1.2345\n,,LAMP,1.5\n"}
        assert told(refused(lamps, tmp_path / "in", sheets)) == [
            ("document.quantity_decimals", "forecasts", 3, "quantity"),
            ("document.quantity_decimals", "forecasts", 4, "quantity"),
        ]

    def test_a_loop_is_refused_with_its_path(self, lamps: Database, tmp_path: Path) -> None:
        sheets = {"bom": "parent,version,component,quantity\nSHADE,V2,LAMP,1\n"}
        (problem,) = refused(lamps, tmp_path / "in", sheets)
        assert told([problem]) == [("bom.loop", "bom", 2, "component")]
        assert "SHADE" in str(problem.args["path"])

    def test_a_backflush_without_a_warehouse_is_named_where_bills_are_approved(
        self, lamps: Database, tmp_path: Path
    ) -> None:
        """The line's warehouse or the item's counts; the standing warehouse of the parameters does not."""
        sheets = {
            "parameters": "key,value\ndefault_warehouse,W1\n",
            "items": "code,name,unit\nTAPE,胶带,PCS\n",
            "bom": "parent,version,component,quantity,issue,warehouse\n"
            "LAMP,V2,GLUE,1,backflush,\nLAMP,V2,TAPE,1,backflush,\nLAMP,V2,SCREW,4,,\n",
        }
        (problem,) = refused(lamps, tmp_path / "in", sheets, approve=True)
        assert told([problem]) == [("bom.backflush_no_warehouse", "bom", 3, "warehouse")]
        sheets["bom"] = sheets["bom"].replace("TAPE,1,backflush,", "TAPE,1,backflush,W2")
        assert brought(lamps, tmp_path / "in", sheets, approve=True).masters["bom"].new == 3

    def test_a_document_number_that_exists_is_refused(self, lamps: Database, tmp_path: Path) -> None:
        sheets = {"forecasts": FACTORY["forecasts"]}
        brought(lamps, tmp_path / "in", sheets)
        assert told(refused(lamps, tmp_path / "in", sheets)) == [("document.number_exists", "forecasts", 2, "number")]

    def test_opening_stock_comes_in_once(self, lamps: Database, tmp_path: Path) -> None:
        sheets = {"opening_stock": FACTORY["opening_stock"]}
        brought(lamps, tmp_path / "in", sheets)
        problems = refused(lamps, tmp_path / "in", sheets)
        assert [problem.code for problem in problems] == ["exchange.opening_exists"] * 4
        assert problems[0].place.row == 2

    def test_a_document_in_two_files_is_refused(self, lamps: Database, tmp_path: Path) -> None:
        one = folder(tmp_path / "one", {"forecasts": FACTORY["forecasts"]})
        two = folder(tmp_path / "two", {"销售预测": FACTORY["forecasts"]})
        with pytest.raises(Refused) as caught:
            import_sources(lamps, USER, [one, two])
        assert told(list(caught.value.problems)) == [("exchange.document_twice", "销售预测", 2, "number")]

    def test_the_same_master_record_in_two_files_is_refused(self, lamps: Database, tmp_path: Path) -> None:
        one = folder(tmp_path / "one", {"units": "code\nA\nB\n"})
        two = folder(tmp_path / "two", {"计量单位": "编码\nC\nB\n"})
        with pytest.raises(Refused) as caught:
            import_sources(lamps, USER, [one, two])
        (problem,) = caught.value.problems
        assert problem.code == "master.twice"
        assert (problem.place.sheet, problem.place.row) == ("计量单位", 3)

    def test_a_shortage_at_approval_names_the_row(self, lamps: Database, tmp_path: Path) -> None:
        sheets = {name: FACTORY[name] for name in ("opening_stock", "production_orders", "material_issues")}
        sheets["production_orders"] = "number,date,item,quantity\nSC1,2026-03-02,LAMP,1000\n"
        sheets["material_issues"] = (
            "number,date,order,item,quantity,warehouse\nL1,2026-03-03,SC1,SCREW,10,W1\n,,,SCREW,4000,W1\n"
        )
        problems = refused(lamps, tmp_path / "in", sheets, approve=True)
        assert told(problems) == [("stock.short", "material_issues", 3, "quantity")]

    def test_more_than_ordered_is_refused_at_its_row(self, lamps: Database, tmp_path: Path) -> None:
        sheets = {
            "purchase_orders": FACTORY["purchase_orders"],
            "purchase_receipts": "number,date,order,item,quantity,warehouse\nR,2026-03-04,CG1,SCREW,501,W1\n",
        }
        assert told(refused(lamps, tmp_path / "in", sheets, approve=True)) == [
            ("document.over_source", "purchase_receipts", 2, "quantity")
        ]

    def test_unit_decimals_never_shrink(self, lamps: Database, tmp_path: Path) -> None:
        """AT-29: the decimals of a unit can only grow."""
        assert told(refused(lamps, tmp_path / "in", {"units": "code,decimals\nKG,2\n"})) == [
            ("unit.fewer_decimals", "units", 2, "decimals")
        ]

    def test_outputs_need_a_bill_and_one_cost_rule(self, lamps: Database, tmp_path: Path) -> None:
        head = "parent,version,item,kind,quantity,cost_share,cost_quota\n"
        rows = "LAMP,V7,GLUE,by,1,,\nLAMP,V1.0,STEEL,co,1,0.5,2\n"
        assert told(refused(lamps, tmp_path / "in", {"bom_outputs": head + rows})) == [
            ("exchange.bom_unknown", "bom_outputs", 2, "version"),
            ("exchange.output_cost", "bom_outputs", 3, "cost_quota"),
        ]

    def test_what_refers_to_a_refused_row_is_no_further_fault(self, book: Database, tmp_path: Path) -> None:
        sheets = dict(FACTORY, items=FACTORY["items"].replace("LAMP,台灯,PCS", "LAMP,台灯,XXX"))
        assert told(refused(book, tmp_path / "in", sheets)) == [("master.unknown_code", "items", 2, "unit")]

    def test_a_sales_order_that_a_production_order_names_must_exist(self, lamps: Database, tmp_path: Path) -> None:
        sheets = {"production_orders": "number,date,item,quantity,sales_order\nM,2026-03-02,LAMP,1,NONE\n"}
        assert told(refused(lamps, tmp_path / "in", sheets)) == [
            ("exchange.order_unknown", "production_orders", 2, "sales_order")
        ]

    def test_an_amount_that_cannot_be_kept_is_refused(self, lamps: Database, tmp_path: Path) -> None:
        head = "number,date,supplier,item,quantity,price\n"
        sheets = {
            "purchase_orders": head + "P1,2026-03-01,S1,SCREW,9000000000,90000000\n",
            "opening_stock": "warehouse,item,quantity,amount,date\nW1,STEEL,9000000000000,,2026-02-28\n",
        }
        sheets["items"] = "code,unit,unit_cost\nSTEEL,KG,80000\n"
        assert told(refused(lamps, tmp_path / "in", sheets)) == [
            ("exchange.amount_too_large", "opening_stock", 2, "quantity"),
            ("exchange.amount_too_large", "purchase_orders", 2, "price"),
        ]

    def test_faults_beyond_a_thousand_are_counted(self, lamps: Database, tmp_path: Path) -> None:
        rows = "".join(f"F{n},2026-03-01,GHOST,1\n" for n in range(1500))
        problems = refused(lamps, tmp_path / "in", {"forecasts": "number,date,item,quantity\n" + rows})
        assert len(problems) == 1001
        assert (problems[-1].code, problems[-1].args["count"]) == ("exchange.more_faults", 500)

    def test_names_that_are_no_sheets_are_refused_on_export(self, lamps: Database, tmp_path: Path) -> None:
        with pytest.raises(Refused) as caught:
            export_sheets(lamps, ["items", "wages", "order_costs"], tmp_path / "x.xlsx")
        assert [p.code for p in caught.value.problems] == ["exchange.export_unknown", "exchange.export_unsupported"]


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_a_template_nobody_filled_in_comes_in_and_changes_nothing(lamps: Database, tmp_path: Path, lang: str) -> None:
    """Sheets of documents that this version cannot take stand in the way only when something is in them."""
    before = contents(lamps, tmp_path / "before")
    write_template(tmp_path / "template.xlsx", lang=lang)
    import_sources(lamps, USER, [tmp_path / "template.xlsx"])
    assert contents(lamps, tmp_path / "after") == before
