"""Words, tones and places of the work list's kinds."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

from models.kernel.vocabulary import EXCEPTION_KINDS
from services.documents.api import document_type, document_types
from ui.framework.at_need import AtNeed
from ui.framework.colors import Tone
from ui.framework.grid.columns import Column
from ui.framework.grid.layout import SettingsStore
from ui.framework.navigator import AREAS, PageRef
from ui.framework.texts import tr

if TYPE_CHECKING:
    from services.reporting.api import WorkDetail, WorkRow

WORKLIST: Final = AtNeed("services.reporting.api", "worklist")
WORK_DETAILS: Final = AtNeed("services.reporting.api", "work_details")
HIDDEN: Final = "today/hidden"
WORDS: Final = {
    "late": "已逾期", "short": "缺料", "backflush": "待倒冲", "draft": "待审核", "soon": "快到期", "safety": "低于安全",
    "exception": "计划例外",
}  # fmt: skip
TONES: Final[dict[str, Tone]] = {
    "late": "danger", "short": "danger", "backflush": "warn", "draft": "warn", "soon": "info", "safety": "warn",
    "exception": "warn",
}  # fmt: skip
HINTS: Final = {
    "late": "交期已过，还没有做完",
    "short": "要领的料现存不够（每张单各自比较；谁先领在齐套沙盘里排）",
    "backflush": "入库时料不够，倒冲领料单还是草稿；补料后审核，关账前必须处理",
    "draft": "还没有审核，账上还没有",
    "soon": "三天内到期",
    "safety": "可用仓现存低于安全库存",
    "exception": "最近一次运算的例外",
}
BADGES: Final = {
    "todo": ("待办", ("draft", "backflush")),
    "short": ("缺料", ("short", "safety")),
    "late": ("逾期", ("late",)),
}
"""counts in the frame's head: title and the kinds added up"""
TITLES: Final = {"items": "物料"}


def title_of(row: WorkRow) -> str:
    """What the line is about: a document type, an exception, items."""
    return row.title or EXCEPTION_KINDS.get(row.subject, TITLES.get(row.subject, row.subject))


COLUMNS: Final = (
    Column("kind", "事项", kind="badge", width=100, choices=WORDS, tones=TONES),
    Column("title", "内容", width=150, get=lambda row: tr(title_of(row))),
    Column("area", "部门", kind="choice", width=80, choices=AREAS),
    Column("count", "条数", kind="number", width=70),
    Column("first", "最早", kind="date"),
    Column("hint", "说明", width=460, get=lambda row: tr(HINTS[row.kind])),
)


def _late(_value: Any, row: WorkDetail) -> Tone:
    if row.days is None:
        return ""
    return "danger" if row.days < 0 else "warn" if row.days <= 3 else ""


DETAIL_COLUMNS: Final = (
    Column("number", "单号", kind="code", width=170, get=lambda row: row.ref.number if row.ref else ""),
    Column("item_code", "物料", kind="code", width=110),
    Column("item_name", "名称", width=170),
    Column("who", "往来单位／车间", width=190),
    Column("quantity", "数量", kind="number", width=84, tooltip="未完数量、缺料时要领的数量、安全库存"),
    Column("available", "现存", kind="number", width=84),
    Column("day", "日期", kind="date"),
    Column("days", "剩余天", kind="number", width=84, decimals=0, tone=_late),
)


def place_of(row: WorkRow) -> PageRef | None:
    """The filtered list that holds exactly these cases; None where the cases below are the list."""
    if row.kind == "draft":
        kinds = document_type(row.subject).kinds
        normal = tuple(kind for kind in kinds if kind != "backflush") if "backflush" in kinds else ()
        return _list(row.subject, states=("draft",), kinds=normal)
    if row.kind == "backflush":
        return _list(row.subject, states=("draft",), kinds=("backflush",))
    if row.kind in ("late", "soon"):
        return _list(row.subject, states=("approved",), due=row.kind)
    return None


def _list(type_code: str, **arguments: Any) -> PageRef:
    return PageRef(f"{type_code}/list", (("text", ""), *arguments.items()))


def topics() -> frozenset[str]:
    """Everything whose change may change a count."""
    kinds = frozenset().union(*(kind.topics | {kind.code} for kind in document_types()))
    return kinds | {"stock", "items", "mrp_run", "planned_order", "warehouses"}


class Hidden:
    """Lines a clerk has put aside: each comes back when its number changes."""

    def __init__(self, settings: SettingsStore) -> None:
        self._settings = settings
        self._counts: dict[str, int] = _read(settings.load(HIDDEN))

    def __contains__(self, row: WorkRow) -> bool:
        return self._counts.get(row.key) == row.count

    def put_aside(self, row: WorkRow) -> None:
        """Not shown while the number stays."""
        self._counts[row.key] = row.count
        self._store()

    def bring_back(self) -> None:
        """Shows everything again."""
        self._counts.clear()
        self._store()

    def _store(self) -> None:
        self._settings.save(HIDDEN, json.dumps(self._counts) if self._counts else "")


def _read(text: str | None) -> dict[str, int]:
    try:
        found = json.loads(text or "{}")
    except ValueError:
        return {}
    if not isinstance(found, dict):
        return {}
    return {str(key): count for key, count in found.items() if isinstance(count, int)}
