"""The documents of the list that a window was opened from: ‹ › go through them."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from models.kernel.refs import DocRef
from ui.framework.actions import Action

if TYPE_CHECKING:
    from ui.documents.document_page import DocumentPage


class Siblings(QObject):
    """Belongs to one window and shows its place in the heading."""

    def __init__(self, page: DocumentPage) -> None:
        super().__init__(page)
        self._page = page
        self._refs: tuple[DocRef, ...] = ()

    def take(self, refs: Sequence[DocRef]) -> None:
        """The list as it stands."""
        self._refs = tuple(refs)
        self.show_place()

    def show_place(self) -> None:
        """2/14, or nothing where the document is not in the list."""
        ref = self._page.ref
        self._page.heading.show_position(self._refs.index(ref) + 1 if ref in self._refs else 0, len(self._refs))

    def step(self, places: int) -> None:
        """The document so many places on; not while something is typed."""
        page = self._page
        if page.dirty or page.ref not in self._refs:
            return
        place = self._refs.index(page.ref) + places
        if 0 <= place < len(self._refs):
            page.become(self._refs[place])
            page.request_refresh()

    def actions(self) -> list[Action]:
        """Ctrl+PgUp and Ctrl+PgDown."""

        def stored() -> bool:
            return bool(self._page.ref.id)

        return [
            Action(
                "previous", "上一张", partial(self.step, -1), "Ctrl+PgUp", "left", stored, where="menu", group="see"
            ),
            Action("next", "下一张", partial(self.step, 1), "Ctrl+PgDown", "right", stored, where="menu", group="see"),
        ]
