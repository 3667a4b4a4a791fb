"""Paper sizes, margins and printer offsets, in millimetres to one decimal."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Protocol

from models.kernel.problems import refuse

POINTS_PER_MM = 72 / 25.4
_LEAST_USABLE_MM = 60.0
_CONTINUOUS_MM = 241.0
_LENGTHS = (
    "width_mm",
    "height_mm",
    "left_mm",
    "right_mm",
    "top_mm",
    "bottom_mm",
    "offset_x_mm",
    "offset_y_mm",
    "row_mm",
)


class Sheet(Protocol):
    """What a page is drawn on: its size, where its printable area begins, how far it is moved; lengths in mm."""

    @property
    def width_mm(self) -> float: ...
    @property
    def height_mm(self) -> float: ...
    @property
    def left_mm(self) -> float: ...
    @property
    def top_mm(self) -> float: ...
    @property
    def offset_x_mm(self) -> float: ...
    @property
    def offset_y_mm(self) -> float: ...
    @property
    def line_pt(self) -> float: ...


@dataclass(frozen=True, slots=True)
class PaperProfile:
    """One printer with one paper: all lengths in mm, kept to 0.1 mm.

    offset_x_mm moves the print to the right, offset_y_mm down, to correct a printer that feeds askew.
    rows_per_page fixes the rows of a page; missing rows are printed blank if fills. None: as many as fit, no blank rows.
    bar_mm: width of the narrowest bar of the bar code. line_pt: thickness of table lines.
    """

    key: str
    title: str
    width_mm: float
    height_mm: float
    left_mm: float = 10
    right_mm: float = 10
    top_mm: float = 8
    bottom_mm: float = 8
    offset_x_mm: float = 0
    offset_y_mm: float = 0
    rows_per_page: int | None = None
    row_mm: float = 6
    text_pt: float = 9
    bar_mm: float = 0.25
    line_pt: float = 0.4
    fills: bool = True

    def __post_init__(self) -> None:
        for name in _LENGTHS:
            object.__setattr__(self, name, round(getattr(self, name), 1))
        wide, high = self.usable_width_mm, self.usable_height_mm
        if min(wide, high) < _LEAST_USABLE_MM:
            raise refuse(
                "printing.no_room",
                paper=self.title,
                width=f"{wide:g}",
                height=f"{high:g}",
                least=f"{_LEAST_USABLE_MM:g}",
            )
        if self.rows_per_page is not None and self.rows_per_page < 1:
            raise refuse("printing.no_rows", paper=self.title, rows=self.rows_per_page)

    @property
    def multi_part(self) -> bool:
        """Whether it is the continuous paper of needle printers, where one print makes several copies."""
        return self.width_mm == _CONTINUOUS_MM

    @property
    def usable_width_mm(self) -> float:
        """Width between the margins."""
        return round(self.width_mm - self.left_mm - self.right_mm, 1)

    @property
    def usable_height_mm(self) -> float:
        """Height between the margins."""
        return round(self.height_mm - self.top_mm - self.bottom_mm, 1)

    def moved(self, *, right_mm: float = 0, down_mm: float = 0) -> PaperProfile:
        """The same paper with the print moved by so many mm more."""
        return replace(self, offset_x_mm=self.offset_x_mm + right_mm, offset_y_mm=self.offset_y_mm + down_mm)


A4 = PaperProfile("a4", "A4 纵向", 210, 297)
A4_LANDSCAPE = PaperProfile("a4_landscape", "A4 横向", 297, 210)
A5 = PaperProfile("a5", "A5 纵向", 148, 210, left_mm=8, right_mm=8, row_mm=5.5, text_pt=8.5)
A5_LANDSCAPE = PaperProfile("a5_landscape", "A5 横向", 210, 148, row_mm=5.5, top_mm=6, bottom_mm=6)
CONTINUOUS_HALF = PaperProfile(
    "241x140",
    "241×140 二等分",
    241,
    140,
    left_mm=13,
    right_mm=13,
    top_mm=5,
    bottom_mm=5,
    row_mm=5.5,
    bar_mm=0.33,
    line_pt=0.5,
)
CONTINUOUS_THIRD = PaperProfile(
    "241x93",
    "241×93 三等分",
    241,
    93,
    left_mm=13,
    right_mm=13,
    top_mm=4,
    bottom_mm=4,
    row_mm=5.2,
    bar_mm=0.33,
    line_pt=0.5,
)

PAPERS = {paper.key: paper for paper in (A4, A4_LANDSCAPE, A5, A5_LANDSCAPE, CONTINUOUS_HALF, CONTINUOUS_THIRD)}
