"""The command line in English: codes of the clerk that are also words of the program are told as she wrote them."""

from __future__ import annotations

from pathlib import Path

import pytest

from app.start import main
from services.platform import books


def test_a_code_that_is_a_word_of_the_program_stays(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    book = tmp_path / "a.db"
    books.create(book).close()
    (tmp_path / "items.csv").write_text("code,name,unit,kind\n原料仓,自制,客户,purchased\n", encoding="utf-8")
    assert main(["import", str(tmp_path / "items.csv"), "--database", str(book), "--lang", "en"]) != 0
    told = "".join(capsys.readouterr())
    assert "There is no Unit with the code 客户." in told
