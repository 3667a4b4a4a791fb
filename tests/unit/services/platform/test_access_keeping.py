"""Users and roles as an administrator keeps them, and what a transaction asks of its user."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping

import pytest
from sqlalchemy import delete, select, update

import app.wiring
from models.kernel.problems import Refused
from models.platform.tables import app_user, audit_event, role, role_right
from services.platform.access.holding import Access, everything
from services.platform.access.rights import Vocabulary, vocabulary
from services.platform.access.roles import ADMIN, BY_CODE, STANDING_ROLES
from services.platform.db import Database
from services.platform.messages import sentence
from services.platform.users import api, keeping
from services.platform.users.records import RoleDraft, RoleRow, UserDraft, UserRow
from tests.support.people import login_of_role, staff

assert app.wiring.AREAS
BOSS = login_of_role(ADMIN)


@pytest.fixture
def people(book: Database) -> Mapping[str, Access]:
    return staff(book)


def refusal(action: object, *args: object, **more: object) -> str:
    assert callable(action)
    with pytest.raises(Refused) as caught:
        action(*args, **more)
    for problem in caught.value.problems:
        assert "…" not in sentence(problem)
    return caught.value.problems[0].code


def role_of(db: Database, code: str) -> RoleRow:
    return next(row for row in api.list_roles(db) if row.code == code)


def user_of(db: Database, login: str) -> UserRow:
    return next(row for row in api.list_users(db) if row.login == login)


def test_standing_roles_are_stored_as_declared(book: Database, people: Mapping[str, Access]) -> None:
    stored = {row.code: row.rights for row in api.list_roles(book)}
    assert stored == {spec.code: spec.rights(vocabulary) for spec in STANDING_ROLES}
    assert stored[ADMIN] == vocabulary.codes()
    assert [row.title for row in api.list_roles(book)] == [
        "销售", "计划", "采购", "仓库", "车间", "质量", "成本", "财务", "查询", "管理员",
    ]  # fmt: skip


def test_every_role_reads_what_it_may_change() -> None:
    for spec in STANDING_ROLES:
        rights = spec.rights(vocabulary)
        assert rights == vocabulary.with_reading(rights), spec.code


def test_every_line_of_every_role_names_a_right_or_an_area_still_to_come() -> None:
    """A line that names nothing today names a type by pattern, never by a code that was mistyped."""
    codes = {right.subject for right in vocabulary}
    for spec in STANDING_ROLES:
        for line in (*spec.grants, *spec.without):
            subject = line.partition(":")[0].partition("/")[2]
            assert "*" in subject or subject in codes, f"{spec.code}: {line}"


def test_only_cost_and_finance_see_costs_and_the_store_sees_no_price() -> None:
    seers = {spec.code for spec in STANDING_ROLES if "field.cost" in spec.rights(vocabulary)}
    assert seers == {"cost", "finance", ADMIN}
    assert "field.price" not in BY_CODE["warehouse"].rights(vocabulary)
    assert "field.price" not in BY_CODE["viewer"].rights(vocabulary)


def test_a_refusal_names_the_right_in_words_and_who_can_grant_it(book: Database, people: Mapping[str, Access]) -> None:
    with pytest.raises(Refused) as caught, book.write(people["viewer"]) as tx:
        tx.require("sales_order.approve", number="XSDD-1")
    (problem,) = caught.value.problems
    assert problem.code == "access.denied"
    told = sentence(problem)
    assert "XSDD-1" in told
    assert "销售订单 审核" in told
    assert BOSS in told


def test_a_refusal_in_english_is_english_but_for_names(book: Database, people: Mapping[str, Access]) -> None:
    """The administrator is called 管理员, as his role is: that is his name, not the role's."""
    with book.write(people[ADMIN]) as tx:
        tx.conn.execute(update(app_user).where(app_user.c.login == BOSS).values(name="管理员"))
    with pytest.raises(Refused) as caught, book.write(people["viewer"]) as tx:
        tx.require("sales_order.approve", "field.price", "admin.users")
    told = [sentence(problem, "en") for problem in caught.value.problems]
    assert [text.split('"')[1] for text in told] == [
        "Sales order: Approve", "See prices and amounts", "Manage: Users and rights",
    ]  # fmt: skip
    names = re.compile(f"管理员|{people['viewer'].title}")
    assert all(" 管理员 can grant it" in text for text in told)
    assert not any(re.search("[\u3001-\u9fff]", names.sub("", text)) for text in told)


def test_without_anybody_who_may_grant_it_the_administrator_is_named(
    book: Database, people: Mapping[str, Access]
) -> None:
    with book.write(people[ADMIN]) as tx:
        tx.conn.execute(update(app_user).where(app_user.c.login == BOSS).values(active=False))
    with pytest.raises(Refused) as caught, book.write(people["viewer"]) as tx:
        tx.require("plan.run")
    (problem,) = caught.value.problems
    assert problem.code == "access.denied_without_granter"
    assert "请管理员在" in sentence(problem)
    assert "An administrator can grant it" in sentence(problem, "en")


def test_all_lacking_rights_are_named_at_once(book: Database, people: Mapping[str, Access]) -> None:
    with pytest.raises(Refused) as caught, book.write(people["viewer"]) as tx:
        tx.require("sales_order.approve", "sales_order.read", "plan.run")
    assert [problem.args["right"] for problem in caught.value.problems] == ["销售订单 审核", "计划 运算"]


def test_a_name_nobody_has_holds_nothing(book: Database, people: Mapping[str, Access]) -> None:
    with book.write("路人") as tx:
        assert not tx.access.rights
        assert not tx.access.unlimited


def test_a_right_taken_away_is_gone_for_who_is_logged_in(book: Database, people: Mapping[str, Access]) -> None:
    held = people["planner"]
    assert held.allows("plan.run")
    with book.write(BOSS) as tx:
        tx.conn.execute(delete(role_right).where(role_right.c.right == "plan.run"))
    with pytest.raises(Refused), book.write(held) as tx:
        tx.require("plan.run")


def test_a_book_open_for_one_user_acts_as_him_whatever_name_is_given(
    book: Database, people: Mapping[str, Access]
) -> None:
    mine = book.acting_as(people["viewer"])
    with mine.write(BOSS) as tx:
        assert tx.user == login_of_role("viewer")
        assert not tx.permits("admin.users")


def test_the_program_itself_may_do_all(book: Database, people: Mapping[str, Access]) -> None:
    with book.write(everything("root")) as tx:
        tx.require("admin.users", "plan.run")
        assert tx.user == "root"
        assert tx.permits("admin.users")
        assert tx.permits("plan.run")


def test_what_an_action_brings_with_it_is_not_asked_for(book: Database, people: Mapping[str, Access]) -> None:
    with book.write(people["viewer"]) as tx:
        with tx.implied():
            tx.require("admin.users")
        with pytest.raises(Refused):
            tx.require("admin.users")


def test_only_who_manages_users_changes_them(book: Database, people: Mapping[str, Access]) -> None:
    for code, access in people.items():
        if code == ADMIN:
            continue
        draft = UserDraft("neu", "新", ("viewer",))
        assert refusal(api.save_user, book, access, draft, password="long enough 1") == "access.denied"
        assert refusal(api.save_role, book, access, RoleDraft("r", frozenset({"plan.run"}))) == "access.denied"
        assert refusal(api.reset_password, book, access, BOSS, "long enough 1") == "access.denied"
        assert refusal(api.unlock_user, book, access, 1) == "access.denied"
        assert refusal(api.delete_role, book, access, 1) == "access.denied"
        assert refusal(api.restore_role, book, access, 1) == "access.denied"


def test_the_last_administrator_stays(book: Database, people: Mapping[str, Access]) -> None:
    boss = user_of(book, BOSS)
    for draft in (UserDraft(BOSS, BOSS, ("viewer",)), UserDraft(BOSS, BOSS, (ADMIN,), active=False)):
        found = refusal(api.save_user, book, BOSS, draft, user_id=boss.id, version=boss.version)
        assert found == "access.last_administrator"


def test_users_are_refused_with_every_reason(book: Database, people: Mapping[str, Access]) -> None:
    with pytest.raises(Refused) as caught:
        api.save_user(book, BOSS, UserDraft(BOSS, " ", ("none",)), password="long enough 1")
    codes = {problem.code for problem in caught.value.problems}
    assert codes == {"access.user_unnamed", "access.user_exists", "access.role_unknown"}
    assert refusal(api.save_user, book, BOSS, UserDraft("neu", "新"), password="x") == "access.user_without_role"
    boss = user_of(book, BOSS)
    late = refusal(api.save_user, book, BOSS, UserDraft(BOSS, "x", (ADMIN,)), user_id=boss.id, version=boss.version + 1)
    assert late == "access.user_changed"


def test_a_role_of_ones_own_is_made_given_and_removed(book: Database, people: Mapping[str, Access]) -> None:
    api.save_role(book, BOSS, RoleDraft("夜班", frozenset({"material_issue.save", "nonsense.right"})))
    made = next(row for row in api.list_roles(book) if row.title == "夜班")
    assert made.rights == {"material_issue.save", "material_issue.read"}
    viewer = user_of(book, login_of_role("viewer"))
    draft = UserDraft(viewer.login, "夜班员", ("viewer", made.code))
    api.save_user(book, BOSS, draft, user_id=viewer.id, version=viewer.version)
    with book.write(viewer.login) as tx:
        assert tx.permits("material_issue.save")
    assert user_of(book, viewer.login).pinyin.startswith("yb")
    assert refusal(api.delete_role, book, BOSS, made.id) == "access.role_used"
    again = user_of(book, viewer.login)
    api.save_user(book, BOSS, UserDraft(viewer.login, "夜班员", ("viewer",)), user_id=again.id, version=again.version)
    api.delete_role(book, BOSS, made.id)
    assert made.code not in {row.code for row in api.list_roles(book)}


def test_roles_are_refused_with_their_reason(book: Database, people: Mapping[str, Access]) -> None:
    admin, sales = role_of(book, ADMIN), role_of(book, "sales")
    some = frozenset({"plan.read"})
    assert refusal(api.save_role, book, BOSS, RoleDraft(" ", some)) == "access.role_unnamed"
    assert refusal(api.save_role, book, BOSS, RoleDraft("x", frozenset())) == "access.role_empty"
    draft = RoleDraft("x", some)
    assert refusal(api.save_role, book, BOSS, draft, role_id=sales.id, version=99) == "access.role_changed"
    assert refusal(api.save_role, book, BOSS, draft, role_id=admin.id, version=admin.version) == "access.role_admin"
    assert refusal(api.delete_role, book, BOSS, sales.id) == "access.role_standing"
    api.save_role(book, BOSS, RoleDraft("own", some))
    own = next(row for row in api.list_roles(book) if row.title == "own")
    assert refusal(api.restore_role, book, BOSS, own.id) == "access.role_own"


def test_a_newer_program_gives_standing_roles_their_new_rights_but_leaves_changed_ones(
    book: Database, people: Mapping[str, Access]
) -> None:
    sales, planner = role_of(book, "sales"), role_of(book, "planner")
    api.save_role(
        book, BOSS, RoleDraft("销售", frozenset({"sales_order.read"})), role_id=sales.id, version=sales.version
    )
    with book.write("root") as tx:
        tx.conn.execute(delete(role_right).where(role_right.c.role_id == planner.id, role_right.c.right == "plan.run"))
        keeping.bring_roles_up_to_date(tx)
    assert role_of(book, "planner").rights == planner.rights
    assert role_of(book, "sales").rights == {"sales_order.read"}
    assert not role_of(book, "sales").standing
    api.restore_role(book, BOSS, sales.id)
    assert role_of(book, "sales").rights == sales.rights
    assert role_of(book, "sales").standing


def test_the_chain_tells_who_held_which_rights_when(book: Database, people: Mapping[str, Access]) -> None:
    sales = role_of(book, "sales")
    api.save_role(
        book, BOSS, RoleDraft("销售", frozenset({"sales_order.read"})), role_id=sales.id, version=sales.version
    )
    with book.read() as conn:
        query = select(audit_event.c.before, audit_event.c.after).where(
            audit_event.c.entity == "role", audit_event.c.entity_id == sales.id, audit_event.c.action == "change"
        )
        before, after = conn.execute(query).one()
    assert set(json.loads(before)["rights"]) == sales.rights
    assert json.loads(after)["rights"] == ["sales_order.read"]


def test_a_subject_declared_twice_with_two_meanings_is_a_mistake_of_the_program() -> None:
    from services.platform.access.rights import Subject

    words = Vocabulary([Subject("x", "甲", "sales", {"read": "查看"})])
    words.add(Subject("x", "甲", "sales", {"read": "查看"}))
    with pytest.raises(ValueError, match="twice"):
        words.add(Subject("x", "乙", "sales", {"read": "查看"}))
    with pytest.raises(ValueError, match="no area"):
        words.add(Subject("y", "乙", "nowhere", {"read": "查看"}))
    assert words.title("x.read") == "甲 查看"
    assert words.title("gone.read") == "gone.read"


def test_roles_of_the_tables_have_unique_codes(book: Database, people: Mapping[str, Access]) -> None:
    with book.read() as conn:
        codes = list(conn.execute(select(role.c.code)).scalars())
    assert len(codes) == len(set(codes)) == len(STANDING_ROLES)
