"""The command line, declared with argparse; nothing heavy is imported here."""

from __future__ import annotations

import argparse
import datetime as dt
import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from services.platform.tongues import LANGUAGES, SOURCE, Tongue


@dataclass(frozen=True, slots=True)
class Arguments:
    """What the user asked for."""

    command: str
    database: str
    lang: str
    json: bool
    user: str
    options: Any


def parse(argv: Sequence[str]) -> Arguments:
    """Reads the arguments; wrong usage ends the program with status 2."""
    found = parser(_language(argv)).parse_args(argv)
    return Arguments(
        found.command or "",
        found.database or "",
        found.lang or SOURCE,
        found.json,
        getattr(found, "user", "") or "",
        found,
    )


def _language(argv: Sequence[str]) -> str:
    """The language the help is in: --lang is looked for before the rest is read."""
    early = argparse.ArgumentParser(add_help=False, exit_on_error=False, allow_abbrev=False)
    early.add_argument("--lang", default="")
    try:
        found = early.parse_known_args(argv)[0].lang
    except argparse.ArgumentError:
        return SOURCE
    return found if found in LANGUAGES else SOURCE


def parser(language: str = SOURCE) -> argparse.ArgumentParser:
    """The parser of the whole command line, its help in a language."""
    tongue = Tongue(language)
    common = argparse.ArgumentParser(add_help=False)
    _globals(common, tongue, default=argparse.SUPPRESS)
    top = argparse.ArgumentParser(
        prog="main.py", description=tongue("工坊：小工厂的生产管理系统。不带命令时打开窗口。")
    )
    _globals(top, tongue, default=None)
    commands = top.add_subparsers(dest="command", metavar="COMMAND")

    def add(name: str, help_text: str) -> argparse.ArgumentParser:
        told = tongue(help_text)
        return commands.add_parser(name, help=told, parents=[common], description=told)

    made = add("init", "新建账套")
    made.add_argument("--demo", action="store_true", help=tongue("并装入示范工厂"))
    made = add("import", "从工作簿、CSV 或文件夹导入")
    made.add_argument("sources", nargs="+", metavar="SOURCE")
    made.add_argument("--dry-run", action="store_true", help=tongue("只检查，不写入"))
    made.add_argument("--approve", action="store_true", help=tongue("同时审核导入的单据"))
    add("template", "生成空白导入模板").add_argument("file", metavar="FILE.xlsx")
    made = add("export", "导出")
    made.add_argument("sheets", nargs="+", metavar="SHEET")
    made.add_argument("--to", required=True, metavar="FILE|DIR")
    _planning(add, tongue)
    made = add("print", "打印成 PDF")
    made.add_argument("numbers", nargs="+", metavar="NUMBER")
    made.add_argument("--merge", action="store_true", help=tongue("几张任务单合成一张拣货单"))
    made.add_argument("--template", default="", metavar="NAME", help=tongue("打印模板的名称；不写用默认模板"))
    made.add_argument("--paper", default="", help="a4, a4_landscape, a5, a5_landscape, 241x140, 241x93")
    made.add_argument("--to", required=True, metavar="FILE.pdf")
    _costing(add, tongue)
    add("check", "验证账套")
    add("backup", "备份").add_argument("file", metavar="FILE")
    add("restore", "从备份恢复").add_argument("file", metavar="FILE")
    made = add("roles", "给 PostgreSQL 账套的每个用户设数据库登录名，由数据库把住权限")
    made.add_argument("--renew", nargs="+", default=[], metavar="LOGIN", help=tongue("给这些用户新的数据库密码"))
    return top


def _planning(add: Any, tongue: Tongue) -> None:
    day = partial(_date, tongue=tongue)
    made = add("mrp", "运算物料需求")
    made.add_argument("--start", required=True, type=day, metavar="DATE")
    made.add_argument("--end", type=day, metavar="DATE")
    made.add_argument("--orders", nargs="+", default=[], metavar="NUMBER")
    made.add_argument("--note", default="", metavar="TEXT")
    made = add("release", "投放计划订单")
    made.add_argument("--run", type=_number, metavar="N")
    made.add_argument("--kind", choices=("purchase", "production", "subcontract"), default="")
    made.add_argument("--merge", action="store_true", help=tongue("同料合并成一行"))
    made = add("kitting", "齐套分析")
    made.add_argument("orders", nargs="*", metavar="ORDER")
    made.add_argument("--date", type=day, metavar="DATE")


def _costing(add: Any, tongue: Tongue) -> None:
    for name, told in (("cost", "核算一个期间"), ("close", "结账"), ("reopen", "反结账")):
        made = add(name, told)
        made.add_argument("--period", required=True, metavar="YYYY-MM")
        if name == "reopen":
            made.add_argument("--reason", required=True, metavar="TEXT", help=tongue("为什么反结账"))


def _globals(target: argparse.ArgumentParser, tongue: Tongue, default: Any) -> None:
    target.add_argument("--database", default=default, metavar="PATH|URL", help=tongue("账套文件或 PostgreSQL 地址"))
    target.add_argument("--lang", choices=tuple(LANGUAGES), default=default, help=tongue("语言；导出默认用英文列名"))
    target.add_argument(
        "--json", action="store_true", default=False if default is None else default, help=tongue("输出 JSON")
    )
    target.add_argument("--user", default=default, help=tongue("经手人"))


def _number(text: str) -> int:
    number = int(text)
    if not 0 < number < 2**63:
        raise ValueError(number)
    return number


def _date(text: str, *, tongue: Tongue) -> dt.date:
    plain = re.sub(r"[/.年月]", "-", re.sub(r"[日]", "", text.strip()))
    parts = plain.split("-")
    try:
        year, month, day = (int(part) for part in parts)
        return dt.date(year, month, day)
    except (ValueError, OverflowError):
        raise argparse.ArgumentTypeError(tongue("{text} 不是日期，请写成 2026-03-05", text=text)) from None
