"""Decision records are complete, listed, and name checks that exist."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.support.places import ROOT

FOLDER = ROOT / "docs" / "decisions"
SECTIONS = ["Context", "Decision", "Consequences", "Alternatives", "Check"]
RECORDS = sorted(FOLDER.glob("[0-9]*.md"))


@pytest.mark.parametrize("record", RECORDS, ids=lambda path: path.stem)
def test_a_record_has_every_section(record: Path) -> None:
    text = record.read_text(encoding="utf-8")
    assert re.findall(r"^## (.+)$", text, flags=re.MULTILINE) == SECTIONS
    assert re.search(r"^Status: ", text, flags=re.MULTILINE)


def test_every_record_is_listed_with_its_number() -> None:
    listed = re.findall(r"\]\((\d{4}-[\w-]+\.md)\)", (FOLDER / "README.md").read_text(encoding="utf-8"))
    assert listed == [record.name for record in RECORDS if record.name != "0000-template.md"]


@pytest.mark.parametrize("record", RECORDS, ids=lambda path: path.stem)
def test_the_files_a_record_names_exist(record: Path) -> None:
    named = re.findall(r"`((?:tests|models|services|ui|app)/[\w/]+\.py)`", record.read_text(encoding="utf-8"))
    assert not [name for name in named if not (ROOT / name).exists()]
