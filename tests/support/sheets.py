"""Books filled from sheets written as text, the way a reader of a case sees them."""

from __future__ import annotations

from pathlib import Path
from textwrap import dedent

import app.wiring
from services.exchange.importing import import_sources
from services.platform.db import Database

UNITS = """
code,name,decimals
个,个,0
kg,公斤,2
m,米,4
"""
STORES = """
code,name,kind,nettable
W1,主仓,own,yes
"""
PARTNERS = """
code,name
P1,甲
P2,乙
"""
assert app.wiring.AREAS


def fill(db: Database, folder: Path, **sheets: str) -> None:
    """Imports the given sheets with approval; units, a store and partners P1 and P2 are always there."""
    standing = {"units": UNITS, "warehouses": STORES, "customers": PARTNERS, "suppliers": PARTNERS}
    made = folder / "sheets"
    made.mkdir(exist_ok=True)
    for name, text in (standing | sheets).items():
        (made / f"{name}.csv").write_text(dedent(text).strip() + "\n", encoding="utf-8")
    import_sources(db, "测试", [str(made)], approve=True)
    for file in made.iterdir():
        file.unlink()
