"""Runs the head of a document down its rows: written on the first, blank or the same below."""

from __future__ import annotations

from collections.abc import Iterable

from models.kernel.problems import Problem
from services.exchange.faults import Faults
from services.exchange.parsed import ParsedSheet, Value
from services.exchange.values import Converter, Fault

Mixed = list[Value | Fault]


def carry_down(parsed: ParsedSheet, mixed: dict[str, Mixed], converters: dict[str, Converter], faults: Faults) -> None:
    """Fills blank cells of number, head and carried columns from above, then with their defaults.

    A blank number continues the document above; two head values of one document that differ are a fault.
    """
    numbers = mixed["number"] = _numbers(mixed["number"], converters["number"])
    for key in parsed.sheet.header:
        if key != "number" and key in mixed:
            column = mixed[key]
            _check_head(parsed, key, zip(numbers, column, strict=True), faults)
            if None in column:
                mixed[key] = _one_head(numbers, column, converters[key])
    for key in parsed.sheet.carried:
        if key in mixed and None in mixed[key]:
            mixed[key] = _carried(numbers, mixed[key], converters[key])


def _numbers(values: Mixed, converter: Converter) -> Mixed:
    if None not in values:
        return values
    last: Value | Fault = None
    if values[0] is None:
        converter.faulty = True
        last = converter.default
    filled: Mixed = []
    for value in values:
        last = last if value is None else value
        filled.append(last)
    return filled


def _check_head(
    parsed: ParsedSheet, key: str, pairs: Iterable[tuple[Value | Fault, Value | Fault]], faults: Faults
) -> None:
    listed = list(pairs)
    different = {(number, value) for number, value in set(listed) if value is not None and not isinstance(value, Fault)}
    if len(different) == len({number for number, _value in different}):
        return
    position = next(place for place, column in enumerate(parsed.sheet.columns) if column.key == key)
    heads: dict[Value | Fault, tuple[Value | Fault, int]] = {}
    for index, (number, value) in enumerate(listed):
        if value is None or isinstance(value, Fault):
            continue
        head, first = heads.setdefault(number, (value, index))
        if value != head:
            args = {"value": value, "head": head, "row": parsed.rows[first], "number": number}
            faults.add(parsed.rows[index], position, Problem("exchange.contradiction", args, parsed.place(index, key)))


def _one_head(numbers: Mixed, column: Mixed, converter: Converter) -> Mixed:
    heads: dict[Value | Fault, Value | Fault] = {}
    for number, value in zip(numbers, column, strict=True):
        if value is not None:
            heads.setdefault(number, value)
    filled: Mixed = []
    for number, value in zip(numbers, column, strict=True):
        if value is not None:
            filled.append(value)
        elif number in heads:
            head = heads[number]
            filled.append(None if isinstance(head, Fault) else head)
        else:
            filled.append(converter.default)
            if isinstance(converter.default, Fault):
                converter.faulty = True
                heads[number] = None
    return filled


def _carried(numbers: Mixed, column: Mixed, converter: Converter) -> Mixed:
    last: dict[Value | Fault, Value | Fault] = {}
    filled: Mixed = []
    for number, value in zip(numbers, column, strict=True):
        if value is None:
            value = last.get(number, converter.default)
            converter.faulty = converter.faulty or isinstance(value, Fault)
        else:
            last[number] = value
        filled.append(value)
    return filled
