"""F1: the help page of what is in front, in a panel at the right that follows the clerk; its keys come from the action registry."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Final

from PySide6.QtCore import Qt, QUrl, Signal
from PySide6.QtWidgets import QDockWidget, QSplitter, QTextBrowser, QWidget

from ui.framework.actions import Action
from ui.framework.texts import tr
from ui.shell.key_sheet import key_text

FOLDER: Final = Path(__file__).resolve().parents[2] / "resources" / "help"
SOURCE: Final = "zh"
INCLUDE: Final = re.compile(r"^\[\[(\w+)\]\]$", re.MULTILINE)


class HelpPanel(QDockWidget):
    """A Markdown page with links: `page:key` opens a page of the program, `help:name` another help page.

    page_wanted(key) when the clerk follows a link into the program.
    """

    page_wanted = Signal(str)

    def __init__(self, parent: QWidget) -> None:
        super().__init__(tr("帮助"), parent)
        self.setObjectName("helpPanel")
        self.setAllowedAreas(Qt.DockWidgetArea.RightDockWidgetArea | Qt.DockWidgetArea.LeftDockWidgetArea)
        self.browser = QTextBrowser(self)
        self.browser.setAccessibleName(tr("帮助"))
        self.browser.setOpenLinks(False)
        self.browser.setMinimumWidth(260)
        self.browser.anchorClicked.connect(self._follow)
        self.why = QTextBrowser(self)
        self.why.setObjectName("whyPanel")
        self.why.setAccessibleName(tr("为什么是这个数"))
        self.why.hide()
        both = QSplitter(Qt.Orientation.Vertical, self)
        both.addWidget(self.why)
        both.addWidget(self.browser)
        both.setChildrenCollapsible(False)
        self.setWidget(both)
        self.name = ""
        self.language = SOURCE
        self.hide()

    def show_page(self, name: str, sections: Sequence[tuple[str, Sequence[Action]]], language: str = SOURCE) -> None:
        """Shows the help page of that name with the keys of the given actions below it; links go on in its language."""
        self.name = name
        self.language = language
        keys = key_text(sections)
        self.browser.setMarkdown(f"{help_text(name, language)}\n\n{keys}")

    def _follow(self, url: QUrl) -> None:
        if url.scheme() == "page":
            self.page_wanted.emit(url.path())
        elif url.scheme() == "help":
            self.show_page(url.path(), (), self.language)


def topic_of(identity: object) -> str:
    """Name of the help page of a tab, by what it shows: list and window of a document type share one, so do list and form of a kind."""
    if not isinstance(identity, tuple) or len(identity) < 2:
        return ""
    if identity[0] == "page":
        return str(identity[1]).removesuffix("/list").removesuffix("/records")
    return str(identity[1] if identity[0] == "record" else identity[0])


def help_file(name: str, language: str = SOURCE) -> Path:
    """The file of a help page, in the language if it is translated, else the source."""
    file = FOLDER / language / f"{name.replace('/', '-')}.md"
    return file if file.exists() else FOLDER / SOURCE / file.name


@cache
def help_text(name: str, language: str = SOURCE) -> str:
    """The page as Markdown, the parts it shares with others put in; a page that is missing says so."""
    file = help_file(name, language)
    if not file.exists():
        return tr("这一页还没有说明。下面是这里能用的键。")

    def shared(found: re.Match[str]) -> str:
        return INCLUDE.sub(shared, help_file(f"_{found[1]}", language).read_text(encoding="utf-8"))

    return INCLUDE.sub(shared, file.read_text(encoding="utf-8"))
