"""Rows of the planning board: a planned order with what the run says about it, and what the filters keep."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from models.kernel.vocabulary import EXCEPTION_KINDS, PLAN_KINDS, PLAN_STATUSES
from services.planning import api
from ui.framework.colors import Tone
from ui.framework.grid.columns import Column
from ui.framework.texts import language, listed, tr

STOPPING: Final = frozenset({"no_supplier", "no_bom", "cycle"})
BY_ITEM: Final = frozenset({"no_supplier", "no_bom", "cycle", "expedite", "substitute_used"})


@dataclass(frozen=True, slots=True)
class BoardRow:
    """A planned order on the board."""

    order: api.PlannedOrderRow
    kinds: tuple[str, ...]

    @property
    def id(self) -> int:
        """What identifies the row."""
        return self.order.id

    @property
    def maker(self) -> str:
        """Supplier or workshop."""
        return self.order.supplier_name or self.order.supplier_code or self.order.workshop

    @property
    def words(self) -> str:
        """What the run says about it."""
        late = [tr("晚 {days} 天", days=self.order.late_days)] if self.order.late_days > 0 else []
        return listed([*late, *(tr(EXCEPTION_KINDS[kind]) for kind in self.kinds if kind != "late_start")])

    @property
    def tone(self) -> Tone:
        """Red: cannot be released as it is; orange: late or to be looked at."""
        if STOPPING & set(self.kinds):
            return "danger"
        return "warn" if self.kinds else ""


@dataclass(frozen=True, slots=True)
class BoardFilter:
    """What the clerk wants to see; empty fields do not restrict."""

    kind: str = ""
    status: str = "proposed"
    exception: str = ""
    maker: str = ""

    def keeps(self, row: BoardRow) -> bool:
        """Whether a row is shown."""
        order = row.order
        return (
            (not self.kind or order.kind == self.kind)
            and (not self.status or order.status == self.status)
            and (not self.exception or self.exception in row.kinds)
            and (not self.maker or row.maker == self.maker)
        )


def board_rows(orders: Iterable[api.PlannedOrderRow], exceptions: Sequence[api.ExceptionRow]) -> list[BoardRow]:
    """Planned orders with the exceptions of the order itself and those of its item that concern ordering."""
    of_item: dict[int, list[str]] = defaultdict(list)
    for exception in exceptions:
        if exception.kind in BY_ITEM and exception.kind not in of_item[exception.item_id]:
            of_item[exception.item_id].append(exception.kind)
    made = []
    for order in orders:
        late = ("late_start",) if order.late_days > 0 else ()
        kinds = [kind for kind in of_item.get(order.item_id, ()) if kind != "no_supplier" or not order.supplier_id]
        made.append(BoardRow(order, (*late, *kinds)))
    return made


def plan_columns(today: date) -> tuple[Column, ...]:
    """Columns of the board; dates that have passed are red."""

    def passed(value: Any, row: Any) -> Tone:
        """Too late to begin in time, as long as nothing is released."""
        return "warn" if value is not None and value < today and row.order.status == "proposed" else ""

    return (
        Column("code", "物料", kind="code", width=86, get=lambda row: row.order.item_code),
        Column("name", "名称规格", width=124, get=lambda row: f"{row.order.item_name} {row.order.item_spec}".strip()),
        Column("kind", "建议", kind="choice", choices=PLAN_KINDS, width=46, get=lambda row: row.order.kind),
        Column("quantity", "数量", kind="number", width=66, get=lambda row: row.order.quantity),
        Column("unit", "单位", width=38, get=lambda row: row.order.unit),
        Column("start", "开始", kind="date", width=106, tone=passed, get=lambda row: row.order.start_date),
        Column("due", "需求日", kind="date", width=90, tone=passed, get=lambda row: row.order.due_date),
        Column("words", "例外", width=128, tone=lambda _value, row: row.tone),
        Column("maker", "供应商/车间", width=92),
        Column("number", "计划号", kind="code", width=92, get=lambda row: row.order.number),
        Column("output", "产出", kind="number", width=70, get=lambda row: row.order.output, hidden=True),
        Column("for_order", "按单", kind="flag", get=lambda row: row.order.demand_line_id is not None, hidden=True),
        Column(
            "status", "状态", kind="badge", choices=PLAN_STATUSES, tones={"released": "ok", "proposed": "info"},
            get=lambda row: row.order.status,
        ),
    )  # fmt: skip


EXCEPTION_COLUMNS: Final = (
    Column(
        "kind", "例外", kind="badge", choices=EXCEPTION_KINDS, width=110,
        tone=lambda value, _row: "danger" if value in STOPPING else "warn",
    ),
    Column("code", "物料", kind="code", width=92, get=lambda row: row.item_code),
    Column("sentence", "说明", width=560, get=lambda row: api.exception_sentence(row, language())),
    Column("name", "名称", width=130, get=lambda row: row.item_name),
    Column("document", "单据", kind="code", width=150),
    Column("quantity", "数量", kind="number"),
    Column("from_date", "原日期", kind="date"),
    Column("to_date", "应为", kind="date"),
)  # fmt: skip
