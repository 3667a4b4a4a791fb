"""The form of one master record, with its history."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import Any

from PySide6.QtWidgets import QDialog

from models.kernel.problems import Place, Problem
from models.kernel.refs import Changes
from services.masterdata import api
from ui.documents.history import history_grid
from ui.documents.rights import of_record
from ui.documents.spec import RecordSpec
from ui.documents.verbs import confirm
from ui.framework.actions import Action
from ui.framework.desk import Desk
from ui.framework.form import Form
from ui.framework.later import Later
from ui.framework.navigator import RecordRef
from ui.framework.page import Page
from ui.framework.texts import tr

FIND_LIMIT = 50


class RecordPage(Page):
    """RecordRef.code "" is a new record. The key is fixed once it is saved."""

    closes_on_escape = True

    def __init__(self, desk: Desk, spec: RecordSpec, ref: RecordRef) -> None:
        title = f"{tr(spec.title)} {ref.code}" if ref.code else tr("新{title}", title=tr(spec.title))
        super().__init__(desk, title, icon_name=spec.icon)
        self.spec = spec
        self.ref = ref
        self.topics = frozenset({spec.kind})
        self.rights = of_record(spec.kind)
        self.record_id = 0
        self._dirty = False
        self.form = Form(desk, spec.fields, across=spec.across, parent=self)
        titles = {field.key: field.title for field in spec.fields}
        words = {field.key: field.choices for field in spec.fields if field.choices}
        self.history = Later(partial(history_grid, desk, "record/history", titles, words), self)
        self.body.addWidget(self.form)
        self.body.addSpacing(6)
        self.body.addWidget(self.history, 1)
        self.body.addStretch(0)
        self.history.setVisible(bool(ref.code))
        self.form.changed.connect(self._typed)
        self.form.typing.connect(self._typed)
        self.form.left.connect(self.save)
        self.add_actions(self._actions())
        self.form.set_values({field.key: field.default for field in spec.fields})

    def refresh(self) -> None:
        """Reads the record again unless something was typed."""
        if self.ref.code and not self._dirty:
            self._read()

    def _read(self) -> None:
        ask = partial(
            api.list_records, self.desk.session.db, self.spec.kind, text=self._search_text(), limit=FIND_LIMIT
        )
        self.run_query(ask, self._found, latest="record")

    def item_code(self) -> str:
        """The item whose form this is."""
        return self.ref.code if self.spec.kind == "items" else super().item_code()

    def on_shown(self) -> None:
        """The first field of a new record, the second of a known one."""
        self.form.focus_field("" if not self.ref.code else self._first_open_field())

    @property
    def dirty(self) -> bool:
        """Whether something was typed that is not saved."""
        return self._dirty

    def lead_to(self, problem: Problem) -> bool:
        """The field a refusal speaks of."""
        return self.form.focus_field(problem.place.field or problem.place.column)

    def show_problems(self, problems: Sequence[Problem]) -> None:
        """A form needs no sheet and row before the sentence."""
        self.refusals.show_lines([(self.desk.sentence(replace(p, place=Place())), p) for p in problems])

    def show_record(self, record_id: int, values: Mapping[str, Any]) -> None:
        """Shows a stored record; what was typed while it was read or saved stays."""
        self.record_id = record_id
        self.history.setVisible(bool(record_id))
        if not self._dirty:
            self.form.set_values(values)
        for key in self.spec.key:
            editor = self.form.editors[key]
            if hasattr(editor, "setReadOnly"):
                editor.setReadOnly(bool(self.ref.code))
        if record_id:
            self.run_query(
                partial(api.record_history, self.desk.session.db, self.spec.kind, record_id),
                self._show_history,
                latest="history",
            )
        self.state_changed.emit()

    def show_copy(self, values: Mapping[str, Any]) -> None:
        """A new record with the values of another; the key is to be typed."""
        copied = [field for field in self.spec.fields if field.key not in self.spec.key]
        self.form.set_values({key: values.get(key) for field in copied for key in (field.key, *field.fills)})
        self._dirty = True
        self.form.focus_field(self.spec.key[0])
        self.state_changed.emit()

    def save(self) -> None:
        """保存 Ctrl+S."""
        values = self.form.values()
        faults = [(text, Problem("typed", place=Place(field=key))) for key, text in self.form.faults()]
        if faults:
            self.refusals.show_lines(faults)
            self.refusals.list.setFocus()
            return
        if not self._dirty:
            return
        row = {field.key: _blank_to_none(values.get(field.key)) for field in self.spec.fields if field.editable}
        db, user, kind = self.desk.session.db, self.desk.session.user, self.spec.kind
        code = " ".join(str(values.get(key) or "") for key in self.spec.key)
        self._dirty = False
        self.run_command(
            lambda: api.save_records(db, user, kind, [row]),
            on_done=partial(self._saved, code),
            on_refused=self._not_saved,
            title="保存",
        )

    def delete(self) -> None:
        """删除."""
        if self.record_id and confirm(self, tr("删除"), tr("删除 {title}？", title=self.title)):
            db, user = self.desk.session.db, self.desk.session.user
            delete = partial(api.delete_record, db, user, self.spec.kind, self.record_id)
            self.run_command(delete, on_done=self._deleted, title="删除")

    def create_new(self) -> None:
        """新增."""
        self.desk.navigator.open(RecordRef(self.spec.kind))

    def _actions(self) -> list[Action]:
        return [
            Action("save", "保存", self.save, "Ctrl+S", "save", lambda: self._dirty, group="edit"),
            Action("save_enter", "保存", self.save, "Ctrl+Return", where="key", enabled=lambda: self._dirty),
            Action("new", "新增", self.create_new, "Ctrl+N", "new", group="edit"),
            Action("delete", "删除", self.delete, "", "delete", lambda: bool(self.record_id), group="edit"),
        ]

    def _typed(self, key: str) -> None:
        del key
        if not self._dirty:
            self._dirty = True
            self.state_changed.emit()

    def _saved(self, code: str, result: tuple[api.Upserted, Changes]) -> None:
        del result
        self.ref = RecordRef(self.spec.kind, code)
        self.set_title(f"{tr(self.spec.title)} {code}")
        self.stored.emit(code)
        # Over a look-up the form is no tab: it closes with its answer.
        if not isinstance(self.window(), QDialog):
            self.desk.navigator.rebind(self, self.ref)
            self._read()
            self.state_changed.emit()

    def _not_saved(self, problems: Sequence[Problem]) -> None:
        self._dirty = True
        self.state_changed.emit()
        self.show_problems(problems)

    def _deleted(self, result: Changes) -> None:
        del result
        self._dirty = False
        self.close_wanted.emit()

    def _found(self, found: api.RecordList) -> None:
        for record in found.rows:
            if " ".join(str(record.values.get(key) or "") for key in self.spec.key) == self.ref.code:
                self.show_record(record.id, record.values)
                return

    def _show_history(self, rows: Sequence[Any]) -> None:
        self.history.fill(lambda grid: grid.set_rows(list(rows)))

    def _search_text(self) -> str:
        return self.ref.code.split(" ")[0]

    def _first_open_field(self) -> str:
        return next((field.key for field in self.spec.fields if field.editable and field.key not in self.spec.key), "")


def _blank_to_none(value: Any) -> Any:
    return None if value == "" else value
