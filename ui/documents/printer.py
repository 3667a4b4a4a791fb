"""Who makes the PDF of documents and counts that they were printed: whoever composes the window says so."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, Protocol

from models.kernel.refs import Changes

if TYPE_CHECKING:
    from services.printing.api import Printed


class PrintFunction(Protocol):
    """Makes the PDF of documents of a book with a template ("": the default of each type); tick(done, all) before each."""

    def __call__(
        self, db: Any, ids: Sequence[int], *, template: str = "", tick: Callable[[int, int], object] | None = None
    ) -> Printed: ...


CountFunction = Callable[[Any, Any, Sequence[int]], Changes]
makers: dict[str, PrintFunction] = {}
counters: list[CountFunction] = []


def use_printer(documents: PrintFunction, count: CountFunction | None = None) -> None:
    """documents(db, ids, template=) makes the PDF, count(db, user, ids) notes that it was printed."""
    makers["documents"] = documents
    counters[:] = [count] if count is not None else []


def can_print() -> bool:
    """Whether a printing service was given."""
    return bool(makers)
