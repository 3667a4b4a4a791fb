"""What windows and the command line may ask of attached files, templates, and drafts that were kept."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from pathlib import Path

from sqlalchemy import select

from models.documents.tables import doc
from models.kernel.refs import Changes, DocRef
from services.documents.records import DocDraft
from services.papers import attachments, files, templates
from services.papers.attachments import AttachmentRow
from services.papers.files import ALLOWED, MOST_BYTES
from services.papers.templates import TemplateRow
from services.platform import file_store
from services.platform.db import Database, Tx

__all__ = [
    "ALLOWED", "MOST_BYTES", "AttachmentRow", "TemplateRow", "attach", "detach", "draft_from_template", "list_attachments",
    "list_templates", "remove_template", "save_attachment_as", "save_template", "saved_as", "sweep_files",
]  # fmt: skip


def list_attachments(db: Database, doc_id: int) -> list[AttachmentRow]:
    """The files of a document."""
    with db.read() as conn:
        return attachments.listed(conn, doc_id)


def attach(db: Database, user: str, doc_id: int, sources: Sequence[Path]) -> Changes:
    """Attaches files, all or none: allowed kinds up to 20 MB; the originals stay where they are."""
    with db.read() as conn:
        right = attachments.right_to_attach(conn, doc_id)
    db.require(user, right)
    with db.read() as conn:
        stored = attachments.stored(conn, sources)

    def action(tx: Tx) -> Changes:
        attachments.add(tx, doc_id, stored)
        return tx.changes()

    return db.run(user, action)


def detach(db: Database, user: str, attachment_id: int) -> Changes:
    """Takes a file off a draft."""

    def action(tx: Tx) -> Changes:
        attachments.remove(tx, attachment_id)
        return tx.changes()

    return db.run(user, action)


def save_attachment_as(db: Database, attachment_id: int, target: Path) -> Path:
    """Copies a file to a place: a folder (under its own name) or a file. Refused when the content is missing or changed."""
    with db.read() as conn:
        row = attachments.find(conn, attachment_id)
        folder = file_store.reachable(conn)
    place = target / files.plain_name(row.name) if target.is_dir() else target
    files.take(folder, row.sha256, place, row.name)
    return place


def sweep_files(db: Database) -> int:
    """Deletes stored files that no document has named for a week; how many."""
    with db.read() as conn:
        return attachments.sweep(conn)


def list_templates(db: Database, type_code: str) -> list[TemplateRow]:
    """The templates of a document type."""
    with db.read() as conn:
        return templates.listed(conn, type_code)


def save_template(db: Database, user: str, name: str, draft: DocDraft) -> Changes:
    """Keeps a draft as a template; one of the same name is replaced."""

    def action(tx: Tx) -> Changes:
        templates.save(tx, name, draft)
        return tx.changes()

    return db.run(user, action)


def remove_template(db: Database, user: str, template_id: int) -> Changes:
    """Forgets a template."""

    def action(tx: Tx) -> Changes:
        templates.remove(tx, template_id)
        return tx.changes()

    return db.run(user, action)


def draft_from_template(db: Database, template_id: int, *, day: dt.date) -> DocDraft:
    """A new draft from a template; nothing is saved."""
    with db.read() as conn:
        return templates.draft_from(conn, template_id, day=day)


def saved_as(db: Database, client_key: str) -> DocRef | None:
    """The document that a window saved under its client key, if it did."""
    with db.read() as conn:
        row = conn.execute(select(doc.c.type, doc.c.id, doc.c.number).where(doc.c.client_key == client_key)).first()
    return DocRef(row.type, row.id, row.number) if row else None
