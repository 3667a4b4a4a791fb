"""Labels and routing cards: codes that decode to what stands on them, sizes exact, nothing over the edge."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.kernel.problems import Refused
from services.printing.grids import moved
from services.printing.labels import (
    LABEL_SHEETS,
    LARGE,
    SMALL,
    Label,
    LabelSheet,
    label_marks,
    material_label,
    print_labels,
    routing_card,
)
from services.printing.lettering import width
from services.printing.marks import QUIET_SQUARES, Bars, Box, Squares, Text
from services.printing.paper import POINTS_PER_MM
from services.printing.preview import PdfPages
from services.printing.printed import GreyPage
from tests.support.code128 import decoded
from tests.support.qr import qr_text

SCREW = material_label(
    "示范灯具五金有限公司", "RM403.01.0003", "十字沉头自攻螺丝 镀锌", spec="M3×10 GB/T 819.1", unit="个", quantity="5000",
    lot="L20260310-01", place="原料仓", source="CGRK-20260310-00012", date="2026-03-10",
)  # fmt: skip
CARD = routing_card(
    "示范灯具五金有限公司", "SCRW-20260308-00005", "FG100", "LED台灯", spec="5W 暖光", quantity="100", unit="台", due="2026-03-20",
    workshop="总装车间", customer="佛山光耀照明",
)  # fmt: skip
DPI = 600


def pixel(page: GreyPage, x: float, y: float) -> bool:
    """Whether the page is dark at a place given in points."""
    return page.data[int(y / 72 * DPI) * page.stride + int(x / 72 * DPI)] < 128


def read_bars(page: GreyPage, mark: Bars) -> str:
    modules = [pixel(page, mark.x + (k + 0.5) * mark.bar, mark.y + mark.height / 2) for k in range(2000)]
    count = len(mark.value) * 11 + 200
    edge = max(k for k in range(min(count, int(0.9 * page.width * 72 / DPI / mark.bar))) if modules[k])
    return decoded(modules[: edge + 1])


def read_square(page: GreyPage, mark: Squares) -> str:
    count = len(mark.modules())
    cell = mark.side / (count + 2 * QUIET_SQUARES)
    left, top = mark.x + QUIET_SQUARES * cell, mark.y + QUIET_SQUARES * cell
    rows = [[pixel(page, left + (j + 0.5) * cell, top + (i + 0.5) * cell) for j in range(count)] for i in range(count)]
    return qr_text(rows)


@pytest.mark.parametrize("sheet", LABEL_SHEETS.values(), ids=LABEL_SHEETS.keys())
@pytest.mark.parametrize("label", [SCREW, CARD], ids=["item", "card"])
def test_both_codes_are_read_from_the_printed_page(label: Label, sheet: LabelSheet) -> None:
    page = PdfPages(print_labels([label], sheet).pdf).grey(1, dpi=DPI)
    x, y = sheet.left_mm * POINTS_PER_MM, sheet.top_mm * POINTS_PER_MM
    marks = [moved(mark, y, right=x) for mark in label_marks(label, sheet)]
    (bars,) = [mark for mark in marks if isinstance(mark, Bars)]
    (square,) = [mark for mark in marks if isinstance(mark, Squares)]
    clipped = replace(page, width=int((x + sheet.label_wide_mm * POINTS_PER_MM) / 72 * DPI))
    assert read_bars(clipped, bars) == label.bars
    assert read_square(page, square) == label.square


def test_the_codes_say_what_a_scan_must_know() -> None:
    assert SCREW.bars == "RM403.01.0003"
    assert SCREW.square == "RM403.01.0003;L20260310-01;5000;个;CGRK-20260310-00012"
    assert CARD.bars == "SCRW-20260308-00005"
    assert CARD.square == "SCRW-20260308-00005;FG100;100;台"
    own = material_label("厂", "RM1", "螺丝", barcode="6922266445057")
    assert (own.bars, own.square) == ("6922266445057", "RM1")


@pytest.mark.parametrize("text", ["A", "x" * 14, "中文物料;L01;12;个", "a" * 60, "长" * 55, "z" * 180])
def test_a_qr_code_holds_any_text_and_its_check_words_are_right(text: str) -> None:
    assert qr_text(Squares(0, 0, text, 50).modules()) == text


@pytest.mark.parametrize("sheet", LABEL_SHEETS.values(), ids=LABEL_SHEETS.keys())
def test_a_sheet_has_its_size_and_is_filled_from_the_chosen_cell(sheet: LabelSheet) -> None:
    pages = PdfPages(print_labels([SCREW], sheet).pdf)
    assert pages.size_mm(1) == (sheet.width_mm, sheet.height_mm)
    count = sheet.cells + 1
    assert print_labels([replace(SCREW, copies=count)], sheet).pages == 2
    assert print_labels([SCREW, CARD], sheet, start=sheet.cells).pages == 2
    wide = sheet.left_mm + sheet.across * sheet.label_wide_mm
    high = sheet.top_mm + sheet.down * sheet.label_high_mm
    assert (wide <= sheet.width_mm, high <= sheet.height_mm) == (True, True)


def test_labels_that_cannot_be_printed_are_refused() -> None:
    for labels, sheet, start, code in (
        ([], SMALL, 1, "label.nothing"),
        ([replace(SCREW, copies=0)], SMALL, 1, "label.nothing"),
        ([replace(SCREW, copies=2001)], SMALL, 1, "label.too_many"),
        ([SCREW], SMALL, 2, "label.start"),
        ([SCREW], LABEL_SHEETS["a4_3x7"], 0, "label.start"),
    ):
        with pytest.raises(Refused) as caught:
            print_labels(labels, sheet, start=start)
        assert caught.value.problems[0].code == code


def test_a_code_too_long_for_bars_keeps_its_text_and_qr_code() -> None:
    long = material_label("厂", "RM-" + "X1" * 30, "螺丝")
    marks = label_marks(long, SMALL)
    assert not [mark for mark in marks if isinstance(mark, Bars)]
    assert [mark for mark in marks if isinstance(mark, Squares)]
    chinese = material_label("厂", "螺丝3号", "螺丝")
    assert not [mark for mark in label_marks(chinese, SMALL) if isinstance(mark, Bars)]


def test_numbers_and_dates_stay_whole() -> None:
    texts = [mark.text for mark in label_marks(SCREW, LARGE) if isinstance(mark, Text)]
    for whole in ("CGRK-20260310-00012", "2026-03-10", "L20260310-01", "M3×10"):
        assert any(whole in text for text in texts), whole


@given(
    st.text("螺丝钉M3-/ x8", min_size=1, max_size=60),
    st.text("0123456789", max_size=12),
    st.sampled_from([SMALL, LARGE]),
)
def test_nothing_leaves_the_label(name: str, quantity: str, sheet: LabelSheet) -> None:
    wide, high = sheet.label_wide_mm * POINTS_PER_MM, sheet.label_high_mm * POINTS_PER_MM
    for label in (
        material_label("厂" * 8, "RM1", name, spec=name[:20], quantity=quantity, unit="个", lot="L1", source="CGRK-1"),
        routing_card("厂", "SCRW-20260308-00005", "F1", name, quantity=quantity, unit="台", customer=name[:20]),
    ):
        for mark in label_marks(label, sheet):
            if isinstance(mark, Text):
                left = mark.x - (width(mark.text, mark.size, bold=mark.bold) / 2 if mark.align == "center" else 0)
                right = left + width(mark.text, mark.size, bold=mark.bold)
                assert -0.1 <= left <= right <= wide + 0.1, mark
                assert 0 <= mark.y <= high
            elif isinstance(mark, Box):
                assert mark.x + mark.width <= wide + 0.1
                assert mark.y + mark.height <= high + 0.1
