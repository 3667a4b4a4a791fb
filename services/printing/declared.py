"""A printed form by declaration: which values stand where; they come as a mapping for the head and one a line."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Literal

from models.kernel.numbers import ZERO
from services.platform.tongues import CHINESE, Tongue
from services.printing.figures import money, places_by_unit, prices, quantities, quantity
from services.printing.forms import COPIES_OF_THREE, Align, Column, Field, Form, Signature, Table, signatures
from services.printing.words import amount_in_english, amount_in_words

Value = str | int | Decimal | date | None
Format = Literal["text", "number", "price", "money", "tick"]


@dataclass(frozen=True, slots=True)
class HeadSpec:
    """A header field: its label, the keys whose values it shows one after the other, its share of the row."""

    label: str
    keys: tuple[str, ...]
    weight: float = 1
    strong: bool = False
    spare: bool = False

    @property
    def key(self) -> str:
        """What templates call it: the first of its keys."""
        return self.keys[0]


@dataclass(frozen=True, slots=True)
class ColumnSpec:
    """A column: title, key of the value, how it is written, whether it is summed below.

    weight: share of the spare width; whole: never broken (numbers never are); write_mm: room to write by hand.
    """

    title: str
    key: str
    format: Format = "text"
    weight: float = 1
    whole: bool = False
    strong: bool = False
    total: bool = False
    align: Align = "left"
    write_mm: float = 0
    spare: bool = False


@dataclass(frozen=True, slots=True)
class TableSpec:
    """A table of the form: the name under which its lines come, and its columns."""

    name: str
    columns: tuple[ColumnSpec, ...]
    title: str = ""
    counted: bool = True


@dataclass(frozen=True, slots=True)
class FormSpec:
    """A document type on paper. in_words: head key of an amount repeated in Chinese capitals below the table."""

    title: str
    head: tuple[tuple[HeadSpec, ...], ...]
    tables: tuple[TableSpec, ...]
    signatures: tuple[str, ...] = ("制单", "审核")
    copies: str = COPIES_OF_THREE
    terms: str = ""
    in_words: str = ""


def head(label: str, *keys: str, weight: float = 1, strong: bool = False) -> HeadSpec:
    """A header field, briefly."""
    return HeadSpec(label, keys, weight, strong)


def build(
    spec: FormSpec,
    values: Mapping[str, Value],
    lines: Mapping[str, Sequence[Mapping[str, Value]]],
    *,
    company: str,
    signed: Mapping[str, str] | None = None,
    tongue: Tongue = CHINESE,
) -> Form:
    """The form of one document.

    values: head values by key, among them number, note, mark and printed; a key that is absent prints blank.
    lines: for each table of the declaration its lines. signed: names already known, by the Chinese signature label.
    tongue: the language of the form. Titles and labels stay in Chinese, as templates know them, until the form is printed.
    Summed columns add the exact values of the lines; quantities only if all lines have one unit.
    """
    known = signed or {}
    tables = tuple(_table(table, lines.get(table.name, ()), tongue) for table in spec.tables)
    summary = []
    amount = values.get(spec.in_words) if spec.in_words else None
    if isinstance(amount, Decimal):
        words = amount_in_words(amount) if tongue.chinese else amount_in_english(amount)
        summary.append(tongue("金额大写：{words}　　小写：￥{figures}", words=words, figures=money(amount)))
    return Form(
        company=company,
        title=spec.title,
        number=written(values.get("number")),
        fields=tuple(tuple(_field(entry, values) for entry in row) for row in spec.head),
        tables=tables,
        summary=tuple(summary),
        note=written(values.get("note")),
        signatures=tuple(Signature(sign.label, known.get(sign.label, "")) for sign in signatures(*spec.signatures)),
        copies=spec.copies,
        mark=written(values.get("mark")),
        printed=written(values.get("printed")),
        terms=spec.terms,
        language=tongue.language,
    )


def written(value: Value) -> str:
    """A value as it stands on paper by itself."""
    if value is None:
        return ""
    if isinstance(value, Decimal):
        return quantity(value)
    if isinstance(value, date):
        return value.isoformat()
    return str(value)


def _cells(spec: ColumnSpec, lines: Sequence[Mapping[str, Value]]) -> list[str]:
    """A column of the lines, its figures as such a column writes them; what is no figure as it is."""
    values = [line.get(spec.key) for line in lines]
    figures = [value if isinstance(value, Decimal) else None for value in values]
    if spec.format == "money":
        cells = ["" if value is None else money(value) for value in figures]
    elif spec.format == "price":
        cells = prices(figures)
    else:
        cells = quantities([(line.get("unit"), value) for line, value in zip(lines, figures, strict=True)])
    return [cell if isinstance(value, Decimal) else written(value) for cell, value in zip(cells, values, strict=True)]


def _field(spec: HeadSpec, values: Mapping[str, Value]) -> Field:
    text = " ".join(dict.fromkeys(part for part in (written(values.get(key)) for key in spec.keys) if part))
    return Field(spec.label, text, spec.weight, strong=spec.strong, key=spec.key, spare=spec.spare)


def _table(spec: TableSpec, lines: Sequence[Mapping[str, Value]], tongue: Tongue) -> Table:
    columns = (Column("序", weight=0, align="center", whole=True), *(_column(column) for column in spec.columns))
    cells = [_cells(column, lines) for column in spec.columns]
    rows = tuple((str(i), *row) for i, row in enumerate(zip(*cells, strict=True), start=1))
    sums = tuple(_sum(column, lines) if column.total else "" for column in spec.columns)
    label = tongue("合计 {count} 行", count=len(lines)) if spec.counted else ""
    return Table(columns, rows, title=spec.title, totals=(label, *sums) if label or any(sums) else (), name=spec.name)


def _column(spec: ColumnSpec) -> Column:
    number = spec.format in ("number", "price", "money")
    return Column(
        spec.title,
        spec.weight,
        "right" if number else spec.align,
        whole=spec.whole or number,
        strong=spec.strong,
        minimum_mm=spec.write_mm,
        kind="tick" if spec.format == "tick" else "text",
        key=spec.key,
        spare=spec.spare,
    )


def _sum(spec: ColumnSpec, lines: Sequence[Mapping[str, Value]]) -> str:
    units = {line.get("unit") for line in lines}
    if spec.format != "money" and len(units) > 1:
        return ""
    total = sum((value for value in (line.get(spec.key) for line in lines) if isinstance(value, Decimal)), ZERO)
    if spec.format == "money":
        return money(total)
    places = places_by_unit(
        (line.get("unit"), value) for line in lines if isinstance(value := line.get(spec.key), Decimal)
    )
    return quantity(total, max(places.values(), default=0))
