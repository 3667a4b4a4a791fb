"""A place in a window whose widget is made when it is first looked at."""

from __future__ import annotations

from collections.abc import Callable
from typing import Generic, TypeVar

from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

Made = TypeVar("Made", bound=QWidget)


class Later(QWidget, Generic[Made]):
    """Stands in a tab or panel that most clerks never open: every widget made costs time at opening and at each change of colours."""

    def __init__(self, make: Callable[[], Made], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._make = make
        self._content: Made | None = None
        self._wanted: Callable[[Made], object] | None = None

    @property
    def made(self) -> bool:
        """Whether it was needed so far."""
        return self._content is not None

    @property
    def content(self) -> Made:
        """The widget, made now if it was not yet."""
        if self._content is None:
            self._content = self._make()
            layout = QVBoxLayout(self)
            layout.setContentsMargins(0, 0, 0, 0)
            layout.addWidget(self._content)
            self.setFocusProxy(self._content)
            if self._wanted is not None:
                self._wanted(self._content)
                self._wanted = None
        return self._content

    def fill(self, show: Callable[[Made], object]) -> None:
        """Shows something in it: at once, or when it is made; what is told later replaces what was told before."""
        if self._content is None:
            self._wanted = show
        else:
            show(self._content)

    def showEvent(self, event: QShowEvent) -> None:
        """Looked at."""
        assert self.content is not None
        super().showEvent(event)
