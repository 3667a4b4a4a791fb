"""What set-up concludes from a failed attempt to load Qt."""

from __future__ import annotations

from pathlib import Path

import pytest

from app.bootstrap import debian, libraries
from app.bootstrap.console import Stopped
from app.bootstrap.libraries import Findings

LOADED = Findings((), "", "")
NO_GL = Findings(("libGL.so.1",), "libGL.so.1: cannot open shared object file: No such file or directory", "")
NO_CURSOR = Findings((), "", "libxcb-cursor.so.0: cannot open shared object file: No such file or directory")
STRANGE = Findings((), "libnever.so.3: cannot open shared object file", "")


class Machine:
    """A system that lacks something until it is installed."""

    def __init__(self, patch: pytest.MonkeyPatch, *answers: Findings, debian_like: bool) -> None:
        self.installed: list[debian.Names] = []
        left = list(answers)
        patch.setattr(libraries, "probe", lambda _python: left.pop(0) if len(left) > 1 else left[0])
        patch.setattr(debian, "is_debian", lambda: debian_like)
        patch.setattr(debian, "install", lambda packages, **_: self.installed.extend(packages))


def test_nothing_is_installed_where_qt_loads(monkeypatch: pytest.MonkeyPatch) -> None:
    machine = Machine(monkeypatch, LOADED, debian_like=True)
    libraries.ensure(Path("python"))
    assert machine.installed == []


def test_debian_gets_the_package_that_holds_the_missing_library(monkeypatch: pytest.MonkeyPatch) -> None:
    machine = Machine(monkeypatch, NO_GL, NO_CURSOR, LOADED, debian_like=True)
    libraries.ensure(Path("python"))
    assert machine.installed == [("libgl1",), ("libxcb-cursor0",)]


def test_another_system_is_told_the_name_of_the_library(monkeypatch: pytest.MonkeyPatch) -> None:
    Machine(monkeypatch, NO_GL, debian_like=False)
    with pytest.raises(Stopped) as stop:
        libraries.ensure(Path("python"))
    assert "libGL.so.1" in stop.value.zh
    assert "libGL.so.1" in stop.value.en


def test_a_library_that_no_list_knows_is_named_rather_than_tried_forever(monkeypatch: pytest.MonkeyPatch) -> None:
    machine = Machine(monkeypatch, STRANGE, debian_like=True)
    with pytest.raises(Stopped, match=r"libnever\.so\.3"):
        libraries.ensure(Path("python"))
    assert machine.installed == []


def test_a_package_that_does_not_help_is_not_installed_twice(monkeypatch: pytest.MonkeyPatch) -> None:
    machine = Machine(monkeypatch, NO_GL, debian_like=True)
    with pytest.raises(Stopped):
        libraries.ensure(Path("python"))
    assert machine.installed == [("libgl1",)]


def test_only_the_x11_plug_in_missing_is_no_reason_to_stop(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    Machine(monkeypatch, NO_CURSOR, debian_like=False)
    libraries.ensure(Path("python"))
    assert "libxcb-cursor.so.0" in capsys.readouterr().out


def test_a_debian_without_the_right_to_install_is_told_the_command(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(debian, "privilege", lambda: None)
    with pytest.raises(Stopped, match="sudo apt-get install libgl1"):
        debian.install([("libgl1",)], purpose_zh="界面库", purpose_en="the window library")
