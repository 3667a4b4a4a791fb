"""Netting pool by pool in Python's integers: substitutes, restricted runs, and quantities beyond 64 bits."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field

from services.planning.engine.lots import LotRule
from services.planning.engine.model import NONE
from services.planning.engine.rounding import ceil_div
from services.planning.engine.substitution import Shelf, Taken


@dataclass(slots=True)
class Event:
    """One day of a pool: change of the balance, and how much of the demand is selected or for which parent's order."""

    delta: int = 0
    selected: int = 0
    components: dict[int, int] = field(default_factory=lambda: defaultdict(int))


@dataclass(slots=True)
class Ledger:
    """The balance of one pool. scale: balance units of a last place; good: of a started unit."""

    item: int
    tag: int
    balance: int
    scale: int
    good: int
    rule: LotRule
    period: int
    events: dict[int, Event]
    settled: int = NONE


@dataclass(frozen=True, slots=True)
class ExactOutcome:
    """requirements: (ledger, day, quantity to be started); open_demand: (ledger, day, balance units)."""

    requirements: list[tuple[int, int, int]]
    taken: list[Taken]
    open_demand: list[tuple[int, int, int]]


def net_exactly(ledgers: list[Ledger], shelf: Shelf, *, restricted: bool) -> ExactOutcome:
    """Nets the ledgers by day, then item, then tag, so that shared substitutes go to the earliest need.

    restricted: a shortage is planned only as far as selected demand of that day causes it; the rest is left open. The
    days that a `period` order of a restricted run groups are settled by it.
    """
    made = ExactOutcome([], [], [])
    calendar = sorted((day, led.item, led.tag, at) for at, led in enumerate(ledgers) for day in led.events)
    for day, _, _, at in calendar:
        ledger = ledgers[at]
        if day <= ledger.settled:
            continue
        event = ledger.events[day]
        ledger.balance += event.delta
        if ledger.balance >= 0:
            continue
        short = -ledger.balance
        if restricted:
            short = _close(ledger, day, at, made)
        if short and ledger.tag == NONE:
            covered = shelf.cover(ledger.item, day, ceil_div(short, ledger.scale), event.components, made.taken)
            ledger.balance += covered * ledger.scale
            short = max(0, short - covered * ledger.scale)
        if short:
            _plan(ledger, day, at, short, made, restricted=restricted)
    return made


def _close(ledger: Ledger, day: int, at: int, made: ExactOutcome) -> int:
    """Leaves open what selected demand does not cause; returns what is to be planned."""
    event = ledger.events[day]
    short = min(-ledger.balance, event.selected * ledger.scale)
    dropped = -ledger.balance - short
    if dropped:
        made.open_demand.append((at, day, dropped))
        ledger.balance += dropped
    return short


def _plan(ledger: Ledger, day: int, at: int, short: int, made: ExactOutcome, *, restricted: bool) -> None:
    """Sizes the orders of one requirement; `period` looks ahead for what else falls into it."""
    if ledger.period > 1:
        short = _group_restricted(ledger, day, at, short, made) if restricted else _group(ledger, day, short)
    need = ceil_div(short, ledger.good)
    ledger.balance += sum(ledger.rule.orders(need)) * ledger.good
    made.requirements.append((at, day, need))


def _later(ledger: Ledger, day: int) -> list[int]:
    return sorted(d for d in ledger.events if day < d < day + ledger.period)


def _group(ledger: Ledger, day: int, short: int) -> int:
    balance, lowest = ledger.balance, -short
    for later in _later(ledger, day):
        balance += ledger.events[later].delta
        lowest = min(lowest, balance)
    return -lowest


def _group_restricted(ledger: Ledger, day: int, at: int, short: int, made: ExactOutcome) -> int:
    need = short
    ledger.balance = 0
    for later in _later(ledger, day):
        ledger.balance += ledger.events[later].delta
        if ledger.balance < 0:
            part = _close(ledger, later, at, made)
            need += part
            ledger.balance += part
        ledger.settled = later
    ledger.balance -= need
    return need
