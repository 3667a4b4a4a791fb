"""A grid's layout (order, widths, hidden and frozen columns, sorting, filters, colours) as JSON that survives a restart and any damage."""

from __future__ import annotations

import json
from datetime import date
from decimal import Decimal
from typing import Any, Protocol

from ui.framework.grid.columns import Column
from ui.framework.grid.index import ColumnFilter, SortKey
from ui.framework.grid.rules import rule_of, stored
from ui.framework.grid.spreading import MIN_WIDTH, scaled_width
from ui.framework.grid.table import MARK
from ui.framework.grid.view import GridView

VERSION = 1
MAX_WIDTH = 900


class SettingsStore(Protocol):
    """Where the window keeps what a user arranged; names are like "grid/sales_order/list"."""

    def load(self, name: str) -> str | None:
        """The text saved under a name, or None."""

    def save(self, name: str, text: str) -> None:
        """Keeps a text under a name; "" forgets it."""


class MemorySettings:
    """A store that forgets at exit (tests, screenshots)."""

    def __init__(self) -> None:
        self.texts: dict[str, str] = {}

    def load(self, name: str) -> str | None:
        """The text saved under a name, or None."""
        return self.texts.get(name)

    def save(self, name: str, text: str) -> None:
        """Keeps a text under a name."""
        self.texts[name] = text


def layout_of(view: GridView) -> str:
    """The layout of a grid as JSON; of one whose widths nobody chose, the declared ones, which spread again in any window."""
    header, model = view.header, view.grid_model
    order = [header.logicalIndex(place) for place in range(header.count())]
    columns = [
        {"key": model.columns[s].key, "width": _width(view, s), "hidden": header.isSectionHidden(s)}
        for s in order
        if model.columns[s] is not MARK
    ]
    sort = [[model.columns[key.column].key, key.descending] for key in model.sort_keys]
    filters = {key: _kept(model.columns[model.section(key)], found) for key, found in model.filters.items()}
    layout = {
        "version": VERSION,
        "columns": columns,
        "spread": view.spreading.active,
        "sort": sort,
        "filters": filters,
        "frozen": view.frozen.key,
        "rules": [stored(rule) for rule in model.rules],
    }
    return json.dumps(layout, ensure_ascii=False)


def apply_layout(view: GridView, text: str | None) -> bool:
    """Arranges a grid as saved; a damaged or foreign text changes nothing and gives False. Unknown columns are passed over.

    A column that is not seen, left out for want of a right or hidden, neither filters nor sorts: both would tell its figures.
    """
    try:
        layout = json.loads(text or "")
        columns = [_entry(entry) for entry in layout["columns"]]
        sort = [(str(key), bool(descending)) for key, descending in layout.get("sort", [])]
        model, header = view.grid_model, view.header
        known = {column.key: section for section, column in enumerate(model.columns) if column is not MARK}
        declared = {column.key: column for column in model.columns}
        filters = {
            str(key): _filter(declared.get(key), found) for key, found in dict(layout.get("filters", {})).items()
        }
        frozen = str(layout.get("frozen", ""))
        spread = layout.get("spread") is True
        rules = [rule_of(entry) for entry in layout.get("rules", [])]
    except (ValueError, TypeError, KeyError, AttributeError, ArithmeticError, RecursionError):
        return False
    if not header.sorting:
        # Lines stand in the order of their document; a layout of elsewhere neither filters nor sorts them.
        filters, sort = {}, []
    place = 1 if model.markable else 0
    for key, width, hidden in columns:
        if key in known:
            header.moveSection(header.visualIndex(known[key]), place)
            header.resizeSection(known[key], width)
            header.setSectionHidden(known[key], hidden)
            place += 1
    view.spreading.active = spread
    if all(header.isSectionHidden(section) for section in known.values()):
        reset_layout(view)
    seen = {key: section for key, section in known.items() if not header.isSectionHidden(section)}
    for key, condition in filters.items():
        if key in seen:
            model.set_filter(key, condition)
    if sort:
        model.set_sort([SortKey(seen[key], descending=descending) for key, descending in sort if key in seen])
    model.set_rules([rule for rule in rules if rule.column in known])
    view.spreading.arrange()
    view.frozen.freeze(frozen)
    return True


def reset_layout(view: GridView) -> None:
    """Declared order and widths, no filter, no sorting, no colour rules."""
    model, header = view.grid_model, view.header
    for section, column in enumerate(model.columns):
        header.moveSection(header.visualIndex(section), section)
        header.setSectionHidden(section, column.hidden)
        header.resizeSection(section, scaled_width(view, column.pixels))
    view.frozen.freeze("")
    view.spreading.active = True
    view.spreading.arrange()
    model.clear_filters()
    model.set_sort([])
    model.set_rules([])


def _width(view: GridView, section: int) -> int:
    header = view.header
    if not header.isSectionHidden(section) and not view.spreading.active:
        return header.sectionSize(section)
    return scaled_width(view, view.grid_model.columns[section].pixels)


def _entry(entry: Any) -> tuple[str, int, bool]:
    return str(entry["key"]), min(max(int(entry["width"]), MIN_WIDTH), MAX_WIDTH), bool(entry["hidden"])


def _kept(column: Column, found: ColumnFilter) -> dict[str, Any]:
    """A filter as plain JSON; a range as it would be typed, so that a layout can be read by eye."""
    kept = {"texts": sorted(found.texts) if found.texts is not None else None, "contains": found.contains}
    for name, bound in (("low", found.low), ("high", found.high)):
        if bound is not None:
            kept[name] = column.edit_text(bound)
    return kept


def _filter(column: Column | None, found: Any) -> ColumnFilter:
    """A filter as it was kept; one of before has no range. None: of a column that is not here, to be passed over."""
    texts = found["texts"]
    return ColumnFilter(
        texts=frozenset(str(t) for t in texts) if texts is not None else None,
        contains=str(found["contains"]),
        low=_bound(column, found.get("low")),
        high=_bound(column, found.get("high")),
    )


def _bound(column: Column | None, text: Any) -> Any:
    if text is None or column is None:
        return None
    if column.numeric:
        return Decimal(str(text))
    return date.fromisoformat(str(text))
