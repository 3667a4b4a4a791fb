"""Shift+F1: the keys of the page in front and of the frame, from the same declarations as the buttons."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QTextDocument, QTextLength, QTextTable
from PySide6.QtWidgets import QDialogButtonBox, QTextBrowser, QVBoxLayout, QWidget

from ui.framework.actions import Action
from ui.framework.desk import Desk
from ui.framework.dialog import PageDialog
from ui.framework.keys import key_name, key_of
from ui.framework.list_print import SETUP
from ui.framework.ops import Progress
from ui.framework.texts import tr

if TYPE_CHECKING:
    from ui.framework.preview import Pages

KEY_SHARE = 32
GRID_KEYS = (
    ("Enter", "列表：打开；录入：下一格，最后一格换新行"),
    ("空格", "勾选行"),
    ("F2", "修改当前格"),
    ("F7", "选择编码"),
    ("Ctrl+D", "照抄上一行"),
    ("..  //", "备注：照抄上一行、第一行"),
    ("Ctrl+C / Ctrl+V", "与 Excel 互相复制粘贴"),
    ("Alt+↓", "筛选本列"),
    ("Ctrl+↑ ↓ ← →", "跳到头，加 Shift 一路选中"),
    ("Shift+空格", "选中整行"),
    ("Ctrl+Alt+K", "条件颜色"),
    ("Ctrl+Z / Ctrl+Y", "撤销、重做"),
    ("Ins / Ctrl+Del", "插入行、删除行"),
)


class KeySheet(PageDialog):
    """A page of keys, section by section, on the screen and on paper."""

    def __init__(self, desk: Desk, sections: Sequence[tuple[str, Sequence[Action]]], parent: QWidget) -> None:
        super().__init__(tr("快捷键一览"), "keySheet", parent)
        self._desk = desk
        self._sections = sections
        self.resize(560, 560)
        self.browser = QTextBrowser(self)
        self.browser.setMarkdown(key_text(sections))
        even_tables(self.browser.document())
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close, Qt.Orientation.Horizontal, self)
        buttons.rejected.connect(self.reject)
        self.printing = buttons.addButton(tr("打印 Ctrl+P"), QDialogButtonBox.ButtonRole.ActionRole)
        self.printing.setAutoDefault(False)
        self.printing.setShortcut(key_of("Ctrl+P"))
        self.printing.clicked.connect(self.print)
        layout = QVBoxLayout(self)
        layout.addWidget(self.browser)
        layout.addWidget(buttons)

    def print(self) -> None:
        """打印 Ctrl+P: the same keys as pages of A4, previewed."""
        session = self._desk.session
        make = partial(_pages, key_list(self._sections), session.company, session.language)
        self._desk.ops.run_long(make, owner=self, title="打印", on_done=self._preview, writes=False)

    def _preview(self, made: Pages) -> None:
        from ui.framework.preview import PreviewDialog, PrintSetup

        tool = self._desk.tools.get(SETUP)
        setup = tool("list", warnings=made.warnings) if tool is not None else PrintSetup()
        assert isinstance(setup, PrintSetup)
        PreviewDialog(self._desk, tr("快捷键一览"), made.pdf, made.source, self, setup).open()


def even_tables(document: QTextDocument) -> None:
    """All tables as wide as the page, their columns below each other."""
    share = QTextLength.Type.PercentageLength
    for frame in document.rootFrame().childFrames():
        if isinstance(frame, QTextTable):
            form = frame.format()
            form.setWidth(QTextLength(share, 100))
            form.setColumnWidthConstraints([QTextLength(share, KEY_SHARE), QTextLength(share, 100 - KEY_SHARE)])
            frame.setFormat(form)


def key_text(sections: Sequence[tuple[str, Sequence[Action]]]) -> str:
    """The sheet as Markdown: a table for every section with at least one key."""
    parts = []
    for title, actions in sections:
        rows = [
            (key_name(action.shortcut), tr(action.title))
            for action in actions
            if action.shortcut and action.where != "key"
        ]
        if rows:
            parts.append(_table(title, rows))
    parts.append(_table(tr("表格里"), [(tr(key), tr(text)) for key, text in GRID_KEYS]))
    return "\n".join(parts)


def key_list(sections: Sequence[tuple[str, Sequence[Action]]]) -> tuple[tuple[str, str, str], ...]:
    """The same as rows: where, key, what it does."""
    rows = [
        (title, key_name(action.shortcut), tr(action.title))
        for title, actions in sections
        for action in actions
        if action.shortcut and action.where != "key"
    ]
    return (*rows, *((tr("表格里"), tr(key), tr(text)) for key, text in GRID_KEYS))


def _pages(rows: tuple[tuple[str, str, str], ...], company: str, language: str, progress: Progress) -> Pages:
    from services.printing.api import ListColumn, ListOnPaper, PdfPages, print_list, warnings_of
    from ui.framework.preview import Pages

    progress(0, 0)
    columns = (ListColumn(tr("页面")), ListColumn(tr("键"), whole=True), ListColumn(tr("作用")))
    done = print_list(ListOnPaper(company, tr("快捷键一览"), columns, rows, language=language))
    return Pages(done.pdf, PdfPages(done.pdf), warnings_of(done))


def _table(title: str, rows: Sequence[tuple[str, str]]) -> str:
    lines = [f"### {title}", "", f"| {tr('键')} | {tr('作用')} |", "| --- | --- |"]
    lines += [f"| **{key}** | {text} |" for key, text in rows]
    return "\n".join([*lines, ""])
