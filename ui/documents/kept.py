"""Between a document being typed and the JSON it is kept as until it is saved."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from models.kernel.refs import DocRef


def frozen(value: Any) -> Any:
    """A value as JSON: decimals, days, moments and documents are named for what they are; anything else but texts is None."""
    if value is None or isinstance(value, bool | int | str):
        return value
    if isinstance(value, Decimal):
        return {"decimal": str(value)}
    if isinstance(value, datetime):
        return {"moment": value.isoformat()}
    if isinstance(value, date):
        return {"day": value.isoformat()}
    if isinstance(value, DocRef):
        return {"document": [value.type, value.id, value.number]}
    return None


def thawed(value: Any) -> Any:
    """The value again; ValueError for what was never written by frozen()."""
    if not isinstance(value, dict):
        return value
    ((kind, inner),) = value.items()
    if kind == "decimal":
        return Decimal(inner)
    if kind == "moment":
        return datetime.fromisoformat(inner)
    if kind == "day":
        return date.fromisoformat(inner)
    if kind == "document":
        return DocRef(*inner)
    raise ValueError(kind)


def frozen_row(row: Mapping[str, Any]) -> dict[str, Any]:
    """A line or a head as JSON."""
    return {key: frozen(value) for key, value in row.items()}


def thawed_row(row: Mapping[str, Any]) -> dict[str, Any]:
    """The line or head again."""
    return {key: thawed(value) for key, value in row.items()}
