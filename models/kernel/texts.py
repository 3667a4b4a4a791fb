"""How long a text may be, declared once for windows, services and import."""

from __future__ import annotations

from typing import Final

CODE_LENGTH: Final = 64
"""characters of what is a code or a number of something"""
TEXT_LENGTH: Final = 500
"""characters of every other text: a name, an address, a note"""
CODES: Final = frozenset(
    {
        "barcode", "bom_version", "code", "component", "cost_item", "customer", "item", "key", "lot", "number", "order",
        "parent", "partner", "sales_order", "substitute", "supplier", "unit", "version", "version_code", "warehouse", "workshop",
    }
)  # fmt: skip
_BEGINNING: Final = 12


def longest(key: str) -> int:
    """Characters that a text of that key may have, the key of a sheet's column, of a field of a window or of a table's column."""
    return CODE_LENGTH if key in CODES or key.endswith("_code") else TEXT_LENGTH


def excess(key: str, text: str) -> dict[str, object]:
    """What the refusal of a text that is too long says: its beginning, how long it is and may be; nothing for one that fits."""
    limit = longest(key)
    return {} if len(text) <= limit else {"text": text[:_BEGINNING], "length": len(text), "limit": limit}
