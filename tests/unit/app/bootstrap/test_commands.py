"""run.py as somebody at a terminal meets it."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from app.bootstrap import commands, demonstration, environment, gates
from app.bootstrap.console import Stopped
from tests.support.places import ROOT


def test_an_unknown_command_shows_the_usage_and_fails(capsys: pytest.CaptureFixture[str]) -> None:
    assert commands.main(["tset"]) == 2
    assert "python3 run.py" in capsys.readouterr().out


def test_a_stop_is_a_sentence_in_both_languages_and_status_one(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def refuse() -> Path:
        raise Stopped("磁盘已满", "the disk is full")

    monkeypatch.setattr(environment, "ensure", refuse)
    monkeypatch.chdir(ROOT)
    assert commands.main(["setup"]) == 1
    shown = capsys.readouterr().err
    assert "磁盘已满" in shown
    assert "the disk is full" in shown


def test_set_up_needs_nothing_but_the_standard_library() -> None:
    code = "import sys, app.bootstrap.commands; print(*sorted({n.partition('.')[0] for n in sys.modules}))"
    done = subprocess.run([sys.executable, "-S", "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    foreign = set(done.stdout.split()) - set(sys.stdlib_module_names) - {"app", "__main__"}
    assert not foreign


def test_run_py_can_be_read_by_an_old_python() -> None:
    compile((ROOT / "run.py").read_text(encoding="utf-8"), "run.py", "exec", dont_inherit=True, flags=0)
    import ast

    ast.parse((ROOT / "run.py").read_text(encoding="utf-8"), feature_version=(3, 5))


def test_one_failed_gate_fails_the_run_and_the_others_still_run(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    listed = [gates.Gate("first", ["no"]), gates.Gate("second", ["yes"])]
    monkeypatch.setattr(gates, "gates", lambda: listed)
    monkeypatch.setattr(gates, "call", lambda command, environment, minutes: 1 if command == ["no"] else 0)
    assert gates.run() == 1
    shown = capsys.readouterr().out
    assert shown.index("first") < shown.index("second")
    assert "FAILED" in shown


class TestDemonstration:
    """The demonstration database: made once, and made anew after an interruption."""

    @pytest.fixture
    def calls(self, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> list[list[str]]:
        """The programs started; init makes the database file."""
        made: list[list[str]] = []
        monkeypatch.setattr(demonstration, "FOLDER", tmp_path)
        monkeypatch.setattr(demonstration, "DATABASE", tmp_path / "演示工厂.db")
        monkeypatch.setattr(demonstration, "FINISHED", tmp_path / "finished")
        monkeypatch.setenv("QT_QPA_PLATFORM", "offscreen")

        def call(command: list[object]) -> int:
            made.append([str(word) for word in command[4:]])
            if "init" in command:
                assert not demonstration.DATABASE.exists()
                demonstration.DATABASE.touch()
            return 0

        monkeypatch.setattr(demonstration, "call", call)
        return made

    def test_it_is_made_at_the_first_start_only(self, calls: list[list[str]]) -> None:
        for _ in range(2):
            assert demonstration.show(Path("python")) == 0
        assert calls == [["init", "--demo"], [], []]

    def test_what_an_interrupted_start_left_behind_is_made_anew(self, calls: list[list[str]]) -> None:
        demonstration.DATABASE.touch()
        demonstration.DATABASE.with_name("演示工厂.db-wal").touch()
        demonstration.show(Path("python"))
        assert calls[0] == ["init", "--demo"]
        assert not demonstration.DATABASE.with_name("演示工厂.db-wal").exists()

    def test_without_a_desktop_it_says_so(self, calls: list[list[str]], monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(sys, "platform", "linux")
        for name in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"):
            monkeypatch.delenv(name, raising=False)
        with pytest.raises(Stopped, match="no desktop"):
            demonstration.show(Path("python"))
        assert calls == [["init", "--demo"]]
