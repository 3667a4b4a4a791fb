"""合并拣货单: its number, its template, how often it was printed, and that drafts stay off paper where only approved ones go."""

from __future__ import annotations

import datetime as dt
import threading
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from models.kernel.numbers import plain
from models.kernel.problems import Refused
from models.kernel.refs import DocRef
from services.documents import api as documents
from services.documents.records import DocDraft, LineDraft
from services.platform.db import Database
from services.platform.messages import sentence
from services.platform.tongues import CHINESE
from services.printing.api import A4, A4_LANDSCAPE, A5, CONTINUOUS_HALF, PdfPages
from services.printing.templates.applying import stock
from services.production.api import pick_orders, propose_picks
from services.reporting import api, merged_lists, picked
from services.reporting.invariants import check
from tests.support.acting import draw, parameter, post, save, taking
from tests.support.factory import USER
from tests.support.people import staff
from tests.support.shops import Shop

DAY = dt.date(2026, 3, 10)


def text_of(pdf: bytes) -> str:
    pages = PdfPages(pdf)
    return "\n".join(pages.text(number) for number in range(1, pages.count + 1))


def orders(shop: Shop, *quantities: str) -> list[DocRef]:
    return [post(shop, shop.factory.order(quantity)) for quantity in quantities]


def ids(refs: list[DocRef]) -> list[int]:
    return [ref.id for ref in refs]


def numbered(shop: Shop, refs: list[DocRef], day: dt.date = DAY) -> api.PickList:
    return api.pick_list(shop.db, USER, ids(refs), day=day)[0]


def counts(shop: Shop, refs: list[DocRef]) -> list[int]:
    return [documents.get_document(shop.db, ref.id).print_count for ref in refs]


def screws(shop: Shop, keys: list[int]) -> list[Decimal]:
    """What each order still draws of the screw."""
    return [line.quantity for line in propose_picks(pick_orders(shop.db, keys)) if line.material.item_code == "SCREW"]


def refused(action: Any, *args: Any, **more: Any) -> list[str]:
    with pytest.raises(Refused) as caught:
        action(*args, **more)
    assert all(sentence(problem, lang) != problem.code for problem in caught.value.problems for lang in ("zh", "en"))
    return [problem.code for problem in caught.value.problems]


def test_a_list_has_a_number_of_its_own_that_it_keeps_as_long_as_the_same_is_picked(shop: Shop) -> None:
    both = orders(shop, "2", "3")
    listed = numbered(shop, both)
    assert (listed.number, listed.day, listed.printed) == ("JYH-20260310-00001", DAY, 0)
    assert numbered(shop, both[::-1], DAY + dt.timedelta(days=1)) == replace(listed, documents=tuple(both[::-1]))
    assert numbered(shop, both[:1]).number == "JYH-20260310-00002"
    draw(shop, both[0], "SCREW", "1")
    assert numbered(shop, both).number == "JYH-20260310-00003"
    text = text_of(api.print_merged(shop.db, ids(both), listed=listed).pdf)
    assert "JYH-20260310-00001" in text
    assert "日期：2026-03-10" in text
    assert not any(finding.broken for finding in check(shop.db))


def test_a_list_is_found_by_its_number_however_it_is_typed(shop: Shop) -> None:
    both = orders(shop, "2", "3")
    api.count_pick_list(shop.db, USER, numbered(shop, both))
    written = ["JYH-20260310-00001", " jyh2026031000001 ", "ＪＹＨ-20260310-00001"]
    assert [api.whole_number(text) for text in written] == ["JYH-20260310-00001"] * 3
    assert [api.whole_number(text) for text in ("JYH-20260310-0001", "SCRW-20260310-00001", "")] == ["", "", ""]
    draw(shop, both[0], "SCREW", "1")
    found = api.find_pick_list(shop.db, "JYH-20260310-00001")
    assert found == api.MadeList("JYH-20260310-00001", DAY, USER, tuple(both), (), 1)
    assert api.find_pick_list(shop.db, "JYH-20260310-00002") is None


def test_how_often_it_was_printed_is_told_from_the_second_time_and_counted_on_each_document(shop: Shop) -> None:
    both, other = orders(shop, "2", "3"), orders(shop, "4")
    listed = numbered(shop, both)
    assert "次打印" not in text_of(api.print_merged(shop.db, ids(both), listed=listed).pdf)
    api.count_pick_list(shop.db, USER, listed)
    assert counts(shop, [*both, *other]) == [1, 1, 0]
    again = numbered(shop, both)
    assert (again.number, again.printed) == (listed.number, 1)
    assert "第 2 次打印" in text_of(api.print_merged(shop.db, ids(both), listed=again).pdf)
    one = numbered(shop, both[:1])
    assert "次打印" not in text_of(api.print_merged(shop.db, ids(both[:1]), listed=one).pdf)
    assert "第 2 次打印" in text_of(api.print_documents(shop.db, ids(both)).pdf)
    assert "次打印" not in text_of(api.print_documents(shop.db, ids(other)).pdf)


def test_two_who_look_at_the_same_list_at_once_see_one_number(shop: Shop) -> None:
    both = orders(shop, "2", "3")
    seen: list[api.PickList] = []
    with shop.db.write(USER) as tx:
        first = merged_lists.known(tx, ids(both), day=DAY)
        other = threading.Thread(target=lambda: seen.append(numbered(shop, both)))
        other.start()
        other.join(0.5)
        assert seen == []
    other.join(30)
    assert seen == [first]


def test_its_template_says_paper_columns_and_signatures(shop: Shop) -> None:
    both = ids(orders(shop, "2", "3"))
    sizes = [
        PdfPages(api.print_merged(shop.db, both, template=name).pdf).size_mm(1) for name in ("A4", "A5", "241×140")
    ]
    assert sizes == [(297, 210), (210, 148), (241, 140)]
    assert PdfPages(api.print_merged(shop.db, both).pdf).size_mm(1) == (297, 210)
    made = stock(api.offer_of(api.MERGED))[1]
    columns = {column.key: column for column in made.columns["lines"]}
    order = [replace(columns[key], shown=True) for key in ("item", "total", "shares", "tick")]
    order[0] = replace(order[0], title="料号")
    rest = [
        replace(column, shown=False)
        for key, column in columns.items()
        if key not in ("item", "total", "shares", "tick")
    ]
    own = replace(made, name="仓库", title="拣料单", columns={"lines": (*order, *rest)}, signatures=("仓管",))
    api.save_template(shop.db, USER, own)
    api.choose_template(shop.db, USER, api.MERGED, "仓库")
    text = text_of(api.print_merged(shop.db, both).pdf)
    assert all(part in text for part in ("拣 料 单", "料号", "仓管：", "A\n", "B\n", "合计"))
    assert not any(part in text for part in ("名称规格", "拣货员：", "现存", "实拣"))
    row = next(line for line in text.splitlines() if line.startswith("SCREW"))
    shares = screws(shop, both)
    assert row.split() == ["SCREW", plain(sum(shares)), *map(plain, shares)]


def test_copies_are_named_on_multi_part_paper_only(shop: Shop) -> None:
    both = ids(orders(shop, "2", "3"))
    for paper in (A4, A4_LANDSCAPE, A5):
        assert "白存根" not in text_of(api.print_merged(shop.db, both, profile=paper).pdf)
        assert "白存根" not in text_of(api.print_documents(shop.db, both, profile=paper).pdf)
    assert "白存根 红财务 黄车间" in text_of(api.print_merged(shop.db, both, template="241×140").pdf)
    assert "白存根 红财务 黄车间" in text_of(api.print_merged(shop.db, both, profile=CONTINUOUS_HALF).pdf)
    assert "白存根 红财务 黄车间" in text_of(api.print_documents(shop.db, both, profile=CONTINUOUS_HALF).pdf)


@pytest.mark.parametrize("template", ["A4", "A5", "241×140"])
def test_with_many_orders_it_says_where_the_others_go_on_and_no_share_is_lost(shop: Shop, template: str) -> None:
    many = orders(shop, *(str(20 + i) for i in range(9)))
    text = text_of(api.print_merged(shop.db, ids(many), template=template).pdf)
    assert "I 的分单接在本表后面，见“分单明细”" in text
    assert "\n分单明细" in text
    shares = screws(shop, ids(many))
    assert len(set(shares)) == 9
    assert all(plain(share) in text.split() for share in shares)


def test_lots_of_pick_lists_stand_apart_and_what_was_booked_is_not_short(shop: Shop) -> None:
    order = post(shop, shop.factory.order("2"))
    item, store = shop.factory.items["SCREW"], shop.factory.stores["W1"]
    with shop.db.read() as conn:
        from tests.support.factory import lines_of

        (line,) = [m for m in lines_of(conn, order, "material") if m.item_id == item]
    draft = DocDraft(
        "material_issue",
        DAY,
        [LineDraft(item, Decimal(quantity), warehouse_id=store, source_line_id=line.id) for quantity in (1, 3)],
    )
    slip = post(shop, draft)
    text = text_of(api.print_merged(shop.db, [slip.id]).pdf)
    assert "※缺" not in text
    assert next(row for row in text.splitlines() if "SCREW" in row).count(" 4") >= 1


def test_a_substitute_names_the_material_it_is_drawn_for_on_both_papers(shop: Shop) -> None:
    order = post(shop, shop.factory.order("2"))
    draft = taking(shop, "material_issue", order, "3", code="SCREW")
    draft.lines[0].item_id = shop.factory.items["BULB"]
    slip = save(shop, draft)
    for pdf in (api.print_documents(shop.db, [slip.id]).pdf, api.print_merged(shop.db, [slip.id]).pdf):
        row = next(line for line in text_of(pdf).splitlines() if "BULB" in line)
        assert "替 SCREW" in row


def test_a_substitute_is_counted_in_its_own_unit_and_says_nothing_of_kits(shop: Shop) -> None:
    order = post(shop, shop.factory.order("2"))
    draft = taking(shop, "material_issue", order, "3", code="SCREW")
    draft.lines[0].item_id = shop.factory.items["BULB"]
    slip = save(shop, draft)
    with shop.db.read() as conn:
        view = picked.document(conn, slip.id)
        parts = picked.of_slip(conn, view)
        (head,) = picked.slip_of(conn, [view], parts, CHINESE).orders
    assert [(part.line.required, part.line.picked) for part in parts] == [(Decimal(3), Decimal(0))]
    assert head.sets is None


def test_a_template_that_there_is_not_is_refused_with_those_there_are(shop: Shop) -> None:
    (order,) = ids(orders(shop, "2"))
    for draw_ in (api.print_merged, api.print_documents):
        with pytest.raises(Refused) as caught:
            draw_(shop.db, [order], template="不存在")
        (problem,) = caught.value.problems
        assert (problem.code, problem.args["known"]) == ("form.unknown_template", ("A4", "A5", "241×140"))
        assert sentence(problem, "zh").endswith("A4、A5、241×140。")


def test_where_only_approved_documents_are_printed_a_draft_is_refused_everywhere(shop: Shop) -> None:
    order = post(shop, shop.factory.order("2"))
    draft = save(shop, shop.factory.sale("3"))
    sale = post(shop, shop.factory.sale("3"))
    with shop.db.write(USER) as tx:
        slip = save_in(shop, tx, order)
    api.print_documents(shop.db, [draft.id])
    parameter(shop, "print_approved_only", "yes")
    assert refused(api.print_documents, shop.db, [sale.id, draft.id]) == ["print.not_approved"]
    assert refused(documents.count_print, shop.db, USER, [draft.id]) == ["print.not_approved"]
    assert refused(api.print_merged, shop.db, [slip.id]) == ["print.not_approved"]
    assert refused(api.pick_list, shop.db, USER, [slip.id]) == ["print.not_approved"]
    template = stock(api.offer_of("sales_order"))[0]
    assert refused(api.preview_template, shop.db, template, draft.id) == ["print.not_approved"]
    assert [ref.number for ref in api.sample_documents(shop.db, "sales_order")] == [sale.number]
    assert api.print_documents(shop.db, [sale.id]).pages == 1
    assert api.print_merged(shop.db, [order.id]).pages == 1


def save_in(shop: Shop, tx: Any, order: DocRef) -> DocRef:
    (ref,) = shop.factory.save(tx, shop.factory.taking(tx, "material_issue", order, code="SCREW"))
    return ref


def test_nothing_to_pick_and_other_documents_are_refused(shop: Shop) -> None:
    sale = post(shop, shop.factory.sale("3"))
    assert refused(api.pick_list, shop.db, USER, [sale.id]) == ["print.not_picked"]
    assert refused(api.print_merged, shop.db, [sale.id]) == ["print.not_picked"]


def test_who_only_prints_gets_the_list_without_a_number(sqlite_shop: Shop) -> None:
    order = post(sqlite_shop, sqlite_shop.factory.order("2"))
    people = staff(sqlite_shop.db)

    def acting(role: str) -> Database:
        return sqlite_shop.db.acting_as(people[role])

    with sqlite_shop.db.write("root") as tx, tx.implied():
        from models.platform.tables import role, role_right, user_role

        tx.insert(role, [{"id": 90, "code": "printer", "title": "只打印"}])
        rights = ("production_order.read", "production_order.print")
        tx.insert(role_right, [{"role_id": 90, "right": right} for right in rights])
        tx.insert(user_role, [{"user_id": people[""].user_id, "role_id": 90}])
    listed, _ = api.pick_list(acting(""), "x", [order.id], day=DAY)
    assert listed.number == ""
    assert order.number in text_of(api.print_merged(acting("warehouse"), [order.id], listed=listed).pdf)
    api.count_pick_list(acting(""), "x", listed)
    assert documents.get_document(sqlite_shop.db, order.id).print_count == 1
    assert refused(api.pick_list, acting("sales"), "x", [order.id]) == ["access.denied"]
