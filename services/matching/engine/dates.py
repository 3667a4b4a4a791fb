"""Dates as people write them in orders: 3/25前, 3月25日, 25号, 明天, 月底; the year follows from today."""

from __future__ import annotations

import calendar
import datetime as dt
import re
import unicodedata

from models.kernel.days import spreadsheet_day

_TAIL = r"\s*(?:之?前|以前|前后|左右|交货?|到货?|要货?|发货?|出货?)*"
_HEAD = r"(?:交期|交货期?|要货|到货|出货|发货|需求日期?)?[:：]?\s*"
_FULL = re.compile(rf"{_HEAD}(\d{{4}})\s?[-/.年]\s?(\d{{1,2}})\s?[-/.月]\s?(\d{{1,2}})\s?[日号]?{_TAIL}")
_MONTH_DAY = re.compile(rf"{_HEAD}(\d{{1,2}})\s?[-/.月]\s?(\d{{1,2}})\s?[日号]?{_TAIL}")
_DAY = re.compile(rf"{_HEAD}(\d{{1,2}})\s?[日号]{_TAIL}")
_DAYS = re.compile(rf"(\d{{1,3}})\s?天(?:之?[内后]){_TAIL}")
_NEAR = {"今天": 0, "今日": 0, "明天": 1, "明日": 1, "后天": 2, "大后天": 3}
_NEAR_DAY = re.compile(rf"{_HEAD}({'|'.join(sorted(_NEAR, key=len, reverse=True))}){_TAIL}")
_MONTH_END = re.compile(rf"{_HEAD}(本月底|这个月底|月底|月末|下月底|下个月底){_TAIL}")
_OF_MONTH_END = re.compile(rf"{_HEAD}(\d{{1,2}})月[底末]{_TAIL}")
_WEEKDAY = re.compile(rf"{_HEAD}(本|这|下|下下)?个?(?:周|星期|礼拜)([一二三四五六日天]){_TAIL}")
_WEEK = "一二三四五六日"
_PAST_DAYS = 60
"""a day without a year this long ago means next year"""


def read_day(text: str, today: dt.date) -> dt.date | None:
    """The day a text names, None if it names none; a day and month without year is the one nearest ahead of today."""
    plain = unicodedata.normalize("NFKC", text).strip()
    try:
        return _read(plain, today)
    except ValueError:
        return None


def _read(plain: str, today: dt.date) -> dt.date | None:
    if found := _FULL.fullmatch(plain):
        return dt.date(int(found[1]), int(found[2]), int(found[3]))
    if found := _MONTH_DAY.fullmatch(plain):
        return _ahead(today, int(found[1]), int(found[2]))
    if found := _DAY.fullmatch(plain):
        return _day_ahead(today, int(found[1]))
    if found := _DAYS.fullmatch(plain):
        return today + dt.timedelta(days=int(found[1]))
    if found := _NEAR_DAY.fullmatch(plain):
        return today + dt.timedelta(days=_NEAR[found[1]])
    if found := _MONTH_END.fullmatch(plain):
        first = today.replace(day=1)
        if found[1].startswith("下"):
            first = (first + dt.timedelta(days=32)).replace(day=1)
        return first.replace(day=calendar.monthrange(first.year, first.month)[1])
    if found := _OF_MONTH_END.fullmatch(plain):
        first = _ahead(today, int(found[1]), 1)
        return first.replace(day=calendar.monthrange(first.year, first.month)[1])
    if found := _WEEKDAY.fullmatch(plain):
        return _weekday(today, found[1] or "", _WEEK.index(found[2].replace("天", "日")))
    return spreadsheet_day(plain, today.year) if any(map(str.isalpha, plain)) else None


def _weekday(today: dt.date, week: str, day: int) -> dt.date:
    """周五 is the next Friday, 本周五 this week's, 下周五 next week's; a week begins on Monday."""
    monday = today - dt.timedelta(days=today.weekday())
    made = monday + dt.timedelta(days=day, weeks=week.count("下"))
    return made + dt.timedelta(weeks=1) if not week and made < today else made


def _ahead(today: dt.date, month: int, day: int) -> dt.date:
    made = dt.date(today.year, month, day)
    return made if made >= today - dt.timedelta(days=_PAST_DAYS) else dt.date(today.year + 1, month, day)


def _day_ahead(today: dt.date, day: int) -> dt.date:
    if day >= today.day:
        return today.replace(day=day)
    return (today.replace(day=1) + dt.timedelta(days=32)).replace(day=day)
