"""A page as a bar code gun reads it: every code on its picture, by a decoder that is not ours."""

from __future__ import annotations

import numpy as np
import zxingcpp

from services.printing.preview import PdfPages


def scanned(pdf: bytes, *, page: int = 1, dpi: float = 300) -> dict[str, list[str]]:
    """Texts of the codes on a page by kind ("Code128", "QRCode"), from the top down; checked as ISO 15417 and 18004 want it."""
    grey = PdfPages(pdf).grey(page, dpi=dpi)
    picture = np.frombuffer(grey.data, dtype=np.uint8).reshape(grey.height, grey.stride)[:, : grey.width]
    found = zxingcpp.read_barcodes(np.ascontiguousarray(picture))
    made: dict[str, list[str]] = {}
    for code in sorted(found, key=lambda code: (code.position.top_left.y, code.position.top_left.x)):
        made.setdefault(code.format.name, []).append(code.text)
    return made
