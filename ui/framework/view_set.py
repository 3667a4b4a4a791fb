"""The schemes or the layouts of one list: which is in use, which it opens with, and the verbs on them."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Signal

from models.kernel.problems import Problem
from models.kernel.refs import Changes
from services.platform import api
from ui.framework.view_shelf import State, content_of, state_of, without_figures

if TYPE_CHECKING:
    from ui.framework.desk import Desk

OnRefused = Callable[[Sequence[Problem]], object]


class ViewSet(QObject):
    """capture() gives the list's state as JSON values, apply(state) restores one; {} is the state as declared.

    figures: columns of prices and amounts, whose ticked values are never shared. changed() when views or the one in use changed;
    refused(problems) when a verb was.
    """

    changed = Signal()
    refused = Signal(object)

    def __init__(
        self,
        desk: Desk,
        page: str,
        kind: str,
        capture: Callable[[], State],
        apply: Callable[[State], object],
        *,
        figures: Collection[str] = (),
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self.page = page
        self.kind = kind
        self._shelf = desk.views
        self._capture = capture
        self._apply = apply
        self._figures = figures
        self._starting = False
        self._saved_as = ""
        self._current = 0
        self._shelf.changed.connect(self._kept_changed)

    @property
    def views(self) -> list[api.KeptView]:
        """Those the user may use, her own first."""
        return self._shelf.of(self.page, self.kind)

    @property
    def current(self) -> api.KeptView | None:
        """The one in use."""
        return next((view for view in self.views if view.id == self._current), None)

    @property
    def default(self) -> api.KeptView | None:
        """The one the list opens with."""
        return self._shelf.default(self.page, self.kind)

    def start(self) -> None:
        """Applies the one the list opens with, as soon as what is kept is known."""
        self._starting = True
        if self._shelf.loaded:
            self._begin()

    def start_anew(self) -> None:
        """The same, when what is kept has just been changed and is to be read first."""
        self._starting = True
        self._shelf.load()

    def leave(self) -> None:
        """The list was given a state from elsewhere: none is in use, and none is applied any more."""
        self._starting = False
        self._use(0)

    def refresh(self) -> None:
        """Reads again what is kept: another may have shared something."""
        self._shelf.load()

    def choose(self, view: api.KeptView | None) -> None:
        """Applies one; None is the state as declared. A damaged one is that too."""
        self._starting = False
        self._current = view.id if view is not None else 0
        try:
            self._apply(state_of(view))
        except (TypeError, ValueError, KeyError, AttributeError):
            self._apply({})
        self.changed.emit()

    def save_as(self, name: str) -> None:
        """Keeps the present state under a name and makes it the one in use; one's own of that name is replaced."""
        state = self._capture()
        held = self._shelf.find(self.page, self.kind, name)
        if held is not None and held.shared:
            state = without_figures(state, self._figures)
        self._saved_as = " ".join(name.split())
        self._write(api.keep_view, self.page, self.kind, name, content_of(state))

    def rename(self, view: api.KeptView, name: str) -> None:
        """Another name."""
        self._write(api.rename_view, view.id, name)

    def share(self, view: api.KeptView, *, shared: bool) -> None:
        """For all to use, or for its owner alone; what is shared tells no prices."""
        content = content_of(without_figures(state_of(view), self._figures)) if shared else ""
        self._write(api.share_view, view.id, shared=shared, content=content)

    def remove(self, view: api.KeptView) -> None:
        """Forgets one; what is on the screen stays."""
        self._write(api.remove_view, view.id)

    def open_with(self, view: api.KeptView | None) -> None:
        """What the list opens with from now on; None: as declared, or as it was left."""
        self._write(api.open_with, self.page, self.kind, view.id if view is not None else 0)

    def _write(self, command: Callable[..., Changes], *args: Any, **more: Any) -> None:
        self._shelf.write(command, *args, owner=self, on_refused=self._refuse, **more)

    def _refuse(self, problems: Sequence[Problem]) -> None:
        self._saved_as = ""
        self.refused.emit(problems)

    def _begin(self) -> None:
        self._starting = False
        if self.default is not None:
            self.choose(self.default)

    def _use(self, view_id: int) -> None:
        self._current = view_id
        self.changed.emit()

    def _kept_changed(self) -> None:
        if self._starting:
            self._begin()
        saved = self._shelf.find(self.page, self.kind, self._saved_as) if self._saved_as else None
        if saved is not None:
            self._saved_as = ""
            self._current = saved.id
        elif self.current is None:
            self._current = 0
        self.changed.emit()
