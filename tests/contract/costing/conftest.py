"""A book for costing: units, stores and partners made once, copied for every test."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.costed import Costed, template


@pytest.fixture(scope="session")
def costed_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A book that is only copied."""
    return template(tmp_path_factory.mktemp("costed"))


@pytest.fixture
def book(tmp_path: Path, costed_template: Path) -> Iterator[Costed]:
    """A book of the test's own."""
    made = Costed(tmp_path, template=costed_template)
    yield made
    made.db.close()
