"""Imports that are refused: every fault named by sheet, row and column, and nothing left behind."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from models.kernel.problems import Refused
from services.exchange.exporting import export_sheets
from services.exchange.importing import import_sources
from services.platform import books
from services.platform.db import Database
from tests.unit.services.exchange.lamp_books import (
    FACTORY,
    NOW,
    USER,
    brought,
    folder,
    refused,
    told,
)


@pytest.fixture
def lamps(sqlite_url: str, tmp_path: Path) -> Iterator[Database]:
    """A book with the master data of the lamp factory, on SQLite."""
    made = books.create(sqlite_url, clock=lambda: NOW)
    masters = {name: FACTORY[name] for name in list(FACTORY)[:9]}
    brought(made, tmp_path / "masters", masters)
    yield made
    made.close()


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
            export_sheets(lamps, ["items", "wages", "order_costs", "salaries"], tmp_path / "x.xlsx")
        assert [p.code for p in caught.value.problems] == ["exchange.export_unknown", "exchange.export_unknown"]
