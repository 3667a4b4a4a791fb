"""What a partner called an item, kept when the clerk confirmed it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select, update

from models.masterdata.tables import item, item_alias
from services.matching.engine.folding import bare
from services.platform.db import Tx

RIGHT = "master.aliases.change"
_SHORTEST = 2
_LONGEST = 200


@dataclass(frozen=True, slots=True)
class Choice:
    """A text of the sender and the item it stands for."""

    text: str
    item_id: int


def remember(tx: Tx, partner_id: int | None, choices: Sequence[Choice]) -> int:
    """Keeps choices under the partner; a text used before counts up, one that meant another item now means this one.

    Without the right to change aliases nothing is kept: the lines are the clerk's, the list is not. Texts of one character,
    the code of another item, and any without a partner, are not remembered. Returns how many were kept.
    """
    wanted = {bare(choice.text): choice for choice in choices if _SHORTEST <= len(bare(choice.text)) <= _LONGEST}
    if not wanted or partner_id is None or not tx.permits(RIGHT):
        return 0
    _leave_out_codes(tx, wanted)
    query = select(item_alias).where(item_alias.c.partner_id == partner_id)
    stored = {bare(row.alias): row for row in tx.conn.execute(query)}
    for key, choice in wanted.items():
        if key in stored:
            _count_up(tx, stored[key], choice)
    _add(tx, partner_id, [choice for key, choice in wanted.items() if key not in stored])
    tx.topic("aliases")
    return len(wanted)


def _leave_out_codes(tx: Tx, wanted: dict[str, Choice]) -> None:
    """Takes out what is another item's code, and items that are gone."""
    others = select(item.c.code, item.c.id).where(item.c.code.in_({choice.text for choice in wanted.values()}))
    for code, number in tx.conn.execute(others):
        if wanted[bare(code)].item_id != number:
            del wanted[bare(code)]
    here = select(item.c.id).where(item.c.id.in_({choice.item_id for choice in wanted.values()}))
    known = set(tx.conn.execute(here).scalars())
    for key in [key for key, choice in wanted.items() if choice.item_id not in known]:
        del wanted[key]


def _count_up(tx: Tx, old: Any, choice: Choice) -> None:
    tx.conn.execute(
        update(item_alias)
        .where(item_alias.c.id == old.id)
        .values(item_id=choice.item_id, uses=old.uses + 1, used_at=tx.now, version=old.version + 1)
    )
    if old.item_id != choice.item_id:
        before, after = {"item_id": old.item_id}, {"item_id": choice.item_id}
        tx.record("aliases", old.id, old.alias, "change", before=before, after=after)


def _add(tx: Tx, partner_id: int, choices: Sequence[Choice]) -> None:
    rows: list[dict[str, Any]] = [
        {
            "id": key, "partner_id": partner_id, "alias": choice.text, "item_id": choice.item_id, "uses": 1,
            "used_at": tx.now,
        }
        for key, choice in zip(tx.reserve_ids(item_alias, len(choices)), choices, strict=True)
    ]  # fmt: skip
    tx.insert(item_alias, rows)
    for row in rows:
        after = {key: row[key] for key in ("alias", "item_id", "partner_id")}
        tx.record("aliases", row["id"], row["alias"], "create", after=after)
