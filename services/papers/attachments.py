"""Files attached to documents: the book names them, the folder beside it holds them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Connection, delete, select

from models.documents.tables import attachment
from models.kernel.problems import Place, Problem, Refused, refuse
from models.kernel.refs import DocRef
from services.documents import load, rights
from services.documents.records import DocRow
from services.papers import files
from services.platform import file_store
from services.platform.db import Tx


@dataclass(frozen=True, slots=True)
class AttachmentRow:
    """A file of a document."""

    id: int
    doc_id: int
    name: str
    sha256: str
    size: int
    added_by: str
    added_at: dt.datetime


def listed(conn: Connection, doc_id: int) -> list[AttachmentRow]:
    """The files of a document, by name; refused without the right to read it."""
    head = load.documents(conn, [doc_id]).get(doc_id)
    if head is None:
        return []
    rights.require_reading(conn, head.type)
    query = select(attachment).where(attachment.c.doc_id == doc_id).order_by(attachment.c.name)
    return [AttachmentRow(**row) for row in conn.execute(query).mappings()]


def right_to_attach(conn: Connection, doc_id: int) -> str:
    """The right that attaching to a document needs, asked before its files are copied; refused when it is gone."""
    head = load.documents(conn, [doc_id]).get(doc_id)
    if head is None:
        raise refuse("document.gone", number=doc_id)
    return f"{head.type}.save"


def add(tx: Tx, doc_id: int, stored: Sequence[tuple[str, str, int]]) -> None:
    """Names files of a document, given as name, hash and size; a name that is taken gets a number behind it."""
    head = _head(tx, doc_id, "save")
    names = set(tx.conn.execute(select(attachment.c.name).where(attachment.c.doc_id == doc_id)).scalars())
    rows = []
    for key, (name, sha256, size) in zip(tx.reserve_ids(attachment, len(stored)), stored, strict=True):
        free = _free_name(name, names)
        names.add(free)
        rows.append(
            {
                "id": key, "doc_id": doc_id, "name": free, "sha256": sha256, "size": size, "added_by": tx.user,
                "added_at": tx.now,
            }
        )  # fmt: skip
        tx.record(head.type, head.id, head.number, "attach", after={"file": free, "sha256": sha256, "size": size})
    tx.insert(attachment, rows)
    tx.touched(DocRef(head.type, head.id, head.number))


def remove(tx: Tx, attachment_id: int) -> None:
    """Takes a file off a draft; what was approved keeps its papers."""
    row = tx.conn.execute(select(attachment).where(attachment.c.id == attachment_id)).first()
    if row is None:
        return
    head = _head(tx, row.doc_id, "save")
    if head.status != "Z":
        raise Refused(
            [Problem("attachment.approved", {"name": row.name, "number": head.number}, Place(document=head.number))]
        )
    tx.conn.execute(delete(attachment).where(attachment.c.id == attachment_id))
    tx.record(head.type, head.id, head.number, "detach", before={"file": row.name, "sha256": row.sha256})
    tx.touched(DocRef(head.type, head.id, head.number))


def find(conn: Connection, attachment_id: int) -> AttachmentRow:
    """One file; refused when it is gone or its document may not be read."""
    row = conn.execute(select(attachment).where(attachment.c.id == attachment_id)).mappings().first()
    if row is None:
        raise refuse("attachment.gone")
    head = load.documents(conn, [row["doc_id"]])[row["doc_id"]]
    rights.require_reading(conn, head.type)
    return AttachmentRow(**row)


def sweep(conn: Connection, *, days: int = files.ORPHAN_DAYS) -> int:
    """Deletes files that no document has named for so many days; how many."""
    known = frozenset(conn.execute(select(attachment.c.sha256)).scalars())
    count = 0
    for file in files.orphans(file_store.folder_of(conn), known, days=days):
        with suppress(OSError):
            file.unlink()
            count += 1
    return count


def stored(conn: Connection, sources: Sequence[Path]) -> list[tuple[str, str, int]]:
    """Copies files into the folder: name, hash and size of each; all kinds are looked at before the first is copied."""
    names = [files.shown_name(source) for source in sources]
    folder = file_store.reachable(conn)
    return [(name, *files.put(folder, source)) for name, source in zip(names, sources, strict=True)]


def _head(tx: Tx, doc_id: int, verb: str) -> DocRow:
    head = load.documents(tx.conn, [doc_id], lock=True).get(doc_id)
    if head is None:
        raise refuse("document.gone", number=doc_id)
    rights.require(tx, verb, [head])
    return head


def _free_name(name: str, taken: set[str]) -> str:
    if name not in taken:
        return name
    path = Path(name)
    number = 2
    while f"{path.stem} ({number}){path.suffix}" in taken:
        number += 1
    return f"{path.stem} ({number}){path.suffix}"
