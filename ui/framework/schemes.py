"""Named filter schemes of a list (方案): filters, columns, order and search, saved by name; one of them may be the default."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from functools import partial
from typing import TYPE_CHECKING, Any

from PySide6.QtWidgets import QInputDialog, QMenu, QToolButton, QWidget

from ui.framework.texts import tr

if TYPE_CHECKING:
    from ui.framework.desk import Desk

State = Mapping[str, Any]


class SchemeButton(QToolButton):
    """capture() gives the list's state as JSON values, apply(state) restores one; {} is the declared state."""

    def __init__(
        self, desk: Desk, name: str, capture: Callable[[], State], apply: Callable[[State], object], parent: QWidget
    ) -> None:
        super().__init__(parent)
        self._desk = desk
        self._name = f"scheme/{name}"
        self._capture = capture
        self._apply = apply
        self._schemes, self._default = self._load()
        self.current = ""
        self.setObjectName("button_scheme")
        self.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self._menu = QMenu(self)
        self._menu.aboutToShow.connect(self._fill)
        self.setMenu(self._menu)
        self._show_name()

    @property
    def names(self) -> list[str]:
        """Saved schemes."""
        return list(self._schemes)

    def start(self) -> None:
        """Applies the default scheme, if one was chosen."""
        if self._default in self._schemes:
            self.choose(self._default)

    def choose(self, name: str) -> None:
        """Applies a scheme; "" is the declared state."""
        self.current = name
        self._apply(self._schemes.get(name, {}))
        self._show_name()

    def save_as(self, name: str) -> None:
        """Saves the present state under a name and makes it current."""
        self._schemes[name] = dict(self._capture())
        self.current = name
        self._store()
        self._show_name()

    def remove(self, name: str) -> None:
        """Forgets a scheme."""
        self._schemes.pop(name, None)
        self.current = "" if self.current == name else self.current
        self._default = "" if self._default == name else self._default
        self._store()
        self._show_name()

    def make_default(self, name: str) -> None:
        """The scheme a list opens with."""
        self._default = name
        self._store()

    def _fill(self) -> None:
        menu = self._menu
        menu.clear()
        for name in ("", *self._schemes):
            text = name or tr("全部（不用方案）")
            action = menu.addAction(
                text + (tr("（默认）") if name and name == self._default else ""), partial(self.choose, name)
            )
            action.setCheckable(True)
            action.setChecked(name == self.current)
        menu.addSeparator()
        menu.addAction(tr("保存为方案…"), self._ask_name)
        if self.current:
            name = self.current
            menu.addAction(tr("更新“{name}”", name=name), partial(self.save_as, name))
            menu.addAction(tr("打开列表时就用“{name}”", name=name), partial(self.make_default, name))
            menu.addAction(tr("删除“{name}”", name=name), partial(self.remove, name))

    def _ask_name(self) -> None:
        name, accepted = QInputDialog.getText(self, tr("保存为方案"), tr("方案名称"))
        if accepted and name.strip():
            self.save_as(name.strip())

    def _show_name(self) -> None:
        self.setText(tr("方案：{name} ▾", name=self.current or tr("全部")))

    def _load(self) -> tuple[dict[str, dict[str, Any]], str]:
        try:
            found = json.loads(self._desk.settings.load(self._name) or "{}")
            schemes = {str(name): dict(state) for name, state in dict(found.get("schemes", {})).items()}
            return schemes, str(found.get("default", ""))
        except (ValueError, TypeError, AttributeError):
            return {}, ""

    def _store(self) -> None:
        text = json.dumps({"schemes": self._schemes, "default": self._default}, ensure_ascii=False)
        self._desk.settings.save(self._name, text if self._schemes else "")
