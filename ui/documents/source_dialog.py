"""选源单: open lines of earlier documents with what is left, ticked and taken over."""

from __future__ import annotations

from collections.abc import Sequence
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
    Column("partner_name", "往来单位", width=120),
    Column("item_code", "物料", kind="code"),
    Column("item_name", "名称", width=140),
    Column("unit", "单位", width=44),
    Column("quantity", "数量", kind="number"),
    Column("done", "已执行", kind="number"),
    Column("left", "未执行", kind="number", total=True),
)

LIMIT: Final = 500


class SourceDialog(PageDialog):
    """taken(rows): space ticks, Enter or 确定 takes the ticked rows (the current one without ticks)."""

    taken = Signal(object)

    def __init__(self, desk: Desk, type_code: str, partner_id: int | None, parent: QWidget) -> None:
        super().__init__(tr("选源单"), "sourceDialog", parent)
        self.resize(1180, 560)
        self._desk = desk
        self._type = type_code
        self._partner_id = partner_id
        self.search_field = WordEdit("", self)
        self.search_field.setPlaceholderText(tr("单号、物料编码、名称、拼音"))
        self.search_field.setAccessibleName(tr("查找"))
        self.grid = Grid(desk, "sources", COLUMNS, markable=True, key="line_id")
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
        ask = partial(api.open_sources, self._desk.session.db, self._type, text=text, partner_id=partner, limit=LIMIT)
        self._desk.ops.run_query(ask, partial(self._show, text), owner=self, latest="sources")

    def _show(self, text: str, rows: Sequence[api.SourceRow]) -> None:
        self.grid.empty_label.setText(self._why_empty(text))
        self.grid.set_rows(rows)
        self.take.setEnabled(bool(rows))
        hint = tr("空格勾选几行，Enter 带入；数量是还没执行的部分")
        self.note.setText(tr("先列出 {count} 行，其余请按单号或物料查找", count=LIMIT) if len(rows) >= LIMIT else hint)

    def _why_empty(self, text: str) -> str:
        if text:
            return tr("没有未执行完的源单符合“{text}”", text=text)
        if self._partner_id is not None:
            return tr("这个往来单位没有未执行完的源单；清空单头的往来单位，可以看全部")
        return tr("没有未执行完的源单：源单要先审核，还没执行完才列在这里")
