"""The program from its start to its end: the window on a book, another book, the backup on closing, the lock let go."""

from __future__ import annotations

import datetime as dt
import shutil
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

import pytest
from PySide6.QtCore import Qt, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from app import opening
from app.arguments import parse
from app.deeds import StartDeeds
from app.window import run_window
from services.documents import api as documents
from services.masterdata import api as masterdata
from services.platform import books
from services.platform.db import Database
from services.platform.held import hold, lock_file
from services.platform.kept_backups import kept
from ui.opening.first_run import FirstRunWizard
from ui.opening.picker import BookPicker
from ui.shell.frame import MainFrame

STEP_MS = 60
PATIENCE = 400
QUIET = 3


class Script:
    """Does one step after the other once the window it is about is there and has come to rest; in the end what waits is closed."""

    def __init__(self, *steps: tuple[type, Callable[[object], object]]) -> None:
        self.left = list(steps)
        self.patience = PATIENCE
        self.quiet = 0
        self.timer = QTimer()
        self.timer.setInterval(STEP_MS)
        self.timer.timeout.connect(self.step)
        self.timer.start()

    def step(self) -> None:
        self.patience -= 1
        if not self.left:
            self.timer.stop()
            return
        if self.patience <= 0:
            for window in QApplication.topLevelWidgets():
                window.close()
            return
        kind, deed = self.left[0]
        found = next((w for w in QApplication.topLevelWidgets() if type(w) is kind and w.isVisible()), None)
        quiet = found is not None and rests(found)
        self.quiet = self.quiet + 1 if quiet else 0
        if self.quiet >= QUIET:
            self.quiet = 0
            self.left.pop(0)
            deed(found)


def rests(window: QWidget) -> bool:
    """Whether no job of a window is under way."""
    if isinstance(window, MainFrame):
        return window.desk.ops.idle
    return not isinstance(window, FirstRunWizard) or window.ops.idle


@pytest.fixture
def file(book: Database) -> str:
    assert book.path is not None
    book.close()
    return str(book.path)


def close(frame: object) -> None:
    assert isinstance(frame, MainFrame)
    frame.close()


def command(frame: object, title: str) -> None:
    assert isinstance(frame, MainFrame)
    (found,) = [one for one in frame.desk.actions.commands() if one.title == title]
    found.run()


def backups(file: str) -> int:
    db = books.open_book(file)
    folder = opening.backups_of(db)
    db.close()
    return len(kept(folder))


def test_a_book_is_opened_shown_backed_up_and_let_go(file: str) -> None:
    seen: list[str] = []

    def look(frame: object) -> None:
        assert isinstance(frame, MainFrame)
        seen.append(frame.status.backup.text())
        seen.append(str(lock_file(file).exists()))
        frame.close()

    script = Script((MainFrame, look))
    assert run_window(parse(["--database", file])) == 0
    assert not script.left
    assert seen == ["还没有备份", "True"]
    assert backups(file) == 1
    assert not lock_file(file).exists()
    script = Script((MainFrame, look))
    assert run_window(parse([])) == 0
    assert seen[2].startswith("备份 今日")
    assert backups(file) == 1


def test_another_book_is_chosen_from_the_window(file: str, tmp_path: Path) -> None:
    second = tmp_path / "二厂.db"
    shutil.copyfile(file, second)
    titles: list[str] = []

    def choose(picker: object) -> None:
        assert isinstance(picker, BookPicker)
        picker.open_target(str(second))

    def look(frame: object) -> None:
        assert isinstance(frame, MainFrame)
        titles.append(frame.status.database.text())
        frame.close()

    script = Script((MainFrame, lambda frame: command(frame, "换账套…")), (BookPicker, choose), (MainFrame, look))
    assert run_window(parse(["--database", file])) == 0
    assert not script.left
    assert titles == ["账套 二厂.db"]
    assert backups(file) == backups(str(second)) == 1


def test_a_book_that_another_window_has_leads_to_the_picker_with_the_reason(file: str) -> None:
    other = hold(file, "王五")
    said: list[str] = []

    def leave(picker: object) -> None:
        assert isinstance(picker, BookPicker)
        said.append(picker.refusal.text())
        picker.reject()

    script = Script((BookPicker, leave))
    assert run_window(parse(["--database", file])) == 0
    assert not script.left
    assert "王五" in said[0]
    other.release()


def test_a_book_without_anything_begins_with_the_first_day(tmp_path: Path) -> None:
    file = tmp_path / "新.db"
    books.create(file).close()

    def later(wizard: object) -> None:
        assert isinstance(wizard, FirstRunWizard)
        wizard.reject()

    script = Script((FirstRunWizard, later), (MainFrame, close))
    assert run_window(parse(["--database", str(file)])) == 0
    assert not script.left


def test_from_the_first_start_to_a_posted_document_in_five_steps(file: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Five steps, at most eight: the trial book (one press of its button), then keys only.

    Alt+Home the work list, Enter on its line of drafts, Enter on the document in the list, F8 posts it.
    """
    db = books.open_book(file)
    items = {row.values["code"]: row.id for row in masterdata.list_records(db, "items").rows}
    customers = {row.values["code"]: row.id for row in masterdata.list_records(db, "customers").rows}
    line = documents.LineDraft(items["FG100"], Decimal(5), price=Decimal(80), due_date=dt.date(2026, 3, 20))
    draft = documents.DocDraft("sales_order", dt.date(2026, 3, 10), [line], partner_id=customers["C001"])
    documents.save_document(db, "tester", draft)
    db.close()
    monkeypatch.setattr(StartDeeds, "_fill", lambda _self, target, _tell: shutil.copyfile(file, target))
    posted: list[int] = []

    def press(code: Qt.Key) -> Callable[[object], object]:
        return lambda _frame: QTest.keyClick(QApplication.focusWidget(), code)

    def look(frame: object) -> None:
        assert isinstance(frame, MainFrame)
        found = documents.list_documents(frame.desk.session.db, "sales_order", statuses=("C",))
        posted.append(found.total)
        frame.close()

    steps = (
        (BookPicker, lambda picker: picker.buttons["trial"].click()),
        (MainFrame, lambda frame: QTest.keyClick(frame, Qt.Key.Key_Home, Qt.KeyboardModifier.AltModifier)),
        (MainFrame, press(Qt.Key.Key_Return)),
        (MainFrame, press(Qt.Key.Key_Return)),
        (MainFrame, press(Qt.Key.Key_F8)),
    )
    assert len(steps) <= 8
    script = Script(*steps, (MainFrame, look))  # type: ignore[arg-type]
    assert run_window(parse([])) == 0
    assert not script.left
    assert posted == [1]
