"""Hands sheets out of the book: master data, documents and results."""

from services.exchange.exporting.exporter import export_sheets

__all__ = ["export_sheets"]
