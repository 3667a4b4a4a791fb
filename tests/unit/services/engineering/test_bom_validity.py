"""A component of one position is valid once on any day (I23)."""

from __future__ import annotations

import datetime as dt

import pytest

from services.engineering import saving as bills
from services.platform.db import Tx
from tests.support.refusing import codes, refused, told
from tests.support.shops import Shop, sqlite_shop, sqlite_template

__all__ = ["sqlite_shop", "sqlite_template"]

Span = tuple[str, str]


def date(text: str) -> dt.date | None:
    return dt.date.fromisoformat(text) if text else None


def save(shop: Shop, *spans: Span, position: str = "10") -> None:
    lines = [
        shop.factory.component("BULB", position=position, valid_from=date(start), valid_to=date(end))
        for start, end in spans
    ]
    draft = bills.VersionDraft(shop.factory.items["SHADE"], "V9", lines)

    def action(tx: Tx) -> None:
        bills.save(tx, [draft])

    shop.db.run("工艺", action)


@pytest.mark.parametrize(
    "spans",
    [
        [("", ""), ("2026-04-01", "")],
        [("2026-01-01", "2026-04-01"), ("2026-04-01", "")],
        [("2026-05-01", ""), ("2026-01-01", "2026-12-31")],
    ],
)
def test_validity_that_overlaps_is_refused_with_the_days(sqlite_shop: Shop, spans: list[Span]) -> None:
    problems = refused(save, sqlite_shop, *spans)
    assert codes(problems) == {"bom.overlap"}
    assert "BULB" in told(problems)[0]


def test_one_line_after_the_other_is_accepted(sqlite_shop: Shop) -> None:
    save(sqlite_shop, ("", "2026-03-31"), ("2026-04-01", "2026-04-30"), ("2026-05-01", ""))


def test_lines_without_a_position_are_two_places(sqlite_shop: Shop) -> None:
    save(sqlite_shop, ("", ""), ("", ""), position="")
