"""Paper sizes, bar codes, fonts and page breaks of any form."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.kernel.problems import Refused
from services.printing.api import print_ruler, warnings_of
from services.printing.forms import Column, Field, Form, Table, signatures
from services.printing.furniture import barcode_modules
from services.printing.layout import compose
from services.printing.lettering import width, wrapped
from services.printing.marks import Bars, Line, Text
from services.printing.paper import A4, A5, CONTINUOUS_HALF, CONTINUOUS_THIRD, PAPERS, POINTS_PER_MM, PaperProfile
from services.printing.pdf import joined, render
from services.printing.preview import PdfPages
from services.printing.printed import GreyPage
from tests.support.code128 import decoded

COLUMNS = (Column("编码", whole=True), Column("名称", weight=3), Column("数量", align="right", whole=True))
NUMBER = "SCLL-20260310-00012"


def form_of(*rows: tuple[str, str, str], totals: tuple[str, ...] = (), **changes: object) -> Form:
    form = Form(
        company="示范灯具五金有限公司",
        title="领料单",
        number=NUMBER,
        fields=((Field("日期", "2026-03-10"),),),
        tables=(Table(COLUMNS, rows, totals=totals),),
        signatures=signatures("制单", "领料人"),
    )
    return replace(form, **changes)  # type: ignore[arg-type]


def numbered(count: int) -> list[tuple[str, str, str]]:
    return [(f"RM{i:04d}", f"物料{i}", str(i)) for i in range(count)]


def text_of(pdf: bytes) -> str:
    pages = PdfPages(pdf)
    return "\n".join(pages.text(number) for number in range(1, pages.count + 1))


@pytest.mark.parametrize("profile", PAPERS.values(), ids=PAPERS.keys())
def test_paper_has_its_size_to_a_tenth_of_a_millimetre(profile: PaperProfile) -> None:
    pages = PdfPages(render([form_of(*numbered(3))], profile=profile).pdf)
    assert pages.size_mm(1) == (profile.width_mm, profile.height_mm)


@pytest.mark.parametrize("profile", PAPERS.values(), ids=PAPERS.keys())
def test_everything_stands_inside_the_margins_and_columns_do_not_run_into_each_other(profile: PaperProfile) -> None:
    rows = [("RM-0001-LONG/CODE", "名称很长的物料，" * 6, "1234567890.123456")] * 7
    form = form_of(*rows, company="一家名字特别特别长的五金灯具塑胶制品（宁波北仑）有限责任公司", note="说明" * 80)
    right, bottom = profile.usable_width_mm * POINTS_PER_MM, profile.usable_height_mm * POINTS_PER_MM
    for page in compose(form, profile):
        ends: dict[float, list[tuple[float, float]]] = {}
        for top, block in page.blocks:
            assert top >= 0
            assert top + block.height <= bottom + 0.1
            for mark in block.marks:
                if isinstance(mark, Text):
                    wide = width(mark.text, mark.size, bold=mark.bold)
                    left = mark.x - {"left": 0, "right": wide, "center": wide / 2}[mark.align]
                    assert left >= -0.1
                    assert left + wide <= right + 0.1
                    ends.setdefault(round(top + mark.y, 1), []).append((left, left + wide))
        for spans in ends.values():
            assert all(one[1] <= next_[0] + 0.1 for one, next_ in pairwise(sorted(spans)))


def test_the_upright_lines_of_a_table_are_drawn_once_a_page_and_cover_what_the_rows_ask_for() -> None:
    rows = [(0.0, 100.0, 0.0, 80.0), (50.0, 100.0, 50.0, 80.0), (0.0, 80.0, 50.0, 80.0)]
    more = [(0.0, 80.0 + 1e-12, 0.0, 60.0), (50.0, 80.0, 50.0, 60.0), (0.0, 60.0, 50.0, 60.0)]
    below = [(0.0, 40.0, 0.0, 20.0), (10.0, 40.0, 10.0, 20.0)]
    assert joined([*rows, *more, *below]) == [
        (0.0, 100.0, 0.0, 60.0), (50.0, 100.0, 50.0, 60.0), (0.0, 80.0, 50.0, 80.0), (0.0, 60.0, 50.0, 60.0), *below,
    ]  # fmt: skip


def test_the_bar_code_on_the_picture_of_the_page_reads_as_the_number() -> None:
    profile = CONTINUOUS_HALF
    pages = PdfPages(render([form_of(*numbered(1))], profile=profile).pdf)
    dpi = 600
    picture = pages.grey(1, dpi=dpi)
    modules = barcode_modules(NUMBER)
    module = profile.bar_mm / 25.4 * dpi
    left = (profile.width_mm - profile.right_mm) / 25.4 * dpi - modules * module
    row = int((profile.top_mm + 4) / 25.4 * dpi) * picture.stride
    dark = [picture.data[row + int(left + (i + 0.5) * module)] < 128 for i in range(modules)]
    assert decoded(dark) == NUMBER


def test_the_number_below_the_bars_does_not_touch_them() -> None:
    (page,) = compose(form_of(*numbered(1)), A4)
    marks = page.blocks[0][1].marks
    (bars,) = [mark for mark in marks if isinstance(mark, Bars)]
    (number,) = [mark for mark in marks if isinstance(mark, Text) and mark.text == NUMBER]
    assert bars.value == NUMBER
    assert number.y - number.size * 0.88 >= bars.y + bars.height


def test_a_number_with_chinese_letters_is_printed_without_bars() -> None:
    (page,) = compose(form_of(*numbered(1), number="领料0310-1"), A4)
    assert not any(isinstance(mark, Bars) for _, block in page.blocks for mark in block.marks)
    assert "领料0310-1" in text_of(render([form_of(*numbered(1), number="领料0310-1")], profile=A4).pdf)


def test_an_offset_moves_the_print_and_not_the_paper() -> None:
    form = form_of(*numbered(1))
    moved = replace(CONTINUOUS_HALF, offset_x_mm=-2.3, offset_y_mm=1.4)
    one, other = (PdfPages(render([form], profile=profile).pdf) for profile in (CONTINUOUS_HALF, moved))
    assert one.size_mm(1) == other.size_mm(1)
    (left, top), (new_left, new_top) = first_ink(one.grey(1, dpi=254)), first_ink(other.grey(1, dpi=254))
    assert (new_left - left, new_top - top) == (-23, 14)


def first_ink(page: GreyPage) -> tuple[int, int]:
    """Leftmost column and topmost row with ink, in pixels."""
    rows = [page.data[i * page.stride : i * page.stride + page.width] for i in range(page.height)]
    inked = [i for i, row in enumerate(rows) if min(row) < 128]
    return min(next(x for x, value in enumerate(rows[i]) if value < 128) for i in inked), inked[0]


def test_characters_that_the_font_lacks_are_named_and_printed_as_a_stand_in() -> None:
    printed = render([form_of(("A", "合格☑ 𠮷野", "1"))], profile=A4)
    assert printed.missing == ("☑", "𠮷")
    assert "合格〓 〓野" in text_of(printed.pdf)
    (warning,) = warnings_of(printed)
    assert warning.code == "printing.missing_characters"
    assert warning.args == {"number": NUMBER, "characters": "☑ 𠮷", "count": 2}


def test_each_document_is_told_which_of_its_characters_are_missing() -> None:
    forms = [form_of(("A", text, "1"), number=number) for number, text in (("N1", "☑"), ("N2", "好"), ("N3", "𠮷☑"))]
    printed = render(forms, profile=A4)
    assert printed.missing == ("☑", "𠮷")
    assert [(w.args["number"], w.args["characters"]) for w in warnings_of(printed)] == [("N1", "☑"), ("N3", "☑ 𠮷")]


def test_rare_characters_of_names_and_signs_of_drawings_are_there() -> None:
    text = "镕喆堃昇珺犇垚燚赟翀祎㎡±×Φμ≤→①￥"
    printed = render([form_of(("A", text, "𠅤"))], profile=A4)
    assert printed.missing == ()
    assert text in text_of(printed.pdf)


def test_control_and_zero_width_characters_from_pasted_texts_vanish() -> None:
    printed = render([form_of(("A", "螺\u200b丝\x07 M3\ufeff", "1"))], profile=A4)
    assert printed.missing == ()
    assert "螺丝 M3" in text_of(printed.pdf)


def test_markup_in_a_text_is_printed_as_it_is() -> None:
    assert "<b>M3 & M4</b>" in text_of(render([form_of(("A", "<b>M3 & M4</b>", "1"))], profile=A4).pdf)


def test_numbers_stand_at_the_right_edge_of_their_column() -> None:
    (page,) = compose(form_of(("A", "甲", "1"), ("B", "乙", "1234.5")), A4)
    texts = {mark.text: mark for _, block in page.blocks for mark in block.marks if isinstance(mark, Text)}
    assert texts["1"].align == texts["1234.5"].align == "right"
    assert texts["1"].x == texts["1234.5"].x == pytest.approx(A4.usable_width_mm * POINTS_PER_MM, abs=3)


def test_a_table_without_rows_still_shows_its_head_and_a_blank_row() -> None:
    text = text_of(render([form_of()], profile=A4).pdf)
    assert "编码" in text
    assert "制单：" in text


def test_blank_rows_fill_the_page_to_its_fixed_number() -> None:
    def row_lines(profile: PaperProfile) -> int:
        (page,) = compose(form_of(*numbered(3), signatures=()), profile)
        return sum(isinstance(mark, Line) and mark.y1 == mark.y2 for _, block in page.blocks for mark in block.marks)

    assert row_lines(replace(A4, rows_per_page=10)) == row_lines(A4) + 7


def test_the_last_row_goes_over_with_the_totals_and_the_signatures_rather_than_leaving_them_alone() -> None:
    for count in range(20, 45):
        form = form_of(*numbered(count), totals=("合计", "", "9"))
        texts = [PdfPages(render([form], profile=A4).pdf)]
        last = texts[0].text(texts[0].count)
        assert f"RM{count - 1:04d}" in last
        assert "合计" in last
        assert "制单：" in last


def test_a_text_longer_than_a_page_runs_on_to_the_next() -> None:
    story = "".join(f"第{i}句话；" for i in range(900))
    printed = render([form_of(("A", story, "1"))], profile=CONTINUOUS_THIRD)
    assert printed.pages > 2
    text = "".join(text_of(printed.pdf).split())
    assert all(f"第{i}句话；"[:-1] in text for i in (0, 450, 899))


def test_several_forms_make_one_file_with_pages_numbered_within_each() -> None:
    long, short = form_of(*numbered(60)), form_of(*numbered(2), number="SCLL-20260310-00013")
    printed = render([long, short], profile=A4)
    pages = PdfPages(printed.pdf)
    assert printed.pages == pages.count == 3
    assert [next(n for n in ("1/2", "2/2", "1/1") if f"第 {n} 页" in pages.text(i)) for i in (1, 2, 3)] == [
        "1/2",
        "2/2",
        "1/1",
    ]
    assert "SCLL-20260310-00013" in pages.text(3)


def test_the_same_form_gives_the_same_bytes() -> None:
    assert render([form_of(*numbered(9))], profile=A5).pdf == render([form_of(*numbered(9))], profile=A5).pdf


def test_nothing_cannot_be_printed() -> None:
    with pytest.raises(ValueError, match="nothing to print"):
        render([], profile=A4)


def test_margins_that_leave_no_room_are_refused_with_the_numbers() -> None:
    with pytest.raises(Refused) as refused:
        replace(A4, left_mm=100, right_mm=100)
    (problem,) = refused.value.problems
    assert (problem.code, problem.args["width"]) == ("printing.no_room", "10")
    with pytest.raises(Refused, match=r"printing\.no_rows"):
        replace(A4, rows_per_page=0)


def test_lengths_are_kept_to_a_tenth_of_a_millimetre() -> None:
    assert replace(A4, left_mm=10.04, offset_x_mm=-1.26).left_mm == 10.0
    assert A4.moved(right_mm=0.14, down_mm=-2).offset_x_mm == 0.1


def test_what_is_no_pdf_is_refused() -> None:
    with pytest.raises(Refused, match=r"printing\.no_pdf"):
        PdfPages(b"no pdf")


def test_a_page_becomes_a_picture_of_the_paper_s_proportions() -> None:
    pages = PdfPages(render([form_of(*numbered(1))], profile=CONTINUOUS_HALF).pdf)
    picture = pages.grey(1, dpi=254)
    assert (picture.width, picture.height) == (2410, 1400)
    assert len(picture.data) == picture.stride * picture.height
    assert pages.png(1, dpi=50).startswith(b"\x89PNG")
    with pytest.raises(IndexError):
        pages.text(2)


@pytest.mark.parametrize("profile", PAPERS.values(), ids=PAPERS.keys())
def test_the_ruler_page_shows_size_margins_and_offset(profile: PaperProfile) -> None:
    printed = print_ruler(profile.moved(right_mm=1.5))
    text = text_of(printed.pdf)
    assert f"{profile.width_mm:g}×{profile.height_mm:g} 毫米" in text
    assert "偏移 右 1.5 下 0" in text


def test_lines_break_between_chinese_characters_and_keep_codes_whole() -> None:
    assert wrapped("螺丝 SCRW-20260308-00005", 60, 9) == ("螺丝 SCRW-", "20260308-", "00005")
    assert wrapped("原料仓 A-17-2", 48, 9) == ("原料仓", "A-17-2")
    assert wrapped("壳 Φ330×85mm ≥90", 58, 9) == ("壳", "Φ330×85mm", "≥90")
    assert wrapped("甲乙丙丁，戊", 37, 9) == ("甲乙丙", "丁，戊")
    assert wrapped("上\n下", 100, 9) == ("上", "下")


@given(st.text(alphabet="物料RM403-/ ，。（3x10）Φ≥×", max_size=60), st.floats(20, 200))
def test_wrapping_loses_nothing_but_spaces_and_stays_within_the_room(text: str, room: float) -> None:
    lines = wrapped(text, room, 9)
    assert "".join("".join(lines).split()) == "".join(text.split())
    assert all(width(line, 9) <= room + 1e-6 or len(line) <= 1 for line in lines)
