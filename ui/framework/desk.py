"""What every page is given: jobs, broadcast, navigation, actions, settings, look-ups, views, sentences, who works on which books."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from models.kernel.problems import Problem
from services.platform.api import local_today
from ui.framework.actions import ActionRegistry
from ui.framework.grid.layout import SettingsStore
from ui.framework.hub import Hub
from ui.framework.lookup import Lookups
from ui.framework.navigator import Navigator
from ui.framework.ops import Ops
from ui.framework.view_shelf import ViewShelf


def everything(right: str) -> bool:
    """The rights of a session without users: all of them."""
    return right is not None


@dataclass(slots=True)
class Session:
    """Which books are open and who works on them; db is opaque to the window and handed to services as their first argument."""

    db: Any
    user: Any
    company: str = ""
    database: str = ""
    period: str = ""
    user_name: str = ""
    language: str = "zh"
    today: Callable[[], date] = local_today
    allowed: Callable[[str], bool] = everything
    drafts: Any = None
    """store of documents being typed; None keeps none"""


@dataclass(slots=True)
class Desk:
    """One per window; made by the composition, handed to every page factory."""

    ops: Ops
    hub: Hub
    navigator: Navigator
    actions: ActionRegistry
    settings: SettingsStore
    lookups: Lookups
    session: Session
    sentence: Callable[[Problem], str]
    views: ViewShelf
    """schemes and layouts of lists that the user keeps"""
    tools: dict[str, Callable[..., object]] = field(default_factory=dict)
    """dialogs of areas above that windows below offer by name"""
    ahead: list[Callable[[], object]] = field(default_factory=list)
    """loads, off the window's thread and once it stands, what would be felt at its first use"""

    def say(self, text: str) -> None:
        """A line in the status bar; nothing to answer."""
        self.ops.told.emit(text)


def make_desk(session: Session, settings: SettingsStore, sentence: Callable[[Problem], str]) -> Desk:
    """Builds and wires the framework's parts: a finished command's changes go to the hub."""
    ops = Ops()
    hub = Hub(ops)
    navigator = Navigator()
    views = ViewShelf(ops, session)
    hub.add(views)
    desk = Desk(ops, hub, navigator, ActionRegistry(), settings, Lookups(), session, sentence, views)
    ops.changed.connect(hub.publish)
    return desk
