"""Which column of a pasted block is what: by its title, else by what stands in it."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Collection, Mapping, Sequence
from decimal import Decimal
from types import MappingProxyType
from typing import Final

from services.exchange.sheets.names import folded
from services.exchange.values import Fault, read_number
from services.matching.blocks import Block
from services.matching.engine.dates import read_day
from services.matching.engine.folding import bare, fold, is_chinese
from services.matching.engine.index import AliasIndex, ItemIndex
from services.matching.engine.units import UNIT_WORDS
from services.matching.reading import split_quantity

FIELDS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "": "不用", "code": "物料编码", "part": "客户料号", "barcode": "条码", "name": "名称", "spec": "规格",
        "text": "物料（任意写法）", "quantity": "数量", "unit": "单位", "price": "单价", "due_date": "交期", "note": "备注",
    }
)  # fmt: skip
EXTRA_FIELDS: Final[Mapping[str, str]] = MappingProxyType(
    {"warehouse": "仓库", "lot": "批次", "amount": "金额", "scrap_rate": "损耗率"}
)
"""what only some windows can take"""
_EXTRA_TITLES: Final[Mapping[str, str]] = MappingProxyType(
    {
        "warehouse": "仓库 仓库编码 仓库名称 库房 仓位 发料仓 发料仓库 warehouse store",
        "lot": "批次 批号 批次号 生产批号 lot batch",
        "amount": "金额 总价 总金额 期初金额 库存金额 amount total",
        "scrap_rate": "损耗率 损耗率% 损耗 损耗% scrap scraprate",
    }
)
_TITLES: Final[Mapping[str, str]] = MappingProxyType(
    {
        "code": "物料编码 物料代码 料号 编码 编号 品号 货号 商品编码 产品编码 存货编码 产品料号 贵司料号 供方料号 供应商料号 "
        "sku code itemcode",
        "part": "客户料号 客户物料编码 客户物料号 客户编码 客户品号 客户型号 我司料号 我方料号 对方料号 本厂料号 零件号 图号 "
        "pn partno partnumber partnr customerpn",
        "barcode": "条码 条形码 商品条码 国际条码 barcode ean upc",
        "name": "名称 品名 物料名称 产品名称 商品名称 货品名称 存货名称 零件名称 物料描述 产品描述 描述 name productname description",
        "spec": "规格 规格型号 型号 型号规格 规格/型号 规格参数 spec specification model size",
        "text": "物料 产品 商品 货品 货物 品名规格 品名及规格 名称规格 名称及规格 产品名称规格 item product goods",
        "quantity": "数量 订购数量 订单数量 采购数量 需求数量 订货数量 订货量 采购量 需求量 件数 总数 qty quantity orderqty",
        "unit": "单位 计量单位 unit uom",
        "price": "单价 不含税单价 未税单价 价格 单价元 price unitprice",
        "due_date": "交期 交货日期 交货日 交货期 需求日期 要货日期 到货日期 要求交期 要求到货 duedate deliverydate delivery date",
        "note": "备注 说明 附注 备注说明 remark remarks note",
        "": "序号 行号 项次 金额 总价 总金额 含税单价 含税金额 税率 税额 合计 no amount total",
    }
)
_BY_TITLE: Final = {folded(word): field for field, words in _TITLES.items() for word in words.split()}
_EXTRA_BY_TITLE: Final = {folded(word): field for field, words in _EXTRA_TITLES.items() for word in words.split()}
_SEARCHED = 5
_SAMPLE = 60
_MOSTLY = 0.6
_BARCODE = re.compile(r"\d{8}|\d{12,14}")
_WORTH = re.compile(r"[价元额￥¥]|price|amount|cost", re.IGNORECASE)
_MONEY = re.compile(r"[￥¥元]|\.\d")


def guess(block: Block, items: ItemIndex, aliases: AliasIndex, *, today: dt.date, extra: Collection[str] = ()) -> Block:
    """Names the columns and finds where the data starts; each field at most once. extra: of EXTRA_FIELDS, what is taken too."""
    title_row = _title_row(block)
    titles = block.rows[title_row] if title_row is not None else ()
    first = 0 if title_row is None else title_row + 1
    data = block.rows[first : first + _SAMPLE]
    columns: list[str | None] = [None] * len(block.rows[0]) if block.rows else []
    for at, title in enumerate(titles):
        field = _EXTRA_BY_TITLE.get(folded(title))
        if field not in extra:
            field = _BY_TITLE.get(folded(title))
        if field is not None and (not field or field not in columns):
            columns[at] = field
    titled = {at for at, title in enumerate(titles) if title and not _WORTH.search(title)}
    worth = "amount" if "amount" in extra else "price"
    _by_content(columns, data, _Judges(items, aliases, today), worth=worth, titled=titled)
    if "code" in columns and "part" not in columns:
        _code_or_part(columns, data, items)
    return Block(block.rows, tuple(column or "" for column in columns), tuple(titles), first, numbers=block.numbers)


def _title_row(block: Block) -> int | None:
    for at, row in enumerate(block.rows[:_SEARCHED]):
        cells = [cell for cell in row if cell]
        known = sum(folded(cell) in _BY_TITLE or folded(cell) in _EXTRA_BY_TITLE for cell in cells)
        if known >= 2 or (known and known * 2 >= len(cells)):
            return at
    return None


class _Judges:
    """What the cells of a column look like."""

    def __init__(self, items: ItemIndex, aliases: AliasIndex, today: dt.date) -> None:
        self._items = items
        self._aliases = aliases
        self._today = today

    def day(self, cell: str) -> bool:
        """A date, not a mere number."""
        return not cell.replace(".", "").isdigit() and read_day(cell, self._today) is not None

    def code(self, cell: str) -> bool:
        """A code of an item."""
        return bool(self._items.exact("code", fold(cell)) or self._items.exact("code_bare", bare(cell)))

    def barcode(self, cell: str) -> bool:
        """Digits of a barcode."""
        return bool(_BARCODE.fullmatch(cell))

    def alias(self, cell: str) -> bool:
        """A known alias."""
        return bool(self._aliases.of(cell))

    def name(self, cell: str) -> bool:
        """A name of an item."""
        return bool(self._items.exact("name", bare(cell)))

    def spec(self, cell: str) -> bool:
        """A specification of an item."""
        return bool(self._items.exact("spec", bare(cell)))


def _by_content(
    columns: list[str | None],
    data: Sequence[Sequence[str]],
    judges: _Judges,
    *,
    worth: str = "price",
    titled: Collection[int] = (),
) -> None:
    open_columns = {at: [row[at] for row in data if row[at]] for at, field in enumerate(columns) if field is None}
    if not data or not any(open_columns.values()):
        return

    def take(field: str, judge: Callable[[str], bool], share: float = _MOSTLY) -> None:
        if field in columns:
            return
        best = max(open_columns, key=lambda at: _share(open_columns[at], judge), default=None)
        if best is not None and open_columns[best] and _share(open_columns[best], judge) >= share:
            columns[best] = field
            del open_columns[best]

    take("due_date", judges.day)
    take("code", judges.code, 0.4)
    take("barcode", judges.barcode)
    take("part", judges.alias, 0.4)
    take("name", judges.name, 0.4)
    take("unit", _is_unit)
    _figures(columns, open_columns, worth, titled)
    take("spec", judges.spec, 0.4)
    if "text" not in columns:
        take("name", _has_chinese)
        take("spec", _looks_like_spec, 0.5)
        if not {"code", "part", "name", "spec"} & set(columns):
            take("text", bool)
    take("note", _has_chinese)


def _share(cells: Sequence[str], judge: Callable[[str], bool]) -> float:
    return sum(map(judge, cells)) / len(cells) if cells else 0.0


def _is_unit(cell: str) -> bool:
    return fold(cell) in UNIT_WORDS


def _has_chinese(cell: str) -> bool:
    return any(map(is_chinese, cell))


def _looks_like_spec(cell: str) -> bool:
    return _number(cell) is None and any(letter.isalnum() for letter in cell)


def _number(cell: str) -> Decimal | None:
    found = read_number(split_quantity(cell)[0])
    return None if isinstance(found, Fault) else found


def _figures(
    columns: list[str | None], open_columns: dict[int, list[str]], worth: str, titled: Collection[int]
) -> None:
    """Quantity and what the goods are worth (price or amount) among the columns of numbers; a running number is neither.

    A figure under a title that says something else (boxes, weight) is no price.
    """
    numeric = [at for at, cells in open_columns.items() if _share(cells, lambda c: _number(c) is not None) >= _MOSTLY]
    for at in numeric:
        values = [_number(cell) for cell in open_columns[at]]
        if len(values) > 1 and values == [Decimal(n) for n in range(1, len(values) + 1)] and len(numeric) > 1:
            columns[at] = ""
            del open_columns[at]
    numeric = [at for at in numeric if at in open_columns]
    if "quantity" not in columns and numeric:
        with_unit = [at for at in numeric if _share(open_columns[at], lambda c: bool(split_quantity(c)[1])) >= 0.5]
        whole = [at for at in numeric if not _share(open_columns[at], lambda c: bool(_MONEY.search(c))) >= 0.3]
        at = (with_unit or whole or numeric)[0]
        columns[at] = "quantity"
        del open_columns[at]
        numeric.remove(at)
    numeric = [at for at in numeric if at not in titled]
    if worth not in columns and numeric:
        columns[numeric[0]] = worth
        del open_columns[numeric[0]]


def _code_or_part(columns: list[str | None], data: Sequence[Sequence[str]], items: ItemIndex) -> None:
    """A customer's sheet calls its own numbers 料号 too: where no cell is one of ours, they are his."""
    at = columns.index("code")
    cells = [row[at] for row in data if row[at]]
    known = _share(cells, lambda c: bool(items.exact("code", fold(c)) or items.exact("code_bare", bare(c))))
    if cells and known == 0:
        columns[at] = "part"
