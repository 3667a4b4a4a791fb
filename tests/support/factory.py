"""A small factory of lamps for tests of the books: master data, bills of material, and documents of every type."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from sqlalchemy import Connection, select

import app.wiring
from models.documents.tables import doc_line
from models.kernel.refs import DocRef
from models.masterdata.tables import item, partner, warehouse
from services.documents import approving, saving
from services.documents.records import DocDraft, LineDraft
from services.documents.types import registry
from services.engineering import saving as bills
from services.masterdata import saving as masters
from services.platform.db import Database, Tx

DAY = dt.date(2026, 3, 5)
USER = "李会计"
assert app.wiring.AREAS


@dataclass
class Factory:
    """Ids by code of what `furnish` made, and documents on demand."""

    items: Mapping[str, int]
    stores: Mapping[str, int]
    partners: Mapping[str, int]
    made: list[DocRef] = field(default_factory=list)

    def save(self, tx: Tx, *drafts: DocDraft) -> list[DocRef]:
        """Saves drafts."""
        refs = saving.create(tx, drafts)
        self.made += refs
        return refs

    def post(self, tx: Tx, *drafts: DocDraft) -> list[DocRef]:
        """Saves and approves drafts in the order given."""
        refs = self.save(tx, *drafts)
        approving.approve(tx, [ref.id for ref in refs])
        return refs

    def opening(self, code: str, quantity: str, amount: str = "0", *, store: str = "W1", lot: str = "") -> DocDraft:
        """Opening stock of one item."""
        line = LineDraft(
            self.items[code], Decimal(quantity), amount=Decimal(amount), warehouse_id=self.stores[store], lot=lot
        )
        return DocDraft("opening_stock", DAY, [line])

    def order(
        self, quantity: str, *, code: str = "LAMP", day: dt.date = DAY, kind: str = "normal", number: str = ""
    ) -> DocDraft:
        """A production order with the material list of its bill."""
        line = LineDraft(self.items[code], Decimal(quantity), start_date=day, due_date=day + dt.timedelta(days=10))
        return DocDraft("production_order", day, [line], kind=kind, number=number)

    def sale(self, quantity: str, *, code: str = "LAMP", price: str = "80", day: dt.date = DAY) -> DocDraft:
        """A sales order of one line."""
        line = LineDraft(
            self.items[code], Decimal(quantity), price=Decimal(price), due_date=day + dt.timedelta(days=20)
        )
        return DocDraft("sales_order", day, [line], partner_id=self.partners["C1"])

    def taking(
        self, tx: Tx, target: str, source: DocRef, quantity: str = "", *, code: str = "", store: str = "W1",
        kind: str = "normal", lot: str = "", day: dt.date = DAY + dt.timedelta(days=1), price: str = "",
    ) -> DocDraft:  # fmt: skip
        """A document that executes a source: its main lines, or the material lines of one item; all of it unless told."""
        lines = [
            LineDraft(
                line.item_id, Decimal(quantity) if quantity else line.quantity,
                price=Decimal(price) if price else line.price, warehouse_id=self.stores[store], lot=lot,
                source_line_id=line.id,
            )
            for line in lines_of(tx.conn, source, "material" if code else "main")
            if not code or line.item_id == self.items[code]
        ]  # fmt: skip
        return DocDraft(target, day, lines, kind=kind, source_id=source.id)

    def add_item(self, tx: Tx, code: str, unit: str = "PCS", kind: str = "purchased", **more: Any) -> None:
        """One more item."""
        masters.upsert(tx, "items", [{"code": code, "name": code, "unit": unit, "kind": kind, **more}])
        self.items = _ids(tx.conn, item)

    def add_bill(self, tx: Tx, parent: str, *lines: bills.LineDraft) -> None:
        """An approved bill of material."""
        saved = bills.save(tx, [bills.VersionDraft(self.items[parent], "V1.0", list(lines))])
        bills.set_status(tx, saved.ids, approve=True)

    def component(self, code: str, usage: str = "1", **more: Any) -> bills.LineDraft:
        """A line of a bill."""
        return bills.LineDraft(self.items[code], Decimal(usage), **more)

    def purchase(self, quantity: str, *, code: str = "SCREW", price: str = "0.1", day: dt.date = DAY) -> DocDraft:
        """A purchase order of one line."""
        line = LineDraft(self.items[code], Decimal(quantity), price=Decimal(price), due_date=day + dt.timedelta(days=5))
        return DocDraft("purchase_order", day, [line], partner_id=self.partners["S1"])


UNITS = [{"code": "PCS", "name": "个", "decimals": 0}, {"code": "KG", "name": "公斤", "decimals": 3}]
STORES = [
    {"code": "W1", "name": "主仓", "kind": "own"},
    {"code": "W2", "name": "车间仓", "kind": "workshop"},
    {"code": "WN", "name": "允许负库存", "kind": "own", "negative": True},
    {"code": "WC", "name": "客户料仓", "kind": "customer", "partner": "C1"},
]
ITEMS: list[dict[str, Any]] = [
    {"code": "LAMP", "name": "台灯", "unit": "PCS", "kind": "manufactured", "unit_cost": Decimal("12.5")},
    {"code": "SHADE", "name": "灯罩", "unit": "PCS", "kind": "subcontracted", "unit_cost": Decimal(3)},
    {"code": "SCREW", "name": "螺丝", "unit": "PCS", "kind": "purchased", "unit_cost": Decimal("0.1")},
    {"code": "GLUE", "name": "胶水", "unit": "KG", "kind": "purchased", "unit_cost": Decimal(10)},
    {"code": "STEEL", "name": "钢板", "unit": "KG", "kind": "purchased", "unit_cost": Decimal("7.77")},
    {"code": "BULB", "name": "灯珠", "unit": "PCS", "kind": "purchased"},
]


def furnish(db: Database) -> Factory:
    """Master data and bills: a lamp of 4 screws (5 % loss, picked), a shade and 0.01 kg of glue (backflushed)."""
    with db.write(USER) as tx:
        masters.upsert(tx, "units", UNITS)
        masters.upsert(tx, "customers", [{"code": "C1", "name": "明亮商贸"}, {"code": "C2", "name": "远方"}])
        masters.upsert(tx, "suppliers", [{"code": "S1", "name": "五金厂"}, {"code": "S2", "name": "冲压厂"}])
        masters.upsert(tx, "warehouses", STORES)
        masters.upsert(tx, "items", ITEMS)
        made = Factory(_ids(tx.conn, item), _ids(tx.conn, warehouse), _ids(tx.conn, partner))
        lamp = [
            bills.LineDraft(made.items["SCREW"], Decimal(4), scrap_rate=Decimal("0.05"), key_part=True),
            bills.LineDraft(made.items["SHADE"], Decimal(1)),
            bills.LineDraft(made.items["GLUE"], Decimal("0.01"), issue="backflush", warehouse_id=made.stores["W2"]),
        ]
        shade = [bills.LineDraft(made.items["STEEL"], Decimal("0.25"))]
        versions = [
            bills.VersionDraft(made.items["LAMP"], "V1.0", lamp), bills.VersionDraft(made.items["SHADE"], "V1.0", shade),
        ]  # fmt: skip
        bills.set_status(tx, bills.save(tx, versions).ids, approve=True)
    return made


def _ids(conn: Connection, table: Any) -> dict[str, int]:
    return {row.code: row.id for row in conn.execute(select(table.c.code, table.c.id))}


def stock_up(tx: Tx, factory: Factory, times: int = 1) -> None:
    """Opening stock that suffices for the examples of every type, `times` over."""
    goods = {"LAMP": 100, "SHADE": 100, "SCREW": 1000, "STEEL": 100, "BULB": 500}
    drafts = [factory.opening(code, str(count * times), str(count * times * 3)) for code, count in goods.items()]
    factory.post(tx, *drafts, factory.opening("GLUE", str(5 * times), str(50 * times), store="W2"))


Example = Callable[[Tx, Factory, int], DocDraft]


def lines_of(conn: Connection, ref: DocRef, role: str = "main") -> Sequence[Any]:
    """Stored lines of a document, by line number."""
    query = select(doc_line).where(doc_line.c.doc_id == ref.id, doc_line.c.role == role).order_by(doc_line.c.line_no)
    return conn.execute(query).all()


def _repeated(draft: DocDraft, lines: int) -> DocDraft:
    (line,) = draft.lines
    draft.lines = [
        LineDraft(
            line.item_id, line.quantity, price=line.price, amount=line.amount, warehouse_id=line.warehouse_id,
            start_date=line.start_date, due_date=line.due_date,
        )
        for _ in range(lines)
    ]  # fmt: skip
    return draft


def _taking(
    tx: Tx, kind: str, source: DocRef, *, role: str = "main", store: int | None = None, code: int = 0
) -> DocDraft:
    """A document that takes over every line of a role whole."""
    lines = [
        LineDraft(line.item_id, line.quantity, price=line.price, warehouse_id=store, source_line_id=line.id)
        for line in lines_of(tx.conn, source, role)
        if not code or line.item_id == code
    ]
    return DocDraft(kind, DAY + dt.timedelta(days=1), lines, source_id=source.id)


def _forecast(_tx: Tx, factory: Factory, lines: int) -> DocDraft:
    line = LineDraft(factory.items["LAMP"], Decimal(30), due_date=dt.date(2026, 4, 10))
    return _repeated(DocDraft("forecast", DAY, [line]), lines)


def _subcontract(_tx: Tx, factory: Factory, lines: int) -> DocDraft:
    line = LineDraft(
        factory.items["SHADE"], Decimal(8), price=Decimal("1.2"), start_date=DAY, due_date=dt.date(2026, 3, 20)
    )
    return _repeated(DocDraft("subcontract_order", DAY, [line], partner_id=factory.partners["S2"]), lines)


def _receipt(tx: Tx, factory: Factory, lines: int) -> DocDraft:
    (order,) = factory.post(tx, _repeated(factory.purchase("50"), lines))
    return _taking(tx, "purchase_receipt", order, store=factory.stores["W1"])


def _issue(tx: Tx, factory: Factory, lines: int) -> DocDraft:
    (order,) = factory.post(tx, _repeated(factory.order("2"), lines))
    screw = factory.items["SCREW"]
    return _taking(tx, "material_issue", order, role="material", store=factory.stores["W1"], code=screw)


def _product(tx: Tx, factory: Factory, lines: int) -> DocDraft:
    (order,) = factory.post(tx, _repeated(factory.order("2"), lines))
    return _taking(tx, "product_receipt", order, store=factory.stores["W1"])


def _delivery(tx: Tx, factory: Factory, lines: int) -> DocDraft:
    (order,) = factory.post(tx, _repeated(factory.sale("2"), lines))
    return _taking(tx, "delivery", order, store=factory.stores["W1"])


EXAMPLES: dict[str, Example] = {
    "opening_stock": lambda _tx, factory, lines: _repeated(factory.opening("BULB", "40", "12.34"), lines),
    "purchase_order": lambda _tx, factory, lines: _repeated(factory.purchase("50"), lines),
    "purchase_receipt": _receipt,
    "sales_order": lambda _tx, factory, lines: _repeated(factory.sale("5"), lines),
    "forecast": _forecast,
    "delivery": _delivery,
    "production_order": lambda _tx, factory, lines: _repeated(factory.order("2"), lines),
    "material_issue": _issue,
    "product_receipt": _product,
    "subcontract_order": _subcontract,
}


def example(tx: Tx, factory: Factory, kind: str, lines: int = 3) -> DocDraft:
    """A draft of a type that can be approved, its sources made and approved; KeyError for a type without example."""
    return EXAMPLES[kind](tx, factory, lines)


def type_codes() -> list[str]:
    """Every registered document type, in the order of a business day."""
    return [kind.code for kind in sorted(registry, key=lambda kind: (kind.order, kind.code))]
