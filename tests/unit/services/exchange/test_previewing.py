"""What is shown before an import, and the workbook that comes back with the faults."""

from __future__ import annotations

from pathlib import Path

from services.exchange import api
from services.exchange.headings import ERRORS_TITLE
from services.exchange.parse import parse
from services.exchange.reader.workbook import read_workbook


def sources(folder: Path) -> list[Path]:
    items, units = folder / "物料.csv", folder / "units.csv"
    items.write_text("编码,单位,属性,提前期\n001,PCS,自制,三天\n=1+1,PCS,外购,5\n", encoding="gb18030")
    units.write_text("code,decimals\nPCS,0\n", encoding="utf-8")
    return [items, units]


def test_a_preview_shows_the_first_rows_as_understood_with_their_faults(tmp_path: Path) -> None:
    shown = api.preview([*sources(tmp_path), tmp_path / "gone.csv"], rows=1)
    units, items = shown.sheets
    assert (units.sheet, units.titles, units.rows, units.count) == (
        "units",
        ("code", "decimals"),
        ((2, ("PCS", "0")),),
        1,
    )
    assert items.rows == ((2, ("001", "PCS", "自制", "")),)
    assert items.count == 2
    assert [(p.code, p.place.row, p.place.column) for p in items.problems] == [("exchange.no_number", 2, "提前期")]
    assert [p.code for p in shown.problems] == ["exchange.no_file"]


def test_the_error_file_is_the_source_with_the_reasons_beside_the_rows(tmp_path: Path) -> None:
    paths = sources(tmp_path)
    problems = [problem for sheet in api.preview(paths).sheets for problem in sheet.problems]
    target = tmp_path / "错误.xlsx"
    api.write_error_file(target, paths, problems)
    sheets = {raw.name: raw for raw, _visible in read_workbook(target)[0]}
    assert list(sheets["物料"].rows[0]) == ["编码", "单位", "属性", "提前期", ERRORS_TITLE]
    assert sheets["物料"].rows[1][-1] == "提前期: “三天”不是数字。请填写数字，如 12.5。"
    assert sheets["物料"].rows[2][0] == "=1+1"
    assert list(sheets["units"].rows[1])[:2] == ["PCS", "0"]


def test_the_error_file_mended_in_place_is_a_source_again(tmp_path: Path) -> None:
    paths = sources(tmp_path)
    target = tmp_path / "错误.xlsx"
    api.write_error_file(target, paths, [])
    for raw, _visible in read_workbook(target)[0]:
        assert "unknown_column" not in str(parse(raw).problems)


def test_the_api_names_what_can_be_exported() -> None:
    names = [sheet.name for sheet in api.exported_sheets()]
    assert {"items", "deliveries", "period_costs", "pegging", "order_costs"} <= set(names)
