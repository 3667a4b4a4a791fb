"""What the user keeps of lists by name (schemes, layouts), read once and again whenever somebody may have changed it."""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Signal

from models.kernel.problems import Problem
from models.kernel.refs import Changes
from services.platform import api
from ui.framework.grid.columns import Column
from ui.framework.ops import Ops
from ui.framework.texts import tr

if TYPE_CHECKING:
    from ui.framework.desk import Session

State = Mapping[str, Any]
FIGURES = frozenset({"money", "price"})
TOPIC = "views"


class ViewShelf(QObject):
    """One per desk. changed() when what is kept is known, or known anew; before that nothing is kept.

    Reading and writing go through ops: nothing here waits for the database.
    """

    changed = Signal()

    def __init__(self, ops: Ops, session: Session, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._ops = ops
        self._session = session
        self._kept = api.KeptViews()
        self.loaded = False

    def load(self) -> None:
        """Reads what is kept; a desk without books keeps nothing."""
        if self._session.db is not None:
            ask = partial(api.list_views, self._session.db, self._session.user)
            self._ops.run_query(ask, self._arrived, owner=self, on_refused=self._unreadable, latest="views")

    def of(self, page: str, kind: str) -> list[api.KeptView]:
        """The views of a list that the user may use."""
        return self._kept.of(page, kind)

    def find(self, page: str, kind: str, name: str) -> api.KeptView | None:
        """The user's own view of a name."""
        return next((view for view in self.of(page, kind) if view.mine and view.name == name), None)

    def default(self, page: str, kind: str) -> api.KeptView | None:
        """The view a list opens with."""
        return self._kept.default(page, kind)

    def changes_arrived(self, changes: Changes) -> None:
        """From the hub: a command of this window changed what is kept."""
        if TOPIC in changes.topics:
            self.load()

    def write(
        self,
        command: Callable[..., Changes],
        *args: Any,
        owner: QObject,
        on_done: Callable[[Changes], object] | None = None,
        on_refused: Callable[[Sequence[Problem]], object] | None = None,
        **more: Any,
    ) -> None:
        """Runs one of the services' commands on views for this user: command(db, user, *args, **more)."""
        if self._session.db is None:
            return
        call = partial(command, self._session.db, self._session.user, *args, **more)
        self._ops.run_command(call, owner=owner, on_done=on_done, on_refused=on_refused, title="方案")

    def _arrived(self, kept: api.KeptViews) -> None:
        self._kept = kept
        self.loaded = True
        self.changed.emit()

    def _unreadable(self, problems: Sequence[Problem]) -> None:
        """Without what is kept every list is as it is declared."""
        del problems


def state_of(view: api.KeptView | None) -> State:
    """What a view keeps; {} for none and for a damaged one."""
    try:
        found = json.loads(view.content) if view is not None else {}
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}


def content_of(state: State) -> str:
    """A state as it is kept."""
    return json.dumps(state, ensure_ascii=False)


def figures_of(columns: Sequence[Column]) -> frozenset[str]:
    """The columns of prices and amounts among those of a list."""
    return frozenset(column.key for column in columns if column.kind in FIGURES)


def without_figures(state: State, figures: Collection[str]) -> State:
    """A state as it is shared: values ticked and rules set in columns of prices and amounts would tell them to who may not see them."""
    try:
        layout = json.loads(state.get("layout") or "{}")
        filters = {key: found for key, found in dict(layout.get("filters", {})).items() if key not in figures}
        rules = [rule for rule in layout.get("rules", []) if rule["column"] not in figures]
    except (ValueError, TypeError, AttributeError, KeyError):
        return {key: value for key, value in state.items() if key != "layout"}
    if not layout:
        return state
    return {**state, "layout": json.dumps({**layout, "filters": filters, "rules": rules}, ensure_ascii=False)}


def title_of(view: api.KeptView) -> str:
    """Its name, with the owner's where it is another's."""
    return view.name if view.mine else tr("{name}（{owner}）", name=view.name, owner=view.owner_name)
