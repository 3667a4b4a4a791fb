"""系统参数: every parameter with its meaning in one form; what is left at its default is not stored."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

from models.kernel.numbers import plain
from models.kernel.problems import Place, Problem
from services.masterdata import api
from ui.framework.actions import Action
from ui.framework.desk import Desk
from ui.framework.form import Form
from ui.framework.grid.columns import Column
from ui.framework.lookup import LookupRow, LookupSource, hit_of
from ui.framework.page import Page

LOOKUPS = {"default_warehouse": "warehouses"}
ACROSS = 2


class ParametersPage(Page):
    """The form is made when the parameters have been read for the first time."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk, "系统参数", icon_name="settings")
        self.topics = frozenset({"parameters"})
        self.form: Form | None = None
        self._before: dict[str, str] = {}
        self._dirty = False
        self.add_actions(
            [
                Action("save", "保存", self.save, "Ctrl+S", "save", lambda: self._dirty),
                Action("back", "放弃修改", self.discard, "", "reverse", lambda: self._dirty),
            ]
        )

    def refresh(self) -> None:
        """Reads the values again unless something was typed."""
        if not self._dirty:
            sources = {
                key: source for key, name in LOOKUPS.items() if (source := self.desk.lookups.get(name)) is not None
            }
            self.run_query(partial(_read, self.desk.session.db, sources), self._show, latest="parameters")

    @property
    def dirty(self) -> bool:
        """Whether something was typed that is not saved."""
        return self._dirty

    def lead_to(self, problem: Problem) -> bool:
        """The field a refusal speaks of: the row's number among those sent, else its key."""
        return self.form is not None and self.form.focus_field(problem.place.field)

    def save(self) -> None:
        """Sends what was changed."""
        if self.form is None:
            return
        faults = [(text, Problem("typed", place=Place(field=key))) for key, text in self.form.faults()]
        if faults:
            self.refusals.show_lines(faults)
            return
        changed = {key: text for key, text in self._texts(self.form).items() if text != self._before.get(key)}
        rows = [{"key": key, "value": text} for key, text in changed.items()]
        session = self.desk.session
        self._dirty = False
        self.run_command(
            partial(api.save_records, session.db, session.user, "parameters", rows),
            on_done=partial(self._saved, changed),
            on_refused=self._not_saved,
            title="保存",
        )

    def discard(self) -> None:
        """Shows the stored values again."""
        self._dirty = False
        self.request_refresh()

    def _show(self, answer: tuple[Sequence[tuple[api.ParameterSpec, str]], Mapping[str, str]]) -> None:
        found, names = answer
        if self.form is None:
            self.form = Form(self.desk, [_field(spec) for spec, _ in found], across=ACROSS, parent=self)
            self.form.changed.connect(self._typed)
            self.form.typing.connect(self._typed)
            self.form.left.connect(self.save)
            self.body.insertWidget(0, self.form)
            self.body.addStretch(1)
            self.form.focus_field()
        if self._dirty:
            return
        self._before = {spec.key: value for spec, value in found}
        self.form.set_values({spec.key: _value(spec, value, self) for spec, value in found} | dict(names))
        self.state_changed.emit()

    def _texts(self, form: Form) -> dict[str, str]:
        values = form.values()
        return {
            key: plain(value) if field.numeric and value is not None else str(value or "")
            for key, field in form.fields.items()
            for value in (values.get(key),)
        }

    def _typed(self, key: str) -> None:
        del key
        if not self._dirty:
            self._dirty = True
            self.state_changed.emit()

    def _saved(self, changed: Mapping[str, str], result: object) -> None:
        """What was typed since stays; what was saved is not sent again."""
        del result
        self._before |= changed
        self.request_refresh()
        self.state_changed.emit()

    def _not_saved(self, problems: Sequence[Problem]) -> None:
        self._dirty = True
        self.state_changed.emit()
        self.show_problems(problems)


def _read(
    db: Any, sources: Mapping[str, LookupSource]
) -> tuple[Sequence[tuple[api.ParameterSpec, str]], Mapping[str, str]]:
    """On a thread of the pool: the parameters, and the names of those that are codes."""
    found = api.parameters(db)
    hits = {
        spec.key: hit_of(value, sources[spec.key].search(value, 1))
        for spec, value in found
        if value and spec.key in sources
    }
    return found, {f"{key}_name": hit.name for key, hit in hits.items() if isinstance(hit, LookupRow)}


def _field(spec: api.ParameterSpec) -> Column:
    if spec.choices:
        return Column(spec.key, spec.title, kind="choice", editable=True, choices=spec.choices, tooltip=spec.help)
    if spec.number:
        return Column(spec.key, spec.title, kind="number", editable=True, tooltip=spec.help)
    if spec.key in LOOKUPS:
        named = {f"{spec.key}_name": "name"}
        return Column(
            spec.key, spec.title, kind="lookup", editable=True, lookup=LOOKUPS[spec.key], fills=named, tooltip=spec.help
        )
    return Column(spec.key, spec.title, editable=True, tooltip=spec.help)


def _value(spec: api.ParameterSpec, text: str, page: Page) -> object:
    field = _field(spec)
    return field.read(text, today=page.desk.session.today()) if field.numeric and text else text
