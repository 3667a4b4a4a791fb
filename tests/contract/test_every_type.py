"""What holds for every registered document type: a type that is added is tried here without a new test."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from decimal import Decimal
from uuid import uuid4

import pytest
from sqlalchemy import func, select

from models.documents.tables import doc, doc_line
from models.kernel.refs import DocRef
from models.ledgers.tables import stock_move, wip_move
from services.documents import api
from services.documents.records import DocDraft
from services.documents.types import registry
from services.platform import periods
from tests.support.factory import EXAMPLES, USER, example, type_codes
from tests.support.ledgers import broken, everything, ledgers, statements
from tests.support.refusing import codes, refused, told
from tests.support.shops import Shop

TYPES = pytest.mark.parametrize("kind", type_codes())


def draft_of(shop: Shop, kind: str, lines: int = 3) -> DocDraft:
    with shop.db.write(USER) as tx:
        return example(tx, shop.factory, kind, lines)


def saved(shop: Shop, kind: str, lines: int = 3) -> DocRef:
    ref, _ = api.save_document(shop.db, USER, draft_of(shop, kind, lines))
    return ref


def test_every_registered_type_has_an_example() -> None:
    assert sorted(EXAMPLES) == sorted(type_codes())


@TYPES
def test_approve_reverse_approve_leaves_one_approvals_worth(shop: Shop, kind: str) -> None:
    """AT-32: three approvals with reversals between leave what one leaves."""
    ref = saved(shop, kind)
    before = ledgers(shop.db)
    api.approve(shop.db, USER, [ref.id])
    once = ledgers(shop.db)
    for _ in range(2):
        api.reverse(shop.db, USER, [ref.id])
        undone = ledgers(shop.db)
        for name in before:
            if "closing" in name:
                assert {k: v for k, v in undone[name].items() if k in before[name]} == before[name], name
            else:
                assert undone[name] == before[name], name
        api.approve(shop.db, USER, [ref.id])
    again = ledgers(shop.db)
    for name in ("balance", "value"):
        assert again[name] == once[name], name
    assert sum(q for q, _ in again["wip"].values()) == sum(q for q, _ in once["wip"].values())
    assert again["done"] == once["done"]
    assert broken(shop.db) == []


@TYPES
def test_a_draft_has_no_ledger_rows(shop: Shop, kind: str) -> None:
    ref = saved(shop, kind)
    with shop.db.read() as conn:
        for table in (stock_move, wip_move):
            count = select(func.count()).select_from(table).where(table.c.doc_id == ref.id)
            assert conn.execute(count).scalar_one() == 0
    assert broken(shop.db) == []


@TYPES
def test_a_stale_version_is_refused_everywhere(shop: Shop, kind: str) -> None:
    ref = saved(shop, kind)
    view = api.get_document(shop.db, ref.id)
    draft = draft_of(shop, kind)
    api.save_document(shop.db, "王五", draft, doc_id=ref.id, version=view.version)
    before = everything(shop.db)
    stale = {ref.id: view.version}
    late = refused(api.save_document, shop.db, USER, draft, doc_id=ref.id, version=view.version)
    assert codes(late) == {"document.changed_meanwhile"}
    assert "王五" in told(late)[0]
    assert codes(refused(api.approve, shop.db, USER, [ref.id], stale)) == {"document.changed_meanwhile"}
    assert codes(refused(api.delete, shop.db, USER, [ref.id], versions=stale)) == {"document.changed_meanwhile"}
    assert everything(shop.db) == before
    api.approve(shop.db, USER, [ref.id], {ref.id: view.version + 1})
    stale = {ref.id: view.version + 1}
    for verb in (api.reverse, api.close, api.reopen):
        assert "document.changed_meanwhile" in codes(refused(verb, shop.db, USER, [ref.id], versions=stale)), verb


@TYPES
def test_a_document_is_approved_once(shop: Shop, kind: str) -> None:
    ref = saved(shop, kind)
    api.approve(shop.db, USER, [ref.id])
    before = everything(shop.db)
    assert codes(refused(api.approve, shop.db, USER, [ref.id])) == {"document.approved_already"}
    assert everything(shop.db) == before


@TYPES
def test_an_id_named_twice_is_approved_once(shop: Shop, kind: str) -> None:
    ref = saved(shop, kind)
    api.approve(shop.db, USER, [ref.id, ref.id])
    assert broken(shop.db) == []


@TYPES
def test_a_document_that_is_gone_is_named(shop: Shop, kind: str) -> None:
    ref = saved(shop, kind)
    api.delete(shop.db, USER, [ref.id])
    before = everything(shop.db)
    for verb in (api.approve, api.reverse, api.close, api.reopen, api.delete):
        assert codes(refused(verb, shop.db, USER, [ref.id])) == {"document.gone"}, verb
    gone = refused(api.save_document, shop.db, USER, draft_of(shop, kind), doc_id=ref.id, version=1)
    assert codes(gone) == {"document.gone"}
    assert everything(shop.db)["stock_move"] == before["stock_move"]


@TYPES
def test_posting_twice_with_one_client_key_saves_once(shop: Shop, kind: str) -> None:
    draft = replace(draft_of(shop, kind), client_key=str(uuid4()))
    first, _ = api.save_document(shop.db, USER, draft)
    second, _ = api.save_document(shop.db, USER, draft)
    assert first == second
    with shop.db.read() as conn:
        assert conn.execute(select(func.count()).where(doc.c.client_key == draft.client_key)).scalar_one() == 1


@TYPES
def test_a_closed_period_takes_no_approval_and_no_reversal(shop: Shop, kind: str) -> None:
    ref = saved(shop, kind)
    other = saved(shop, kind)
    api.approve(shop.db, USER, [ref.id])
    with shop.db.write("主管") as tx:
        periods.close(tx, "2026-03")
    before = everything(shop.db)
    late = refused(api.approve, shop.db, USER, [other.id])
    assert codes(late) == {"document.period_closed"}
    assert "2026-03" in told(late)[0]
    assert codes(refused(api.reverse, shop.db, USER, [ref.id])) == {"document.period_closed"}
    assert [step.blocked for step in api.preview_reversal(shop.db, [ref.id])] == ["document.period_closed"] * len(
        api.preview_reversal(shop.db, [ref.id])
    )
    assert everything(shop.db) == before
    assert broken(shop.db) == []
    with shop.db.write("主管") as tx:
        periods.reopen(tx, "2026-03", "补录")
    api.reverse(shop.db, USER, [ref.id])
    api.approve(shop.db, USER, [other.id])
    assert broken(shop.db) == []


@TYPES
def test_deleting_is_for_drafts_and_what_was_posted_once_becomes_void(shop: Shop, kind: str) -> None:
    ref = saved(shop, kind)
    api.approve(shop.db, USER, [ref.id])
    assert codes(refused(api.delete, shop.db, USER, [ref.id])) == {"document.not_draft"}
    api.reverse(shop.db, USER, [ref.id])
    api.delete(shop.db, USER, [ref.id])
    with shop.db.read() as conn:
        left = conn.execute(select(doc).where(doc.c.id == ref.id)).first()
        lines = conn.execute(select(func.count()).where(doc_line.c.doc_id == ref.id)).scalar_one()
    if registry[kind].posting is None:
        assert left is None
        assert lines == 0
    else:
        assert left is not None
        assert (left.status, left.closing) == ("Z", "H")
        for verb in (api.approve, api.delete):
            assert codes(refused(verb, shop.db, USER, [ref.id])) == {"document.void"}
        view = api.get_document(shop.db, ref.id)
        again = refused(api.save_document, shop.db, USER, draft_of(shop, kind), doc_id=ref.id, version=view.version)
        assert codes(again) == {"document.void"}
    assert broken(shop.db) == []


@TYPES
def test_the_blocking_document_is_named_and_the_chain_reverses_whole(shop: Shop, kind: str) -> None:
    ref = saved(shop, kind)
    api.approve(shop.db, USER, [ref.id])
    before = ledgers(shop.db)
    draft = draft_of(shop, kind)
    for target in registry[kind].pushes:
        if target not in registry:
            continue
        (draft, *_) = api.push_down(shop.db, ref.id, target)
        later, _ = api.save_document(shop.db, USER, draft)
        waiting = refused(api.reverse, shop.db, USER, [ref.id])
        assert codes(waiting) == {"document.later_draft"}
        assert later.number in told(waiting)[0]
        api.approve(shop.db, USER, [later.id])
        standing = refused(api.reverse, shop.db, USER, [ref.id])
        assert "document.later_approved" in codes(standing)
        assert any(later.number in text for text in told(standing))
        shown = api.preview_reversal(shop.db, [ref.id])
        assert shown[-1].ref == ref
        assert later in [step.ref for step in shown]
        api.reverse(shop.db, USER, [ref.id], with_chain=True)
        assert broken(shop.db) == []
        with shop.db.read() as conn:
            assert (
                conn.execute(select(doc.c.status).where(doc.c.id.in_([ref.id, later.id]))).scalars().all() == ["Z"] * 2
            )
        api.delete(shop.db, USER, [later.id])
        api.approve(shop.db, USER, [ref.id])
    after = ledgers(shop.db)
    for name in ("balance", "value", "done", "drawn"):
        assert after[name] == before[name], name


@TYPES
def test_a_line_costs_no_statement_of_its_own(shop: Shop, kind: str) -> None:
    counts = []
    for lines in (5, 200):
        draft = draft_of(shop, kind, lines)
        with statements(shop.db) as saving:
            ref, _ = api.save_document(shop.db, USER, draft)
        with statements(shop.db) as approving:
            api.approve(shop.db, USER, [ref.id])
        with statements(shop.db) as reversing:
            api.reverse(shop.db, USER, [ref.id])
        counts.append((len(saving), len(approving), len(reversing)))
    assert counts[0] == counts[1], f"{kind}: save, approve, reverse cost {counts[0]} for 5 lines, {counts[1]} for 200"


@TYPES
def test_wrong_drafts_are_refused_with_every_reason_at_once(shop: Shop, kind: str) -> None:
    empty = refused(api.save_document, shop.db, USER, DocDraft(kind, dt.date(26, 3, 1), []))
    assert codes(empty) >= {"document.no_lines", "document.date_too_early"}
    draft = draft_of(shop, kind)
    before = everything(shop.db)
    for line, quantity in zip(draft.lines, ("0", "-1", "1.0000001"), strict=True):
        line.quantity = Decimal(quantity)
        line.line_no = 7
    wrong = refused(api.save_document, shop.db, USER, draft)
    assert codes(wrong) >= {"document.quantity_not_positive", "document.quantity_decimals", "document.line_twice"}
    assert {problem.place.line for problem in wrong} == {7}
    assert everything(shop.db) == before


@TYPES
def test_a_reversal_is_told_in_the_audit_chain(shop: Shop, kind: str) -> None:
    ref = saved(shop, kind)
    api.approve(shop.db, "甲", [ref.id])
    api.reverse(shop.db, "乙", [ref.id])
    told_events = [(row.user, row.action) for row in api.get_document(shop.db, ref.id).history]
    assert told_events == [("乙", "reverse"), ("甲", "approve"), (USER, "create")]
