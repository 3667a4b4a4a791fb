"""A template as fields and rows of the window, and back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Any, Final

from services.platform.api import LANGUAGES
from services.printing.api import HEAD, PAPERS, Offered, Paper, ShownColumn, ShownField, Template, unnamed
from ui.framework.grid.columns import Column
from ui.framework.texts import listed, signer, tr

OWN_SIZE: Final = "custom"
READER: Final = "reader"
"""the language of who prints it"""
_LANGUAGES: Final = {READER: "随窗口", **LANGUAGES}
_NAMED: Final = ("制单", "审核")
"""signers whose names the document knows"""
_PAPERS: Final = {**{key: paper.title for key, paper in PAPERS.items()}, OWN_SIZE: "自定义"}
_MARGINS: Final = ("left_mm", "right_mm", "top_mm", "bottom_mm")
_SIZES: Final = ("width_mm", "height_mm", *_MARGINS)


def _number(key: str, title: str, tooltip: str = "") -> Column:
    return Column(key, title, kind="number", width=64, editable=True, tooltip=tooltip)


FIELDS: Final = (
    Column("title", "单据标题", editable=True, width=320, required=True),
    Column(
        "language",
        "语言",
        kind="choice",
        editable=True,
        choices=_LANGUAGES,
        tooltip="没有改过的标题、列名和签字自动译出",
    ),
    Column("paper", "纸张", kind="choice", editable=True, choices=_PAPERS),
    _number("width_mm", "纸宽 mm"),
    _number("height_mm", "纸高 mm"),
    _number("left_mm", "左边 mm"),
    _number("right_mm", "右边 mm"),
    _number("top_mm", "上边 mm"),
    _number("bottom_mm", "下边 mm"),
    _number("text_pt", "字号", "磅；放不下时自动缩小"),
    _number("row_mm", "行高 mm"),
    _number("rows_per_page", "每页行数", "空着按纸张排满"),
    Column("fills", "补空行", kind="flag", editable=True, tooltip="不足每页行数时印空行"),
    Column("barcode", "印条码", kind="flag", editable=True, tooltip="单号的 Code 128"),
    _number("logo_mm", "标志 mm", "高度；0 不印"),
    Column("in_words", "金额大写", kind="flag", editable=True),
    Column("signatures", "签字", editable=True, width=320, tooltip="用顿号隔开"),
    Column("copies", "联次", editable=True, width=320, tooltip="印在左下角"),
    Column("terms", "条款", editable=True, width=320, tooltip="印在表格下面"),
    Column("footer", "页脚", editable=True, width=320, tooltip="印在每页下边"),
)
COLUMN_GRID: Final = (
    Column("shown", "印", kind="flag", width=36, editable=True),
    Column("title", "列标题", width=110, editable=True),
    Column("width_mm", "列宽毫米", kind="number", width=70, editable=True, tooltip="空着按内容自动"),
    Column("own", "原名", width=84),
    Column("table", "表格", width=54),
)
HEAD_GRID: Final = (
    Column("shown", "印", kind="flag", width=36, editable=True),
    Column("label", "名称", width=110, editable=True),
    Column("row", "第几行", kind="number", width=60, editable=True, decimals=0),
    Column("weight", "占宽", kind="number", width=60, editable=True, tooltip="在这一行里占几份"),
    Column("own", "原名", width=84),
)


def paper_key(paper: Paper) -> str:
    """The known paper of that size, else the own size."""
    sizes = ((key, known.width_mm, known.height_mm) for key, known in PAPERS.items())
    return next((key for key, wide, high in sizes if (wide, high) == (paper.width_mm, paper.height_mm)), OWN_SIZE)


def values_of(template: Template) -> dict[str, Any]:
    """The form's values; what nobody changed is shown in the language of the window."""
    made: dict[str, Any] = {"title": tr(template.title), "paper": paper_key(template.paper)}
    made["language"] = template.language or READER
    made |= {key: _decimal(getattr(template.paper, key)) for key in _SIZES}
    made |= {key: _decimal(getattr(template, key)) for key in ("text_pt", "row_mm", "logo_mm")}
    made["rows_per_page"] = None if template.rows_per_page is None else Decimal(template.rows_per_page)
    made |= {key: getattr(template, key) for key in ("fills", "barcode", "in_words")}
    made |= {key: tr(getattr(template, key)) for key in ("copies", "terms", "footer")}
    made["signatures"] = listed(map(signer, template.signatures))
    return made


def size_of(key: str) -> dict[str, Any]:
    """Size and margins of a known paper, to be put into the form when it is chosen."""
    paper = PAPERS.get(key)
    return {name: _decimal(getattr(paper, name)) for name in _SIZES} if paper is not None else {}


def column_rows(template: Template, offer: Offered) -> list[dict[str, Any]]:
    """The rows of the columns: as in the template, then what it does not name."""
    made, fresh = [], _fresh(template, offer)
    for table in offer.tables:
        own = {column.key: column for column in table.columns}
        shown = [column for column in template.columns.get(table.name, ()) if column.key in own]
        named = {column.key for column in shown}
        rest = [replace(column, shown=False) for column in table.columns if column.key not in named]
        made += [
            {
                "key": column.key,
                "name": table.name,
                "table": tr(table.title),
                "shown": column.shown,
                "title": tr(column.title),
                "before": column.title,
                "width_mm": _decimal(column.width_mm) if column.width_mm else None,
                "own": _own(own[column.key].title, fresh=(table.name, column.key) in fresh),
                "source": own[column.key].title,
            }
            for column in (*shown, *rest)
        ]
    return made


def head_rows(template: Template, offer: Offered) -> list[dict[str, Any]]:
    """The rows of the header fields: as in the template, then what it does not name."""
    fresh = _fresh(template, offer)
    own = {entry.key: entry for entry in offer.head}
    shown = [entry for entry in template.head if entry.key in own]
    named = {entry.key for entry in shown}
    rest = [replace(entry, shown=False) for entry in offer.head if entry.key not in named]
    return [
        {
            "key": entry.key,
            "shown": entry.shown,
            "label": tr(entry.label),
            "before": entry.label,
            "row": Decimal(entry.row),
            "weight": _decimal(entry.weight),
            "own": _own(own[entry.key].label, fresh=(HEAD, entry.key) in fresh),
            "source": own[entry.key].label,
        }
        for entry in (*shown, *rest)
    ]


def _fresh(template: Template, offer: Offered) -> set[tuple[str, str]]:
    return {place for place, _ in unnamed(template, offer)}


def _own(label: str, *, fresh: bool) -> str:
    """What the program calls it, and that it came after the template was kept."""
    return tr("{label}（新）", label=tr(label)) if fresh else tr(label)


def template_of(
    before: Template, values: Mapping[str, Any], columns: Sequence[Mapping[str, Any]], head: Sequence[Mapping[str, Any]]
) -> Template:
    """The template that the window shows; blank numbers keep their value before, texts that are still as shown their source."""
    paper = replace(before.paper, **{key: _float(values.get(key), getattr(before.paper, key)) for key in _SIZES})
    rows = values.get("rows_per_page")
    numbers: dict[str, Any] = {k: _float(values.get(k), getattr(before, k)) for k in ("text_pt", "row_mm", "logo_mm")}
    others: dict[str, Any] = {k: bool(values.get(k)) for k in ("fills", "barcode", "in_words")}
    others |= {k: _kept(_text(values, k), getattr(before, k)) for k in ("copies", "terms", "footer")}
    language = values.get("language") or READER
    by_table: dict[str, list[ShownColumn]] = {}
    for row in columns:
        shown = ShownColumn(row["key"], _named(row, "title"), _float(row.get("width_mm"), 0), bool(row["shown"]))
        by_table.setdefault(row["name"], []).append(shown)
    return replace(
        before,
        title=_kept(_text(values, "title"), before.title),
        paper=paper,
        head=tuple(
            ShownField(
                row["key"],
                _named(row, "label"),
                max(1, int(row.get("row") or 1)),
                _float(row.get("weight"), 1) or 1,
                bool(row["shown"]),
            )
            for row in head
        ),
        columns={name: tuple(shown) for name, shown in by_table.items()},
        rows_per_page=int(rows) if rows else None,
        **numbers,
        **others,
        signatures=tuple(_signers(_text(values, "signatures"), before.signatures)),
        language="" if language == READER else str(language),
    )


def _kept(typed: str, source: str) -> str:
    """The text as it is kept: the source while what is typed is only its translation."""
    return source if typed == tr(source) else typed


def _named(row: Mapping[str, Any], key: str) -> str:
    typed = _text(row, key)
    return _kept(typed, row["before"]) if typed else str(row["source"])


def _signers(text: str, before: Sequence[str]) -> list[str]:
    """Labels as they are kept, by which the names of maker and approver are found."""
    sources = {signer(label): label for label in (*_NAMED, *before)}
    return [sources.get(label, label) for label in _labels(text)]


def _labels(text: str) -> list[str]:
    for mark in "，,;；/":
        text = text.replace(mark, "、")
    return [label.strip() for label in text.split("、") if label.strip()]


def _text(values: Mapping[str, Any], key: str) -> str:
    return str(values.get(key) or "").strip()


def _decimal(number: float) -> Decimal:
    return Decimal(f"{number:g}")


def _float(number: Any, instead: float) -> float:
    return instead if number is None else round(float(number), 2)
