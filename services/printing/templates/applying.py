"""A template put on a form, its paper, and the stock templates of a document type."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from services.printing.forms import Column, Field, Form, Signature, Table
from services.printing.paper import A4, A4_LANDSCAPE, A5_LANDSCAPE, CONTINUOUS_HALF, PAPERS, POINTS_PER_MM, PaperProfile
from services.printing.templates.model import Offered, OfferedTable, Paper, ShownColumn, ShownField, Template

STOCK: Mapping[str, PaperProfile] = {"A4": A4, "A5": A5_LANDSCAPE, "241×140": CONTINUOUS_HALF}
"""the templates that every document type has, by name"""
_LASER_MM = 10
_NEEDLE_BAR_MM = 0.33
_ROOMY_MM = 200


def offered(kind: str, form: Form, *, words: bool = False, across: bool = False, roomy: Sequence[str] = ()) -> Offered:
    """What a type can print, read off one of its forms without values (spare fields and columns among it).

    words, across, roomy: see Offered.
    """
    head = tuple(
        ShownField(entry.key, entry.label, row, entry.weight, not entry.spare)
        for row, entries in enumerate(form.fields, start=1)
        for entry in entries
        if entry.key
    )
    return Offered(
        kind,
        form.title,
        head,
        tuple(_offered_table(table) for table in form.tables),
        tuple(sign.label for sign in form.signatures),
        form.copies,
        form.terms,
        words,
        across,
        tuple(roomy),
    )


def _offered_table(table: Table) -> OfferedTable:
    from services.printing.columns import least_widths

    least = [width / POINTS_PER_MM for width in least_widths(table)]
    columns = tuple(
        ShownColumn(column.key, column.title, 0, not column.spare) for column in table.columns if column.key
    )
    needs = {column.key: round(wide, 1) for column, wide in zip(table.columns, least, strict=True) if column.key}
    fixed = sum(wide for column, wide in zip(table.columns, least, strict=True) if not column.key)
    return OfferedTable(table.name, table.title, columns, needs, round(fixed, 1))


def stock(found: Offered) -> tuple[Template, ...]:
    """The templates that come with the program: everything that the type declares, on A4, A5 and 241×140."""
    return tuple(
        on_paper(found, name, A4_LANDSCAPE if paper is A4 and found.across else paper) for name, paper in STOCK.items()
    )


def on_paper(found: Offered, name: str, paper: PaperProfile) -> Template:
    """Everything that a type declares on a paper: small paper is spared the roomy columns, copies are named on multi-part paper only."""
    left_out = found.roomy if small(paper) else ()
    return Template(
        found.type,
        name,
        found.title,
        Paper(paper.width_mm, paper.height_mm, paper.left_mm, paper.right_mm, paper.top_mm, paper.bottom_mm),
        found.head,
        {
            table.name: tuple(
                replace(column, shown=column.shown and column.key not in left_out) for column in table.columns
            )
            for table in found.tables
        },
        row_mm=paper.row_mm,
        text_pt=paper.text_pt,
        signatures=found.signatures,
        copies=found.copies if paper.multi_part else "",
        terms=found.terms,
    )


def small(paper: PaperProfile) -> bool:
    """Whether roomy columns are left out on a paper."""
    return paper.usable_width_mm < _ROOMY_MM


def profile_of(template: Template, *, rows: int | None = None) -> PaperProfile:
    """The paper of a template; rows: the book's rows a page where the template says nothing."""
    paper = template.paper
    known = next((p for p in PAPERS.values() if (p.width_mm, p.height_mm) == (paper.width_mm, paper.height_mm)), None)
    needle = known is CONTINUOUS_HALF or known is PAPERS["241x93"] or (known is None and paper.left_mm > _LASER_MM)
    return PaperProfile(
        known.key if known else "custom",
        known.title if known else f"{paper.width_mm:g}×{paper.height_mm:g}",
        paper.width_mm,
        paper.height_mm,
        paper.left_mm,
        paper.right_mm,
        paper.top_mm,
        paper.bottom_mm,
        rows_per_page=template.rows_per_page or rows,
        fills=template.fills,
        row_mm=template.row_mm,
        text_pt=template.text_pt,
        bar_mm=known.bar_mm if known else _NEEDLE_BAR_MM if needle else A4.bar_mm,
        line_pt=known.line_pt if known else A4.line_pt,
    )


def arranged(form: Form, template: Template, *, logo: bytes = b"") -> Form:
    """The form as the template wants it; what the form does not have is passed over.

    logo: the company's picture, for a template without one of its own. Names of signers stay with their labels.
    """
    signed = {sign.label: sign.name for sign in form.signatures}
    return replace(
        form,
        title=template.title,
        fields=_fields(form.fields, template.head),
        tables=tuple(_arranged(table, template.columns.get(table.name)) for table in form.tables),
        signatures=tuple(Signature(label, signed.get(label, "")) for label in template.signatures),
        copies=template.copies,
        terms=template.terms,
        footer=template.footer,
        barcode=template.barcode,
        logo=(template.logo or logo) if template.logo_mm > 0 else b"",
        logo_mm=template.logo_mm,
    )


def _fields(rows: Sequence[Sequence[Field]], shown: Sequence[ShownField]) -> tuple[tuple[Field, ...], ...]:
    entries = {entry.key: entry for row in rows for entry in row if entry.key}
    made: dict[int, list[Field]] = {}
    for place in shown:
        entry = entries.get(place.key)
        if entry is not None and place.shown:
            made.setdefault(place.row, []).append(replace(entry, label=place.label, weight=place.weight, spare=False))
    standing = tuple(tuple(entry for entry in row if not entry.key) for row in rows)
    return (*(row for row in standing if row), *(tuple(made[row]) for row in sorted(made)))


def _arranged(table: Table, shown: Sequence[ShownColumn] | None) -> Table:
    if shown is None:
        shown = tuple(ShownColumn(c.key, c.title, 0, not c.spare) for c in table.columns if c.key)
    places: dict[str, list[int]] = {}
    for i, column in enumerate(table.columns):
        places.setdefault(column.key, []).append(i)
    chosen = [(one, i) for one in shown if one.shown and one.key for i in places.get(one.key, ())]
    standing = places.get("", [])
    order = [*standing, *(i for _, i in chosen)]
    columns = tuple(table.columns[i] for i in standing) + tuple(_as(table.columns[i], one) for one, i in chosen)
    rows = tuple(tuple(row[i] for i in order) for row in table.rows)
    totals = [table.totals[i] if i else "" for i in order] if table.totals else []
    if totals and not totals[0]:
        totals[0] = table.totals[0]
    return replace(table, columns=columns, rows=rows, totals=tuple(totals) if any(totals) else ())


def _as(column: Column, shown: ShownColumn) -> Column:
    title = column.title if column.grouped else shown.title
    return replace(column, title=title, width_mm=shown.width_mm, spare=False)
