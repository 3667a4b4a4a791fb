"""`python -m app.pictures`: makes a demonstration factory, plans it, and writes a picture of every page to docs/pictures."""

from __future__ import annotations

import os
import sys
import tempfile
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from services.platform.db import Database

FOLDER = Path(__file__).resolve().parents[1] / "docs" / "pictures"


def main() -> int:
    """Names every file written; 0 when all were taken."""
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    from app import screenshots
    from app.demo import TODAY, fill
    from services.planning.api import run_mrp
    from services.platform import books

    with tempfile.TemporaryDirectory(prefix="gongfang-", ignore_cleanup_errors=True) as folder:
        file = Path(folder) / "示范灯具厂.db"
        db = books.create(file)
        fill(db)
        run_mrp(db, "demo", start=TODAY)
        _number_pick_lists(db)
        db.close()
        return screenshots.main([str(FOLDER), "--database", str(file)])


def _number_pick_lists(db: Database) -> None:
    """Two merged pick lists; the first order of the older one was drawn as far as the store reached."""
    from app.demo import TODAY
    from services.documents import api as documents
    from services.production import api as production
    from services.reporting import api as reporting

    rows = documents.list_documents(db, "production_order", statuses=("C",), closings=("C",)).rows
    orders = production.pick_orders(db, [row.ref.id for row in rows])
    ids = list(dict.fromkeys(order.ref.id for order in orders if any(part.left > 0 for part in order.materials)))
    for some, day in ((ids[:2], TODAY - timedelta(days=1)), (ids[2:6], TODAY)):
        listed, _ = reporting.pick_list(db, "demo", some, day=day)
        reporting.count_pick_list(db, "demo", listed)
    lines = production.propose_picks(production.pick_orders(db, ids[:1]), mode="stock")
    made, _ = production.create_picks(db, "demo", lines, day=TODAY)
    documents.approve(db, "demo", [ref.id for ref in made])


if __name__ == "__main__":
    sys.exit(main())
