"""Prices and costs: who may not see them finds none in any list, form, history, export or print, and cannot overwrite them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from decimal import Decimal
from pathlib import Path

import pytest
from sqlalchemy import select

from models.documents.tables import doc_line
from models.kernel.problems import Refused
from models.kernel.refs import DocRef
from models.masterdata.tables import item
from services.documents import api as documents
from services.documents.records import DocDraft, LineDraft
from services.engineering import api as engineering
from services.masterdata import api as masterdata
from services.papers import api as papers
from services.platform.access.holding import Access
from services.platform.db import Database
from tests.support.people import staff
from tests.support.shops import Shop

DAY = dt.date(2026, 3, 5)
PRICE = Decimal("77.13")


@pytest.fixture
def people(sqlite_shop: Shop) -> Mapping[str, Access]:
    return staff(sqlite_shop.db)


@pytest.fixture
def sale(sqlite_shop: Shop, people: Mapping[str, Access]) -> DocRef:
    """A draft sales order of one line at 77.13."""
    with sqlite_shop.db.write("root") as tx, tx.implied():
        (ref,) = sqlite_shop.factory.save(tx, sqlite_shop.factory.sale("10", price=str(PRICE)))
    return ref


def seen_by(shop: Shop, access: Access) -> Database:
    return shop.db.acting_as(access)


def refusals(action: object, *args: object, **more: object) -> list[str]:
    assert callable(action)
    with pytest.raises(Refused) as caught:
        action(*args, **more)
    return [problem.code for problem in caught.value.problems]


@pytest.mark.parametrize(
    ("role", "sees"), [("sales", True), ("finance", True), ("warehouse", False), ("viewer", False)]
)
def test_prices_and_amounts_of_documents(
    sqlite_shop: Shop, people: Mapping[str, Access], sale: DocRef, role: str, sees: bool
) -> None:
    db = seen_by(sqlite_shop, people[role])
    view = documents.get_document(db, sale.id)
    assert [(line.price, line.amount) for line in view.lines] == (
        [(PRICE, Decimal("771.30"))] if sees else [(None, None)]
    )
    (row,) = documents.list_documents(db, "sales_order").rows
    assert row.amount == (Decimal("771.30") if sees else None)
    assert (str(PRICE) in view.history[-1].after) == sees
    copied = documents.copy_document(db, sale.id, day=DAY)
    assert copied.lines[0].price == (PRICE if sees else None)


@pytest.mark.parametrize(
    ("role", "sees"), [("sales", True), ("finance", True), ("warehouse", False), ("viewer", False)]
)
def test_prices_of_a_template(sqlite_shop: Shop, people: Mapping[str, Access], role: str, sees: bool) -> None:
    papers.save_template(sqlite_shop.db, people["sales"], "十盏", sqlite_shop.factory.sale("10", price=str(PRICE)))
    db = seen_by(sqlite_shop, people[role])
    (row,) = papers.list_templates(db, "sales_order")
    draft = papers.draft_from_template(db, row.id, day=DAY)
    assert [line.price for line in draft.lines] == [PRICE if sees else None]


def test_figures_of_a_document_pushed_down(sqlite_shop: Shop, people: Mapping[str, Access]) -> None:
    with sqlite_shop.db.write("root") as tx, tx.implied():
        (order,) = sqlite_shop.factory.post(tx, sqlite_shop.factory.purchase("50", price="0.37"))
    store = people["warehouse"]
    (draft,) = documents.push_down(seen_by(sqlite_shop, store), order.id, "purchase_receipt")
    assert [line.price for line in draft.lines] == [None]
    draft.lines[0].warehouse_id = sqlite_shop.factory.stores["W1"]
    ref, _ = documents.save_document(sqlite_shop.db, store, draft)
    assert _price(sqlite_shop.db, ref) == Decimal("0.37"), "what the store receives has the price of the order"


def _price(db: Database, ref: DocRef) -> Decimal | None:
    with db.read() as conn:
        return conn.execute(select(doc_line.c.price).where(doc_line.c.doc_id == ref.id)).scalar_one()


def test_saving_without_sight_of_prices_keeps_them(sqlite_shop: Shop, people: Mapping[str, Access]) -> None:
    factory = sqlite_shop.factory
    with sqlite_shop.db.write("root") as tx, tx.implied():
        (ref,) = factory.save(tx, factory.purchase("50", price="0.37"))
    planner = people["planner"]
    db = seen_by(sqlite_shop, planner)
    view = documents.get_document(db, ref.id)
    assert view.lines[0].price is None
    line = LineDraft(factory.items["SCREW"], Decimal(60), due_date=DAY + dt.timedelta(days=9))
    draft = DocDraft("purchase_order", DAY, [line], partner_id=factory.partners["S1"])
    documents.save_document(db, planner, draft, doc_id=ref.id, version=view.version)
    kept = documents.get_document(sqlite_shop.db, ref.id).lines[0]
    assert (kept.quantity, kept.price, kept.amount) == (Decimal(60), Decimal("0.37"), Decimal("22.20"))
    line.price = Decimal("0.01")
    found = refusals(documents.save_document, db, planner, draft, doc_id=ref.id, version=view.version + 1)
    assert found == ["access.denied"]


def test_costs_and_prices_of_items(sqlite_shop: Shop, people: Mapping[str, Access]) -> None:
    for role, sees in (("cost", True), ("planner", False)):
        db = seen_by(sqlite_shop, people[role])
        rows = {row.values["code"]: row.values for row in masterdata.list_records(db, "items").rows}
        assert (rows["LAMP"]["unit_cost"] is not None) == sees
    planner = people["planner"]
    masterdata.save_records(sqlite_shop.db, planner, "items", [{"code": "LAMP", "name": "台灯二", "unit_cost": None}])
    with sqlite_shop.db.read() as conn:
        row = conn.execute(select(item.c.name, item.c.unit_cost).where(item.c.code == "LAMP")).one()
    assert tuple(row) == ("台灯二", Decimal("12.5"))
    changed = [{"code": "LAMP", "unit_cost": Decimal(1)}]
    assert refusals(masterdata.save_records, sqlite_shop.db, planner, "items", changed) == ["access.denied"]
    history = masterdata.record_history(seen_by(sqlite_shop, planner), "items", sqlite_shop.factory.items["LAMP"])
    assert not [row for row in history if "12.5" in row.before + row.after]


def test_costs_of_a_bill(sqlite_shop: Shop, people: Mapping[str, Access]) -> None:
    lamp = sqlite_shop.factory.items["LAMP"]
    for role, sees in (("cost", True), ("planner", False)):
        db = seen_by(sqlite_shop, people[role])
        tree = engineering.bom_tree(db, lamp, day=DAY)
        assert any(row.unit_cost is not None for row in tree.items.values()) == sees
        assert bool(engineering.costs(db, tree)) == sees


def test_lists_of_types_without_the_right_to_read_are_refused(
    sqlite_shop: Shop, people: Mapping[str, Access], sale: DocRef
) -> None:
    nobody = seen_by(sqlite_shop, people[""])
    assert refusals(documents.list_documents, nobody, "sales_order") == ["access.denied"]
    assert refusals(documents.get_document, nobody, sale.id) == ["access.denied"]
    assert refusals(masterdata.list_records, nobody, "customers") == ["access.denied"]
    assert refusals(engineering.bom_tree, nobody, sqlite_shop.factory.items["LAMP"], day=DAY) == ["access.denied"]


def test_exported_sheets_hold_no_hidden_figure(
    sqlite_shop: Shop, people: Mapping[str, Access], sale: DocRef, tmp_path: Path
) -> None:
    from services.exchange.exporting.exporter import export_sheets

    def exported(role: str) -> str:
        folder = tmp_path / role
        folder.mkdir()
        export_sheets(seen_by(sqlite_shop, people[role]), ["sales_orders", "items", "stock"], folder)
        return "\n".join(file.read_text(encoding="utf-8-sig") for file in sorted(folder.glob("*.csv")))

    assert str(PRICE) in exported("finance")
    hidden = exported("viewer")
    for figure in (str(PRICE), "12.5", "771.3", "9000"):
        assert figure not in hidden
