"""The window of one document: head, lines, materials, what came before and after, history; every verb by key."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from functools import partial
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QSplitter, QTabWidget

from models.kernel.problems import Place, Problem
from models.kernel.refs import Changes, DocRef
from services.documents import api
from ui.documents.drafting import draft_of, head_of, row_of
from ui.documents.heading import DocumentHeading
from ui.documents.printing import can_print, print_documents
from ui.documents.side_panel import SidePanel
from ui.documents.source_dialog import SourceDialog
from ui.documents.spec import DocumentSpec
from ui.documents.verbs import Chosen, DocumentVerbs
from ui.framework.actions import Action
from ui.framework.desk import Desk
from ui.framework.form import Form
from ui.framework.grid.columns import Column
from ui.framework.grid.grid import LineGrid
from ui.framework.page import Page
from ui.framework.texts import tr

HEAD_PER_ROW = 5
SIDE_WIDTH = 300


class DocumentPage(Page):
    """ref.id 0 is a new document. A page that was typed into is never overwritten by a broadcast; it says so instead."""

    closes_on_escape = True

    def __init__(self, desk: Desk, spec: DocumentSpec, ref: DocRef) -> None:
        super().__init__(desk, ref.number or tr("新{title}", title=tr(spec.title)), icon_name=spec.icon)
        self.spec = spec
        self.ref = ref
        self.view: api.DocumentView | None = None
        self._client_key = uuid.uuid4().hex
        self._dirty = False
        self._loading = True
        self._lines_touched = False
        self.topics = spec.topics
        self._siblings: tuple[DocRef, ...] = ()
        self.heading = DocumentHeading(spec.title, desk, self)
        self.form = Form(desk, spec.header, across=HEAD_PER_ROW, parent=self)
        self.lines = LineGrid(desk, f"{spec.type}/lines", spec.lines)
        self.materials = LineGrid(desk, f"{spec.type}/materials", spec.materials) if spec.materials else None
        self.side = SidePanel(desk, self)
        self.author_label = QLabel(self)
        self.author_label.setObjectName("faintLabel")
        self._build()
        self.verbs = DocumentVerbs(self, spec, self._chosen, self._open_draft)
        self.add_actions(self._actions())
        self.bar.addWidget(self.author_label)
        self._connect()
        if ref.id:
            self.refs = frozenset({ref})
        else:
            self._show_new()

    # page

    def refresh(self) -> None:
        """Reads the document again unless something was typed."""
        if not self.ref.id:
            return
        if self._dirty:
            self.desk.say(tr("{number} 已被别处改动，保存时会提示", number=self.ref.number))
            return
        self.run_query(partial(api.get_document, self.desk.session.db, self.ref.id), self._show, latest="document")

    def on_shown(self) -> None:
        """A new document starts in its head, a stored one in its lines."""
        if self.ref.id or not self.form.focus_field():
            self.lines.setFocus()

    @property
    def dirty(self) -> bool:
        """Whether something was typed that is not saved."""
        return self._dirty

    def lead_to(self, problem: Problem) -> bool:
        """A refusal's line and field, or a field of the head."""
        place = problem.place
        if place.document and self.ref.number and place.document != self.ref.number:
            return False
        if place.line:
            return self._lead_to_line(place)
        return bool(place.field) and self.form.focus_field(_FIELD_NAMES.get(place.field, place.field))

    def set_siblings(self, refs: Sequence[DocRef]) -> None:
        """The documents of the list this one was opened from: ‹ › go through them."""
        self._siblings = tuple(refs)
        self._show_position()

    def show_draft(self, view: api.DocumentView) -> None:
        """Shows a document that is not saved yet."""
        self._show(view)
        self._dirty = True
        self._lines_touched = True
        self.state_changed.emit()

    # verbs

    def save(self) -> None:
        """保存 Ctrl+S."""
        self._save(partial(self._saved, approve=False))

    def approve(self) -> None:
        """审核 F8: saves first if needed."""
        if self._dirty or not self.ref.id:
            self._save(partial(self._saved, approve=True))
        else:
            self.verbs.approve()

    def create_new(self) -> None:
        """Another new document of this type."""
        self.desk.navigator.open(DocRef(self.spec.type, 0, ""))

    def choose_source(self) -> None:
        """选源单 F9: open source lines are appended."""
        partner = self.form.value("partner_id")
        dialog = SourceDialog(self.desk, self.spec.type, partner, self)
        dialog.taken.connect(self._take_sources)
        dialog.open()

    def print(self) -> None:
        """打印 Ctrl+P."""
        print_documents(self, [self.ref])

    def step(self, places: int) -> None:
        """‹ ›: the next document of the list."""
        if self._dirty or self.ref not in self._siblings:
            return
        place = self._siblings.index(self.ref) + places
        if 0 <= place < len(self._siblings):
            self._become(self._siblings[place])
            self.request_refresh()

    def toggle_side(self) -> None:
        """Ctrl+H: flow and history beside the lines."""
        self.side.setVisible(not self.side.isVisible())

    def undo(self) -> None:
        """Ctrl+Z outside the grid."""
        self.lines.model.undo.undo()

    # parts

    def _build(self) -> None:
        self.body.addWidget(self.heading)
        self.body.addWidget(self.form)
        rows = QSplitter(Qt.Orientation.Vertical, self)
        rows.addWidget(self.lines)
        if self.materials is not None:
            tabs = QTabWidget(self)
            tabs.addTab(self.materials, tr("材料"))
            rows.addWidget(tabs)
            rows.setSizes([130, 330])
        self.split = QSplitter(Qt.Orientation.Horizontal, self)
        self.split.addWidget(rows)
        self.split.addWidget(self.side)
        self.split.setStretchFactor(0, 1)
        self.split.setSizes([1000, SIDE_WIDTH])
        self.side.hide()
        self.body.addWidget(self.split, 1)
        self.lines.model.cell_rule = _cell_rule

    def _connect(self) -> None:
        self.form.changed.connect(self._typed)
        self.form.left.connect(self.lines.setFocus)
        for grid in self._grids():
            grid.model.edited.connect(self._cell_typed)
            grid.changed.connect(self._grid_changed)
            grid.summary.connect(self.selection_summary)
            grid.view.customContextMenuRequested.connect(self.show_context_menu)
        self.lines.model.faults_changed.connect(self._show_faults)
        self.heading.stepped.connect(self.step)
        self.side.opened.connect(self.desk.navigator.open)
        self.heading.opened.connect(self.desk.navigator.open)

    def _grids(self) -> list[LineGrid]:
        return [self.lines] + ([self.materials] if self.materials is not None else [])

    def _actions(self) -> list[Action]:
        editable = self._editable
        made = [
            Action("save", "保存", self.save, "Ctrl+S", "save", lambda: editable() and self._dirty, group="edit"),
            Action(
                "save_enter", "保存", self.save, "Ctrl+Return", where="key", enabled=lambda: editable() and self._dirty
            ),
        ]
        verbs = self.verbs.actions()
        made.append(Action("approve", "审核", self.approve, "F8", "approve", editable, group="audit"))
        made += [action for action in verbs if action.key not in ("approve", "delete", "close", "reopen", "copy")]
        if self.spec.sources:
            made.append(Action("source", "选源单", self.choose_source, "F9", "source", editable, group="push"))
        stored = self._stored
        made += [
            Action("side", "单据流/历史", self.toggle_side, "Ctrl+H", "flow", stored, group="see"),
            Action("print", "打印", self.print, "Ctrl+P", "print", lambda: stored() and can_print(), group="see"),
            Action("new", "新增", self.create_new, "Ctrl+N", "new", group="edit", where="menu"),
            Action(
                "previous", "上一张", partial(self.step, -1), "Ctrl+PgUp", "left", stored, where="menu", group="see"
            ),
            Action("next", "下一张", partial(self.step, 1), "Ctrl+PgDown", "right", stored, where="menu", group="see"),
        ]
        made += [action for action in verbs if action.key in ("copy", "close", "reopen")]
        made += [
            Action(
                "delete",
                "删除",
                self.verbs.delete,
                "",
                "delete",
                lambda: stored() and editable(),
                where="menu",
                group="edit",
            )
        ]
        return made + (self.spec.page_actions(self) if self.spec.page_actions is not None else [])

    def _chosen(self) -> list[Chosen]:
        if self.view is None or not self.ref.id or self._dirty:
            return []
        return [Chosen(self.ref, self.view.version, self.view.status, self.view.closing)]

    def _editable(self) -> bool:
        return self.view is None or self.view.status == "Z"

    def _stored(self) -> bool:
        return bool(self.ref.id)

    # showing

    def _show_new(self) -> None:
        kind = next(iter(self.spec.kinds), "normal")
        self._loading = True
        self.form.set_values({"date": self.desk.session.today(), "kind": kind})
        self.lines.set_rows([])
        if self.materials is not None:
            self.materials.set_read_only(True)
        self.heading.show_new()
        self._loading = False
        self.stale = False

    def _show(self, view: api.DocumentView) -> None:
        if view.ref.id and view.ref.id != self.ref.id:
            return
        self._loading = True
        self.view = view
        editable = view.status == "Z"
        self.form.set_values(head_of(view))
        self.form.set_read_only(not editable)
        self.lines.set_read_only(not editable)
        self.lines.set_rows([row_of(line) for line in view.lines])
        if self.materials is not None:
            self.materials.set_read_only(not editable or not view.materials)
            self.materials.set_rows([row_of(line) for line in view.materials])
        self.heading.show_view(view)
        self.side.show_view(view)
        self._show_authors(view)
        self._dirty = self._lines_touched = self._loading = False
        self._show_position()
        self.state_changed.emit()

    def _show_authors(self, view: api.DocumentView) -> None:
        parts = []
        if view.created_by and view.created_at is not None:
            parts.append(tr("制单 {user} {time}", user=view.created_by, time=_stamp(view.created_at)))
        if view.approved_by and view.approved_at is not None:
            parts.append(tr("审核 {user} {time}", user=view.approved_by, time=_stamp(view.approved_at)))
        if view.print_count:
            parts.append(tr("已打印 {count} 次", count=view.print_count))
        self.author_label.setText("    ".join(parts))

    def _show_position(self) -> None:
        place = self._siblings.index(self.ref) + 1 if self.ref in self._siblings else 0
        self.heading.show_position(place, len(self._siblings))

    def _become(self, ref: DocRef) -> None:
        self.ref = ref
        self.refs = frozenset({ref})
        self.set_title(ref.number)
        self.desk.navigator.rebind(self, ref)

    # typing and saving

    def _typed(self, key: str) -> None:
        del key
        self._set_dirty()

    def _cell_typed(self, row: int, key: str) -> None:
        del row
        if self.sender() is self.lines.model and key in ("item_id", "quantity", "bom_version"):
            self._lines_touched = True
        self._set_dirty()

    def _grid_changed(self) -> None:
        if any(not grid.model.undo.isClean() for grid in self._grids()):
            self._set_dirty()

    def _set_dirty(self) -> None:
        if not self._loading and not self._dirty:
            self._dirty = True
            self.state_changed.emit()

    def _show_faults(self) -> None:
        lines = [
            (tr("第{line}行 {text}", line=row + 1, text=text), Problem("typed", place=Place(line=row + 1, field=key)))
            for row, key, text in self.lines.model.faults()
        ]
        self.refusals.show_lines(lines)

    def _faults(self, rows: Sequence[dict[str, Any]]) -> list[tuple[str, Problem]]:
        found = [(text, Problem("typed", place=Place(field=key))) for key, text in self.form.faults()]
        for row, key, text in self.lines.model.faults():
            found.append(
                (
                    tr("第{line}行 {text}", line=row + 1, text=text),
                    Problem("typed", place=Place(line=row + 1, field=key)),
                )
            )
        for number, values in enumerate(rows, start=1):
            if not values.get("item_id"):
                text = tr("第{line}行没有选物料，请按 F7 选择", line=number)
                found.append((text, Problem("typed", place=Place(line=number, field="item_code"))))
        return found

    def _save(self, on_done: Any) -> None:
        head, rows = self.form.values(), self.lines.rows()
        faults = self._faults(rows)
        if faults:
            self.refusals.show_lines(faults)
            self.refusals.list.setFocus()
            return
        keep = self.materials is not None and self.view is not None and self.view.materials and not self._lines_touched
        materials = self.materials.rows() if keep and self.materials is not None else None
        draft = draft_of(
            self.spec.type, head, rows, materials=materials, client_key=None if self.ref.id else self._client_key
        )
        version = self.view.version if self.view is not None else 0
        db, user, key = self.desk.session.db, self.desk.session.user, self.ref.id
        self.run_command(
            lambda: api.save_document(db, user, draft, doc_id=key, version=version), on_done=on_done, title="保存"
        )

    def _saved(self, result: tuple[DocRef, Changes], *, approve: bool) -> None:
        ref, _ = result
        self._dirty = False
        self._become(ref)
        db, user = self.desk.session.db, self.desk.session.user
        if approve:
            self.run_command(lambda: api.approve(db, user, [ref.id]), title="审核")
        self.request_refresh()

    def _take_sources(self, rows: Sequence[api.SourceRow]) -> None:
        model = self.lines.model
        filled = [row for row in range(model.rowCount()) if not model.is_blank(model.record(row))]
        blank = [row for row in range(model.rowCount()) if row not in filled]
        model.remove_rows(blank)
        taken = {model.record(row).get("source_line_id") for row in range(model.rowCount())}
        fresh = [{**model.blank_row(), **_row_of_source(row)} for row in rows if row.line_id not in taken]
        model.insert_rows(model.rowCount(), fresh)
        self._set_dirty()
        self.lines.setFocus()

    def _open_draft(self, view: api.DocumentView) -> None:
        page = self.desk.navigator.open(DocRef(view.ref.type, 0, ""))
        if isinstance(page, DocumentPage):
            page.show_draft(view)

    def _lead_to_line(self, place: Place) -> bool:
        key = _COLUMN_NAMES.get(place.field, place.field)
        keys = {column.key for column in self.spec.lines}
        if place.line > self.lines.model.rowCount():
            return False
        self.lines.setFocus()
        self.lines.view.select_cell(place.line - 1, key if key in keys else "")
        return True


_FIELD_NAMES = {"partner": "partner_code", "business_date": "date"}
_COLUMN_NAMES = {"item": "item_code", "warehouse": "warehouse_code", "source_line": "source"}


def _cell_rule(row: Any, column: Column) -> bool:
    return column.key != "item_code" or not row.get("source_line_id")


def _row_of_source(row: api.SourceRow) -> dict[str, Any]:
    return {
        "item_id": row.item_id,
        "item_code": row.item_code,
        "item_name": row.item_name,
        "unit": row.unit,
        "quantity": row.left,
        "source_line_id": row.line_id,
        "source": row.ref,
        "source_line_no": row.line_no,
        "due_date": row.due_date,
    }


def _stamp(at: Any) -> str:
    return Column("", "", kind="stamp").show(at)
