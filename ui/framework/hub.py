"""One broadcast of what changed: visible pages read again, hidden ones remember that they are stale."""

from __future__ import annotations

import weakref
from typing import Protocol, runtime_checkable

import shiboken6
from PySide6.QtCore import QObject

from models.kernel.refs import Changes


@runtime_checkable
class Listener(Protocol):
    """Whoever shows data: answers a broadcast by reading again or marking itself stale."""

    def changes_arrived(self, changes: Changes) -> None:
        """Called for every finished command; the listener compares with its own topics and documents."""


class Hub(QObject):
    """Pages register here and nowhere else; they are held weakly and never know of each other."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._listeners: list[weakref.ref[Listener]] = []

    def add(self, listener: Listener) -> None:
        """Registers a listener until it dies."""
        self._listeners.append(weakref.ref(listener))

    def publish(self, changes: Changes) -> None:
        """Tells every living listener; the dead are forgotten."""
        living = []
        for reference in self._listeners:
            listener = reference()
            if listener is None or (isinstance(listener, QObject) and not shiboken6.isValid(listener)):
                continue
            living.append(reference)
            listener.changes_arrived(changes)
        self._listeners = living
