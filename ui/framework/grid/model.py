"""How a grid's cells look and which rows are ticked: data() is a lookup in what the table prepared."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Final

from PySide6.QtCore import QObject, Qt, Signal

from ui.framework.colors import Tone, color, current, tone_color, tone_tint
from ui.framework.grid.columns import Column
from ui.framework.grid.row_model import ROOT, AnyIndex, RowModel
from ui.framework.grid.table import MARK, Prepared, Record
from ui.framework.icons import tone_icon
from ui.framework.texts import tr

__all__ = ["BACKGROUND", "DECORATION", "EDIT", "ROOT", "VALUE", "AnyIndex", "GridModel", "editable_ground"]

DISPLAY: Final = Qt.ItemDataRole.DisplayRole.value
EDIT: Final = Qt.ItemDataRole.EditRole.value
ALIGN: Final = Qt.ItemDataRole.TextAlignmentRole.value
FOREGROUND: Final = Qt.ItemDataRole.ForegroundRole.value
BACKGROUND: Final = Qt.ItemDataRole.BackgroundRole.value
DECORATION: Final = Qt.ItemDataRole.DecorationRole.value
TOOLTIP: Final = Qt.ItemDataRole.ToolTipRole.value
CHECK: Final = Qt.ItemDataRole.CheckStateRole.value
VALUE: Final = Qt.ItemDataRole.UserRole.value
RIGHT: Final = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
LEFT: Final = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
CENTER: Final = Qt.AlignmentFlag.AlignCenter
ANSWERED: Final = frozenset((DISPLAY, EDIT, ALIGN, FOREGROUND, BACKGROUND, DECORATION, TOOLTIP, CHECK, VALUE))
CELL: Final = Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable
TICK: Final = CELL | Qt.ItemFlag.ItemIsUserCheckable


class GridModel(RowModel):
    """Rows shown by the declared columns: texts, colours, marks, and ticks in front.

    columns    the declaration; markable=True puts a tick column in front (space ticks)
    row_tone   tone of a whole row by its record ("muted" for closed ones); a cell's own tone wins
    key        attribute that identifies a record, so that ticks and the current row survive a reload
    """

    marks_changed = Signal()

    def __init__(
        self,
        columns: Sequence[Column],
        *,
        markable: bool = False,
        key: str = "",
        row_tone: Callable[[Record], Tone] | None = None,
        parent: QObject | None = None,
    ) -> None:
        shown = ((MARK,) if markable else ()) + tuple(columns)
        super().__init__(shown, key=key, row_tone=row_tone, parent=parent)
        self._marks: set[Any] = set()
        self._toned = [column.tone is not None or bool(column.tones) or row_tone is not None for column in self.columns]
        self._ticked = frozenset(section for section, column in enumerate(self.columns) if column is MARK)
        self.alignments = [_alignment(column) for column in self.columns]

    # ticks

    def set_records(self, records: Sequence[Record] | Prepared) -> None:
        """Replaces the rows; filters, sorting and ticks (by key) stay."""
        if self._marks:
            rows = records.records if isinstance(records, Prepared) else records
            self._marks &= {self.key_of(record) for record in rows}
        super().set_records(records)
        self.marks_changed.emit()

    @property
    def marked(self) -> bool:
        """Whether anything is ticked."""
        return bool(self._marks)

    def marked_records(self) -> list[Record]:
        """Ticked records in the order shown, those a search hides last; what a column's filter hides is not acted on unseen."""
        if not self._marks:
            return []
        shown = [record for record in self.records() if self.key_of(record) in self._marks]
        seen = {self.key_of(record) for record in shown}
        missing = self._marks - seen
        rest = [i for i, record in enumerate(self.table.records) if self.key_of(record) in missing] if missing else []
        return shown + [self.table.records[i] for i in self.table.filtered(rest)]

    def shown_marks(self) -> int:
        """How many of the rows that the filters leave are ticked."""
        return sum(1 for record in self.records() if self.key_of(record) in self._marks)

    def set_marks(self, rows: Sequence[int], marked: bool | None = None) -> None:
        """Ticks rows; None turns them round, by the first one's state."""
        if not rows:
            return
        keys = [self.key_of(self.record(row)) for row in rows]
        on = (keys[0] not in self._marks) if marked is None else marked
        if on:
            self._marks.update(keys)
        else:
            self._marks.difference_update(keys)
        if self.markable:
            self.dataChanged.emit(self.index(min(rows), 0), self.index(max(rows), 0), [CHECK])
        self.marks_changed.emit()

    def clear_marks(self) -> None:
        """Unticks everything."""
        self._marks.clear()
        if self.markable and self.table.order:
            self.dataChanged.emit(self.index(0, 0), self.index(self.rowCount() - 1, 0), [CHECK])
        self.marks_changed.emit()

    # Qt

    def data(self, cell: AnyIndex, role: int = DISPLAY) -> Any:
        """Prepared strings and colours; other roles return at once (a view asks a dozen for each cell it paints)."""
        if role not in ANSWERED:
            return None
        if role == DISPLAY:
            return self._display(cell)
        if role == ALIGN:
            return self.alignments[cell.column()] if cell.isValid() else None
        if role == FOREGROUND:
            return self._foreground(cell)
        if role == DECORATION:
            return self._decoration(cell)
        if role == BACKGROUND:
            return self._background(cell)
        if role == CHECK:
            return self._check(cell)
        if not cell.isValid():
            return None
        if role == VALUE:
            return self.value(cell.row(), cell.column())
        if role == TOOLTIP:
            return self._tooltip(cell)
        if role == EDIT:
            return self.columns[cell.column()].edit_text(self.value(cell.row(), cell.column()))
        return None

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = DISPLAY) -> Any:
        """Column titles, line numbers."""
        if orientation == Qt.Orientation.Vertical:
            return str(section + 1) if role == DISPLAY else None
        if not 0 <= section < len(self.columns):
            return None
        column = self.columns[section]
        if role == DISPLAY:
            return tr(column.title)
        if role == TOOLTIP:
            return (
                tr(column.tooltip) if column.tooltip else tr("点标题排序，Ctrl+点加一级；漏斗或 Alt+↓ 筛选；右键选列")
            )
        if role == ALIGN:
            return self.alignments[section]
        return None

    def setData(self, cell: AnyIndex, value: Any, role: int = EDIT) -> bool:
        """A list takes nothing but ticks."""
        if role == CHECK and cell.isValid() and self.columns[cell.column()] is MARK:
            self.set_marks([cell.row()], value in (Qt.CheckState.Checked, Qt.CheckState.Checked.value))
            return True
        return False

    def flags(self, cell: AnyIndex) -> Qt.ItemFlag:
        """Cells are selectable; the tick column is checkable."""
        if not cell.isValid():
            return Qt.ItemFlag.NoItemFlags
        return TICK if self.columns[cell.column()] is MARK else CELL

    # one cell

    def bare_text(self, row: int, section: int) -> str | None:
        """The text of a cell that shows nothing else; None of one with a colour, a mark, an icon or a tick."""
        table = self.table
        if row < 0 or section in self._ticked or section in table.rules:
            return None
        i = table.order[row]
        return None if self._toned[section] and table.tone(i, section) else table.texts(i)[section]

    def _display(self, cell: AnyIndex) -> str | None:
        if not cell.isValid():
            return None
        return self.table.texts(self.table.order[cell.row()])[cell.column()]

    def _tone(self, cell: AnyIndex) -> Tone:
        if not cell.isValid() or not (self._toned[cell.column()] or cell.column() in self.table.rules):
            return ""
        return self.table.tone(self.table.order[cell.row()], cell.column())

    def _rule_tone(self, cell: AnyIndex) -> Tone:
        if not cell.isValid() or cell.column() not in self.table.rules:
            return ""
        return self.table.rule_tone(self.table.order[cell.row()], cell.column())

    def _foreground(self, cell: AnyIndex) -> Any:
        tone = self._tone(cell)
        return tone_color(tone) if tone else None

    def _background(self, cell: AnyIndex) -> Any:
        if self.table.rules and (by_rule := self._rule_tone(cell)):
            return tone_tint(by_rule)
        tone = self._tone(cell)
        if tone in ("danger", "warn") and self.columns[cell.column()].tone is not None:
            return tone_tint(tone)
        return None

    def _decoration(self, cell: AnyIndex) -> Any:
        if not cell.isValid():
            return None
        if self.table.rules and (by_rule := self._rule_tone(cell)):
            return tone_icon(by_rule)
        column = self.columns[cell.column()]
        if column.tone is None and not column.tones:
            return None
        tone = self._tone(cell)
        if not tone or not self._display(cell):
            return None
        return tone_icon(tone, dot=column.kind == "badge")

    def _check(self, cell: AnyIndex) -> Any:
        if not cell.isValid() or self.columns[cell.column()] is not MARK:
            return None
        marked = self.key_of(self.record(cell.row())) in self._marks
        return Qt.CheckState.Checked if marked else Qt.CheckState.Unchecked

    def _tooltip(self, cell: AnyIndex) -> Any:
        return self.text(cell.row(), cell.column()) or None


def _alignment(column: Column) -> Qt.AlignmentFlag:
    if column.numeric:
        return RIGHT
    if column.kind == "flag":
        return CENTER
    return LEFT


def editable_ground() -> Any:
    """Ground colour of a cell that can be typed into."""
    return color(current().editable)
