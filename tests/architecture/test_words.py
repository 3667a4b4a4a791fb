"""Every text of window and paper has its English, with the same places to fill, and no translation lies unused."""

from __future__ import annotations

import ast
import json
import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from string import Formatter

import app.wiring  # noqa: F401 registers the document types
from models.kernel import vocabulary as words_of_the_field
from services.documents.types import registry
from services.engineering.views import BOM_STATES
from services.exchange.sheets import IMPORTED_SHEETS, SHEETS
from services.masterdata.kinds import KINDS
from services.matching.columns import FIELDS
from services.matching.matching import REASONS
from services.platform.access.rights import AREAS, vocabulary
from services.platform.access.roles import STANDING_ROLES
from services.platform.parameters import PARAMETERS
from services.platform.servers import TLS
from services.platform.tongues import DEED, LANGUAGES, PAGE, SIGNER
from services.printing.api import LABEL_SHEETS, PAPERS
from services.reporting import offers
from tests.support.places import ROOT, parsed, product_files, shown
from ui.documents.history import VERBS
from ui.engineering.facts_panel import ACTIONS

WORDS = ROOT / "resources" / "words" / "en.json"
CHINESE = re.compile(r"[\u4e00-\u9fff]")
# Chinese marks: a text of places and marks alone ("{name}（{owner}）") is set in another language too.
MARKS = re.compile(r"[\u3001\u3002\u3008-\u3011\uff01\uff08-\uff0f\uff1a\uff1b\uff1f]")
# Fonts with Chinese make these as wide as a Chinese letter; English has straight ones.
QUOTES = re.compile(r"[\u2018-\u201d]")
# Texts that are read, not shown: patterns of dates, and a file's own name.
READ = re.compile(r"^\^|\\d|\[")
SPEAKING = (
    "app/arguments.py",
    "app/opening.py",
    "ui",
    "services/printing",
    "services/reporting/labels.py",
    "services/reporting/offers.py",
    "services/reporting/picked.py",
    "services/reporting/prints.py",
    "services/exchange/template.py",
    "services/exchange/headings.py",
    "services/exchange/reader/sources.py",
)
# 人民币大写 has no English: its module writes English amounts beside it.
CHINESE_ONLY = {"services/printing/words.py"}
# Modules whose Chinese texts reach _declared through what they declare …
DECLARING = (
    "services/engineering/views.py",
    "services/exchange/sheets",
    "services/inventory/docs.py",
    "services/masterdata/kinds.py",
    "services/masterdata/saving.py",
    "services/matching/columns.py",
    "services/matching/matching.py",
    "services/platform/access/rights.py",
    "services/platform/access/roles.py",
    "services/platform/parameters.py",
    "services/platform/servers.py",
    "services/platform/tongues.py",
    "services/production/docs.py",
    "services/purchasing/docs.py",
    "services/sales/docs.py",
    "services/subcontracting/docs.py",
)
# … and those that read Chinese, or write for one language only.
READING = (
    "services/exchange/describing.py",
    "services/exchange/values.py",
    "services/masterdata/pinyin.py",
    "services/matching/engine",
    "services/matching/reading.py",
    "services/platform/messages.py",
    "services/platform/places.py",
    "services/reporting/form_templates.py",
)


def _english() -> dict[str, str]:
    found: dict[str, str] = json.loads(WORDS.read_text(encoding="utf-8"))
    return found


def _speaking_files() -> list[Path]:
    """The modules whose Chinese constants somebody reads: the window, and what draws and fills paper."""
    return [
        path
        for path in product_files()
        if any(path.is_relative_to(ROOT / place) for place in SPEAKING)
        and str(path.relative_to(ROOT)) not in CHINESE_ONLY
    ]


def _under(path: Path, places: Iterable[str]) -> list[str]:
    """Those of the places that a file is or lies in."""
    return [place for place in places if path.is_relative_to(ROOT / place)]


def _docstrings(tree: ast.AST) -> set[int]:
    return {id(n.value) for n in ast.walk(tree) if isinstance(n, ast.Expr) and isinstance(n.value, ast.Constant)}


def _pieces(tree: ast.AST) -> set[int]:
    return {id(part) for n in ast.walk(tree) if isinstance(n, ast.JoinedStr) for part in n.values}


def _chinese(tree: ast.AST) -> Iterator[ast.Constant]:
    skipped = _docstrings(tree)
    for node in ast.walk(tree):
        if not isinstance(node, ast.Constant) or not isinstance(node.value, str) or id(node) in skipped:
            continue
        marked = "{" in node.value and MARKS.search(node.value)
        if (CHINESE.search(node.value) or marked) and not READ.search(node.value):
            yield node


def _written() -> dict[str, str]:
    """Text -> where it stands in the code of window and paper."""
    made: dict[str, str] = {}
    for path in _speaking_files():
        tree = parsed(path)
        pieces = _pieces(tree)
        for node in _chinese(tree):
            if id(node) not in pieces:
                made.setdefault(str(node.value), shown(path, node.lineno))
    return made


def _texts(value: object, depth: int = 0) -> Iterator[str]:
    """Chinese texts inside declarations: mappings, sequences, dataclasses."""
    if isinstance(value, str):
        if CHINESE.search(value):
            yield value
    elif depth > 8:
        return
    elif hasattr(value, "items"):
        for pair in value.items():
            yield from _texts(pair, depth + 1)
    elif isinstance(value, tuple | list | set | frozenset):
        for one in value:
            yield from _texts(one, depth + 1)
    elif hasattr(value, "__dataclass_fields__"):
        for name in value.__dataclass_fields__:
            yield from _texts(getattr(value, name, None), depth + 1)


def _declared() -> set[str]:
    """Titles and words that the services declare and the window shows."""
    kinds = [(kind.title, kind.kinds) for kind in registry]
    rights = [(subject.title, subject.verbs) for subject in vocabulary.subjects()]
    public = [value for name, value in vars(words_of_the_field).items() if not name.startswith("_")]
    sources: Iterable[object] = (
        kinds, rights, public, [kind.title for kind in KINDS.values()], list(PARAMETERS), dict(AREAS), list(STANDING_ROLES),
        [paper.title for paper in PAPERS.values()], [sheet.title for sheet in LABEL_SHEETS.values()], list(TLS.values()),
        [sheet.title for sheet in SHEETS], [[c.title, c.help, c.choices] for sheet in IMPORTED_SHEETS for c in sheet.columns],
        dict(FIELDS), dict(REASONS), dict(BOM_STATES), dict(LANGUAGES),
        [offers.offer_of(code) for code, _ in offers.printed_types()],
    )  # fmt: skip
    return {text for source in sources for text in _texts(source)}


def test_every_text_of_window_and_paper_has_its_english() -> None:
    english = _english()
    missing = [f"{place}: {text!r}" for text, place in _written().items() if text not in english]
    missing += [f"declared: {text!r}" for text in sorted(_declared()) if text not in english]
    assert missing == []


def test_of_every_module_it_is_known_whether_its_chinese_is_shown() -> None:
    """A new module of the services with Chinese texts is named here, so that none is shown without its English."""
    places = (*SPEAKING, *DECLARING, *READING)
    files = [path for path in product_files() if path.is_relative_to(ROOT / "services")]
    chinese = [path for path in files if next(_chinese(parsed(path)), None) is not None]
    assert [str(path.relative_to(ROOT)) for path in chinese if not _under(path, places)] == []
    named = {place for path in chinese for place in _under(path, places)}
    assert [place for place in places if place.startswith("services/") and place not in named] == []


def test_no_translation_lies_unused() -> None:
    signers = {SIGNER + label for code, _ in offers.printed_types() for label in offers.offer_of(code).signatures}
    pages = {PAGE + title for title in (*(kind.title for kind in (*registry, *KINDS.values())), *_written())}
    deeds = {DEED + verb for verb in (*VERBS.values(), *ACTIONS.values())}
    shown_somewhere = {*_written(), *_declared(), *signers, *pages, *deeds}
    assert [text for text in _english() if text not in shown_somewhere] == []


def test_a_translation_fills_the_same_places() -> None:
    def places(text: str) -> set[str]:
        return {name for _, name, _, _ in Formatter().parse(text) if name}

    wrong = [text for text, english in _english().items() if "{" in text and places(text) != places(english)]
    assert wrong == []


def test_no_chinese_is_glued_into_a_text_where_it_cannot_be_translated() -> None:
    glued = []
    for path in _speaking_files():
        tree = parsed(path)
        pieces = _pieces(tree)
        glued += [shown(path, node.lineno) for node in _chinese(tree) if id(node) in pieces]
        if path.is_relative_to(ROOT / "ui"):
            constants = [node for node in ast.walk(tree) if isinstance(node, ast.Constant) and id(node) in pieces]
            glued += [shown(path, node.lineno) for node in constants if MARKS.search(str(node.value))]
    assert glued == []


def test_english_is_english() -> None:
    wrong = re.compile(f"{CHINESE.pattern}|{MARKS.pattern}|{QUOTES.pattern}")
    assert [text for text, english in _english().items() if wrong.search(english) or not english.strip()] == []
