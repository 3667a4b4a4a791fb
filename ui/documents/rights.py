"""Which rights the windows of documents and master data ask for, and the columns they leave out for who lacks one."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace

from services.documents import api as documents
from services.masterdata import api as masterdata
from ui.documents.spec import DocumentSpec, RecordSpec
from ui.framework.desk import Desk
from ui.framework.grid.columns import Column

_VERBS: Mapping[str, str] = {
    "save": "save", "save_enter": "save", "new": "save", "copy": "save", "source": "save", "approve": "approve",
    "amend": "approve",
    "reverse": "reverse", "close": "close", "reopen": "close", "delete": "delete", "print": "print",
    "merge_picks": "print",
}  # fmt: skip
_RECORD_ACTIONS = ("save", "save_enter", "new", "copy", "delete")
_FIGURES = ("price", "amount")


def of_document(spec: DocumentSpec) -> dict[str, str]:
    """Action -> right, for the list and the window of a type."""
    made = {key: f"{spec.type}.{verb}" for key, verb in _VERBS.items()}
    return made | {f"push_{target}": _made_by(target) for target in spec.pushes}


def _made_by(target: str) -> str:
    """The right to make what a push makes: a type, or one of its kinds."""
    return f"{target.partition(':')[0]}.save"


def of_record(kind: str) -> dict[str, str]:
    """Action -> right, for the list and the form of a kind."""
    return dict.fromkeys(_RECORD_ACTIONS, masterdata.kind(kind).change_right)


def document_for(desk: Desk, spec: DocumentSpec) -> DocumentSpec:
    """The declaration as this user sees it: without prices and amounts he may not see, without targets he may not make."""
    pushes = {target: title for target, title in spec.pushes.items() if desk.session.allowed(_made_by(target))}
    spec = replace(spec, pushes=pushes, right=spec.right or f"{spec.type}.read")
    if desk.session.allowed(documents.figures_right(spec.type)):
        return spec
    return replace(spec, lines=_without(spec.lines, _FIGURES), list_columns=_without(spec.list_columns, _FIGURES))


def record_for(desk: Desk, spec: RecordSpec) -> RecordSpec:
    """The declaration as this user sees it: without prices and costs he may not see."""
    kind = masterdata.kind(spec.kind)
    hidden = [key for key, right in kind.figures.items() if not desk.session.allowed(right)]
    fields, columns = _without(spec.fields, hidden), _without(spec.list_columns, hidden)
    return replace(spec, fields=fields, list_columns=columns, right=spec.right or kind.read_right or kind.change_right)


def _without(columns: tuple[Column, ...], keys: Iterable[str]) -> tuple[Column, ...]:
    return tuple(column for column in columns if column.key not in set(keys))
