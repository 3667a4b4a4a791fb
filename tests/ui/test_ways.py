"""Ways out beside a refusal of a document window, by keys, on a real book."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from decimal import Decimal
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from models.kernel.refs import DocRef
from services.documents import api
from services.masterdata import api as masterdata
from services.platform.books import open_book
from services.platform.db import Database
from services.production.api import SubstituteOffer
from tests.support.acting import in_place, material, on_hand, post, save, taking
from tests.support.factory import USER
from tests.support.ledgers import broken
from tests.support.shops import Shop, furnished
from ui.documents.document_page import DocumentPage
from ui.inventory.holding_dialog import HoldingDialog
from ui.production.substitute_dialog import SubstituteDialog, substituted
from ui.shell.frame import MainFrame

CONTROL = Qt.KeyboardModifier.ControlModifier
ALT = Qt.KeyboardModifier.AltModifier
Key = Qt.Key


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Shop]:
    """The lamp factory: lamps of 4 screws (5 % loss) and a shade; another screw and a third lie in the stores."""
    target = str(tmp_path / "工坊.db")
    factory = furnished(target, times=1)
    made = Shop(open_book(target), factory, target)
    with made.db.write(USER) as tx:
        factory.add_item(tx, "SCREW2")
        factory.add_item(tx, "SCREW3")
        factory.add_item(tx, "SCREW4")
    post(made, factory.opening("SCREW2", "60", "6"))
    post(made, factory.opening("SCREW3", "5000", "50", store="W2"))
    rows = [
        {"component": "SCREW", "substitute": "SCREW2", "priority": 1},
        {"component": "SCREW", "substitute": "SCREW3", "priority": 2, "ratio": Decimal(2)},
        {"component": "SCREW", "substitute": "SCREW4", "priority": 3},
    ]
    masterdata.save_records(made.db, USER, "substitutes", rows)
    yield made
    made.db.close()


@pytest.fixture
def book(shop: Shop) -> Database:
    return shop.db


@pytest.fixture
def wait(qtbot: QtBot, book_frame: MainFrame) -> Callable[[], None]:
    def settle() -> None:
        for _ in range(3):
            qtbot.wait(20)
            qtbot.waitUntil(lambda: book_frame.desk.ops.idle, timeout=8000)

    return settle


def key(code: Qt.Key, modifiers: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
    QTest.keyClick(QApplication.focusWidget() or QApplication.activeWindow(), code, modifiers)


@pytest.fixture
def short(shop: Shop, book_frame: MainFrame, wait: Callable[[], None]) -> tuple[DocumentPage, DocRef]:
    """A pick of 1260 screws and 300 shades where 1000 and 100 lie, refused with F8; and its order."""
    order = post(shop, shop.factory.order("300"))
    draft = taking(shop, "material_issue", order, code="SCREW")
    draft.lines += taking(shop, "material_issue", order, code="SHADE").lines
    page = opened(book_frame, wait, save(shop, draft))
    page.lines.setFocus()
    key(Key.Key_F8)
    wait()
    return page, order


def opened(frame: MainFrame, wait: Callable[[], None], ref: DocRef) -> DocumentPage:
    page = frame.desk.navigator.open(ref)
    assert isinstance(page, DocumentPage)
    wait()
    return page


def substitutes(page: DocumentPage, qtbot: QtBot) -> SubstituteDialog:
    dialog = page.findChild(SubstituteDialog)
    assert dialog is not None
    qtbot.waitUntil(lambda: dialog.isActiveWindow() and dialog.grid.view.hasFocus())
    return dialog


def lines(page: DocumentPage) -> list[tuple[str, Decimal]]:
    return [(row["item_code"], row["quantity"]) for row in page.lines.rows()]


def test_a_shortage_offers_what_can_be_done_about_it(short: tuple[DocumentPage, DocRef]) -> None:
    page, _ = short
    first, second = page.refusals.texts()
    assert first.startswith("第1行: SCREW 螺丝：主仓")
    assert "SCLL" not in first
    assert second.startswith("第2行: SHADE")
    assert page.refusals.ways(0) == ["发 1000", "查看占用", "换替代料"]
    assert page.refusals.ways(1) == ["发 100", "查看占用"], "no substitute of the shade is registered"


def test_alt_1_takes_what_is_free_and_the_rest_stays_on_the_order(
    shop: Shop, short: tuple[DocumentPage, DocRef], wait: Callable[[], None]
) -> None:
    page, order = short
    key(Key.Key_1, ALT)
    assert lines(page) == [("SCREW", 1000), ("SHADE", 300)]
    assert len(page.refusals.texts()) == 1
    key(Key.Key_1, ALT)
    assert lines(page) == [("SCREW", 1000), ("SHADE", 100)]
    assert not page.refusals.isVisible()
    key(Key.Key_Z, CONTROL)
    assert lines(page) == [("SCREW", 1000), ("SHADE", 300)]
    key(Key.Key_Y, CONTROL)
    key(Key.Key_F8)
    wait()
    assert api.get_document(shop.db, page.ref.id).status == "C"
    assert material(shop, order, "SCREW")[:2] == (1260, 1000)
    assert material(shop, order, "SHADE")[:2] == (300, 100)
    assert broken(shop.db) == []


def test_the_holding_shows_documents_and_enter_opens_one(
    shop: Shop, short: tuple[DocumentPage, DocRef], book_frame: MainFrame, wait: Callable[[], None], qtbot: QtBot
) -> None:
    page, order = short
    key(Key.Key_2, ALT)
    wait()
    dialog = page.findChild(HoldingDialog)
    assert dialog is not None
    qtbot.waitUntil(dialog.isActiveWindow)
    assert "现存 1000" in dialog.head.text()
    kinds = [row.kind for row in dialog.grid.model.records()]
    assert kinds == ["here", "order"], "the draft that asks does not hold against itself"
    dialog.grid.view.select_cell(1)
    key(Key.Key_Return)
    wait()
    front = book_frame.tabs.front()
    assert isinstance(front, DocumentPage)
    assert front.ref == order


def test_a_substitute_fills_the_gap_and_ctrl_z_takes_it_back(
    shop: Shop, short: tuple[DocumentPage, DocRef], wait: Callable[[], None], qtbot: QtBot
) -> None:
    page, order = short
    key(Key.Key_3, ALT)
    dialog = substitutes(page, qtbot)
    assert [(row.offer.code, row.offer.free, row.needed, row.enough) for row in dialog.grid.model.records()] == [
        ("SCREW2", 60, 260, "part"), ("SCREW3", 5000, 520, "all"), ("SCREW4", 0, 260, "none"),
    ]  # fmt: skip
    key(Key.Key_Space)
    key(Key.Key_Space)
    key(Key.Key_Return)
    wait()
    assert lines(page) == [("SCREW", 1000), ("SCREW2", 60), ("SCREW3", 400), ("SHADE", 300)]
    assert [row["note"] for row in page.lines.rows()] == ["", "替代 SCREW", "替代 SCREW", ""]
    key(Key.Key_Z, CONTROL)
    assert lines(page) == [("SCREW", 1260), ("SHADE", 300)]
    key(Key.Key_Y, CONTROL)
    key(Key.Key_1, ALT)
    key(Key.Key_F8)
    wait()
    assert page.refusals.texts() == []
    assert api.get_document(shop.db, page.ref.id).status == "C"
    assert material(shop, order, "SCREW")[:2] == (1260, 1260)
    assert (on_hand(shop, "SCREW2"), on_hand(shop, "SCREW3")) == (0, 4600)
    assert broken(shop.db) == []


def test_the_whole_line_is_replaced_where_that_is_wanted(short: tuple[DocumentPage, DocRef], qtbot: QtBot) -> None:
    page, _ = short
    key(Key.Key_3, ALT)
    dialog = substitutes(page, qtbot)
    dialog.whole.setChecked(True)
    dialog.grid.view.select_cell(1)
    key(Key.Key_Return)
    assert lines(page) == [("SCREW3", 2520), ("SHADE", 300)]
    assert page.lines.rows()[0]["warehouse_code"] == "W2"


def test_the_next_substitute_is_asked_for_what_the_books_leave_open() -> None:
    """6 are wanted: 5 at 1.2 cover 4 whole ones, so 2 are left, which take 6 at 3 and not the 5.5 of 1.83."""

    def offer(code: str, ratio: str, free: str) -> SubstituteOffer:
        figures = (Decimal(ratio), 1, 1, "W1", "主仓", Decimal(free))
        return SubstituteOffer(len(code), code, code, "", "个", 1, *figures)

    rows = substituted(
        {"item_code": "SCREW", "decimals": 0}, Decimal(6), [offer("B", "1.2", "5"), offer("BB", "3", "100")]
    )
    assert [(row["item_code"], row["quantity"]) for row in rows] == [("B", 5), ("BB", 6)]


def test_too_much_of_a_substitute_goes_down_to_what_stands_for_the_rest(
    shop: Shop, book_frame: MainFrame, wait: Callable[[], None]
) -> None:
    """42 screws: 21 of the third at two for one cover 10; of 100 more 64 stand for the 32 that are left."""
    order = post(shop, shop.factory.order("10"))
    post(shop, in_place(shop, order, "SCREW", "SCREW3", "21", store="W2"))
    page = opened(book_frame, wait, save(shop, in_place(shop, order, "SCREW", "SCREW3", "100", store="W2")))
    page.lines.setFocus()
    key(Key.Key_F8)
    wait()
    assert page.refusals.ways() == ["改成 64"]
    key(Key.Key_1, ALT)
    key(Key.Key_F8)
    wait()
    assert api.get_document(shop.db, page.ref.id).status == "C"
    assert (material(shop, order, "SCREW")[1], on_hand(shop, "SCREW3")) == (42, 4915)


def test_a_substitute_that_is_short_itself_is_not_replaced_by_ratios_to_the_material(
    shop: Shop, book_frame: MainFrame, wait: Callable[[], None]
) -> None:
    order = post(shop, shop.factory.order("300"))
    page = opened(book_frame, wait, save(shop, in_place(shop, order, "SCREW", "SCREW2", "100")))
    page.lines.setFocus()
    key(Key.Key_F8)
    wait()
    assert page.refusals.ways() == ["发 60", "查看占用"]


def test_a_line_of_which_nothing_is_free_leaves_the_draft(
    shop: Shop, book_frame: MainFrame, wait: Callable[[], None]
) -> None:
    order = post(shop, shop.factory.order("100"))
    post(shop, taking(shop, "material_issue", order, "100", code="SHADE"))
    more = post(shop, shop.factory.order("10"))
    draft = taking(shop, "material_issue", more, code="SHADE")
    draft.lines += taking(shop, "material_issue", more, code="SCREW").lines
    page = opened(book_frame, wait, save(shop, draft))
    page.lines.setFocus()
    key(Key.Key_F8)
    wait()
    assert page.refusals.ways() == ["本行不做", "查看占用"]
    key(Key.Key_1, ALT)
    assert lines(page) == [("SCREW", 42)]
    key(Key.Key_F8)
    wait()
    assert api.get_document(shop.db, page.ref.id).status == "C"


def test_who_may_only_look_is_offered_only_to_look(
    shop: Shop, book_frame: MainFrame, wait: Callable[[], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    order = post(shop, shop.factory.order("300"))
    ref = save(shop, taking(shop, "material_issue", order, code="SCREW"))
    monkeypatch.setattr(book_frame.desk.session, "allowed", lambda right: right != "material_issue.save")
    page = opened(book_frame, wait, ref)
    page.lines.setFocus()
    key(Key.Key_F8)
    wait()
    assert page.refusals.ways() == ["查看占用"]


def test_beyond_the_order_the_line_goes_down_to_what_is_left(
    shop: Shop, book_frame: MainFrame, wait: Callable[[], None]
) -> None:
    order = post(shop, shop.factory.purchase("50"))
    post(shop, taking(shop, "purchase_receipt", order, "30"))
    page = opened(book_frame, wait, save(shop, taking(shop, "purchase_receipt", order, "40")))
    page.lines.setFocus()
    key(Key.Key_F8)
    wait()
    assert page.refusals.ways() == ["改成 20"]
    key(Key.Key_1, ALT)
    assert lines(page) == [("SCREW", 20)]
    key(Key.Key_F8)
    wait()
    assert api.get_document(shop.db, page.ref.id).status == "C"


def test_buttons_are_reached_and_pressed_without_the_mouse(short: tuple[DocumentPage, DocRef]) -> None:
    page, _ = short
    page.refusals.list.setFocus()
    page.refusals.list.setCurrentRow(1)
    key(Key.Key_Tab)
    focus = QApplication.focusWidget()
    assert focus is not None
    assert focus.objectName() == "wayOut"
    key(Key.Key_Return)
    assert lines(page)[1] == ("SHADE", 100)
