"""Fusion with an own palette, light or dark, a small style sheet, the bundled font where the system has no Chinese one, Chinese dialogs."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Final

from PySide6.QtCore import QLibraryInfo, QLocale, QTranslator
from PySide6.QtGui import QFont, QFontDatabase, QPalette
from PySide6.QtWidgets import QApplication, QStyle, QStyleFactory

from ui.framework import colors
from ui.framework.colors import DARK, LIGHT, Colors, color
from ui.framework.icons import FOLDER
from ui.framework.resting import hidden_pages_rest

FONTS: Final = Path(__file__).resolve().parents[2] / "resources" / "fonts"
BUNDLED_FAMILY: Final = "Noto Sans SC"
SYSTEM_FAMILIES: Final = ("Microsoft YaHei UI", "Microsoft YaHei") if sys.platform == "win32" else ()
MIN_POINT, DEFAULT_POINT, MAX_POINT = 9, 10, 14

_styles: list[QStyle] = []
_loaded_fonts: list[int] = []
_translators: list[QTranslator] = []


def apply_theme(app: QApplication, *, dark: bool = False, point_size: int = DEFAULT_POINT) -> None:
    """Sets style, palette, font and style sheet; may be called again to switch."""
    scheme = DARK if dark else LIGHT
    colors.use(scheme)
    if not _styles:
        style = QStyleFactory.create("Fusion")
        _styles.append(style)
        app.setStyle(style)
    font = QFont(font_family())
    font.setPointSize(min(max(point_size, MIN_POINT), MAX_POINT))
    # Taken off and put on again: one sheet over another costs Qt twice as much for every widget there is.
    with hidden_pages_rest():
        app.setStyleSheet("")
        app.setPalette(palette_of(scheme))
        app.setFont(font)
        app.setStyleSheet(style_sheet(scheme))


def font_family() -> str:
    """The Chinese font of the system, else the bundled one, which is loaded on first use."""
    families = set(QFontDatabase.families())
    for family in SYSTEM_FAMILIES:
        if family in families:
            return family
    if BUNDLED_FAMILY not in families and not _loaded_fonts:
        for file in sorted(FONTS.glob("*.ttf")):
            _loaded_fonts.append(QFontDatabase.addApplicationFont(str(file)))
    return BUNDLED_FAMILY


def install_chinese(app: QApplication) -> bool:
    """Qt's own dialogs in Chinese (是/否/取消)."""
    translator = QTranslator(app)
    folder = QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath)
    if not translator.load(QLocale("zh_CN"), "qtbase", "_", folder):
        return False
    app.installTranslator(translator)
    _translators.append(translator)
    return True


def forget_chinese(app: QApplication) -> None:
    """Qt's own dialogs in English again."""
    for translator in _translators:
        app.removeTranslator(translator)
    _translators.clear()


def palette_of(scheme: Colors) -> QPalette:
    """Qt's palette of a colour scheme."""
    palette = QPalette()
    role, group = QPalette.ColorRole, QPalette.ColorGroup
    for target, shade in {
        role.Window: scheme.window,
        role.WindowText: scheme.text,
        role.Base: scheme.base,
        role.AlternateBase: scheme.alternate,
        role.Text: scheme.text,
        role.Button: scheme.window,
        role.ButtonText: scheme.text,
        role.ToolTipBase: scheme.base,
        role.ToolTipText: scheme.text,
        role.Highlight: scheme.accent,
        role.HighlightedText: scheme.accent_text,
        role.Link: scheme.accent,
        role.PlaceholderText: scheme.faint,
        role.Mid: scheme.border,
        role.Midlight: scheme.panel,
        role.Light: scheme.base,
        role.Dark: scheme.border,
        role.Accent: scheme.accent,
    }.items():
        palette.setColor(target, color(shade))
    for target in (role.WindowText, role.Text, role.ButtonText):
        palette.setColor(group.Disabled, target, color(scheme.disabled))
    return palette


def style_sheet(scheme: Colors) -> str:
    """Only what the palette cannot say: grid lines, selection in grids, panels, badges."""
    sheet = _SHEET + _DARK_BOXES if scheme.dark else _SHEET
    return sheet.format(
        s=scheme,
        danger=scheme.tones["danger"],
        danger_tint=scheme.tints["danger"],
        info_tint=scheme.tints["info"],
        icons=FOLDER.as_posix(),
    )


_DARK_BOXES: Final = """
QCheckBox::indicator, QTableView::indicator, QTreeView::indicator, QListView::indicator {{
  border: 1px solid {s.faint}; border-radius: 2px; background: {s.base};
}}
QCheckBox::indicator, QRadioButton::indicator {{ width: 12px; height: 12px; }}
QCheckBox::indicator:disabled, QRadioButton::indicator:disabled {{ border-color: {s.border}; }}
QCheckBox::indicator:checked, QTableView::indicator:checked, QTreeView::indicator:checked,
QListView::indicator:checked {{ image: url("{icons}/tick-dark.svg"); }}
QCheckBox::indicator:indeterminate, QTableView::indicator:indeterminate, QTreeView::indicator:indeterminate,
QListView::indicator:indeterminate {{ image: url("{icons}/dash-dark.svg"); }}
QRadioButton::indicator {{ border: 1px solid {s.faint}; border-radius: 7px; background: {s.base}; }}
QRadioButton::indicator:checked {{ border: 4px solid {s.accent}; width: 6px; height: 6px; background: {s.text}; }}
"""
"""Fusion draws the frame of a box darker than the window, which is dark already, and the tick as part of the frame."""

_SHEET: Final = """
QTableView, QTreeView, QListView {{
  background: {s.base}; gridline-color: {s.grid}; border: 1px solid {s.border};
  selection-background-color: {s.selection}; selection-color: {s.selection_text};
}}
#frozenColumns {{ border: 0; }}
QHeaderView {{ background: {s.panel}; border: 0; }}
QHeaderView::section {{
  background: {s.panel}; color: {s.text}; border: 0; border-right: 1px solid {s.border};
  border-bottom: 1px solid {s.border}; padding: 2px 4px;
}}
QTableCornerButton::section {{
  background: {s.panel}; border: 0; border-right: 1px solid {s.border}; border-bottom: 1px solid {s.border};
}}
QComboBox[field]:disabled {{ color: {s.faint}; }}
QTableView QLineEdit {{ border: 2px solid {s.accent}; padding: 0 2px; background: {s.base}; }}
QLineEdit, QPlainTextEdit {{
  background: {s.base}; border: 1px solid {s.border}; border-radius: 3px; padding: 2px 5px; min-height: 18px;
}}
QLineEdit:focus, QPlainTextEdit:focus {{ border: 1px solid {s.accent}; }}
QLineEdit:read-only {{ background: {s.window}; border-color: {s.grid}; color: {s.text}; }}
QLineEdit[fault="true"] {{ border: 1px solid {danger}; background: {danger_tint}; }}
QToolButton {{ padding: 3px 8px; border: 1px solid transparent; border-radius: 3px; }}
QToolButton[corner="true"] {{ padding: 2px 8px; }}
QToolButton:hover, QToolButton:focus {{ background: {info_tint}; border: 1px solid {s.border}; }}
QToolButton:pressed, QToolButton:checked {{ background: {s.selection}; }}
QToolButton[objectName^="button_"] {{ border: 1px solid {s.border}; background: {s.base}; }}
QToolButton[objectName^="button_"]:hover, QToolButton[objectName^="button_"]:focus {{
  background: {info_tint}; border-color: {s.accent};
}}
QToolButton[objectName^="button_"]:disabled {{ background: {s.window}; border-color: {s.grid}; }}
QToolButton[objectName^="button_"]:checked {{
  background: {s.selection}; border-color: {s.accent}; color: {s.selection_text};
}}
QToolButton::menu-indicator {{ image: none; width: 0; }}
#tabClose {{ padding: 1px; border: 0; border-radius: 3px; }}
#tabClose:hover {{ background: {danger_tint}; }}
#findButton {{
  text-align: left; padding: 4px 10px; background: {s.base}; color: {s.faint};
  border: 1px solid {s.border}; border-radius: 4px;
}}
#findButton:hover {{ border-color: {s.accent}; }}
QTabWidget::pane {{ border: 0; border-top: 1px solid {s.border}; }}
QTabBar::tab {{
  background: {s.panel}; color: {s.text}; padding: 4px 10px; border: 1px solid {s.border};
  border-bottom: 0; margin-right: 1px;
}}
QTabBar::tab:selected {{ background: {s.window}; border-top: 2px solid {s.accent}; }}
QTabBar::tab:!selected {{ color: {s.faint}; }}
#navigation {{ background: {s.panel}; border: 0; border-right: 1px solid {s.border}; outline: 0; }}
#navigation::item {{ padding: 2px 4px; border: 0; color: {s.text}; }}
#navigation::item:selected {{ background: {s.selection}; color: {s.selection_text}; }}
#navigation::item:hover:!selected {{ background: {info_tint}; }}
#refusals {{ background: {danger_tint}; border: 1px solid {danger}; border-radius: 3px; }}
#refusalList {{ background: transparent; border: 0; color: {s.text}; }}
#wayOut {{ background: {s.base}; border: 1px solid {s.border}; border-radius: 3px; padding: 0 6px; margin: 1px 0; color: {s.text}; }}
#wayOut:hover, #wayOut:focus {{ border-color: {s.accent}; }}
#filterPopup QLineEdit {{ border: 1px solid {s.border}; padding: 2px 5px; }}
#filterPopup QLineEdit:focus {{ border: 1px solid {s.accent}; }}
#sortButton {{ border: 1px solid transparent; border-radius: 3px; padding: 3px 5px; text-align: left; }}
#sortButton:hover, #sortButton:focus {{ background: {info_tint}; border-color: {s.border}; }}
#filterPopup, #lookupPopup, #palette {{ background: {s.base}; border: 1px solid {s.border}; }}
#emptyLabel, #faintLabel {{ color: {s.faint}; }}
#fault {{ color: {danger}; }}
#numberLabel {{ font-weight: bold; }}
#statusPart {{ padding: 0 8px; border-right: 1px solid {s.border}; color: {s.text}; }}
QStatusBar::item {{ border: 0; }}
QToolTip {{ background: {s.base}; color: {s.text}; border: 1px solid {s.border}; padding: 2px; }}
QSplitter::handle {{ background: {s.border}; }}
"""
