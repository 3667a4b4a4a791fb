"""What must hold of a template before it is kept: known fields and columns that fit its paper, a logo that can be printed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from io import BytesIO

from models.kernel.problems import Place, Problem, Refused
from services.printing.paper import PaperProfile
from services.printing.templates.applying import profile_of
from services.printing.templates.model import Offered, ShownColumn, Template

MOST_LOGO_BYTES = 512 * 1024
MOST_LOGO_PIXELS = 3000
MOST_LOGO_MM = 40
_LETTERS_PT = (6.5, 16)
_ROW_MM = (4, 30)
_HEAD_MM = 22
_NAME_LENGTH = 40
_SLACK_MM = 0.05


def check(template: Template, offer: Offered) -> list[Problem]:
    """Every fault of a template for its document type."""
    problems = [*_named(template), *_bounds(template), *check_logo(template.logo)]
    problems += _unknown(offer.title, "form.unknown_field", (f.key for f in template.head), [f.key for f in offer.head])
    paper: PaperProfile | None = None
    try:
        paper = profile_of(template)
    except Refused as refused:
        problems += refused.problems
    for name, columns in template.columns.items():
        problems += _columns(offer, name, columns, paper)
    if paper is not None:
        problems += _heights(template, paper)
    return problems


def check_logo(content: bytes) -> list[Problem]:
    """Whether a picture can be printed: PNG or JPEG, not too many bytes or pixels; an empty one is none."""
    from PIL import Image

    if not content:
        return []
    place = Place(field="logo")
    if len(content) > MOST_LOGO_BYTES:
        sizes = {"kilobytes": len(content) // 1024, "most": MOST_LOGO_BYTES // 1024}
        return [Problem("form.logo_bytes", sizes, place)]
    try:
        with Image.open(BytesIO(content), formats=("PNG", "JPEG")) as picture:
            wide, high = picture.size
            if max(wide, high) <= MOST_LOGO_PIXELS:
                picture.load()
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError):
        return [Problem("form.logo_kind", {}, place)]
    if max(wide, high) > MOST_LOGO_PIXELS:
        return [Problem("form.logo_pixels", {"width": wide, "height": high, "most": MOST_LOGO_PIXELS}, place)]
    return []


def _named(template: Template) -> list[Problem]:
    problems = []
    if not template.name.strip() or len(template.name) > _NAME_LENGTH or "/" in template.name:
        problems.append(Problem("form.name", {"name": template.name, "most": _NAME_LENGTH}, Place(field="name")))
    if not template.title.strip():
        problems.append(Problem("form.title", {}, Place(field="title")))
    return problems


def _bounds(template: Template) -> list[Problem]:
    ranges: Mapping[str, tuple[float, float]] = {
        "text_pt": _LETTERS_PT, "row_mm": _ROW_MM, "logo_mm": (0, MOST_LOGO_MM),
    }  # fmt: skip
    return [
        Problem(f"form.range_{key}", {"value": f"{getattr(template, key):g}", "least": least, "most": most}, Place(field=key))
        for key, (least, most) in ranges.items()
        if not least <= getattr(template, key) <= most
    ]  # fmt: skip


def _unknown(title: str, code: str, keys: Iterable[str], known: list[str]) -> list[Problem]:
    counted = Counter(keys)
    strange = [key for key in counted if key not in known]
    twice = [key for key, count in counted.items() if count > 1]
    problems = []
    if strange:
        problems.append(Problem(code, {"keys": tuple(strange), "type": title, "known": tuple(known)}))
    if twice:
        problems.append(Problem("form.twice", {"keys": tuple(twice)}))
    return problems


def _columns(offer: Offered, name: str, columns: tuple[ShownColumn, ...], paper: PaperProfile | None) -> list[Problem]:
    table = offer.table(name)
    if table is None:
        names = tuple(one.name for one in offer.tables)
        return [Problem("form.unknown_table", {"name": name, "type": offer.title, "known": names})]
    known = [column.key for column in table.columns]
    problems = _unknown(offer.title, "form.unknown_column", (c.key for c in columns), known)
    shown = [column for column in columns if column.shown and column.key in known]
    title = table.title or offer.title
    if not shown:
        return [*problems, Problem("form.no_columns", {"table": title}, Place(field=name))]
    if paper is not None and not problems:
        needed = table.fixed_mm + sum(column.width_mm or table.needs[column.key] for column in shown)
        if needed > paper.usable_width_mm + _SLACK_MM:
            sizes = {"table": title, "needed": f"{needed:.1f}", "have": f"{paper.usable_width_mm:g}"}
            sizes["over"] = f"{needed - paper.usable_width_mm:.1f}"
            problems.append(Problem("form.too_wide", sizes, Place(field=name)))
    return problems


def _heights(template: Template, paper: PaperProfile) -> list[Problem]:
    rows = template.rows_per_page
    most = int((paper.usable_height_mm - _HEAD_MM) // paper.row_mm)
    if rows is not None and rows > most:
        sizes = {"rows": rows, "most": most, "height": f"{paper.usable_height_mm:g}"}
        return [Problem("form.too_many_rows", sizes, Place(field="rows_per_page"))]
    return []
