"""Co- and by-products of a version, in words."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Final

from models.kernel.numbers import plain
from services.engineering.api import OutputRow
from ui.framework.texts import listed, tr

MAIN: Final = "main"


def made_text(outputs: Sequence[OutputRow]) -> str:
    """Co- and by-products in words: 另产 铝屑 0.1kg、边角 1/20kg."""
    parts = [
        f"{output.name or output.code} {plain(output.numerator)}"
        + (f"/{plain(output.denominator)}" if output.denominator != 1 else "")
        + output.unit
        for output in outputs
        if output.kind != MAIN
    ]
    return tr("另产 {list}", list=listed(parts)) if parts else ""


def made_mark(outputs: Sequence[OutputRow]) -> str:
    """The same in a few letters, for a narrow column: +联产1 +副产2."""
    count = Counter(output.kind for output in outputs)
    words = {"co": tr("联产"), "by": tr("副产")}
    return " ".join(f"+{word}{count[kind]}" for kind, word in words.items() if count[kind])
