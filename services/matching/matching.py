"""Rows of a pasted block with the items they may mean and the values they carry."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from types import MappingProxyType
from typing import Final

from models.kernel.problems import Place, Problem
from services.exchange.values import Fault, read_number
from services.matching.blocks import Block
from services.matching.engine.folding import bare, fold
from services.matching.engine.index import AliasIndex, Entry, ItemIndex
from services.matching.engine.ranking import Clues, Level, Ranked, level_of, rank
from services.matching.engine.units import same_unit
from services.matching.reading import Reader, Store, split_quantity

REASONS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "remembered": "这位往来单位用过的叫法", "alias": "别名相同", "alias_elsewhere": "别家用过的叫法",
        "code": "编码相同", "code_like": "编码只差符号", "barcode": "条码相同", "name_spec": "名称规格相同",
        "spec": "规格相同", "name": "名称相同", "pinyin": "拼音相同", "similar": "写法相近",
        "contradicted": "编码或规格对上，名称规格不同", "chosen": "手工选择",
    }
)  # fmt: skip
_CLUES = ("code", "part", "barcode", "name", "spec", "text")
_SUM = re.compile(
    r"(?:本页|本单|以上|数量|金额|订单)?(?:合计|小计|总计|共计|累计)(?:数量|金额|人民币|大写)?|(?:sub|grand)?total|sum"
)
"""what stands in a row of sums"""
_DIGITS_LOST = re.compile(r"[0-9](?:\.[0-9]+)?[eE]\+[0-9]{2}")
_FIGURES = re.compile(r"\d+(?:\.\d+)?")


@dataclass(frozen=True, slots=True)
class Candidate:
    """An item a row may mean; score from 0 to 1, reason a key of REASONS."""

    item_id: int
    code: str
    name: str
    spec: str
    unit: str
    decimals: int
    score: float
    reason: str
    available: Decimal | None = None
    unit_name: str = ""


@dataclass(frozen=True, slots=True)
class MatchRow:
    """A pasted row understood. key: the text under which a choice is remembered.

    wanted: whether it looks like a line to order: it names something and has a quantity (or one that cannot be read), or its item is
    certain. A row of sums and one of quantity 0 are none.
    """

    index: int
    key: str
    level: Level
    candidates: tuple[Candidate, ...]
    quantity: Decimal | None
    unit: str
    price: Decimal | None
    due_date: dt.date | None
    note: str
    problems: tuple[Problem, ...]
    wanted: bool = True
    extra: Mapping[str, object] = field(default_factory=dict)
    """cells of a line that only some windows take: amount, lot, warehouse_id, warehouse_code, warehouse_name, scrap_rate (text)"""


def match(
    block: Block,
    items: ItemIndex,
    aliases: AliasIndex,
    *,
    partner_id: int,
    today: dt.date,
    stores: Sequence[Store] = (),
) -> tuple[MatchRow, ...]:
    """Every data row of a block; rows that say the same of their item are ranked once."""
    reader = Reader(today, {fold(word): store for store in stores for word in (store.name, store.code) if word})
    places = {field: at for at, field in enumerate(block.columns) if field}
    ranked: dict[Clues, list[Ranked]] = {}
    made: list[MatchRow] = []
    above = Clues()
    for index in range(block.first, len(block.rows)):
        cells = {field: block.rows[index][at] for field, at in places.items()}
        sums = any(_SUM.fullmatch(bare(cell)) for cell in block.rows[index])
        own = Clues(**{field: cells.get(field, "") for field in _CLUES})
        merged = not (own.keys or sums or block.chat) and _is_part(cells, above, made)
        clues = above if merged else own
        if clues not in ranked:
            ranked[clues] = rank(clues, items, aliases, partner_id) if clues.keys else []
        row = _row(index, cells, clues, ranked[clues], items, reader)
        if merged:
            told = Problem("matching.merged", {"above": row.key}, Place(line=index + 1, field="item"))
            row = replace(row, level="doubtful" if row.candidates else "none", problems=(told, *row.problems))
        if block.chat and row.level == "sure" and _unclear(row, clues, items):
            row = replace(row, level="doubtful")
        made.append(replace(row, wanted=False) if sums else row)
        above = own if own.keys and not sums else above
    return tuple(made)


def problems_of(row: MatchRow, candidate: Candidate | None) -> tuple[Problem, ...]:
    """What is wrong with a row when it means this item: another item has another unit."""
    if candidate is None:
        return row.problems
    rest = tuple(problem for problem in row.problems if problem.code != "matching.unit")
    if same_unit(row.unit, candidate.unit, candidate.unit_name):
        return rest
    return (*rest, unit_problem(row.index + 1, row.unit, candidate.unit_name or candidate.unit))


def _is_part(cells: Mapping[str, str], above: Clues, made: Sequence[MatchRow]) -> bool:
    """A row with a quantity and no item, below one that has: its cell was merged with the one above, unless it is the sum of them."""
    found = read_number(split_quantity(cells.get("quantity", ""))[0])
    if not above.keys or isinstance(found, Fault):
        return False
    return len(made) < 2 or found != sum(
        (row.quantity for row in made if row.quantity is not None and row.wanted), Decimal(0)
    )


def _unclear(row: MatchRow, clues: Clues, items: ItemIndex) -> bool:
    """Of a chat's line: without a quantity, or with a figure that neither the item nor anything else explains."""
    if row.quantity is None:
        return True
    entry = items.entries[items.by_id[row.candidates[0].item_id]]
    known = set(_FIGURES.findall(f"{entry.code} {entry.name} {entry.spec}"))
    return any(_FIGURES.fullmatch(word) and word not in known for word in clues.text.split()[1:])


def _row(
    index: int, cells: Mapping[str, str], clues: Clues, ranked: list[Ranked], items: ItemIndex, reader: Reader
) -> MatchRow:
    number = index + 1
    written = cells.get("quantity", "")
    quantity, unit, problems = reader.quantity(written, number)
    unread = any(problem.code != "exchange.zero" for problem in problems) and any(map(str.isdigit, written))
    zero = any(problem.code == "exchange.zero" for problem in problems)
    price, faults = reader.price(cells.get("price", ""), number)
    day, wrong = reader.day(cells.get("due_date", ""), number)
    extra, unclear = _extra(cells, number, reader)
    problems += faults + wrong + unclear + _lost(cells, number)
    unit = cells.get("unit", "") or unit
    level = level_of(ranked)
    if ranked:
        entry = items.entries[ranked[0].position]
        if not same_unit(unit, entry.unit, entry.unit_name):
            problems.append(unit_problem(number, unit, entry.unit_name or entry.unit))
            level = "doubtful"
    if unread and level == "sure":
        level = "doubtful"
    key = next(iter(clues.keys), "")
    wanted = bool(key) and not zero and (quantity is not None or unread or level == "sure")
    return MatchRow(
        index, key, level,
        tuple(_candidate(items.entries[found.position], found) for found in ranked),
        quantity, unit, price, day, cells.get("note", ""), tuple(problems), wanted, extra,
    )  # fmt: skip


def _lost(cells: Mapping[str, str], number: int) -> list[Problem]:
    """Codes that a spreadsheet program has shortened: 6.92227E+12."""
    return [
        Problem("exchange.digits_lost", {"value": cells[field]}, Place(line=number, field=field))
        for field in ("code", "part", "barcode")
        if _DIGITS_LOST.fullmatch(cells.get(field, ""))
    ]


def _extra(cells: Mapping[str, str], number: int, reader: Reader) -> tuple[dict[str, object], list[Problem]]:
    made: dict[str, object] = {key: cells[key] for key in ("lot", "scrap_rate") if cells.get(key)}
    amount, problems = reader.amount(cells.get("amount", ""), number)
    if amount is not None:
        made["amount"] = amount
    store, faults = reader.store(cells.get("warehouse", ""), number)
    if store is not None:
        made |= {"warehouse_id": store.id, "warehouse_code": store.code, "warehouse_name": store.name}
    return made, problems + faults


def unit_problem(line: int, written: str, unit: str) -> Problem:
    """The written unit is another than the item's."""
    return Problem("matching.unit", {"written": written, "unit": unit}, Place(line=line, field="unit"))


def _candidate(entry: Entry, found: Ranked) -> Candidate:
    return Candidate(
        entry.id, entry.code, entry.name, entry.spec, entry.unit, entry.decimals, round(found.score, 3), found.reason,
        unit_name=entry.unit_name,
    )  # fmt: skip
