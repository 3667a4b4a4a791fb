"""AT-30: numbers are counted by day, never given twice, and gaps stay gaps, also when several save at once."""

from __future__ import annotations

import datetime as dt
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from uuid import uuid4

from sqlalchemy import select

from models.documents.tables import doc
from services.documents import api
from services.documents.records import DocDraft
from tests.support.acting import parameter, save
from tests.support.factory import USER
from tests.support.ledgers import broken
from tests.support.places import ROOT
from tests.support.refusing import codes, refused
from tests.support.shops import Shop


def order(shop: Shop, day: int, number: str = "") -> DocDraft:
    return shop.factory.order("1", day=dt.date(2026, 3, day), number=number)


def test_at_30_a_series_counts_by_day_and_never_gives_a_number_twice(shop: Shop) -> None:
    assert save(shop, order(shop, 10)).number == "SCRW-20260310-00001"
    second = save(shop, order(shop, 10))
    assert second.number == "SCRW-20260310-00002"
    api.delete(shop.db, USER, [second.id])
    assert save(shop, order(shop, 10)).number == "SCRW-20260310-00003"
    assert save(shop, order(shop, 11)).number == "SCRW-20260311-00001"
    assert broken(shop.db) == []


def test_at_30_two_processes_save_a_hundred_each_and_no_number_is_given_twice(shop: Shop) -> None:
    command = [sys.executable, "-m", "tests.support.clerk", shop.url, str(shop.factory.items["LAMP"]), "100"]
    running = [subprocess.Popen(command, cwd=ROOT) for _ in range(2)]
    assert [process.wait(120) for process in running] == [0, 0]
    with shop.db.read() as conn:
        numbers = conn.execute(select(doc.c.number).where(doc.c.type == "forecast")).scalars().all()
    assert sorted(numbers) == [f"XSYC-20260305-{n:05d}" for n in range(1, 201)]
    assert broken(shop.db) == []


def test_at_30_a_changed_date_gives_a_new_number_where_the_parameter_asks_for_it(shop: Shop) -> None:
    draft = order(shop, 10)
    ref = save(shop, draft)
    moved = order(shop, 9, ref.number)
    same, _ = api.save_document(shop.db, USER, moved, doc_id=ref.id, version=1)
    assert same.number == "SCRW-20260310-00001"
    parameter(shop, "renumber_when_date_changes", "yes")
    back = order(shop, 10, ref.number)
    again, _ = api.save_document(shop.db, USER, back, doc_id=ref.id, version=2)
    assert again.number == "SCRW-20260310-00001"
    moved, _ = api.save_document(shop.db, USER, order(shop, 9, ref.number), doc_id=ref.id, version=3)
    assert moved.number == "SCRW-20260309-00001"
    assert save(shop, order(shop, 10)).number == "SCRW-20260310-00002"
    by_hand = save(shop, order(shop, 10, "老单-7"))
    kept, _ = api.save_document(shop.db, USER, order(shop, 9, "老单-7"), doc_id=by_hand.id, version=1)
    assert kept.number == "老单-7"
    assert broken(shop.db) == []


def test_a_number_given_by_hand_is_kept_and_refused_the_second_time(shop: Shop) -> None:
    assert save(shop, order(shop, 10, "老单-7")).number == "老单-7"
    assert codes(refused(save, shop, order(shop, 10, "老单-7"))) == {"document.number_exists"}


def test_a_number_given_by_hand_does_not_collide_with_the_series(shop: Shop) -> None:
    """Someone typed 00001 before the series gave it: the series goes on beyond it."""
    save(shop, order(shop, 10, "SCRW-20260310-00001"))
    assert save(shop, order(shop, 10)).number == "SCRW-20260310-00002"
    assert broken(shop.db) == []


def test_a_refused_draft_keeps_no_number(shop: Shop) -> None:
    draft = order(shop, 10)
    draft.lines[0].quantity *= -1
    refused(save, shop, draft)
    assert draft.number == ""
    draft.lines[0].quantity *= -1
    assert save(shop, draft).number == "SCRW-20260310-00001"
    assert draft.number == ""


def test_a_deleted_documents_history_is_not_its_successors(shop: Shop) -> None:
    first = save(shop, order(shop, 10))
    api.delete(shop.db, USER, [first.id])
    second = save(shop, order(shop, 10))
    assert second.id != first.id
    assert [row.action for row in api.get_document(shop.db, second.id).history] == ["create"]


def test_one_client_key_sent_by_several_at_once_saves_once(shop: Shop) -> None:
    draft = order(shop, 10)
    draft.client_key = str(uuid4())
    with ThreadPoolExecutor(4) as pool:
        refs = list(pool.map(lambda _: save(shop, draft), range(4)))
    assert len(set(refs)) == 1
    assert broken(shop.db) == []
