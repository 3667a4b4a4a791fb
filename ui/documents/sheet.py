"""What is typed into a document: head, lines, materials; it knows what was touched and where a refusal points."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtWidgets import QSplitter, QTabWidget, QVBoxLayout, QWidget

from models.kernel.problems import Place, Problem
from services.documents.api import DocDraft, DocumentView
from ui.documents.drafting import HEAD_KEYS, draft_of, head_of, row_of
from ui.documents.spec import DocumentSpec
from ui.documents.states import is_void
from ui.documents.taking import gives_back
from ui.framework.desk import Desk
from ui.framework.form import Form
from ui.framework.grid.columns import Column
from ui.framework.grid.grid import LineGrid
from ui.framework.texts import tr

HEAD_PER_ROW: Final = 5
FIELD_NAMES: Final = {"partner": "partner_code", "business_date": "date"}
COLUMN_NAMES: Final = {"item": "item_code", "warehouse": "warehouse_code", "source_line": "source"}
CHANGING_HEAD: Final = ("workshop", "note")
MATERIAL: Final = "material"
RECALCULATES: Final = frozenset({"item_id", "quantity", "bom_version"})

Faults = list[tuple[str, Problem]]


@dataclass(frozen=True, slots=True)
class SheetState:
    """Everything that is typed, as it stands, without closing the open cell."""

    head: dict[str, Any]
    lines: list[dict[str, Any]]
    materials: list[dict[str, Any]]
    kept_materials: bool
    recalculate: bool
    typed_materials: bool = False


class DocumentSheet(QWidget):
    """typed() at the first change after loading, edited() at every one; typing_changed() when an open cell begins or ceases to hold
    what is not committed; summary(count, sum) of a selection; menu_wanted(global place).
    """

    typed = Signal()
    typing_changed = Signal()
    edited = Signal()
    summary = Signal(int, object)
    menu_wanted = Signal(QPoint)

    def __init__(self, desk: Desk, spec: DocumentSpec, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.spec = spec
        self.touched = False
        self.changing = False
        self._loading = True
        self._recalculate = False
        self._kept_materials = False
        self._restored_materials = False
        self.form = Form(desk, spec.header, across=HEAD_PER_ROW, parent=self)
        self.lines = LineGrid(desk, f"{spec.type}/lines", spec.lines)
        self.lines.model.cell_rule = self._cell_rule
        self.lines.model.from_source = not spec.typed
        self.materials = LineGrid(desk, f"{spec.type}/materials", spec.materials) if spec.materials else None
        self._build()
        self._connect()

    @property
    def grids(self) -> list[LineGrid]:
        """The line editors."""
        return [self.lines] + ([self.materials] if self.materials is not None else [])

    @property
    def typing(self) -> bool:
        """Whether an open cell holds what is not committed yet."""
        return any(grid.typing for grid in self.grids)

    def give_up(self) -> None:
        """Nothing that was typed is to be saved."""
        for grid in self.grids:
            grid.lines_view.drop_editing()
        self.touched = False

    def show_new(self, **head: Any) -> None:
        """An empty document with the given head values."""
        self._loading = True
        self.form.set_values(head)
        self.lines.set_rows([])
        if self.materials is not None:
            self.materials.set_read_only(True)
        self._loading = self.touched = False

    def show_view(self, view: DocumentView) -> None:
        """A stored document, or a draft that is not saved; typing is possible only while it is neither approved nor void."""
        self._loading = True
        self.changing = False
        editable = view.status == "Z" and not is_void(view)
        self.form.set_values(head_of(view))
        self.form.set_read_only(not editable)
        self.lines.set_read_only(not editable)
        draws_nothing = not editable or gives_back(self.spec.type, view.kind)
        self.lines.set_rows([{**row_of(line), "draws_nothing": draws_nothing} for line in view.lines])
        if self.materials is not None:
            self.materials.set_read_only(not editable or not view.materials)
            self.materials.set_rows([row_of(line) for line in view.materials])
        self._kept_materials = bool(view.materials)
        self._recalculate = not view.ref.id
        self._loading = self.touched = self._restored_materials = False

    def allow_change(self) -> None:
        """An approved order may be typed into: its lines and materials, and the head but for what it is."""
        self.changing = True
        self.form.set_read_only(False, but=CHANGING_HEAD)
        for grid in self.grids:
            grid.set_read_only(False)

    def change_draft(self) -> DocDraft:
        """What is typed into an approved order; materials only if one of them was typed into, else they follow."""
        head, rows = self.form.values(), self.lines.rows()
        return draft_of(self.spec.type, head, rows, materials=self._sent_materials(), renumber=False)

    def check(self) -> Faults:
        """Everything that cannot be sent to the services yet, with the place it stands."""
        faults = self.form.faults()
        for grid in self.grids:
            grid.lines_view.finish_editing()
        found = [(text, Problem("typed", place=Place(field=key))) for key, text in faults]
        found += self.line_faults()
        for row in _without_item(self.lines):
            text = tr("第{line}行没有选物料，请按 F7 选择", line=row + 1)
            found.append((text, Problem("typed", place=Place(line=row + 1, field="item_code"))))
        if self.materials is not None and self._sent_materials() is not None:
            for row in _without_item(self.materials):
                text = tr("材料第{line}行没有选物料，请按 F7 选择", line=row + 1)
                found.append((text, Problem("typed", place=Place(line=row + 1, field="item_code", role=MATERIAL))))
        return found

    def line_faults(self) -> Faults:
        """Cells that could not be read."""
        found = [
            (tr("第{line}行 {text}", line=row + 1, text=text), Problem("typed", place=Place(line=row + 1, field=key)))
            for row, key, text in self.lines.model.faults()
        ]
        for row, key, text in self.materials.model.faults() if self.materials is not None else ():
            sentence = tr("材料第{line}行 {text}", line=row + 1, text=text)
            found.append((sentence, Problem("typed", place=Place(line=row + 1, field=key, role=MATERIAL))))
        return found

    def lines_taken(self) -> None:
        """Lines were taken over from elsewhere: materials are worked out again, and the keys go to them."""
        self._recalculate = True
        self._touch()
        self.lines.setFocus()

    def draft(self, *, client_key: str | None) -> DocDraft:
        """What is typed, as a draft. Materials are worked out again when product, quantity or version changed."""
        head, rows = self.form.values(), self.lines.rows()
        return draft_of(self.spec.type, head, rows, materials=self._sent_materials(), client_key=client_key)

    def _sent_materials(self) -> list[dict[str, Any]] | None:
        """The materials as typed; None where they are worked out again, or follow what is changed."""
        sent = self._typed_materials() if self.changing else self._kept_materials and not self._recalculate
        return self.materials.rows() if sent and self.materials is not None else None

    def state(self) -> SheetState:
        """What is typed so far, to be kept."""
        materials = self.materials.model.lines() if self.materials is not None else []
        head = {key: self.form.value(key) for key in HEAD_KEYS}
        return SheetState(
            head, self.lines.model.lines(), materials, self._kept_materials, self._recalculate, self._typed_materials()
        )

    def restore(self, state: SheetState) -> None:
        """Shows what was kept; it counts as typed."""
        self._loading = True
        self.form.set_values(state.head)
        self.lines.set_rows(state.lines)
        if self.materials is not None:
            self.materials.set_read_only(not state.materials)
            self.materials.set_rows(state.materials)
        self._kept_materials, self._recalculate = state.kept_materials, state.recalculate
        self._restored_materials = state.typed_materials
        self._loading = False
        self._touch()

    def lead_to(self, place: Place) -> bool:
        """Puts the focus on a cell of the lines or the materials, on the lines, or on a field of the head."""
        if not place.line and place.field != "lines":
            return bool(place.field) and self.form.focus_field(FIELD_NAMES.get(place.field, place.field))
        grid = self.materials if place.role == MATERIAL else self.lines
        row = self._row_at(grid, place.line) if grid is not None and place.line else 0
        if grid is None or row >= grid.model.rowCount():
            return False
        key = COLUMN_NAMES.get(place.field, place.field)
        known = any(column.key == key for column in grid.model.columns)
        grid.setFocus()
        grid.view.select_cell(row, key if known else "")
        return True

    def _typed_materials(self) -> bool:
        """Whether a material was typed into, now or before what was kept was restored."""
        return self._restored_materials or (self.materials is not None and self.materials.model.undo.canUndo())

    def _row_at(self, grid: LineGrid, line: int) -> int:
        """The row of a line number: rows are numbered as they stand, unless an approved order is changed and keeps its numbers."""
        if not self.changing:
            return line - 1
        stored = [record["line_no"] if record.get("id") else 0 for record in grid.model.records()]
        if line in stored:
            return stored.index(line)
        fresh = [row for row, number in enumerate(stored) if not number]
        place = line - max(stored, default=0) - 1
        return fresh[place] if 0 <= place < len(fresh) else len(stored)

    def _cell_rule(self, row: Any, column: Column) -> bool:
        fixed = row.get("source_line_id") or (self.changing and row.get("id"))
        return column.key != "item_code" or not fixed

    def _build(self) -> None:
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(4)
        layout.addWidget(self.form)
        rows = QSplitter(Qt.Orientation.Vertical, self)
        rows.addWidget(self.lines)
        if self.materials is not None:
            tabs = QTabWidget(self)
            self.materials.empty_label.setText(tr("保存时按 BOM 算出材料"))
            tabs.addTab(self.materials, tr("材料"))
            rows.addWidget(tabs)
            rows.setSizes([130, 330])
        layout.addWidget(rows, 1)

    def _connect(self) -> None:
        self.form.changed.connect(self._touch)
        self.form.typing.connect(self._touch)
        self.form.left.connect(self.lines.setFocus)
        self.lines.model.edited.connect(self._line_typed)
        for grid in self.grids:
            grid.model.undo.indexChanged.connect(self._stepped)
            grid.typing_changed.connect(self.typing_changed)
            grid.summary.connect(self.summary)
            grid.view.customContextMenuRequested.connect(self._menu)

    def _line_typed(self, row: int, key: str) -> None:
        del row
        self._recalculate = self._recalculate or (key in RECALCULATES and not self._loading)

    def _stepped(self, step: int) -> None:
        if step:
            self._touch()

    def _touch(self) -> None:
        if self._loading:
            return
        if not self.touched:
            self.touched = True
            self.typed.emit()
        self.edited.emit()

    def _menu(self, place: QPoint) -> None:
        view = self.sender()
        if hasattr(view, "viewport"):
            self.menu_wanted.emit(view.viewport().mapToGlobal(place))


def _without_item(grid: LineGrid) -> list[int]:
    """Rows that are filled but for the item."""
    model = grid.model
    return [
        row for row, record in enumerate(model.records()) if not record.get("item_id") and not model.is_blank(record)
    ]
