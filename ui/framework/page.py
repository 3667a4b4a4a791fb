"""What stands in a tab: title, topics, actions with keys, a panel of refusals, and the way to the services."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any

from PySide6.QtCore import QTimer, Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from models.kernel.problems import Problem
from models.kernel.refs import Changes, DocRef
from ui.framework.desk import Desk
from ui.framework.held import HeldAnswers
from ui.framework.ops import Progress
from ui.framework.refusals import RefusalPanel
from ui.framework.resting import may_rest, wake
from ui.framework.verbs import WithVerbs


class Page(WithVerbs):
    """Base of everything in a tab.

    A subclass sets `topics`, builds its widgets into `self.body` (a QVBoxLayout), declares verbs with `add_actions`, and overrides
    `refresh` (start the queries), `on_shown` (first focus), `lead_to` (a refusal's cell) and, if it edits, `dirty`.
    The frame calls nothing else. Services are reached by `run_query`, `run_command`, `run_long`; a refusal lands in the panel by itself.
    """

    topics: frozenset[str] = frozenset()
    closes_on_escape = False
    title_changed = Signal(str)
    state_changed = Signal()
    selection_summary = Signal(int, object)
    close_wanted = Signal()
    stored = Signal(str)
    """a form saved its record, under this code"""

    def __init__(self, desk: Desk, title: str, *, icon_name: str = "page", parent: QWidget | None = None) -> None:
        super().__init__(desk, parent)
        self.icon_name = icon_name
        self.title = title
        self.stale = True
        self.help_key = ""
        self.refs: frozenset[DocRef] = frozenset()
        self._shown_before = False
        self.held = HeldAnswers(self)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(6, 6, 6, 4)
        outer.setSpacing(4)
        self.body = QVBoxLayout()
        self.body.setSpacing(4)
        outer.addLayout(self.body, 1)
        self.refusals = RefusalPanel(desk.sentence, self)
        self.refusals.activated.connect(self._follow)
        outer.addWidget(self.refusals)
        outer.addLayout(self.bar)
        self._refresh_timer = QTimer(self)
        self._refresh_timer.setSingleShot(True)
        self._refresh_timer.timeout.connect(self._refresh_now)
        self.state_changed.connect(self.update_actions)
        desk.hub.add(self)
        may_rest(self)

    # to override

    def refresh(self) -> None:
        """Reads again; called when the page is shown stale and when a topic of it changed."""

    def refresh_by_key(self) -> None:
        """F5: reads again; a page whose figures are computed computes them again."""
        self.request_refresh()

    def on_shown(self) -> None:
        """Called once, after the page came to the screen for the first time."""

    def lead_to(self, problem: Problem) -> bool:
        """Puts the focus on the cell a refusal speaks of; False lets the frame open the problem's document."""
        del problem
        return False

    def apply_arguments(self, arguments: Mapping[str, Any]) -> None:
        """What navigator.open was given (a filter, an item)."""

    def reasons(self) -> Callable[[], str] | None:
        """What F1 says of the figure under the cursor: asked on a reading thread, as HTML; None where there is nothing to say.

        Links: doc:type:id:number opens a document, item:code the item.
        """
        code, story = self.item_code(), self.desk.tools.get("item_story")
        return partial(_said, story, code) if code and story is not None else None

    def escape(self) -> None:
        """Esc that nobody else took: closes the panel of refusals, then a document or record window."""
        if self.refusals.isVisible():
            self.refusals.clear()
        elif self.closes_on_escape:
            self.close_wanted.emit()

    def closing(self) -> None:
        """Called when the clerk closes the page for good, whatever was typed."""

    @property
    def dirty(self) -> bool:
        """Whether closing would lose something typed."""
        return False

    # services

    def run_query(
        self, function: Callable[[], Any], on_done: Callable[[Any], object], *, latest: str = "", held: bool = False
    ) -> None:
        """Reads on the pool; on_done gets the answer if the page still lives. latest: name under which only the newest answer counts.

        held: the answer replaces rows that are typed into; while one of their cells is open it waits.
        """
        if held:
            on_done = partial(self.held.take, latest, on_done)
        self.desk.ops.run_query(
            function, on_done, owner=self, on_refused=self.show_problems, latest=latest, title=self.title
        )

    def run_command(
        self,
        function: Callable[[], Any],
        *,
        on_done: Callable[[Any], object] | None = None,
        on_refused: Callable[[Sequence[Problem]], object] | None = None,
        title: str = "",
    ) -> None:
        """Changes something on the writer thread; refusals appear in the panel unless on_refused is given.

        Verbs are off until it is answered: a key pressed twice does the thing once.
        """
        self.refusals.clear()
        self.hold_verbs()
        self.desk.ops.run_command(
            function,
            owner=self,
            on_done=on_done,
            on_refused=on_refused or self.show_problems,
            on_finished=self.release_verbs,
            title=title or self.title,
        )

    def run_long(
        self,
        function: Callable[[Progress], Any],
        *,
        title: str,
        on_done: Callable[[Any], object] | None = None,
        writes: bool = True,
    ) -> Progress:
        """Long work with progress and cancel in the status bar; while it changes something the verbs are off."""
        self.refusals.clear()
        if writes:
            self.hold_verbs()
        return self.desk.ops.run_long(
            function,
            owner=self,
            title=title,
            on_done=on_done,
            on_refused=self.show_problems,
            on_finished=self.release_verbs if writes else None,
            writes=writes,
        )

    def show_problems(self, problems: Sequence[Problem]) -> None:
        """Lists refusals under the page."""
        self.refusals.show_problems(problems)

    # broadcast and showing

    def changes_arrived(self, changes: Changes) -> None:
        """From the hub: read again now if visible, later if not."""
        if not (self.topics & changes.topics or self.refs & set(changes.documents)):
            return
        self.stale = True
        if self.isVisible():
            self._refresh_timer.start(0)

    def request_refresh(self) -> None:
        """Reads again soon; several requests in a row make one."""
        self.stale = True
        self._refresh_timer.start(0)

    def showEvent(self, event: QShowEvent) -> None:
        """A stale page reads again when it comes to the front."""
        wake(self)
        super().showEvent(event)
        if self.stale:
            self._refresh_timer.start(0)
        if not self._shown_before:
            self._shown_before = True
            self.on_shown()

    def set_title(self, title: str) -> None:
        """Changes the tab's title."""
        self.title = title
        self.title_changed.emit(title)

    def _refresh_now(self) -> None:
        if self.isVisible():
            self.stale = False
            self.refresh()

    def _follow(self, problem: Problem) -> None:
        if not self.lead_to(problem) and problem.ref is not None:
            self.desk.navigator.open(problem.ref)


def _said(story: Callable[..., object], code: str) -> str:
    return str(story(code))
