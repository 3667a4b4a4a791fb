"""Who may do what with documents: rights by type and verb, four eyes, own documents, prices and costs nobody sees or sets without right."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any, Protocol

from sqlalchemy import Connection

from models.kernel.problems import Place, Problem
from services.documents.outlines import without_figures
from services.documents.records import Context, DocDraft, DocRow, LineDraft, LineRow
from services.documents.types import registry
from services.platform import parameters
from services.platform.access import holding
from services.platform.access.holding import reading
from services.platform.access.rights import SEE_COST, SEE_PRICE
from services.platform.db import Tx


class _Document(Protocol):
    """What is asked of a stored document or a draft."""

    @property
    def type(self) -> str: ...
    @property
    def number(self) -> str: ...


def require(tx: Tx, verb: str, documents: Iterable[_Document]) -> None:
    """Refused unless the user may do this with every document."""
    first: dict[str, str] = {}
    for document in documents:
        first.setdefault(f"{document.type}.{verb}", document.number)
    tx.require_for(first.items())


def require_reading(conn: Connection, type_code: str) -> None:
    """Refused unless the one this connection reads for may see documents of a type."""
    holding.require_reading(conn, f"{type_code}.read")


def foreign(tx: Tx, heads: Iterable[DocRow]) -> list[Problem]:
    """A problem for each document of somebody else, where everybody changes and deletes only his own (own_documents_only)."""
    others = [head for head in heads if head.created_by != tx.user and not head.system_made]
    if not others or not tx.asks() or not parameters.load(tx.conn).flag("own_documents_only"):
        return []
    return [
        Problem("document.foreign", {"number": head.number, "user": head.created_by}, Place(document=head.number))
        for head in others
    ]


def same_eyes(tx: Tx, heads: Iterable[DocRow], context: Context) -> list[Problem]:
    """A problem for each document that its own maker would approve, where four eyes are asked for (I33)."""
    if not tx.asks() or not context.parameters.flag("four_eyes"):
        return []
    return [
        Problem("document.four_eyes", {"number": head.number, "user": head.created_by}, Place(document=head.number))
        for head in heads
        if head.created_by == tx.user and not head.system_made
    ]


def figures(type_code: str) -> str:
    """The right to see prices and amounts of a type: what is traded with others has prices, all else has costs."""
    return SEE_PRICE if registry[type_code].partner_role else SEE_COST


def keep_figures(tx: Tx, drafts: Iterable[DocDraft], context: Context, stored: Sequence[LineRow] = ()) -> None:
    """Who may not see prices does not set them: a line keeps what is stored under its number, a new one takes its source's price.

    Refused when a line was given other figures than these.
    """
    known = {line.line_no: line for line in stored if line.role == "main"}
    for draft in drafts:
        if tx.permits(figures(draft.type)):
            continue
        for number, line in enumerate(draft.lines, start=1):
            given = (line.price, line.amount)
            line.price, line.amount = _kept(line, known.get(line.line_no or number), context)
            if any(new not in (None, old) for new, old in zip(given, (line.price, line.amount), strict=True)):
                tx.require(figures(draft.type), number=draft.number)


def _kept(line: LineDraft, old: LineRow | None, context: Context) -> tuple[Decimal | None, Decimal | None]:
    source = context.sources.get(line.source_line_id or 0)
    if old is not None and old.item_id == line.item_id:
        return old.price, old.amount if old.price is None or old.quantity == line.quantity else None
    if source is not None and source.line.item_id == line.item_id:
        return source.line.price, None
    return None, None


def hide_figures(conn: Connection, drafts: Iterable[DocDraft]) -> None:
    """Takes prices and amounts out of drafts that are handed to somebody who may not see them."""
    for draft in drafts:
        if not reading(conn).allows(figures(draft.type)):
            for line in draft.lines:
                line.price = line.amount = None


def hide_history(conn: Connection, entity: str, text: str) -> str:
    """A state of the audit chain as the reader may see it: without prices and costs he has no right to."""
    reader = reading(conn)
    hidden = {key for key, right in _HISTORY.items() if not reader.allows(right)}
    lines_hidden = entity in registry and not reader.allows(figures(entity))
    if not text or not (hidden or lines_hidden):
        return text
    state = json.loads(text)
    if not isinstance(state, dict):
        return text
    return json.dumps(_without(state, hidden, lines_hidden=lines_hidden), ensure_ascii=False)


_HISTORY: Mapping[str, str] = {"price": SEE_PRICE, "unit_cost": SEE_COST, "credit_limit": SEE_PRICE}


def _without(state: Mapping[str, Any], hidden: Iterable[str], *, lines_hidden: bool) -> dict[str, Any]:
    made = {key: value for key, value in state.items() if key not in set(hidden)}
    if lines_hidden and isinstance(made.get("lines"), list):
        made["lines"] = [without_figures(line) for line in made["lines"]]
    return made
