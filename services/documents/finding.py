"""Documents by a part of their number, as one says it: "scrw 12", "0310 0012", or the whole number."""

from __future__ import annotations

import re
from typing import Final

from sqlalchemy import Connection, select

from models.documents.tables import doc
from models.kernel.refs import DocRef
from services.documents.types import DocType, registry
from services.platform.access.holding import reading

PARTS: Final = re.compile(r"[A-Za-z]+|\d+")
FEWEST_DIGITS: Final = 2
"""fewer say nothing about a number"""


def find_numbers(conn: Connection, text: str, limit: int) -> list[DocRef]:
    """The newest documents whose type's prefix begins with the letters and whose number holds the digits, the last ones at its end.

    Only types the reader may see; nothing for a text without digits, or with anything but letters, digits and dashes.
    """
    parts = PARTS.findall(text)
    digits = [part for part in parts if part.isdigit()]
    letters = "".join(part.upper() for part in parts if not part.isdigit())
    if re.sub(r"[A-Za-z0-9\s-]", "", text) or not digits or sum(map(len, digits)) < FEWEST_DIGITS:
        return []
    reader = reading(conn)
    types = [kind.code for kind in registry if _begins(kind, letters) and reader.allows(f"{kind.code}.read")]
    patterns = [f"%{part}%" for part in digits[:-1]] + [f"%{digits[-1]}"]
    found: list[DocRef] = []
    for code in types:
        # One type after the other: its index of numbers is read from the newest on and left as soon as there are enough.
        query = select(doc.c.id, doc.c.number).where(
            doc.c.type == code, *(doc.c.number.like(like) for like in patterns)
        )
        rows = conn.execute(query.order_by(doc.c.number.desc()).limit(limit))
        found += [DocRef(code, row.id, row.number) for row in rows]
    found.sort(key=lambda ref: ref.number.partition("-")[2], reverse=True)
    return found[:limit]


def _begins(kind: DocType, letters: str) -> bool:
    return any(prefix.startswith(letters) for prefix in (kind.prefix, *kind.prefixes.values()))
