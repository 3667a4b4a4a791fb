"""Every refusal has its sentence in Chinese and English, with the same numbers in it, and no sentence lies unused."""

from __future__ import annotations

import ast
import json
import re
from collections.abc import Iterator
from pathlib import Path
from string import Formatter

import pytest

from services.platform.messages import WORD
from tests.support.places import ROOT, parsed, product_files, shown

MESSAGES = ROOT / "resources" / "messages"
CODE = re.compile(r"^[a-z][a-z0-9_]*(\.[a-z0-9_]+)+$")
# What makes a problem out of a code: the first argument is the code.
MAKERS = {"Problem", "refuse"}
# Expressions that give a word of the program: a title of what is declared, Chinese in the code.
DECLARED = re.compile(
    r"(\bregistry\[.*\]|\b(kind|offer|spec|sheet|column|table|self))\.title\b|\btitle_of\(|_ref_title\(|[\u4e00-\u9fff]"
)


def _files(lang: str) -> list[Path]:
    return sorted((MESSAGES / lang).glob("*.json"))


def _sentences(lang: str) -> dict[str, str]:
    made: dict[str, str] = {}
    for file in _files(lang):
        made.update(json.loads(file.read_text(encoding="utf-8")))
    return made


def _codes(node: ast.AST) -> Iterator[tuple[str, int]]:
    """Patterns of the codes that an expression can give: `a.b` as it is, f"a.{x}" as `a.` and anything."""
    pieces = {id(part) for text in ast.walk(node) if isinstance(text, ast.JoinedStr) for part in ast.walk(text)}
    for part in ast.walk(node):
        if isinstance(part, ast.JoinedStr):
            pattern = "".join(
                re.escape(v.value) if isinstance(v, ast.Constant) else r"[a-z0-9_.]+" for v in part.values
            )
            if re.match(r"[a-z][a-z0-9_]*\\\.", pattern):
                yield pattern, part.lineno
        elif isinstance(part, ast.Constant) and id(part) not in pieces and CODE.match(str(part.value)):
            yield re.escape(str(part.value)), part.lineno


def _refused() -> Iterator[tuple[str, str]]:
    """Pattern and place of each Problem("…") and refuse("…"), also where the code is one of two by a condition."""
    for path in product_files():
        for node in ast.walk(parsed(path)):
            if not isinstance(node, ast.Call):
                continue
            name = getattr(node.func, "id", getattr(node.func, "attr", ""))
            given = [*node.args[:1], *(keyword.value for keyword in node.keywords if keyword.arg == "code")]
            if name in MAKERS and given:
                for code, line in _codes(given[0]):
                    yield code, shown(path, line)


def _mentioned() -> set[str]:
    """Patterns of every string of the product that looks like a code: declarations and tables of codes count too."""
    return {pattern for path in product_files() for pattern, _ in _codes(parsed(path))}


def _placeholders(sentence: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(sentence) if name is not None}


def test_both_languages_have_the_same_files() -> None:
    assert [file.name for file in _files("zh")] == [file.name for file in _files("en")]


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_a_code_has_one_sentence_in_one_file(lang: str) -> None:
    seen: dict[str, str] = {}
    twice: list[str] = []
    for file in _files(lang):
        pairs = json.loads(file.read_text(encoding="utf-8"), object_pairs_hook=list)
        for code, _ in pairs:
            if code in seen:
                twice.append(f"{code}: {seen[code]} and {file.name}")
            seen[code] = file.name
    assert not twice


def test_every_sentence_exists_in_both_languages_with_the_same_placeholders() -> None:
    zh, en = _sentences("zh"), _sentences("en")
    assert sorted(zh) == sorted(en)
    different = [code for code in zh if _placeholders(zh[code]) != _placeholders(en[code])]
    assert not different


@pytest.mark.parametrize(("lang", "marks"), [("zh", {""}), ("en", {"", WORD})])
def test_placeholders_are_plain_names(lang: str, marks: set[str]) -> None:
    """In a translation a place may be marked: there stands a word of the program."""
    odd = [
        code
        for code, sentence in _sentences(lang).items()
        for _, name, mark, _ in Formatter().parse(sentence)
        if name is not None and (mark not in marks or not name.isidentifier())
    ]
    assert not odd


def test_every_word_of_the_program_stands_in_a_marked_place() -> None:
    """Titles that the program declares, and Chinese in the code: what fills such a place is said in English too."""
    marked = {
        (code, name)
        for code, sentence in _sentences("en").items()
        for _, name, mark, _ in Formatter().parse(sentence)
        if mark == WORD
    }
    unmarked = [
        f"{shown(path, node.lineno)}: {{{name}}} of {code}"
        for path in product_files()
        for node in ast.walk(parsed(path))
        if isinstance(node, ast.Call | ast.Tuple)
        for code, name, value in _filled(node)
        if DECLARED.search(value) and not value.startswith("tr(") and (code, name) not in marked
    ]
    assert not unmarked


def _filled(node: ast.Call | ast.Tuple) -> Iterator[tuple[str, str, str]]:
    """Code, name and source of each argument that a call, or a fault told as a tuple, gives to a sentence."""
    parts = node.args if isinstance(node, ast.Call) else node.elts
    codes = [str(one.value) for one in parts if isinstance(one, ast.Constant) and CODE.match(str(one.value))]
    if not codes:
        return
    for keyword in node.keywords if isinstance(node, ast.Call) else ():
        yield codes[0], str(keyword.arg), ast.unparse(keyword.value)
    for given in (part for one in parts for part in ast.walk(one) if isinstance(part, ast.Dict)):
        for key, value in zip(given.keys, given.values, strict=True):
            if isinstance(key, ast.Constant):
                yield codes[0], str(key.value), ast.unparse(value)


def test_no_english_sentence_is_still_chinese() -> None:
    """Nor set with quotation marks that fonts with Chinese make as wide as a Chinese letter."""
    wrong = re.compile(r"[\u2018-\u201d\u4e00-\u9fff]")
    assert not [code for code, sentence in _sentences("en").items() if wrong.search(sentence)]


def test_every_refusal_in_the_code_has_its_sentence() -> None:
    known = _sentences("zh")
    unknown = [(code, place) for code, place in _refused() if not any(re.fullmatch(code, one) for one in known)]
    assert not unknown


def test_no_sentence_lies_unused() -> None:
    mentioned = re.compile("|".join(sorted(_mentioned())))
    assert not [code for code in _sentences("zh") if not mentioned.fullmatch(code)]


def test_the_arguments_given_fill_the_sentence() -> None:
    """refuse("code", a=…) and Problem("code", {"a": …}) name every placeholder of the sentence."""
    known = _sentences("zh")
    lacking: list[str] = []
    for path in product_files():
        for node in ast.walk(parsed(path)):
            given = _given(node)
            if given is None:
                continue
            code, names = given
            if missing := _placeholders(known.get(code, "")) - names:
                lacking.append(f"{shown(path, getattr(node, 'lineno', 0))}: {code} lacks {sorted(missing)}")
    assert not lacking


def _given(node: ast.AST) -> tuple[str, set[str]] | None:
    """Code and argument names of a call whose names can be read off the source; None for any other node."""
    if not isinstance(node, ast.Call) or not node.args or not isinstance(node.args[0], ast.Constant):
        return None
    name = getattr(node.func, "id", getattr(node.func, "attr", ""))
    code = str(node.args[0].value)
    if name == "refuse" and all(keyword.arg for keyword in node.keywords):
        return code, {str(keyword.arg) for keyword in node.keywords}
    if name == "Problem":
        arguments = (
            node.args[1] if len(node.args) > 1 else next((k.value for k in node.keywords if k.arg == "args"), None)
        )
        if arguments is None:
            return code, set()
        if isinstance(arguments, ast.Dict) and all(isinstance(key, ast.Constant) for key in arguments.keys):
            return code, {str(key.value) for key in arguments.keys if isinstance(key, ast.Constant)}
    return None
