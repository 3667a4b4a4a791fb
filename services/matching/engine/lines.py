"""Lines of a chat or of free text: "台灯 5W 黑 20台 3/25前" is an item, a quantity with its unit, a day."""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from collections.abc import Collection
from dataclasses import dataclass

from services.matching.engine.dates import read_day
from services.matching.engine.folding import fold
from services.matching.engine.units import MEASURES, UNIT_WORDS

_NUMBERING = re.compile(r"^\s*(?:[(（]?\d{1,3}[)）、]|\d{1,3}[.．](?!\d)|[①-⑳]|[-·•▪*]\s)\s*")
_BREAKS = re.compile(r"[,，;；、|\t]+(?!\d{3}(?:\D|$))|\s+|[。！!](?:\s|$)")
_NUMBER = r"\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?"
_TIMES_QUANTITY = re.compile(rf"^[x×*]\s*({_NUMBER})\s*([^\d\s]{{0,3}})$", re.IGNORECASE)
_QUANTITY = re.compile(rf"^(?:数量|订|要|来|共)?[:：]?\s*({_NUMBER})\s*([^\d\s.,/]{{1,4}}?)$", re.IGNORECASE)
_QUANTITY_FIRST = re.compile(rf"^({_NUMBER})\s*([\u4e00-\u9fff])(.{{2,}})$")
_QUANTITY_LAST = re.compile(rf"^(.*?[^\d.,/x×*@￥¥φ-])({_NUMBER})\s*([^\d\s.,/]{{1,3}})$", re.IGNORECASE)
_TIMES_LAST = re.compile(rf"^(.*[^\d×x*.]|[A-Za-z]{{2,}}[\w-]*\d)[×x*]({_NUMBER})$")
_NUMBER_LAST = re.compile(rf"^(.*[\u4e00-\u9fff])({_NUMBER})$")
_PLAIN = re.compile(rf"^(?:数量)?[:：]?({_NUMBER})$")
_PRICE = re.compile(
    rf"^(?:@|单价[:：]?|价格?[:：]?|[￥¥])\s*[￥¥]?({_NUMBER})\s*(?:元|块|/\S+)*$|^({_NUMBER})\s*(?:元|块钱)(?:/\S+)?$"
)
_TIMES_BETWEEN = re.compile(r"(?<=\d)\s*[×xX]\s*(?=\d)")
_SHORT_DAY = re.compile(r"\d{1,2}[-/.]\d{1,2}")
_DIGITS = {sign: value for value, sign in enumerate("零一二三四五六七八九")} | {"两": 2}
_SCALES = {"十": 10, "百": 100, "千": 1000}
_CHINESE_COUNT = re.compile(r"^([零一二两三四五六七八九十百千]{1,7})([台个只件套支根条箱盒卷把盏对双包袋张片块])$")
_CHINESE_LAST = re.compile(
    r"^(.*[^零一二两三四五六七八九十百千])([零一二两三四五六七八九十百千]{1,7})([台个只件套支根条箱盒卷把盏对双包袋张片块])$"
)
_COLON_LAST = re.compile(
    rf"^(?!(?:电话|手机|微信|QQ|传真|邮编|单号|型号|规格|料号|编码))(.*[A-Za-z\u4e00-\u9fff].*):({_NUMBER})$"
)
_THOUSANDS = re.compile(r"(?<![A-Za-z0-9.\-])\d{1,3}(?:,\d{3})+(?!\d)")
_PHONE = re.compile(r"(?<!\d)1[3-9]\d{9}(?!\d)")
_APART = re.compile(r"(单价|价格|价|@)[:：]?\s+(?=[￥¥]?\d)")
_LABEL = re.compile(r"^(?:品名|名称|产品|料号|编码|型号|规格)[:：]")


@dataclass(frozen=True, slots=True)
class SplitLine:
    """A line taken apart; every part as text, the day already as a date."""

    text: str
    quantity: str = ""
    unit: str = ""
    price: str = ""
    day: dt.date | None = None


def split_line(line: str, *, today: dt.date, units: Collection[str] = ()) -> SplitLine:
    """Takes a line apart. units: folded codes and names of the book's units, beside the usual words.

    A number with a unit word is the quantity; without one, the last bare number is. A bare 1/2 is a day only behind the
    quantity: before it, it is a size. What is left names the item.
    """
    plain = unicodedata.normalize("NFKC", _NUMBERING.sub("", line))
    plain = _TIMES_BETWEEN.sub("×", plain.replace("*", "×"))
    plain = _APART.sub(r"\1", _PHONE.sub(" ", _without_commas(plain)))
    pieces = [piece for piece in _BREAKS.split(plain) if piece]
    parts = _Parts(today, UNIT_WORDS | set(units))
    for piece in pieces:
        parts.take(_CHINESE_COUNT.sub(_counted, piece))
    return parts.made()


def _without_commas(plain: str) -> str:
    """A comma within a number of thousands stays, any other is a break: RM403,100."""
    made, start = "", 0
    for found in _THOUSANDS.finditer(plain):
        made += plain[start : found.start()].replace(",", " ") + found[0]
        start = found.end()
    return made + plain[start:].replace(",", " ")


def _counted(found: re.Match[str]) -> str:
    """两台 -> 2台, 十二个 -> 12个, 三百只 -> 300只."""
    total, digit = 0, 0
    for sign in found[1]:
        if sign in _SCALES:
            total += (digit or 1) * _SCALES[sign]
            digit = 0
        else:
            digit = _DIGITS[sign]
    return f"{total + digit}{found[2]}"


class _Parts:
    """Collects what the pieces of one line are."""

    def __init__(self, today: dt.date, units: Collection[str]) -> None:
        self._today = today
        self._units = units
        self._words: list[str] = []
        self._bare: list[int] = []
        self._loose: tuple[int, str, str] | None = None
        self._quantity = self._unit = self._price = ""
        self._day: dt.date | None = None

    def take(self, piece: str) -> None:
        """Sorts one piece in."""
        if self._is_price(piece) or self._is_quantity(piece) or self._is_day(piece) or self._holds_quantity(piece):
            return
        if (
            not self._quantity
            and self._words
            and fold(piece) in self._units
            and self._bare[-1:] == [len(self._words) - 1]
        ):
            self._quantity, self._unit = self._number_of(self._words.pop()), piece
            self._bare.pop()
            return
        if _PLAIN.match(piece):
            self._bare.append(len(self._words))
        self._words.append(_LABEL.sub("", piece))

    def made(self) -> SplitLine:
        """The line; without a quantity so far the last bare number is it, if something else names the item."""
        if not self._quantity and self._loose and len(self._words) > 1:
            at, self._quantity, self._unit = self._loose
            del self._words[at]
        elif not self._quantity and self._bare and len(self._words) > 1:
            self._quantity = self._number_of(self._words.pop(self._bare[-1]))
        elif not self._quantity and self._words and (found := _NUMBER_LAST.match(self._words[-1])):
            self._words[-1], self._quantity = found[1], found[2]
        return SplitLine(" ".join(self._words).strip(), self._quantity, self._unit, self._price, self._day)

    def _number_of(self, word: str) -> str:
        found = _PLAIN.match(word)
        return found[1] if found else word

    def _is_price(self, piece: str) -> bool:
        found = _PRICE.match(piece)
        if found is None or self._price:
            return False
        self._price = found[1] or found[2]
        return True

    def _is_quantity(self, piece: str) -> bool:
        if self._quantity:
            return False
        found = _TIMES_QUANTITY.match(piece) if self._words else None
        if found is not None and (not found[2] or fold(found[2]) in self._units):
            self._quantity, self._unit = found[1], found[2]
            return True
        found = _QUANTITY.match(piece)
        if found is None or fold(found[2]) not in self._units:
            return False
        if fold(found[2]) in MEASURES:
            self._loose = (len(self._words), found[1], found[2])
            return False
        self._quantity, self._unit = found[1], found[2]
        return True

    def _is_day(self, piece: str) -> bool:
        day = read_day(piece, self._today) if self._day is None else None
        if day is None or (_SHORT_DAY.fullmatch(piece) and ("." in piece or not self._quantity)):
            return False
        self._day = day
        return True

    def _holds_quantity(self, piece: str) -> bool:
        """Written together: 20台台灯, RM403×200, RM403:200, 螺丝1000个, 台灯两百台."""
        if self._quantity:
            return False
        if (found := _QUANTITY_FIRST.match(piece)) and found[2] in self._units:
            self._quantity, self._unit = found[1], found[2]
            self.take(found[3])
            return True
        if (found := _QUANTITY_LAST.match(piece)) and fold(found[3]) in self._units:
            self._quantity, self._unit = found[2], found[3]
            self.take(found[1].rstrip("×x*:："))
            return True
        if (found := _CHINESE_LAST.match(piece)) and len(found[1]) > 1:
            self.take(found[1])
            return self._is_quantity(_CHINESE_COUNT.sub(_counted, found[2] + found[3]))
        found = _TIMES_LAST.match(piece) or _COLON_LAST.match(piece)
        if found is None:
            return False
        self._quantity = found[2]
        self.take(found[1])
        return True
