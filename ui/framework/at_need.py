"""What an area declares without loading it: a page, a dialog, a search. Its module comes with the first use, or ahead of it."""

from __future__ import annotations

from dataclasses import dataclass
from importlib import import_module
from types import ModuleType
from typing import Any


@dataclass(frozen=True, slots=True)
class AtNeed:
    """Stands for a function or class of a module, and is called like it."""

    module: str
    name: str

    def load(self) -> ModuleType:
        """The module; on any thread, as it only declares."""
        return import_module(self.module)

    def __call__(self, *args: Any, **named: Any) -> Any:
        """Calls what it stands for."""
        return getattr(self.load(), self.name)(*args, **named)
