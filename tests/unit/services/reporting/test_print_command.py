"""The command `print`: templates by name, prints counted as in the window, nothing half done when it is refused."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from sqlalchemy import select

from app.start import main
from models.platform.tables import number_series
from services.documents import api as documents
from services.platform import books
from services.printing.api import PdfPages
from services.reporting import api
from tests.support.acting import parameter, post, save
from tests.support.shops import Shop


@pytest.fixture
def numbers(sqlite_shop: Shop) -> list[str]:
    """Two production orders, and a sales order that is a draft."""
    refs = [post(sqlite_shop, sqlite_shop.factory.order(quantity)) for quantity in ("2", "3")]
    return [ref.number for ref in (*refs, save(sqlite_shop, sqlite_shop.factory.sale("3")))]


def command(shop: Shop, *words: str) -> int:
    return main(["print", *words, "--database", shop.url])


def counts(shop: Shop, numbers: list[str]) -> list[int]:
    found = [documents.find_document(shop.db, number) for number in numbers]
    return [documents.get_document(shop.db, ref.id).print_count for ref in found if ref is not None]


def series(shop: Shop) -> list[str]:
    """The series from which numbers were taken."""
    with shop.db.read() as conn:
        return list(conn.execute(select(number_series.c.prefix)).scalars())


def test_a_template_by_name_and_prints_are_counted(sqlite_shop: Shop, numbers: list[str], tmp_path: Path) -> None:
    target = tmp_path / "单据.pdf"
    for time in (1, 2):
        assert command(sqlite_shop, *numbers, "--template", "241×140", "--to", str(target)) == 0
        assert counts(sqlite_shop, numbers) == [time] * 3
    pages = PdfPages(target.read_bytes())
    assert [pages.size_mm(n) for n in range(1, pages.count + 1)] == [(241, 140)] * pages.count
    assert "第 2 次打印" in pages.text(1)
    assert list(tmp_path.glob("*.part")) == []


def test_a_merged_list_is_numbered_and_counted(
    sqlite_shop: Shop, numbers: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    target = tmp_path / "拣货单.pdf"
    words = ("--merge", "--template", "A5", "--to", str(target), "--json")
    assert command(sqlite_shop, *numbers[:2], *words) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["number"].startswith("JYH-")
    pages = PdfPages(target.read_bytes())
    assert pages.size_mm(1) == (210, 148)
    assert told["number"] in pages.text(1)
    assert command(sqlite_shop, *numbers[:2], *words) == 0
    assert json.loads(capsys.readouterr().out)["number"] == told["number"]
    assert counts(sqlite_shop, numbers) == [2, 2, 0]


@pytest.mark.parametrize("merge", [(), ("--merge",)])
def test_an_unknown_template_is_refused_with_those_there_are_and_nothing_is_written(
    sqlite_shop: Shop, numbers: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str], merge: tuple[str, ...]
) -> None:
    target = tmp_path / "x.pdf"
    assert command(sqlite_shop, *numbers[:2], *merge, "--template", "红单", "--to", str(target)) == 1
    assert "没有名为“红单”的模板。请用其中之一：A4、A5、241×140。" in capsys.readouterr().err
    assert counts(sqlite_shop, numbers) == [0, 0, 0]
    assert list(tmp_path.glob("x*")) == []
    assert "JYH" not in series(sqlite_shop)


def test_a_draft_is_refused_where_only_approved_documents_are_printed(
    sqlite_shop: Shop, numbers: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    parameter(sqlite_shop, "print_approved_only", "yes")
    target = tmp_path / "x.pdf"
    assert command(sqlite_shop, *numbers, "--to", str(target)) == 1
    assert f"{numbers[2]}: 还没有审核" in capsys.readouterr().err
    assert not target.exists()
    assert counts(sqlite_shop, numbers) == [0, 0, 0]


@pytest.mark.parametrize("merge", [(), ("--merge",)])
def test_a_file_that_cannot_be_written_counts_nothing_and_takes_no_number(
    sqlite_shop: Shop, numbers: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str], merge: tuple[str, ...]
) -> None:
    assert command(sqlite_shop, *numbers[:2], *merge, "--to", str(tmp_path / "nowhere" / "x.pdf")) == 1
    told = capsys.readouterr().err
    assert str(tmp_path / "nowhere") in told
    assert "gongfang.log" not in told
    assert counts(sqlite_shop, numbers) == [0, 0, 0]
    assert "JYH" not in series(sqlite_shop)


def test_the_printed_numbers_are_those_of_the_book(sqlite_shop: Shop, numbers: list[str], tmp_path: Path) -> None:
    target = tmp_path / "x.pdf"
    assert command(sqlite_shop, *numbers, "--to", str(target)) == 0
    ids = [documents.find_document(sqlite_shop.db, number).id for number in numbers]  # type: ignore[union-attr]
    again = books.open_book(sqlite_shop.url)
    assert PdfPages(api.print_documents(again, ids).pdf).count == PdfPages(target.read_bytes()).count
    again.close()
