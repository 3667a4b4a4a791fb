"""What a print job yields: the PDF, and pages as pictures."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Printed:
    """A finished PDF, its number of pages, and the characters that had to be printed as 〓.

    lacking: which of them stand in which document, by its number.
    """

    pdf: bytes
    pages: int
    missing: tuple[str, ...] = ()
    lacking: tuple[tuple[str, tuple[str, ...]], ...] = ()


@dataclass(frozen=True, slots=True)
class GreyPage:
    """A page as 8-bit grey, row after row, stride bytes a row; 255 is paper."""

    width: int
    height: int
    stride: int
    data: bytes
