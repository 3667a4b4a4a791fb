"""`python -m app.pictures`: makes a demonstration factory, plans it, and writes a picture of every page to docs/pictures."""

from __future__ import annotations

import os
import sys
import tempfile
from pathlib import Path

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
        db.close()
        return screenshots.main([str(FOLDER), "--database", str(file)])


if __name__ == "__main__":
    sys.exit(main())
