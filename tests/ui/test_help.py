"""Every page and window has its help page, F1 shows it beside the page and follows it, and every link in it leads somewhere."""

from __future__ import annotations

import re
from collections.abc import Callable

from PySide6.QtCore import Qt, QUrl
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from models.kernel.refs import DocRef
from services.documents.api import document_types
from services.platform.api import Tongue
from tests.support.places import ROOT
from ui.framework.keys import key_name
from ui.framework.navigator import RecordRef
from ui.framework.preview import PreviewDialog
from ui.shell.frame import MainFrame
from ui.shell.help_panel import FOLDER, INCLUDE, help_file, help_text, topic_of
from ui.shell.key_sheet import KeySheet, key_list

LINK = re.compile(r"\]\((page|help):([^)]+)\)")
KEY = re.compile(r"\b(?:Ctrl|Alt|Shift)\+(?:[A-Z]\w*|[0-9↓→←↑])|\bF\d{1,2}\b", re.ASCII)
HEADING = re.compile(r"^#+ ", re.MULTILINE)
CHINESE = re.compile(r"[\u4e00-\u9fff]")
LANGUAGES = ("zh", "en")
KINDS = ("items", "customers", "suppliers", "warehouses", "units", "substitutes", "calendar", "aliases")
FILES = sorted(file for file in (FOLDER / "zh").glob("*.md"))


def press(code: Qt.Key, modifiers: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
    QTest.keyClick(QApplication.focusWidget(), code, modifiers)


def names(frame: MainFrame) -> set[str]:
    """Help names of every registered page, of every document type and of every kind of record."""
    pages = {topic_of(("page", spec.key)) for spec in frame.desk.navigator.pages()}
    return pages | {kind.code for kind in document_types()} | set(KINDS)


def test_every_page_document_type_and_kind_of_record_has_its_help_page(book_frame: MainFrame) -> None:
    assert not [name for name in sorted(names(book_frame)) if not help_file(name).exists()]


def test_no_help_page_lies_unused(book_frame: MainFrame) -> None:
    used = {help_file(name).name for name in names(book_frame)} | {"start.md"}
    shared = {
        f"_{name}.md"
        for file in FILES
        for name in re.findall(r"^\[\[(\w+)\]\]$", file.read_text("utf-8"), re.MULTILINE)
    }
    assert sorted(file.name for file in FILES) == sorted(used | shared)


def test_every_link_of_a_help_page_leads_somewhere(book_frame: MainFrame) -> None:
    known = {spec.key for spec in book_frame.desk.navigator.pages()}
    for file in FILES:
        text = help_text(file.stem)
        lost = [name for scheme, name in LINK.findall(text) if scheme == "page" and name not in known]
        lost += [name for scheme, name in LINK.findall(text) if scheme == "help" and not help_file(name).exists()]
        assert not lost, file.name
        assert "[[" not in text, file.name


def test_a_help_page_begins_with_the_title_of_its_page(book_frame: MainFrame) -> None:
    for spec in book_frame.desk.navigator.pages():
        assert help_text(topic_of(("page", spec.key))).startswith(f"# {spec.title}\n"), spec.key


def test_every_help_page_is_there_in_every_language() -> None:
    for language in LANGUAGES:
        assert [file.name for file in sorted((FOLDER / language).glob("*.md"))] == [file.name for file in FILES], (
            language
        )


def test_an_english_page_has_the_links_includes_and_keys_of_its_source_and_no_chinese() -> None:
    for file in FILES:
        source, page = (place.read_text("utf-8") for place in (file, FOLDER / "en" / file.name))
        assert sorted(set(LINK.findall(page))) == sorted(set(LINK.findall(source))), file.name
        assert INCLUDE.findall(page) == INCLUDE.findall(source), file.name
        assert set(KEY.findall(page)) == set(KEY.findall(source)), file.name
        assert len(HEADING.findall(page)) == len(HEADING.findall(source)), file.name
        assert not CHINESE.findall(page), file.name


def test_an_english_page_begins_with_the_english_title_of_its_page(book_frame: MainFrame) -> None:
    english = Tongue("en")
    for spec in book_frame.desk.navigator.pages():
        assert help_text(topic_of(("page", spec.key)), "en").startswith(f"# {english.page(spec.title)}\n"), spec.key


def test_a_link_of_an_english_page_leads_to_an_english_page(book_frame: MainFrame) -> None:
    book_frame.help.show_page("start", (), "en")
    book_frame.help.browser.anchorClicked.emit(QUrl("help:today"))
    assert book_frame.help.browser.toPlainText().startswith("To do today")


def test_f1_shows_the_help_of_the_page_in_front_and_follows_it(book_frame: MainFrame, wait: Callable[[], None]) -> None:
    frame = book_frame
    frame.desk.navigator.open("today")
    wait()
    press(Qt.Key.Key_F1)
    assert frame.help.isVisible()
    assert frame.help.name == "today"
    text = frame.help.browser.toPlainText()
    assert "先放一边" in text
    assert "Shift+S" in text
    for target, name in (
        ("sales_order/list", "sales_order"),
        (DocRef("purchase_order", 0, ""), "purchase_order"),
        (RecordRef("items"), "items"),
        ("planning/kitting", "planning/kitting"),
    ):
        frame.desk.navigator.open(target)
        wait()
        assert frame.help.name == name
        assert "还没有说明" not in frame.help.browser.toPlainText()
    press(Qt.Key.Key_F1)
    assert not frame.help.isVisible()


def test_escape_in_the_help_closes_it_and_gives_the_keys_back(book_frame: MainFrame, wait: Callable[[], None]) -> None:
    page = book_frame.desk.navigator.open("sales_order/list")
    wait()
    press(Qt.Key.Key_F1)
    book_frame.help.browser.setFocus()
    press(Qt.Key.Key_Escape)
    assert not book_frame.help.isVisible()
    assert page is not None
    assert page.isAncestorOf(QApplication.focusWidget())


def test_a_link_in_the_help_opens_the_page(book_frame: MainFrame, wait: Callable[[], None]) -> None:
    book_frame.desk.navigator.open("today")
    wait()
    press(Qt.Key.Key_F1)
    book_frame.help.browser.anchorClicked.emit(QUrl("page:planning/kitting"))
    wait()
    assert book_frame.tabs.page_keys() == ["today", "planning/kitting"]
    assert book_frame.help.name == "planning/kitting"


def test_the_cheat_sheet_lists_every_key_of_the_page_and_of_the_frame(
    book_frame: MainFrame, wait: Callable[[], None]
) -> None:
    page = book_frame.desk.navigator.open("sales_order/list")
    assert page is not None
    wait()
    press(Qt.Key.Key_F1, Qt.KeyboardModifier.ShiftModifier)
    sheet = book_frame.findChild(KeySheet)
    assert sheet is not None
    text = sheet.browser.toPlainText()
    wanted = [key_name(a.shortcut) for a in page.declared_actions() if a.shortcut and a.where != "key"]
    assert wanted
    assert not [key for key in [*wanted, "Ctrl+K", "F1", "F5", "F6", "Ctrl+W"] if key not in text]
    sheet.printing.click()
    wait()
    preview = sheet.findChild(PreviewDialog)
    assert preview is not None
    assert preview.windowTitle() == "打印预览 快捷键一览"
    assert {key for _, key, _ in key_list(book_frame.help_side.key_sections())} >= {*wanted, "Ctrl+K", "空格"}
    preview.reject()
    sheet.reject()


def test_help_is_data_of_the_program() -> None:
    assert FOLDER == ROOT / "resources" / "help"
