"""Short ways to declare the columns that many sheets share."""

from __future__ import annotations

from collections.abc import Mapping

from models.kernel.sheets import ColumnType, SheetColumn
from models.kernel.vocabulary import YES_NO


def text(key: str, title: str, help_line: str = "", *aliases: str, required: bool = False) -> SheetColumn:
    """Free text of at most 500 characters."""
    return SheetColumn(key, title, "text", required=required, help=help_line, aliases=aliases)


def code(
    key: str, title: str, help_line: str = "", *aliases: str, required: bool = False, refers_to: str = ""
) -> SheetColumn:
    """A code or number that names something; refers_to is the sheet whose key it is."""
    return SheetColumn(key, title, "code", required=required, refers_to=refers_to, help=help_line, aliases=aliases)


def whole(
    key: str,
    title: str,
    help_line: str = "",
    *aliases: str,
    default: str = "",
    minimum: str = "0",
    maximum: str = "",
    required: bool = False,
) -> SheetColumn:
    """A whole number, not negative unless minimum says so."""
    return SheetColumn(
        key,
        title,
        "integer",
        required=required,
        default=default,
        minimum=minimum,
        maximum=maximum,
        help=help_line,
        aliases=aliases,
    )


def amount_of(
    kind: ColumnType,
    key: str,
    title: str,
    help_line: str = "",
    *aliases: str,
    default: str = "",
    minimum: str = "0",
    above: str = "",
    maximum: str = "",
    below: str = "",
    required: bool = False,
) -> SheetColumn:
    """A decimal of that kind (quantity 6 decimals, money 2, price, rate and usage 8), not negative by default."""
    return SheetColumn(
        key,
        title,
        kind,
        required=required,
        default=default,
        minimum="" if above else minimum,
        above=above,
        maximum=maximum,
        below=below,
        help=help_line,
        aliases=aliases,
    )


def day(key: str, title: str, help_line: str = "", *aliases: str, required: bool = False) -> SheetColumn:
    """A calendar date."""
    return SheetColumn(key, title, "date", required=required, help=help_line, aliases=aliases)


def choice(
    key: str,
    title: str,
    choices: Mapping[str, str],
    help_line: str = "",
    *aliases: str,
    default: str = "",
    required: bool = False,
) -> SheetColumn:
    """One word of a closed vocabulary, in English or Chinese."""
    return SheetColumn(
        key, title, "choice", required=required, choices=choices, default=default, help=help_line, aliases=aliases
    )


def flag(key: str, title: str, help_line: str = "", *aliases: str, default: str = "") -> SheetColumn:
    """Yes or no."""
    return SheetColumn(key, title, "flag", choices=YES_NO, default=default, help=help_line, aliases=aliases)
