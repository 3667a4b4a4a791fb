"""A code scanned at the tree: to its line of the bill, else into a line made for it, else to where the item stands."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import islice
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QAbstractItemView

from ui.engineering.look import Place
from ui.framework.lookup import LookupRow, exact_hits, miss_sentence
from ui.framework.texts import tr

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ui.engineering.tree_view import BomTreeView

SEARCH_LIMIT: Final = 5
FARTHEST: Final = 5_000
"""places that are looked through for an item: a larger tree opens slowly"""


class TreeScanning(QObject):
    """Belongs to one tree. The bill meant is the one in which the cursor's line stands; at the product's own row, the product's."""

    def __init__(self, view: BomTreeView) -> None:
        super().__init__(view)
        self._view = view

    def find(self, code: str) -> None:
        """Asks whose code or barcode it is, and goes there."""
        search = self._view.item_source.search
        self._view.ops.run_query(lambda: (code, search(code, SEARCH_LIMIT)), self._found, owner=self, latest="scanned")

    def _found(self, answer: tuple[str, Sequence[LookupRow]]) -> None:
        code, hits = answer
        view, meant = self._view, exact_hits(code, hits)
        here = view.current_place()
        if here is None:
            return
        if not meant:
            self._tell(tr("扫到的“{code}”不是任何物料的编码或条码，光标没有动", code=code))
        elif len(meant) > 1:
            self._tell(miss_sentence(code, hits, tr(view.item_source.title)))
        elif view.state() == QAbstractItemView.State.EditingState:
            # What is being typed belongs to the cell it was begun in.
            item = f"{meant[0].code} {meant[0].name}".strip()
            self._tell(tr("扫到的是{item}；正在录入，光标没有动", item=item))
        else:
            self._go(here.above or here, meant[0])

    def _go(self, above: Place, hit: LookupRow) -> None:
        """above: what the bill belongs to."""
        view, model = self._view, self._view.bom
        owner = model.look.item_of(above)
        standing = next((place for place in model.below(above) if self._shows(place, hit.code)), None)
        if standing is not None:
            self._land(standing)
        elif owner is not None and view.outline.takes(owner.id) is None:
            self._enter(above, hit.code)
        elif (elsewhere := next((place for place in self._all() if self._shows(place, hit.code)), None)) is not None:
            self._land(elsewhere)
        elif owner is not None:
            view.outline.refuse(owner.id)

    def _enter(self, above: Place, code: str) -> None:
        """The blank line of the bill, or a new one at its end, takes the code; the cursor goes to its usage."""
        view, model = self._view, self._view.bom
        lines = model.below(above)
        blank = next((place for place in lines if place.line.blank), None)
        model.undo.beginMacro(tr("扫码"))
        if blank is not None:
            index = model.index_of(blank)
        else:
            index = view.outline.new_line(lines[-1]) if lines else view.outline.new_child(above)
        place = model.place(index)
        if place is not None:
            view.outline.type_text(place, "code", code)
            self._land(place)
        model.undo.endMacro()

    def _land(self, place: Place) -> None:
        """Opens what is above the place and goes to the usage, where a line takes one."""
        view = self._view
        for over in reversed(list(place.over())):
            view.expand(view.bom.index_of(over))
        view.go(view.bom.index_of(place), "code" if view.bom.look.locked(place) else "usage")

    def _all(self) -> Iterator[Place]:
        """The places from the top down, level by level."""
        model = self._view.bom

        def walk() -> Iterator[Place]:
            level = [place for place in (model.place(model.top()),) if place is not None]
            while level:
                yield from level
                level = [below for place in level for below in model.below(place)]

        return islice(walk(), FARTHEST)

    def _shows(self, place: Place, code: str) -> bool:
        item = self._view.bom.look.item_of(place)
        return item is not None and item.code == code

    def _tell(self, sentence: str) -> None:
        self._view.ops.told.emit(sentence)
