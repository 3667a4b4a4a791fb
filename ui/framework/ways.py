"""Ways out of refusals: which codes offer which acts, declared by the areas that can carry them out."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Generic, TypeVar

from models.kernel.problems import Problem

Host = TypeVar("Host")


@dataclass(frozen=True, slots=True)
class Way:
    """One way out, as a button beside the refusal. title and tooltip are in the user's language; run does it."""

    title: str
    run: Callable[[], object]
    tooltip: str = ""


Offer = Callable[[Way], None]
"""puts a way beside its refusal, at once or when the services have answered"""
Maker = Callable[[Host, Problem, Offer], None]


class WayRegistry(Generic[Host]):
    """What may be offered for a code; a maker looks whether it applies here and now, and to this user."""

    def __init__(self) -> None:
        self._makers: dict[str, dict[str, Maker[Host]]] = {}

    def add(self, name: str, maker: Maker[Host], *codes: str) -> None:
        """Declares a way for codes, in the order they are to stand; the same name again replaces it."""
        for code in codes:
            self._makers.setdefault(code, {})[name] = maker

    def of(self, code: str) -> Iterator[Maker[Host]]:
        """The makers of a code."""
        yield from self._makers.get(code, {}).values()
