"""Which branches are open and where the clerk stands, kept over a reload by codes from the top."""

from __future__ import annotations

from dataclasses import dataclass, field

from PySide6.QtCore import QModelIndex

from ui.engineering.tree_model import BomModel
from ui.engineering.tree_view import BomTreeView

Path = tuple[str, ...]


@dataclass(frozen=True)
class Standing:
    """Open branches, the current line and its column."""

    opened: frozenset[Path] = field(default_factory=frozenset)
    here: Path = ()
    column: int = 0


def standing(view: BomTreeView, model: BomModel | None) -> Standing:
    """How the view stands now."""
    if model is None or view.model() is not model:
        return Standing()
    opened: set[Path] = set()
    stack: list[tuple[QModelIndex, Path]] = [(model.top(), (_text(model, model.top()),))]
    while stack:
        index, path = stack.pop()
        if view.isExpanded(index):
            opened.add(path)
            for row in range(model.rowCount(index)):
                below = model.index(row, 0, index)
                stack.append((below, (*path, _text(model, below))))
    here = view.current_place()
    names = tuple(over.line.text for over in (here, *here.over()))[::-1] if here is not None else ()
    return Standing(frozenset(opened), names, max(0, view.currentIndex().column()))


def restore(view: BomTreeView, model: BomModel, before: Standing) -> None:
    """Opens the same branches and goes to the same line; the product and its first line if it is gone."""
    target = model.index(0, 0, model.top())
    if not before.opened:
        view.expand(model.top())
        view.go(target if target.isValid() else model.top())
        return
    stack: list[tuple[QModelIndex, Path]] = [(model.top(), (_text(model, model.top()),))]
    while stack:
        index, path = stack.pop()
        if path == before.here:
            target = index
        if path in before.opened or len(path) == 1:
            view.expand(index)
            for row in range(model.rowCount(index)):
                below = model.index(row, 0, index)
                stack.append((below, (*path, _text(model, below))))
    target = target if target.isValid() else model.top()
    view.go(model.index(target.row(), before.column, target.parent()))


def _text(model: BomModel, index: QModelIndex) -> str:
    place = model.place(index)
    return place.line.text if place is not None else ""
