"""Attached files lie under their hash, templates count days from the document's, and I34 finds what is lost."""

from __future__ import annotations

import os
import time
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

import app.wiring  # noqa: F401 registers the document types
from models.kernel.problems import Refused
from services.documents import api as documents
from services.masterdata import api as masterdata
from services.papers import api, files
from services.platform import file_store
from services.platform.db import Database
from services.reporting.api import check

DAY = date(2026, 3, 10)


def order(book: Database, *, due: date | None = None) -> int:
    """A draft of a sales order; its id."""
    if not masterdata.search(book, "items", "FG100"):
        masterdata.save_records(book, "li", "units", [{"code": "PCS", "name": "个"}])
        masterdata.save_records(book, "li", "customers", [{"code": "C001", "name": "光耀"}])
        masterdata.save_records(book, "li", "items", [{"code": "FG100", "name": "台灯", "unit": "PCS"}])
    ref, _ = documents.save_document(book, "li", draft(book, due or DAY))
    return ref.id


def draft(book: Database, due: date) -> documents.DocDraft:
    """An order of five lamps."""
    item = masterdata.search(book, "items", "FG100")[0].id
    customer = masterdata.search(book, "customers", "C001")[0].id
    line = documents.LineDraft(item, Decimal(5), price=Decimal(3), due_date=due)
    return documents.DocDraft("sales_order", DAY, [line], partner_id=customer)


def written(folder: Path, name: str, content: bytes) -> Path:
    """A file."""
    made = folder / name
    made.write_bytes(content)
    return made


def folder(book: Database) -> Path:
    """Where a book's files lie."""
    with book.read() as conn:
        return file_store.folder_of(conn)


@pytest.fixture(autouse=True)
def _folder_of_this_test(book: Database, tmp_path: Path) -> None:
    if book.dialect != "sqlite":
        shared = tmp_path / "附件"
        shared.mkdir()
        masterdata.save_records(book, "li", "parameters", [{"key": file_store.FOLDER, "value": str(shared)}])


def holds(book: Database) -> bool:
    """Whether I34 holds."""
    return next(found for found in check(book) if found.code == "I34").holds


def refusal(call: object, *args: object) -> str:
    """The code with which a call is refused."""
    with pytest.raises(Refused) as refused:
        call(*args)  # type: ignore[operator]
    return refused.value.problems[0].code


def test_a_file_lies_under_its_hash_and_comes_back_as_it_was(book: Database, tmp_path: Path) -> None:
    doc = order(book)
    api.attach(book, "li", doc, [written(tmp_path, "图纸 A.pdf", b"one"), written(tmp_path, "照片.JPG", b"two")])
    rows = api.list_attachments(book, doc)
    assert [(row.name, row.size, row.added_by) for row in rows] == [("图纸 A.pdf", 3, "li"), ("照片.JPG", 3, "li")]
    for row in rows:
        assert (folder(book) / row.sha256[:2] / row.sha256).is_file()
    out = api.save_attachment_as(book, rows[0].id, tmp_path / "out.pdf")
    assert out.read_bytes() == b"one"
    assert holds(book)


def test_the_same_content_is_stored_once_and_the_same_name_gets_a_number(book: Database, tmp_path: Path) -> None:
    doc = order(book)
    file = written(tmp_path, "a.txt", b"same")
    api.attach(book, "li", doc, [file, file])
    assert [row.name for row in api.list_attachments(book, doc)] == ["a (2).txt", "a.txt"]
    assert len(list(folder(book).glob("*/*"))) == 1


def test_kinds_that_run_and_files_over_20_mb_are_refused_and_nothing_is_attached(
    book: Database, tmp_path: Path
) -> None:
    doc = order(book)
    good = written(tmp_path, "a.pdf", b"a")
    for name in ("x.exe", "x.pdf.bat", "x", "x.lnk", "x.docm", "x.html", "x.js"):
        assert refusal(api.attach, book, "li", doc, [good, written(tmp_path, name, b"a")]) == "attachment.kind"
    big = tmp_path / "big.zip"
    with big.open("wb") as out:
        out.truncate(files.MOST_BYTES + 1)
    assert refusal(api.attach, book, "li", doc, [big]) == "attachment.too_large"
    assert refusal(api.attach, book, "li", doc, [tmp_path / "gone.pdf"]) == "attachment.unreadable"
    assert api.list_attachments(book, doc) == []


def test_what_was_approved_keeps_its_files_and_takes_more(book: Database, tmp_path: Path) -> None:
    doc = order(book)
    api.attach(book, "li", doc, [written(tmp_path, "a.pdf", b"a")])
    documents.approve(book, "li", [doc])
    (row,) = api.list_attachments(book, doc)
    assert refusal(api.detach, book, "li", row.id) == "attachment.approved"
    api.attach(book, "li", doc, [written(tmp_path, "b.pdf", b"b")])
    assert len(api.list_attachments(book, doc)) == 2


def test_a_deleted_draft_takes_its_entries_along_and_the_sweep_its_files_after_a_week(
    book: Database, tmp_path: Path
) -> None:
    doc = order(book)
    api.attach(book, "li", doc, [written(tmp_path, "a.pdf", b"a")])
    documents.delete(book, "li", [doc])
    (left,) = folder(book).glob("*/*")
    assert holds(book)
    assert api.sweep_files(book) == 0
    old = time.time() - 8 * 86400
    os.utime(left, (old, old))
    assert not holds(book)
    assert api.sweep_files(book) == 1
    assert holds(book)


def test_a_lost_or_changed_file_is_found_and_never_handed_out(book: Database, tmp_path: Path) -> None:
    doc = order(book)
    api.attach(book, "li", doc, [written(tmp_path, "a.pdf", b"a")])
    (row,) = api.list_attachments(book, doc)
    stored = file_store.path_of(folder(book), row.sha256)
    stored.write_bytes(b"b")
    assert refusal(api.save_attachment_as, book, row.id, tmp_path / "out.pdf") == "attachment.changed"
    stored.unlink()
    assert refusal(api.save_attachment_as, book, row.id, tmp_path / "out.pdf") == "attachment.missing"
    assert not holds(book)


def test_a_template_counts_its_days_from_the_new_documents_day(book: Database) -> None:
    order(book)
    api.save_template(book, "li", " 每月 ", draft(book, date(2026, 3, 25)))
    (row,) = api.list_templates(book, "sales_order")
    assert (row.name, row.lines, row.saved_by) == ("每月", 1, "li")
    made = api.draft_from_template(book, row.id, day=date(2026, 4, 1))
    assert (made.business_date, made.lines[0].due_date) == (date(2026, 4, 1), date(2026, 4, 16))
    assert (made.number, made.lines[0].quantity, made.lines[0].price) == ("", Decimal(5), Decimal(3))


def test_a_template_of_the_same_name_is_replaced_and_can_be_removed(book: Database) -> None:
    order(book)
    for due in (date(2026, 3, 20), date(2026, 3, 30)):
        api.save_template(book, "li", "每月", draft(book, due))
    (row,) = api.list_templates(book, "sales_order")
    assert api.draft_from_template(book, row.id, day=DAY).lines[0].due_date == date(2026, 3, 30)
    api.remove_template(book, "li", row.id)
    assert api.list_templates(book, "sales_order") == []
    assert refusal(lambda: api.draft_from_template(book, row.id, day=DAY)) == "template.gone"
    assert refusal(api.save_template, book, "li", "  ", draft(book, DAY)) == "template.name"


def test_a_template_whose_items_are_gone_says_so(book: Database) -> None:
    order(book)
    masterdata.save_records(book, "li", "items", [{"code": "X1", "name": "旧", "unit": "PCS"}])
    other = masterdata.search(book, "items", "X1")[0].id
    api.save_template(
        book, "li", "旧的", documents.DocDraft("sales_order", DAY, [documents.LineDraft(other, Decimal(1))])
    )
    masterdata.delete_record(book, "li", "items", other)
    (row,) = api.list_templates(book, "sales_order")
    assert refusal(lambda: api.draft_from_template(book, row.id, day=DAY)) == "template.empty"


def test_a_document_saved_under_a_client_key_is_known(book: Database) -> None:
    order(book)
    one = draft(book, DAY)
    one.client_key = "k-1"
    ref, _ = documents.save_document(book, "li", one)
    assert api.saved_as(book, "k-1") == ref
    assert api.saved_as(book, "k-2") is None
