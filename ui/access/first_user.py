"""What stands where users would be listed while a book has none: what that means, and the way to the first administrator."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from ui.framework.icons import dress
from ui.framework.texts import tr

LETTERS: Final = 98
"""width of the text, in letters of its size"""
MEANING: Final = "现在谁打开账套都能做任何事，不用登录；单据上的制单人是这台电脑的账号。一个人用，可以一直这样。"
STEPS: Final = (
    "设置管理员：用户名、姓名、密码。从此打开账套要登录。",
    "管理员在这里给每个人建用户，勾选角色（仓管、采购、会计……），给一个初始密码；各人第一次登录时自己改掉。",
    "自带的角色不合适，到“角色与权限”里改，或者另加。",
)


class FirstUser(QWidget):
    """wanted() when the administrator is to be made."""

    wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        column = QWidget(self)
        column.setFixedWidth(self.fontMetrics().horizontalAdvance("x" * LETTERS))
        title = QLabel(tr("账套还没有用户"), column)
        title.setObjectName("numberLabel")
        meaning = _wrapped(tr(MEANING), column)
        steps = QGridLayout()
        steps.setColumnStretch(1, 1)
        steps.setVerticalSpacing(6)
        top = Qt.AlignmentFlag.AlignTop
        for place, step in enumerate(STEPS):
            steps.addWidget(QLabel(f"{place + 1}.", column), place, 0, top)
            steps.addWidget(_wrapped(tr(step), column), place, 1)
        self.button = QPushButton(tr("设置管理员 Ins"), column)
        dress(self.button, "users")
        self.button.setDefault(True)
        self.button.setAutoDefault(True)
        self.button.clicked.connect(self.wanted)
        inner = QVBoxLayout(column)
        inner.setContentsMargins(0, 0, 0, 0)
        inner.setSpacing(10)
        inner.addWidget(title)
        inner.addWidget(meaning)
        inner.addLayout(steps)
        inner.addSpacing(6)
        inner.addWidget(self.button, 0, Qt.AlignmentFlag.AlignLeft)
        outer = QVBoxLayout(self)
        line = QHBoxLayout()
        line.addStretch(1)
        line.addWidget(column)
        line.addStretch(1)
        outer.addStretch(1)
        outer.addLayout(line)
        outer.addStretch(2)
        self.setFocusProxy(self.button)


def _wrapped(text: str, parent: QWidget) -> QLabel:
    label = QLabel(text, parent)
    label.setWordWrap(True)
    return label
