"""How a place of the tree looks: texts prepared once, tone with icon or word, faults with their sentence."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any, Final

from PySide6.QtCore import Qt
from PySide6.QtGui import QFont

from models.kernel.numbers import plain
from services.engineering.api import CostRow, ItemRow, OutputRow
from ui.engineering.draft import DraftBook, DraftLine
from ui.engineering.fields import COLUMNS, PARENT_KEYS, edit_text, shown, value_of
from ui.engineering.outputs import made_mark, made_text
from ui.framework.colors import Tone, color, current, tone_color, tone_tint
from ui.framework.grid.flags import is_box
from ui.framework.icons import tone_icon
from ui.framework.texts import listed, tr

CENT: Final = Decimal("0.01")
STRUCK: Final = 2
"""columns that are struck out or dashed"""
SKIPPED: Final = Qt.ItemDataRole.UserRole.value + 1
STATE_TONES: Final[Mapping[str, Tone]] = {
    "leaf": "", "none": "warn", "draft": "muted", "approved": "ok", "disabled": "muted",
}  # fmt: skip
ITEM_KEYS: Final = frozenset({"name", "unit", "on_hand", "substitutes", "bill", "cost"})
_serials = itertools.count(1)


class Place:
    """One place in the tree; children is None until somebody asks for them. Kept by number: Qt never holds a pointer to it."""

    __slots__ = ("above", "children", "item_id", "line", "number", "row", "texts", "tone")

    def __init__(self, above: Place | None, line: DraftLine, row: int, item_id: int) -> None:
        self.number = next(_serials)
        self.above = above
        self.line = line
        self.row = row
        self.item_id = item_id
        self.children: list[Place] | None = None
        self.texts: tuple[str, ...] | None = None
        self.tone: Tone = ""

    def over(self) -> Iterator[Place]:
        """The places above, the nearest first."""
        place = self.above
        while place is not None:
            yield place
            place = place.above


class Look:
    """Answers what Qt asks of a cell."""

    def __init__(self, book: DraftBook) -> None:
        self.book = book
        self.costs: Mapping[int, CostRow] = {}
        self._struck = QFont()
        self._struck.setStrikeOut(True)
        self._answers: Mapping[int, Callable[[Place, int], Any]] = {
            Qt.ItemDataRole.ForegroundRole.value: self._foreground,
            Qt.ItemDataRole.BackgroundRole.value: self._background,
            Qt.ItemDataRole.DecorationRole.value: self._decoration,
            Qt.ItemDataRole.FontRole.value: self._font,
            Qt.ItemDataRole.ToolTipRole.value: self._tooltip,
            Qt.ItemDataRole.EditRole.value: self._edit,
            Qt.ItemDataRole.UserRole.value: self._value,
            Qt.ItemDataRole.CheckStateRole.value: self._check,
            SKIPPED: self._skipped,
        }

    def item_of(self, place: Place) -> ItemRow | None:
        """The item that stands in a place; None while its code is not known."""
        return self.book.component(place.line)

    def bill_item(self, place: Place) -> int:
        """The item whose bill holds the line of a place; 0 for the product itself."""
        return place.above.item_id if place.above is not None else 0

    def locked(self, place: Place) -> bool:
        """Whether the line of a place stands in an approved bill; the product's own row is always locked."""
        if place.above is None:
            return True
        bill = self.book.bills.get(place.above.item_id)
        return bill is not None and bill.locked

    def answer(self, place: Place, section: int, role: int) -> Any:
        """The value of a role; None for roles that mean nothing here."""
        found = self._answers.get(role)
        return found(place, section) if found is not None else None

    def texts(self, place: Place) -> tuple[str, ...]:
        """The texts of a row."""
        if place.texts is None:
            place.texts = tuple([self._text(place, column.key) for column in COLUMNS])
            place.tone = self._tone(place)
        return place.texts

    def fault(self, place: Place, key: str) -> str:
        """The sentence of a cell that keeps the tree from being saved."""
        typed = place.line.fault(key)
        if typed is not None:
            return typed[1]
        if key != "code" or place.above is None:
            return ""
        return component_sentence(self.book, self.bill_item(place), place.line)

    def _text(self, place: Place, key: str) -> str:
        if key in ITEM_KEYS:
            item = self.item_of(place)
            if item is not None:
                return self._item_text(item, key)
            return tr("没有这个物料") if key == "name" and self.book.unknown(place.line.text) else ""
        if place.above is None and key not in PARENT_KEYS:
            return ""
        return shown(place.line, key, self.book)

    def _item_text(self, item: ItemRow, key: str) -> str:
        if key == "name":
            return f"{item.name} {item.spec}".strip()
        if key == "unit":
            return item.unit
        if key == "on_hand":
            return plain(item.on_hand) if item.on_hand else ""
        if key == "bill":
            return " ".join(part for part in (self.book.state_text(item.id), made_mark(self._outputs(item))) if part)
        if key == "substitutes":
            return listed(f"{sub.code} {plain(sub.ratio)}:1" for sub in item.substitutes)
        cost = self.costs.get(item.id)
        if cost is None or (not cost.cost and not cost.complete):
            return ""
        return cost_text(cost)

    def _outputs(self, item: ItemRow) -> Sequence[OutputRow]:
        """What the shown version of an item gives beside it."""
        bill = self.book.bills.get(item.id)
        return bill.head.outputs if bill is not None and bill.head is not None else ()

    def _tone(self, place: Place) -> Tone:
        item = self.item_of(place)
        if item is None:
            return "danger" if self.book.unknown(place.line.text) else ""
        tone = STATE_TONES[self.book.state(item.id)]
        return "" if tone == "ok" else tone

    def _foreground(self, place: Place, section: int) -> Any:
        self.texts(place)
        if not place.line.holds_on(self.book.day):
            return tone_color("muted")
        if COLUMNS[section].key in ("code", "name", "bill") and place.tone:
            return tone_color(place.tone)
        return None

    def _background(self, place: Place, section: int) -> Any:
        if self.fault(place, COLUMNS[section].key):
            return tone_tint("danger")
        if COLUMNS[section].editable and not self.locked(place):
            return color(current().editable)
        return None

    def _decoration(self, place: Place, section: int) -> Any:
        key = COLUMNS[section].key
        if self.fault(place, key):
            return tone_icon("danger")
        item = self.item_of(place) if key == "bill" else None
        if item is None:
            return None
        tone = STATE_TONES[self.book.state(item.id)]
        return tone_icon(tone) if tone else None

    def _font(self, place: Place, section: int) -> Any:
        item = self.item_of(place) if section < STRUCK else None
        disabled = item is not None and (not item.enabled or self.book.state(item.id) == "disabled")
        return self._struck if disabled else None

    def _tooltip(self, place: Place, section: int) -> Any:
        fault = self.fault(place, COLUMNS[section].key)
        if fault:
            return fault
        if not place.line.holds_on(self.book.day):
            return tr("这一行在 {day} 不生效", day=self.book.day.isoformat())
        item = self.item_of(place)
        cost = self.costs.get(item.id) if item is not None and COLUMNS[section].key == "cost" else None
        if cost is not None and self.texts(place)[section]:
            return cost_exactly(cost)
        made = made_text(self._outputs(item)) if item is not None and COLUMNS[section].key == "bill" else ""
        return "\n".join(part for part in (self.texts(place)[section], made) if part) or None

    def _edit(self, place: Place, section: int) -> Any:
        key = COLUMNS[section].key
        fault = place.line.fault(key)
        if not COLUMNS[section].editable:
            return self.texts(place)[section]
        return fault[0] if fault else edit_text(place.line, key, self.book)

    def _value(self, place: Place, section: int) -> Any:
        column = COLUMNS[section]
        return value_of(place.line, column.key, self.book) if column.editable else self.texts(place)[section]

    def _check(self, place: Place, section: int) -> Any:
        """A box where yes or no can be changed; what is only to be read, and what was typed wrong, is text."""
        column = COLUMNS[section]
        if not is_box(column) or self.locked(place) or place.line.fault(column.key) is not None:
            return None
        return Qt.CheckState.Checked if getattr(place.line, column.key) else Qt.CheckState.Unchecked

    def _skipped(self, place: Place, section: int) -> Any:
        return section < STRUCK and place.line.skip_level


def cost_text(cost: CostRow) -> str:
    """A cost to the cent, so that the points stand below each other; before it … where components without a cost are left out."""
    shown_cost = f"{cost.cost:,.2f}" if not cost.cost or cost.cost >= CENT else f"<{CENT}"
    return shown_cost if cost.complete else f"… {shown_cost}"


def cost_exactly(cost: CostRow) -> str:
    """The same to four places, and what the … means."""
    exact = f"{cost.cost:,.4f}"
    return exact if cost.complete else tr("{cost}，有子件没有成本", cost=exact)


def component_sentence(book: DraftBook, bill_item: int, line: DraftLine) -> str:
    """Why a component cannot stand in a bill: not known, or a loop with its path; "" for a sound one."""
    found = book.component_fault(bill_item, line)
    if found is None:
        return ""
    if found[0] == "unknown":
        return tr("没有编码、名称或拼音是“{text}”的物料，请按 F7 选择", text=line.text)
    path = " → ".join(book.items[item_id].code for item_id in found[1])
    return tr("会成环：{path}。请换一个子件，或先禁用其中一个版本", path=path)
