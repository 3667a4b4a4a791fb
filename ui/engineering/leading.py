"""Where a refusal about a bill stands in the tree that is shown."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from models.kernel.problems import Problem
from ui.engineering.fields import SECTIONS
from ui.engineering.look import Place
from ui.engineering.tree_model import BomModel
from ui.engineering.typing_in import TYPED_ROWS
from ui.framework.navigator import RecordRef

if TYPE_CHECKING:
    from ui.engineering.bom_page import BomPage

_COLUMNS = {"component": "code", "numerator": "usage", "warehouse": "warehouse_id"}


def lead(page: BomPage, model: BomModel, problem: Problem, saved_rows: Mapping[int, tuple[int, int]]) -> bool:
    """The focus on the line a refusal speaks of; the bill it names is opened where its level is not open here."""
    place, column = find(problem, model, saved_rows)
    if place is not None:
        index = model.index_of(place)
        page.tree.expand(index.parent())
        page.tree.go(index, column)
        page.tree.setFocus()
        return True
    code = str(problem.args.get("bom", "")).rpartition(" ")[0]
    if not code or code == page.wanted:
        return False
    page.desk.navigator.open(RecordRef("bom", code))
    return True


def find(problem: Problem, model: BomModel, saved_rows: Mapping[int, tuple[int, int]]) -> tuple[Place | None, str]:
    """Place and column of a problem: a line just typed, a row of the last save, or a line of a named version.

    saved_rows: row of the last save -> item of the bill and key of the line (0: the bill itself).
    """
    where = problem.place
    column = _COLUMNS.get(where.field, where.field if where.field in SECTIONS else "code")
    if where.row > TYPED_ROWS:
        bill, line = 0, where.row - TYPED_ROWS
    elif where.row:
        bill, line = saved_rows.get(where.row, (0, 0))
    else:
        bill, line = _of_version(model, str(problem.args.get("bom", "")), str(problem.args.get("position", "")))
    return model.places.of_line(line, bill), column


def _of_version(model: BomModel, name: str, position: str) -> tuple[int, int]:
    """Item and line key of a position in the version of that name (code and version); zeros if it is not shown."""
    book = model.book
    for bill in book.bills.values():
        if f"{book.items[bill.item_id].code} {bill.version_code}" == name:
            for line in bill.lines:
                if line.position == position:
                    return bill.item_id, line.key
    return 0, 0
