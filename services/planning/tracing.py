"""A finished run questioned: what serves what, why an order is what it is, an item day by day, and two runs compared."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction

import numpy as np

from models.kernel.numbers import plain
from models.kernel.problems import Problem, Refused
from models.kernel.refs import DocRef
from services.planning.engine import compare as comparing
from services.planning.engine.explain import Explainer, Term, UsageStep
from services.planning.engine.model import NONE, Need, Source
from services.planning.engine.movements import needs, sources
from services.planning.release import planned_number
from services.planning.runs import FinishedRun
from services.planning.views import (
    CauseView,
    ChangeView,
    ExplanationView,
    LotStepView,
    Origin,
    TermView,
    TimelineRow,
    exact_decimal,
)

_NEEDS = [need.name.lower() for need in Need]
_SOURCES = [source.name.lower() for source in Source]


class Tracer:
    """Answers questions about one finished run in codes, numbers and decimals."""

    def __init__(self, run: FinishedRun) -> None:
        self._run = run
        self._data = run.reading.data
        self._names = run.reading.names
        self._plan = run.plan
        self._explainer = Explainer(self._data, self._plan)

    def item_rank(self, item_id: int) -> int:
        """Rank of an item by its database id; refused when the run did not know it."""
        found = np.flatnonzero(self._names.item_ids == item_id)
        if not len(found):
            raise Refused([Problem("plan.item_unknown", {"run": self._run.run_id})])
        return int(found[0])

    def number(self, row: int) -> str:
        """Number of a planned order by its row."""
        return planned_number(self._run.run_id, row + 1)

    def explain(self, seq: int) -> ExplanationView:
        """The sum behind the planned order at a position of the run."""
        told = self._explainer.explain(seq - 1)
        item = told.item
        return ExplanationView(
            self.number(seq - 1), int(self._names.item_ids[item]), self._names.codes[item], _day(told.due),
            _day(told.carried_day) if told.carried_day else None, self._shown(told.carried, item),
            tuple(self._term(term, item, source=True) for term in told.supplies),
            tuple(self._term(term, item, source=False) for term in told.demands),
            _day(told.grouped_until) if told.grouped_until else None, self._shown(told.net, item),
            exact_decimal(told.yield_rate),
            tuple(self._step(step.rule, step.value, step.quantity, item) for step in told.steps),
            tuple(self.number(row) for row in told.orders),
        )  # fmt: skip

    def timeline(self, item_id: int) -> list[TimelineRow]:
        """Every movement of an item by day with the running balance; supply before demand within a day."""
        item = self.item_rank(item_id)
        one = np.array([item], dtype=np.int64)
        scale = int(self._plan.scales.scale[item])
        moves = []
        for table, sign, source in (
            (sources(self._data, self._plan, one), 1, True),
            (needs(self._data, self._plan, one), -1, False),
        ):
            columns = (table.day, table.kind, table.row, table.quantity, table.tag)
            for day, kind, row, quantity, tag in zip(*(c.tolist() for c in columns), strict=True):
                hidden = kind == Source.UNPLANNED if source else kind == Need.SAFETY_STOCK
                if not hidden:
                    moves.append((day, not source, kind, row, sign * Fraction(quantity, scale), tag, source))
        stock = int(self._data.items.stock[item])
        balance = Fraction(min(stock, 0))
        made = []
        for day, _order, kind, row, quantity, tag, source in sorted(moves, key=lambda move: move[:2]):
            balance += quantity
            line = int(self._names.documents.sales_lines[tag]) if tag != NONE else None
            origin = self.origin(kind, row, item, source=source)
            made.append(TimelineRow(_day(day), origin, self._shown(quantity, item), self._shown(balance, item), line))
        return made

    def origin(self, kind: int, row: int, item: int, *, source: bool) -> Origin:
        """The document or planned order behind a movement."""
        word = (_SOURCES if source else _NEEDS)[kind]
        if kind == (Source.PLANNED_ORDER if source else Need.PLANNED_ORDER):
            made = int(self._plan.orders.item[row])
            if source and made != item:
                word = _SOURCES[Source.CO_PRODUCT]
            return Origin(word, planned=self.number(row), planned_seq=row + 1, item_code=self._names.codes[made])
        if kind == (Source.SUBSTITUTION if source else Need.SUBSTITUTION):
            uses = self._plan.substitutions
            other = uses.substitute[row] if source else uses.component[row]
            return Origin(word, item_code=self._names.codes[int(other)])
        if row == NONE:
            return Origin(word, item_code=self._names.codes[item])
        table = self._data.supplies if source else self._data.demands
        ref, line = int(table.ref[row]), int(table.line[row])
        if ref == NONE:
            return Origin(word, item_code=self._names.codes[item])
        documents = self._names.documents
        owner = int(table.item[row]) if source else self.demand_item(row)
        document = DocRef(documents.types[ref], int(documents.ids[ref]), documents.numbers[ref])
        return Origin(word, document, line, item_code=self._names.codes[owner])

    def demand_item(self, row: int) -> int:
        """The item a demand is for: of the order that draws, else what is ordered."""
        parent = int(self._data.demands.parent[row])
        return parent if parent != NONE else int(self._data.demands.item[row])

    def _term(self, term: Term, item: int, *, source: bool) -> TermView:
        origin = self.origin(term.kind, term.row, item, source=source)
        return TermView(origin, _day(term.day), self._shown(term.quantity, item), self._arithmetic(term, item))

    def _arithmetic(self, term: Term, item: int) -> str:
        """ "79×4×1.05+2 → 334": the started quantity through its BOM lines, then what rounding made of it."""
        if not term.paths:
            return ""
        decimals = self._data.items.decimals
        divides = self._data.parameters.scrap_divides
        started = _text(Fraction(term.started, 10 ** int(decimals[term.paths[0][0].parent])))
        chains = [_chain(started, path, divides=divides) for path in term.paths]
        unit = 10 ** int(decimals[item])
        exact, rounded = term.exact / unit, term.quantity / unit
        result = f" = {_text(exact)} → {_text(rounded)}" if exact != rounded else f" = {_text(rounded)}"
        return " + ".join(chains) + result

    def _step(self, rule: str, value: Fraction, quantity: Fraction, item: int) -> LotStepView:
        shown = exact_decimal(value) if rule == "yield" else self._shown(value, item)
        return LotStepView(rule, shown, self._shown(quantity, item))

    def _shown(self, lasts: Fraction, item: int) -> Decimal:
        return exact_decimal(lasts / 10 ** int(self._data.items.decimals[item]))


def compare(before: FinishedRun, after: FinishedRun) -> list[ChangeView]:
    """Planned orders that are new, changed or gone in the second run, with what caused it."""
    sides = [
        comparing.Side(run.reading.data, run.plan, run.reading.names.codes, run.reading.names.documents.numbers)
        for run in (before, after)
    ]
    found = comparing.compare(*sides)
    units = {
        code: 10 ** int(run.reading.data.items.decimals[at])
        for run in (before, after)
        for at, code in enumerate(run.reading.names.codes)
    }
    causes = {item: tuple(_cause(cause, units[item]) for cause in listed) for item, listed in found.causes.items()}
    return [
        ChangeView(
            c.kind, c.item, _day(c.due_before) if c.due_before else None, _day(c.due_after) if c.due_after else None,
            exact_decimal(Fraction(c.quantity_before, units[c.item])),
            exact_decimal(Fraction(c.quantity_after, units[c.item])), causes.get(c.item, ()),
        )
        for c in found.changes
    ]  # fmt: skip


_PLAIN = ("lead", "policy", "period_days", "yield_num", "yield_den", "kind", "decimals", "mto", "supplier", "item")


def _cause(cause: comparing.Cause, unit: int) -> CauseView:
    quantity = cause.reason in ("demand", "supply", "stock", "parent") or (
        cause.reason == "master" and cause.name not in _PLAIN
    )
    size = unit if quantity else 1

    def shown(value: int | None) -> Decimal | None:
        return None if value is None else exact_decimal(Fraction(value, size))

    return CauseView(
        cause.reason, cause.name, shown(cause.before), shown(cause.after),
        _day(cause.day_before) if cause.day_before else None, _day(cause.day_after) if cause.day_after else None,
    )  # fmt: skip


def _chain(started: str, path: Sequence[UsageStep], *, divides: bool) -> str:
    text = started
    for at, step in enumerate(path):
        if step.usage != 1 or at == 0:
            num, den = step.usage.numerator, step.usage.denominator
            text += f"×{_text(step.usage)}" if _finite(den) else f"×{num}÷{den}"
        if step.scrap_rate:
            text += f"÷{_text(1 - step.scrap_rate)}" if divides else f"×{_text(1 + step.scrap_rate)}"
        if step.scrap_fixed:
            text += f"+{_text(step.scrap_fixed)}"
            text = f"({text})" if at + 1 < len(path) else text
    return text


def _finite(den: int) -> bool:
    for prime in (2, 5):
        while den % prime == 0:
            den //= prime
    return den == 1


def _text(value: Fraction) -> str:
    return plain(exact_decimal(value))


def _day(ordinal: int) -> dt.date:
    return dt.date.fromordinal(ordinal)


__all__ = ["Tracer", "compare"]
