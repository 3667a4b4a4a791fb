"""Amounts in Chinese capitals, as they stand on contracts and receipts."""

from __future__ import annotations

from decimal import Decimal

from models.kernel.numbers import MONEY_PLACES, round_half_up, scaled

_DIGITS = "零壹贰叁肆伍陆柒捌玖"
_PLACES = ("", "拾", "佰", "仟")
_GROUPS = ("", "万", "亿", "万亿")


def amount_in_words(amount: Decimal) -> str:
    """人民币大写: 1284.05 is 壹仟贰佰捌拾肆元零伍分, 100 is 壹佰元整; rounded half up to cents, below 10^16.

    One 零 stands for any run of zeros between digits, none before 元; 整 closes an amount without 分.
    """
    cents = scaled(round_half_up(amount, MONEY_PLACES), MONEY_PLACES)
    if cents == 0:
        return "零元整"
    sign = "负" if cents < 0 else ""
    yuan, rest = divmod(abs(cents), 100)
    if yuan >= 10**16:
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
