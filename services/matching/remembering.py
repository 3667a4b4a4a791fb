"""What a partner called an item, kept when the clerk confirmed it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

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
    others = select(item.c.code, item.c.id).where(item.c.code.in_({choice.text for choice in wanted.values()}))
    for code, number in tx.conn.execute(others):
        if wanted[bare(code)].item_id != number:
            del wanted[bare(code)]
    query = select(item_alias).where(item_alias.c.partner_id == partner_id)
    stored = {bare(row.alias): row for row in tx.conn.execute(query)}
    codes = dict(
        tx.conn.execute(
            select(item.c.id, item.c.code).where(item.c.id.in_({choice.item_id for choice in wanted.values()}))
        ).all()
    )
    fresh = []
    for key, choice in wanted.items():
        old = stored.get(key)
        if choice.item_id not in codes:
            continue
        if old is None:
            fresh.append(choice)
            continue
        tx.conn.execute(
            update(item_alias)
            .where(item_alias.c.id == old.id)
            .values(item_id=choice.item_id, uses=old.uses + 1, used_at=tx.now, version=old.version + 1)
        )
        if old.item_id != choice.item_id:
            change = {"before": {"item_id": old.item_id}, "after": {"item_id": choice.item_id}}
            tx.record("aliases", old.id, old.alias, "change", **change)
    keys = tx.reserve_ids(item_alias, len(fresh))
    tx.insert(
        item_alias,
        [
            {
                "id": number, "partner_id": partner_id, "alias": choice.text, "item_id": choice.item_id, "uses": 1,
                "used_at": tx.now,
            }
            for number, choice in zip(keys, fresh, strict=True)
        ],
    )  # fmt: skip
    for number, choice in zip(keys, fresh, strict=True):
        after = {"alias": choice.text, "item_id": choice.item_id, "partner_id": partner_id}
        tx.record("aliases", number, choice.text, "create", after=after)
    tx.topic("aliases")
    return len(wanted)
