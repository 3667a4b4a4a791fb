"""The badge of a document's state is one widget, in the colours of the scheme in use."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QWidget

from ui.documents.states import Badge
from ui.framework import colors
from ui.framework.colors import DARK, LIGHT, Colors


@pytest.fixture
def badge(show: Callable[[QWidget], None]) -> Iterator[Badge]:
    before = colors.current()
    made = Badge()
    made.show_state("未审核", "warn")
    show(made)
    yield made
    colors.use(before)


@pytest.mark.parametrize("scheme", [LIGHT, DARK], ids=["light", "dark"])
def test_its_ground_is_the_tint_of_the_scheme_in_use_without_being_told_again(badge: Badge, scheme: Colors) -> None:
    colors.use(scheme)
    picture = badge.grab().toImage()
    assert picture.pixelColor(picture.width() // 2, 1) == QColor(scheme.tints["warn"])


def test_it_has_room_for_its_word_and_no_parts_that_a_change_of_style_would_visit(badge: Badge) -> None:
    wide = badge.sizeHint().width()
    badge.show_state("部分执行 40%", "info")
    assert badge.text() == badge.accessibleName() == "部分执行 40%"
    assert badge.sizeHint().width() - wide > badge.fontMetrics().horizontalAdvance("40%")
    assert badge.minimumSizeHint() == badge.sizeHint()
    assert badge.findChildren(QWidget) == []
    assert badge.styleSheet() == ""
