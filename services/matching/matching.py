"""Rows of a pasted block with the items they may mean and the values they carry."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from types import MappingProxyType
from typing import Final

from models.kernel.problems import Place, Problem
from services.matching.blocks import Block
from services.matching.engine.folding import fold
from services.matching.engine.index import AliasIndex, Entry, ItemIndex
from services.matching.engine.ranking import Clues, Level, Ranked, level_of, rank
from services.matching.engine.units import same_unit
from services.matching.reading import Reader, Store

REASONS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "remembered": "这位往来单位用过的叫法", "alias": "别名相同", "alias_elsewhere": "别家用过的叫法",
        "code": "编码相同", "code_like": "编码只差符号", "barcode": "条码相同", "name_spec": "名称规格相同",
        "spec": "规格相同", "name": "名称相同", "pinyin": "拼音相同", "similar": "写法相近",
        "contradicted": "编码或规格对上，名称规格不同", "chosen": "手工选择",
    }
)  # fmt: skip
_CLUES = ("code", "part", "barcode", "name", "spec", "text")


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


@dataclass(frozen=True, slots=True)
class MatchRow:
    """A pasted row understood. key: the text under which a choice is remembered; wanted: whether it looks like a line at all."""

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
    extra: Mapping[str, object] = field(default_factory=dict)
    """cells of a line that only some windows take: amount, lot, warehouse_id, warehouse_code, warehouse_name, scrap_rate (text)"""

    @property
    def wanted(self) -> bool:
        """Whether it looks like a line to order: it names something and has a quantity, or its item is certain."""
        return bool(self.key) and (self.quantity is not None or self.level == "sure")


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
    made = []
    for index in range(block.first, len(block.rows)):
        cells = {field: block.rows[index][at] for field, at in places.items()}
        clues = Clues(**{field: cells.get(field, "") for field in _CLUES})
        if clues not in ranked:
            ranked[clues] = rank(clues, items, aliases, partner_id) if clues.keys else []
        made.append(_row(index, cells, clues, ranked[clues], items, reader))
    return tuple(made)


def _row(
    index: int, cells: Mapping[str, str], clues: Clues, ranked: list[Ranked], items: ItemIndex, reader: Reader
) -> MatchRow:
    number = index + 1
    quantity, unit, problems = reader.quantity(cells.get("quantity", ""), number)
    price, faults = reader.price(cells.get("price", ""), number)
    day, wrong = reader.day(cells.get("due_date", ""), number)
    extra, unclear = _extra(cells, number, reader)
    problems += faults + wrong + unclear
    unit = cells.get("unit", "") or unit
    level = level_of(ranked)
    if ranked:
        entry = items.entries[ranked[0].position]
        if not same_unit(unit, entry.unit, entry.unit_name):
            problems.append(unit_problem(number, unit, entry.unit_name or entry.unit))
            level = "doubtful"
    return MatchRow(
        index, next(iter(clues.keys), ""), level,
        tuple(_candidate(items.entries[found.position], found) for found in ranked),
        quantity, unit, price, day, cells.get("note", ""), tuple(problems), extra,
    )  # fmt: skip


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
        entry.id, entry.code, entry.name, entry.spec, entry.unit, entry.decimals, round(found.score, 3), found.reason
    )
