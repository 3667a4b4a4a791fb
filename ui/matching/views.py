"""Offers paste and match to every document window."""

from __future__ import annotations

from collections.abc import Callable, Collection
from functools import partial
from importlib import import_module
from typing import TYPE_CHECKING, Any

from PySide6.QtWidgets import QWidget

from ui.framework.desk import Desk

if TYPE_CHECKING:
    from ui.matching.dialog import MatchDialog


def register(desk: Desk) -> None:
    """Document windows ask the desk for the tool "paste_match"."""
    desk.tools["paste_match"] = partial(open_dialog, desk)
    desk.ahead.append(partial(import_module, "services.matching.api"))


def open_dialog(
    desk: Desk,
    parent: QWidget,
    *,
    partner_id: int | None,
    sender: str,
    taken: Callable[[Any], object],
    extra: Collection[str] = (),
) -> MatchDialog:
    """Opens the dialog on what lies on the clipboard; taken gets the confirmed lines. extra: further fields the window takes."""
    from ui.matching.dialog import MatchDialog

    dialog = MatchDialog(desk, partner_id, sender, parent, extra=extra)
    dialog.confirmed.connect(taken)
    dialog.take_clipboard()
    dialog.open()
    return dialog
