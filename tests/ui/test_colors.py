"""Whatever is to be read stands out from its ground by WCAG's 4.5 to 1, light and dark; boxes are seen in both."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QApplication, QCheckBox

from ui.framework.colors import DARK, LIGHT, Colors
from ui.shell.theme import apply_theme

LEAST = 4.5
SCHEMES = pytest.mark.parametrize("scheme", [LIGHT, DARK], ids=["light", "dark"])


def luminance(shade: QColor) -> float:
    parts = [
        c / 12.92 if c <= 0.03928 else ((c + 0.055) / 1.055) ** 2.4
        for c in (shade.redF(), shade.greenF(), shade.blueF())
    ]
    return 0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2]


def contrast(one: QColor | str, other: QColor | str) -> float:
    low, high = sorted((luminance(QColor(one)), luminance(QColor(other))))
    return (high + 0.05) / (low + 0.05)


def test_contrast_is_that_of_wcag() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)


@SCHEMES
def test_words_stand_out_from_their_ground(scheme: Colors) -> None:
    grounds = (scheme.window, scheme.base, scheme.panel, scheme.alternate, scheme.editable, scheme.tints["info"])
    pairs = [(shade, ground) for shade in (scheme.text, scheme.faint) for ground in grounds]
    for tone, shade in scheme.tones.items():
        pairs += [(shade, ground) for ground in (scheme.base, scheme.window, scheme.tints[tone], scheme.tints["info"])]
    pairs += [(scheme.text, bar) for bar in scheme.bars.values()]
    pairs += [(scheme.selection_text, scheme.selection), (scheme.accent_text, scheme.accent)]
    assert [pair for pair in pairs if contrast(*pair) < LEAST] == []


@SCHEMES
def test_what_cannot_be_pressed_looks_so(scheme: Colors) -> None:
    assert contrast(scheme.disabled, scheme.window) < contrast(scheme.faint, scheme.window)


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
@pytest.mark.parametrize("state", list(Qt.CheckState), ids=lambda state: state.name)
def test_a_box_has_an_edge_that_is_seen(qapp: QApplication, dark: bool, state: Qt.CheckState) -> None:
    apply_theme(qapp, dark=dark)
    box = QCheckBox()
    box.setTristate(True)
    box.setCheckState(state)
    box.resize(box.sizeHint())
    picture = box.grab().toImage()
    middle = picture.height() // 2
    ground = picture.pixelColor(picture.width() - 1, 0)
    edge = max(contrast(picture.pixelColor(x, middle), ground) for x in range(2))
    apply_theme(qapp)
    assert edge > 1.4
