"""Actions by name: one declaration feeds buttons, right-click menus, the Ctrl+K palette and the F1 sheet of keys."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from ui.framework.pinyin import initials, spelled
from ui.framework.texts import tr


@dataclass(frozen=True, slots=True)
class Action:
    """A verb of a page or of the frame.

    key       stable name ("approve"); title: Chinese; icon: name in resources/icons; shortcut: "Ctrl+S", "F8"
    run       what it does
    enabled   asked whenever the page's state changed; the sentence of why_not is the tooltip while it is off
    where     "bar" (button under the page and menu), "menu" (menu and palette only), "key" (a second key of another verb)
    group     actions of one group stand together
    """

    key: str
    title: str
    run: Callable[[], object]
    shortcut: str = ""
    icon: str = ""
    enabled: Callable[[], bool] | None = None
    tooltip: str = ""
    where: str = "bar"
    group: str = ""
    danger: bool = False


@dataclass(frozen=True, slots=True)
class Command:
    """A line of the palette: an action of the frame, a page to open, or an action of the page in front."""

    title: str
    run: Callable[[], object]
    hint: str = ""
    shortcut: str = ""
    icon: str = ""


@dataclass(frozen=True, slots=True)
class ItemVerb:
    """What can be done with an item wherever its code stands: run(code). key, title, shortcut, icon as of an Action."""

    key: str
    title: str
    run: Callable[[str], object]
    shortcut: str = ""
    icon: str = ""


class ActionRegistry:
    """Commands of the frame stay registered; those of the page in front are replaced whenever it changes.

    Verbs on items stand in the right-click menu of every page, in the palette and on the sheet of keys.
    """

    def __init__(self) -> None:
        self._item_verbs: list[ItemVerb] = []
        self._frame: list[Command] = []
        self._page: list[Command] = []
        self._finders: list[Callable[[str, int], Sequence[Command]]] = []

    def register(self, command: Command) -> None:
        """Adds a command that is always there."""
        self._frame.append(command)

    def register_item_verbs(self, *verbs: ItemVerb) -> None:
        """Adds verbs on whatever item is looked at."""
        self._item_verbs += verbs

    @property
    def item_verbs(self) -> tuple[ItemVerb, ...]:
        """Verbs on items."""
        return tuple(self._item_verbs)

    def register_finder(self, finder: Callable[[str, int], Sequence[Command]]) -> None:
        """Adds a search over data (documents, items): finder(text, limit), called on a reading thread."""
        self._finders.append(finder)

    def set_page_actions(self, title: str, actions: Sequence[Action]) -> None:
        """The actions of the page in front; those that are off are left out."""
        self._page = [
            Command(tr(a.title), a.run, hint=title, shortcut=a.shortcut, icon=a.icon)
            for a in actions
            if a.where != "key" and (a.enabled is None or a.enabled())
        ]

    @property
    def finders(self) -> tuple[Callable[[str, int], Sequence[Command]], ...]:
        """Searches over data."""
        return tuple(self._finders)

    def commands(self) -> list[Command]:
        """All commands, the page's first."""
        return [*self._page, *self._frame]

    def find(self, text: str, limit: int = 30) -> list[Command]:
        """Commands whose title holds the text, or whose pinyin (initials or spelled out) starts with or contains it; best first."""
        wanted = text.strip().casefold()
        if not wanted:
            return self.commands()[:limit]
        ranked = []
        for place, command in enumerate(self.commands()):
            rank = _rank(command, wanted)
            if rank is not None:
                ranked.append((rank, place, command))
        ranked.sort(key=lambda entry: entry[:2])
        return [command for _, _, command in ranked[:limit]]


def _rank(command: Command, wanted: str) -> int | None:
    """How well a command fits: its title as it is typed, else every word of what is typed, as title, initials or spelling."""
    whole = _word_rank(command, wanted)
    if whole is not None or " " not in wanted:
        return whole
    ranks = [_word_rank(command, word) for word in wanted.split()]
    return None if None in ranks else max(rank for rank in ranks if rank is not None)


def _word_rank(command: Command, wanted: str) -> int | None:
    title = command.title.casefold()
    letters = initials(command.title)
    if title.startswith(wanted):
        return 0
    if letters.startswith(wanted):
        return 1
    if wanted in title:
        return 2
    if wanted in letters:
        return 3
    place = spelled(command.title, wanted) if len(wanted) > 1 else -1
    if place >= 0:
        return 1 if place == 0 else 3
    if wanted in command.hint.casefold() or wanted == command.shortcut.casefold():
        return 4
    return None
