"""What windows and the command line may ask across areas: the state of the books, documents on paper."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence

from models.kernel.refs import Changes, DocRef
from services.platform.access.rights import KEEP_TEMPLATES
from services.platform.db import Database, Tx
from services.platform.tongues import SOURCE
from services.printing.api import Label, PaperProfile, Printed
from services.printing.templates import store
from services.printing.templates.model import Offered, Template
from services.printing.templates.store import TemplateRow
from services.reporting import form_templates, labels, merged_lists, pick_lists, prints
from services.reporting import worklist as waiting
from services.reporting.form_templates import TemplateNames
from services.reporting.invariants import Broken, Finding, check
from services.reporting.merged_lists import MadeList, PickList, whole_number
from services.reporting.offers import MERGED, offer_of, printed_types
from services.reporting.pick_lists import PickListRow, PickLists
from services.reporting.worklist import WorkDetail, WorkRow

__all__ = [
    "KEEP_TEMPLATES",
    "MERGED",
    "Broken",
    "Finding",
    "MadeList",
    "Offered",
    "PickList",
    "PickListRow",
    "PickLists",
    "Template",
    "TemplateNames",
    "TemplateRow",
    "WorkDetail",
    "WorkRow",
    "check",
    "choose_template",
    "company_logo",
    "count_pick_list",
    "export_template",
    "find_pick_list",
    "import_template",
    "keep_logo",
    "labelled_types",
    "labels_of_documents",
    "labels_of_items",
    "list_pick_lists",
    "offer_of",
    "pick_list",
    "preview_template",
    "print_documents",
    "print_merged",
    "printed_types",
    "remove_template",
    "sample_documents",
    "save_template",
    "template_names",
    "templates",
    "whole_number",
    "work_details",
    "worklist",
]  # fmt: skip


def print_documents(
    db: Database,
    ids: Sequence[int],
    *,
    profile: PaperProfile | None = None,
    template: str = "",
    tick: Callable[[int, int], object] | None = None,
    language: str = SOURCE,
) -> Printed:
    """Documents as they leave the printer, in the given order; template: by name, "" the default of each type.

    tick(done, all) is called before each. language: of forms whose template has none of its own.
    """
    with db.read() as conn:
        return prints.print_documents(conn, ids, profile=profile, template=template, tick=tick, language=language)


def pick_list(db: Database, user: str, ids: Sequence[int], *, day: dt.date | None = None) -> tuple[PickList, Changes]:
    """The merged pick list of orders or pick lists with its number: the one it had, or a new one of the day (today)."""

    def action(tx: Tx) -> tuple[PickList, Changes]:
        return merged_lists.known(tx, ids, day=day), tx.changes()

    return db.run(user, action)


def find_pick_list(db: Database, number: str) -> MadeList | None:
    """The merged pick list of a whole number (see whole_number); None for one that is not known."""
    with db.read() as conn:
        return merged_lists.of_number(conn, number)


def list_pick_lists(
    db: Database, *, text: str = "", first: dt.date | None = None, last: dt.date | None = None, limit: int = 500
) -> PickLists:
    """Merged pick lists by day, words and number, newest first, with what has been drawn of each."""
    with db.read() as conn:
        return pick_lists.listing(conn, text=text, first=first, last=last, limit=limit)


def print_merged(
    db: Database,
    ids: Sequence[int],
    *,
    profile: PaperProfile | None = None,
    template: str = "",
    listed: PickList | None = None,
    language: str = SOURCE,
) -> Printed:
    """One pick list of several orders or pick lists; template: by name, "" the default. listed: with its number and count."""
    with db.read() as conn:
        return merged_lists.print_merged(
            conn, ids, profile=profile, template=template, listed=listed, language=language
        )


def count_pick_list(db: Database, user: str, listed: PickList) -> Changes:
    """Counts that a merged pick list was printed, and each document on it."""

    def action(tx: Tx) -> Changes:
        merged_lists.count(tx, listed)
        return tx.changes()

    return db.run(user, action)


def printed_before(db: Database, ids: Sequence[int]) -> int:
    """How many of the documents were printed before."""
    with db.read() as conn:
        return prints.printed_before(conn, ids)


def worklist(db: Database, today: dt.date) -> list[WorkRow]:
    """What waits for somebody today, the most urgent kind first."""
    with db.read() as conn:
        return waiting.worklist(conn, today)


def work_details(db: Database, row: WorkRow, today: dt.date) -> list[WorkDetail]:
    """The cases behind a line of the work list, the oldest first."""
    with db.read() as conn:
        return waiting.details(conn, row.kind, row.subject, today)


def templates(db: Database, kind: str) -> list[TemplateRow]:
    """The templates of a document type, the stock ones first; exactly one is the default."""
    with db.read() as conn:
        return store.listed(conn, offer_of(kind))


def template_names(db: Database, kind: str) -> TemplateNames:
    """The names a type can be printed with, and the default."""
    with db.read() as conn:
        return form_templates.names(conn, kind)


def save_template(
    db: Database, user: str, template: Template, *, stamp: str | None = None
) -> tuple[TemplateRow, Changes]:
    """Keeps a template; stamp: of the one that was changed, None for a new one."""

    def action(tx: Tx) -> tuple[TemplateRow, Changes]:
        return store.save(tx, offer_of(template.type), template, stamp=stamp), tx.changes()

    return db.run(user, action)


def remove_template(db: Database, user: str, kind: str, name: str) -> Changes:
    """Deletes a template of the book."""

    def action(tx: Tx) -> Changes:
        store.remove(tx, offer_of(kind), name)
        return tx.changes()

    return db.run(user, action)


def choose_template(db: Database, user: str, kind: str, name: str) -> Changes:
    """Makes a template the one that its type is printed with."""

    def action(tx: Tx) -> Changes:
        store.choose(tx, offer_of(kind), name)
        return tx.changes()

    return db.run(user, action)


def import_template(db: Database, user: str, kind: str, text: bytes) -> tuple[str, Changes]:
    """Keeps a template from a file under a free name; the name."""

    def action(tx: Tx) -> tuple[str, Changes]:
        return form_templates.import_text(tx, kind, text), tx.changes()

    return db.run(user, action)


def export_template(db: Database, kind: str, name: str) -> str:
    """A template as the text of a file."""
    with db.read() as conn:
        return form_templates.export_text(conn, kind, name)


def sample_documents(db: Database, kind: str) -> list[DocRef]:
    """The newest documents of a type, to look at a template with."""
    with db.read() as conn:
        return form_templates.samples(conn, kind)


def preview_template(db: Database, template: Template, doc_id: int = 0, language: str = SOURCE) -> Printed:
    """A document as a template that need not be kept yet prints it; doc_id 0: a made-up one."""
    with db.read() as conn:
        return form_templates.preview(conn, template, doc_id, language)


def company_logo(db: Database) -> bytes:
    """The company's logo; empty if there is none."""
    with db.read() as conn:
        return store.logo(conn)


def keep_logo(db: Database, user: str, content: bytes) -> Changes:
    """Keeps the company's logo (PNG or JPEG); empty takes it away."""

    def action(tx: Tx) -> Changes:
        store.keep_logo(tx, content)
        return tx.changes()

    return db.run(user, action)


def labelled_types() -> tuple[str, ...]:
    """Types whose documents have labels or routing cards."""
    return (*labels.GOODS, *labels.ORDERS)


def labels_of_items(db: Database, ids: Sequence[int], language: str = SOURCE) -> list[Label]:
    """物料标签: one for each item, in the given order."""
    with db.read() as conn:
        return labels.of_items(conn, ids, language)


def labels_of_documents(db: Database, ids: Sequence[int], language: str = SOURCE) -> list[Label]:
    """An item label for each line of a receipt, a routing card for each product of an order."""
    with db.read() as conn:
        return labels.of_documents(conn, ids, language)
