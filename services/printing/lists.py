"""A list of the window on paper: its columns in their order, its rows, totals, and by what it is filtered."""

from __future__ import annotations

from dataclasses import dataclass

from models.kernel.problems import refuse
from services.platform.tongues import SOURCE, Tongue
from services.printing.forms import Align, Column, Field, Form, Table
from services.printing.paper import A4, A4_LANDSCAPE, POINTS_PER_MM, PaperProfile

MOST_ROWS = 5000
_TEXT_PT = 8.5
_ROW_MM = 5.5
_FIELDS_A_ROW = 3


@dataclass(frozen=True, slots=True)
class ListColumn:
    """A column: numbers stand at the right, codes, numbers and dates are never broken."""

    title: str
    align: Align = "left"
    whole: bool = False


@dataclass(frozen=True, slots=True)
class ListOnPaper:
    """What is printed of a list.

    rows, totals: texts as the window shows them, a cell a column; conditions: name and value of what it is filtered and sorted by;
    printed: who printed it and when.
    """

    company: str
    title: str
    columns: tuple[ListColumn, ...]
    rows: tuple[tuple[str, ...], ...]
    totals: tuple[str, ...] = ()
    conditions: tuple[tuple[str, str], ...] = ()
    printed: str = ""
    language: str = SOURCE


def list_form(listed: ListOnPaper) -> Form:
    """The list as a form. Refused without columns and with too many rows for paper."""
    if not listed.columns:
        raise refuse("print.list_empty", title=listed.title)
    if len(listed.rows) > MOST_ROWS:
        raise refuse("print.list_long", title=listed.title, rows=len(listed.rows), most=MOST_ROWS)
    fields = [Field(name, value) for name, value in listed.conditions]
    columns = tuple(Column(one.title, align=one.align, whole=one.whole) for one in listed.columns)
    return Form(
        company=listed.company,
        title=listed.title,
        number="",
        fields=tuple(tuple(fields[i : i + _FIELDS_A_ROW]) for i in range(0, len(fields), _FIELDS_A_ROW)),
        tables=(Table(columns, listed.rows, totals=_totals(listed)),),
        copies="",
        printed=listed.printed,
        barcode=False,
        language=listed.language,
    )


def _totals(listed: ListOnPaper) -> tuple[str, ...]:
    if not any(listed.totals):
        return ()
    first, *rest = listed.totals
    return (first or Tongue(listed.language)("合计"), *rest)


def list_paper(form: Form) -> PaperProfile:
    """A4, across when the columns want more than its width."""
    from dataclasses import replace

    from services.printing.columns import needs

    wanted = sum(max(need.least, need.natural) for need in needs(form.tables[0], _TEXT_PT))
    paper = A4 if wanted <= A4.usable_width_mm * POINTS_PER_MM else A4_LANDSCAPE
    return replace(paper, text_pt=_TEXT_PT, row_mm=_ROW_MM)
