"""Proof of attached files: I34."""

from __future__ import annotations

from sqlalchemy import Connection, select

from models.documents.tables import attachment, doc
from services.papers import files
from services.platform import file_store
from services.reporting.proofs import Found, collect


def files_whole(conn: Connection) -> Found:
    """I34: every attached file lies in its folder with the content it was attached with; nothing unnamed lies there for a week."""
    folder = file_store.folder_of(conn)
    query = (
        select(attachment.c.name, attachment.c.sha256, doc.c.number)
        .join_from(attachment, doc, doc.c.id == attachment.c.doc_id)
        .order_by(attachment.c.id)
    )
    rows = conn.execute(query).all()
    state = {row.sha256: file_store.is_whole(folder, row.sha256) for row in rows}
    lost = [(f"{row.number} {row.name}", {"sha256": row.sha256[:12]}) for row in rows if not state[row.sha256]]
    left = [(file.name[:12], {"folder": str(folder)}) for file in files.orphans(folder, frozenset(state))]
    return Found(len(rows), collect(lost) + collect(left))
