"""Every page at 100, 125, 150 and 200 % of the screen, light and dark: no label, button or field is cut off.

Qt takes its scale once a process, so each scale has a process of its own: `python -m tests.ui.test_scales BOOK dark|light`.
Scales take turns with light and dark; all eight pairs at night (GONGFANG_NIGHT=1).
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QEventLoop, QRect, QSize, QTimer
from PySide6.QtWidgets import (
    QAbstractButton,
    QApplication,
    QCheckBox,
    QComboBox,
    QDateEdit,
    QHeaderView,
    QLabel,
    QLineEdit,
    QPushButton,
    QRadioButton,
    QTabBar,
    QToolButton,
    QWidget,
)

ROOT = Path(__file__).resolve().parents[2]
SIZE = QSize(1366, 768)
RUNS = [("1", "light"), ("1.25", "dark"), ("1.5", "light"), ("2", "dark")]
if os.environ.get("GONGFANG_NIGHT") == "1":
    RUNS += [("1", "dark"), ("1.25", "light"), ("1.5", "dark"), ("2", "light")]
WAIT_S = 120
SHORTEN = 1
KINDS = ("items", "customers", "suppliers", "warehouses", "units", "substitutes", "calendar")


@pytest.mark.parametrize(("scale", "look"), RUNS)
def test_nothing_is_cut_off_at_any_scale(book_file: Path, scale: str, look: str) -> None:
    environment = {**os.environ, "QT_SCALE_FACTOR": scale, "QT_QPA_PLATFORM": "offscreen"}
    done = subprocess.run(
        [sys.executable, "-m", "tests.ui.test_scales", str(book_file), look],
        cwd=ROOT, env=environment, capture_output=True, text=True, encoding="utf-8", timeout=WAIT_S, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-2000:]
    told = json.loads(done.stdout.strip().splitlines()[-1])
    print("\n".join(told["wrong"]))
    assert told["scale"] == float(scale)
    assert told["pages"] >= 40
    assert told["looked_at"] > 500
    assert told["wrong"] == []


def test_what_is_cut_off_is_noticed() -> None:
    page = QWidget()
    page.resize(200, 100)
    for text, place in (("whole words", QRect(0, 0, 150, 40)), ("narrow words", QRect(0, 50, 20, 40))):
        QLabel(text, page).setGeometry(place)
    QPushButton("outside", page).setGeometry(QRect(150, 10, 150, 40))
    page.show()
    seen, wrong = cut_off(page, "page")
    assert seen == 3
    assert ["narrow words" in wrong[0], "outside" in wrong[1], len(wrong)] == [True, True, 2]


def cut_off(page: QWidget, title: str) -> tuple[int, list[str]]:
    """How many worded widgets a page shows, and those whose words do not fit them or that leave the page."""
    seen, wrong = 0, []
    inside = QRect(page.rect())
    for widget in page.findChildren(QWidget):
        if not widget.isVisible() or isinstance(widget, QHeaderView) or in_scrolling(widget, page):
            continue
        text = words(widget)
        if not text:
            continue
        seen += 1
        needed = widget.minimumSizeHint() if isinstance(widget, QLineEdit) else widget.sizeHint()
        if widget.width() < needed.width() - SHORTEN and not isinstance(widget, QLineEdit | QComboBox):
            wrong.append(f"{title} “{text}”: {widget.width()} wide, needs {needed.width()}")
        if widget.height() < needed.height() - SHORTEN and not may_be_lower(widget):
            wrong.append(f"{title} “{text}”: {widget.height()} high, needs {needed.height()}")
        place = QRect(widget.mapTo(page, widget.rect().topLeft()), widget.size())
        if not inside.contains(place):
            wrong.append(f"{title} “{text}” leaves the page")
    return seen, wrong


def words(widget: QWidget) -> str:
    """What stands on a widget that must be readable whole; "" of others, and of notes that shorten themselves."""
    if isinstance(widget, QLabel):
        plain = widget.pixmap().isNull() and widget.objectName() != "faintLabel" and not widget.wordWrap()
        return widget.text() if plain else ""
    if isinstance(widget, QToolButton) and isinstance(widget.parent(), QLineEdit | QTabBar):
        return ""
    if isinstance(widget, QPushButton | QToolButton | QCheckBox | QRadioButton):
        return "" if isinstance(widget, QToolButton) and not has_text(widget) else widget.text()
    if isinstance(widget, QLineEdit | QComboBox | QDateEdit) and not isinstance(widget.parent(), QComboBox | QDateEdit):
        return widget.accessibleName() or widget.objectName() or type(widget).__name__
    return ""


def has_text(button: QAbstractButton) -> bool:
    """Whether a tool button shows words."""
    from PySide6.QtCore import Qt

    return isinstance(button, QToolButton) and (
        button.toolButtonStyle() != Qt.ToolButtonStyle.ToolButtonIconOnly or button.icon().isNull()
    )


def may_be_lower(widget: QWidget) -> bool:
    """Editors of a cell are as high as their row."""
    parent = widget.parentWidget()
    return parent is not None and parent.objectName() == "qt_scrollarea_viewport"


def in_scrolling(widget: QWidget, page: QWidget) -> bool:
    """What lies in a list or a scroll area is reached by scrolling."""
    above = widget.parentWidget()
    while above is not None and above is not page:
        if above.objectName() == "qt_scrollarea_viewport":
            return True
        above = above.parentWidget()
    return False


def main(book: str, look: str) -> None:
    """Opens every page on a book and prints as one line of JSON: scale, pages, widgets looked at, and what is cut off."""
    from PySide6.QtGui import QFont, QFontDatabase

    import app.wiring
    from models.kernel.refs import DocRef
    from services.documents import api
    from services.platform.books import open_book
    from tests.ui.conftest import TODAY
    from ui.framework.grid.layout import MemorySettings
    from ui.framework.navigator import RecordRef
    from ui.shell.frame import MainFrame
    from ui.shell.start import open_desk
    from ui.shell.theme import apply_theme

    assert app.wiring.AREAS
    application = QApplication(sys.argv[:1])
    for file in sorted((ROOT / "resources" / "fonts").glob("*.ttf")):
        QFontDatabase.addApplicationFont(str(file))
    application.setFont(QFont("Noto Sans SC", 9))
    apply_theme(application, dark=look == "dark")
    db = open_book(book)
    desk = open_desk(db, user="tester", settings=MemorySettings(), today=lambda: TODAY)
    frame = MainFrame(desk)
    frame.resize(SIZE)
    frame.show()
    targets: list[object] = [spec.key for spec in desk.navigator.pages()]
    targets += [DocRef(kind.code, 0, "") for kind in api.document_types()]
    targets += [RecordRef(kind) for kind in KINDS]
    wrong: list[str] = []
    looked_at = 0
    for target in targets:
        page = desk.navigator.open(target)  # type: ignore[arg-type]
        assert page is not None
        for _ in settled(frame):
            pass
        seen, cut = cut_off(page, page.title)
        looked_at += seen
        wrong += cut
        if frame.size() != SIZE:
            wrong.append(f"{page.title} makes the window {frame.width()}×{frame.height()}")
            frame.resize(SIZE)
        frame.tabs.close_front()
    seen, cut = cut_off(frame.statusBar(), "status bar")
    told = {
        "scale": frame.devicePixelRatioF(), "pages": len(targets), "looked_at": looked_at + seen, "wrong": wrong + cut,
    }  # fmt: skip
    desk.ops.close()
    db.close()
    print(json.dumps(told, ensure_ascii=False))
    sys.stdout.flush()
    os._exit(0)


def settled(frame: QWidget) -> Iterator[None]:
    """Runs the event loop until no job is under way and everything is laid out."""
    quiet = 0
    while quiet < 2:
        loop = QEventLoop()
        QTimer.singleShot(15, loop.quit)
        loop.exec()
        quiet = quiet + 1 if frame.desk.ops.idle else 0  # type: ignore[attr-defined]
        yield


if __name__ == "__main__":
    main(*sys.argv[1:])
