"""U9: every page and dialog at 100, 125, 150 and 200 %, light and dark, on 1366×768 and 1920×1080: nothing is cut off.

Qt takes its scale once a process, so each scale has a process of its own: `python -m tests.ui.test_scales BOOK`. There every page
is opened once, looked at in both sizes, and looked at again when the scheme has been switched.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import QEventLoop, QRect, QSize, QTimer
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractSpinBox,
    QApplication,
    QCheckBox,
    QComboBox,
    QDialog,
    QHeaderView,
    QLabel,
    QLineEdit,
    QPushButton,
    QRadioButton,
    QTabBar,
    QToolButton,
    QWidget,
)

if TYPE_CHECKING:
    from ui.framework.page import Page
    from ui.shell.frame import MainFrame

ROOT = Path(__file__).resolve().parents[2]
SIZES = (QSize(1366, 768), QSize(1920, 1080))
SCALES = ("1", "1.25", "1.5", "2")
WAIT_S = 240
SHORTEN = 1
KINDS = ("items", "customers", "suppliers", "warehouses", "units", "substitutes", "calendar")


@pytest.mark.parametrize("scale", SCALES)
def test_nothing_is_cut_off_at_any_scale(book_file: Path, tmp_path: Path, scale: str) -> None:
    platform = f"offscreen:configfile={screen(tmp_path, float(scale))}"
    environment = {**os.environ, "QT_SCALE_FACTOR": scale, "QT_QPA_PLATFORM": platform}
    done = subprocess.run(
        [sys.executable, "-m", "tests.ui.test_scales", str(book_file)],
        cwd=ROOT, env=environment, capture_output=True, text=True, encoding="utf-8", timeout=WAIT_S, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-2000:]
    told = json.loads(done.stdout.strip().splitlines()[-1])
    print("\n".join(told["wrong"]))
    assert told["scale"] == float(scale)
    assert told["pages"] >= 40
    assert told["dialogs"] >= 14
    assert told["looked_at"] > 4 * 500
    assert told["wrong"] == []


def screen(folder: Path, scale: float) -> Path:
    """A screen on which the larger window has room at that scale: dialogs are laid out by what the screen allows."""
    wide, high = (round(side * scale) for side in (SIZES[-1].width(), SIZES[-1].height()))
    made = {"name": "screen", "x": 0, "y": 0, "width": wide, "height": high, "dpi": 96, "logicalDpi": 96, "dpr": 1}
    file = folder / "screen.json"
    file.write_text(json.dumps({"screens": [made | {"logicalBaseDpi": 96}]}), encoding="utf-8")
    return file


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
    if isinstance(widget, QLineEdit | QComboBox | QAbstractSpinBox) and not isinstance(
        widget.parent(), QComboBox | QAbstractSpinBox
    ):
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


def main(book: str) -> None:
    """Prints as one line of JSON: scale, pages, dialogs, widgets looked at, and what is cut off."""
    from PySide6.QtGui import QFont, QFontDatabase

    import app.wiring
    from services.platform.books import open_book
    from tests.ui.conftest import TODAY
    from ui.framework.grid.layout import MemorySettings
    from ui.shell.frame import MainFrame
    from ui.shell.start import open_desk
    from ui.shell.theme import apply_theme

    assert app.wiring.AREAS
    application = QApplication(sys.argv[:1])
    for file in sorted((ROOT / "resources" / "fonts").glob("*.ttf")):
        QFontDatabase.addApplicationFont(str(file))
    application.setFont(QFont("Noto Sans SC", 9))
    apply_theme(application)
    db = open_book(book)
    frame = MainFrame(open_desk(db, user="tester", settings=MemorySettings(), today=lambda: TODAY))
    frame.resize(SIZES[0])
    frame.show()
    told = Told(frame)
    pages = open_pages(told)
    told.look_at_dialogs(pages[0])
    apply_theme(application, dark=True)
    for page in pages:
        frame.tabs.setCurrentWidget(page)
        told.look_at(page)
    told.look_at_dialogs(pages[0])
    told.keep(frame.statusBar(), "status bar")
    frame.desk.ops.close()
    db.close()
    counts = {"pages": len(pages), "dialogs": told.dialogs // 2, "looked_at": told.looked_at, "wrong": told.wrong}
    print(json.dumps({"scale": frame.devicePixelRatioF(), **counts}, ensure_ascii=False))
    sys.stdout.flush()
    os._exit(0)


class Told:
    """What was looked at, and what is cut off."""

    def __init__(self, frame: MainFrame) -> None:
        self.frame = frame
        self.looked_at = 0
        self.dialogs = 0
        self.wrong: list[str] = []

    def keep(self, widget: QWidget, title: str) -> None:
        """Looks at a widget as it is."""
        seen, cut = cut_off(widget, title)
        self.looked_at += seen
        self.wrong += cut

    def look_at(self, page: Page) -> None:
        """Looks at the page in front in every size of the window."""
        for size in (*SIZES[1:], SIZES[0]):
            self.frame.resize(size)
            laid_out()
            if self.frame.size() != size:
                self.wrong.append(f"{page.title} makes the window {self.frame.width()}×{self.frame.height()}")
            self.keep(page, f"{page.title} {size.width()}")

    def look_at_dialogs(self, page: Page) -> None:
        """Opens one dialog after the other over a page."""
        for dialog in every_dialog(self.frame, page):
            dialog.show()
            for _ in settled(self.frame):
                pass
            self.dialogs += 1
            self.keep(dialog, dialog.windowTitle())
            if not (dialog.width() <= SIZES[0].width() and dialog.height() <= SIZES[0].height()):
                self.wrong.append(f"{dialog.windowTitle()} is {dialog.width()}×{dialog.height()}")
            dialog.hide()
            dialog.deleteLater()


def open_pages(told: Told) -> list[Page]:
    """Opens every page, looks at it, and leaves it open."""
    from models.kernel.refs import DocRef
    from services.documents import api
    from ui.framework.navigator import RecordRef

    navigator = told.frame.desk.navigator
    targets: list[object] = [spec.key for spec in navigator.pages()]
    targets += [DocRef(kind.code, 0, "") for kind in api.document_types()]
    targets += [RecordRef(kind) for kind in KINDS]
    pages = []
    for target in targets:
        page = navigator.open(target)  # type: ignore[arg-type]
        assert page is not None
        for _ in settled(told.frame):
            pass
        told.look_at(page)
        pages.append(page)
    return pages


def every_dialog(frame: MainFrame, page: Page) -> Iterator[QDialog]:
    """Dialogs that open over any book, made as their pages make them."""
    from app.deeds import StartDeeds
    from services.reporting import api as reporting
    from tests.ui.conftest import TODAY
    from ui.access.log_ins import PasswordsDialog
    from ui.access.login import LoginDialog
    from ui.access.passwords import FirstAdministratorDialog, ResetPasswordDialog
    from ui.access.user_dialog import UserDialog
    from ui.documents.list_page import DocumentListPage
    from ui.documents.source_dialog import SourceDialog
    from ui.documents.template_dialog import TemplateDialog
    from ui.framework.views_dialog import ViewsDialog
    from ui.matching.dialog import MatchDialog
    from ui.opening.first_run import FirstRunWizard
    from ui.opening.picker import BookPicker
    from ui.opening.restoring import BackupDialog
    from ui.opening.server_dialog import ServerDialog
    from ui.printing.printer_dialog import PrinterDialog
    from ui.shell.key_sheet import KeySheet

    desk, deeds = frame.desk, StartDeeds("tester")
    db, ops, sentence = desk.session.db, desk.ops, desk.sentence
    lists = next(found for found in frame.tabs.pages() if isinstance(found, DocumentListPage))
    form = reporting.templates(db, "sales_order")[0].template
    yield KeySheet(desk, [(page.title, lists.declared_actions())], frame)
    yield ViewsDialog(desk, lists.schemes.set, page)
    yield ViewsDialog(desk, lists.grid.layouts.set, page)
    yield TemplateDialog(desk, "sales_order", page)
    yield SourceDialog(desk, "delivery", None, page)
    yield MatchDialog(desk, None, "", page)
    yield PrinterDialog(desk, form, [form.name], page, printers=["EPSON LQ-635K"])
    yield UserDialog(desk, None, [], page)
    yield ResetPasswordDialog(db, "tester", "wangfang", ops, sentence, page)
    yield FirstAdministratorDialog(db, ops, sentence, page)
    yield PasswordsDialog(desk, {"wangfang": "4ecc-d329-17b6-51e3"}, {"wangfang": "王芳"}, page)
    yield LoginDialog(db, desk.settings, ops, sentence)
    yield ServerDialog(deeds, ops, sentence)
    yield BookPicker(deeds, ops, sentence)
    yield BackupDialog(db, Path("backup.gfbak"), ops, sentence, page)
    yield FirstRunWizard(db, "tester", ops, sentence, TODAY)


def laid_out() -> None:
    """Whatever was posted to lay out anew has been delivered."""
    QApplication.sendPostedEvents()
    QApplication.processEvents()
    QApplication.sendPostedEvents()


def settled(frame: MainFrame) -> Iterator[None]:
    """Runs the event loop until no job is under way and everything is laid out."""
    quiet = 0
    while quiet < 2:
        loop = QEventLoop()
        QTimer.singleShot(15, loop.quit)
        loop.exec()
        quiet = quiet + 1 if frame.desk.ops.idle else 0
        yield


if __name__ == "__main__":
    main(*sys.argv[1:])
