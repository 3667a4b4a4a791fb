"""Forecast consumption: ordered quantities eat the forecast of their calendar month, earliest line first."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from services.planning.engine.exact import group_starts
from services.planning.engine.model import I64, Columns

_EPOCH = 719_163
"""Ordinal of 1970-01-01."""


@dataclass(frozen=True)
class DatedQuantities(Columns):
    """Lines of forecasts or orders: item, due day (ordinal), quantity in last places."""

    item: I64
    day: I64
    quantity: I64


def months(days: I64) -> I64:
    """Calendar month of each ordinal, counted from January 1970."""
    made: I64 = (days - _EPOCH).astype("datetime64[D]").astype("datetime64[M]").astype(np.int64)
    return made


def consume(forecast: DatedQuantities, ordered: DatedQuantities) -> I64:
    """What is left of every forecast line (AT-01, AT-03).

    In each month the ordered quantities of an item, delivered or not, eat its lines by due day, then by their order
    in the table; lines before the start of planning are eaten like any other.
    """
    if not len(forecast):
        return forecast.quantity.copy()
    month = months(forecast.day)
    order = np.lexsort((np.arange(len(forecast)), forecast.day, month, forecast.item))
    key = _keys(forecast.item, month)
    sorted_keys = key[order]
    starts = group_starts(sorted_keys)
    eaten = np.zeros(len(starts), dtype=np.int64)
    found = np.searchsorted(sorted_keys[starts], _keys(ordered.item, months(ordered.day)))
    known = np.minimum(found, len(starts) - 1)
    hit = sorted_keys[starts][known] == _keys(ordered.item, months(ordered.day))
    np.add.at(eaten, known[hit], ordered.quantity[hit])
    group = np.repeat(np.arange(len(starts)), np.diff(np.append(starts, len(order))))
    through = np.cumsum(forecast.quantity[order])
    through -= (through - forecast.quantity[order])[starts][group]
    left = np.clip(through - eaten[group], 0, forecast.quantity[order])
    made = np.empty(len(left), dtype=np.int64)
    made[order] = left
    return made


def _keys(item: I64, month: I64) -> I64:
    return item * 200_000 + month + 100_000
