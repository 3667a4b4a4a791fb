"""How the window's modules are loaded: without what makes every one of them slower and is of no use here."""

from __future__ import annotations

import builtins
import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def loaded_quickly() -> Iterator[None]:
    """While inside, modules are loaded without two things that together take a third of a second of a window's start.

    The collector of cycles walks all that was loaded so far, time and again, and all of it stays; of an open window
    ui.framework.collector collects. PySide puts itself before Python's import and reads the source of every module for
    `__feature__`, other names of Qt's methods, which nobody uses here.
    """
    collects, plain = gc.isenabled(), builtins.__import__
    gc.disable()
    import PySide6.QtWidgets  # noqa: F401 now it has put itself there

    by_pyside, builtins.__import__ = builtins.__import__, plain
    try:
        yield
    finally:
        builtins.__import__ = by_pyside
        if collects:
            gc.enable()
