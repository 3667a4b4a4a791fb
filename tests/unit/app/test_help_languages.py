"""The command line's help in the language that is asked for."""

from __future__ import annotations

import re

import pytest

from app.arguments import parse

CHINESE = re.compile(r"[\u3000-\u303f\u4e00-\u9fff\uff01-\uffee]")
COMMANDS = (
    "init",
    "import",
    "template",
    "export",
    "mrp",
    "release",
    "kitting",
    "print",
    "check",
    "backup",
    "restore",
    "roles",
)


def told(argv: list[str], capsys: pytest.CaptureFixture[str]) -> tuple[int, str]:
    """Status and all that is said when the arguments end the program."""
    with pytest.raises(SystemExit) as ended:
        parse(argv)
    captured = capsys.readouterr()
    return int(ended.value.code or 0), captured.out + captured.err


@pytest.mark.parametrize("command", ["", *COMMANDS])
def test_english_help_has_no_chinese_sign(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    argv = ["--lang", "en", *([command] if command else []), "--help"]
    status, text = told(argv, capsys)
    assert status == 0
    assert CHINESE.findall(text) == []


def test_help_is_chinese_otherwise(capsys: pytest.CaptureFixture[str]) -> None:
    assert "运算物料需求" in told(["--help"], capsys)[1]


@pytest.mark.parametrize("argv", [["--lang=en", "--help"], ["print", "--help", "--lang", "en"]])
def test_the_language_may_stand_anywhere(argv: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert CHINESE.findall(told(argv, capsys)[1]) == []


@pytest.mark.parametrize("argv", [["--lang", "fr"], ["--lang"], ["mrp", "--start", "sometime"]])
def test_wrong_usage_ends_with_status_two(argv: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert told(argv, capsys)[0] == 2


def test_a_wrong_date_is_told_in_english(capsys: pytest.CaptureFixture[str]) -> None:
    text = told(["--lang", "en", "mrp", "--start", "sometime"], capsys)[1]
    assert "sometime is no date, write it like 2026-03-05" in text


@pytest.mark.parametrize("written", ["2026-03-05", "2026/3/5", "2026.3.5", "2026年3月5日"])
def test_a_date_is_read_as_people_write_it(written: str) -> None:
    assert parse(["mrp", "--start", written]).options.start.isoformat() == "2026-03-05"
