"""Amounts in words, as they stand on contracts and receipts: Chinese capitals, English words."""

from __future__ import annotations

from decimal import Decimal

from models.kernel.numbers import MONEY_PLACES, round_half_up, scaled

_DIGITS = "零壹贰叁肆伍陆柒捌玖"
_PLACES = ("", "拾", "佰", "仟")
_GROUPS = ("", "万", "亿", "万亿")
_MOST = 10**16
_ENGLISH = (
    "zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve", "thirteen",
    "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen",
)  # fmt: skip
_TENS = ["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"]
_THOUSANDS = ("", " thousand", " million", " billion", " trillion", " quadrillion")


def amount_in_words(amount: Decimal) -> str:
    """人民币大写: 1284.05 is 壹仟贰佰捌拾肆元零伍分, 100 is 壹佰元整; rounded half up to cents, below 10^16.

    One 零 stands for any run of zeros between digits, none before 元; 整 closes an amount without 分.
    """
    cents = scaled(round_half_up(amount, MONEY_PLACES), MONEY_PLACES)
    if cents == 0:
        return "零元整"
    sign = "负" if cents < 0 else ""
    yuan, rest = divmod(abs(cents), 100)
    if yuan >= _MOST:
        raise ValueError(f"{amount} is too large")
    tens, ones = divmod(rest, 10)
    text = f"{_whole(yuan)}元" if yuan else ""
    if tens:
        text += f"{_DIGITS[tens]}角"
    elif ones and yuan:
        text += "零"
    text += f"{_DIGITS[ones]}分" if ones else "整"
    return sign + text


def _whole(number: int) -> str:
    text, pending = "", False
    groups = []
    while number:
        number, group = divmod(number, 10000)
        groups.append(group)
    for index in range(len(groups) - 1, -1, -1):
        group = groups[index]
        if group == 0:
            pending = True
            continue
        if text and (pending or group < 1000):
            text += "零"
        text += _group(group) + _GROUPS[index]
        pending = False
    return text


def _group(number: int) -> str:
    text, pending = "", False
    for place in (3, 2, 1, 0):
        digit = number // 10**place % 10
        if digit == 0:
            pending = bool(text)
            continue
        text += ("零" if pending else "") + _DIGITS[digit] + _PLACES[place]
        pending = False
    return text


def amount_in_english(amount: Decimal) -> str:
    """1284.05 is "one thousand two hundred eighty-four and 05/100", as cheques have it; rounded half up to cents, below 10^16."""
    cents = scaled(round_half_up(amount, MONEY_PLACES), MONEY_PLACES)
    whole, rest = divmod(abs(cents), 100)
    if whole >= _MOST:
        raise ValueError(f"{amount} is too large")
    return f"{'minus ' if cents < 0 else ''}{_english(whole)} and {rest:02d}/100"


def _english(number: int) -> str:
    groups: list[str] = []
    for power in _THOUSANDS:
        number, group = divmod(number, 1000)
        if group:
            groups.insert(0, _hundreds(group) + power)
        if not number:
            break
    return " ".join(groups) or _ENGLISH[0]


def _hundreds(number: int) -> str:
    hundreds, rest = divmod(number, 100)
    parts = [f"{_ENGLISH[hundreds]} hundred"] if hundreds else []
    if rest >= 20:
        tens, ones = divmod(rest, 10)
        parts.append(_TENS[tens - 2] + (f"-{_ENGLISH[ones]}" if ones else ""))
    elif rest:
        parts.append(_ENGLISH[rest])
    return " ".join(parts)
