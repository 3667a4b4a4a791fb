"""测试打印: a page of millimetre rulers that shows how far a printer is off."""

from __future__ import annotations

from services.platform.tongues import CHINESE, Tongue
from services.printing.lettering import printable, wrapped
from services.printing.marks import Block, Box, Line, Mark, Page, Text
from services.printing.paper import POINTS_PER_MM, PaperProfile
from services.printing.pdf import drawn
from services.printing.printed import Printed

_SIZE = 8.0
_INDENT = 44.0
_HINTS = (
    "量外框左边到纸左边、外框上边到纸上边的距离，与下面的边距相差多少毫米，就把多少填进偏移（可填 0.1 毫米）。",
    "刻度每格 1 毫米；量 100 毫米若不是 100，说明打印机缩放了，请在打印机里选“实际大小”。",
)


def ruler_page(profile: PaperProfile, tongue: Tongue = CHINESE) -> Printed:
    """One page with a frame at the margins and rulers along its top and left, with the offset applied."""
    wide, high = profile.usable_width_mm, profile.usable_height_mm
    marks: list[Mark] = [Box(0, 0, wide * POINTS_PER_MM, high * POINTS_PER_MM)]
    marks.extend(_ruler(int(wide), across=True))
    marks.extend(_ruler(int(high), across=False))
    facts = (*_facts(profile, tongue), *map(tongue, _HINTS))
    room = wide * POINTS_PER_MM - 2 * _INDENT
    lines = [line for fact in facts for line in wrapped(printable(fact), room, _SIZE)]
    marks.extend(Text(_INDENT, _INDENT + i * _SIZE * 1.6, line, _SIZE) for i, line in enumerate(lines))
    page = Page()
    page.add(Block(high * POINTS_PER_MM, tuple(marks)))
    return Printed(drawn([page], profile=profile, title=f"{tongue('测试打印')} {tongue(profile.title)}"), 1)


def _facts(profile: PaperProfile, tongue: Tongue) -> tuple[str, ...]:
    size = {"wide": f"{profile.width_mm:g}", "high": f"{profile.height_mm:g}"}
    edges = {
        "left": f"{profile.left_mm:g}",
        "right": f"{profile.right_mm:g}",
        "top": f"{profile.top_mm:g}",
        "bottom": f"{profile.bottom_mm:g}",
    }
    moved = {"right": f"{profile.offset_x_mm:g}", "down": f"{profile.offset_y_mm:g}"}
    return (
        tongue("{paper}　{wide}×{high} 毫米", paper=tongue(profile.title), **size),
        tongue("边距 左 {left} 右 {right} 上 {top} 下 {bottom}", **edges),
        tongue("偏移 右 {right} 下 {down}", **moved),
    )


def _ruler(length: int, *, across: bool) -> list[Mark]:
    marks: list[Mark] = []
    for mm in range(1, length + 1):
        at = mm * POINTS_PER_MM
        stroke = (4.0 if mm % 10 == 0 else 2.5 if mm % 5 == 0 else 1.5) * POINTS_PER_MM
        marks.append(Line(at, 0, at, stroke) if across else Line(0, at, stroke, at))
        if mm % 10 == 0 and mm + 5 <= length:
            spot = (at, stroke + 7) if across else (stroke + 2, at + 2)
            marks.append(Text(*spot, str(mm), 6, align="center" if across else "left"))
    return marks
