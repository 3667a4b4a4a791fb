"""Every place of the tree that was opened so far, by number and by item."""

from __future__ import annotations

from collections.abc import Iterator

from ui.engineering.draft import DraftLine, Lines
from ui.engineering.look import Look, Place


class Places:
    """Makes places when a level is opened and knows where each item is shown."""

    def __init__(self, look: Look) -> None:
        self._look = look
        self._known: dict[int, Place] = {}
        self._of_item: dict[int, dict[int, Place]] = {}

    def __iter__(self) -> Iterator[Place]:
        return iter(list(self._known.values()))

    def __len__(self) -> int:
        return len(self._known)

    def numbered(self, number: int) -> Place | None:
        """The place of a number, if it is still there."""
        return self._known.get(number)

    def showing(self, item_id: int) -> list[Place]:
        """The places where an item stands."""
        return list(self._of_item.get(item_id, {}).values())

    def of_line(self, key: int, bill_item: int = 0) -> Place | None:
        """A place that shows a line, in the bill of an item if one is given."""
        for place in self._known.values():
            if place.line.key == key and (not bill_item or self._look.bill_item(place) == bill_item):
                return place
        return None

    def below(self, place: Place) -> list[Place]:
        """The places below, made on first asking."""
        if place.children is None:
            place.children = [self.make(place, line, row) for row, line in enumerate(self.lines_below(place))]
        return place.children

    def lines_below(self, place: Place) -> Lines:
        """The lines that belong below a place."""
        item = self._look.item_of(place)
        return self._look.book.lines(item.id) if item is not None and self.opens(place) else ()

    def opens(self, place: Place) -> bool:
        """Whether a place may show what is below its item: not inside itself, not in a loop just typed."""
        item = self._look.item_of(place)
        if item is None:
            return False
        if any((over := self._look.item_of(up)) is not None and over.id == item.id for up in place.over()):
            return False
        return place.above is None or self._look.book.component_fault(self._look.bill_item(place), place.line) is None

    def make(self, above: Place | None, line: DraftLine, row: int) -> Place:
        """A new place."""
        place = Place(above, line, row)
        self._known[place.number] = place
        self.register(place)
        return place

    def register(self, place: Place) -> None:
        """Notes which item a place shows now."""
        self._of_item.get(place.item_id, {}).pop(place.number, None)
        item = self._look.item_of(place)
        place.item_id = item.id if item is not None else 0
        if item is not None:
            self._of_item.setdefault(item.id, {})[place.number] = place

    def forget(self, place: Place) -> None:
        """A place and everything below it is gone."""
        for below in place.children or ():
            self.forget(below)
        self._known.pop(place.number, None)
        self._of_item.get(place.item_id, {}).pop(place.number, None)
