"""Control totals of files to be imported: what a clerk compares with her old books before anything is written."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

from models.kernel.numbers import ZERO
from services.exchange.importing.batch import Batch
from services.exchange.importing.gathering import gather

GROUPED = {"opening_stock": "warehouse"}
"""sheets that are also added up by a column"""


@dataclass(frozen=True, slots=True)
class ControlTotal:
    """Rows of a sheet, or of one value of its grouping column, with their sums; None where the sheet has no such column.

    without_amount: rows with a quantity whose amount is blank; the import values them at quantity × reference cost.
    """

    sheet: str
    title: str
    group: str
    rows: int
    quantity: Decimal | None
    amount: Decimal | None
    without_amount: int = 0


def control_totals(paths: Sequence[str | Path]) -> list[ControlTotal]:
    """Totals of every sheet in the order of the contract, and of the groups below it; rows with faults are left out."""
    made: list[ControlTotal] = []
    for batch in gather(paths).batches.values():
        made += _totals(batch)
    return made


def _totals(batch: Batch) -> list[ControlTotal]:
    good = batch.good()
    keys = {column.key for column in batch.sheet.columns}
    columns = {
        key: batch.column(key) for key in ("quantity", "amount", GROUPED.get(batch.sheet.name, "")) if key in keys
    }
    made = [_total(batch, "", good, columns)]
    group = GROUPED.get(batch.sheet.name)
    if group in columns:
        rows: dict[str, list[int]] = defaultdict(list)
        for index in good:
            rows[str(columns[group][index])].append(index)
        made += [_total(batch, name, rows[name], columns) for name in sorted(rows)]
    return made


def _total(batch: Batch, group: str, rows: Sequence[int], columns: Mapping[str, Sequence[object]]) -> ControlTotal:
    def added(key: str) -> Decimal | None:
        if key not in columns:
            return None
        return sum((value for index in rows if isinstance(value := columns[key][index], Decimal)), ZERO)

    blank = sum(columns["amount"][index] is None for index in rows) if {"amount", "quantity"} <= set(columns) else 0
    return ControlTotal(
        batch.sheet.name, batch.sheet.title, group, len(rows), added("quantity"), added("amount"), blank
    )
