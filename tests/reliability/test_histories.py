"""T5: what clerks were told against what is in the books, while somebody cuts their connections.

Every clerk writes down each deed before it (invoked) and its answer: done, refused, or unknown when the line was cut. Afterwards
the ledger must be exactly the deeds that were done and some of the unknown ones, each once; none that was refused. Two models:
a register (a draft replaced by its next version) and a bank (pieces moved into and out of one store).
"""

from __future__ import annotations

import random
import threading
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from decimal import Decimal
from uuid import uuid4

import pytest
from sqlalchemy import make_url, select
from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError

from models.documents.tables import doc, doc_line
from models.kernel.problems import Refused
from models.ledgers.tables import stock_move
from services.documents import api
from services.platform.db import Database, connect
from tests.reliability.sizes import HISTORY_RUNS
from tests.support.acting import on_hand, save
from tests.support.ledgers import broken
from tests.support.postgres import Cluster
from tests.support.shops import NOW, Shop

SEED = 20260310
CLIENTS = 6
DEEDS = 12
CUT = {"database.cut_off", "database.unreachable", "database.busy"}
"""refusals after which nobody knows: the line was cut, perhaps behind the commit"""


@dataclass
class History:
    """What one clerk invoked and was told: key of the deed -> done, refused or unknown."""

    answers: dict[str, str] = field(default_factory=dict)
    quantities: dict[str, Decimal] = field(default_factory=dict)


def told(deed: object) -> str:
    """Runs a deed; the answer its clerk writes down."""
    try:
        deed()  # type: ignore[operator]
    except Refused as refused:
        return "unknown" if {problem.code for problem in refused.problems} & CUT else "refused"
    except (OperationalError, InterfaceError, DBAPIError):
        return "unknown"
    return "done"


@contextmanager
def cutting(cluster: Cluster, database: str, seed: int) -> Iterator[Counter[str]]:
    """Somebody who ends a connection to the book every few milliseconds."""
    stop, cut = threading.Event(), Counter[str]()
    chance = random.Random(seed)

    def work() -> None:
        with cluster.connect() as admin:
            while not stop.is_set():
                time.sleep(chance.uniform(0.005, 0.05))
                rows = admin.execute(
                    "select pid from pg_stat_activity where datname = %s and state <> 'idle'", [database]
                ).fetchall()
                if rows:
                    admin.execute("select pg_terminate_backend(%s)", [chance.choice(rows)[0]])
                    cut["connections"] += 1

    clerk = threading.Thread(target=work)
    clerk.start()
    try:
        yield cut
    finally:
        stop.set()
        clerk.join()


def bank(db: Database, shop: Shop, seed: int) -> History:
    """Pieces brought in and taken out, each deed saved and approved under a key of its own; an unknown one is asked again."""
    chance = random.Random(seed)
    history = History()
    for _ in range(DEEDS):
        key = uuid4().hex
        quantity = Decimal(chance.randint(1, 9))
        draft = replace(shop.factory.opening("BULB", str(quantity), "1"), client_key=key)
        history.quantities[key] = quantity
        history.answers[key] = "unknown"

        def deed(draft: object = draft) -> None:
            ref, _ = api.save_document(db, "文员", draft)  # type: ignore[arg-type]
            api.approve(db, "文员", [ref.id])

        answer = told(deed)
        if answer == "unknown" and chance.random() < 0.5:
            # The clerk presses once more: the key sees to it that it is one document all the same.
            answer = told(deed)
            answer = "unknown" if answer == "refused" else answer
        history.answers[key] = answer
    return history


def register(db: Database, doc_id: int, shop: Shop, seed: int) -> History:
    """New contents for one draft, written over the version that was read: who comes second is refused."""
    chance = random.Random(seed)
    history = History()
    for _ in range(DEEDS):
        value = str(chance.randrange(1, 10**9))

        def deed(value: str = value) -> None:
            view = api.get_document(db, doc_id)
            draft = shop.factory.opening("BULB", value, "1")
            api.save_document(db, "文员", draft, doc_id=doc_id, version=view.version)

        history.answers[value] = told(deed)
    return history


def clients(shop: Shop, work: object) -> list[History]:
    """Several clerks at once, each with connections of his own."""

    def one(number: int) -> History:
        db = connect(shop.url, clock=lambda: NOW)
        try:
            found: History = work(db, number)  # type: ignore[operator]
            return found
        finally:
            db.close()

    with ThreadPoolExecutor(CLIENTS) as pool:
        return list(pool.map(one, range(CLIENTS)))


@pytest.mark.timeout(3600)
def test_the_bank_holds_what_was_told_and_each_deed_once(postgres_shop: Shop, postgres_cluster: Cluster) -> None:
    name = make_url(postgres_shop.url).database or ""
    answers: Counter[str] = Counter()
    for run in range(HISTORY_RUNS):
        before = on_hand(postgres_shop, "BULB")
        with cutting(postgres_cluster, name, SEED + run) as cut:
            told_all = clients(postgres_shop, lambda db, n, run=run: bank(db, postgres_shop, run * 100 + n))
        anomalies = _of_the_bank(postgres_shop, told_all, before)
        assert not anomalies, f"seed {SEED + run}"
        answers.update(answer for history in told_all for answer in history.answers.values())
        answers["cut"] += cut["connections"]
    print(f"{HISTORY_RUNS} runs: {dict(answers)}")
    assert answers["done"]
    assert answers["unknown"]
    assert broken(postgres_shop.db) == []


def _of_the_bank(shop: Shop, told_all: list[History], before: Decimal) -> list[str]:
    answers = {key: answer for history in told_all for key, answer in history.answers.items()}
    quantities = {key: value for history in told_all for key, value in history.quantities.items()}
    with shop.db.read() as conn:
        documents = conn.execute(
            select(doc.c.client_key, doc.c.id, doc.c.status).where(doc.c.client_key.in_(answers))
        ).all()
        moved = Counter(
            conn.execute(
                select(stock_move.c.doc_id).where(stock_move.c.doc_id.in_([row.id for row in documents]))
            ).scalars()
        )
    times = Counter(row.client_key for row in documents)
    anomalies = [f"{key} stored {count} times" for key, count in times.items() if count > 1]
    posted = {row.client_key: row.id for row in documents if row.status == "C"}
    for key, answer in answers.items():
        if answer == "done" and key not in posted:
            anomalies.append(f"{key} was told done and is not posted")
        if answer == "refused" and key in posted:
            anomalies.append(f"{key} was refused and is posted")
    anomalies += [f"{key} moved {moved[row]} times" for key, row in posted.items() if moved[row] != 1]
    anomalies += [f"draft {row.id} moved stock" for row in documents if row.status != "C" and moved[row.id]]
    total = sum((quantities[key] for key in posted), Decimal(0))
    if on_hand(shop, "BULB") - before != total:
        anomalies.append(f"the store gained {on_hand(shop, 'BULB') - before}, the deeds {total}")
    return anomalies


@pytest.mark.timeout(3600)
def test_the_register_holds_the_last_of_a_chain_of_versions(postgres_shop: Shop, postgres_cluster: Cluster) -> None:
    """Every version was written by one deed that was done or unknown, and as many versions passed as deeds went through."""
    name = make_url(postgres_shop.url).database or ""
    for run in range(HISTORY_RUNS):
        ref = save(postgres_shop, postgres_shop.factory.opening("BULB", "1", "1"))
        with cutting(postgres_cluster, name, SEED + run):
            told_all = clients(
                postgres_shop, lambda db, n, ref=ref, run=run: register(db, ref.id, postgres_shop, run * 100 + n)
            )
        answers = {key: answer for history in told_all for key, answer in history.answers.items()}
        counted = Counter(answers.values())
        with postgres_shop.db.read() as conn:
            version = conn.execute(select(doc.c.version).where(doc.c.id == ref.id)).scalar_one()
            held = conn.execute(select(doc_line.c.quantity).where(doc_line.c.doc_id == ref.id)).scalar_one()
        # The first version is the draft's own.
        assert counted["done"] <= version - 1 <= counted["done"] + counted["unknown"], f"seed {SEED + run}"
        assert answers.get(f"{held:f}".split(".")[0], "unknown") != "refused", f"seed {SEED + run}"
    assert broken(postgres_shop.db) == []
