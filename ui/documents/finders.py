"""What Ctrl+K finds in the books: documents by number, items (in their workbench) and partners by code, name or pinyin."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from services.documents import api as documents
from services.masterdata import api as masterdata
from ui.framework.actions import Command
from ui.framework.desk import Desk
from ui.framework.navigator import PageRef, RecordRef, Target
from ui.framework.texts import tr

KINDS = {"items": "物料", "customers": "客户", "suppliers": "供应商"}
ICONS = {"items": "box"}


def register_finders(desk: Desk) -> None:
    """Adds the searches to the palette."""
    desk.actions.register_finder(partial(find_documents, desk))
    desk.actions.register_finder(partial(find_records, desk))


def find_documents(desk: Desk, text: str, limit: int) -> Sequence[Command]:
    """Documents by their number or a part of it: scrw 0012."""
    return [
        Command(ref.number, partial(desk.navigator.open, ref), tr(documents.document_type(ref.type).title), icon="page")
        for ref in documents.find_documents(desk.session.db, text, limit=limit)
    ]


def find_records(desk: Desk, text: str, limit: int) -> Sequence[Command]:
    """Master records by code, name, pinyin."""
    found = []
    for kind, title in KINDS.items():
        for hit in masterdata.search(desk.session.db, kind, text, limit):
            ref = _place(desk, kind, hit.code)
            label = " ".join(part for part in (hit.code, hit.name, hit.spec) if part)
            found.append(Command(label, partial(desk.navigator.open, ref), tr(title), icon=ICONS.get(kind, "page")))
    return found[:limit]


def _place(desk: Desk, kind: str, code: str) -> Target:
    """Where a record is looked at: an item on its workbench, if there is one."""
    bench = PageRef("workbench", (("code", code),))
    return bench if kind == "items" and desk.navigator.can_open(bench) else RecordRef(kind, code)
