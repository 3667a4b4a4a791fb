"""Prices with tax on paper: documents hold them without, a customer and a supplier read them with."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from models.kernel.numbers import MONEY_PLACES, round_half_up
from services.documents.types import registry
from services.documents.views import DocumentView, LineView

_SHOWN_PLACES = 4
"""decimals of a price with tax: the line's amount is worked out from the amount, not from this"""


def with_tax(view: DocumentView, percent: Decimal) -> DocumentView:
    """The lines of a document with a partner at prices with tax; each amount to the cent, so that the total is their sum.

    percent 0 (the parameter's default) leaves the document as it is.
    """
    if not percent or not registry[view.ref.type].partner_role:
        return view
    return replace(view, lines=type(view.lines)(_taxed(line, 1 + percent / 100) for line in view.lines))


def _taxed(line: LineView, factor: Decimal) -> LineView:
    price, amount = line.price, line.amount
    return replace(
        line,
        price=None if price is None else round_half_up(price * factor, _SHOWN_PLACES),
        amount=None if amount is None else round_half_up(amount * factor, MONEY_PLACES),
    )
