"""The page of sheets in the documentation is the one the declarations give."""

from __future__ import annotations

from pathlib import Path

from services.exchange.describing import sheets_page
from services.exchange.sheets import SHEETS

PAGE = Path(__file__).resolve().parents[4] / "docs" / "sheets.md"


def test_the_page_is_up_to_date() -> None:
    assert PAGE.read_text(encoding="utf-8") == sheets_page()


def test_every_column_of_every_sheet_is_on_the_page() -> None:
    page = sheets_page()
    for sheet in SHEETS:
        assert f"`{sheet.name}`" in page
        for column in sheet.columns:
            assert f"`{column.key}`" in page
