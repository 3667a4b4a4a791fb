"""When the environment is made, mended, or left alone."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path

import pytest

from app.bootstrap import debian, environment
from app.bootstrap.console import Stopped


class Place:
    """A checkout whose programs are only written down."""

    def __init__(self, folder: Path, patch: pytest.MonkeyPatch) -> None:
        self.lock = folder / "requirements.lock"
        self.lock.write_text("numpy==2.4.6\n", encoding="utf-8")
        self.started: list[str] = []
        self.usable = False
        self.status = 0
        patch.setattr(environment, "FOLDER", folder / ".venv")
        patch.setattr(environment, "LOCK", self.lock)
        patch.setattr(environment, "STAMP", folder / ".venv" / "stamp")
        patch.setattr(environment, "_usable", lambda: self.usable)
        patch.setattr(environment, "call", self._call)

    def _call(self, command: list[object], environment: object = None) -> int:
        module = str(command[command.index("-m") + 1])
        self.started.append(module)
        if module == "venv":
            self.usable = True
            Path(str(command[-1])).mkdir(exist_ok=True)
            return 0
        return self.status


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Place:
    """A fresh checkout."""
    return Place(tmp_path, monkeypatch)


def test_a_fresh_checkout_gets_an_environment_once(place: Place) -> None:
    environment.ensure()
    environment.ensure()
    assert place.started == ["venv", "pip"]


def test_a_changed_lock_is_installed_into_the_same_environment(place: Place) -> None:
    environment.ensure()
    place.lock.write_text("numpy==2.4.7\n", encoding="utf-8")
    environment.ensure()
    assert place.started == ["venv", "pip", "pip"]


def test_an_environment_whose_python_has_gone_is_made_anew(place: Place) -> None:
    environment.ensure()
    place.usable = False
    environment.ensure()
    assert place.started == ["venv", "pip", "venv", "pip"]


def test_a_failed_installation_is_said_and_tried_again_next_time(place: Place) -> None:
    place.status = 1
    with pytest.raises(Stopped, match="PIP_INDEX_URL"):
        environment.ensure()
    place.status = 0
    environment.ensure()
    assert place.started == ["venv", "pip", "pip"]


def test_a_python_without_ensurepip_is_told_what_to_install(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(importlib.util, "find_spec", lambda _name: None)
    monkeypatch.setattr(debian, "is_debian", lambda: False)
    with pytest.raises(Stopped, match="ensurepip"):
        environment.ensure()
    assert place.started == []


def test_a_32_bit_python_is_refused_before_anything_is_downloaded(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "maxsize", 2**31 - 1)
    with pytest.raises(Stopped, match="32-bit"):
        environment.ensure()
    assert place.started == []


@pytest.mark.parametrize(
    ("platform", "expected"), [("win32", ".venv/Scripts/python.exe"), ("linux", ".venv/bin/python")]
)
def test_the_interpreter_lies_where_the_system_puts_it(
    platform: str, expected: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "platform", platform)
    assert environment.python().as_posix().endswith(expected)
