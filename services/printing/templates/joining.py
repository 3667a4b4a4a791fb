"""Fields and columns that came into the program after a template was kept: which it does not name, and how they join it."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace

from services.printing.templates.applying import profile_of, small
from services.printing.templates.model import Offered, ShownColumn, Template

HEAD = ""
"""where a field of the header stands; a column stands in the table of its name"""
Place = tuple[str, str]
"""table (or HEAD) and key"""


def unnamed(template: Template, found: Offered) -> list[tuple[Place, str]]:
    """Place and label of what the program prints by itself and the template does not name: it is not printed.

    A template kept in the window names everything there was, ticked or not, so that this is only what came later.
    """
    left_out = found.roomy if small(profile_of(template)) else ()
    heads = {entry.key for entry in template.head}
    made = [((HEAD, entry.key), entry.label) for entry in found.head if entry.shown and entry.key not in heads]
    for table in found.tables:
        named = template.columns.get(table.name)
        keys = {column.key for column in named or ()}
        made += [
            ((table.name, column.key), column.title)
            for column in table.columns
            if named is not None and column.shown and column.key not in keys and column.key not in left_out
        ]
    return made


def joined(template: Template, found: Offered, places: Collection[Place]) -> Template:
    """The template with these printed as the program does: a field in its row, a column behind the one it stands behind there."""
    fresh = [entry for entry in found.head if (HEAD, entry.key) in places]
    head = (*(entry for entry in template.head if (HEAD, entry.key) not in places), *fresh)
    columns = dict(template.columns)
    for table in found.tables:
        here = [column for column in template.columns.get(table.name, ()) if (table.name, column.key) not in places]
        for column in table.columns:
            if (table.name, column.key) in places:
                here.insert(_behind(here, table.columns, column), replace(column, width_mm=0, shown=True))
        if table.name in columns:
            columns[table.name] = tuple(here)
    return replace(template, head=head, columns=columns)


def _behind(here: Sequence[ShownColumn], order: Sequence[ShownColumn], column: ShownColumn) -> int:
    """Behind the nearest column that stands before it in the program's order; at the end where none does."""
    keys = [one.key for one in order]
    before = keys[: keys.index(column.key)]
    for key in reversed(before):
        place = next((i for i, one in enumerate(here) if one.key == key), None)
        if place is not None:
            return place + 1
    return len(here)
