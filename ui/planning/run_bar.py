"""The line above the board: which run, and what of it is shown."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any, Final

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLabel, QWidget

from models.kernel.vocabulary import EXCEPTION_KINDS, PLAN_KINDS, PLAN_STATUSES
from services.planning.api import RunRow
from ui.framework.search_field import SearchField
from ui.framework.texts import tr
from ui.planning.plan_rows import BoardFilter, BoardRow

NARROWEST: Final = 60
"""pixels of the search on a small screen, where the choices before it take the line"""


class RunBar(QWidget):
    """Signals: run_wanted(run id), filter_changed(BoardFilter), text_changed(str), left() Enter in the search."""

    run_wanted = Signal(int)
    filter_changed = Signal(object)
    text_changed = Signal(str)
    left = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.runs = self._combo("runChoice", tr("运算"), 210)
        self.kind = self._combo("kindChoice", tr("建议"), 72)
        self.exception = self._combo("exceptionChoice", tr("例外"), 96)
        self.maker = self._combo("makerChoice", tr("供应商/车间"), 96)
        self.status = self._combo("statusChoice", tr("状态"), 96)
        self.search = SearchField(tr("物料、供应商"), self)
        self.search.setToolTip(tr("物料、名称、供应商（Ctrl+F）"))
        self.search.setObjectName("planSearch")
        self.search.setMinimumWidth(NARROWEST)
        self.count = QLabel(self)
        self.count.setObjectName("faintLabel")
        fill(self.kind, {"": "全部", **PLAN_KINDS})
        fill(self.status, {"": "全部", **PLAN_STATUSES})
        self.status.setCurrentIndex(self.status.findData("proposed"))
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(6)
        for title, widget in (
            ("运算", self.runs), ("建议", self.kind), ("例外", self.exception), ("供应商/车间", self.maker),
            ("状态", self.status),
        ):  # fmt: skip
            layout.addWidget(QLabel(tr(title), self))
            layout.addWidget(widget)
        layout.addWidget(self.search, 1)
        layout.addWidget(self.count)
        self.runs.activated.connect(self._run_chosen)
        for combo in (self.kind, self.exception, self.maker, self.status):
            combo.activated.connect(self._changed)
        self.search.wanted.connect(self._text_wanted)
        self.search.returnPressed.connect(self._leave)

    @property
    def filter(self) -> BoardFilter:
        """What is wanted now."""
        return BoardFilter(
            self.kind.currentData() or "",
            self.status.currentData() or "",
            self.exception.currentData() or "",
            self.maker.currentData() or "",
        )

    def filters(self) -> dict[str, Any]:
        """What a scheme keeps: the choices and the text, never the run."""
        wanted = self.filter
        return {
            "kind": wanted.kind, "status": wanted.status, "exception": wanted.exception, "maker": wanted.maker,
            "text": self.search.text(),
        }  # fmt: skip

    def restore(self, state: Mapping[str, Any]) -> None:
        """Chooses what a scheme kept; {} is as declared."""
        declared = BoardFilter()
        maker = str(state.get("maker", declared.maker))
        exception = str(state.get("exception", declared.exception))
        _choose(self.kind, str(state.get("kind", declared.kind)))
        _choose(self.status, str(state.get("status", declared.status)))
        _choose(self.exception, exception, tr(EXCEPTION_KINDS.get(exception, "")))
        _choose(self.maker, maker, maker)
        self.look_for(str(state.get("text", "")))

    def look_for(self, text: str) -> None:
        """Looks for another text at once."""
        self.search.setText(text)
        self.search.hurry()

    def show_runs(self, runs: Sequence[RunRow], current: int) -> None:
        """The stored runs, newest first."""
        self.runs.clear()
        for run in runs:
            self.runs.addItem(run_text(run), run.run_id)
        self.runs.setCurrentIndex(max(0, self.runs.findData(current)))

    def show_choices(self, rows: Sequence[BoardRow]) -> None:
        """Exceptions and makers that occur, with counts; what was chosen stays, with 0 where it no longer occurs."""
        kinds = Counter(kind for row in rows for kind in row.kinds)
        makers = Counter(row.maker for row in rows if row.maker)
        for combo, found in ((self.exception, kinds), (self.maker, makers)):
            if combo.currentData():
                found.setdefault(combo.currentData(), 0)
        words = {kind: f"{tr(EXCEPTION_KINDS[kind])} {count}" for kind, count in kinds.most_common()}
        fill(self.exception, {"": "全部", **words})
        fill(self.maker, {"": "全部", **{maker: f"{maker} {count}" for maker, count in sorted(makers.items())}})

    def show_count(self, shown: int, total: int) -> None:
        """Rows shown of all."""
        self.count.setText(tr("{shown} / {total} 行", shown=f"{shown:,}", total=f"{total:,}"))

    def _combo(self, name: str, title: str, width: int) -> QComboBox:
        combo = QComboBox(self)
        combo.setObjectName(name)
        combo.setAccessibleName(title)
        combo.setMinimumWidth(width)
        combo.setMaximumWidth(max(width + 60, 360 if combo.objectName() == "runChoice" else 0))
        combo.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
        return combo

    def _text_wanted(self) -> None:
        self.text_changed.emit(self.search.text())

    def _leave(self) -> None:
        self.search.hurry()
        self.left.emit()

    def _run_chosen(self) -> None:
        run_id = self.runs.currentData()
        if run_id is not None:
            self.run_wanted.emit(int(run_id))

    def _changed(self) -> None:
        self.filter_changed.emit(self.filter)


def _choose(combo: QComboBox, value: str, word: str = "") -> None:
    """Chooses a value; one that is not among the choices yet joins them under a word, without one it is passed over."""
    if value and word and combo.findData(value) < 0:
        combo.addItem(word, value)
    combo.setCurrentIndex(max(0, combo.findData(value)))


def fill(combo: QComboBox, choices: dict[str, str]) -> None:
    """Other choices; the chosen value stays if it is among them."""
    chosen = combo.currentData()
    combo.clear()
    for value, word in choices.items():
        combo.addItem(tr(word), value)
    combo.setCurrentIndex(max(0, combo.findData(chosen)))


def run_text(run: RunRow) -> str:
    """#38 03-10 08:02 · 起算 03-10 · 12,410 张 · 1.9 s."""
    seconds = sum(run.phases.values())
    orders = run.counts.get("planned_orders", 0)
    parts = [
        f"#{run.run_id}  {run.made_at.astimezone():%m-%d %H:%M}",
        tr("起算 {day}", day=f"{run.start:%m-%d}"),
        tr("{count} 张", count=f"{orders:,}"),
        f"{seconds:.1f} s",
    ]
    return " · ".join([*parts, *([run.note] if run.note else [])])
