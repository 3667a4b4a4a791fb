"""Books for costing, told as sheets: items by a word, documents as rows, results as plain figures."""

from __future__ import annotations

import csv
import datetime as dt
import shutil
from collections.abc import Mapping, Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any

from sqlalchemy import select

import app.wiring
from models.costing.tables import cost_share, wip_cost
from models.documents.tables import doc, doc_line
from models.kernel.numbers import plain
from models.ledgers.tables import stock_move, stock_value
from models.masterdata.tables import item
from services.costing import api
from services.exchange.importing import import_sources
from services.platform import books
from services.platform.db import connect
from tests.support.ledgers import broken

USER = "成本会计"
NOW = dt.datetime(2026, 4, 30, 1, 0, tzinfo=dt.UTC)
assert app.wiring.AREAS
Rows = Sequence[Mapping[str, object]]


class Costed:
    """A book of its own in a folder."""

    def __init__(self, folder: Path, target: str = "", template: Path | None = None) -> None:
        """template: a file made by `template`, copied instead of making everything again."""
        self.folder = folder
        self._times = 0
        if template is not None:
            shutil.copy(template, folder / "book.db")
            self.db = connect(folder / "book.db", clock=lambda: NOW)
            return
        self.db = books.create(target or str(folder / "book.db"), clock=lambda: NOW)
        self.load(
            units=[{"code": "PCS", "decimals": 0}, {"code": "KG", "decimals": 3}],
            warehouses=[{"code": "W1", "kind": "own"}, {"code": "W2", "kind": "workshop"}],
            suppliers=[{"code": "S1"}], customers=[{"code": "C1"}],
        )  # fmt: skip

    def load(self, *, approve: bool = True, **sheets: Rows) -> None:
        """Imports sheets, rows as mappings of columns, and approves their documents."""
        self._times += 1
        folder = self.folder / f"sheets{self._times}"
        folder.mkdir()
        for name, rows in sheets.items():
            keys = list(dict.fromkeys(key for row in rows for key in row))
            with (folder / f"{name}.csv").open("w", encoding="utf-8", newline="") as file:
                writer = csv.DictWriter(file, keys)
                writer.writeheader()
                writer.writerows(rows)
        import_sources(self.db, USER, [folder], approve=approve)

    def items(self, *codes: str, **more: object) -> None:
        """Items of one kind; purchased unless told."""
        self.load(items=[{"code": code, "unit": "PCS", "warehouse": "W1", **more} for code in codes])

    def cost(self, period: str = "2026-03") -> api.CostSummary:
        """Costs a period; every proof of the books holds after it, and the same again changes nothing."""
        made, _changes = api.cost_period(self.db, USER, period)
        again, _changes = api.cost_period(self.db, USER, period)
        assert again.corrections == 0
        assert broken(self.db) == []
        return made

    def costs(self, period: str = "2026-03") -> dict[tuple[str, str], dict[str, Decimal]]:
        """order and item -> figures of the sheet of order costs."""
        names = ("quantity", "material", "labor", "overhead", "subcontract", "total", "unit_cost")
        return {
            (row.order, row.item): {name: getattr(row, name) for name in names}
            for row in api.order_costs(self.db, period)
        }

    def totals(self, period: str = "2026-03") -> dict[tuple[str, str], str]:
        """order and item -> total, as text."""
        return {key: plain(row["total"]) for key, row in self.costs(period).items()}

    def stock(self, code: str) -> tuple[Decimal, Decimal]:
        """Quantity and value of an item."""
        query = select(stock_value.c.quantity, stock_value.c.value).join(item, item.c.id == stock_value.c.item_id)
        with self.db.read() as conn:
            row = conn.execute(query.where(item.c.code == code)).first()
        return (row.quantity, row.value) if row else (Decimal(0), Decimal(0))

    def shares(self) -> dict[str, Decimal]:
        """order -> what it bears of all shared costs."""
        query = (
            select(doc.c.number, cost_share.c.amount)
            .join_from(cost_share, doc_line, doc_line.c.id == cost_share.c.order_line_id)
            .join(doc, doc.c.id == doc_line.c.doc_id)
        )
        made: dict[str, Decimal] = {}
        with self.db.read() as conn:
            for number, amount in conn.execute(query):
                made[number] = made.get(number, Decimal(0)) + amount
        return made

    def in_progress(self, number: str, period: str = "2026-03") -> dict[str, Decimal]:
        """element -> what an order keeps at the end of a period."""
        w = wip_cost.c
        query = (
            select(w.element, w.opening, w.input, w.finished)
            .join_from(wip_cost, doc_line, doc_line.c.id == w.order_line_id)
            .join(doc, doc.c.id == doc_line.c.doc_id)
            .where(doc.c.number == number, w.period == period)
        )
        made: dict[str, Decimal] = {}
        with self.db.read() as conn:
            for element, begun, taken, finished in conn.execute(query):
                made[element] = made.get(element, Decimal(0)) + begun + taken - finished
        return made

    def value_of(self, number: str) -> Decimal:
        """What all movements of a document are worth."""
        query = select(stock_move.c.value).join(doc, doc.c.id == stock_move.c.doc_id).where(doc.c.number == number)
        with self.db.read() as conn:
            return sum(conn.execute(query).scalars(), Decimal(0))

    def document(self, number: str) -> Any:
        """Id of a document."""
        with self.db.read() as conn:
            return conn.execute(select(doc.c.id).where(doc.c.number == number)).scalar_one()


def template(folder: Path) -> Path:
    """A book with units, stores and partners, whole in one file."""
    made = Costed(folder)
    made.db.close()
    return folder / "book.db"


def opening(code: str, quantity: object, amount: object, date: str = "2026-02-28") -> dict[str, object]:
    """A row of opening stock."""
    return {"warehouse": "W1", "item": code, "quantity": quantity, "amount": amount, "date": date}


def bought(number: str, code: str, quantity: int, price: object, date: str) -> dict[str, Rows]:
    """A purchase order and its receipt."""
    order = {
        "number": f"PO-{number}",
        "date": date,
        "supplier": "S1",
        "line": 1,
        "item": code,
        "quantity": quantity,
        "price": price,
    }
    receipt = {
        "number": number,
        "date": date,
        "order": f"PO-{number}",
        "item": code,
        "quantity": quantity,
        "price": price,
    }
    return {"purchase_orders": [order], "purchase_receipts": [receipt]}


def sold(number: str, code: str, quantity: int, date: str) -> dict[str, Rows]:
    """A sales order and its delivery."""
    order = {
        "number": f"SO-{number}",
        "date": date,
        "customer": "C1",
        "line": 1,
        "item": code,
        "quantity": quantity,
        "price": 1,
    }
    return {
        "sales_orders": [order],
        "deliveries": [{"number": number, "date": date, "order": f"SO-{number}", "item": code, "quantity": quantity}],
    }


def order(number: str, code: str, quantity: object, date: str = "2026-03-01", **more: object) -> dict[str, object]:
    """A row of production orders."""
    return {"number": number, "date": date, "item": code, "quantity": quantity, **more}


def issue(
    number: str, to: str, code: str, quantity: object, date: str = "2026-03-05", **more: object
) -> dict[str, object]:
    """A row of material issues."""
    return {"number": number, "date": date, "order": to, "item": code, "quantity": quantity, **more}


def receipt(
    number: str, of: str, code: str, quantity: object, date: str = "2026-03-10", **more: object
) -> dict[str, object]:
    """A row of product receipts."""
    return {"number": number, "date": date, "order": of, "item": code, "quantity": quantity, **more}


def paid(
    cost_item: str, amount: object, *, kind: str = "overhead", period: str = "2026-03", **more: object
) -> dict[str, object]:
    """A row of period costs."""
    return {"period": period, "cost_item": cost_item, "kind": kind, "amount": amount, **more}


def line(parent: str, component: str, quantity: object = 1, **more: object) -> dict[str, object]:
    """A row of bills of material."""
    return {
        "parent": parent,
        "version": "1",
        "component": component,
        "position": component,
        "quantity": quantity,
        **more,
    }
