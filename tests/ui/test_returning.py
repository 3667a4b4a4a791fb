"""退料 in the window: a pick is copied, its type becomes a return, and the order asks for its material again."""

from __future__ import annotations

from collections.abc import Callable

from models.kernel.refs import DocRef
from services.documents import api
from tests.support.acting import in_place, material, on_hand, post, taking
from tests.support.ledgers import broken
from tests.support.shops import Shop
from tests.ui.test_ways import book, opened, shop, wait
from ui.documents.document_page import DocumentPage
from ui.documents.source_dialog import SourceDialog
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


def _taken(page: DocumentPage, wait: Callable[[], None]) -> tuple[list[str], str]:
    """Takes over every line that is offered; titles of the columns, and the hint."""
    page.trigger("source")
    wait()
    dialog = page.findChildren(SourceDialog)[-1]
    titles, hint = [column.title for column in dialog.grid.model.columns], dialog.note.text()
    dialog.grid.model.set_marks(list(range(dialog.grid.model.rowCount())), marked=True)
    dialog.accept()
    wait()
    return titles, hint


def test_f9_of_a_return_lists_what_was_drawn_with_its_store(
    shop: Shop, book_frame: MainFrame, wait: Callable[[], None]
) -> None:
    """Nothing is left to pick of the screws, and one line of them was of the third at two for one."""
    order = post(shop, shop.factory.order("10"))
    pick = taking(shop, "material_issue", order, "32", code="SCREW")
    pick.lines += in_place(shop, order, "SCREW", "SCREW3", "20", store="W2").lines
    post(shop, pick)
    page = opened(book_frame, wait, DocRef("material_issue", 0, ""))
    page.form.put(kind="return")
    titles, hint = _taken(page, wait)
    assert titles[-2:] == ["已领", "可退"]
    assert "最近的在前" in hint
    rows = page.lines.rows()
    assert [(row["item_code"], row["quantity"], row["warehouse_code"]) for row in rows] == [
        ("SCREW", 32, "W1"), ("SCREW3", 20, "W2"),
    ]  # fmt: skip
    page.approve()
    wait()
    assert page.refusals.texts() == []
    assert material(shop, order, "SCREW") == (42, 0, 0, 42)
    assert broken(shop.db) == []


def test_f9_of_a_supplement_leaves_the_quantity_to_the_clerk(
    shop: Shop, book_frame: MainFrame, wait: Callable[[], None]
) -> None:
    order = post(shop, shop.factory.order("10"))
    post(shop, taking(shop, "material_issue", order, code="SCREW"))
    page = opened(book_frame, wait, DocRef("material_issue", 0, ""))
    page.form.put(kind="supplement")
    titles, _ = _taken(page, wait)
    assert titles[-1] == "已领"
    assert ("SCREW", None) in [(row["item_code"], row["quantity"]) for row in page.lines.rows()]


def test_a_return_is_pushed_from_a_finished_order_by_the_menu(
    shop: Shop, book_frame: MainFrame, wait: Callable[[], None]
) -> None:
    order = post(shop, shop.factory.order("10"))
    post(shop, taking(shop, "material_issue", order, code="SCREW"))
    post(shop, taking(shop, "material_issue", order, code="SHADE"))
    post(shop, taking(shop, "product_receipt", order))
    page = opened(book_frame, wait, order)
    assert page.heading.closing.text() == "已关闭"
    offered = {action.key: action.enabled() for action in page.declared_actions() if action.key.startswith("push")}
    assert offered == {
        "push": True, "push_material_issue": False, "push_product_receipt": False, "push_material_issue:return": True,
    }  # fmt: skip
    page.trigger("push")
    wait()
    back = book_frame.tabs.front()
    assert isinstance(back, DocumentPage)
    assert (back.form.value("kind"), [row["item_code"] for row in back.lines.rows()]) == (
        "return", ["SCREW", "SHADE", "GLUE"],
    )  # fmt: skip
