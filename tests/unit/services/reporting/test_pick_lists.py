"""The list of merged pick lists: what is on it, who sees it, and how much of each has been drawn since it was numbered."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

from models.kernel.refs import DocRef
from services.documents import api as documents
from services.reporting import api
from tests.support.acting import draw, in_place, post, save, substitutes, taking
from tests.support.factory import USER
from tests.support.people import staff
from tests.support.shops import Shop

DAY = dt.date(2026, 3, 10)


def orders(shop: Shop, *quantities: str) -> list[DocRef]:
    return [post(shop, shop.factory.order(quantity)) for quantity in quantities]


def numbered(shop: Shop, refs: list[DocRef], day: dt.date = DAY) -> api.PickList:
    return api.pick_list(shop.db, USER, [ref.id for ref in refs], day=day)[0]


def only(shop: Shop, number: str = "") -> api.PickListRow:
    """The one list there is, or the one of that number."""
    (row,) = api.list_pick_lists(shop.db, text=number).rows
    return row


def materials(shop: Shop, ref: DocRef) -> dict[str, Decimal]:
    """What is picked for an order, by item."""
    view = documents.get_document(shop.db, ref.id)
    return {line.item_code: line.quantity for line in view.materials if line.issue == "pick"}


def test_a_list_tells_its_documents_who_made_it_and_how_often_it_was_printed(shop: Shop) -> None:
    both = orders(shop, "2", "3")
    listed = numbered(shop, both)
    other = numbered(shop, both[:1], DAY + dt.timedelta(days=1))
    api.count_pick_list(shop.db, USER, listed)
    api.count_pick_list(shop.db, USER, listed)
    newest, oldest = api.list_pick_lists(shop.db).rows
    assert (newest.number, newest.day, newest.printed) == (other.number, DAY + dt.timedelta(days=1), 0)
    assert (oldest.number, oldest.day, oldest.by, oldest.printed) == (listed.number, DAY, USER, 2)
    assert oldest.documents == tuple(both)
    assert oldest.standing == tuple(ref.id for ref in both)
    assert (oldest.state, oldest.share, oldest.left) == ("open", Decimal(0), oldest.lines)
    assert oldest.lines == sum(len(materials(shop, ref)) for ref in both)


def test_what_is_looked_at_makes_a_topic_that_the_list_reads_again(shop: Shop) -> None:
    both = orders(shop, "2", "3")
    listed, changes = api.pick_list(shop.db, USER, [ref.id for ref in both], day=DAY)
    assert api.MERGED in changes.topics
    assert api.MERGED in api.count_pick_list(shop.db, USER, listed).topics
    assert api.MERGED not in api.pick_list(shop.db, USER, [ref.id for ref in both], day=DAY)[1].topics


def test_days_words_and_a_whole_number_find_lists_and_more_tells_that_there_are_others(shop: Shop) -> None:
    made = orders(shop, "2", "3", "4")
    numbers = [numbered(shop, [ref], DAY + dt.timedelta(days=at)).number for at, ref in enumerate(made)]

    def found(**wanted: object) -> list[str]:
        return [row.number for row in api.list_pick_lists(shop.db, **wanted).rows]  # type: ignore[arg-type]

    after = DAY + dt.timedelta(days=1)
    assert found() == numbers[::-1]
    assert found(first=after) == [numbers[2], numbers[1]]
    assert found(first=after, last=after) == [numbers[1]]
    assert found(text=made[0].number.lower()) == [numbers[0]]
    assert found(text=f"{USER} {made[2].number}") == [numbers[2]]
    assert found(text="%") == []
    assert found(text=numbers[0].replace("-", ""), first=after) == [numbers[0]]
    cut = api.list_pick_lists(shop.db, limit=2)
    assert ([row.number for row in cut.rows], cut.more) == ([numbers[2], numbers[1]], True)
    assert not api.list_pick_lists(shop.db, limit=3).more


def test_only_what_is_drawn_after_the_number_was_given_counts_and_a_reversal_takes_it_back(shop: Shop) -> None:
    (order,) = orders(shop, "2")
    wanted = materials(shop, order)
    draw(shop, order, "SCREW", "1")
    listed = numbered(shop, [order])
    row = only(shop)
    assert (row.state, row.share, row.lines) == ("open", Decimal(0), len(wanted))
    rest = wanted["SCREW"] - 1
    half = draw(shop, order, "SCREW", str(rest / 2))
    row = only(shop)
    assert (row.state, row.left) == ("part", len(wanted))
    assert row.share == (Decimal("0.5") / len(wanted)).quantize(Decimal("0.01"))
    documents.reverse(shop.db, USER, [half.id])
    assert (only(shop).state, only(shop).share) == ("open", Decimal(0))
    for code, quantity in wanted.items():
        draw(shop, order, code, str(rest if code == "SCREW" else quantity))
    row = only(shop, listed.number)
    assert (row.state, row.share, row.left) == ("done", Decimal(1), 0)


def test_a_return_opens_it_again_and_a_substitute_counts_for_its_material(shop: Shop) -> None:
    (order,) = orders(shop, "2")
    wanted = materials(shop, order)
    numbered(shop, [order])
    substitutes(shop, "SCREW", BULB="1")
    post(shop, in_place(shop, order, "SCREW", "BULB", str(wanted["SCREW"])))
    row = only(shop)
    assert (row.state, row.left) == ("part", len(wanted) - 1)
    post(shop, in_place(shop, order, "SCREW", "BULB", "1", kind="return"))
    assert only(shop).left == len(wanted)


def test_pick_lists_are_drawn_when_they_are_approved(shop: Shop) -> None:
    (order,) = orders(shop, "2")
    slips = [save(shop, taking(shop, "material_issue", order, quantity, code="SCREW")) for quantity in ("1", "2")]
    numbered(shop, slips)
    assert (only(shop).state, only(shop).lines) == ("open", 2)
    documents.approve(shop.db, USER, [slips[0].id])
    row = only(shop)
    assert (row.state, row.share, row.left) == ("part", Decimal("0.5"), 1)
    assert row.standing == tuple(ref.id for ref in slips)
    documents.approve(shop.db, USER, [slips[1].id])
    assert (only(shop).state, only(shop).share) == ("done", Decimal(1))


def test_orders_closed_or_deleted_are_told(shop: Shop) -> None:
    first, second = orders(shop, "2", "3")
    numbered(shop, [first])
    numbered(shop, [first, second])
    documents.close(shop.db, USER, [first.id])
    both, one = api.list_pick_lists(shop.db).rows
    assert (one.state, one.standing) == ("stopped", ())
    assert (both.state, both.standing) == ("open", (second.id,))
    documents.reopen(shop.db, USER, [first.id])
    for ref in (first, second):
        documents.reverse(shop.db, USER, [ref.id])
    documents.delete(shop.db, USER, [first.id])
    both, one = api.list_pick_lists(shop.db).rows
    assert (one.state, one.documents, one.gone) == ("gone", (), (first.number,))
    assert (both.state, both.documents, both.gone) == ("stopped", (second,), (first.number,))


def test_who_may_not_see_a_document_of_it_does_not_see_the_list(sqlite_shop: Shop) -> None:
    numbered(sqlite_shop, orders(sqlite_shop, "2", "3"))
    people = staff(sqlite_shop.db)

    def seen(role: str) -> int:
        return len(api.list_pick_lists(sqlite_shop.db.acting_as(people[role])).rows)

    assert (seen("warehouse"), seen("admin"), seen("")) == (1, 1, 0)


def test_long_lists_are_read_in_few_statements(sqlite_shop: Shop) -> None:
    made = orders(sqlite_shop, *(str(2 + at) for at in range(6)))
    for ref in made:
        numbered(sqlite_shop, [ref])
        draw(sqlite_shop, ref, "SCREW", "1")
    counted = []
    with sqlite_shop.db.read() as conn:
        from sqlalchemy import event

        from services.reporting import pick_lists

        event.listen(conn.engine, "before_cursor_execute", lambda *args: counted.append(args[2]))
        assert len(pick_lists.listing(conn).rows) == 6
    assert len(counted) <= 8
