"""An empty book in a SQLite file, where it is the file that matters."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from services.platform.books import create
from services.platform.db import Database


@pytest.fixture
def sqlite_book(tmp_path: Path) -> Iterator[Database]:
    """A book without anything in it."""
    folder = tmp_path / "本机"
    folder.mkdir()
    made = create(folder / "账套.db")
    yield made
    made.close()
