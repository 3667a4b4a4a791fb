"""What windows and the command line may ask of documents; every command is one transaction."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from copy import deepcopy
from dataclasses import replace
from typing import Unpack

from models.documents.tables import doc
from models.kernel.numbers import MONEY_PLACES, round_half_up
from models.kernel.problems import refuse
from models.kernel.refs import Changes, DocRef
from services.documents import (
    approving,
    changing,
    finding,
    lists,
    load,
    printing,
    queries,
    reversing,
    rights,
    saving,
    sourcing,
)
from services.documents.flow import Flow, FlowEdge, flow
from services.documents.lists import LIST_ORDERS, DocumentFilter
from services.documents.log_ins import arrange_log_ins
from services.documents.records import DocDraft, LineDraft, MaterialDraft, OutputDraft, Source
from services.documents.reversing import ChainStep
from services.documents.types import DocType, registry
from services.documents.views import (
    DocumentList,
    DocumentListRow,
    DocumentView,
    FlowRow,
    HistoryRow,
    LineView,
    PageKey,
    SourceRow,
)
from services.ledgers.facts import load_items, load_warehouses
from services.platform.db import Database, Tx
from services.platform.periods import open_day
from services.platform.server_roles import Arranged

__all__ = [
    "LIST_ORDERS", "Arranged", "ChainStep", "DocDraft", "DocType", "DocumentFilter", "DocumentList",
    "DocumentListRow", "DocumentView", "Flow", "FlowEdge", "FlowRow", "HistoryRow", "LineDraft", "LineView",
    "MaterialDraft", "OutputDraft", "PageKey", "SourceRow", "approve", "arrange_log_ins", "change_document",
    "close", "copy_document", "count_documents", "count_print", "delete", "describe", "document_flow",
    "document_type", "document_types", "figures_right", "find_document",
    "find_documents", "get_document", "list_documents",
    "open_sources", "preview_reversal", "push_down", "push_title", "reopen", "reverse", "save_document",
]  # fmt: skip


def document_types() -> list[DocType]:
    """Every registered type, in the order of a business day."""
    return sorted(registry, key=lambda kind: kind.order)


def document_type(code: str) -> DocType:
    """The declaration of a type."""
    return registry[code]


def figures_right(type_code: str) -> str:
    """The right to see prices and amounts of a type."""
    return rights.figures(type_code)


def list_documents(
    db: Database, type_code: str, *, after: PageKey | None = None, reverse: bool = False,
    order: Sequence[tuple[str, bool]] = (), offset: int = 0, limit: int = 500, counted: bool = True,
    **wanted: Unpack[DocumentFilter],
) -> DocumentList:  # fmt: skip
    """A page of documents, newest first: those after a key, before it (reverse), or sorted by columns of the list from an offset on.

    counted: with the number of all, which a long list takes longer for than for the page.
    """
    with db.read() as conn:
        return lists.list_documents(
            conn, type_code, wanted, after=after, reverse=reverse, order=order, offset=offset, limit=limit,
            counted=counted,
        )  # fmt: skip


def count_documents(db: Database, type_code: str, **wanted: Unpack[DocumentFilter]) -> int:
    """How many documents a list holds."""
    with db.read() as conn:
        return lists.count_documents(conn, type_code, wanted)


def get_document(db: Database, doc_id: int) -> DocumentView:
    """A whole document; refused when it is gone."""
    with db.read() as conn:
        found = queries.get_document(conn, doc_id)
    if found is None:
        raise refuse("document.gone", number=doc_id)
    return found


def document_flow(db: Database, doc_id: int) -> Flow:
    """Everything a document came from and everything that came of it (上查、下查), to the ends."""
    with db.read() as conn:
        return flow(conn, doc_id)


def find_document(db: Database, number: str, type_code: str = "") -> DocRef | None:
    """The document of a number."""
    with db.read() as conn:
        return queries.find(conn, number, type_code)


def find_documents(db: Database, text: str, *, limit: int = 12) -> list[DocRef]:
    """Documents by a part of their number, the newest first."""
    with db.read() as conn:
        return finding.find_numbers(conn, text, limit)


def open_sources(
    db: Database, type_code: str, *, kind: str = "", text: str = "", partner_id: int | None = None, limit: int = 500
) -> list[SourceRow]:
    """Source lines that a document of a type and kind can take over (选源单), at most so many; see sourcing.open_sources."""
    with db.read() as conn:
        return sourcing.open_sources(conn, type_code, kind=kind, text=text, partner_id=partner_id, limit=limit)


def save_document(
    db: Database, user: str, draft: DocDraft, *, doc_id: int = 0, version: int = 0
) -> tuple[DocRef, Changes]:
    """Saves a new draft (doc_id 0) or a changed one; a draft sent twice with one client key is saved once.

    The draft is left as it was given: a number or a material list worked out by a try that failed must not stay in it.
    """

    def action(tx: Tx) -> tuple[DocRef, Changes]:
        mine = deepcopy(draft)
        if doc_id:
            return saving.replace(tx, doc_id, version, mine), tx.changes()
        if draft.client_key:
            known = _by_client_key(tx, draft.client_key)
            if known is not None:
                return known, tx.changes()
        (ref,) = saving.create(tx, [mine])
        return ref, tx.changes()

    return db.run(user, action)


def _by_client_key(tx: Tx, key: str) -> DocRef | None:
    row = tx.conn.execute(doc.select().where(doc.c.client_key == key)).first()
    return DocRef(row.type, row.id, row.number) if row else None


def approve(db: Database, user: str, ids: Sequence[int], versions: Mapping[int, int] | None = None) -> Changes:
    """Approves drafts, by date, all or none."""

    def action(tx: Tx) -> Changes:
        heads = load.documents(tx.conn, ids)
        known = approving.by_date(list(heads.values()))
        approving.approve(tx, [*known, *(key for key in ids if key not in heads)], versions)
        return tx.changes()

    return db.run(user, action)


def change_document(
    db: Database, user: str, draft: DocDraft, *, doc_id: int, version: int, reason: str
) -> tuple[DocRef, Changes]:
    """Changes an approved order (变更): never below what was executed, with the reason and both versions in its history."""

    def action(tx: Tx) -> tuple[DocRef, Changes]:
        return changing.change(tx, doc_id, version, deepcopy(draft), reason=reason), tx.changes()

    return db.run(user, action)


def preview_reversal(db: Database, ids: Sequence[int]) -> list[ChainStep]:
    """The documents that reversing would undo, in order, with what that does to the stock; the asked ones last."""
    with db.read() as conn:
        return reversing.preview(conn, ids)


def reverse(
    db: Database, user: str, ids: Sequence[int], *, with_chain: bool = False, versions: Mapping[int, int] | None = None
) -> Changes:
    """Takes approval back, with every later document if with_chain, all or nothing."""

    def action(tx: Tx) -> Changes:
        reversing.reverse(tx, ids, with_chain=with_chain, versions=versions)
        return tx.changes()

    return db.run(user, action)


def close(
    db: Database, user: str, ids: Sequence[int], reason: str = "", *, versions: Mapping[int, int] | None = None
) -> Changes:
    """Closes by hand."""

    def action(tx: Tx) -> Changes:
        reversing.close(tx, ids, reason, versions=versions)
        return tx.changes()

    return db.run(user, action)


def reopen(
    db: Database, user: str, ids: Sequence[int], reason: str = "", *, versions: Mapping[int, int] | None = None
) -> Changes:
    """Opens what was closed by hand."""

    def action(tx: Tx) -> Changes:
        reversing.reopen(tx, ids, reason, versions=versions)
        return tx.changes()

    return db.run(user, action)


def delete(db: Database, user: str, ids: Sequence[int], *, versions: Mapping[int, int] | None = None) -> Changes:
    """Deletes drafts; what was posted once becomes void instead."""

    def action(tx: Tx) -> Changes:
        reversing.delete_drafts(tx, ids, versions=versions)
        return tx.changes()

    return db.run(user, action)


def push_title(target: str) -> str:
    """What a push makes: the title of the type, or of the kind that is named behind it."""
    code, _, kind = target.partition(":")
    return registry[code].kinds[kind] if kind else registry[code].title


def push_down(db: Database, doc_id: int, target: str, *, day: dt.date | None = None) -> list[DocDraft]:
    """Drafts of a target (see DocType.pushes) that take over what is left of an approved document; nothing is saved.

    day: the working day, which the drafts are dated; never before the document they come from, and where its period is closed the first
    day that is open again. None: the day of the document itself.
    """
    with db.read() as conn:
        head = load.documents(conn, [doc_id]).get(doc_id)
        if head is None:
            raise refuse("document.gone", number=doc_id)
        if head.status != "C":
            raise refuse("document.not_approved", number=head.number)
        lines = load.lines(conn, [doc_id])[doc_id]
        context = load.context(conn, [lines])
        parts = {line.id: line.parent_line_id or 0 for line in lines if line.role == "material"}
        context.materials = load.materials(conn, parts)
        context.drawn |= load.drawn(conn, parts)
        context.items |= load_items(conn, {item_id for _, item_id in context.drawn} - set(context.items))
        context.ordered = load.ordered_for(conn, [line.id for line in lines if line.role == "main"])
        drafts = registry[head.type].pushes[target](head, lines, context)
        if day is not None:
            dated = open_day(conn, max(day, head.business_date))
            drafts = [replace(draft, business_date=dated) for draft in drafts]
        rights.hide_figures(conn, drafts)
    if not drafts:
        raise refuse("document.nothing_left", number=head.number, type=push_title(target))
    return drafts


def copy_document(db: Database, doc_id: int, *, day: dt.date) -> DocDraft:
    """A new draft with the lines of a document, without source and without number; its days lie as far from its date as they did."""
    view = get_document(db, doc_id)
    moved = day - view.business_date
    lines = [
        LineDraft(
            line.item_id, line.quantity, price=line.price, warehouse_id=line.warehouse_id, lot=line.lot,
            due_date=line.due_date and line.due_date + moved, start_date=line.start_date and line.start_date + moved,
            note=line.note, bom_version=line.bom_version,
            source_line_id=line.source_line_id if registry[view.ref.type].source_required else None,
        )
        for line in view.lines
    ]  # fmt: skip
    return DocDraft(
        view.ref.type, day, lines, kind=view.kind, partner_id=view.partner_id, workshop=view.workshop, note=view.note
    )


def describe(db: Database, draft: DocDraft) -> DocumentView:
    """A draft as a window shows it: names resolved, nothing saved."""
    with db.read() as conn:
        items = load_items(conn, {line.item_id for line in draft.lines})
        stores = load_warehouses(conn)
        named = (key for line in draft.lines for key in (line.source_line_id, line.demand_line_id) if key)
        sources = load.sources(conn, named)
        stock = queries.available(conn, items)
        partner = queries.partner_of(conn, draft.partner_id)
    lines = []
    for number, line in enumerate(draft.lines, start=1):
        facts, store = items[line.item_id], stores.get(line.warehouse_id or 0)
        source, demand = sources.get(line.source_line_id or 0), sources.get(line.demand_line_id or 0)
        amount = line.amount
        if amount is None and line.price is not None:
            amount = round_half_up(line.price * line.quantity, MONEY_PLACES)
        lines.append(
            LineView(
                0, "main", line.line_no or number, None, line.item_id, facts.code, facts.name, facts.spec, facts.unit,
                facts.decimals, line.quantity, line.quantity * 0, line.price, amount, line.warehouse_id,
                store.code if store else "", store.name if store else "", line.lot, line.start_date, line.due_date,
                "C", line.hours, line.note, line.source_line_id,
                _ref(source), source.line.line_no if source else 0, line.demand_line_id, _ref(demand), line.bom_version,
                available=stock.get(line.item_id, line.quantity * 0),
            )
        )  # fmt: skip
    return DocumentView(
        DocRef(draft.type, 0, draft.number), 0, draft.kind, "Z", "C", draft.business_date, draft.partner_id,
        partner[0], partner[1], draft.workshop, draft.note, draft.source_id, draft.system_made, 0, "", None, "", None,
        tuple(lines),
    )  # fmt: skip


def _ref(source: Source | None) -> DocRef | None:
    return DocRef(source.doc.type, source.doc.id, source.doc.number) if source else None


def count_print(db: Database, user: str, ids: Sequence[int]) -> Changes:
    """Counts that documents were printed; refused for drafts where only approved documents are printed."""

    def action(tx: Tx) -> Changes:
        printing.count(tx, ids)
        return tx.changes()

    return db.run(user, action)
