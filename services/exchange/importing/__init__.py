"""Brings sheets into the book: one transaction, all or nothing, every fault told by sheet, row and column."""

from services.exchange.importing.importer import import_sources
from services.exchange.importing.report import DocumentCount, ImportReport, MasterCount

__all__ = ["DocumentCount", "ImportReport", "MasterCount", "import_sources"]
