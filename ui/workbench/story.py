"""Why an item is short, or is not: its stock and its open documents one after the other, as a small sum with links."""

from __future__ import annotations

import html
from collections.abc import Sequence
from datetime import date
from typing import Any, Final

from models.kernel.numbers import plain
from services.planning import api
from ui.framework.colors import current
from ui.framework.texts import tr
from ui.workbench.head_bar import MARKS, verdict
from ui.workbench.rows import kind_word

MOST_TERMS: Final = 14


def item_story(db: Any, today: date, code: str) -> str:
    """As HTML, asked on a reading thread; empty when there is no such item."""
    bench = api.item_workbench(db, code, today)
    return told(bench) if bench is not None else ""


def told(bench: api.Workbench) -> str:
    """The sum up to the worst day: what lies there, what comes, what goes, what is left."""
    head, figures = bench.head, bench.figures
    tone, sentence = verdict(head, figures)
    rows = _until_worst(bench.rows)
    shown, more = rows[:MOST_TERMS], len(rows) - MOST_TERMS
    cells = [_term(row) for row in shown]
    if more > 0:
        rest = sum((row.quantity for row in rows[MOST_TERMS:]), start=figures.on_hand * 0)
        cells.append(line_of(_signed(rest), html.escape(tr("还有 {count} 笔", count=more)), ""))
    cells.append("<tr><td colspan='3'><hr></td></tr>")
    left = rows[-1].balance if rows else figures.available
    word = tr("最低余额") if figures.short_day is None else tr("缺到最多时的余额")
    cells.append(line_of(f"<b>= {plain(left)}</b>", f"<b>{html.escape(word)}</b>", _day(rows[-1].day) if rows else ""))
    name = html.escape(f"{head.code} {head.name}".strip())
    colour = current().tones[tone]
    return (
        f"<p><a href='item:{html.escape(head.code)}' style='color:{current().tones['info']}'><b>{name}</b></a> "
        f"<span style='color:{colour}'>{MARKS[tone]} {html.escape(sentence)}</span></p>"
        f"<table cellspacing='0' cellpadding='2' width='100%'>{''.join(cells)}</table>"
    )


def line_of(amount: str, text: str, day: str) -> str:
    """A row of the sum; amount and text are HTML already."""
    return (
        f"<tr><td align='right' valign='top' style='white-space:nowrap'>{amount}</td><td valign='top'>{text}</td>"
        f"<td valign='top' align='right' style='color:{current().faint};white-space:nowrap'>{day}</td></tr>"
    )


def _until_worst(rows: Sequence[api.AvailabilityRow]) -> Sequence[api.AvailabilityRow]:
    """Movements up to the one after which the balance is lowest; all of them when none is below the stock."""
    lowest = min(range(len(rows)), key=lambda at: (rows[at].balance, at), default=-1)
    return rows[: lowest + 1]


def _term(row: api.AvailabilityRow) -> str:
    text = html.escape(kind_word(row))
    if row.document is not None:
        ref = row.document
        link = f"doc:{ref.type}:{ref.id}:{html.escape(ref.number)}"
        text += f" <a href='{link}' style='color:{current().tones['info']}'>{html.escape(ref.number)}</a>"
    for more in (row.product, row.party if not row.product else ""):
        if more:
            text += f" <span style='color:{current().faint}'>{html.escape(more)}</span>"
    if row.overdue:
        text += f" <span style='color:{current().tones['warn']}'>{tr('逾期 {days} 天', days=row.overdue)}</span>"
    return line_of(plain(row.quantity) if row.kind == "stock" else _signed(row.quantity), text, _day(row.due))


def _signed(quantity: Any) -> str:
    return f"− {plain(-quantity)}" if quantity < 0 else f"+ {plain(quantity)}"


def _day(day: date) -> str:
    return f"{day:%m-%d}"
