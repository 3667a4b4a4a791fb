"""生产领料单 and 合并拣货单 as printed forms: figures come in ready, here they only find their place."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal

from services.platform.tongues import CHINESE, Tongue
from services.printing.figures import Places, places_by_unit, quantity
from services.printing.forms import COPIES_OF_THREE, Column, Field, Form, Signature, Table, signatures

SIGN_PICK = signatures("制单", "审核", "发料人(仓管)", "领料人", "车间主管", "财务")
SIGN_MERGED = signatures("制单", "拣货员", "复核员", "发料人", "领料人")

SHARES = "shares"
"""key of the columns that say what each order gets; templates see them as one"""
ROOMY = ("lot", "difference")
"""columns of the merged list for which small paper has no room"""
_SHARE_MM = 12.5
_LEAST_SHARES = 2
_FIXED_SECTION_MM = 92.0
_ROOM_MM: Mapping[str, float] = {
    "place": 16, "item": 20, "described": 30, "unit": 8, "lot": 24, "total": 13, "on_hand": 12, "actual": 14, "difference": 13,
    "tick": 6, "note": 13,
}  # fmt: skip
"""what a column of the merged list takes in ordinary letters"""


@dataclass(frozen=True, slots=True)
class Material:
    """An item as the form shows it."""

    code: str
    name: str
    spec: str = ""
    unit: str = ""

    @property
    def described(self) -> str:
        """Name and specification in one."""
        return f"{self.name} {self.spec}".strip()


@dataclass(frozen=True, slots=True)
class PickedOrder:
    """A production order that is picked for: its product, its quantity, and how many sets are taken this time."""

    number: str
    product: Material
    quantity: Decimal
    sets: Decimal | None = None
    start: str = ""
    customer: str = ""
    sales_order: str = ""


@dataclass(frozen=True, slots=True)
class PickLine:
    """A line of a pick list; short: what the store lacks of it; substitute_for: the code that it stands in for."""

    material: Material
    place: str
    required: Decimal
    picked: Decimal
    quantity: Decimal
    order: str = ""
    lot: str = ""
    substitute_for: str = ""
    customer_supplied: bool = False
    short: Decimal = Decimal(0)
    note: str = ""

    def badge(self, tongue: Tongue = CHINESE) -> str:
        """Substitute and customer's material in one word each."""
        words = (_stands_in(self.substitute_for, tongue), tongue("客供") if self.customer_supplied else "")
        return " ".join(word for word in words if word)


@dataclass(frozen=True, slots=True)
class PickSlip:
    """The head of a pick list, of one order or of several of one workshop; tongue: the language it is printed in."""

    company: str
    number: str
    date: str
    orders: tuple[PickedOrder, ...]
    kind: str = "普通领料"
    workshop: str = ""
    purpose: str = "生产"
    note: str = ""
    mark: str = ""
    printed: str = ""
    signatures: tuple[Signature, ...] = SIGN_PICK
    copies: str = COPIES_OF_THREE
    tongue: Tongue = CHINESE


@dataclass(frozen=True, slots=True)
class MergedLine:
    """A material summed over the orders; shares: what each order gets of the stock there is, by order number."""

    material: Material
    place: str
    total: Decimal
    on_hand: Decimal
    shares: Mapping[str, Decimal] = field(default_factory=dict)
    short: Decimal = Decimal(0)
    short_orders: tuple[str, ...] = ()
    lot: str = ""
    substitute_for: tuple[str, ...] = ()
    customer_supplied: bool = False
    note: str = ""


def letter(position: int) -> str:
    """A, B … Z, AA, AB … for the orders of a merged list."""
    text = ""
    position += 1
    while position:
        position, rest = divmod(position - 1, 26)
        text = chr(ord("A") + rest) + text
    return text


def pick_form(slip: PickSlip, lines: Sequence[PickLine]) -> Form:
    """生产领料单: lines as they were booked, not merged; customers' material on a page of its own.

    With one order its product stands in the head; several are lettered and each line names its letter (AT-13).
    """
    several = len(slip.orders) > 1
    letters = {order.number: letter(i) for i, order in enumerate(slip.orders)}
    columns = _pick_columns(several=several)
    tables = []
    for supplied in (False, True):
        part = [line for line in lines if line.customer_supplied is supplied]
        if part or (not supplied and not lines):
            places = places_by_unit(
                (line.material.unit, value) for line in part for value in (line.required, line.picked, line.quantity)
            )
            rows = tuple(
                _pick_row(i, line, letters, slip.tongue, several=several, places=places)
                for i, line in enumerate(part, start=1)
            )
            kinds = len({line.material.code for line in part})
            label = slip.tongue("合计 {kinds} 种 {count} 行", kinds=kinds, count=len(part))
            totals = (label, *[""] * (len(columns) - 1))
            title = "客供料（不计成本）" if supplied else ""
            tables.append(Table(columns, rows, title, totals, on_new_page=supplied, name="lines"))
    head: tuple[tuple[Field, ...], ...] = (
        (
            Field("日期", slip.date, key="date"),
            Field("领料类型", slip.tongue(slip.kind), key="kind"),
            Field("领料部门", slip.workshop, key="workshop"),
            Field("用途", slip.tongue(slip.purpose), key="purpose"),
        ),
    )
    if not several:
        head = (*head, *_single_order(slip.orders, slip.tongue))
    return _form(slip, "生产领料单", head, tables, legend=_legend(slip.orders, slip.tongue) if several else ())


def _form(
    slip: PickSlip, title: str, head: tuple[tuple[Field, ...], ...], tables: Sequence[Table], *, legend: tuple[str, ...]
) -> Form:
    return Form(
        company=slip.company,
        title=title,
        number=slip.number,
        fields=head,
        tables=tuple(tables),
        legend=legend,
        note=slip.note,
        signatures=slip.signatures,
        copies=slip.copies,
        mark=slip.mark,
        printed=slip.printed,
        language=slip.tongue.language,
    )


def _single_order(orders: Sequence[PickedOrder], tongue: Tongue) -> tuple[tuple[Field, ...], ...]:
    if not orders:
        return ()
    order = orders[0]
    amount = f"{quantity(order.quantity)} {order.product.unit}".strip()
    sets = "" if order.sets is None else tongue("{count} 套", count=quantity(order.sets))
    source = " / ".join(text for text in (order.customer, order.sales_order) if text)
    return (
        (
            Field("产品", f"{order.product.code} {order.product.described}", 2, strong=True, key="product"),
            Field("生产数量", amount, key="quantity"),
            Field("本次套数", sets, strong=True, key="sets"),
        ),
        (Field("任务单号", order.number, 2, key="order"), Field("客户/订单", source, 2, key="customer")),
    )


def _legend(orders: Sequence[PickedOrder], tongue: Tongue) -> tuple[str, ...]:
    entries = []
    for i, order in enumerate(orders):
        parts = [letter(i), order.number, order.product.code, f"{order.product.name}×{quantity(order.quantity)}"]
        if order.sets is not None and order.sets != order.quantity:
            parts.append(tongue("本次 {count} 套", count=quantity(order.sets)))
        if order.start:
            parts.append(tongue("开工 {day}", day=order.start[5:]))
        entries.append(" ".join(parts))
    return tuple(entries)


def _pick_columns(*, several: bool) -> tuple[Column, ...]:
    order = (Column("单", weight=0, align="center", whole=True),) if several else ()
    return (
        Column("序", weight=0, align="center", whole=True),
        *order,
        Column("物料编码", weight=0.5, whole=True, key="item"),
        Column("物料名称", weight=2, key="name"),
        Column("规格型号", weight=1.5, key="spec"),
        Column("单位", weight=0, align="center", whole=True, key="unit"),
        Column("仓库/仓位", weight=1, key="place"),
        Column("批次", weight=0.5, whole=True, key="lot"),
        Column("应领数量", weight=0.5, align="right", whole=True, key="required"),
        Column("已领", weight=0.5, align="right", whole=True, key="picked"),
        Column("本次实领", weight=0.5, align="right", whole=True, strong=True, minimum_mm=13, key="quantity"),
        Column("替代/客供", weight=0.3, whole=True, key="badge"),
        Column("备注", weight=1.5, key="note"),
    )


def _pick_row(
    position: int, line: PickLine, letters: Mapping[str, str], tongue: Tongue, *, several: bool, places: Places
) -> tuple[str, ...]:
    return (
        str(position),
        *((letters.get(line.order, line.order),) if several else ()),
        line.material.code,
        line.material.name,
        line.material.spec,
        line.material.unit,
        line.place,
        line.lot,
        *(quantity(value, places[line.material.unit]) for value in (line.required, line.picked, line.quantity)),
        line.badge(tongue),
        _remark(line.short, (), line.note, tongue),
    )


def _stands_in(code: str, tongue: Tongue) -> str:
    return tongue("替 {code}", code=code) if code else ""


def _remark(short: Decimal, who: Sequence[str], note: str, tongue: Tongue) -> str:
    lack = ""
    if short > 0 and who:
        lack = tongue("※缺 {short}（{orders}）", short=quantity(short), orders=tongue.comma.join(who))
    elif short > 0:
        lack = tongue("※缺 {short}", short=quantity(short))
    return " ".join(text for text in (lack, note) if text)


def merged_form(
    slip: PickSlip, lines: Sequence[MergedLine], *, width_mm: float, shown: Mapping[str, float] | None = None
) -> Form:
    """合并拣货单: one row a material, in the order given (shelf order), with a box to tick and a column for each order.

    width_mm: usable width of the paper. shown: columns that will be printed with their fixed widths in mm (0: by content), all
    without it. Orders that find no column beside the sums go on in sections 分单明细 below, which show only the materials that
    concern them; the head of the sums says so. A shortage stands in the remark with the orders that go short, and so does the
    lot where it has no column.
    """
    widths = dict.fromkeys((*_ROOM_MM, SHARES), 0.0) if shown is None else shown
    numbers = [order.number for order in slip.orders] if SHARES in widths else []
    fixed = sum(width or _ROOM_MM[key] for key, width in widths.items() if key in _ROOM_MM)
    beside = max(_LEAST_SHARES, int((width_mm - fixed) // (widths.get(SHARES) or _SHARE_MM)))
    letters = {order.number: letter(i) for i, order in enumerate(slip.orders)}
    tables = []
    for supplied in (False, True):
        part = [line for line in lines if line.customer_supplied is supplied]
        if not part and (supplied or lines):
            continue
        titles = [slip.tongue("客供料（不计成本）")] if supplied else []
        if len(numbers) > beside:
            later = _span(numbers[beside:], letters)
            titles.append(slip.tongue("{orders} 的分单接在本表后面，见“分单明细”", orders=later))
        tables.append(_sums(part, numbers[:beside], letters, slip.tongue, shown=widths, titles=titles, alone=supplied))
        per_section = max(4, int((width_mm - _FIXED_SECTION_MM) // _SHARE_MM))
        for start in range(beside, len(numbers), per_section):
            own = numbers[start : start + per_section]
            tables.extend(_section(part, own, letters, slip.tongue, titles=titles[: int(supplied)]))
    head = (
        (
            Field("日期", slip.date, key="date"),
            Field("车间", slip.workshop, key="workshop"),
            Field("领料类型", slip.tongue(slip.kind), key="kind"),
            Field("路线", slip.tongue("按仓库→库位"), key="route"),
            Field("拣货员", key="picker", spare=True),
        ),
    )
    return _form(slip, "合并拣货单", head, tables, legend=_legend(slip.orders, slip.tongue))


def _span(numbers: Sequence[str], letters: Mapping[str, str]) -> str:
    first, last = letters[numbers[0]], letters[numbers[-1]]
    return first if first == last else f"{first}—{last}"


def _sums(
    lines: Sequence[MergedLine], numbers: Sequence[str], letters: Mapping[str, str], tongue: Tongue, *, shown: Collection[str],
    titles: Sequence[str], alone: bool,
) -> Table:  # fmt: skip
    columns = (
        Column("库位", weight=0.3, whole=True, key="place"),
        Column("物料", weight=0.3, whole=True, key="item"),
        Column("名称规格", weight=3, key="described"),
        Column("单位", weight=0, align="center", whole=True, key="unit"),
        Column("批次", weight=0.3, whole=True, key="lot"),
        Column("应拣合计", weight=0.3, align="right", whole=True, strong=True, key="total"),
        Column("现存", weight=0.2, align="right", whole=True, key="on_hand"),
        Column("实拣", weight=0.5, minimum_mm=14, key="actual"),
        Column("差异", weight=0.3, minimum_mm=11, key="difference"),
        Column("勾", weight=0, kind="tick", key="tick"),
        *_share_columns(numbers, letters, key=SHARES),
        Column("备注", weight=2, key="note"),
    )
    places, on_hand = _places(lines), places_by_unit((line.material.unit, line.on_hand) for line in lines)
    rows = tuple(
        (
            line.place,
            line.material.code,
            line.material.described,
            line.material.unit,
            line.lot,
            quantity(line.total, places[line.material.unit]),
            quantity(line.on_hand, on_hand[line.material.unit]),
            "",
            "",
            "",
            *(_share(line, number, places) for number in numbers),
            _merged_remark(line, letters, tongue, lots="lot" not in shown),
        )
        for line in lines
    )
    totals = (tongue("合计 {kinds} 种", kinds=len(lines)), *[""] * (len(columns) - 1))
    title = _one_line(titles, tongue)
    return _only(Table(columns, rows, title=title, totals=totals, on_new_page=alone, name="lines"), shown)


def _one_line(titles: Sequence[str], tongue: Tongue) -> str:
    return ("　" if tongue.chinese else "   ").join(titles)


def _only(table: Table, shown: Collection[str]) -> Table:
    at = [i for i, column in enumerate(table.columns) if column.key in shown]
    rows = tuple(tuple(row[i] for i in at) for row in table.rows)
    totals = (table.totals[0], *[""] * (len(at) - 1))
    return replace(table, columns=tuple(table.columns[i] for i in at), rows=rows, totals=totals)


def _merged_remark(line: MergedLine, letters: Mapping[str, str], tongue: Tongue, *, lots: bool) -> str:
    parts = (_stands_in(tongue.comma.join(line.substitute_for), tongue), line.lot if lots else "", line.note)
    who = [letters.get(number, number) for number in line.short_orders]
    return _remark(line.short, who, " ".join(part for part in parts if part), tongue)


def _share_columns(numbers: Sequence[str], letters: Mapping[str, str], *, key: str = "") -> tuple[Column, ...]:
    titles = (f"{letters[number]}\n{number.rpartition('-')[2]}" for number in numbers)
    return tuple(Column(title, weight=0.2, align="right", whole=True, key=key, grouped=bool(key)) for title in titles)


def _places(lines: Sequence[MergedLine]) -> Places:
    """Decimals of the sums and of what they are made of."""
    return places_by_unit(
        (line.material.unit, value) for line in lines for value in (line.total, *line.shares.values())
    )


def _share(line: MergedLine, number: str, places: Places) -> str:
    share = line.shares.get(number, Decimal(0))
    return quantity(share, places[line.material.unit]) if share or number in line.short_orders else ""


def _section(
    lines: Sequence[MergedLine], numbers: Sequence[str], letters: Mapping[str, str], tongue: Tongue, *, titles: Sequence[str],
) -> list[Table]:  # fmt: skip
    columns = (
        Column("库位", weight=0.3, whole=True),
        Column("物料", weight=0.3, whole=True),
        Column("名称规格", weight=3),
        Column("单位", weight=0, align="center", whole=True),
        *_share_columns(numbers, letters),
    )
    places = _places(lines)
    rows = tuple(
        (line.place, line.material.code, line.material.described, line.material.unit, *shares)
        for line, shares in ((line, [_share(line, number, places) for number in numbers]) for line in lines)
        if any(shares)
    )
    title = _one_line((*titles, tongue("分单明细 {orders}", orders=_span(numbers, letters))), tongue)
    return [Table(columns, rows, title=title)] if rows else []
