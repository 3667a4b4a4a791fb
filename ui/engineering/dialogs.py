"""反查, 比较版本 and 综合展开: three lists over the tree."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QButtonGroup,
    QComboBox,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QRadioButton,
    QVBoxLayout,
    QWidget,
)

from models.kernel.numbers import plain
from models.kernel.vocabulary import ISSUE_METHODS, SUPPLIED_BY
from services.engineering import api
from ui.framework.desk import Desk
from ui.framework.dialog import PageDialog, closing_row
from ui.framework.grid.columns import Column
from ui.framework.grid.grid import Grid
from ui.framework.grid.typing_rules import parse_decimal
from ui.framework.navigator import RecordRef
from ui.framework.texts import listed, tr

USAGE_PLACES = 8
MODES = {"multi": "多级", "single": "直接上级", "top": "最终产品"}
STATES = {"approved": "已审核", "draft": "未审核", "disabled": "已禁用", "none": "未建清单", "leaf": ""}
CHANGES = {"added": "新增", "removed": "删除", "changed": "修改"}
FIELD_WORDS = {
    "usage": "用量", "scrap_rate": "损耗率", "scrap_fixed": "固定损耗", "issue": "发料", "skip_level": "跳层",
    "key_part": "关键件", "supplied_by": "供料", "warehouse_id": "发料仓", "valid_from": "生效日", "valid_to": "失效日",
    "position": "位置", "note": "备注",
}  # fmt: skip
USED_COLUMNS = (
    Column("level", "级", kind="number", width=36),
    Column("code", "上级物料", kind="code", width=130, get=lambda row: row.item.code),
    Column("name", "名称规格", width=190, get=lambda row: f"{row.item.name} {row.item.spec}".strip()),
    Column("version_code", "版本", width=60),
    Column("state", "状态", kind="badge", choices=STATES, tones={"approved": "ok", "draft": "muted"}),
    Column("current", "现用", kind="flag"),
    Column("via", "经由", kind="code", width=110),
    Column(
        "usage",
        "单层用量",
        kind="number",
        width=84,
        get=lambda row: share_of(row.line),
        shown=lambda row: usage_of(row.line),
    ),
    Column("total", "合计用量", kind="number", width=90, tooltip="每个上级合计用到本物料多少，含损耗"),
    Column("on_hand", "现存", kind="number", get=lambda row: row.item.on_hand),
)
SUMMARY_COLUMNS = (
    Column("level", "低层码", kind="number", width=52),
    Column("code", "物料", kind="code", width=120, get=lambda row: row.item.code),
    Column("name", "名称规格", width=200, get=lambda row: f"{row.item.name} {row.item.spec}".strip()),
    Column("unit", "单位", width=44, get=lambda row: row.item.unit),
    Column("quantity", "用量", kind="number", width=110),
    Column("planned", "取整后", kind="number", width=90),
    Column("on_hand", "现存", kind="number", get=lambda row: row.item.on_hand),
    Column("short", "缺", kind="number", tone=lambda value, _row: "danger" if value else ""),
    Column("supplied_by", "供料", kind="choice", choices=SUPPLIED_BY, width=56),
    Column("drawn", "领料", kind="choice", choices={True: "领", False: "不领"}, width=48),
    Column("state", "清单", kind="badge", choices=STATES, tones={"none": "warn", "draft": "muted"}),
)
DIFFERENCE_COLUMNS = (
    Column(
        "change", "变化", kind="badge", choices=CHANGES, tones={"added": "ok", "removed": "danger", "changed": "warn"}
    ),
    Column("code", "子件", kind="code", width=120, get=lambda row: row.item.code),
    Column("name", "名称规格", width=180, get=lambda row: f"{row.item.name} {row.item.spec}".strip()),
    Column("position", "位置", width=60),
    Column("before", "变更前", width=230, get=lambda row: _described(row.before, row.fields)),
    Column("after", "变更后", width=230, get=lambda row: _described(row.after, row.fields)),
)


def share_of(line: api.BomLine) -> Decimal:
    """The usage as one figure, to be sorted and filtered by."""
    return round(line.numerator / line.denominator, USAGE_PLACES)


def usage_of(line: api.BomLine) -> str:
    """12, or 1/100."""
    denominator = "" if line.denominator == 1 else f"/{plain(line.denominator)}"
    return f"{plain(line.numerator)}{denominator}"


def _described(line: api.BomLine | None, fields: Sequence[str]) -> str:
    if line is None:
        return ""
    return listed((f"{tr(FIELD_WORDS[key])} {_field(line, key)}" for key in fields or ("usage", "scrap_rate")), "，")


def _field(line: api.BomLine, key: str) -> str:
    if key == "usage":
        return usage_of(line)
    value = getattr(line, key)
    if key == "scrap_rate":
        return f"{plain(value * 100)}%"
    if key in ("issue", "supplied_by"):
        return tr({**ISSUE_METHODS, **SUPPLIED_BY}[value])
    if isinstance(value, bool):
        return tr("是") if value else tr("否")
    if isinstance(value, Decimal):
        return plain(value)
    return str(value) if value not in (None, "") else tr("无")


class _ListDialog(PageDialog):
    """A line of choices over a grid; Enter on a row opens the item's bill."""

    def __init__(self, desk: Desk, name: str, title: str, columns: Sequence[Column], parent: QWidget) -> None:
        super().__init__(title, name, parent)
        self.resize(1000, 520)
        self.desk = desk
        self.top = QHBoxLayout()
        self.count = QLabel(self)
        self.count.setObjectName("faintLabel")
        self.grid = Grid(desk, name, columns)
        self.grid.opened.connect(self._open)
        layout = QVBoxLayout(self)
        layout.addLayout(self.top)
        layout.addWidget(self.grid, 1)
        layout.addWidget(closing_row(self))

    def show_rows(self, rows: Sequence[object]) -> None:
        """Fills the grid."""
        self.grid.set_rows(rows)
        self.count.setText(tr("共 {count} 行", count=len(rows)))

    def _open(self, row: object) -> None:
        item = getattr(row, "item", None)
        if item is not None and item.kind in api.MADE_KINDS:
            self.accept()
            self.desk.navigator.open(RecordRef("bom", item.code))


class WhereUsedDialog(_ListDialog):
    """反查: where an item is used, one level, all levels, or end products only."""

    def __init__(self, desk: Desk, item: api.ItemRow, parent: QWidget) -> None:
        super().__init__(desk, "whereUsed", tr("反查 {item}", item=item.label), USED_COLUMNS, parent)
        self._item = item
        self.grid.empty_label.setText(tr("没有清单用到这个物料"))
        self.modes = QButtonGroup(self)
        for number, (mode, word) in enumerate(MODES.items()):
            button = QRadioButton(f"{tr(word)}(&{number + 1})", self)
            button.setObjectName(f"mode_{mode}")
            button.setProperty("mode", mode)
            button.setChecked(number == 0)
            self.modes.addButton(button)
            self.top.addWidget(button)
        self.top.addStretch(1)
        self.top.addWidget(self.count)
        self.modes.buttonClicked.connect(self.read)
        self.read()
        self.grid.setFocus()

    def read(self) -> None:
        """Asks again."""
        checked = self.modes.checkedButton()
        mode = str(checked.property("mode")) if checked is not None else "multi"
        session = self.desk.session
        ask = partial(api.where_used, session.db, self._item.id, mode=mode, day=session.today())
        self.desk.ops.run_query(ask, self.show_rows, owner=self, latest="used")


class SummaryDialog(_ListDialog):
    """综合展开: everything a quantity takes at the lowest level."""

    def __init__(self, desk: Desk, item: api.ItemRow, parent: QWidget) -> None:
        super().__init__(desk, "bomSummary", tr("综合展开 {item}", item=item.label), SUMMARY_COLUMNS, parent)
        self._item = item
        self.quantity = QLineEdit("1", self)
        self.quantity.setFixedWidth(90)
        self.quantity.setAlignment(Qt.AlignmentFlag.AlignRight)
        self.quantity.setAccessibleName(tr("数量"))
        self.quantity.setObjectName("summaryQuantity")
        self.quantity.returnPressed.connect(self.read)
        self.top.addWidget(QLabel(tr("数量"), self))
        self.top.addWidget(self.quantity)
        self.top.addWidget(QLabel(tr("{unit}，回车重算", unit=item.unit), self))
        self.top.addStretch(1)
        self.top.addWidget(self.count)
        self.read()
        self.quantity.setFocus()
        self.quantity.selectAll()

    def read(self) -> None:
        """Explodes the quantity again; what is no number is said beside it."""
        try:
            quantity = parse_decimal(self.quantity.text(), 6)
        except ValueError as fault:
            self.count.setText(str(fault))
            return
        session = self.desk.session
        ask = partial(api.summarised, session.db, self._item.id, quantity, day=session.today())
        self.desk.ops.run_query(ask, self.show_rows, owner=self, latest="summary")


class CompareDialog(_ListDialog):
    """比较版本: what differs from one version to another."""

    opened_version = Signal(str)

    def __init__(self, desk: Desk, item: api.ItemRow, heads: Sequence[api.BomHead], parent: QWidget) -> None:
        super().__init__(desk, "bomCompare", tr("比较版本 {item}", item=item.label), DIFFERENCE_COLUMNS, parent)
        self.grid.empty_label.setText(tr("这两个版本没有不同"))
        self.before, self.after = QComboBox(self), QComboBox(self)
        for box in (self.before, self.after):
            for head in heads:
                box.addItem(f"{head.version_code} {tr(STATES[head.state])}", head.id)
            box.currentIndexChanged.connect(self.read)
        self.before.setAccessibleName(tr("变更前版本"))
        self.after.setAccessibleName(tr("变更后版本"))
        self.before.setCurrentIndex(min(1, len(heads) - 1))
        self.top.addWidget(QLabel(tr("从"), self))
        self.top.addWidget(self.before)
        self.top.addWidget(QLabel(tr("到"), self))
        self.top.addWidget(self.after)
        self.top.addStretch(1)
        self.top.addWidget(self.count)
        self.read()
        self.grid.setFocus()

    def read(self) -> None:
        """Compares the two chosen versions."""
        a, b = self.before.currentData(), self.after.currentData()
        if a is None or b is None:
            return
        ask = partial(api.compare, self.desk.session.db, a, b)
        self.desk.ops.run_query(ask, self.show_rows, owner=self, latest="compare")
