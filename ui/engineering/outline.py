"""The clerk's verbs on the tree: type, new line, indent, outdent, move, delete, fill; refusals name the bill and the way out."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from PySide6.QtCore import QModelIndex, QObject, Signal

from models.kernel.problems import Problem
from services.engineering.api import MADE_KINDS
from ui.engineering.draft import DraftLine, Lines, inserted, replaced, without
from ui.engineering.fields import read
from ui.engineering.look import Place
from ui.engineering.steps import moved, row_of, shifted
from ui.engineering.tree_model import BomModel
from ui.framework.texts import tr

KEPT = frozenset({"text"})


class Outline(QObject):
    """Edits through the model's undo stack. refused(Problem) when a bill takes no edit."""

    refused = Signal(object)

    def __init__(self, model: BomModel, today: Callable[[], date], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.model = model
        self._today = today

    # one cell

    def type_text(self, place: Place, key: str, text: str) -> bool:
        """What was typed into a cell; what cannot be read stays in the cell, marked."""
        if not self._editable_line(place):
            return False
        text = self._remark(place, key, text)
        try:
            line = place.line.changed(**read(key, text, self.model.book, today=self._today()))
        except ValueError as fault:
            line = place.line.with_fault(key, text, str(fault))
        return self.set_line(place, line)

    def set_value(self, place: Place, key: str, value: Any) -> bool:
        """A value chosen from a list or turned by space."""
        return self._editable_line(place) and self.set_line(place, place.line.changed(**{key: value}))

    def set_line(self, place: Place, line: DraftLine) -> bool:
        """Puts a changed line in the place of the old one."""
        item_id = self.model.look.bill_item(place)
        self.model.push(tr("输入"), {item_id: replaced(self.model.book.lines(item_id), line)})
        return True

    def fill_from_above(self, place: Place, key: str) -> bool:
        """Ctrl+D: the value of the line above in the same bill."""
        if not self._editable_line(place) or place.row == 0:
            return False
        above = self.model.book.lines(self.model.look.bill_item(place))[place.row - 1]
        names = {"usage": ("numerator", "denominator"), "code": ("text",)}.get(key, (key,))
        return self.set_line(place, place.line.changed(**{name: getattr(above, name) for name in names}))

    def _remark(self, place: Place, key: str, text: str) -> str:
        if key != "note" or text.strip() not in ("..", "//") or place.row == 0:
            return text
        lines = self.model.book.lines(self.model.look.bill_item(place))
        return lines[place.row - 1 if text.strip() == ".." else 0].note

    # lines

    def new_line(self, place: Place, *, before: bool = False) -> QModelIndex:
        """A blank line after (or before) a place; after the product's own row it is the first component."""
        if place.above is None:
            return self.new_child(place)
        item_id = self.model.look.bill_item(place)
        if not self._editable(item_id):
            return QModelIndex()
        return self._put(place.above, item_id, place.row + (0 if before else 1), [DraftLine()], tr("插入行"))

    def new_child(self, place: Place) -> QModelIndex:
        """A blank line as the first component below a place."""
        item = self.model.look.item_of(place)
        if item is None or not self._editable(item.id):
            return QModelIndex()
        return self._put(place, item.id, 0, [DraftLine()], tr("插入行"))

    def delete(self, places: Sequence[Place]) -> bool:
        """Takes lines out of their bills; what stands below them keeps its own bill."""
        step: dict[int, Lines] = {}
        for place in places:
            if place.above is None:
                continue
            item_id = self.model.look.bill_item(place)
            if item_id not in step and not self._editable(item_id):
                return False
            step[item_id] = without(step.get(item_id, self.model.book.lines(item_id)), [place.line.key])
        self.model.push(tr("删除行"), step)
        return bool(step)

    def indent(self, place: Place) -> QModelIndex:
        """Alt+→: the line becomes the last component of the line above it."""
        if place.above is None or place.row == 0:
            return QModelIndex()
        above = self.model.below(place.above)[place.row - 1]
        item = self.model.look.item_of(above)
        source = self.model.look.bill_item(place)
        if item is None or not self._editable(source) or not self._editable(item.id):
            return QModelIndex()
        end = len(self.model.book.lines(item.id))
        self.model.push(tr("变成下级"), moved(self.model.book, source, [place.line.key], item.id, end))
        return self._below(above, place.line.key)

    def outdent(self, place: Place) -> QModelIndex:
        """Alt+←: the line comes out of its bill, after the line it stood below."""
        above = place.above
        if above is None or above.above is None:
            return QModelIndex()
        source, target = self.model.look.bill_item(place), self.model.look.bill_item(above)
        if not self._editable(source) or not self._editable(target):
            return QModelIndex()
        over = above.above
        self.model.push(tr("移出一级"), moved(self.model.book, source, [place.line.key], target, above.row + 1))
        return self._below(over, place.line.key)

    def shift(self, place: Place, by: int) -> QModelIndex:
        """Alt+↑ and Alt+↓: one row up or down within the bill."""
        item_id = self.model.look.bill_item(place)
        if place.above is None or not self._editable(item_id):
            return QModelIndex()
        self.model.push(tr("移动行"), {item_id: shifted(self.model.book.lines(item_id), place.line.key, by)})
        return self._below(place.above, place.line.key)

    def drop(self, places: Sequence[Place], target: Place, row: int, *, copy: bool) -> QModelIndex:
        """Dragged lines of one bill put below a place at a row (-1: at the end)."""
        item = self.model.look.item_of(target)
        moving = [place for place in places if place.above is not None]
        if item is None or not moving or any(place is target or place in target.over() for place in moving):
            return QModelIndex()
        source = self.model.look.bill_item(moving[0])
        if not self._editable(item.id) or (not copy and not self._editable(source)):
            return QModelIndex()
        keys = [place.line.key for place in moving if self.model.look.bill_item(place) == source]
        at = len(self.model.book.lines(item.id)) if row < 0 else row
        before = {line.key for line in self.model.book.lines(item.id)}
        self.model.push(
            tr("复制分支") if copy else tr("移动分支"),
            moved(self.model.book, source, keys, item.id, at, copy=copy),
        )
        if not copy:
            return self._below(target, keys[0])
        fresh = next((line for line in self.model.book.lines(item.id) if line.key not in before), None)
        return self._below(target, fresh.key) if fresh is not None else QModelIndex()

    def paste(self, place: Place, tops: Sequence[DraftLine], below: Mapping[str, Lines]) -> QModelIndex:
        """Pasted lines after a place (as components of the product's own row), and bills for items that have none yet.

        below: lines by the typed text of their parent; parents that are not known yet or have a bill already are left out by
        the caller.
        """
        target = place if place.above is None else place.above
        item = self.model.look.item_of(target)
        if item is None or not self._editable(item.id) or not tops:
            return QModelIndex()
        lines = self.model.book.lines(item.id)
        at = 0 if place.above is None else place.row + 1
        if place.above is not None and place.line.blank:
            lines, at = without(lines, [place.line.key]), place.row
        step: dict[int, Lines] = {item.id: inserted(lines, at, tops)}
        for text, group in below.items():
            parent = self.model.book.component(DraftLine(text=text))
            if parent is not None and not self.model.book.lines(parent.id) and parent.kind in MADE_KINDS:
                step[parent.id] = group
        self.model.push(tr("粘贴分支"), step)
        return self._below(target, tops[0].key)

    def _put(self, above: Place, item_id: int, at: int, lines: Sequence[DraftLine], title: str) -> QModelIndex:
        self.model.push(title, {item_id: inserted(self.model.book.lines(item_id), at, lines)})
        return self._below(above, lines[0].key)

    def _below(self, above: Place, key: int) -> QModelIndex:
        row = row_of(tuple(place.line for place in self.model.below(above)), key)
        return self.model.index_of(self.model.below(above)[row]) if row >= 0 else QModelIndex()

    def takes(self, item_id: int) -> Problem | None:
        """Why the bill of an item takes no edit; None if it does."""
        book = self.model.book
        bill = book.bills.get(item_id)
        item = book.items[item_id]
        if bill is not None and bill.locked:
            return Problem("bom.approved", {"bom": f"{item.code} {bill.version_code}"})
        if item.kind not in MADE_KINDS:
            return Problem("bom.parent_kind", {"item": item.label})
        return None

    def refuse(self, item_id: int) -> None:
        """Says why the bill of an item takes no edit."""
        problem = self.takes(item_id)
        if problem is not None:
            self.refused.emit(problem)

    def _editable_line(self, place: Place) -> bool:
        return place.above is not None and self._editable(self.model.look.bill_item(place))

    def _editable(self, item_id: int) -> bool:
        """Whether a bill takes an edit; if not, says why."""
        self.refuse(item_id)
        return self.takes(item_id) is None


def fresh(lines: Sequence[DraftLine]) -> list[DraftLine]:
    """Lines as new ones, for a second paste of the same block."""
    return [replace(line.copied(), faults=()) for line in lines]
