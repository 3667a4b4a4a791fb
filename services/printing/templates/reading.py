"""A template as JSON and back: every key is known, every value has its kind, or the sentence says which has not."""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeVar

from models.kernel.problems import Problem, Refused, refuse
from services.platform.tongues import LANGUAGES
from services.printing.templates.model import FORMAT, VERSION, Paper, ShownColumn, ShownField, Template

T = TypeVar("T")
MOST_BYTES = 2 * 1024 * 1024
_PAPER = ("width_mm", "height_mm", "left_mm", "right_mm", "top_mm", "bottom_mm")
_TEXTS = ("type", "name", "title", "copies", "terms", "footer")
_FLAGS = ("fills", "barcode", "in_words")
_NUMBERS = ("row_mm", "text_pt", "logo_mm")
_LONGEST = 500
_LARGEST = 10_000


def written(template: Template) -> str:
    """The template as JSON, keys in a fixed order."""
    return json.dumps(
        {
            "format": FORMAT,
            "version": VERSION,
            **{key: getattr(template, key) for key in _TEXTS},
            **({"language": template.language} if template.language else {}),
            "paper": {key: getattr(template.paper, key) for key in _PAPER},
            "head": [
                {"key": f.key, "label": f.label, "row": f.row, "weight": f.weight, "shown": f.shown}
                for f in template.head
            ],
            "columns": {
                name: [{"key": c.key, "title": c.title, "width_mm": c.width_mm, "shown": c.shown} for c in columns]
                for name, columns in template.columns.items()
            },
            "rows_per_page": template.rows_per_page,
            **{key: getattr(template, key) for key in (*_FLAGS, *_NUMBERS)},
            "signatures": list(template.signatures),
            "logo": base64.b64encode(template.logo).decode(),
        },
        ensure_ascii=False,
        indent=1,
    )


def read(text: str | bytes) -> Template:
    """The template of a JSON text; refused with every fault at once (no template, a newer version, wrong or unknown keys)."""
    if len(text) > MOST_BYTES:
        raise refuse("form.too_large", kilobytes=len(text) // 1024, most=MOST_BYTES // 1024)
    try:
        found = json.loads(text.decode("utf-8-sig") if isinstance(text, bytes) else text)
    except (ValueError, RecursionError) as error:
        raise refuse("form.no_template") from error
    if not isinstance(found, dict) or found.get("format") != FORMAT:
        raise refuse("form.no_template")
    if found.get("version") != VERSION:
        raise refuse("form.version", version=str(found.get("version")), known=VERSION)
    reader = _Reader()
    template = reader.template({key: value for key, value in found.items() if key not in ("format", "version")})
    if reader.problems:
        raise Refused(reader.problems)
    return template


class _Reader:
    """Reads values by their kind and gathers what is wrong."""

    def __init__(self) -> None:
        self.problems: list[Problem] = []

    def template(self, found: Mapping[str, Any]) -> Template:
        """The template; wrong values stand at a default and are told in problems."""
        known = (
            *_TEXTS,
            *_FLAGS,
            *_NUMBERS,
            "paper",
            "head",
            "columns",
            "rows_per_page",
            "signatures",
            "logo",
            "language",
        )
        self._known(found, known, "")
        paper = self._mapping(found.get("paper"), "paper")
        self._known(paper, _PAPER, "paper.")
        rows = found.get("rows_per_page")
        values: dict[str, Any] = {key: self._text(found.get(key), key) for key in _TEXTS}
        values |= {key: self._flag(found.get(key), key) for key in _FLAGS}
        values |= {key: self._number(found.get(key), key) for key in _NUMBERS}
        return Template(
            **values,
            paper=Paper(**{key: round(self._number(paper.get(key), f"paper.{key}"), 1) for key in _PAPER}),
            head=tuple(self._each(found.get("head"), "head", self._field)),
            columns={
                str(name): tuple(self._each(columns, f"columns.{name}", self._column))
                for name, columns in self._mapping(found.get("columns"), "columns").items()
            },
            rows_per_page=None if rows is None else self._whole(rows, "rows_per_page"),
            signatures=tuple(self._each(found.get("signatures"), "signatures", self._text)),
            logo=self._picture(found.get("logo"), "logo"),
            language=self._language(found.get("language", ""), "language"),
        )

    def _field(self, found: Any, path: str) -> ShownField:
        entry = self._mapping(found, path)
        self._known(entry, ("key", "label", "row", "weight", "shown"), f"{path}.")
        return ShownField(
            self._text(entry.get("key"), f"{path}.key"),
            self._text(entry.get("label"), f"{path}.label"),
            int(self._whole(entry.get("row"), f"{path}.row")),
            self._number(entry.get("weight"), f"{path}.weight"),
            self._flag(entry.get("shown"), f"{path}.shown"),
        )

    def _column(self, found: Any, path: str) -> ShownColumn:
        entry = self._mapping(found, path)
        self._known(entry, ("key", "title", "width_mm", "shown"), f"{path}.")
        return ShownColumn(
            self._text(entry.get("key"), f"{path}.key"),
            self._text(entry.get("title"), f"{path}.title"),
            round(self._number(entry.get("width_mm"), f"{path}.width_mm"), 1),
            self._flag(entry.get("shown"), f"{path}.shown"),
        )

    def _known(self, found: Mapping[str, Any], keys: Sequence[str], path: str) -> None:
        unknown = sorted(str(key) for key in found if key not in keys)
        if unknown:
            names = tuple(path + key for key in unknown)
            self.problems.append(Problem("form.unknown_key", {"keys": names, "known": tuple(keys)}))

    def _each(self, found: Any, path: str, one: Callable[[Any, str], T]) -> list[T]:
        if not isinstance(found, list):
            self._wrong(path, found, "list")
            return []
        return [one(value, f"{path}.{number}") for number, value in enumerate(found, start=1)]

    def _mapping(self, found: Any, path: str) -> Mapping[str, Any]:
        if isinstance(found, dict):
            return found
        self._wrong(path, found, "object")
        return {}

    def _text(self, found: Any, path: str) -> str:
        if isinstance(found, str) and len(found) <= _LONGEST:
            return found
        self._wrong(path, found, "text")
        return ""

    def _flag(self, found: Any, path: str) -> bool:
        if not isinstance(found, bool):
            self._wrong(path, found, "flag")
        return found is True

    def _number(self, found: Any, path: str) -> float:
        if isinstance(found, int | float) and not isinstance(found, bool) and 0 <= found <= _LARGEST:
            return float(found)
        self._wrong(path, found, "number")
        return 1.0

    def _whole(self, found: Any, path: str) -> int:
        if isinstance(found, int) and not isinstance(found, bool) and 1 <= found <= _LARGEST:
            return found
        self._wrong(path, found, "whole")
        return 1

    def _picture(self, found: Any, path: str) -> bytes:
        try:
            if isinstance(found, str):
                return base64.b64decode(found, validate=True)
        except binascii.Error:
            pass
        self._wrong(path, "…", "base64")
        return b""

    def _language(self, found: Any, path: str) -> str:
        """One of the languages; a template without the key, as all once were, speaks the language of who prints it."""
        if found in ("", *LANGUAGES):
            return str(found)
        self._wrong(path, found, "language")
        return ""

    def _wrong(self, path: str, found: Any, wanted: str) -> None:
        shown = "—" if found is None else str(found)[:40]
        values = {"path": path, "value": shown, "longest": _LONGEST, "languages": tuple(LANGUAGES)}
        self.problems.append(Problem(f"form.value_{wanted}", values))
