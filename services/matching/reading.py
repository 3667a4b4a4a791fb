"""Cells of a pasted row as values, by the rules of import; a quantity may carry its unit, a day may lack its year."""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from models.kernel.days import spreadsheet_day
from models.kernel.problems import Place, Problem
from models.kernel.sheets import SheetColumn
from services.exchange.values import Converter, Fault, read_date
from services.matching.engine.dates import read_day
from services.matching.engine.folding import fold
from services.matching.engine.units import UNIT_WORDS

QUANTITY: Final = SheetColumn("quantity", "数量", "quantity", above="0")
PRICE: Final = SheetColumn("price", "单价", "price", minimum="0")
AMOUNT: Final = SheetColumn("amount", "金额", "money", minimum="0")
_WITH_UNIT = re.compile(r"([￥¥]?\s*[\d,，.．０-９]*[\d０-９])\s*([^\d\s.,０-９]{1,4})")
_PER_UNIT = re.compile(r"\s*(?:元|块|RMB|CNY)?\s*(?:/\s*\S{1,4})?$", re.IGNORECASE)


def split_quantity(cell: str) -> tuple[str, str]:
    """ "20台" -> ("20", "台"); a cell that is no number with a unit word comes back whole."""
    found = _WITH_UNIT.fullmatch(unicodedata.normalize("NFKC", cell).strip())
    if found is None or fold(found[2]) not in UNIT_WORDS:
        return cell, ""
    return found[1], found[2]


@dataclass(frozen=True, slots=True)
class Store:
    """A warehouse that a cell may name."""

    id: int
    code: str
    name: str


class Reader:
    """Reads cells of one block; a cell seen before is looked up. stores: warehouses by their folded names and codes."""

    def __init__(self, today: dt.date, stores: Mapping[str, Store]) -> None:
        self._today = today
        self._stores = stores
        self._quantity = Converter(QUANTITY)
        self._price = Converter(PRICE)
        self._amount = Converter(AMOUNT)

    def quantity(self, cell: str, row: int) -> tuple[Decimal | None, str, list[Problem]]:
        """Quantity, the unit written with it, and what is wrong."""
        text, unit = split_quantity(cell)
        value, problems = _checked(self._quantity[text], row, "quantity")
        return (value if isinstance(value, Decimal) else None), unit, problems

    def price(self, cell: str, row: int) -> tuple[Decimal | None, list[Problem]]:
        """A price; 元 and a unit behind it are dropped: 12.5元/个."""
        value, problems = _checked(self._price[_PER_UNIT.sub("", cell)], row, "price")
        return (value if isinstance(value, Decimal) else None), problems

    def amount(self, cell: str, row: int) -> tuple[Decimal | None, list[Problem]]:
        """What a line is worth; 元 behind it is dropped."""
        value, problems = _checked(self._amount[_PER_UNIT.sub("", cell)], row, "amount")
        return (value if isinstance(value, Decimal) else None), problems

    def store(self, cell: str, row: int) -> tuple[Store | None, list[Problem]]:
        """The warehouse of that name or code."""
        found = self._stores.get(fold(cell)) if cell else None
        if found is not None or not cell:
            return found, []
        return None, [Problem("matching.warehouse", {"written": cell}, Place(line=row, field="warehouse"))]

    def day(self, cell: str, row: int) -> tuple[dt.date | None, list[Problem]]:
        """A date as import reads it, else as people write it in orders."""
        if not cell:
            return None, []
        value = read_date(cell)
        if isinstance(value, Fault):
            near = read_day(cell, self._today) or self._unformatted(cell)
            if near is not None:
                return near, []
            return None, [Problem(value.code, value.args, Place(line=row, field="due_date"))]
        return value, []

    def _unformatted(self, cell: str) -> dt.date | None:
        try:
            return spreadsheet_day(cell.strip(), self._today.year)
        except ValueError:
            return None


def _checked(value: object, row: int, field: str) -> tuple[object, list[Problem]]:
    if isinstance(value, Fault):
        return None, [Problem(value.code, value.args, Place(line=row, field=field))]
    return value, []
