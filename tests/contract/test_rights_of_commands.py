"""T15: every command of the services × every standing role: open exactly to who holds the right it asks for."""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import select

from models.engineering.tables import bom
from models.kernel.problems import Refused
from services.documents import approving, saving
from services.platform import books
from services.platform.access.rights import CHANGE_COSTS, CLOSE_PERIODS, MANAGE_USERS, RUN_COSTS, vocabulary
from services.platform.access.roles import STANDING_ROLES
from tests.contract.test_rights_matrix import COMMANDS, commands
from tests.support.factory import example
from tests.support.people import staff
from tests.support.shops import NOW, Shop

ORDER = "sales_order"
DONE_ON_APPROVED = ("documents.close", "documents.reopen", "documents.reverse", "documents.change_document")
NEEDS: Mapping[str, str] = {
    "costing.close_period": CLOSE_PERIODS,
    "costing.cost_period": RUN_COSTS,
    "costing.enter_costs": CHANGE_COSTS,
    "costing.reopen_period": CLOSE_PERIODS,
    "documents.approve": "sales_order.approve",
    "documents.arrange_log_ins": MANAGE_USERS,
    "documents.change_document": "sales_order.save",
    "documents.close": "sales_order.close",
    "documents.count_print": "sales_order.print",
    "documents.delete": "sales_order.delete",
    "documents.reopen": "sales_order.close",
    "documents.reverse": "sales_order.reverse",
    "documents.save_document": "sales_order.save",
    "engineering.approve_bom": "bom.approve",
    "engineering.copy_branch": "bom.change",
    "engineering.copy_version": "bom.change",
    "engineering.delete_draft": "bom.change",
    "engineering.disable": "bom.change",
    "engineering.enable": "bom.change",
    "engineering.reverse_bom": "bom.approve",
    "engineering.save_outputs": "bom.change",
    "engineering.save_tree": "bom.change",
    "exchange.import_sources": "master.units.change",
    "masterdata.delete_record": "master.items.change",
    "masterdata.save_records": "master.items.change",
    "papers.attach": "sales_order.save",
    "papers.detach": "sales_order.save",
    "papers.remove_template": "sales_order.save",
    "papers.save_template": "sales_order.save",
    "planning.edit_planned": "plan.edit",
    "planning.merge_planned": "plan.edit",
    "planning.release_orders": "plan.release",
    "planning.run_mrp": "plan.run",
    "planning.split_planned": "plan.edit",
    "planning.split_planned_evenly": "plan.edit",
    "planning.undo_release": "plan.release",
    "production.create_picks": "material_issue.save",
    "reporting.choose_template": "admin.templates",
    "reporting.count_pick_list": "sales_order.print",
    "reporting.import_template": "admin.templates",
    "reporting.keep_logo": "admin.templates",
    "reporting.pick_list": "sales_order.print",
    "reporting.remove_template": "admin.templates",
    "reporting.save_template": "admin.templates",
    "users.delete_role": MANAGE_USERS,
    "users.reset_password": MANAGE_USERS,
    "users.restore_role": MANAGE_USERS,
    "users.save_role": MANAGE_USERS,
    "users.save_user": MANAGE_USERS,
    "users.unlock_user": MANAGE_USERS,
}
"""the one right that decides, as the roles that come with the program are made"""


def test_every_command_names_its_right() -> None:
    assert set(NEEDS) == set(COMMANDS)
    assert [right for right in NEEDS.values() if right not in vocabulary] == []
    held = {spec.code: spec.rights(vocabulary) for spec in STANDING_ROLES}
    assert all(any(right in rights for rights in held.values()) for right in NEEDS.values())


@pytest.mark.parametrize("name", sorted(NEEDS))
def test_a_command_is_open_to_the_roles_that_hold_its_right(sqlite_shop: Shop, name: str, tmp_path: Path) -> None:
    people = staff(sqlite_shop.db)
    with sqlite_shop.db.write("root") as tx, tx.implied():
        (ref,) = saving.create(tx, [example(tx, sqlite_shop.factory, ORDER, 1)])
        if name in DONE_ON_APPROVED:
            approving.approve(tx, [ref.id])
        bill = tx.conn.execute(select(bom.c.id).limit(1)).scalar_one()
    file = sqlite_shop.db.path
    assert file is not None
    sqlite_shop.db.close()
    wrong = []
    for code, access in people.items():
        # Each tries it on a book of his own: what one does leaves nothing to the next.
        mine = tmp_path / code
        mine.mkdir(exist_ok=True)
        shutil.copyfile(file, mine / "账套.db")
        with closing(books.open_book(mine / "账套.db", clock=lambda: NOW)) as db:
            found: set[str] = set()
            try:
                COMMANDS[name](commands()[name], db, access, ref, bill)
            except Refused as refused:
                found = {problem.code for problem in refused.problems}
        if ("access.denied" in found) == access.allows(NEEDS[name]):
            wrong.append(f"{code or 'nobody'} {name}: {sorted(found) or 'done'}")
    assert wrong == []
