"""Shift+F1: the keys of the page in front and of the frame, from the same declarations as the buttons."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialogButtonBox, QTextBrowser, QVBoxLayout, QWidget

from ui.framework.actions import Action
from ui.framework.dialog import PageDialog
from ui.framework.texts import tr

GRID_KEYS = (
    ("Enter", "列表：打开；录入：下一格，最后一格换新行"),
    ("空格", "勾选行"),
    ("F2", "修改当前格"),
    ("F7", "选择编码"),
    ("Ctrl+D", "照抄上一行"),
    ("..  //", "备注：照抄上一行、第一行"),
    ("Ctrl+C / Ctrl+V", "与 Excel 互相复制粘贴"),
    ("Alt+↓", "筛选本列"),
    ("Ctrl+Z / Ctrl+Y", "撤销、重做"),
    ("Ins / Ctrl+Del", "插入行、删除行"),
)


class KeySheet(PageDialog):
    """A page of keys, section by section."""

    def __init__(self, sections: Sequence[tuple[str, Sequence[Action]]], parent: QWidget) -> None:
        super().__init__(tr("快捷键一览"), "keySheet", parent)
        self.resize(560, 560)
        self.browser = QTextBrowser(self)
        self.browser.setMarkdown(key_text(sections))
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close, Qt.Orientation.Horizontal, self)
        buttons.rejected.connect(self.reject)
        layout = QVBoxLayout(self)
        layout.addWidget(self.browser)
        layout.addWidget(buttons)


def key_text(sections: Sequence[tuple[str, Sequence[Action]]]) -> str:
    """The sheet as Markdown: a table for every section with at least one key."""
    parts = []
    for title, actions in sections:
        rows = [(action.shortcut, tr(action.title)) for action in actions if action.shortcut and action.where != "key"]
        if rows:
            parts.append(_table(title, rows))
    parts.append(_table(tr("表格里"), [(key, tr(text)) for key, text in GRID_KEYS]))
    return "\n".join(parts)


def _table(title: str, rows: Sequence[tuple[str, str]]) -> str:
    lines = [f"### {title}", "", f"| {tr('键')} | {tr('作用')} |", "| --- | --- |"]
    lines += [f"| **{key}** | {text} |" for key, text in rows]
    return "\n".join([*lines, ""])
