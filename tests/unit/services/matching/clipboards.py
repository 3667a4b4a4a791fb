"""What Excel, WPS, LibreOffice and chats put on the clipboard for the same three order lines, and further shapes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

D = Decimal
Expected = tuple[str, Decimal | None, Decimal | None, date | None]
"""code of the item, quantity, price, due date"""

THREE: tuple[Expected, ...] = (
    ("FG100", D(20), D("1234.5"), date(2026, 3, 25)),
    ("RM403", D(1000), D("0.02"), date(2026, 3, 26)),
    ("RM404", D("2.5"), D(30), date(2026, 1, 5)),
)


@dataclass(frozen=True)
class Clipboard:
    """name, text as it lies on the clipboard, and the lines it must become."""

    name: str
    text: str
    expected: tuple[Expected, ...] = THREE


CLIPBOARDS = (
    Clipboard(
        "Excel with titles",
        "料号\t品名\t数量\t单价\t交期\r\nFG100\tLED台灯\t20\t1,234.50\t2026/3/25\r\nRM403\t螺丝\t1,000\t0.02\t2026/3/26\r\n"
        "RM404\t导热硅脂\t2.5\t30\t2026/1/5\r\n",
    ),
    Clipboard(
        "Excel without titles",
        "FG100\t20\t￥1,234.50\t2026-03-25\r\nRM403\t1000\t￥0.02\t2026-03-26\r\nRM404\t2.5\t￥30.00\t2026-01-05\r\n",
    ),
    Clipboard(
        "Excel with quotes and newlines inside cells",
        '物料编码\t规格\t数量\t单价\t交货日期\t备注\r\nFG100\t"5W\n黑色"\t20\t1234.5\t2026/3/25\t"急单\n""先发"""\r\n'
        "RM403\tM3×10\t1000\t0.02\t2026/3/26\t\r\nRM404\t\t2.5\t30\t2026/1/5\t\r\n",
    ),
    Clipboard(
        "WPS with a title line above",
        "采购清单（三月）\t\t\t\t\r\n\t\t\t\t\r\n序号\t物料编码\t数量\t单价(元)\t要货日期\r\n1\tFG100\t20\t1234.5\t2026年3月25日\r\n"
        "2\tRM403\t1000\t0.02\t2026年3月26日\r\n3\tRM404\t2.5\t30\t2026年1月5日\r\n",
    ),
    Clipboard(
        "WPS with full-width digits",
        "品名\t规格\t数量\t单价\t交期\nＬＥＤ台灯\t５Ｗ 黑色\t２０\t１，２３４．５０\t２０２６－０３－２５\n螺丝\tＭ３×１０\t１０００\t０．０２\t2026.3.26\n"  # noqa: E501
        "导热硅脂\t\t２．５\t３０\t2026.1.5\n",
    ),
    Clipboard(
        "LibreOffice with names and specifications",
        "名称\t规格型号\t数量\t价格\t交货日\nLED台灯\t5W 黑色\t20\t￥1,234.50\t2026-03-25\n螺丝\tM3x10\t1000\t￥0.02\t2026-03-26\n"
        "导热硅脂\t\t2.5\t￥30.00\t2026年1月5日\n",
    ),
    Clipboard(
        "LibreOffice with blank rows and columns",
        "\t料号\t\t数量\t单价\t交期\n\t\t\t\t\t\n\tFG100\t\t20\t1234.5\t3/25\n\tRM403\t\t1000\t0.02\t3月26日\n\t\t\t\t\t\n"
        "\tRM404\t\t2.5\t30\t2026-1-5\n",
    ),
    Clipboard(
        "customer's part numbers",
        "客户料号\t数量\t单价\t交期\nKH-7788\t20\t1234.5\t2026-3-25\nKH-7789\t1000\t0.02\t2026-3-26\nKH-7790\t2.5\t30\t2026-1-5\n",
    ),
    Clipboard(
        "customer calls his own numbers 料号",
        "料号\t数量\t单价\t交期\nkh 7788\t20\t1234.5\t2026-3-25\nkh 7789\t1000\t0.02\t2026-3-26\nkh 7790\t2.5\t30\t2026-1-5\n",
    ),
    Clipboard(
        "barcodes and quantities with units",
        "6922266445057\t20台\t1234.5\t3月25日\n6922266445064\t1000个\t0.02\t3月26日\n6922266445071\t2.5kg\t30\t2026年1月5日\n",
    ),
    Clipboard(
        "chat",
        "老板好，下个单\n1. LED台灯 5W 黑色 20台 1234.5元 3/25前\n2、螺丝M3*10 1000个 @0.02 3月26日\n③ 导热硅脂 2.5kg 单价30 2026年1月5日\n谢谢！\n",  # noqa: E501
    ),
    Clipboard(
        "chat without units or prices",
        "RM403×1000\nFG100 20\n导热硅脂 2.5公斤",
        (("RM403", D(1000), None, None), ("FG100", D(20), None, None), ("RM404", D("2.5"), None, None)),
    ),
    Clipboard(
        "amounts beside prices, running numbers without titles",
        "1\tFG100\tLED台灯\t20\t台\t￥1,234.50\t￥24,690.00\t2026/3/25\n2\tRM403\t螺丝\t1000\t个\t￥0.02\t￥20.00\t2026/3/26\n"
        "3\tRM404\t导热硅脂\t2.5\tKG\t￥30.00\t￥75.00\t2026/1/5\n",
    ),
)
