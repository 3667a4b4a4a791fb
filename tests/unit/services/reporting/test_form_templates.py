"""Form templates: kept in the book, refused with the numbers, printed with what they show, copied as a file."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from io import BytesIO
from typing import Any

import pytest
from PIL import Image

from models.kernel.problems import Refused
from models.kernel.refs import DocRef
from services.platform.messages import sentence
from services.printing.api import A4, PdfPages
from services.printing.forms import Column, Form, Table
from services.printing.templates.applying import STOCK, arranged, stock
from services.printing.templates.checks import check
from services.printing.templates.model import Paper, ShownColumn, Template
from services.printing.templates.reading import read, written
from services.reporting import api
from tests.support.acting import parameter, post, taking
from tests.support.factory import USER
from tests.support.people import staff
from tests.support.shops import Shop

KINDS = [kind for kind, _ in api.printed_types()]


def refusal(action: Any, *args: Any, **more: Any) -> list[str]:
    with pytest.raises(Refused) as caught:
        action(*args, **more)
    for problem in caught.value.problems:
        for language in ("zh", "en"):
            assert sentence(problem, language) != problem.code, problem
            assert not re.search(r"\{[a-z]", sentence(problem, language)), problem
    return [problem.code for problem in caught.value.problems]


def picture(kind: str = "PNG", size: tuple[int, int] = (300, 100)) -> bytes:
    target = BytesIO()
    Image.new("RGB", size, (20, 20, 120)).save(target, kind)
    return target.getvalue()


def own(kind: str = "sales_order", name: str = "我的格式", **changes: Any) -> Template:
    return replace(stock(api.offer_of(kind))[0], name=name, **changes)


def only(template: Template, *keys: str, **columns: Any) -> Template:
    """The template with only these columns of its first table, in this order."""
    name, shown = next(iter(template.columns.items()))
    by_key = {column.key: replace(column, shown=True, **columns) for column in shown}
    rest = tuple(replace(column, shown=False) for column in shown if column.key not in keys)
    return replace(template, columns={**template.columns, name: (*(by_key[key] for key in keys), *rest)})


def text_of(pdf: bytes) -> str:
    pages = PdfPages(pdf)
    return "\n".join(pages.text(number) for number in range(1, pages.count + 1))


@pytest.mark.parametrize("kind", KINDS)
def test_every_type_has_three_stock_templates_without_fault_that_survive_the_file(kind: str) -> None:
    offer = api.offer_of(kind)
    made = stock(offer)
    assert [template.name for template in made] == ["A4", "A5", "241×140"]
    for template in made:
        assert check(template, offer) == []
        assert read(written(template)) == template
        assert read(written(template).encode("utf-8-sig")) == template


def test_a_document_is_printed_on_the_paper_of_its_default_template(shop: Shop) -> None:
    order = post(shop, shop.factory.sale("3"))
    sizes = {}
    for name, paper in STOCK.items():
        api.choose_template(shop.db, USER, "sales_order", name)
        pages = PdfPages(api.print_documents(shop.db, [order.id]).pdf)
        sizes[name] = pages.size_mm(1)
        assert pages.size_mm(1) == (paper.width_mm, paper.height_mm)
    assert sizes == {"A4": (210, 297), "A5": (210, 148), "241×140": (241, 140)}
    assert PdfPages(api.print_documents(shop.db, [order.id], profile=A4).pdf).size_mm(1) == (210, 297)
    assert PdfPages(api.print_documents(shop.db, [order.id], template="A5").pdf).size_mm(1) == (210, 148)


def test_documents_of_two_types_stand_in_one_file_each_on_its_own_paper(shop: Shop) -> None:
    sale, purchase = post(shop, shop.factory.sale("3")), post(shop, shop.factory.purchase("100"))
    api.choose_template(shop.db, USER, "purchase_order", "241×140")
    pages = PdfPages(api.print_documents(shop.db, [sale.id, purchase.id]).pdf)
    assert [pages.size_mm(n) for n in range(1, pages.count + 1)] == [(210, 297), (241, 140)]


def test_columns_are_shown_in_the_order_and_under_the_titles_of_the_template(shop: Shop) -> None:
    order = post(shop, shop.factory.sale("3"))
    template = only(own(title="订货确认书", footer="地址：顺德北滘"), "quantity", "name", "line_source")
    columns = list(template.columns["lines"])
    columns[1] = replace(columns[1], title="品名")
    template = replace(
        template, columns={"lines": tuple(columns)}, signatures=("制单", "老板"), copies="白根", barcode=False
    )
    row, _ = api.save_template(shop.db, USER, template)
    assert row.template == template
    text = text_of(api.print_documents(shop.db, [order.id], template="我的格式").pdf)
    for shown in ("订 货 确 认 书", "品名", "老板", "白根", "地址：顺德北滘", "台灯"):
        assert shown in text, shown
    for hidden in ("物料编码", "LAMP", "价税合计", "客户确认"):
        assert hidden not in text, hidden
    assert text.index("数量") < text.index("品名") < text.index("源单")


def test_a_sum_in_a_column_that_is_not_printed_leaves_no_empty_row() -> None:
    columns = (Column("品名", key="name"), Column("金额", key="amount", spare=True))
    form = Form("厂", "单", "1", tables=(Table(columns, (("螺丝", "3.00"),), totals=("", "3.00"), name="lines"),))
    shown = Template("x", "x", "单", Paper(210, 297, 10, 10, 8, 8))
    assert arranged(form, shown).tables[0].totals == ()
    both = tuple(ShownColumn(column.key, column.title) for column in columns)
    assert arranged(form, replace(shown, columns={"lines": both})).tables[0].totals == ("", "3.00")


def test_an_amount_in_words_and_the_terms_follow_the_template(shop: Shop) -> None:
    order = post(shop, shop.factory.sale("3"))
    assert "金额大写" in text_of(api.print_documents(shop.db, [order.id]).pdf)
    api.save_template(shop.db, USER, own(in_words=False, terms="货到付款"))
    text = text_of(api.print_documents(shop.db, [order.id], template="我的格式").pdf)
    assert "金额大写" not in text
    assert "货到付款" in text


def test_a_pick_list_names_who_made_and_who_approved_it(shop: Shop) -> None:
    order = post(shop, shop.factory.order("2"))
    slip = post(shop, taking(shop, "material_issue", order, code="SCREW"))
    assert text_of(api.print_documents(shop.db, [slip.id]).pdf).count(USER) == 2


def test_blank_rows_fill_the_page_only_if_the_template_says_so(shop: Shop) -> None:
    order = post(shop, shop.factory.sale("3"))
    inked = {}
    for fills in (True, False):
        name = f"补空行{fills}"
        api.save_template(shop.db, USER, own(name=name, rows_per_page=12, fills=fills))
        page = PdfPages(api.print_documents(shop.db, [order.id], template=name).pdf).grey(1, dpi=50)
        inked[fills] = sum(value < 200 for value in page.data)
    assert inked[True] > inked[False] * 1.1


def test_rows_a_page_of_the_book_hold_where_the_template_names_none(shop: Shop) -> None:
    order = post(shop, shop.factory.sale("3"))
    before = api.print_documents(shop.db, [order.id]).pdf
    parameter(shop, "rows_per_page", "12")
    assert api.print_documents(shop.db, [order.id]).pdf != before


def test_the_logo_of_the_company_is_printed_unless_the_template_has_its_own_or_none(shop: Shop) -> None:
    order = post(shop, shop.factory.sale("3"))

    def dark(template: str = "") -> int:
        page = PdfPages(api.print_documents(shop.db, [order.id], template=template).pdf).grey(1, dpi=72)
        corner = [page.data[y * page.stride + x] for y in range(28, 50) for x in range(30, 80)]
        return sum(value < 120 for value in corner)

    assert dark() == 0
    api.keep_logo(shop.db, USER, picture())
    assert dark() > 600
    assert api.company_logo(shop.db) == picture()
    api.save_template(shop.db, USER, own(logo_mm=0))
    assert dark("我的格式") == 0
    api.save_template(shop.db, USER, own(name="另一个", logo=picture("JPEG", (100, 100)), logo_mm=8))
    assert 100 < dark("另一个") < 600
    api.keep_logo(shop.db, USER, b"")
    assert dark() == 0
    assert dark("另一个") > 100


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"GIF89a nonsense", "form.logo_kind"),
        (picture("GIF"), "form.logo_kind"),
        (picture()[:-40], "form.logo_kind"),
        (picture(size=(3001, 10)), "form.logo_pixels"),
        (b"\x89PNG" + b"0" * 600_000, "form.logo_bytes"),
    ],
)
def test_a_logo_that_cannot_be_printed_is_refused(shop: Shop, content: bytes, code: str) -> None:
    assert refusal(api.keep_logo, shop.db, USER, content) == [code]
    assert refusal(api.save_template, shop.db, USER, own(logo=content)) == [code]


def test_a_template_with_faults_names_every_one(shop: Shop) -> None:
    broken = own(title=" ", text_pt=3, rows_per_page=90, logo_mm=60, row_mm=2)
    shown = broken.columns["lines"]
    broken = replace(broken, columns={"lines": (*shown, replace(shown[0], key="gold"), shown[0]), "extra": ()})
    assert refusal(api.save_template, shop.db, USER, broken) == [
        "form.title", "form.range_text_pt", "form.range_row_mm", "form.range_logo_mm", "form.unknown_column", "form.twice",
        "form.unknown_table",
    ]  # fmt: skip
    assert refusal(api.save_template, shop.db, USER, own(rows_per_page=90)) == ["form.too_many_rows"]
    assert refusal(api.save_template, shop.db, USER, own(name="a/b")) == ["form.name"]


def test_columns_that_do_not_fit_are_refused_with_the_millimetres(shop: Shop) -> None:
    wide = only(own(), "item", "name", "spec", width_mm=70)
    with pytest.raises(Refused) as caught:
        api.save_template(shop.db, USER, wide)
    (problem,) = caught.value.problems
    assert problem.code == "form.too_wide"
    assert float(str(problem.args["needed"])) > 210
    assert problem.args["have"] == "190"
    fitting = only(own(), "item", "name", width_mm=70)
    api.save_template(shop.db, USER, fitting)
    assert refusal(api.save_template, shop.db, USER, only(own(name="空"))) == ["form.no_columns"]


def test_a_stock_template_is_duplicated_not_changed(shop: Shop) -> None:
    a4 = api.templates(shop.db, "delivery")[0].template
    assert refusal(api.save_template, shop.db, USER, a4) == ["form.stock"]
    assert refusal(api.remove_template, shop.db, USER, "delivery", "A4") == ["form.stock"]


def test_two_who_change_the_same_template_notice_it(shop: Shop) -> None:
    row, _ = api.save_template(shop.db, USER, own())
    assert refusal(api.save_template, shop.db, USER, own()) == ["form.name_taken"]
    api.save_template(shop.db, USER, own(footer="甲"), stamp=row.stamp)
    assert refusal(api.save_template, shop.db, USER, own(footer="乙"), stamp=row.stamp) == ["form.changed"]
    api.remove_template(shop.db, USER, "sales_order", "我的格式")
    assert refusal(api.save_template, shop.db, USER, own(), stamp=row.stamp) == ["form.gone"]


def test_a_deleted_default_gives_way_to_the_first_stock_template(shop: Shop) -> None:
    api.save_template(shop.db, USER, own())
    api.choose_template(shop.db, USER, "sales_order", "我的格式")
    assert api.template_names(shop.db, "sales_order").default == "我的格式"
    assert api.template_names(shop.db, "purchase_order").default == "A4"
    api.remove_template(shop.db, USER, "sales_order", "我的格式")
    found = api.template_names(shop.db, "sales_order")
    assert (found.names, found.default) == (("A4", "A5", "241×140"), "A4")
    assert refusal(api.choose_template, shop.db, USER, "sales_order", "我的格式") == ["form.gone"]


def test_a_template_travels_as_a_file_to_another_book(shop: Shop) -> None:
    api.save_template(shop.db, USER, own(logo=picture(), logo_mm=15))
    text = api.export_template(shop.db, "sales_order", "我的格式")
    name, _ = api.import_template(shop.db, USER, "sales_order", text.encode())
    assert name == "我的格式 (2)"
    rows = {row.name: row.template for row in api.templates(shop.db, "sales_order")}
    assert replace(rows[name], name="我的格式") == rows["我的格式"]
    assert refusal(api.import_template, shop.db, USER, "delivery", text.encode()) == ["form.other_type"]


@pytest.mark.parametrize(
    ("change", "codes"),
    [
        ({"version": 2}, ["form.version"]),
        ({"format": "x"}, ["form.no_template"]),
        ({"colour": "red", "sound": 1}, ["form.unknown_key"]),
        ({"title": 7, "barcode": "yes", "row_mm": -1}, ["form.value_text", "form.value_flag", "form.value_number"]),
        ({"rows_per_page": 0}, ["form.value_whole"]),
        ({"head": {}, "signatures": "制单"}, ["form.value_list", "form.value_list"]),
        ({"paper": []}, ["form.value_object", *["form.value_number"] * 6]),
        ({"logo": "###"}, ["form.value_base64"]),
        ({"columns": {"lines": [{"key": "item", "title": "a", "width_mm": True, "shown": True, "x": 1}]}},
         ["form.unknown_key", "form.value_number"]),
    ],
)  # fmt: skip
def test_a_file_that_is_no_sound_template_is_refused_with_its_faults(change: dict[str, Any], codes: list[str]) -> None:
    found = {**json.loads(written(own())), **change}
    assert sorted(refusal(read, json.dumps(found))) == sorted(codes)


@pytest.mark.parametrize("text", ["", "[]", "{", "null", "1", '"x"', b"\xff\xfe", b"PK\x03\x04", "[" * 100_000])
def test_a_file_of_another_kind_is_refused(text: str | bytes) -> None:
    assert refusal(read, text) == ["form.no_template"]


def test_a_damaged_template_in_the_book_does_not_stop_printing(shop: Shop) -> None:
    from models.platform.tables import setting

    order = post(shop, shop.factory.sale("3"))
    api.save_template(shop.db, USER, own())
    api.choose_template(shop.db, USER, "sales_order", "我的格式")
    with shop.db.write(USER) as tx:
        tx.conn.execute(
            setting.update().where(setting.c.key == "print/template/sales_order/我的格式").values(value="{")
        )
    rows = api.templates(shop.db, "sales_order")
    assert [(row.name, row.damaged, row.default) for row in rows][-1] == ("我的格式", True, False)
    assert api.print_documents(shop.db, [order.id]).pages == 1
    api.remove_template(shop.db, USER, "sales_order", "我的格式")


def test_only_who_may_keep_templates_changes_them(shop: Shop) -> None:
    clerk = shop.db.acting_as(staff(shop.db)["sales"])
    for action, args in (
        (api.save_template, (own(),)),
        (api.choose_template, ("sales_order", "A5")),
        (api.keep_logo, (picture(),)),
        (api.remove_template, ("sales_order", "x")),
    ):
        assert refusal(action, clerk, "clerk", *args) == ["access.denied"]
    assert api.template_names(clerk, "sales_order").default == "A4"


@pytest.mark.parametrize("kind", KINDS)
def test_a_template_is_looked_at_with_a_made_up_document_before_there_is_one(shop: Shop, kind: str) -> None:
    for template in stock(api.offer_of(kind)):
        printed = api.preview_template(shop.db, template)
        assert printed.missing == ()
        text = text_of(printed.pdf)
        assert "-20260310-00001" in text
        assert "RM403" in text


def test_a_template_is_looked_at_with_a_document_of_the_book(shop: Shop) -> None:
    order = post(shop, shop.factory.sale("3"))
    assert api.sample_documents(shop.db, "sales_order") == [DocRef("sales_order", order.id, order.number)]
    shown = api.preview_template(shop.db, own(), order.id).pdf
    api.save_template(shop.db, USER, own())
    assert api.print_documents(shop.db, [order.id], template="我的格式").pdf == shown
    assert refusal(api.preview_template, shop.db, own(title="")) == ["form.title"]
