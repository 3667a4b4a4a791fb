"""Why an order at the kitting desk gets no more of a part: what was there, who was served before, what is left for it."""

from __future__ import annotations

import html
from collections.abc import Sequence
from decimal import Decimal
from typing import Final

from models.kernel.numbers import ZERO, plain
from services.planning.api import KittingComponent, KittingOrder
from ui.framework.colors import current
from ui.framework.texts import tr

MOST_BEFORE: Final = 10


def dealing_story(orders: Sequence[KittingOrder], order: KittingOrder, code: str) -> str:
    """orders: in the order in which they are served. Empty when the order has no such part."""
    parts = _parts(order, code)
    if not parts:
        return ""
    part, needed = parts[0], sum((_open(one) for one in parts), ZERO)
    before: list[tuple[KittingOrder, Decimal]] = []
    start = part.available
    for other in orders:
        if other.line_id == order.line_id:
            break
        served = _parts(other, code)
        if served:
            start = start if before else served[0].available
            before.append((other, sum((min(one.available, _open(one)) for one in served), ZERO)))
    takers = [(other, taken) for other, taken in before if taken]
    rows = [_row(plain(start), tr("可用料"), "")]
    rows += [_row(f"− {plain(taken)}", tr("先排的任务单"), _link(other)) for other, taken in takers[:MOST_BEFORE]]
    rest = sum((taken for _, taken in takers[MOST_BEFORE:]), ZERO)
    if rest:
        rows.append(_row(f"− {plain(rest)}", tr("还有 {count} 张先排的", count=len(takers) - MOST_BEFORE), ""))
    rows.append(_row(f"<b>= {plain(part.available)}</b>", tr("轮到本单时剩下"), ""))
    required, drawn = (sum((getattr(one, field) for one in parts), ZERO) for field in ("required", "drawn"))
    word = tr("本单还要（应领 {required}，已领 {drawn}）", required=plain(required), drawn=plain(drawn))
    rows.append(_row(f"− {plain(needed)}", word, ""))
    lacking = max(ZERO, needed - part.available)
    tone = current().tones["danger" if lacking else "ok"]
    word = tr("缺 {short}", short=plain(lacking)) if lacking else tr("够")
    rows.append(
        _row(f"<b style='color:{tone}'>→</b>", f"<b style='color:{tone}'>{html.escape(word)}</b>", "", raw=True)
    )
    if lacking and part.ready_day is not None:
        rows.append(_row("", tr("{day} 到料后够", day=f"{part.ready_day:%m-%d}"), ""))
    title = tr("为什么 {order} 的 {part} 是这个数", order=order.ref.number, part=f"{part.code} {part.name}".strip())
    return (
        f"<p><b>{html.escape(title)}</b></p><table cellspacing='0' cellpadding='2' width='100%'>{''.join(rows)}</table>"
    )


def _parts(order: KittingOrder, code: str) -> list[KittingComponent]:
    return [part for part in order.components if part.code == code]


def _open(part: KittingComponent) -> Decimal:
    return max(ZERO, part.required - part.drawn)


def _link(order: KittingOrder) -> str:
    ref = order.ref
    colour = current().tones["info"]
    number = html.escape(ref.number)
    return f" <a href='doc:{ref.type}:{ref.id}:{number}' style='color:{colour}'>{number}</a>"


def _row(amount: str, text: str, link: str, *, raw: bool = False) -> str:
    words = text if raw else html.escape(text)
    return (
        f"<tr><td align='right' valign='top' style='white-space:nowrap'>{amount}</td>"
        f"<td valign='top'>{words}{link}</td></tr>"
    )
