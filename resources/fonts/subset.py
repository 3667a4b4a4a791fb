"""Makes the bundled fonts: Noto Sans SC cut down to GB2312, the 8105 general characters, Latin and common signs.

    python subset.py NotoSansSC_400Regular.ttf NotoSansSC-Regular-subset.ttf

Needs fontTools; the same input gives the same bytes.
"""
# ruff: noqa: INP001  (a recipe beside what it makes, not a package)

from __future__ import annotations

import sys
from pathlib import Path

from fontTools import subset
from fontTools.ttLib import TTFont

CHARACTERS = Path(__file__).with_name("tgh8105.txt")
DROPPED = ["GSUB", "GPOS", "GDEF", "BASE", "vhea", "vmtx", "VORG", "DSIG", "STAT", "meta"]
SIGNS = (
    (0x0020, 0x007F),  # ASCII
    (0x00A0, 0x0180),  # Latin with accents
    (0x2000, 0x2070),  # punctuation
    (0x20A0, 0x20C0),  # currencies
    (0x2100, 0x2400),  # letter-like signs, arrows, mathematics, technical
    (0x2460, 0x2700),  # enclosed numbers, box drawing, shapes, symbols
    (0x3000, 0x3040),  # Chinese punctuation
    (0xFF00, 0xFFF0),  # full width
)


def gb2312() -> set[int]:
    """Code points of GB2312."""
    found = set()
    for high in range(0xA1, 0xF8):
        for low in range(0xA1, 0xFF):
            try:
                found.add(ord(bytes([high, low]).decode("gb2312")))
            except UnicodeDecodeError:
                continue
    return found


def make(source: Path, target: Path) -> None:
    """Writes the subset of source to target."""
    wanted = gb2312() | {ord(char) for char in CHARACTERS.read_text(encoding="utf-8")}
    for first, end in SIGNS:
        wanted |= set(range(first, end))
    font = TTFont(source, recalcTimestamp=False)
    options = subset.Options()
    options.set(
        hinting=False,
        layout_features=[],
        drop_tables=[*options.drop_tables, *DROPPED],
        glyph_names=False,
        legacy_cmap=False,
        symbol_cmap=False,
        name_IDs=["*"],
        name_languages=["*"],
        notdef_outline=True,
        recalc_bounds=True,
        desubroutinize=True,
        canonical_order=True,
    )
    subsetter = subset.Subsetter(options)
    subsetter.populate(unicodes=wanted)
    subsetter.subset(font)
    font.save(target)


if __name__ == "__main__":
    make(Path(sys.argv[1]), Path(sys.argv[2]))
