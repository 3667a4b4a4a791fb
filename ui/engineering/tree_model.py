"""The tree as Qt sees it: places are made when a level is opened, texts are prepared once, one bill may stand in many places."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, Final, TypeAlias

from PySide6.QtCore import QAbstractItemModel, QMimeData, QModelIndex, QObject, QPersistentModelIndex, Qt, Signal
from PySide6.QtGui import QUndoStack

from services.engineering.api import CostRow
from ui.engineering.draft import DraftBook, DraftLine, Step
from ui.engineering.fields import COLUMNS, SECTIONS
from ui.engineering.look import Look, Place
from ui.engineering.places import Places
from ui.engineering.steps import ChangeBills
from ui.engineering.tree_sync import TreeSync
from ui.framework.texts import tr

AnyIndex: TypeAlias = QModelIndex | QPersistentModelIndex
ROOT: Final = QModelIndex()
DISPLAY: Final = Qt.ItemDataRole.DisplayRole.value
ALIGNMENT: Final = Qt.ItemDataRole.TextAlignmentRole.value
MIME: Final = "application/x-gongfang-bom-lines"
RIGHT: Final = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
CENTER: Final = Qt.AlignmentFlag.AlignCenter
COUNT: Final = len(COLUMNS)
EDITABLE: Final = tuple(column.editable for column in COLUMNS)
ALIGNMENTS: Final = tuple(RIGHT if column.numeric else CENTER if column.kind == "flag" else None for column in COLUMNS)
TOP_FLAGS: Final = Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable | Qt.ItemFlag.ItemIsDropEnabled
LINE_FLAGS: Final = TOP_FLAGS | Qt.ItemFlag.ItemIsDragEnabled
TYPED_FLAGS: Final = LINE_FLAGS | Qt.ItemFlag.ItemIsEditable


class BomModel(QAbstractItemModel):
    """One top row, the product; below it the lines of its bill, and so on.

    Signals: edited() after every step, unknown(texts) when components must be looked up.
    """

    edited = Signal()
    unknown = Signal(object)

    def __init__(self, book: DraftBook, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.book = book
        self.look = Look(book)
        self.undo = QUndoStack(self)
        self.today = date.min
        self.places = Places(self.look)
        self._numbered = self.places.numbered
        self._tree = TreeSync(self, self.places)
        self._top = self.places.make(None, DraftLine(text=book.items[book.root_id].code), 0)

    # places

    def place(self, index: AnyIndex) -> Place | None:
        """The place of an index; that of no index is 0, which no place has."""
        return self._numbered(index.internalId())

    def index_of(self, place: Place, section: int = 0) -> QModelIndex:
        """The index of a place."""
        return self.createIndex(place.row, section, place.number)

    def below(self, place: Place) -> list[Place]:
        """The places below, made on first asking."""
        return self.places.below(place)

    def top(self) -> QModelIndex:
        """The product's row."""
        return self.index_of(self._top)

    # changes

    def push(self, title: str, step: Step) -> None:
        """Makes a change that can be undone; texts not known yet are asked for."""
        before = {item_id: self.book.lines(item_id) for item_id in step}
        if all(before[item_id] == lines for item_id, lines in step.items()):
            return
        self.undo.push(ChangeBills(title, before, step, self.apply))

    def apply(self, step: Step) -> None:
        """Sets lines everywhere their bill is shown, without a history entry."""
        for item_id, lines in step.items():
            shown_at = self.places.showing(item_id)
            for place in shown_at:
                if self.places.opens(place):
                    self.below(place)
                else:
                    place.children = place.children or []
            self.book.put({item_id: lines})
            for place in shown_at:
                if self.places.numbered(place.number):
                    self._tree.sync(place, lines if self.places.opens(place) else ())
                    self._tree.renew(place)
        waiting = self.book.waiting(line.text for lines in step.values() for line in lines)
        if waiting:
            self.unknown.emit(waiting)
        self.edited.emit()

    def learned(self, texts: Sequence[str]) -> None:
        """Texts were looked up: their places show what they stand for."""
        wanted = set(texts)
        for place in [place for place in self.places if place.line.text in wanted]:
            if self.places.numbered(place.number):
                self._tree.reopen(place)
        self.edited.emit()

    def set_costs(self, costs: Mapping[int, CostRow]) -> None:
        """Shows other costs."""
        self.look.costs = costs
        section = SECTIONS["cost"]
        for place in self.places:
            place.texts = None
        self._changed_below(self._top, section)

    def _changed_below(self, place: Place, section: int) -> None:
        if place.children:
            first, last = place.children[0], place.children[-1]
            self.dataChanged.emit(self.index_of(first, section), self.index_of(last, section))
            for below in place.children:
                self._changed_below(below, section)
        if place is self._top:
            self.dataChanged.emit(self.index_of(place, section), self.index_of(place, section))

    # Qt

    def index(self, row: int, column: int, parent: AnyIndex = ROOT) -> QModelIndex:
        """The cell of a row below a place."""
        place = self._numbered(parent.internalId())
        if place is None:
            below = [] if parent.isValid() else [self._top]
        elif parent.column() != 0:
            below = []
        else:
            below = place.children if place.children is not None else self.below(place)
        if not 0 <= row < len(below) or not 0 <= column < COUNT:
            return QModelIndex()
        return self.createIndex(row, column, below[row].number)

    def parent(self, index: AnyIndex = ROOT) -> QModelIndex:  # type: ignore[override]
        """The place above."""
        place = self._numbered(index.internalId())
        above = place.above if place is not None else None
        return self.createIndex(above.row, 0, above.number) if above is not None else QModelIndex()

    def rowCount(self, parent: AnyIndex = ROOT) -> int:
        """Lines below a place; this is what makes them."""
        if not parent.isValid():
            return 1
        place = self.place(parent)
        return len(self.below(place)) if place is not None and parent.column() == 0 else 0

    def hasChildren(self, parent: AnyIndex = ROOT) -> bool:
        """Whether there are lines below, without making them."""
        place = self._numbered(parent.internalId())
        if place is None:
            return not parent.isValid()
        if parent.column() != 0:
            return False
        if place.children is not None:
            return bool(place.children)
        return place.item_id in self.book.bills and bool(self.places.lines_below(place))

    def columnCount(self, parent: AnyIndex = ROOT) -> int:
        """The columns of the tree."""
        return COUNT

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = DISPLAY) -> Any:
        """Titles."""
        if orientation != Qt.Orientation.Horizontal or not 0 <= section < len(COLUMNS):
            return None
        if role == DISPLAY:
            return tr(COLUMNS[section].title)
        if role == Qt.ItemDataRole.ToolTipRole:
            return tr(COLUMNS[section].tooltip) or None
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return RIGHT if COLUMNS[section].numeric else None
        return None

    def flags(self, index: AnyIndex) -> Qt.ItemFlag:
        """Lines can be dragged, dropped onto, and typed into unless their bill is approved."""
        place = self._numbered(index.internalId())
        if place is None:
            return Qt.ItemFlag.NoItemFlags
        if place.above is None:
            return TOP_FLAGS
        bill = self.book.bills.get(place.above.item_id)
        locked = bill is not None and bill.locked
        return TYPED_FLAGS if EDITABLE[index.column()] and not locked else LINE_FLAGS

    def data(self, index: AnyIndex, role: int = DISPLAY) -> Any:
        """Prepared strings and colours."""
        place = self._numbered(index.internalId())
        if place is None:
            return None
        if role == DISPLAY:
            return (place.texts or self.look.texts(place))[index.column()]
        if role == ALIGNMENT:
            return ALIGNMENTS[index.column()]
        return self.look.answer(place, index.column(), role)

    def mimeTypes(self) -> list[str]:
        """What may be dropped: lines of this window."""
        return [MIME]

    def mimeData(self, indexes: Sequence[QModelIndex]) -> QMimeData:
        """The dragged lines, by place."""
        data = QMimeData()
        numbers = sorted({index.internalId() for index in indexes})
        data.setData(MIME, ",".join(map(str, numbers)).encode())
        return data

    def supportedDropActions(self) -> Qt.DropAction:
        """Move; Ctrl copies."""
        return Qt.DropAction.MoveAction | Qt.DropAction.CopyAction
