"""合并拣货单: one pick list of several orders or pick lists, with a number of its own, a template, and a count of its prints."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

from sqlalchemy import Connection, select

from models.documents.tables import doc
from models.kernel.problems import Problem, Refused, refuse
from models.kernel.refs import DocRef
from models.platform.tables import audit_event
from services.documents import load, printing, rights
from services.documents.views import DocumentView
from services.platform import numbering
from services.platform.access.holding import reading
from services.platform.clock import local_today
from services.platform.db import Tx
from services.platform.tongues import SOURCE, Tongue
from services.printing.api import Form, PaperProfile, Printed, print_forms
from services.printing.picking_forms import SIGN_MERGED, merged_form
from services.printing.templates import store
from services.printing.templates.applying import arranged, on_paper
from services.printing.templates.model import Template
from services.production import picking
from services.reporting.offers import MERGED, PICK, offer_of
from services.reporting.picked import Picked, document, of_orders, of_slip, slip_of, summed, times
from services.reporting.prints import paper_of

PREFIX: Final = "JYH"
WHOLE: Final = re.compile(rf"{PREFIX}-?(\d{{8}})-?(\d{{5,9}})")


@dataclass(frozen=True, slots=True)
class PickList:
    """A merged pick list that has a number: for which documents, of which day, how often it was printed before.

    key: of what is to be picked; the same materials for the same documents are the same list. Without the right to make pick
    lists there is no number.
    """

    documents: tuple[DocRef, ...]
    key: int
    number: str
    day: dt.date
    printed: int = 0

    @property
    def ids(self) -> list[int]:
        """Ids of its documents."""
        return [ref.id for ref in self.documents]


@dataclass(frozen=True, slots=True)
class MadeList:
    """A merged pick list found by its number: of which day, by whom, for which documents; gone: numbers deleted since."""

    number: str
    day: dt.date
    by: str
    documents: tuple[DocRef, ...]
    gone: tuple[str, ...] = ()
    printed: int = 0


def whole_number(text: str) -> str:
    """The number of a merged pick list as it is kept, however it was typed (full width, small letters, without dashes); else ""."""
    found = WHOLE.fullmatch(unicodedata.normalize("NFKC", text).strip().upper())
    return f"{PREFIX}-{found[1]}-{found[2]}" if found else ""


def of_number(conn: Connection, number: str) -> MadeList | None:
    """The list of a number; None if there is none, or if the reader may not see one of its documents."""
    a = audit_event.c
    same = (a.entity == MERGED, a.number == number)
    events = conn.execute(select(a.user, a.action, a.after).where(*same).order_by(a.seq)).all()
    born = next((event for event in events if event.action == "create"), None)
    if born is None:
        return None
    content = json.loads(born.after)
    numbers: list[str] = content["documents"]
    kinds = (*picking.ORDER_TYPES, PICK)
    # All types are named because the index leads with the type.
    query = select(doc.c.type, doc.c.id, doc.c.number).where(doc.c.type.in_(kinds), doc.c.number.in_(numbers))
    refs = {row.number: DocRef(*row) for row in conn.execute(query)}
    reader = reading(conn)
    if not all(reader.allows(f"{ref.type}.read") for ref in refs.values()):
        return None
    found = tuple(refs[key] for key in numbers if key in refs)
    gone = tuple(key for key in numbers if key not in refs)
    printed = sum(event.action == "print" for event in events)
    return MadeList(number, dt.date.fromisoformat(content["day"]), born.user, found, gone, printed)


def known(tx: Tx, ids: Sequence[int], *, day: dt.date | None = None) -> PickList:
    """The pick list of these documents as it was numbered before, or a new one of the day (today). Refused: see print_merged."""
    heads = load.documents(tx.conn, ids)
    rights.require(tx, "print", heads.values())
    views = _views(tx.conn, ids)
    refs = tuple(view.ref for view in views)
    key = _key(refs, _picked(tx.conn, views))
    made = PickList(refs, key, "", day or local_today())
    found = _told(tx.conn, made)
    if found is not None or not any(tx.permits(f"{kind}.save") for kind in (PICK, *picking.ORDER_TYPES)):
        return found or made
    (number,) = numbering.take(tx, PREFIX, made.day)
    # The series is locked now: somebody who looked at the same list a moment before has told it.
    found = _told(tx.conn, made)
    if found is not None:
        return found
    content = {"day": made.day.isoformat(), "documents": [ref.number for ref in refs]}
    tx.record(MERGED, key, number, "create", after=content)
    tx.topic(MERGED)
    return replace(made, number=number)


def _told(conn: Connection, listed: PickList) -> PickList | None:
    """The list as the audit chain knows it; None if nobody looked at it before."""
    a = audit_event.c
    query = select(a.number, a.action, a.after).where(a.entity == MERGED, a.entity_id == listed.key).order_by(a.seq)
    events = conn.execute(query).all()
    born = next((event for event in events if event.action == "create"), None)
    if born is None:
        return None
    day = dt.date.fromisoformat(json.loads(born.after)["day"])
    printed = sum(event.action == "print" for event in events)
    return replace(listed, number=born.number, day=day, printed=printed)


def count(tx: Tx, listed: PickList) -> None:
    """Counts that the list was printed, and each document on it. Refused without the right to print them."""
    printing.count(tx, listed.ids)
    if listed.number:
        tx.record(MERGED, listed.key, listed.number, "print")
        tx.topic(MERGED)


def print_merged(
    conn: Connection,
    ids: Sequence[int],
    *,
    profile: PaperProfile | None = None,
    template: str = "",
    listed: PickList | None = None,
    language: str = SOURCE,
) -> Printed:
    """One pick list of several orders or pick lists: sums by store and material, split by order (AT-13, AT-31).

    template: by name, "" the default. profile: the paper, whatever the template says. listed: the list as it was numbered;
    without it the paper names its documents. language: unless the template has its own. Refused for other documents, for drafts
    where only approved ones are printed, where nothing is left to pick, and for a template that there is not.
    """
    offer = offer_of(MERGED)
    chosen = on_paper(offer, "", profile) if profile and not template else store.find(conn, offer, template)
    paper = profile or paper_of(conn, chosen)
    form = merged(conn, ids, chosen, width_mm=paper.usable_width_mm, listed=listed, language=language)
    return print_forms([form], profile=paper)


def merged(
    conn: Connection,
    ids: Sequence[int],
    template: Template,
    *,
    width_mm: float,
    listed: PickList | None = None,
    language: str = SOURCE,
) -> Form:
    """The merged pick list as a template arranges it on paper of a usable width."""
    tongue = Tongue(template.language or language)
    views = _views(conn, ids)
    picked = _picked(conn, views)
    slip = replace(slip_of(conn, views, picked, tongue), signatures=SIGN_MERGED, printed="")
    if listed is not None:
        slip = replace(slip, date=listed.day.isoformat(), printed=times(listed.printed, tongue))
    if listed is not None and listed.number:
        slip = replace(slip, number=listed.number)
    shown = {column.key: column.width_mm for column in template.columns["lines"] if column.shown}
    form = merged_form(slip, summed(picked), width_mm=width_mm, shown=shown)
    return arranged(form, template, logo=store.logo(conn))


def _views(conn: Connection, ids: Sequence[int]) -> list[DocumentView]:
    views = [document(conn, key) for key in dict.fromkeys(ids)]
    wrong = [view for view in views if view.ref.type not in (*picking.ORDER_TYPES, PICK)]
    if wrong:
        raise Refused([Problem("print.not_picked", {"number": view.ref.number}) for view in wrong])
    printing.require_printable(conn, [printing.Head(view.ref.number, view.status) for view in views])
    return views


def _picked(conn: Connection, views: Sequence[DocumentView]) -> list[Picked]:
    picked = [part for view in views if view.ref.type == PICK for part in of_slip(conn, view)]
    picked += of_orders(conn, [view.ref.id for view in views if view.ref.type in picking.ORDER_TYPES])
    if not picked:
        raise refuse("pick.nothing")
    return picked


def _key(refs: Sequence[DocRef], picked: Sequence[Picked]) -> int:
    """A number for what is to be picked, the same whatever the order of the documents."""
    parts = sorted(
        (part.order.id, part.line.place, part.item_id, part.line.lot, str(part.line.quantity)) for part in picked
    )
    content = json.dumps([sorted(ref.id for ref in refs), parts], ensure_ascii=False)
    return int.from_bytes(hashlib.sha256(content.encode()).digest()[:6], "big")
