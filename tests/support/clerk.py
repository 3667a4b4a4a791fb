"""A clerk in a process of his own: `python -m tests.support.clerk URL ITEM COUNT` saves that many forecasts, one a transaction."""

from __future__ import annotations

import datetime as dt
import sys
from decimal import Decimal

import app.wiring
from services.documents import api
from services.documents.records import DocDraft, LineDraft
from services.platform import books

DAY = dt.date(2026, 3, 5)


def main(url: str, item: int, count: int) -> None:
    """Saves the forecasts."""
    assert app.wiring.AREAS
    db = books.open_book(url)
    for _ in range(count):
        line = LineDraft(item, Decimal(1), due_date=DAY)
        api.save_document(db, "文员", DocDraft("forecast", DAY, [line]))
    db.close()


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]))
