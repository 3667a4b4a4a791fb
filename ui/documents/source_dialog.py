"""选源单: open lines of earlier documents with what is left, ticked and taken over."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Final

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QDialogButtonBox, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from services.documents import api
from ui.framework.desk import Desk
from ui.framework.dialog import PageDialog
from ui.framework.grid.columns import Column
from ui.framework.grid.editors import WordEdit
from ui.framework.grid.grid import Grid
from ui.framework.texts import tr

SEARCH_DELAY_MS = 150

COLUMNS = (
    Column("number", "源单", kind="code", width=168, get=lambda row: row.ref.number),
    Column("line_no", "行", kind="number", width=36),
    Column("business_date", "日期", kind="date"),
    Column("due_date", "交期", kind="date"),
    Column("partner_name", "往来单位", width=100),
    Column("item_code", "物料", kind="code"),
    Column("item_name", "名称", width=120),
    Column("spec", "规格", width=110),
    Column("unit", "单位", width=44),
    Column("quantity", "数量", kind="number", width=72),
    Column("done", "已执行", kind="number", width=72),
    Column("left", "未执行", kind="number", width=72, total=True),
)

LIMIT: Final = 500


@dataclass(frozen=True, slots=True)
class Words:
    """What the dialog says for one sort of kinds: titles of some columns, the hint, and why nothing is listed."""

    titles: Mapping[str, str]
    hint: str
    empty: str
    no_hit: str
    of_partner: str


EXECUTING = Words(
    {},
    "空格勾选几行，Enter 带入；数量是还没执行的部分",
    "没有未执行完的源单：源单要先审核，还没执行完才列在这里",
    "没有未执行完的源单符合“{text}”",
    "这个往来单位没有未执行完的源单；清空单头的往来单位，可以看全部",
)
RETURNING = Words(
    {"done": "已领", "left": "可退"},
    "列出领过、还没退完的料，最近的在前；空格勾选几行，Enter 带入；数量是最多可退的，仓库是领出的仓",
    "没有可退的料：领料单审核以后，领了没退的列在这里",
    "没有可退的料符合“{text}”",
    "这个往来单位没有可退的料；清空单头的往来单位，可以看全部",
)
ADDING = Words(
    {"quantity": "应领", "done": "已领", "left": ""},
    "列出未关闭单据的用料，领完的也在；空格勾选几行，Enter 带入，再填补多少",
    "没有可补的料：审核过、没有关闭的单据，用料列在这里",
    "没有可补的料符合“{text}”",
    "这个往来单位没有可补的料；清空单头的往来单位，可以看全部",
)


def words_for(type_code: str, kind: str) -> Words:
    """The words for a type and kind of document."""
    declared = api.document_type(type_code)
    return RETURNING if kind in declared.returns else ADDING if kind in declared.beyond else EXECUTING


def columns_for(words: Words) -> tuple[Column, ...]:
    """The columns under their titles; one without a title is left out."""
    titled = (replace(column, title=words.titles.get(column.key, column.title)) for column in COLUMNS)
    return tuple(column for column in titled if column.title)


class SourceDialog(PageDialog):
    """taken(rows): space ticks, Enter or 确定 takes the ticked rows (the current one without ticks)."""

    taken = Signal(object)

    def __init__(self, desk: Desk, type_code: str, partner_id: int | None, parent: QWidget, *, kind: str = "") -> None:
        super().__init__(tr("选源单"), "sourceDialog", parent)
        self._kind = kind
        self._words = words_for(type_code, kind)
        self.resize(1180, 560)
        self._desk = desk
        self._type = type_code
        self._partner_id = partner_id
        self.search_field = WordEdit("", self)
        self.search_field.setPlaceholderText(tr("单号、物料编码、名称、拼音"))
        self.search_field.setAccessibleName(tr("查找"))
        layout_name = "sources" if self._words is EXECUTING else f"sources/{kind}"
        self.grid = Grid(desk, layout_name, columns_for(self._words), markable=True, key="key")
        self.grid.opened.connect(self.accept)
        self.grid.search = self.search_field.setText
        self.note = QLabel(self)
        self.note.setObjectName("faintLabel")
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Ok | QDialogButtonBox.StandardButton.Cancel, self)
        self.take = buttons.button(QDialogButtonBox.StandardButton.Ok)
        self.take.setEnabled(False)
        buttons.accepted.connect(self.accept)
        buttons.rejected.connect(self.reject)
        top = QHBoxLayout()
        top.addWidget(QLabel(tr("查找"), self))
        top.addWidget(self.search_field, 1)
        layout = QVBoxLayout(self)
        layout.addLayout(top)
        layout.addWidget(self.grid)
        layout.addWidget(self.note)
        layout.addWidget(buttons)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(SEARCH_DELAY_MS)
        self._timer.timeout.connect(self._read)
        self.search_field.textChanged.connect(self._timer.start)
        self.search_field.returnPressed.connect(self.grid.setFocus)
        self._read()
        self.grid.setFocus()

    def accept(self) -> None:
        """Hands the rows over."""
        rows = self.grid.chosen()
        if rows:
            self.taken.emit(rows)
            super().accept()

    def _read(self) -> None:
        text, partner = self.search_field.text().strip(), self._partner_id
        ask = partial(
            api.open_sources,
            self._desk.session.db,
            self._type,
            kind=self._kind,
            text=text,
            partner_id=partner,
            limit=LIMIT,
        )
        self._desk.ops.run_query(ask, partial(self._show, text), owner=self, latest="sources")

    def _show(self, text: str, rows: Sequence[api.SourceRow]) -> None:
        self.grid.empty_label.setText(self._why_empty(text))
        self.grid.set_rows(rows)
        self.take.setEnabled(bool(rows))
        hint = tr(self._words.hint)
        self.note.setText(tr("先列出 {count} 行，其余请按单号或物料查找", count=LIMIT) if len(rows) >= LIMIT else hint)

    def _why_empty(self, text: str) -> str:
        if text:
            return tr(self._words.no_hit, text=text)
        if self._partner_id is not None:
            return tr(self._words.of_partner)
        return tr(self._words.empty)
