"""Filter schemes and layouts of lists that users keep by name, share with all, and choose to open a list with.

Everybody keeps her own and reads what is shared; who manages users may rename, withdraw or delete what another shared. What was kept
before the book had users belongs to nobody and is read by all. The content is the window's own: a JSON object.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, delete, or_, select, update
from sqlalchemy.engine import Row

from models.kernel.problems import refuse
from models.kernel.refs import Changes
from models.platform.tables import app_user, kept_view
from services.platform.access.holding import Access, held_by
from services.platform.access.rights import MANAGE_USERS
from services.platform.db import Database, Tx
from services.platform.upserting import insert_into

__all__ = [
    "KINDS", "LONGEST_VIEW_NAME", "KeptView", "KeptViews", "keep_view", "list_views", "open_with", "remove_view",
    "rename_view", "share_view",
]  # fmt: skip

KINDS = ("filter", "layout")
LONGEST_VIEW_NAME = 60
LONGEST_CONTENT = 200_000
_DEFAULT = "default"


@dataclass(frozen=True, slots=True)
class KeptView:
    """A filter scheme (kind filter) or a layout of a list. page: the list's name in the window; owner_name: as it is shown.

    mine: kept by the reader; may_change: she may rename, share, withdraw and delete it. content: JSON, to be read with care.
    """

    id: int
    page: str
    kind: str
    name: str
    owner: str
    owner_name: str
    shared: bool
    mine: bool
    may_change: bool
    content: str


@dataclass(frozen=True, slots=True)
class KeptViews:
    """What a user finds kept. defaults: (page, kind) -> id of the view the list opens with for her."""

    views: tuple[KeptView, ...] = ()
    defaults: Mapping[tuple[str, str], int] | None = None

    def of(self, page: str, kind: str) -> list[KeptView]:
        """The views of a list, one's own first, by name."""
        found = [view for view in self.views if (view.page, view.kind) == (page, kind)]
        return sorted(found, key=lambda view: (not view.mine, view.name, view.owner))

    def default(self, page: str, kind: str) -> KeptView | None:
        """The view a list opens with, if one was chosen and is still there."""
        wanted = (self.defaults or {}).get((page, kind), 0)
        return next((view for view in self.of(page, kind) if view.id == wanted), None)


def list_views(db: Database, user: str, page: str = "") -> KeptViews:
    """What a user may use: her own, what is shared, what nobody owns; of one list, or of all."""
    with db.read() as conn:
        access = held_by(conn, db.access or user)
        nobody = kept_view.c.owner.not_in(select(app_user.c.login))
        query = (
            select(kept_view, app_user.c.name.label("owner_name"))
            .outerjoin(app_user, app_user.c.login == kept_view.c.owner)
            .where(or_(kept_view.c.owner == access.name, kept_view.c.shared == True, nobody))  # noqa: E712 SQL expression
        )
        if page:
            query = query.where(kept_view.c.page == page)
        rows = conn.execute(query).all()
    manages = access.allows(MANAGE_USERS)
    mine = [row for row in rows if row.kind == _DEFAULT and row.owner == access.name]
    return KeptViews(
        tuple(_view(row, access, manages=manages) for row in rows if row.kind in KINDS),
        {(row.page, row.name): _chosen(row.content) for row in mine},
    )


def keep_view(
    db: Database, user: str, page: str, kind: str, name: str, content: str, *, shared: bool | None = None
) -> Changes:
    """Keeps a content under a name; one's own of the same name is replaced. shared: for all; None leaves it as it is.

    Refused for an empty or long name and for a content that is too large; ValueError for one that is no JSON object.
    """
    return db.run(user, lambda tx: _keep(tx, page, kind, _checked(name), _object(content), shared=shared))


def rename_view(db: Database, user: str, view_id: int, name: str) -> Changes:
    """Gives a view another name; refused when its owner has one of that name."""

    def action(tx: Tx) -> Changes:
        row, wanted = _mine(tx, view_id), _checked(name)
        here = (kept_view.c.owner == row.owner) & (kept_view.c.page == row.page) & (kept_view.c.kind == row.kind)
        taken = select(kept_view.c.id).where(here, kept_view.c.name == wanted, kept_view.c.id != view_id)
        if tx.conn.execute(taken).first() is not None:
            raise refuse("views.taken", name=wanted)
        return _change(tx, row, {"name": wanted})

    return db.run(user, action)


def share_view(db: Database, user: str, view_id: int, *, shared: bool, content: str = "") -> Changes:
    """Lets all use a view, or its owner alone again. content: what is shared in place of what was kept; empty leaves it."""

    def action(tx: Tx) -> Changes:
        row = _mine(tx, view_id)
        return _change(tx, row, {"shared": shared} | ({"content": _object(content)} if content else {}))

    return db.run(user, action)


def remove_view(db: Database, user: str, view_id: int) -> Changes:
    """Forgets a view; lists that opened with it open as they are declared."""

    def action(tx: Tx) -> Changes:
        row = _mine(tx, view_id)
        tx.conn.execute(delete(kept_view).where(kept_view.c.id == view_id))
        _tell(tx, row, "delete")
        return tx.changes()

    return db.run(user, action)


def open_with(db: Database, user: str, page: str, kind: str, view_id: int) -> Changes:
    """The view a list opens with for this user; 0: as it is declared, or as it was left."""

    def action(tx: Tx) -> Changes:
        if view_id:
            return _keep(tx, page, _DEFAULT, kind, json.dumps({"view": view_id}), shared=False)
        here = (kept_view.c.owner == tx.access.name) & (kept_view.c.page == page) & (kept_view.c.kind == _DEFAULT)
        tx.conn.execute(delete(kept_view).where(here, kept_view.c.name == kind))
        tx.topic("views")
        return tx.changes()

    return db.run(user, action)


def _keep(tx: Tx, page: str, kind: str, name: str, content: str, *, shared: bool | None) -> Changes:
    key = {"owner": tx.access.name, "page": page, "kind": kind, "name": name}
    made = key | {"shared": bool(shared), "content": content, "changed_at": tx.now}
    insert = insert_into(kept_view, tx.conn.dialect.name).values(made)
    tx.conn.execute(insert.on_conflict_do_nothing(index_elements=list(key)))
    fresh: dict[str, Any] = {"content": content, "changed_at": tx.now}
    if shared is not None:
        fresh["shared"] = shared
    here = [kept_view.c[column] == value for column, value in key.items()]
    tx.conn.execute(update(kept_view).where(*here).values(fresh))
    tx.topic("views")
    return tx.changes()


def _mine(tx: Tx, view_id: int) -> Row[Any]:
    """A view the user may change; the content is not read, which a session that only signs in may not."""
    columns = [column for column in kept_view.c if column.key != "content"]
    row = tx.conn.execute(select(*columns).where(kept_view.c.id == view_id, kept_view.c.kind.in_(KINDS))).first()
    if row is None or (not row.shared and row.owner != tx.access.name and not _ownerless(tx.conn, row.owner)):
        raise refuse("views.gone")
    if row.owner != tx.access.name:
        tx.require(MANAGE_USERS, number=row.name)
    return row


def _change(tx: Tx, row: Row[Any], fresh: Mapping[str, Any]) -> Changes:
    tx.conn.execute(update(kept_view).where(kept_view.c.id == row.id).values({**fresh, "changed_at": tx.now}))
    _tell(tx, row, "change")
    return tx.changes()


def _tell(tx: Tx, row: Row[Any], action: str) -> None:
    """The audit chain hears of what somebody did to another's."""
    if row.owner != tx.access.name:
        tx.record("views", row.id, row.name, action, before={"owner": row.owner, "page": row.page, "kind": row.kind})
    tx.topic("views")


def _ownerless(conn: Connection, owner: str) -> bool:
    return conn.execute(select(app_user.c.id).where(app_user.c.login == owner)).first() is None


def _view(row: Row[Any], access: Access, *, manages: bool) -> KeptView:
    mine = row.owner == access.name
    return KeptView(
        row.id, row.page, row.kind, row.name, row.owner, row.owner_name or row.owner, row.shared, mine, mine or manages, row.content
    )  # fmt: skip


def _chosen(content: str) -> int:
    try:
        return int(json.loads(content)["view"])
    except (ValueError, TypeError, KeyError):
        return 0


def _checked(name: str) -> str:
    name = " ".join(name.split())
    if not name or len(name) > LONGEST_VIEW_NAME:
        raise refuse("views.name", limit=LONGEST_VIEW_NAME)
    return name


def _object(content: str) -> str:
    if len(content) > LONGEST_CONTENT:
        raise refuse("views.too_large", size=len(content), limit=LONGEST_CONTENT)
    found = json.loads(content)
    if isinstance(found, dict):
        return content
    raise ValueError("the content of a kept view is a JSON object")
