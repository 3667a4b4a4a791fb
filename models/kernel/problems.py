"""Refusals are data: what is wrong, where, and with which numbers; the sentences stand in resources/messages."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from models.kernel.refs import DocRef


@dataclass(frozen=True, slots=True)
class Place:
    """Where a problem sits: a cell of a sheet, or a line and field of a document.

    document: its number; type: the title of its type, told while it has no number; role: "material" where the line is one of an order's own
    material list.
    """

    sheet: str = ""
    row: int = 0
    column: str = ""
    document: str = ""
    line: int = 0
    field: str = ""
    type: str = ""
    role: str = ""


@dataclass(frozen=True, slots=True)
class Problem:
    """One refusal: code names the sentence, args fill it, place and ref lead the clerk there."""

    code: str
    args: Mapping[str, object] = field(default_factory=dict)
    place: Place = Place()
    ref: DocRef | None = None


class Refused(Exception):
    """Nothing was changed; problems says why, all of them at once."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        super().__init__("; ".join(p.code for p in problems))
        self.problems: tuple[Problem, ...] = tuple(problems)


def refuse(code: str, **args: object) -> Refused:
    """A refusal with one problem and no particular place."""
    return Refused([Problem(code, args)])
