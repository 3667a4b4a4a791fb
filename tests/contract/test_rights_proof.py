"""I33: `check` finds a posted document whose maker or approver had no right then, and one that two eyes saw instead of four."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from models.kernel.refs import DocRef
from services.documents import api
from services.masterdata import saving as masters
from services.platform.access.holding import Access
from services.platform.users import api as users
from services.platform.users.records import RoleDraft
from services.reporting.access_proofs import actions_were_allowed
from tests.support.people import login_of_role, staff
from tests.support.shops import Shop


@pytest.fixture
def people(shop: Shop) -> Mapping[str, Access]:
    return staff(shop.db)


def broken(shop: Shop) -> list[str]:
    with shop.db.read() as conn:
        found = actions_were_allowed(conn)
    assert found.counted
    return [str(row) for row in found.broken]


def posted(shop: Shop, maker: Access | str, approver: Access | str, *, smuggled: bool = False) -> DocRef:
    """A sales order made by one and approved by another; smuggled: past the check of rights."""
    draft = shop.factory.sale("2")
    with shop.db.write(maker) as tx:
        if smuggled:
            with tx.implied():
                (ref,) = shop.factory.save(tx, draft)
        else:
            (ref,) = shop.factory.save(tx, draft)
    api.approve(shop.db, approver, [ref.id])
    return ref


def test_what_the_services_let_through_holds(shop: Shop, people: Mapping[str, Access]) -> None:
    posted(shop, people["sales"], people["admin"])
    posted(shop, people["sales"], people["sales"])
    assert broken(shop) == []


def test_a_document_of_somebody_without_the_right_is_named(shop: Shop, people: Mapping[str, Access]) -> None:
    ref = posted(shop, people["workshop"], people["admin"], smuggled=True)
    assert broken(shop) == [f"{ref.number} user={login_of_role('workshop')} right=sales_order.save"]


def test_a_right_taken_away_later_does_not_matter(shop: Shop, people: Mapping[str, Access]) -> None:
    posted(shop, people["sales"], people["sales"])
    sales = next(row for row in users.list_roles(shop.db) if row.code == "sales")
    draft = RoleDraft("销售", frozenset({"sales_order.read"}))
    users.save_role(shop.db, people["admin"], draft, role_id=sales.id, version=sales.version)
    assert broken(shop) == []
    posted(shop, people["sales"], people["admin"], smuggled=True)
    assert len(broken(shop)) == 1


def test_two_eyes_are_found_only_where_four_were_asked_for(shop: Shop, people: Mapping[str, Access]) -> None:
    posted(shop, people["sales"], people["sales"])
    with shop.db.write(people["admin"]) as tx:
        masters.upsert(tx, "parameters", [{"key": "four_eyes", "value": "yes"}])
    assert broken(shop) == []
    with shop.db.write(people["sales"]) as tx:
        (ref,) = shop.factory.save(tx, shop.factory.sale("3"))
    with shop.db.write(people["sales"]) as tx, tx.implied():
        from services.documents import approving

        approving.approve(tx, [ref.id])
    name = login_of_role("sales")
    assert broken(shop) == [f"{ref.number} maker={name} approver={name}"]
