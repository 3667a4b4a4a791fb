"""The whole catalogue of the demonstration factory."""

from __future__ import annotations

import datetime as dt

from app.demo import boards, lamps_home, lamps_trade, parts_electronic, parts_mechanical, parts_packing, parts_worked
from app.demo.catalogue import Catalogue


def catalogue() -> Catalogue:
    """Items, bills and substitutes, priced."""
    book = Catalogue()
    for area in (parts_electronic, parts_mechanical, parts_packing, parts_worked, boards, lamps_home, lamps_trade):
        area.add(book)
    _add_substitutes(book)
    book.price_everything()
    return book


def _add_substitutes(book: Catalogue) -> None:
    """Colour temperatures that customers accept for each other, screws of the next length, a second colour of box."""
    book.substitute("LD2835-40-05", "LD2835-30-05", priority=2)
    book.substitute("LD2835-40-02", "LD2835-50-02", priority=1)
    book.substitute("LD2835-40-02", "LD2835-65-02", priority=2)
    book.substitute("LD3030-57-10", "LD3030-40-10", priority=1)
    book.substitute("LDCOB-12-30", "LDCOB-12-40", priority=1, parent="LE201")
    book.substitute("HW103", "HW104", priority=1)
    book.substitute("HW104", "HW103", priority=1)
    book.substitute("WR201", "WR202", priority=1, valid_from=dt.date(2026, 1, 1), valid_to=dt.date(2026, 12, 31))
    book.substitute("EC102", "EC101", priority=1, ratio=2)
    book.substitute("PL104", "PL105", priority=2, ratio="1.05")
    book.substitute("PK405", "PK601", priority=1)
