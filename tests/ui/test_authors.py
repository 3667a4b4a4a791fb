"""Above a document: who made, changed and approved it, as much as there is room for; the history by key and click."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from dataclasses import replace
from decimal import Decimal

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from models.kernel.refs import DocRef
from services.documents import api
from services.documents.api import DocumentView, FlowRow, HistoryRow
from tests.ui.ordering import enter_order, key
from ui.documents.authors import AuthorsLabel, tellings
from ui.documents.heading import DocumentHeading
from ui.framework.desk import Desk
from ui.framework.texts import use_language
from ui.shell.frame import MainFrame
from ui.shell.theme import apply_theme

NAVIGATION = 190
CONTROL_SHIFT = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier
LOCAL = dt.datetime(2026, 3, 10, 10, 31).astimezone()


def at(hours: int) -> dt.datetime:
    return (LOCAL + dt.timedelta(hours=hours)).astimezone(dt.UTC)


def row(hours: int, user: str, action: str) -> HistoryRow:
    return HistoryRow(at(hours), user, action, "", "", "")


@pytest.fixture
def view() -> DocumentView:
    """Made by 李芳, changed twice by 王强 before 张会计 approved it, printed twice."""
    made = DocumentView(
        ref=DocRef("production_order", 1, "SCRW-20260310-00001"), version=3, kind="normal", status="C", closing="C",
        business_date=LOCAL.date(), partner_id=None, partner_code="", partner_name="", workshop="", note="", source_id=None,
        system_made=False, print_count=2, created_by="李芳", created_at=at(0), approved_by="张会计", approved_at=at(3), lines=(),
    )  # fmt: skip
    return replace(made, history=(row(3, "张会计", "approve"), row(2, "王强", "change"), row(1, "王强", "change")))


def test_the_longest_telling_comes_first(view: DocumentView) -> None:
    assert tellings(view) == (
        "制单 李芳 03-10 10:31    修改 王强 03-10 12:31    审核 张会计 03-10 13:31    已打印 2 次",
        "制单 李芳 03-10 10:31    修改 王强 03-10 12:31    审核 张会计 03-10 13:31",
        "制单 李芳 03-10    修改 王强 03-10    审核 张会计 03-10",
        "制单 李芳    修改 王强    审核 张会计",
        "审核 张会计 03-10",
        "审核 张会计",
    )


def test_a_change_after_approval_is_the_last_deed(view: DocumentView) -> None:
    changed = replace(view, history=(row(5, "王强", "amend"), *view.history))
    assert tellings(changed)[-2:] == ("变更 王强 03-10", "变更 王强")


@pytest.fixture(params=["zh", "en"])
def language(request: pytest.FixtureRequest) -> Iterator[str]:
    """Each language of the window in turn."""
    use_language(request.param)
    yield request.param
    use_language("zh")


@pytest.mark.usefixtures("language")
def test_at_every_width_it_is_a_whole_telling_or_ends_in_an_ellipsis(
    show: Callable[[QWidget], None], view: DocumentView
) -> None:
    label = AuthorsLabel()
    label.show_view(view)
    show(label)
    seen = []
    for wide in range(900, 10, -10):
        label.resize(wide, 24)
        assert label.fontMetrics().horizontalAdvance(label.shown()) <= label.contentsRect().width()
        assert label.shown() in tellings(view) or label.shown().endswith("…")
        seen.append(label.shown())
    assert list(dict.fromkeys(text for text in seen if not text.endswith("…"))) == list(tellings(view))
    assert label.toolTip().startswith(tellings(view)[0])
    assert label.accessibleName() == tellings(view)[0]


def test_the_history_comes_by_key_and_by_click_and_leaves_by_escape(
    book_frame: MainFrame, wait: Callable[[], None]
) -> None:
    page = enter_order(book_frame, wait, [("FG100", "5", "80")])
    page.trigger("save")
    wait()
    page.lines.model.change(0, {"quantity": Decimal(6)})
    page.trigger("save")
    wait()
    assert page.heading.authors.shown().startswith("制单 tester ")
    assert "修改 tester " in page.heading.authors.shown()
    key(Qt.Key.Key_H, CONTROL_SHIFT)
    wait()
    assert page.side.history.view.hasFocus()
    assert page.side.history.model.text(0, 3) == "第1行 数量 5 → 6"
    key(Qt.Key.Key_Escape)
    wait()
    assert not page.side.isVisible()
    assert page.lines.view.hasFocus()
    QTest.mouseClick(page.heading.authors, Qt.MouseButton.LeftButton)
    wait()
    assert page.side.history.view.hasFocus()
    key(Qt.Key.Key_H, Qt.KeyboardModifier.ControlModifier)
    wait()
    assert not page.side.isVisible()
    assert book_frame.tabs.front() is page


@pytest.mark.usefixtures("language")
@pytest.mark.parametrize("wide", [1366, 1920])
@pytest.mark.parametrize("kind", api.document_types(), ids=lambda kind: kind.code)
def test_no_type_s_heading_is_too_long_for_it(
    qapp: QApplication,
    desk: Desk,
    show: Callable[[QWidget], None],
    view: DocumentView,
    kind: api.DocType,
    wide: int,
) -> None:
    apply_theme(qapp)
    near = FlowRow(DocRef("material_issue", 2, "SCLL-20260310-00012"), "生产领料单", "C", LOCAL.date())
    heading = DocumentHeading(kind.title, desk)
    heading.show_view(
        replace(view, ref=DocRef(kind.code, 1, "SCRW-20260310-00001"), upstream=(near,), downstream=(near, near))
    )
    heading.show_position(2, 14)
    heading.resize(wide - NAVIGATION, 32)
    show(heading)
    assert heading.width() == wide - NAVIGATION
    assert heading.authors.shown() in tellings(view)
    right = heading.authors.geometry().right()
    assert right < heading.position.x()
    assert heading.authors.x() > heading.down.geometry().right()
