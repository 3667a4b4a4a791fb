"""A factory around one PostgreSQL server: everybody works under a log-in role of his own, and the product is the same."""

from __future__ import annotations

import datetime as dt
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import make_url

from app.start import main
from models.kernel.refs import DocRef
from services.documents import api as documents
from services.documents.records import DocDraft, LineDraft
from services.engineering import api as engineering
from services.exchange.exporting.exporter import export_sheets
from services.exchange.importing import import_sources
from services.inventory import api as inventory
from services.masterdata import api as masterdata
from services.papers import api as papers
from services.planning import api as planning
from services.platform import books, periods, server_roles
from services.platform.backup import backup, restore
from services.platform.db import Database
from services.platform.users import api as users
from services.production import api as production
from services.reporting import api as reporting
from tests.support.factory import DAY, lines_of
from tests.support.ledgers import broken
from tests.support.postgres import Cluster
from tests.support.refusing import codes, refused
from tests.support.served import Served, types

SECRET = "ein langes Wort 7"


def day(number: int) -> dt.date:
    return DAY + dt.timedelta(days=number)


def keep(db: Database, draft: DocDraft, *, approve: bool = False) -> DocRef:
    assert db.access is not None
    ref, _ = documents.save_document(db, db.access, draft)
    if approve:
        documents.approve(db, db.access, [ref.id])
    return ref


def sells(served: Served) -> DocRef:
    """An order for 12 lamps, priced and printed; a second one is only planned."""
    with served.book("sales") as seller:
        sale = keep(seller, served.factory.sale("12", price="80"), approve=True)
        assert documents.get_document(seller, sale.id).lines[0].price == 80
        assert documents.list_documents(seller, "sales_order").rows[0].amount == 960
        reporting.print_documents(seller, [sale.id])
        documents.count_print(seller, served.people["sales"], [sale.id])
        keep(seller, served.factory.sale("3000"), approve=True)
        papers.save_template(seller, served.people["sales"], "十二盏", served.factory.sale("12"))
    return sale


def plans(served: Served) -> DocRef:
    """A run, its orders released and taken back, and the order for the 12 lamps."""
    with served.book("planner") as planner:
        run = planning.run_mrp(planner, served.people["planner"], start=DAY)
        released, _ = planning.release_orders(planner, served.people["planner"], run_id=run.run_id, kind="production")
        assert released.documents
        planning.undo_release(planner, served.people["planner"], released.batch_id)
        order = keep(planner, served.factory.order("12"), approve=True)
        planning.kitting_rows(planner, (), date=DAY, user=served.people["planner"])
        planning.pegging(planner, run.run_id)
        engineering.bom_tree(planner, served.factory.items["LAMP"], day=DAY)
    return order


def buys_and_receives(served: Served) -> DocRef:
    """Screws come in; who receives them sees no price."""
    with served.book("purchaser") as purchaser:
        bought = keep(purchaser, served.factory.purchase("500", price="2.5"), approve=True)

    with served.book("warehouse") as store:
        (receipt,) = documents.push_down(store, bought.id, "purchase_receipt")
        assert receipt.lines[0].price is None
        receipt.lines[0].warehouse_id, receipt.business_date = served.factory.stores["W1"], day(1)
        return keep(store, receipt, approve=True)


def picks(served: Served, order: DocRef) -> None:
    """The pick list keeps its number from print to print."""
    with served.book("warehouse") as store:
        listed, _ = reporting.pick_list(store, served.people["warehouse"], [order.id], day=day(2))
        assert (listed.number, listed.printed) == (f"JYH-{day(2):%Y%m%d}-00001", 0)
        assert reporting.print_merged(store, listed.ids, listed=listed).pages == 1
        reporting.count_pick_list(store, served.people["warehouse"], listed)
        assert reporting.pick_list(store, served.people["warehouse"], [order.id], day=day(3))[0].printed == 1
        (pick,) = documents.push_down(store, order.id, "material_issue")
        pick.business_date = day(2)
        keep(store, pick, approve=True)


def ships(served: Served, sale: DocRef, order: DocRef) -> DocRef:
    """The lamps are received and delivered."""
    with served.book("warehouse") as store:
        (finished,) = documents.push_down(store, order.id, "product_receipt")
        finished.business_date, finished.lines[0].warehouse_id = day(3), served.factory.stores["W1"]
        keep(store, finished, approve=True)
        (slip,) = documents.push_down(store, sale.id, "delivery")
        slip.business_date, slip.lines[0].warehouse_id = day(4), served.factory.stores["W1"]
        delivered = keep(store, slip, approve=True)
        assert documents.get_document(store, sale.id).closing == "S"
        reporting.print_documents(store, [delivered.id])
        assert [row for row in inventory.stock(store) if row.item_code == "LAMP"]
        assert codes(refused(production.pick_orders, store, [order.id])) == {"pick.order_not_open"}
    return delivered


def counts(served: Served, taken: DocRef) -> None:
    """Finance sees what the screws cost, closes the month and opens it again."""
    with served.book("finance") as finance:
        assert documents.get_document(finance, taken.id).lines[0].price == Decimal("2.5"), (
            "as ordered, though nobody saw it"
        )
        finance.run(served.people["finance"], lambda tx: periods.close(tx, "2026-02"))
        finance.run(served.people["finance"], lambda tx: periods.reopen(tx, "2026-02", "trial"))
        assert reporting.worklist(finance, DAY)


def takes_back(served: Served, sale: DocRef, order: DocRef, delivered: DocRef) -> None:
    """The store may take back its own slip, the administrator the whole chain."""
    with served.book("warehouse") as store:
        assert "access.denied" in codes(
            refused(documents.reverse, store, served.people["warehouse"], [sale.id], with_chain=True)
        )
        documents.reverse(store, served.people["warehouse"], [delivered.id])
        documents.delete(store, served.people["warehouse"], [delivered.id])
    with served.book("admin") as admin:
        documents.reverse(admin, served.people["admin"], [order.id], with_chain=True)


def test_a_day_from_order_to_delivery_and_back(served: Served) -> None:
    sale = sells(served)
    order = plans(served)
    taken = buys_and_receives(served)
    picks(served, order)
    delivered = ships(served, sale, order)
    assert broken(served.owner) == []
    counts(served, taken)
    takes_back(served, sale, order, delivered)
    assert broken(served.owner) == []


def test_orders_are_changed_closed_and_attached_to(served: Served, tmp_path: Path) -> None:
    factory, people = served.factory, served.people
    seller_says = people["sales"]
    with served.book("sales") as seller:
        ref = keep(seller, factory.sale("5", price="80"), approve=True)
        version = documents.get_document(seller, ref.id).version
        more = factory.sale("8", price="81")
        more.number = ref.number
        more.lines[0].line_no = 1
        documents.change_document(seller, seller_says, more, doc_id=ref.id, version=version, reason="两盏更多")
        assert documents.get_document(seller, ref.id).lines[0].quantity == 8
        documents.close(seller, seller_says, [ref.id])
        documents.reopen(seller, seller_says, [ref.id])
        documents.reverse(seller, seller_says, [ref.id])
        documents.delete(seller, seller_says, [ref.id])
    with served.book("planner") as planner:
        order = keep(planner, factory.order("3"))
        draft = documents.copy_document(planner, order.id, day=DAY)
        draft.lines = [LineDraft(factory.items["LAMP"], Decimal(4), start_date=DAY, due_date=day(9))]
        documents.save_document(planner, people["planner"], draft, doc_id=order.id, version=1)
        documents.approve(planner, people["planner"], [order.id])
    assert broken(served.owner) == []


def test_masters_bills_and_sheets(served: Served, tmp_path: Path) -> None:
    people = served.people
    with served.book("cost") as cost:
        row = {"code": "NEU", "name": "新料", "unit": "PCS", "kind": "purchased", "unit_cost": Decimal(2)}
        masterdata.save_records(cost, people["cost"], "items", [row])
    with served.book("planner") as planner:
        masterdata.save_records(planner, people["planner"], "items", [{"code": "NEU", "name": "更新的料"}])
        (found,) = masterdata.list_records(planner, "items", text="NEU").rows
        assert (found.values["name"], found.values["unit_cost"]) == ("更新的料", None)
        counted = export_sheets(planner, ["items", "sales_orders"], tmp_path, "en")
        assert counted["items"] > 6
        assert "12.5" not in (tmp_path / "items.csv").read_text(encoding="utf-8")
    with served.book("admin") as admin:
        sheet = tmp_path / "units.csv"
        sheet.write_text("code,name\nBOX,箱\n", encoding="utf-8")
        import_sources(admin, people["admin"], [str(sheet)])
        assert masterdata.list_records(admin, "units", text="BOX").rows
        copied = engineering.copy_version(
            admin, people["admin"], engineering.versions(admin, served.factory.items["LAMP"])[0].id
        )
        assert copied
    with served.book("finance") as finance:
        assert masterdata.record_history(finance, "items", int(found.id))
    assert broken(served.owner) == []


def test_log_in_password_and_rights_taken_away_at_once(served: Served) -> None:
    people, quality = served.people, served.login("quality")
    with served.book("admin") as admin:
        users.reset_password(admin, people["admin"], quality, SECRET)
    with served.book("quality") as db:
        assert codes(refused(users.sign_in, db, served.login("sales"), SECRET)) == {"access.other_login"}
        assert codes(refused(users.sign_in, db, quality, "falsch geraten")) == {"access.wrong"}
        assert users.sign_in(db, quality, SECRET).must_change
        users.change_password(db, quality, SECRET, SECRET + "8")
        signed = users.sign_in(db, quality, SECRET + "8")
        assert not signed.must_change
        users.sign_out(db, signed)

    # The administrator gives and takes rights in the window; the server follows without another command.
    with served.book("admin") as admin:
        (row,) = [row for row in users.list_users(admin) if row.login == quality]
        draft = users.UserDraft(quality, row.name, ("sales",))
        users.save_user(admin, people["admin"], draft, user_id=row.id, version=row.version)
    with served.book("quality") as db:
        ref = keep(db, served.factory.sale("1"), approve=True)
        assert documents.get_document(db, ref.id).lines[0].price == 80
    with served.book("admin") as admin:
        draft = users.UserDraft(quality, row.name, ("viewer",))
        users.save_user(admin, people["admin"], draft, user_id=row.id, version=row.version + 1)
    with served.book("quality") as db:
        assert documents.get_document(db, ref.id).lines[0].price is None
        assert codes(refused(keep, db, served.factory.sale("1"))) == {"access.denied"}
    with served.session("quality", writing=True) as raw, pytest.raises(psycopg.errors.InsufficientPrivilege):
        raw.execute("delete from doc")


def test_the_owner_makes_closes_and_renews_log_ins(served: Served) -> None:
    people, owner = served.people, served.owner
    with served.book("admin") as admin:
        users.save_user(admin, people["admin"], users.UserDraft("新人", "新人", ("sales",)), password=SECRET)
        assert codes(refused(server_roles.arrange, admin, types())) == {"roles.not_the_owner"}
    try:
        made = server_roles.arrange(owner, types())
        assert list(made.passwords) == ["新人"]
        assert server_roles.arrange(owner, types()).passwords == {}
        again = server_roles.arrange(owner, types(), renew=["新人"]).passwords
        assert again["新人"] != made.passwords["新人"]
        with served.cluster.connect() as admin_session:
            query = "select rolpassword from pg_authid where rolname = '新人'"
            (kept,) = admin_session.execute(query).fetchone() or ("",)
            assert str(kept).startswith("SCRAM-SHA-256$")
        with served.book("admin") as admin:
            (row,) = [row for row in users.list_users(admin) if row.login == "新人"]
            draft = users.UserDraft("新人", "新人", ("sales",), active=False)
            users.save_user(admin, people["admin"], draft, user_id=row.id, version=row.version)
        assert server_roles.arrange(owner, types()).closed == ("新人",)
        with served.cluster.connect() as admin_session:
            admin_session.execute("create role 外人")
        with served.book("admin") as admin:
            users.save_user(admin, people["admin"], users.UserDraft("外人", "外人", ("sales",)), password=SECRET)
        assert codes(refused(server_roles.arrange, owner, types())) == {"roles.taken"}
    finally:
        with served.cluster.connect() as admin_session:
            admin_session.execute('drop owned by "新人"')
            admin_session.execute("drop role if exists 外人")


def test_a_restored_book_is_its_owners_until_the_log_ins_are_arranged_again(
    postgres_cluster: Cluster, tmp_path: Path
) -> None:
    with postgres_cluster.database() as url:
        owner = books.create(url)
        boss = users.make_first_administrator(owner, "老板", "老板", SECRET)
        assert list(server_roles.arrange(owner, types()).passwords) == ["老板"]
        backup(owner, tmp_path / "book")
        owner.close()
        restore(tmp_path / "book", url)
        owner = books.open_book(url)
        masterdata.save_records(owner, boss, "units", [{"code": "BOX", "name": "箱"}])
        clerk_url = make_url(url).set(username="老板").render_as_string(hide_password=False)
        assert codes(refused(books.open_book, clerk_url)) == {"database.unreachable"}
        assert server_roles.arrange(owner, types()).passwords == {}
        clerk = books.open_book(clerk_url).acting_as(boss)
        masterdata.save_records(clerk, boss, "units", [{"code": "BAG", "name": "袋"}])
        assert broken(owner) == []
        clerk.close()
        owner.close()
        with postgres_cluster.connect() as admin:
            admin.execute(f'drop database "{make_url(url).database}_before_restore"')
    with postgres_cluster.connect() as admin:
        admin.execute("drop role 老板")


def test_what_needs_every_figure_is_the_owners(
    served: Served, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with served.book("admin") as admin:
        users.reset_password(admin, served.people["admin"], served.login("finance"), SECRET)
    with served.book("finance") as db:
        users.change_password(db, served.login("finance"), SECRET, SECRET + "8")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("GONGFANG_PASSWORD", SECRET + "8")
        for command in (["check"], ["backup", str(tmp_path / "x")]):
            assert main(["--database", served.url_of("finance"), "--user", served.login("finance"), *command]) == 1
            assert served.login("finance") in capsys.readouterr().err
    assert main(["--database", served.url, "roles"]) == 0
    assert "可以连接的登录名" in capsys.readouterr().out


def test_clerks_post_the_same_goods_at_once(served: Served) -> None:
    factory = served.factory
    with served.owner.write("root") as tx, tx.implied():
        (order,) = factory.post(tx, factory.order("100"))
        screws = [line for line in lines_of(tx.conn, order, "material") if line.item_id == factory.items["SCREW"]]

    def work(role: str) -> int:
        done = 0
        with served.book(role) as db:
            assert db.access is not None
            for number in range(8):
                line = LineDraft(
                    screws[0].item_id, Decimal(1), warehouse_id=factory.stores["W1"], source_line_id=screws[0].id
                )
                ref = keep(db, DocDraft("material_issue", day(2), [line]), approve=True)
                if number % 3 == 0:
                    documents.reverse(db, db.access, [ref.id])
                done += 1
        return done

    with ThreadPoolExecutor(4) as pool:
        assert sum(pool.map(work, ("warehouse", "admin", "warehouse", "admin"))) == 32
    assert broken(served.owner) == []
