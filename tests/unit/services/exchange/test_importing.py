"""The import: one transaction, every fault by sheet, row and column, the same result in any order."""

from __future__ import annotations

import random
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import event

from services.exchange.exporting import export_sheets
from services.exchange.importing import import_sources
from services.exchange.template import write_template
from services.platform import books
from services.platform.db import Database
from tests.unit.services.exchange.lamp_books import (
    FACTORY,
    NOW,
    USER,
    brought,
    contents,
    fingerprint,
    folder,
)


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


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_a_template_nobody_filled_in_comes_in_and_changes_nothing(lamps: Database, tmp_path: Path, lang: str) -> None:
    """Sheets of documents that this version cannot take stand in the way only when something is in them."""
    before = contents(lamps, tmp_path / "before")
    write_template(tmp_path / "template.xlsx", lang=lang)
    import_sources(lamps, USER, [tmp_path / "template.xlsx"])
    assert contents(lamps, tmp_path / "after") == before
