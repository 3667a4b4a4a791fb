"""Every place of the tree that was opened so far, by number."""

from __future__ import annotations

from collections.abc import Iterator

from ui.engineering.draft import DraftLine, Lines
from ui.engineering.look import Look, Place


class Places:
    """Makes places when a level is opened and knows where each item is shown."""

    def __init__(self, look: Look) -> None:
        self._look = look
        self._known: dict[int, Place] = {}
        self.numbered = self._known.get
        """the place of a number, if it is still there"""

    def __iter__(self) -> Iterator[Place]:
        return iter(list(self._known.values()))

    def __len__(self) -> int:
        return len(self._known)

    def showing(self, item_id: int) -> list[Place]:
        """The places where an item stands."""
        return [place for place in self._known.values() if place.item_id == item_id]

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
        lines = self._look.book.lines(place.item_id)
        return lines if lines and self.opens(place) else ()

    def opens(self, place: Place) -> bool:
        """Whether a place may show what is below its item: not inside itself, not in a loop just typed."""
        item_id, above = place.item_id, place.above
        if not item_id:
            return False
        while above is not None:
            if above.item_id == item_id:
                return False
            above = above.above
        return place.above is None or self._look.book.component_fault(place.above.item_id, place.line) is None

    def make(self, above: Place | None, line: DraftLine, row: int) -> Place:
        """A new place."""
        item = self._look.book.component(line)
        place = Place(above, line, row, item.id if item is not None else 0)
        self._known[place.number] = place
        return place

    def register(self, place: Place) -> None:
        """Notes which item a place shows now."""
        item = self._look.book.component(place.line)
        place.item_id = item.id if item is not None else 0

    def forget(self, place: Place) -> None:
        """A place and everything below it is gone."""
        for below in place.children or ():
            self.forget(below)
        self._known.pop(place.number, None)
