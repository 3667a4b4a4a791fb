"""Every library of the environment has a licence that a closed factory may use, and comes with a hash."""

from __future__ import annotations

import re
from importlib import metadata

import pytest

from tests.support.places import ROOT

LOCK = (ROOT / "requirements.lock").read_text(encoding="utf-8")
LOCKED = re.findall(r"^([A-Za-z0-9_.-]+)==(\S+)", LOCK, flags=re.MULTILINE)

PERMISSIVE = re.compile(
    r"MIT|BSD|Apache|\bPSF\b|Python Software Foundation|CC0|0BSD|Zlib|Unlicense|Public Domain|HPND|Kiwi|matplotlib"
)
# Weak copyleft, used unchanged and replaceable: dynamic libraries or tools for development only.
REVIEWED = {
    "hypothesis": "MPL-2.0, development only",
    "pathspec": "MPL-2.0, development only",
    "psycopg": "LGPL-3.0, unchanged, replaceable",
    "psycopg-binary": "LGPL-3.0, unchanged, replaceable",
    "pyside6-essentials": "LGPL-3.0, unchanged, replaceable; no GPL-only module is used",
    "shiboken6": "LGPL-3.0, unchanged, replaceable",
}
GPL_ONLY = re.compile(r"Qt(Charts|DataVisualization|Graphs|VirtualKeyboard|NetworkAuth)")


def _licence(name: str) -> str:
    """What the installed package says of its licence; empty if this system does not need the package."""
    try:
        data = metadata.metadata(name)
    except metadata.PackageNotFoundError:
        return ""
    classes = [text for text in data.get_all("Classifier") or [] if text.startswith("License")]
    return "; ".join([data.get("License-Expression") or "", (data.get("License") or "")[:80], *classes])


@pytest.mark.parametrize("name", [name for name, _ in LOCKED])
def test_the_licence_is_permissive_or_was_reviewed(name: str) -> None:
    licence = _licence(name)
    if licence:
        assert PERMISSIVE.search(licence) or name in REVIEWED, f"{name}: {licence}"
    if re.search(r"\bA?L?GPL|MPL", licence) and " OR MIT" not in licence:
        assert name in REVIEWED, f"{name}: {licence}"


def test_every_locked_library_has_a_hash_and_no_address() -> None:
    blocks = re.split(r"^(?=[A-Za-z0-9])", LOCK, flags=re.MULTILINE)
    assert [block.split()[0] for block in blocks if block.strip() and "--hash=sha256:" not in block] == []
    assert "://" not in LOCK
    assert not re.search(r"^(-i|--index-url|--extra-index-url|--find-links)", LOCK, flags=re.MULTILINE)


def test_every_dependency_of_the_project_is_locked() -> None:
    project = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    wanted = re.findall(r'^  "([A-Za-z0-9_.-]+)(?:\[\w+\])?[><=]', project, flags=re.MULTILINE)
    locked = {re.sub(r"[-_.]+", "-", name).lower() for name, _ in LOCKED}
    assert wanted
    assert not [name for name in wanted if re.sub(r"[-_.]+", "-", name).lower() not in locked]


def test_no_module_of_qt_that_is_gpl_only_is_used() -> None:
    product = [*(ROOT / "ui").rglob("*.py"), *(ROOT / "app").rglob("*.py")]
    assert not [str(path) for path in product if GPL_ONLY.search(path.read_text(encoding="utf-8"))]
