"""Modules, classes and functions stay small enough to be read at one sitting."""

from __future__ import annotations

import ast
import warnings
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.places import ROOT, parsed, product_files, shown

# The size a thing should keep to; double of it fails.
LINES_OF_A_MODULE = 400
METHODS_OF_A_CLASS = 25
LINES_OF_A_FUNCTION = 50

Sizes = list[tuple[str, int]]
# A schema revision is a list of tables, written once and never touched again.
HISTORY = ROOT / "models" / "migrations" / "versions"


def _files() -> Iterator[Path]:
    return (path for path in product_files() if HISTORY not in path.parents)


def _modules() -> Sizes:
    return [(shown(path), len(path.read_text(encoding="utf-8").splitlines())) for path in _files()]


def _classes() -> Sizes:
    return [
        (f"{shown(path, node.lineno)} {node.name}", sum(isinstance(part, ast.FunctionDef) for part in node.body))
        for path in _files()
        for node in ast.walk(parsed(path))
        if isinstance(node, ast.ClassDef)
    ]


def _functions() -> Sizes:
    return [
        (f"{shown(path, node.lineno)} {node.name}", (node.end_lineno or node.lineno) - node.lineno + 1)
        for path in _files()
        for node in ast.walk(parsed(path))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    ]


@pytest.mark.filterwarnings("default::UserWarning")
@pytest.mark.parametrize(
    ("sizes", "limit", "unit"),
    [
        pytest.param(_modules, LINES_OF_A_MODULE, "lines", id="modules"),
        pytest.param(_classes, METHODS_OF_A_CLASS, "methods", id="classes"),
        pytest.param(_functions, LINES_OF_A_FUNCTION, "lines", id="functions"),
    ],
)
def test_nothing_is_twice_as_long_as_it_should_be(sizes: object, limit: int, unit: str) -> None:
    assert callable(sizes)
    long = sorted(((name, size) for name, size in sizes() if size > limit), key=lambda found: -found[1])
    if long:
        warnings.warn(f"over {limit} {unit}: " + "; ".join(f"{name} {size}" for name, size in long), stacklevel=1)
    twice = [f"{name}: {size} {unit}" for name, size in long if size > 2 * limit]
    assert not twice, f"more than {2 * limit} {unit}:\n" + "\n".join(twice)


def test_the_classes_of_the_grid_keep_to_the_limit() -> None:
    sizes = {name: size for name, size in _classes() if name.startswith("ui/framework/grid/")}
    assert len(sizes) > 25
    assert {name: size for name, size in sizes.items() if size > METHODS_OF_A_CLASS} == {}
