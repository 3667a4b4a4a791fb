"""What must hold within one master record."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Decimal
from pathlib import PurePosixPath, PureWindowsPath
from typing import Any

from models.kernel.numbers import parse_number, places_of
from services.platform.parameters import BY_KEY, first_day

Fault = tuple[str, str, dict[str, object]]
"""column, problem code, args"""

HUNDRED = Decimal(100)
_LOTS = ("safety_stock", "lot_size", "lot_minimum", "lot_multiple", "lot_maximum")


def check_item(row: Mapping[str, Any], decimals: int) -> list[Fault]:
    """Yield only where something is made, lots that fit each other and the unit (AT-29, exchange contract)."""
    faults: list[Fault] = []
    code = row["code"]
    kind, policy = row["kind"], row["lot_policy"]
    if row["yield_rate"] != 1 and kind not in ("manufactured", "subcontracted"):
        faults.append(("yield_rate", "item.yield_not_made", {"item": code, "value": row["yield_rate"]}))
    for column in _LOTS:
        value: Decimal | None = row.get(column)
        if value is None:
            continue
        if places_of(value) > decimals:
            faults.append((column, "item.lot_decimals", {"item": code, "value": value, "decimals": decimals}))
        if value <= 0 and column != "safety_stock":
            faults.append((column, "item.lot_not_positive", {"item": code, "value": value}))
    if faults:
        return faults
    return _check_policy(row, code, policy)


def _check_policy(row: Mapping[str, Any], code: str, policy: str) -> list[Fault]:
    faults: list[Fault] = []
    if policy == "fixed" and not row.get("lot_size"):
        faults.append(("lot_size", "item.no_lot_size", {"item": code}))
    if policy == "period" and not row.get("period_days"):
        faults.append(("period_days", "item.no_period", {"item": code}))
    maximum = row.get("lot_maximum")
    if maximum is None:
        return faults
    floors = {
        "fixed": ("lot_size",),
        "minimum": ("lot_minimum", "lot_multiple"),
        "period": ("lot_minimum", "lot_multiple"),
    }
    for column in floors.get(policy, ()):
        value = row.get(column)
        if value is not None and value > maximum:
            faults.append((column, "item.lot_above_maximum", {"item": code, "value": value, "maximum": maximum}))
    return faults


def check_parameter(row: Mapping[str, Any]) -> list[Fault]:
    """Known keys and allowed values only."""
    key, value = row["key"], row["value"]
    spec = BY_KEY.get(key)
    if spec is None:
        return [("key", "parameter.unknown", {"key": key, "known": tuple(BY_KEY)})]
    if spec.choices is not None and value not in spec.choices:
        allowed = " / ".join(spec.choices)
        return [("value", "parameter.value", {"key": key, "value": value, "allowed": allowed})]
    if spec.number and not value.replace(".", "", 1).isdigit():
        return [("value", "parameter.number", {"key": key, "value": value})]
    if spec.form and value and not FORMS[spec.form](value):
        return [("value", f"parameter.{spec.form}", {"title": spec.title, "value": value})]
    return []


def _is_folder(text: str) -> bool:
    """Whether a text is a whole path on Windows or elsewhere: part of one would mean another folder on every machine."""
    return PureWindowsPath(text).is_absolute() or PurePosixPath(text).is_absolute()


FORMS: Mapping[str, Callable[[str], bool]] = {
    "folder": _is_folder,
    "month": lambda text: first_day(text) is not None,
    "percent": lambda text: parse_number(text) <= HUNDRED,
}
"""what the text of a parameter must be"""


def check_substitute(row: Mapping[str, Any]) -> list[Fault]:
    """Not itself, and dates in order."""
    faults: list[Fault] = []
    if row["component"] == row["substitute"]:
        faults.append(("substitute", "substitute.itself", {"item": row["component"]}))
    if row.get("valid_from") and row.get("valid_to") and row["valid_from"] > row["valid_to"]:
        faults.append(("valid_to", "substitute.dates", {"start": row["valid_from"], "end": row["valid_to"]}))
    return faults


CHECKS: Mapping[str, Callable[[Mapping[str, Any]], list[Fault]]] = {
    "parameters": check_parameter,
    "substitutes": check_substitute,
}
