"""Titles of the wizard's small tables, over their columns as in every list."""

from __future__ import annotations

from collections.abc import Container, Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QTableWidget

from ui.framework.texts import tr


def title_columns(table: QTableWidget, titles: Sequence[str], figures: Container[int] = ()) -> None:
    """Chinese titles, in the window's language; those of the columns in figures stand at the right, as the figures do."""
    table.setHorizontalHeaderLabels([tr(title) for title in titles])
    table.horizontalHeader().setHighlightSections(False)
    for column in range(len(titles)):
        side = Qt.AlignmentFlag.AlignRight if column in figures else Qt.AlignmentFlag.AlignLeft
        title = table.horizontalHeaderItem(column)
        if title is not None:
            title.setTextAlignment(side | Qt.AlignmentFlag.AlignVCenter)
