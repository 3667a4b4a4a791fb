"""Planning in words: where a quantity comes from, why an order is what it is, why two runs differ."""

from __future__ import annotations

import html
from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Final

from models.kernel.numbers import plain
from models.kernel.vocabulary import DEMAND_KINDS
from services.planning.api import CauseView, ExplanationView, Origin, TermView
from ui.framework.colors import current
from ui.framework.texts import listed, tr

SOURCES: Final = {
    "stock": "现存",
    "purchase_order": "采购在途",
    "production_order": "生产在制",
    "subcontract_order": "委外在制",
    "co_product": "联副产品",
    "planned_order": "计划订单",
    "substitution": "替代料",
    "unplanned": "本次不算的需求",
}
NEEDS: Final = {**DEMAND_KINDS, "substitution": "替代别的料"}
STEPS: Final = {
    "fixed": "固定批量 {value}",
    "minimum": "不少于最小批量 {value}",
    "multiple": "按批量倍数 {value} 进位",
    "maximum": "每张不超过 {value}，拆成几张",
}
FIELDS: Final = {
    "lead": "提前期", "policy": "批量规则", "period_days": "合并天数", "safety": "安全库存", "safety_stock": "安全库存",
    "lot_size": "固定批量", "lot_minimum": "最小批量", "lot_multiple": "批量倍数", "lot_maximum": "最大批量",
    "minimum": "最小批量", "multiple": "批量倍数", "maximum": "最大批量", "size": "固定批量", "yield_num": "成品率",
    "yield_den": "成品率", "kind": "物料类型", "decimals": "单位小数位", "mto": "计划策略", "supplier": "供应商",
    "item": "物料", "stock": "现存",
}  # fmt: skip
REASONS: Final = {"demand": "需求", "supply": "在途", "parent": "上级产品", "bom": "物料清单"}


def origin_text(origin: Origin, *, source: bool) -> str:
    """销售订单 XSDD-… 第1行, or FG100 计划 P1-000012."""
    word = tr((SOURCES if source else NEEDS).get(origin.kind, origin.kind))
    if origin.document is not None:
        line = tr(" 第{line}行", line=origin.line) if origin.line else ""
        return f"{word} {origin.document.number}{line}"
    if origin.planned:
        return tr("{item} 计划 {number}", item=origin.item_code, number=origin.planned)
    if origin.kind == "substitution":
        return f"{word} {origin.item_code}"
    return word


def explained(view: ExplanationView, name: str, unit: str) -> str:
    """The sum behind a planned order as a small table: needs, what covers them, the net, and how it became lots."""
    rows: list[str] = []
    if view.carried_day is not None:
        word = tr("{day} 之前的结余", day=_short(view.carried_day))
        rows.append(_row(view.carried, word, "", sign=""))
    rows.append(_head(tr("需要")))
    rows += [_term(term, source=False) for term in view.demands]
    rows.append(_head(tr("已有")))
    rows += [_term(term, source=True) for term in view.supplies] or [_row(Decimal(0), tr("没有"), "", sign="")]
    rows.append(_line())
    rows.append(_row(view.net, tr("净需求"), _sum_of(view), sign="", bold=True))
    rows += [
        _step(step.rule, step.value, step.quantity) for step in view.steps if step.rule != "yield" or step.value != 1
    ]
    until = tr("合并到 {day} 为止的需求", day=_short(view.grouped_until)) if view.grouped_until else ""
    several = tr("拆成 {count} 张：{orders}", count=len(view.orders), orders=listed(view.orders))
    notes = [note for note in (until, several if len(view.orders) > 1 else "") if note]
    amount = f"{plain(view.steps[-1].quantity if view.steps else view.net)} {unit}"
    title = tr("为什么 {due} 要 {amount} {item}", item=f"{view.item_code} {name}", due=_short(view.due), amount=amount)
    return (
        f"<p><b>{html.escape(title)}</b></p>"
        f"<table cellspacing='0' cellpadding='2' width='100%'>{''.join(rows)}</table>"
        + "".join(f"<p>{html.escape(note)}</p>" for note in notes)
    )


def cause_text(cause: CauseView) -> str:
    """One reason of a difference between two runs."""
    if cause.reason == "start":
        return tr("起算日 {before} → {after}", before=_day(cause.day_before), after=_day(cause.day_after))
    if cause.reason == "calendar":
        return tr("工厂日历的休息日 {before} → {after} 天", before=_amount(cause.before), after=_amount(cause.after))
    if cause.reason == "substitute":
        return tr("替代料用量 {before} → {after}", before=_amount(cause.before), after=_amount(cause.after))
    if cause.reason in ("stock", "master"):
        field = tr(FIELDS.get(cause.name, cause.name))
        return f"{field} {_amount(cause.before)} → {_amount(cause.after)}"
    word = f"{tr(REASONS.get(cause.reason, cause.reason))} {cause.name}"
    if cause.before is None:
        return tr("{what} 新增 {after}", what=word, after=_amount(cause.after))
    if cause.after is None:
        return tr("{what} 没有了（原 {before}）", what=word, before=_amount(cause.before))
    if cause.before == cause.after and cause.day_before != cause.day_after:
        return tr(
            "{what} 改期 {before} → {after}", what=word, before=_day(cause.day_before), after=_day(cause.day_after)
        )
    return f"{word} {_amount(cause.before)} → {_amount(cause.after)}"


def causes_text(causes: Sequence[CauseView], limit: int = 3) -> str:
    """The reasons in one line."""
    shown = listed((cause_text(cause) for cause in causes[:limit]), "；")
    more = len(causes) - limit
    return shown + (tr(" 等 {count} 个原因", count=len(causes)) if more > 0 else "")


def _term(term: TermView, *, source: bool) -> str:
    origin = term.origin
    text = html.escape(origin_text(origin, source=source))
    if origin.document is not None:
        ref = origin.document
        text = f"<a href='doc:{ref.type}:{ref.id}:{html.escape(ref.number)}' style='color:{current().tones['info']}'>{text}</a>"
    elif origin.planned:
        text = f"<a href='planned:{origin.planned_seq}' style='color:{current().tones['info']}'>{text}</a>"
    if term.arithmetic:
        text += f"<br><span style='color:{current().faint}'>{html.escape(term.arithmetic)}</span>"
    return _cells("− " if source else "+ ", term.quantity, text, _short(term.day))


def _step(rule: str, value: Decimal, quantity: Decimal) -> str:
    if rule == "yield":
        word = tr("÷ 成品率 {rate}%，按单位进位", rate=plain(value * 100))
    else:
        word = tr(STEPS.get(rule, rule), value=plain(value))
    return _row(quantity, word, "", sign="→ ", bold=True)


def _sum_of(view: ExplanationView) -> str:
    needs = sum((term.quantity for term in view.demands), Decimal(0))
    cover = sum((term.quantity for term in view.supplies), Decimal(0)) + view.carried
    return f"{plain(needs)} − {plain(cover)}"


def _row(quantity: Decimal, text: str, detail: str, *, sign: str, bold: bool = False) -> str:
    words = html.escape(text) + (
        f" <span style='color:{current().faint}'>= {html.escape(detail)}</span>" if detail else ""
    )
    return _cells(sign, quantity, f"<b>{words}</b>" if bold else words, "", bold=bold)


def _cells(sign: str, quantity: Decimal, text: str, day: str, *, bold: bool = False) -> str:
    amount = f"{sign}{plain(quantity)}"
    amount = f"<b>{amount}</b>" if bold else amount
    return (
        f"<tr><td align='right' valign='top' style='white-space:nowrap'>{amount}</td><td valign='top'>{text}</td>"
        f"<td valign='top' align='right' style='color:{current().faint};white-space:nowrap'>{day}</td></tr>"
    )


def _head(text: str) -> str:
    return f"<tr><td colspan='3' style='color:{current().faint}'>{html.escape(text)}</td></tr>"


def _line() -> str:
    return f"<tr><td colspan='3'><hr style='color:{current().border}'></td></tr>"


def _amount(value: Decimal | None) -> str:
    return tr("无") if value is None else plain(value)


def _short(day: date) -> str:
    return f"{day:%m-%d}"


def _day(day: date | None) -> str:
    return day.isoformat() if day else tr("无")
