"""What is drawn on a page, measured in points from the top left corner of the printable area."""

from __future__ import annotations

from dataclasses import dataclass, field

QUIET_SQUARES = 4
"""free squares around a QR code"""


@dataclass(frozen=True, slots=True)
class Text:
    """A line of text; y is its base line, x its left end, right end or middle by align (left, right, center)."""

    x: float
    y: float
    text: str
    size: float
    bold: bool = False
    align: str = "left"


@dataclass(frozen=True, slots=True)
class Line:
    """A thin straight line."""

    x1: float
    y1: float
    x2: float
    y2: float


@dataclass(frozen=True, slots=True)
class Box:
    """An empty frame; x, y is its upper left corner."""

    x: float
    y: float
    width: float
    height: float


@dataclass(frozen=True, slots=True)
class Bars:
    """Code 128 of value, bars of the given height, narrowest bar bar wide; x, y is its upper left corner."""

    x: float
    y: float
    value: str
    bar: float
    height: float


@dataclass(frozen=True, slots=True)
class Picture:
    """A PNG or JPEG, drawn in the given size; x, y is its upper left corner."""

    x: float
    y: float
    width: float
    height: float
    content: bytes


@dataclass(frozen=True, slots=True)
class Squares:
    """A QR code of value, side points wide and high with its quiet zone; x, y is its upper left corner."""

    x: float
    y: float
    value: str
    side: float

    def modules(self) -> tuple[tuple[bool, ...], ...]:
        """The code row by row, True for dark, without its quiet zone; up to 15 % of it may be lost."""
        from reportlab.graphics.barcode.qrencoder import QR8bitByte, QRCode, QRErrorCorrectLevel

        code = QRCode(None, QRErrorCorrectLevel.M)
        code.addData(QR8bitByte(self.value))
        code.make()
        return tuple(tuple(bool(cell) for cell in row) for row in code.modules)


Mark = Text | Line | Box | Bars | Picture | Squares


@dataclass(frozen=True, slots=True)
class Block:
    """Marks that stay together, relative to the block's own upper left corner."""

    height: float
    marks: tuple[Mark, ...]


@dataclass(slots=True)
class Page:
    """Blocks with their distance from the top of the printable area."""

    blocks: list[tuple[float, Block]] = field(default_factory=list)
    bottom: float = 0

    def add(self, block: Block) -> None:
        """Puts the block under the last one."""
        self.blocks.append((self.bottom, block))
        self.bottom += block.height

    def put(self, top: float, block: Block) -> None:
        """Puts the block at a fixed height, without moving what follows."""
        self.blocks.append((top, block))
