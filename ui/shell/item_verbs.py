"""Verbs on the item under the cursor, as actions of the frame: a key anywhere, a line in the palette and on the sheet of keys."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from ui.framework.actions import Action, ItemVerb
from ui.framework.desk import Desk
from ui.framework.page import Page
from ui.framework.texts import tr


def item_actions(desk: Desk, front: Callable[[], Page | None]) -> list[Action]:
    """One action for each verb that an area registered."""
    return [
        Action(
            f"item_{verb.key}", tr("光标处物料：{verb}", verb=tr(verb.title)), partial(_run, desk, front, verb),
            verb.shortcut, verb.icon,
        )
        for verb in desk.actions.item_verbs
    ]  # fmt: skip


def _run(desk: Desk, front: Callable[[], Page | None], verb: ItemVerb) -> None:
    page = front()
    code = page.item_code() if page is not None else ""
    if code:
        verb.run(code)
    else:
        desk.say(tr("光标不在物料上"))
