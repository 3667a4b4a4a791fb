"""Calls that break a rule of the house: another clock, another commit, SQL out of pieces, code out of data."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.support.places import ROOT, parsed, product_files, shown

Hits = Iterator[ast.AST]


def _dotted(node: ast.expr) -> str:
    """`a.b.c` of a name or attribute chain; the part that is a call or subscript is left out as `?`."""
    if isinstance(node, ast.Attribute):
        return f"{_dotted(node.value)}.{node.attr}"
    return node.id if isinstance(node, ast.Name) else "?"


def _calls(tree: ast.Module) -> Iterator[tuple[str, ast.Call]]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            yield _dotted(node.func), node


def _ends_with(*endings: str) -> Callable[[ast.Module], Hits]:
    """Calls whose dotted name is one of the endings or ends with a dot and one of them."""

    def find(tree: ast.Module) -> Hits:
        return (node for name, node in _calls(tree) if any(f".{name}".endswith(f".{end}") for end in endings))

    return find


def _names(*forbidden: str) -> Callable[[ast.Module], Hits]:
    """Any mention of these names, in an import or in code."""

    def find(tree: ast.Module) -> Hits:
        for node in ast.walk(tree):
            if isinstance(node, ast.Import | ast.ImportFrom):
                module = getattr(node, "module", None) or ""
                if any(alias.name in forbidden or module in forbidden for alias in node.names):
                    yield node
            elif isinstance(node, ast.Name | ast.Attribute) and _dotted(node).rpartition(".")[2] in forbidden:
                yield node

    return find


def _imports_under(*packages: str) -> Callable[[ast.Module], Hits]:
    """Imports of these packages or of anything in them."""

    def find(tree: ast.Module) -> Hits:
        for node in ast.walk(tree):
            if isinstance(node, ast.Import):
                modules = [alias.name for alias in node.names]
            elif isinstance(node, ast.ImportFrom):
                modules = [node.module or "", *(f"{node.module}.{alias.name}" for alias in node.names)]
            else:
                continue
            if any(f"{module}.".startswith(f"{package}.") for module in modules for package in packages):
                yield node

    return find


SQL_TAKERS = ("text", "exec_driver_sql", "execute", "executescript", "executemany", "scalar", "scalars", "DDL")


def _pieced_sql(tree: ast.Module) -> Hits:
    """SQL handed over as an f-string with holes, a %-format, a .format() or a sum of strings."""
    foreign = _foreign_text(tree)
    for name, call in _calls(tree):
        taken = name.rpartition(".")[2] in SQL_TAKERS and not (foreign and name == "text")
        if taken and call.args and _is_pieced(call.args[0]):
            yield call


def _foreign_text(tree: ast.Module) -> bool:
    """Whether the module's `text` is another than SQLAlchemy's, such as the sentence of a message."""
    return any(
        isinstance(node, ast.ImportFrom)
        and (node.module or "").split(".")[0] != "sqlalchemy"
        and any((alias.asname or alias.name) == "text" for alias in node.names)
        for node in ast.walk(tree)
    )


def _is_pieced(node: ast.expr) -> bool:
    if isinstance(node, ast.JoinedStr):
        # A PRAGMA takes no bound parameter; its values are the product's own constants.
        first = node.values[0] if node.values else None
        pragma = isinstance(first, ast.Constant) and str(first.value).startswith("PRAGMA ")
        return not pragma and any(isinstance(part, ast.FormattedValue) for part in node.values)
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add | ast.Mod):
        return any(isinstance(side, ast.Constant | ast.JoinedStr) for side in (node.left, node.right))
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
        return node.func.attr == "format" and isinstance(node.func.value, ast.Constant)
    return False


# Rule, what finds it, and the places that are the one home of such a call, with the reason.
RULES = [
    pytest.param(
        _ends_with("datetime.now", "datetime.utcnow", "datetime.today", "date.today", "time.time", "time.localtime"),
        ("app/", "services/platform/clock.py"),
        id="the clock is asked in one place; rules receive the date",
    ),
    pytest.param(
        _ends_with("processEvents"),
        (),
        id="long work runs off the window's thread, never inside processEvents",
    ),
    pytest.param(
        _names("QSortFilterProxyModel"),
        (),
        id="lists are sorted in SQL or in a Python index, never in a proxy over a Python model",
    ),
    pytest.param(
        _ends_with("commit", "rollback"),
        ("services/platform/",),
        id="one action is one transaction, opened and ended by services.platform",
    ),
    pytest.param(
        _names("pickle", "marshal", "shelve", "dill"),
        (),
        id="no code is loaded out of data",
    ),
    pytest.param(
        lambda tree: (node for name, node in _calls(tree) if name in {"eval", "exec", "compile", "__import__"}),
        (),
        id="no text is run as code",
    ),
    pytest.param(
        _ends_with("yaml.load", "yaml.unsafe_load", "os.system", "os.popen"),
        (),
        id="no shell and no loader that makes objects",
    ),
    pytest.param(
        _imports_under("sqlalchemy.orm", "sqlalchemy.ext"),
        # How a list of keys is written on each database is told through sqlalchemy.ext.compiler, which is no ORM.
        ("services/platform/prepared.py",),
        id="tables and frozen rows, no ORM",
    ),
    pytest.param(
        _pieced_sql,
        # Names of tables, triggers and settings are not values and cannot be bound; they come from the schema itself.
        ("models/triggers.py", "models/migrations/", "services/platform/", "services/planning/store.py"),
        id="SQL has bound parameters, never pieces",
    ),
    pytest.param(
        _ends_with("QKeySequence"),
        ("ui/framework/keys.py",),
        id="keys are read by Qt's own names in one place: in the window's names two keys are called Enter",
    ),
]


@pytest.mark.parametrize(("find", "homes"), RULES)
def test_no_module_breaks_the_rule(find: Callable[[ast.Module], Hits], homes: tuple[str, ...]) -> None:
    found = [
        shown(path, getattr(node, "lineno", 0))
        for path in product_files()
        if not path.relative_to(ROOT).as_posix().startswith(homes or ("-",))
        for node in find(parsed(path))
    ]
    assert not found


@pytest.mark.parametrize(
    ("source", "number"),
    [
        ("date.today()", 0),
        ("datetime.datetime.now()", 0),
        ("QApplication.processEvents()", 1),
        ("from PySide6.QtCore import QSortFilterProxyModel", 2),
        ("connection.commit()", 3),
        ("import pickle", 4),
        ("eval('1')", 5),
        ("yaml.load(x)", 6),
        ("from sqlalchemy import orm", 7),
        ("import sqlalchemy.orm as orm", 7),
        ("c.execute(text(f'select {x}'))", 8),
        ("c.exec_driver_sql('select ' + x)", 8),
        ("text('select %s' % x)", 8),
        ("text('select {}'.format(x))", 8),
    ],
)
def test_each_rule_finds_what_it_forbids(source: str, number: int) -> None:
    find = RULES[number].values[0]
    assert callable(find)
    assert list(find(ast.parse(source)))


TEXT_OF_A_MESSAGE = "from services.platform.messages import text\ntext(f'plan.{kind}')"


@pytest.mark.parametrize(
    "source", ["text('select 1')", "text(f'select 1')", TEXT_OF_A_MESSAGE, "clock.today()", "re.compile('a')"]
)
def test_the_rules_leave_sound_code_alone(source: str) -> None:
    found = [rule.id for rule in RULES if callable(rule.values[0]) and list(rule.values[0](ast.parse(source)))]
    assert not found


def test_only_main_imports_app() -> None:
    allowed = ("main.py", "run.py", "app/")
    found = [
        shown(path, node.lineno)
        for path in product_files()
        if not path.relative_to(ROOT).as_posix().startswith(allowed)
        for node in ast.walk(parsed(path))
        if isinstance(node, ast.ImportFrom) and (node.module or "").split(".")[0] in {"app", "main"}
    ]
    assert not found


def test_every_folder_of_the_product_is_a_package() -> None:
    folders: set[Path] = {path.parent for path in product_files()} - {ROOT}
    assert not [shown(folder) for folder in folders if not (folder / "__init__.py").exists()]
