"""The part of a long list that is in memory: rows without a gap, newest first, and whether there are more on either side."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from services.documents.api import DocumentListRow, PageKey

KEPT_ROWS: Final = 10_000
"""beyond this the far end is let go"""


class ListRows:
    """more_before, more_after: rows there are above the first and below the last one held; ordered: sorted by columns in SQL."""

    def __init__(self) -> None:
        self.rows: list[DocumentListRow] = []
        self.more_before = False
        self.more_after = False
        self.ordered = False

    def __len__(self) -> int:
        return len(self.rows)

    @property
    def whole(self) -> bool:
        """Whether nothing is missing."""
        return not (self.more_before or self.more_after)

    @property
    def first_again(self) -> PageKey | None:
        """The key after which the first row held comes, to read the same part again; None from the start of the list."""
        if not self.more_before or not self.rows:
            return None
        day, number = key_of(self.rows[0])
        return day, number + 1

    def show(self, rows: Sequence[DocumentListRow], *, before: bool, after: bool, ordered: bool) -> None:
        """Another part instead of this one."""
        self.rows = list(rows)
        self.more_before, self.more_after, self.ordered = before, after, ordered

    def append(self, rows: Sequence[DocumentListRow], *, more: bool, keep_all: bool) -> bool:
        """The part that follows; True when rows at the start were let go for it."""
        self.rows += rows
        self.more_after = more
        if keep_all or self.ordered or len(self.rows) <= KEPT_ROWS:
            return False
        del self.rows[: len(self.rows) - KEPT_ROWS]
        self.more_before = True
        return True

    def prepend(self, rows: Sequence[DocumentListRow], *, more: bool, keep_all: bool) -> None:
        """The part before; rows at the end are let go for it."""
        self.rows = [*rows, *self.rows]
        self.more_before = more
        if not keep_all and len(self.rows) > KEPT_ROWS:
            del self.rows[KEPT_ROWS:]
            self.more_after = True


def key_of(row: DocumentListRow) -> PageKey:
    """Where a row stands in the list."""
    return row.business_date, row.ref.id
