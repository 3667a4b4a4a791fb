"""Where the parts of the checkout lie, for tests that read the source itself."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PRODUCT = ("app", "ui", "services", "models")


def product_files() -> Iterator[Path]:
    """Every Python file of the product: main.py, run.py and the four packages, in a stable order."""
    for name in ("main.py", "run.py"):
        if (ROOT / name).exists():
            yield ROOT / name
    for package in PRODUCT:
        yield from sorted((ROOT / package).rglob("*.py"))


@cache
def parsed(path: Path) -> ast.Module:
    """The syntax tree of one file; parsed once a session."""
    return ast.parse(path.read_text(encoding="utf-8"), filename=str(path))


def shown(path: Path, line: int = 0) -> str:
    """The place as `services/x/api.py:12`, for messages."""
    name = path.relative_to(ROOT).as_posix()
    return f"{name}:{line}" if line else name
