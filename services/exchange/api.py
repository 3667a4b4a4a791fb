"""What windows may ask of the exchange of sheets: look at files, bring them in, hand sheets out, write the template."""

from __future__ import annotations

from models.kernel.sheets import Sheet
from services.exchange.exporting import export_sheets
from services.exchange.importing import DocumentCount, ImportReport, MasterCount, import_sources
from services.exchange.previewing import Preview, SheetPreview, preview, write_error_file
from services.exchange.reader.sources import TEXT_ENDINGS, WORKBOOK_ENDINGS
from services.exchange.sheets import IMPORTED_SHEETS, SHEETS, find_sheet
from services.exchange.template import write_template
from services.exchange.totals import ControlTotal, control_totals
from services.exchange.writer import written

__all__ = [
    "IMPORTED_SHEETS", "TEXT_ENDINGS", "WORKBOOK_ENDINGS", "ControlTotal", "DocumentCount", "ImportReport", "MasterCount", "Preview",
    "SheetPreview", "control_totals", "export_sheets", "exported_sheets", "find_sheet", "import_sources", "preview",
    "write_error_file", "write_template", "written",
]  # fmt: skip


def exported_sheets() -> list[Sheet]:
    """The sheets that this version can hand out, in the order of the contract."""
    return list(SHEETS)
