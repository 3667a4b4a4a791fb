"""退料 in the window: a pick is copied, its type becomes a return, and the order asks for its material again."""

from __future__ import annotations

from collections.abc import Callable

from services.documents import api
from tests.support.acting import in_place, material, on_hand, post, taking
from tests.support.ledgers import broken
from tests.support.shops import Shop
from tests.ui.test_ways import book, opened, shop, wait
from ui.documents.document_page import DocumentPage
from ui.shell.frame import MainFrame

__all__ = ["book", "shop", "wait"]


def test_a_pick_with_a_substitute_is_copied_into_its_return(
    shop: Shop, book_frame: MainFrame, wait: Callable[[], None]
) -> None:
    """42 screws: 20 and 21 of the third at two for one, which cover 10, are drawn and come back whole."""
    order = post(shop, shop.factory.order("10"))
    pick = taking(shop, "material_issue", order, "20", code="SCREW")
    pick.lines += in_place(shop, order, "SCREW", "SCREW3", "21", store="W2").lines
    page = opened(book_frame, wait, post(shop, pick))
    assert material(shop, order, "SCREW") == (42, 30, 0, 0)
    (copy,) = [action for action in page.declared_actions() if action.key == "copy"]
    copy.run()
    wait()
    back = book_frame.tabs.front()
    assert isinstance(back, DocumentPage)
    assert back is not page
    back.form.put(kind="return")
    back.approve()
    wait()
    assert back.refusals.texts() == []
    view = api.get_document(shop.db, back.ref.id)
    assert (view.kind, view.status, view.ref.number[:4]) == ("return", "C", "SCTL")
    assert material(shop, order, "SCREW") == (42, 0, 0, 30)
    assert on_hand(shop, "SCREW3") == 5000
    assert broken(shop.db) == []
