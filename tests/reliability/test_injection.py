"""T16: a thousand hostile strings through text fields, searches, sort keys, names and files: nothing but refusals."""

from __future__ import annotations

import json
import random
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

from sqlalchemy import inspect

from models.documents.tables import attachment
from models.kernel.problems import Refused
from services.documents import api as documents
from services.documents.records import LineDraft
from services.engineering import api as engineering
from services.exchange import api as exchange
from services.inventory import api as inventory
from services.masterdata import api as masterdata
from services.matching import api as matching
from services.papers import api as papers
from services.platform import api as platform
from services.platform.drafts import DraftStore
from services.reporting import api as reporting
from tests.support.factory import DAY, USER
from tests.support.shops import Shop

SEED, COUNT = 16, 1000
PARTS = [
    "'; drop table item; --", "' or '1'='1", '" or ""="', "1); delete from doc where (1=1", "' union select hash from app_user --",
    "\\'; select pg_sleep(9); --", "$$; drop schema public cascade; $$", "%", "_", "%_%", "[a-z]%", "/%", "\\%", "*?[", "escape '",
    "../../../etc/passwd", "..\\..\\windows\\win.ini", "/etc/passwd", "C:\\x.db", "\\\\server\\share", "....//....//", "file:///etc/passwd",
    "../evil.txt", "a/../../b.pdf", "%2e%2e%2f", "CON", "NUL.txt", "a.pdf:hidden", "~root", "-rf", "| calc", "$(touch x)", "`touch x`",
    "{0}", "{}", "{name.__class__}", "{missing!r:>99}", "%s%n%(x)s", "{{7*7}}", "${jndi:ldap://x}", "{% raw %}", "#{1}",
    "\x00", "a\x00b", "\x01\x02\x1b[31m", "\x7f", "\r\n", "\t", "\x85\u2028\u2029", "\ufeff", "\ufffe", "\ud800", "x\udfff",
    "😀👩‍👩‍👧‍👦🇨🇳", "שלום", "\u202eexe.fdp", "مرحبا \u200f", "e\u0301\u0301\u0301", "𠮷野家", "\u200b\u200d", "ﬁⅣ①", "İıßſ",
    "<script>alert(1)</script>", "<!DOCTYPE x [<!ENTITY e SYSTEM 'file:///etc/passwd'>]>", "]]>", "&amp;&#0;", "null", "None", "nan",
    "1e999", "-1", "0x10", "true", "A" * 300, "灯" * 600, " ", "",
]  # fmt: skip


def strings() -> list[str]:
    """Every part by itself, then parts joined by twos and threes."""
    dice = random.Random(SEED)
    return PARTS + ["".join(dice.sample(PARTS, dice.choice((2, 2, 3)))) for _ in range(COUNT - len(PARTS))]


@contextmanager
def only_refusals(door: str, text: str, told: list[str]) -> Iterator[None]:
    """A refusal is an answer, and its sentence can be written; anything else is named by door and text."""
    try:
        yield
    except Refused as refused:
        for problem in refused.problems:
            for lang in ("zh", "en"):
                if platform.sentence(problem, lang).startswith(problem.code):
                    told.append(f"{door}: no sentence for {problem.code}")
    except Exception as error:
        told.append(f"{door}: {text[:60]!r}: {type(error).__name__}: {str(error)[:150]}")


def through(shop: Shop, doors: dict[str, Callable[[str], object]], each: int) -> list[str]:
    """Every part through every door, every other string through `each` doors by turns; on PostgreSQL a quarter of these."""
    told: list[str] = []
    names = list(doors)
    for number, text in enumerate(strings()):
        chosen = names if number < len(PARTS) else [names[(number * each + step) % len(names)] for step in range(each)]
        if number >= len(PARTS) and number % 4 and shop.db.dialect != "sqlite":
            continue
        for name in chosen:
            with only_refusals(name, text, told):
                doors[name](text)
    return told


def seen(shop: Shop) -> tuple[list[str], int]:
    """Tables of the book, and how many moves its stock has."""
    rows = inventory.stock(shop.db, zeros=True)
    return sorted(inspect(shop.db.engine).get_table_names()), len(rows)


def assert_whole(shop: Shop, before: tuple[list[str], int]) -> None:
    assert seen(shop) == before
    findings = reporting.check(shop.db)
    assert [finding for finding in findings if finding.broken] == []


def readers(shop: Shop) -> dict[str, Callable[[str], object]]:
    """Every search, filter and name that only reads."""
    db = shop.db
    doors: dict[str, Callable[[str], object]] = {
        f"list of {kind.name}": lambda text, name=kind.name: masterdata.list_records(db, name, text=text, limit=5)  # type: ignore[misc]
        for kind in masterdata.kinds()
    }
    return doors | {
        "look-up of items": lambda text: masterdata.search(db, "items", text, used={text: 3}),
        "look-up of customers": lambda text: masterdata.search(db, "customers", text),
        "item kinds": lambda text: masterdata.search(db, "items", "L", item_kinds=[text]),
        "list of orders": lambda text: documents.list_documents(
            db, "sales_order", text=text, statuses=[text], closings=[text], kinds=[text], limit=5
        ),
        "sort key of a list": lambda text: documents.list_documents(db, "sales_order", order=[(text, True)], limit=5),
        "count of a list": lambda text: documents.count_documents(db, "sales_order", text=text, kinds=[text]),
        "what is kept of a list": lambda text: platform.list_views(db, text, text),
        "search of stock documents": lambda text: documents.list_documents(db, "opening_stock", text=text, limit=5),
        "number": lambda text: documents.find_document(db, text),
        "type": lambda text: documents.find_document(db, "XSDD", text),
        "sources": lambda text: documents.open_sources(db, "delivery", text=text),
        "stock": lambda text: inventory.stock(db, text=text),
        "items of texts": lambda text: engineering.items_of(db, [text]),
        "bill version": lambda text: engineering.bom_tree(db, shop.factory.items["LAMP"], day=DAY, version=text),
        "client key": lambda text: papers.saved_as(db, text),
        "pasted block": lambda text: matching.paste(db, [[text, "5"]], partner_id=None, today=DAY),
        "form by name": lambda text: reporting.export_template(db, "sales_order", text),
    }  # fmt: skip


def writers(shop: Shop) -> dict[str, Callable[[str], object]]:
    """Every text field and name that a clerk can save."""
    db, factory = shop.db, shop.factory
    stock_form = reporting.templates(db, "sales_order")[0].template
    platform.keep_view(db, USER, "list", "filter", "x", "{}")
    scheme = platform.list_views(db, USER, "list").views[0].id

    def record(kind_name: str, /, **row: object) -> object:
        return masterdata.save_records(db, USER, kind_name, [row])

    def order(text: str) -> object:
        draft = factory.sale("1")
        draft.note = draft.workshop = draft.number = text
        draft.lines = [LineDraft(factory.items["LAMP"], Decimal(1), price=Decimal(1), note=text, lot=text)]
        ref, _ = documents.save_document(db, USER, draft)
        return documents.get_document(db, ref.id)

    def form(text: str) -> object:
        return reporting.save_template(
            db, USER, replace(stock_form, name=text, title=text, terms=text, footer=text, copies=text)
        )

    return {
        "item": lambda t: record("items", code=t, name=t, spec=t, category=t, barcode=t, unit="PCS", kind="purchased"),
        "item name": lambda t: record("items", code="BULB", name=t, spec=t, unit="PCS"),
        "customer": lambda t: record("customers", code=t, name=t, contact=t, phone=t, address=t, tax_number=t),
        "unit": lambda t: record("units", code=t, name=t),
        "references": lambda t: record("items", code="X", name="x", unit=t, warehouse=t, supplier=t),
        "parameter": lambda t: record("parameters", key="company_name", value=t),
        "parameter key": lambda t: record("parameters", key=t, value=t),
        "field name": lambda t: masterdata.save_records(db, USER, "units", [{"code": "PCS", "name": "个", t: t}]),
        "order": order,
        "document template": lambda t: papers.save_template(db, USER, t, factory.sale("1")),
        "form template": form,
        "form file": lambda t: reporting.import_template(db, USER, "sales_order", t.encode("utf-8", "surrogatepass")),
        "scheme": lambda t: platform.keep_view(db, t, t, "filter", t, json.dumps({"text": t}), shared=True),
        "scheme renamed": lambda t: platform.rename_view(db, USER, scheme, t),
        "scheme opened with": lambda t: platform.open_with(db, t, t, "filter", scheme),
        "user of the action": lambda t: documents.save_document(db, t, factory.sale("1")),
    }  # fmt: skip


def test_searches_filters_and_names_only_find_or_refuse(shop: Shop) -> None:
    before = seen(shop)
    assert through(shop, readers(shop), 2) == []
    assert_whole(shop, before)


def test_text_fields_only_keep_or_refuse(shop: Shop) -> None:
    before = seen(shop)
    assert through(shop, writers(shop), 1) == []
    assert_whole(shop, before)


def test_names_of_users_and_roles_only_keep_or_refuse(sqlite_shop: Shop) -> None:
    db = sqlite_shop.db
    platform.make_first_administrator(db, "admin", "管理员", "gongfang-2026")
    told: list[str] = []
    for number, text in enumerate(strings()[:300]):
        with only_refusals("role", text, told):
            platform.save_role(db, "admin", platform.RoleDraft(text, frozenset({"sales_order.read"})))
        with only_refusals("user", text, told):
            draft = platform.UserDraft(text, text, (text,) if number % 2 else ())
            platform.save_user(db, "admin", draft, password="" if number % 10 else "gongfang-2026")
    for text in PARTS[::7]:
        with only_refusals("log-in", text, told):
            platform.sign_in(db, text, text)
    assert told == []
    assert [finding for finding in reporting.check(db) if finding.broken] == []


def files_below(folder: Path) -> set[str]:
    return {str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file()}


def test_names_of_files_never_leave_their_folder(sqlite_shop: Shop, tmp_path: Path) -> None:
    told: list[str] = []
    db = sqlite_shop.db
    with db.write(USER) as tx:
        (order,) = sqlite_shop.factory.save(tx, sqlite_shop.factory.sale("1"))
    given, taken = tmp_path / "given", tmp_path / "taken"
    given.mkdir()
    taken.mkdir()
    for text in strings()[:300]:
        source = given / f"{text}.pdf"
        try:
            source.write_bytes(b"%PDF-1.4")
        except (OSError, ValueError):
            continue
        with only_refusals("attachment", text, told):
            papers.attach(db, USER, order.id, [source])
    outside = files_below(tmp_path)
    rows = papers.list_attachments(db, order.id)
    assert len(rows) > 100
    with db.write(USER) as tx:
        for row, text in zip(rows, strings(), strict=False):
            name = text.encode("utf-8", "replace").decode()
            tx.conn.execute(attachment.update().where(attachment.c.id == row.id).values(name=f"{name}.{row.id}.pdf"))
    for row in papers.list_attachments(db, order.id):
        with only_refusals("copy of an attachment", row.name, told):
            papers.save_attachment_as(db, row.id, taken)
    made = files_below(tmp_path) - outside
    assert told == []
    assert made
    assert all(Path(name).parts[0] == "taken" and len(Path(name).parts) == 2 for name in made)


def test_sheets_and_drafts_by_name_never_leave_their_folder(sqlite_shop: Shop, tmp_path: Path) -> None:
    told: list[str] = []
    db = sqlite_shop.db
    store = DraftStore(tmp_path / "drafts")
    for text in strings()[:300]:
        with only_refusals("sheet", text, told):
            exchange.export_sheets(db, [text], tmp_path / "sheet.csv")
        with only_refusals("sheet file", text, told):
            exchange.import_sources(db, USER, [tmp_path / "none" / text.replace("..", "")], dry_run=True)
        with only_refusals("draft", text, told):
            store.keep(text, text, type_code=text, number=text, lines=1, body={text: text})
            store.left_over(text)
            store.drop(text, text)
    store.close()
    assert told == []
    assert all(name.startswith(("drafts/", sqlite_shop.db.path.name)) for name in files_below(tmp_path))  # type: ignore[union-attr]


def test_a_workbook_whose_members_climb_out_is_not_unpacked(sqlite_shop: Shop, tmp_path: Path) -> None:
    told: list[str] = []
    for number, name in enumerate(
        ("../evil.txt", "../../evil.txt", "/tmp/gongfang-evil.txt", "..\\evil.txt", "C:evil.txt")
    ):
        book, archive = tmp_path / f"{number}.xlsx", tmp_path / f"{number}.gfbak"
        for file in (book, archive):
            with zipfile.ZipFile(file, "w") as packed:
                packed.writestr(name, "evil")
                packed.writestr("manifest.json", "{}")
        before = files_below(tmp_path)
        with only_refusals("import", name, told):
            exchange.import_sources(sqlite_shop.db, USER, [book], dry_run=True)
        with only_refusals("restore", name, told):
            platform.restore(archive, tmp_path / "restored.db")
        assert files_below(tmp_path) == before
    assert told == []
    assert not Path("/tmp/gongfang-evil.txt").exists()
