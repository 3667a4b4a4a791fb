"""Pictures of every registered page, light and dark, taken without a screen."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from PySide6.QtCore import QEventLoop, QTimer
from PySide6.QtWidgets import QApplication

from ui.documents.list_page import DocumentListPage
from ui.documents.record_list import RecordListPage
from ui.framework.page import Page
from ui.shell.frame import MainFrame

TIMEOUT_S = 20.0
SETTLE_MS = 120


def capture(frame: MainFrame, folder: Path, *, only: str = "") -> Iterator[Path]:
    """Opens each page in turn, and the first document or record of each list; yields the files written."""
    folder.mkdir(parents=True, exist_ok=True)
    frame.show()
    for spec in frame.desk.navigator.pages():
        if only and only not in spec.key:
            continue
        page = frame.desk.navigator.open(spec.key)
        if page is None:
            continue
        settle(frame)
        yield shoot(frame, folder / f"{_file(spec.key)}.png")
        opened = _open_first(page)
        if opened:
            settle(frame)
            yield shoot(frame, folder / f"{_file(spec.key)}-opened.png")
            frame.tabs.close_front()
        frame.tabs.close_front()


def settle(frame: MainFrame) -> None:
    """Lets the event loop run until no job is under way."""
    end = time.monotonic() + TIMEOUT_S
    quiet = 0
    while time.monotonic() < end and quiet < 2:
        loop = QEventLoop()
        QTimer.singleShot(SETTLE_MS, loop.quit)
        loop.exec()
        quiet = quiet + 1 if frame.desk.ops.idle else 0


def shoot(frame: MainFrame, file: Path) -> Path:
    """Saves what the frame shows."""
    frame.grab().save(str(file))
    return file


def _open_first(page: Page) -> bool:
    if not isinstance(page, DocumentListPage | RecordListPage) or not page.grid.model.rowCount():
        return False
    page.grid.view.select_cell(0)
    page.grid.opened.emit(page.grid.model.record(0))
    return True


def _file(key: str) -> str:
    return key.replace("/", "-")


def close_all(app: QApplication, frame: MainFrame) -> None:
    """Ends the threads of a frame that was only photographed."""
    with suppress(RuntimeError):
        frame.desk.ops.close()
        frame.deleteLater()
    app.quit()
