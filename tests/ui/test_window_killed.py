"""T20: a window that is killed while its clerk types leaves a whole book, and the next one offers what she had typed."""

from __future__ import annotations

import os
import random
import subprocess
import sys
import time
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

import pytest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from services.documents import api
from services.platform.api import DraftStore
from services.reporting.invariants import check
from tests.support.factory import DAY, USER
from tests.support.places import ROOT
from tests.support.shops import Shop, sqlite_shop, sqlite_template
from ui.documents.document_page import DocumentPage
from ui.documents.recovery import RecoveryDialog, offer_recovery
from ui.framework.grid.layout import MemorySettings
from ui.shell.frame import MainFrame
from ui.shell.start import open_desk

__all__ = ["sqlite_shop", "sqlite_template"]

KILLS = 20 if os.environ.get("GONGFANG_NIGHT") == "1" else 1
SEED = 20


def typed_until_killed(book: Path, drafts: Path, seconds: float) -> int:
    """Starts a window that types, kills it so long after it first kept something; how many lines it last said were kept."""
    command = [sys.executable, "-m", "tests.support.window_typing", str(book), str(drafts)]
    environment = {**os.environ, "QT_QPA_PLATFORM": "offscreen"}
    with subprocess.Popen(
        command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    ) as child:
        assert child.stdout is not None
        try:
            first = child.stdout.readline()
            time.sleep(seconds)
        finally:
            child.kill()
        told = [first, *child.stdout.read().splitlines(keepends=True)]
    assert first, "the window kept nothing"
    return int([line for line in told if line.endswith("\n")][-1])


@pytest.mark.parametrize("number", range(KILLS))
def test_what_was_typed_is_offered_after_the_window_was_killed(
    sqlite_shop: Shop, tmp_path: Path, qtbot: QtBot, show: Callable[[QWidget], None], number: int
) -> None:
    db = sqlite_shop.db
    assert db.path is not None
    drafts = tmp_path / "drafts"
    kept = typed_until_killed(db.path, drafts, random.Random(SEED + number).uniform(0, 0.3))
    assert [found.code for found in check(db) if found.broken] == []
    before = api.list_documents(db, "sales_order").total
    store = DraftStore(drafts)
    desk = open_desk(db, user=USER, settings=MemorySettings(), today=lambda: DAY, drafts=store)
    frame = MainFrame(desk)
    frame.tabs.ask = lambda page: True
    show(frame)
    dialog = offer_recovery(desk, frame)
    assert isinstance(dialog, RecoveryDialog)
    dialog.restore()
    qtbot.waitUntil(lambda: desk.ops.idle, timeout=8000)
    page = frame.tabs.front()
    assert isinstance(page, DocumentPage)
    rows = page.lines.rows()
    assert len(rows) >= kept - 1 > 0
    assert [row["quantity"] for row in rows] == [Decimal(place + 1) for place in range(len(rows))]
    page.save()
    qtbot.waitUntil(lambda: desk.ops.idle and not page.dirty, timeout=8000)
    assert page.refusals.texts() == []
    assert api.list_documents(db, "sales_order").total == (before or 0) + 1
    assert [found.code for found in check(db) if found.broken] == []
    store.close()
    desk.ops.close()
