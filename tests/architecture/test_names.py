"""A module is named after what it holds."""

from __future__ import annotations

import ast

from tests.support.places import parsed, product_files, shown

EMPTY_NAMES = {"base", "common", "helper", "helpers", "manager", "managers", "misc", "util", "utils"}


def test_no_module_has_a_name_that_could_hold_anything() -> None:
    found = [shown(path) for path in product_files() if {path.stem, *path.parent.parts} & EMPTY_NAMES]
    assert not found


def test_every_module_says_in_one_sentence_what_it_is() -> None:
    silent = [shown(path) for path in product_files() if not ast.get_docstring(parsed(path))]
    assert not silent
