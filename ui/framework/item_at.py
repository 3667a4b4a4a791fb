"""Which item stands under the cursor of a grid: in the cell itself, else in its row."""

from __future__ import annotations

from typing import Any, Final

from PySide6.QtWidgets import QWidget

from ui.framework.grid.columns import Column
from ui.framework.grid.view import GridView

TITLES: Final = frozenset({"物料", "物料编码", "材料", "产品", "上级产品", "替代料"})
"""what a column of item codes is headed where it is no look-up"""


def item_at(widget: QWidget | None) -> str:
    """Code of the item at the cursor of the grid that holds a widget; empty where there is none."""
    while widget is not None and not isinstance(widget, GridView):
        widget = widget.parentWidget()
    if widget is None or not widget.currentIndex().isValid():
        return ""
    index, model = widget.currentIndex(), widget.grid_model
    if names_item(model.columns[index.column()]):
        found = _text(model.value(index.row(), index.column()))
        if found:
            return found
    rows = (model.value(index.row(), section) for section, column in enumerate(model.columns) if names_item(column))
    return next((code for value in rows if (code := _text(value))), "")


def names_item(column: Column) -> bool:
    """Whether the cells of a column are codes of items."""
    return column.lookup == "items" or (column.kind == "code" and column.title in TITLES)


def _text(value: Any) -> str:
    return value.strip() if isinstance(value, str) else ""
