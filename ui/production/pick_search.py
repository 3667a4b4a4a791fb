"""The search box of the pick bench: words, or the number of a merged pick list or an order as a gun reads it; and what Ctrl+K finds."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import Signal

from models.kernel.refs import DocRef
from services.production.api import PickOrder
from services.reporting import api as reporting
from ui.framework.actions import Command
from ui.framework.desk import Desk
from ui.framework.grid.editors import WordEdit
from ui.framework.grid.scanning import bare_code
from ui.framework.navigator import PageRef
from ui.framework.page import Page
from ui.framework.texts import listed, tr
from ui.production.places import BENCH

ORDERS = ("production_order", "subcontract_order")


class PickSearch(WordEdit):
    """Typed or scanned text; a whole list number is looked up in the books.

    Signals: found(MadeList); unknown(number) when no list has it; cleared() when another text took the place of a list.
    """

    found = Signal(object)
    unknown = Signal(str)
    cleared = Signal()

    def __init__(self, page: Page) -> None:
        super().__init__("", page)
        self._page = page
        self.listed: reporting.MadeList | None = None
        self.setPlaceholderText(tr("任务单、产品、车间，或拣货单号"))
        self.setAccessibleName(tr("查找任务单或拣货单"))
        self.textChanged.connect(self._changed)

    def look_up(self, number: str) -> None:
        """Puts a list number into the box and asks the books."""
        self.blockSignals(True)
        self.setText(number)
        self.blockSignals(False)
        self._ask(number)

    def words(self) -> list[str]:
        """What the orders shown must have; nothing while a list says which."""
        return [] if self.listed else bare_code(self.text()).casefold().split()

    def holds(self, order: PickOrder) -> bool:
        """Whether the list, if there is one, names the order."""
        return self.listed is None or order.ref in self.listed.documents

    def _changed(self, text: str) -> None:
        number = reporting.whole_number(bare_code(text))
        if number:
            self._ask(number)
        elif self.listed is not None:
            self.listed = None
            self.cleared.emit()

    def _ask(self, number: str) -> None:
        find = partial(reporting.find_pick_list, self._page.desk.session.db, number)
        self._page.run_query(find, partial(self._answered, number), latest="list")

    def _answered(self, number: str, made: reporting.MadeList | None) -> None:
        if number != reporting.whole_number(bare_code(self.text())):
            return
        self.listed = made
        if made is None:
            self.unknown.emit(number)
        else:
            self.found.emit(made)


def told(made: reporting.MadeList, orders: Sequence[PickOrder]) -> str:
    """What a list is, and which of its documents have nothing left to pick."""
    there = {order.ref for order in orders}
    slips = [ref for ref in made.documents if ref.type not in ORDERS]
    done = [ref for ref in made.documents if ref.type in ORDERS and ref not in there]
    text = tr(
        "{number}（{day}，{by}，打印过 {printed} 次）：{count} 张单",
        number=made.number, day=made.day, by=made.by, printed=made.printed, count=len(made.documents) + len(made.gone),
    )  # fmt: skip
    return text + "".join(
        tr(word, numbers=listed(numbers))
        for word, numbers in (
            ("；领料单 {numbers}", _numbers(slips)),
            ("；已领完或已关闭：{numbers}", _numbers(done)),
            ("；已删除：{numbers}", list(made.gone)),
        )
        if numbers
    )


def find_lists(desk: Desk, text: str, limit: int) -> Sequence[Command]:
    """The merged pick list of a whole number, opened on the bench; called on a reading thread."""
    number = reporting.whole_number(bare_code(text))
    made = reporting.find_pick_list(desk.session.db, number) if number and limit else None
    target = PageRef(BENCH, (("list", number),))
    if made is None or not desk.navigator.can_open(target):
        return []
    return [Command(made.number, partial(desk.navigator.open, target), tr("合并拣货单"), icon="print")]


def _numbers(refs: Sequence[DocRef]) -> list[str]:
    return [ref.number for ref in refs]
