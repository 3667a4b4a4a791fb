"""Where a refusal about a bill stands in the tree that is shown."""

from __future__ import annotations

from collections.abc import Mapping

from models.kernel.problems import Problem
from ui.engineering.fields import SECTIONS
from ui.engineering.look import Place
from ui.engineering.tree_model import BomModel
from ui.engineering.typing_in import TYPED_ROWS

_COLUMNS = {"component": "code", "numerator": "usage", "warehouse": "warehouse_id"}


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
