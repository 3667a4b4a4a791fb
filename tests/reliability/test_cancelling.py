"""Cancel: a plan, an import and a release stopped at any of their statements end at once and leave no row behind."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import event

import app.wiring  # noqa: F401 registers the document types
from services.exchange.api import import_sources
from services.planning import api as planning
from services.platform.db import Database
from services.platform.stopping import Stop, Stopped
from tests.reliability.sizes import STOPPED_EVERY
from tests.support.faults import fingerprint
from tests.support.sheets import fill
from tests.unit.services.planning.test_release import BOM, ITEMS, SALES, START

USER = "计划"
Action = Callable[[Database, Path], object]


def plan(db: Database, _folder: Path) -> object:
    return planning.run_mrp(db, USER, start=START)


def bring_in(db: Database, folder: Path) -> object:
    file = folder / "sales_orders.csv"
    file.write_text(SALES.strip().replace("SO", "NEW") + "\n", encoding="utf-8")
    return import_sources(db, USER, [file], approve=True)


def release(db: Database, _folder: Path) -> object:
    return planning.release_orders(db, USER)


ACTIONS: dict[str, Action] = {"plan": plan, "import": bring_in, "release": release}


@pytest.fixture
def planned(book: Database, tmp_path: Path) -> Database:
    """A book with a plan that is not released."""
    fill(book, tmp_path, items=ITEMS, bom=BOM, sales_orders=SALES)
    planning.run_mrp(book, USER, start=START)
    return book


def stopped_at(db: Database, step: int, act: Callable[[], object]) -> float | None:
    """Seconds from the stop at a statement (from 1) to the end of the action; None when the stop came too late to end it."""
    stop, seen, asked = Stop(), 0, 0.0

    def count(*_: object) -> None:
        nonlocal seen, asked
        seen += 1
        if seen == step:
            asked = time.perf_counter()
            stop()

    event.listen(db.engine, "before_cursor_execute", count)
    try:
        with stop.over():
            act()
    except Stopped:
        assert seen >= step
        return time.perf_counter() - asked
    finally:
        event.remove(db.engine, "before_cursor_execute", count)
    assert seen <= step
    return None


@pytest.mark.parametrize("name", ACTIONS)
def test_an_action_stopped_at_any_statement_leaves_nothing(planned: Database, tmp_path: Path, name: str) -> None:
    before, waits, step = fingerprint(planned), [], 1
    while (waited := stopped_at(planned, step, lambda: ACTIONS[name](planned, tmp_path))) is not None:
        waits.append(waited)
        assert fingerprint(planned) == before, f"stopped at statement {step}"
        step += STOPPED_EVERY
    assert fingerprint(planned) != before
    assert waits
    print(f"{name}: stopped at {len(waits)} statements, the longest took {max(waits) * 1000:.0f} ms to end")


@pytest.mark.parametrize("name", ACTIONS)
def test_an_action_stopped_from_outside_does_all_or_nothing(planned: Database, tmp_path: Path, name: str) -> None:
    before = fingerprint(planned)
    dry = Stop()
    dry()
    with dry.over(), pytest.raises(Stopped):
        ACTIONS[name](planned, tmp_path)
    for moment in (0.0, 0.002, 0.01, 0.03, 0.1):
        stop = Stop()
        timer = threading.Timer(moment, stop)
        timer.start()
        ended = True
        try:
            with stop.over():
                ACTIONS[name](planned, tmp_path)
        except Stopped:
            ended = False
        timer.join()
        if ended:
            assert fingerprint(planned) != before
            break
        assert fingerprint(planned) == before
