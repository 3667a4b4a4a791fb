"""T15: who may do what. Every verb × every standing role × own, foreign and closed period, tried and compared with the declaration."""

from __future__ import annotations

import datetime as dt
import importlib
import importlib.util
import inspect
import pkgutil
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from decimal import Decimal
from types import ModuleType
from typing import Any

import pytest
from sqlalchemy import select, update

import services
from models.documents.tables import attachment, doc, document_template
from models.engineering.tables import bom
from models.kernel.problems import Refused
from models.kernel.refs import DocRef
from models.platform.tables import period
from services.documents import approving, queries, reversing, rights, saving
from services.documents.records import DocDraft
from services.masterdata import saving as masters
from services.planning.editing import PlannedChange
from services.platform import kept_views, periods
from services.platform.access.holding import READING_AS, Access
from services.platform.access.rights import vocabulary
from services.platform.access.roles import STANDING_ROLES
from services.platform.db import Database, Tx
from services.platform.users import api as users
from services.platform.users.records import RoleDraft, UserDraft
from services.printing.templates.applying import stock
from services.printing.templates.model import Template
from services.printing.templates.reading import written
from services.reporting.merged_lists import PickList
from services.reporting.offers import offer_of
from tests.support.factory import example, type_codes
from tests.support.people import staff
from tests.support.served import Sample
from tests.support.shops import Shop

CLOSED = "2026-03"
OTHER = "别人"
VERBS = ("read", "save", "change", "approve", "reverse", "close", "delete", "print")
RIGHT_OF = {"change": "save"}
POSTS = ("approve", "reverse")


class Undo(Exception):
    """Ends a trial: nothing of it stays."""


@pytest.fixture
def people(shop: Shop) -> Mapping[str, Access]:
    return staff(shop.db)


@pytest.fixture
def samples(shop: Shop, people: Mapping[str, Access]) -> dict[str, Sample]:
    made = {}
    with shop.db.write("root") as tx, tx.implied():
        for kind in type_codes():
            (approved,) = shop.factory.post(tx, example(tx, shop.factory, kind, 1))
            (saved,) = saving.create(tx, [example(tx, shop.factory, kind, 1)])
            made[kind] = Sample(example(tx, shop.factory, kind, 1), saved, approved)
    return made


@contextmanager
def trial(db: Database, access: Access) -> Iterator[Tx]:
    """A transaction of somebody that is undone whatever comes of it."""
    try:
        with db.write(access) as tx:
            yield tx
            raise Undo
    except Undo:
        return


def attempt(tx: Tx, verb: str, sample: Sample, access: Access) -> None:
    """Does a verb; what is written is undone by the caller."""
    if verb == "read":
        queries.get_document(tx.conn.execution_options(**{READING_AS: access}), sample.saved.id)
    elif verb in ("save", "change"):
        draft = _without_figures(sample.draft, access)
        if verb == "save":
            saving.create(tx, [draft])
        else:
            saving.replace(tx, sample.saved.id, 1, draft)
    elif verb == "approve":
        approving.approve(tx, [sample.saved.id])
    elif verb == "reverse":
        reversing.reverse(tx, [sample.approved.id])
    elif verb == "close":
        reversing.close(tx, [sample.approved.id])
    elif verb == "delete":
        reversing.delete_drafts(tx, [sample.saved.id])
    else:
        rights.require(tx, "print", [sample.saved])  # type: ignore[list-item]


def _without_figures(draft: DocDraft, access: Access) -> DocDraft:
    """As the form of one who may not see prices sends it."""
    from copy import deepcopy

    mine = deepcopy(draft)
    if not access.allows(rights.figures(draft.type)):
        for line in mine.lines:
            line.price = line.amount = None
    return mine


def outcome(db: Database, verb: str, sample: Sample, access: Access, *, own: bool) -> str:
    """What came of it: done, denied, closed, foreign, eyes, or refused for a reason that has nothing to do with the user."""
    with trial(db, access) as tx:
        author = access.name if own else OTHER
        tx.conn.execute(
            update(doc).where(doc.c.id.in_([sample.saved.id, sample.approved.id])).values(created_by=author)
        )
        try:
            attempt(tx, verb, sample, access)
        except Refused as refused:
            codes = {problem.code for problem in refused.problems}
            for code, word in WORDS.items():
                if code in codes:
                    return word
            return "refused"
        return "done"
    raise AssertionError


WORDS = {
    "access.denied": "denied",
    "document.period_closed": "closed",
    "document.foreign": "foreign",
    "document.four_eyes": "eyes",
}

Table = dict[tuple[str, str, str, bool], str]


def tried(db: Database, samples: Mapping[str, Sample], people: Mapping[str, Access], owns: tuple[bool, ...]) -> Table:
    return {
        (role, kind, verb, own): outcome(db, verb, sample, access, own=own)
        for kind, sample in samples.items()
        for role, access in people.items()
        for verb in VERBS
        for own in owns
    }


def declared(role: str, kind: str, verb: str) -> bool:
    spec = next((spec for spec in STANDING_ROLES if spec.code == role), None)
    return spec is not None and f"{kind}.{RIGHT_OF.get(verb, verb)}" in spec.rights(vocabulary)


def different(table: Table, expected: Callable[[str, str, str, bool], tuple[str, ...]]) -> list[str]:
    """Cells that are not as expected; a reason of the document itself counts as let through."""
    return [
        f"{role or 'nobody'} {verb} {kind} {'own' if own else 'foreign'}: {found}, expected {wanted}"
        for (role, kind, verb, own), found in table.items()
        if found not in (wanted := expected(role, kind, verb, own))
    ]


LET = ("done", "refused")


def test_every_verb_of_every_type_is_open_exactly_to_the_roles_declared(
    shop: Shop, people: Mapping[str, Access], samples: dict[str, Sample]
) -> None:
    table = tried(shop.db, samples, people, (True, False))
    assert len(table) == len(samples) * len(people) * len(VERBS) * 2

    def expected(role: str, kind: str, verb: str, own: bool) -> tuple[str, ...]:
        return LET if declared(role, kind, verb) else ("denied",)

    assert different(table, expected) == []
    assert {"done", "denied"} <= set(table.values())
    assert all(found == "done" for (role, _, verb, _), found in table.items() if role == "admin" and verb != "close")


def test_a_closed_period_stops_every_role_and_denial_comes_first(
    shop: Shop, people: Mapping[str, Access], samples: dict[str, Sample]
) -> None:
    with shop.db.write("root") as tx, tx.implied():
        periods.close(tx, CLOSED)
    table = tried(shop.db, samples, people, (False,))

    def expected(role: str, kind: str, verb: str, own: bool) -> tuple[str, ...]:
        if not declared(role, kind, verb):
            return ("denied",)
        return ("closed",) if verb in POSTS else LET

    assert different(table, expected) == []


def test_four_eyes_and_own_documents_split_own_from_foreign(
    shop: Shop, people: Mapping[str, Access], samples: dict[str, Sample]
) -> None:
    """I33: where segregation is on, nobody approves what he made; where it is asked for, nobody changes what another made."""
    with shop.db.write("root") as tx, tx.implied():
        asked = [{"key": key, "value": "yes"} for key in ("four_eyes", "own_documents_only")]
        masters.upsert(tx, "parameters", asked)
    table = tried(shop.db, samples, people, (True, False))

    def expected(role: str, kind: str, verb: str, own: bool) -> tuple[str, ...]:
        if not declared(role, kind, verb):
            return ("denied",)
        if verb == "approve" and own:
            return ("eyes",)
        return ("foreign",) if verb in ("change", "delete") and not own else LET

    assert different(table, expected) == []


# What the window and the command line may call: the commands of each area, each with arguments that reach the right's check.


def units_sheet(db: Database) -> str:
    """A sheet of one new unit, beside the book."""
    assert db.path is not None
    file = db.path.parent / "units.csv"
    file.write_text("code,name\nXX,新\n", encoding="utf-8")
    return str(file)


def some_template(db: Database, ref: DocRef) -> Template:
    """A print template of the type, as it is in stock."""
    del db
    return stock(offer_of(ref.type))[0]


def attached(db: Database, ref: DocRef) -> int:
    """A file that the document has."""
    with db.write("root") as tx, tx.implied():
        row = {
            "id": 1,
            "doc_id": ref.id,
            "name": "x.pdf",
            "sha256": "0" * 64,
            "size": 1,
            "added_by": "",
            "added_at": tx.now,
        }
        tx.insert(attachment, [row])
    return 1


def kept_template(db: Database, ref: DocRef) -> int:
    """A template of the document's type."""
    with db.write("root") as tx, tx.implied():
        row = {"id": 1, "type": ref.type, "name": "x", "body": "{}", "saved_by": "", "saved_at": tx.now}
        tx.insert(document_template, [row])
    return 1


Call = Callable[[Any, Database, Access, DocRef, int], object]
DAY = dt.date(2026, 3, 10)
PASSWORD = "long enough 7"
COMMANDS: Mapping[str, Call] = {
    "costing.close_period": lambda f, db, user, _ref, _bill: f(db, user, "2026-03"),
    "costing.cost_period": lambda f, db, user, _ref, _bill: f(db, user, "2026-03"),
    "costing.enter_costs": lambda f, db, user, _ref, _bill: f(db, user, []),
    "costing.reopen_period": lambda f, db, user, _ref, _bill: f(db, user, "2026-03", "x"),
    "documents.approve": lambda f, db, user, ref, _: f(db, user, [ref.id]),
    "documents.arrange_log_ins": lambda f, db, user, _ref, _bill: f(db, user),
    "documents.change_document": lambda f, db, user, ref, _: f(
        db, user, DocDraft(ref.type, DAY, []), doc_id=ref.id, version=0, reason=""
    ),
    "documents.close": lambda f, db, user, ref, _: f(db, user, [ref.id]),
    "documents.count_print": lambda f, db, user, ref, _: f(db, user, [ref.id]),
    "documents.delete": lambda f, db, user, ref, _: f(db, user, [ref.id]),
    "documents.reopen": lambda f, db, user, ref, _: f(db, user, [ref.id]),
    "documents.reverse": lambda f, db, user, ref, _: f(db, user, [ref.id]),
    "documents.save_document": lambda f, db, user, ref, _: f(db, user, DocDraft(ref.type, DAY, [])),
    "engineering.approve_bom": lambda f, db, user, _, bill: f(db, user, {bill: 0}),
    "engineering.copy_branch": lambda f, db, user, _, bill: f(db, user, bill, to_item_id=0),
    "engineering.copy_version": lambda f, db, user, _, bill: f(db, user, bill),
    "engineering.delete_draft": lambda f, db, user, _, bill: f(db, user, bill, 0),
    "engineering.disable": lambda f, db, user, _, bill: f(db, user, bill, 0),
    "engineering.enable": lambda f, db, user, _, bill: f(db, user, bill, 0),
    "engineering.reverse_bom": lambda f, db, user, _, bill: f(db, user, {bill: 0}),
    "engineering.save_outputs": lambda f, db, user, _, bill: f(db, user, bill, 0, [], note=""),
    "engineering.save_tree": lambda f, db, user, _ref, _bill: f(db, user, []),
    "exchange.import_sources": lambda f, db, user, _ref, _bill: f(db, user, [units_sheet(db)]),
    "masterdata.delete_record": lambda f, db, user, _ref, _bill: f(db, user, "items", 1),
    "masterdata.save_records": lambda f, db, user, _ref, _bill: f(db, user, "items", []),
    "papers.attach": lambda f, db, user, ref, _: f(db, user, ref.id, []),
    "papers.detach": lambda f, db, user, ref, _: f(db, user, attached(db, ref)),
    "papers.remove_template": lambda f, db, user, ref, _: f(db, user, kept_template(db, ref)),
    "papers.save_template": lambda f, db, user, ref, _: f(db, user, "x", DocDraft(ref.type, DAY, [])),
    "planning.edit_planned": lambda f, db, user, _ref, _bill: f(db, user, 1, PlannedChange(quantity=Decimal(1))),
    "planning.merge_planned": lambda f, db, user, _ref, _bill: f(db, user, [1, 2]),
    "planning.release_orders": lambda f, db, user, _ref, _bill: f(db, user, run_id=1),
    "planning.run_mrp": lambda f, db, user, _ref, _bill: f(db, user, start=DAY),
    "planning.split_planned": lambda f, db, user, _ref, _bill: f(db, user, 1, [Decimal(1)]),
    "planning.split_planned_evenly": lambda f, db, user, _ref, _bill: f(db, user, 1, 2),
    "planning.undo_release": lambda f, db, user, _ref, _bill: f(db, user, 1),
    "production.create_picks": lambda f, db, user, _ref, _bill: f(db, user, [], day=DAY),
    "reporting.choose_template": lambda f, db, user, ref, _: f(db, user, ref.type, "A4"),
    "reporting.count_pick_list": lambda f, db, user, ref, _: f(db, user, PickList((ref,), 1, "x", DAY)),
    "reporting.import_template": lambda f, db, user, ref, _: f(
        db, user, ref.type, written(some_template(db, ref)).encode()
    ),
    "reporting.keep_logo": lambda f, db, user, _ref, _bill: f(db, user, b""),
    "reporting.pick_list": lambda f, db, user, ref, _: f(db, user, [ref.id]),
    "reporting.remove_template": lambda f, db, user, ref, _: f(db, user, ref.type, "A4"),
    "reporting.save_template": lambda f, db, user, ref, _: f(db, user, some_template(db, ref)),
    "users.delete_role": lambda f, db, user, _ref, _bill: f(db, user, 1),
    "users.reset_password": lambda f, db, user, _ref, _bill: f(db, user, user.name, PASSWORD),
    "users.restore_role": lambda f, db, user, _ref, _bill: f(db, user, 1),
    "users.save_role": lambda f, db, user, _ref, _bill: f(db, user, RoleDraft("x", frozenset({"plan.read"}))),
    "users.save_user": lambda f, db, user, _ref, _bill: f(
        db, user, UserDraft("x", "x", ("viewer",)), password=PASSWORD
    ),
    "users.unlock_user": lambda f, db, user, _ref, _bill: f(db, user, 1),
}
# Each needs no right of its own, for the reason given.
FREE = {
    "planning.kitting_rows": "an analysis is kept for the export of the one who made it",
    "matching.confirm": "without the right to change aliases nothing is remembered, the lines are the clerk's own",
    "views.keep_view": "everybody keeps schemes and layouts of her own",
    "views.list_views": "everybody reads her own and what is shared",
    "views.open_with": "what a list opens with is everybody's own choice",
    "views.remove_view": "one's own needs no right, another's that of managing users: test_kept_views",
    "views.rename_view": "as remove_view",
    "views.share_view": "as remove_view; what is shared holds no figures",
    "planning.create_orders": "each order is saved and approved by the verbs of its document type, failures are listed",
}


def interfaces() -> dict[str, ModuleType]:
    """The interface of every area of the services, and those of users and of kept views."""
    found = {
        area.name: importlib.import_module(f"services.{area.name}.api")
        for area in pkgutil.iter_modules(services.__path__)
        if importlib.util.find_spec(f"services.{area.name}.api")
    }
    del found["platform"]
    return found | {"users": users, "views": kept_views}


def commands() -> dict[str, Any]:
    """Every function of the areas' interfaces that acts for a user."""
    return {
        f"{area}.{name}": function
        for area, module in interfaces().items()
        for name, function in inspect.getmembers(module, inspect.isfunction)
        if not name.startswith("_") and name in module.__all__ and "user" in inspect.signature(function).parameters
    }


def test_every_command_is_tried_by_somebody_without_rights() -> None:
    assert set(commands()) == {*COMMANDS, *FREE}


@pytest.mark.parametrize("name", sorted(COMMANDS))
def test_a_command_is_refused_to_who_holds_no_right(
    sqlite_shop: Shop, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    db = sqlite_shop.db
    people = staff(db)
    with db.write("root") as tx, tx.implied():
        (ref,) = saving.create(tx, [example(tx, sqlite_shop.factory, "sales_order", 1)])
        bill = tx.conn.execute(select(bom.c.id).limit(1)).scalar_one()
    with pytest.raises(Refused) as caught:
        COMMANDS[name](commands()[name], db, people[""], ref, bill)
    assert {problem.code for problem in caught.value.problems} == {"access.denied"}, name


def test_nobody_without_the_right_closes_a_period_or_sets_a_parameter(sqlite_shop: Shop) -> None:
    people = staff(sqlite_shop.db)
    for code, access in people.items():
        may_close, may_set = access.allows("admin.period"), access.allows("admin.parameters")
        assert may_close == (code in ("finance", "admin"))
        assert may_set == (code == "admin")
        for allowed, action in (
            (may_close, lambda tx: periods.close(tx, CLOSED)),
            (may_set, lambda tx: masters.upsert(tx, "parameters", [{"key": "four_eyes", "value": "yes"}])),
        ):
            with trial(sqlite_shop.db, access) as tx:
                if allowed:
                    action(tx)
                else:
                    with pytest.raises(Refused) as caught:
                        action(tx)
                    assert caught.value.problems[0].code == "access.denied"
    with sqlite_shop.db.read() as conn:
        assert conn.execute(select(period)).first() is None
