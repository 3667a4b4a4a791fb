"""One planning run: read, plan, write; and finished runs kept in memory while somebody looks at them."""

from __future__ import annotations

import datetime as dt
import threading
import time
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass

from models.kernel.problems import Problem, Refused
from services.planning import loader, store
from services.planning.engine.model import Finding, ItemKind
from services.planning.engine.plan import Plan, make_plan
from services.planning.loader import Reading
from services.planning.reading import no_collection
from services.planning.views import Progress, RunSummary
from services.platform import parameters
from services.platform.access.rights import RUN_PLAN
from services.platform.db import Database, Tx
from services.platform.stopping import checkpoint

_REMEMBERED = 2


@dataclass(frozen=True, slots=True)
class FinishedRun:
    """A run in memory: what it read and what it made."""

    run_id: int
    reading: Reading
    plan: Plan


def run_mrp(
    db: Database, user: str, *, start: dt.date, end: dt.date | None = None, orders: Sequence[str] = (),
    note: str = "", progress: Progress | None = None,
) -> RunSummary:  # fmt: skip
    """Plans and stores a run; orders restricts what is planned to the demand of these documents."""
    if end is not None and end < start:
        raise Refused([Problem("plan.end_before_start", {"start": start, "end": end})])
    db.require(user, RUN_PLAN)
    tell = progress or (lambda _done, _total, _code: None)
    clock = [time.perf_counter()]
    tell(0, 3, "plan.reading")
    with no_collection(), db.read() as conn:
        settings = parameters.load(conn)
        reading = loader.load(conn, settings, start=start, end=end, orders=orders)
    _refuse_without_demand(reading, start)
    clock.append(time.perf_counter())
    tell(1, 3, "plan.planning")
    plan = _planned(reading)
    clock.append(time.perf_counter())
    tell(2, 3, "plan.writing")
    phases = {"read": clock[1] - clock[0], "plan": clock[2] - clock[1]}
    counts = _counts(reading, plan)
    head = {
        "start_date": start, "end_date": end, "note": note, "counts": counts, "phases": phases,
        "parameters": {
            "orders": list(orders), "scrap_formula": settings.text("scrap_formula"),
            "material_rounding": settings.text("material_rounding"),
        },
    }  # fmt: skip

    def write(tx: Tx) -> tuple[int, dt.datetime]:
        tx.require(RUN_PLAN)
        with no_collection():
            run_id = store.write_run(tx, reading, plan, head)
        store.forget_old_runs(tx, int(settings.number("runs_kept")))
        phases["write"] = time.perf_counter() - clock[2]
        store.write_phases(tx, run_id, phases)
        tx.record("mrp_run", run_id, str(run_id), "run", after={"start": str(start), "note": note})
        tx.topic("planned_order", "mrp_run")
        return run_id, tx.now

    run_id, made_at = db.run(user, write)
    phases["write"] = time.perf_counter() - clock[2]
    _remember((str(db.engine.url), run_id, made_at), FinishedRun(run_id, reading, plan))
    tell(3, 3, "plan.written")
    return RunSummary(run_id, start, end, counts, phases)


def _refuse_without_demand(reading: Reading, start: dt.date) -> None:
    """Nothing is asked for, no stock is to be kept and none is owed: a plan would say nothing."""
    data = reading.data
    if not len(data.demands) and not (data.items.safety > 0).any() and not (data.items.stock < 0).any():
        raise Refused([Problem("plan.no_demand", {"start": start})])


def finished(db: Database, run_id: int) -> FinishedRun:
    """A run as it was, from memory or made again from its snapshot."""
    with db.read() as conn:
        key = (str(db.engine.url), run_id, store.made_at(conn, run_id))
        with _LOCK:
            if key in _MEMORY:
                _MEMORY.move_to_end(key)
                return _MEMORY[key]
        reading = store.read_snapshot(conn, run_id)
    found = FinishedRun(run_id, reading, _planned(reading))
    _remember(key, found)
    return found


def _planned(reading: Reading) -> Plan:
    try:
        return make_plan(reading.data, progress=checkpoint)
    except OverflowError as error:
        raise Refused([Problem("plan.too_large", {})]) from error


def _counts(reading: Reading, plan: Plan) -> dict[str, int]:
    kinds = reading.data.items.kind[plan.orders.item]
    found = plan.findings.kind
    counts = {
        "items": len(reading.data.items),
        "demands": len(reading.data.demands),
        "planned_orders": len(plan.orders),
        "purchase": int((kinds == ItemKind.PURCHASED).sum()),
        "production": int((kinds == ItemKind.MANUFACTURED).sum()),
        "subcontract": int((kinds == ItemKind.SUBCONTRACTED).sum()),
    }
    by_kind = {finding.name.lower(): int((found == finding).sum()) for finding in Finding}
    by_kind["late_start"] = int((plan.orders.late > 0).sum())
    return counts | {kind: number for kind, number in by_kind.items() if number}


_Key = tuple[str, int, dt.datetime]
_MEMORY: OrderedDict[_Key, FinishedRun] = OrderedDict()
_LOCK = threading.Lock()


def _remember(key: _Key, found: FinishedRun) -> None:
    with _LOCK:
        _MEMORY[key] = found
        while len(_MEMORY) > _REMEMBERED:
            _MEMORY.popitem(last=False)
