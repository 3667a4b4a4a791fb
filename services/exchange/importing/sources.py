"""Order lines that imported receipts, issues and deliveries execute, found by order number, item and line."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from sqlalchemy import Connection, select

from models.documents.tables import doc, doc_line, material_line
from models.kernel.numbers import ZERO
from services.ledgers.facts import chunked

_ISSUE_ORDER = {"pick": 0, "backflush": 1, "none": 2}


@dataclass(frozen=True, slots=True)
class SourceLine:
    """A line of an order: main, material or output; left is what was not executed before the import."""

    id: int
    role: str
    line_no: int
    item_id: int
    left: Decimal
    done: Decimal
    price: Decimal | None
    rank: int
    supplied_by: str = "own"
    substitute_for_id: int | None = None

    @property
    def drawn_from_own(self) -> bool:
        """Whether own stock is drawn for it at all."""
        return self.supplied_by == "own" and self.rank < _ISSUE_ORDER["none"]


@dataclass(slots=True)
class SourceOrder:
    """An order that others execute."""

    id: int
    type: str
    number: str
    partner_id: int | None
    lines: list[SourceLine] = field(default_factory=list)


class SourceOrders:
    """Orders by type and number; hands out their lines and remembers how much of each the import has taken."""

    def __init__(self, conn: Connection, types: Sequence[str], numbers: Iterable[str]) -> None:
        self._orders: dict[tuple[str, str], SourceOrder] = {}
        self._types = tuple(types)
        self._taken: dict[int, Decimal] = defaultdict(lambda: ZERO)
        wanted = sorted(set(numbers))
        for keys in chunked(wanted):
            self._read(conn, keys)

    def _read(self, conn: Connection, numbers: Sequence[str]) -> None:
        query = (
            select(
                doc.c.id.label("doc_id"), doc.c.type, doc.c.number, doc.c.partner_id, doc_line.c.id, doc_line.c.role,
                doc_line.c.line_no, doc_line.c.item_id, doc_line.c.quantity, doc_line.c.done, doc_line.c.price,
                material_line.c.issue, material_line.c.supplied_by, material_line.c.substitute_for_id,
            )
            .join_from(doc, doc_line, doc_line.c.doc_id == doc.c.id)
            .outerjoin(material_line, material_line.c.line_id == doc_line.c.id)
            .where(doc.c.type.in_(self._types), doc.c.number.in_(numbers))
            .order_by(doc.c.id, doc_line.c.role, doc_line.c.line_no)
        )  # fmt: skip
        for row in conn.execute(query):
            order = self._orders.setdefault(
                (row.type, row.number), SourceOrder(row.doc_id, row.type, row.number, row.partner_id)
            )
            rank = _ISSUE_ORDER.get(row.issue or "pick", 0)
            order.lines.append(
                SourceLine(
                    row.id, row.role, row.line_no, row.item_id, row.quantity - row.done, row.done, row.price, rank,
                    row.supplied_by or "own", row.substitute_for_id,
                )
            )  # fmt: skip

    def find(self, number: str) -> list[SourceOrder]:
        """Orders of that number, one for each type that has it."""
        return [self._orders[kind, number] for kind in self._types if (kind, number) in self._orders]

    @staticmethod
    def candidates(order: SourceOrder, roles: Sequence[str], item_id: int, line_no: int | None) -> list[SourceLine]:
        """Lines of an item; only the one of that number when it has this item."""
        lines = [line for line in order.lines if line.role in roles and line.item_id == item_id]
        named = [line for line in lines if line.line_no == line_no]
        return named[:1] or sorted(lines, key=lambda line: (roles.index(line.role), line.rank, line.line_no))

    def materials(self) -> list[int]:
        """Ids of every material line."""
        return [line.id for order in self._orders.values() for line in order.lines if line.role == "material"]

    def left(self, line: SourceLine) -> Decimal:
        """What is left of a line after the rows so far."""
        return line.left - self._taken[line.id]

    def count(self, line: SourceLine, quantity: Decimal) -> None:
        """Notes what a row executes of a line; below zero what it gives back."""
        self._taken[line.id] += quantity

    def split(self, lines: Sequence[SourceLine], quantity: Decimal) -> list[tuple[SourceLine, Decimal]]:
        """Spreads a quantity over lines of one item: each what it has left, the last what is over."""
        parts: list[tuple[SourceLine, Decimal]] = []
        rest = quantity
        for at, line in enumerate(lines):
            free = line.left - self._taken[line.id]
            part = rest if at == len(lines) - 1 else max(ZERO, min(rest, free))
            if part > 0:
                parts.append((line, part))
                self._taken[line.id] += part
                rest -= part
        return parts

    def give_back(self, lines: Sequence[SourceLine], quantity: Decimal) -> list[tuple[SourceLine, Decimal]]:
        """A return: of the line from which at least that much was drawn, else of the first."""
        fitting = [line for line in lines if line.done + self._taken[line.id] >= quantity]
        line = (fitting or list(lines))[0]
        self._taken[line.id] -= quantity
        return [(line, quantity)]
