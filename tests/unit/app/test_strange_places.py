"""What is given as a place and is none: a command refuses it in a sentence, and what stands there stays as it is."""

from __future__ import annotations

import os
import stat
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest

from app.start import main
from services.platform import books
from services.platform.backup import backup
from services.platform.messages import text

ROOT = Path(__file__).parents[3]
POSIX = pytest.mark.skipif(os.name != "posix", reason="pipes and devices are files of POSIX")
NO_DATABASES = (
    "foo://bar", "mysql://u@h/b", "sqlite://", "postgresql+psycopg://[::1", "postgresql+nodriver://h/b", "://", "a\udcff.db",
)  # fmt: skip
TOO_LONG = "长" * 10_000


@pytest.fixture
def book(tmp_path: Path) -> str:
    file = tmp_path / "book.db"
    books.create(file).close()
    return str(file)


@pytest.fixture
def copy(tmp_path: Path, book: str) -> str:
    db = books.open_book(book)
    backup(db, tmp_path / "copy.bak")
    db.close()
    return str(tmp_path / "copy.bak")


@pytest.fixture
def pipe(tmp_path: Path) -> Path:
    file = tmp_path / "pipe.xlsx"
    os.mkfifo(file)
    return file


def refusal(capsys: pytest.CaptureFixture[str], *words: str) -> str:
    """What a command that is refused says."""
    assert main(words) == 1
    told = capsys.readouterr()
    assert told.out == ""
    return told.err.strip()


@pytest.mark.parametrize("place", NO_DATABASES)
def test_what_names_no_database_is_refused(capsys: pytest.CaptureFixture[str], copy: str, place: str) -> None:
    wanted = text("place.address", "zh", name=place.encode(errors="replace").decode())
    for words in (("init",), ("check",), ("restore", copy)):
        assert refusal(capsys, *words, "--database", place) == wanted


def test_a_password_in_what_is_no_address_is_not_repeated(capsys: pytest.CaptureFixture[str]) -> None:
    told = refusal(capsys, "check", "--database", "mysql://clerk:secret@host/book")
    assert "secret" not in told
    assert "mysql://clerk:***@host/book" in told


@POSIX
def test_a_pipe_is_neither_opened_nor_replaced(
    capsys: pytest.CaptureFixture[str], book: str, copy: str, pipe: Path
) -> None:
    wanted = text("place.no_file", "zh", name=str(pipe))
    assert refusal(capsys, "check", "--database", str(pipe)) == wanted
    assert refusal(capsys, "restore", copy, "--database", str(pipe)) == wanted
    assert refusal(capsys, "backup", str(pipe), "--database", book) == wanted
    assert refusal(capsys, "template", str(pipe)) == wanted
    assert refusal(capsys, "export", "items", "--to", str(pipe), "--database", book) == wanted
    assert stat.S_ISFIFO(pipe.stat().st_mode)
    assert not list(pipe.parent.glob("*before-restore*"))


def test_a_book_is_not_overwritten_by_a_template_or_a_print(
    capsys: pytest.CaptureFixture[str], book: str, tmp_path: Path
) -> None:
    (tmp_path / "list.csv").write_bytes(Path(book).read_bytes())
    for words, file in (
        (("template", book), book),
        (("export", "items", "--to", str(tmp_path / "list.csv"), "--database", book), str(tmp_path / "list.csv")),
    ):
        assert refusal(capsys, *words) == text("place.is_book", "zh", name=file)
    assert main(("check", "--database", book)) == 0


def test_a_folder_is_no_book(capsys: pytest.CaptureFixture[str], copy: str, tmp_path: Path) -> None:
    wanted = text("place.no_file", "zh", name=str(tmp_path))
    assert refusal(capsys, "check", "--database", str(tmp_path)) == wanted
    assert refusal(capsys, "restore", copy, "--database", str(tmp_path)) == wanted


def test_a_name_that_the_system_refuses_is_told_shortened(
    capsys: pytest.CaptureFixture[str], book: str, copy: str
) -> None:
    for words in (
        ("init", "--database", TOO_LONG),
        ("check", "--database", TOO_LONG),
        ("restore", copy, "--database", TOO_LONG),
        ("backup", TOO_LONG, "--database", book),
        ("template", f"{TOO_LONG}.xlsx"),
        ("export", "items", "--to", f"{TOO_LONG}.csv", "--database", book),
        ("import", f"{TOO_LONG}.csv", "--database", book),
    ):
        told = refusal(capsys, *words)
        assert "gongfang.log" not in told
        assert "长" in told
    assert len(refusal(capsys, "check", "--database", TOO_LONG)) < 400


def run(words: tuple[str, ...], stdout: int, **more: str) -> subprocess.CompletedProcess[str]:
    """A command in a process of its own."""
    environment: Mapping[str, str] = {**os.environ, **more}
    return subprocess.run(
        [sys.executable, "main.py", *words], cwd=ROOT, env=environment, stdout=stdout, stderr=subprocess.PIPE, text=True,
        encoding="utf-8", check=False,
    )  # fmt: skip


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no device that is always full")
@pytest.mark.parametrize("words", [("check",), ("check", "--json")])
def test_output_that_cannot_be_written_is_told_in_one_line(book: str, words: tuple[str, ...]) -> None:
    with Path("/dev/full").open("wb") as full:
        done = run((*words, "--database", book), full.fileno())
    assert done.returncode == 1
    assert done.stderr.count("\n") == 1
    assert "<stdout>" in done.stderr


def test_commands_work_where_no_settings_can_be_kept(tmp_path: Path, book: str) -> None:
    nowhere = {"XDG_DATA_HOME": f"{book}/data", "LOCALAPPDATA": f"{book}/data"}
    done = run(("check", "--database", book), subprocess.DEVNULL, **nowhere)
    assert (done.returncode, done.stderr) == (0, "")
    lost = run(("check",), subprocess.DEVNULL, **nowhere)
    assert lost.returncode == 1
    assert lost.stderr.count("\n") == 1
    assert "data" in lost.stderr


@pytest.mark.parametrize("date", ["2026-02-30", "99999999999-1-1", "0-1-1", "2026-03", "-1", "", "\udcff", "1" * 5000])
@pytest.mark.parametrize("words", [("mrp", "--start"), ("mrp", "--start=2026-03-02", "--end"), ("kitting", "--date")])
def test_what_is_no_date_is_wrong_usage(capsys: pytest.CaptureFixture[str], words: tuple[str, ...], date: str) -> None:
    with pytest.raises(SystemExit) as left:
        main((*words[:-1], f"{words[-1]}={date}"))
    assert left.value.code == 2
    assert "不是日期" in capsys.readouterr().err


@pytest.mark.parametrize("number", ["0", "-1", "9" * 30, "9" * 5000, "x", "1e9", ""])
def test_what_is_no_number_of_a_run_is_wrong_usage(capsys: pytest.CaptureFixture[str], number: str) -> None:
    with pytest.raises(SystemExit) as left:
        main(("release", f"--run={number}"))
    assert left.value.code == 2
    assert "--run" in capsys.readouterr().err
