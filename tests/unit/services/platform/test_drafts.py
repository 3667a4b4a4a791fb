"""Drafts are kept for who typed them, offered only when their program is dead, and dropped for good."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from services.platform.drafts import MOST_BYTES, DraftStore

ROOT = Path(__file__).resolve().parents[4]


def kept(store: DraftStore, key: str, owner: str = "li book", **body: object) -> bool:
    """Keeps a small draft."""
    return store.keep(owner, key, type_code="sales_order", number="", lines=1, body=dict(body))


def test_what_a_dead_program_left_is_offered_to_its_owner_only(tmp_path: Path) -> None:
    first = DraftStore(tmp_path)
    assert kept(first, "a", note="急")
    second = DraftStore(tmp_path)
    assert second.left_over("li book") == []
    first.close()
    (draft,) = second.left_over("li book")
    assert (draft.key, draft.type, draft.body) == ("a", "sales_order", {"note": "急"})
    assert second.left_over("wang book") == []
    second.close()


def test_a_program_that_is_killed_leaves_its_drafts(tmp_path: Path) -> None:
    code = (
        "import os, sys; from pathlib import Path; from services.platform.drafts import DraftStore\n"
        "s = DraftStore(Path(sys.argv[1])); s.keep('li book', 'a', type_code='t', number='', lines=1, body={})\n"
        "os._exit(9)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, str(tmp_path)], check=False, cwd=ROOT, env=os.environ | {"PYTHONPATH": str(ROOT)}
    )
    assert done.returncode == 9
    store = DraftStore(tmp_path)
    assert [draft.key for draft in store.left_over("li book")] == ["a"]
    store.close()


def test_a_dropped_draft_is_never_kept_again(tmp_path: Path) -> None:
    store = DraftStore(tmp_path)
    kept(store, "a")
    store.drop("li book", "a")
    assert not kept(store, "a")
    store.close()
    after = DraftStore(tmp_path)
    assert after.left_over("li book") == []
    after.close()


def test_a_draft_kept_again_replaces_the_one_before(tmp_path: Path) -> None:
    store = DraftStore(tmp_path)
    kept(store, "a", n=1)
    kept(store, "a", n=2)
    store.close()
    after = DraftStore(tmp_path)
    assert [draft.body for draft in after.left_over("li book")] == [{"n": 2}]
    after.close()


def test_what_is_too_large_or_unreadable_is_passed_over(tmp_path: Path) -> None:
    store = DraftStore(tmp_path)
    assert not kept(store, "big", text="x" * MOST_BYTES)
    store.close()
    (tmp_path / "drafts.db").write_bytes(b"no database at all, but long enough to look like one" * 100)
    after = DraftStore(tmp_path)
    assert not kept(after, "a")
    assert after.left_over("li book") == []
    after.close()
