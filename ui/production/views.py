"""The windows of production: the pick bench, and documents as their types declare them."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

from ui.documents.defaults import default_spec
from ui.documents.register import register_documents
from ui.documents.ways import document_ways
from ui.framework.at_need import AtNeed
from ui.framework.desk import Desk
from ui.framework.navigator import PageSpec
from ui.production.places import BENCH, LISTS

TYPES = ("production_order", "material_issue", "product_receipt")
PICKED = ("production_order", "material_issue")


def register(desk: Desk) -> None:
    """Lists and windows."""
    desk.navigator.register(
        PageSpec(
            BENCH, "领料工作台", "production", AtNeed("ui.production.picking_page", "PickingPage"), "box", order=5
        ),
        PageSpec(
            LISTS,
            "合并拣货单",
            "production",
            AtNeed("ui.production.pick_lists_page", "PickListsPage"),
            "print",
            order=6,
        ),
    )
    desk.actions.register_finder(partial(AtNeed("ui.production.pick_search", "find_lists"), desk))
    document_ways.add("substitutes", AtNeed("ui.production.substitute_dialog", "offer_substitutes"), "stock.short")
    specs = [default_spec(code, today=desk.session.today) for code in TYPES]
    register_documents(
        desk,
        *(
            replace(spec, list_actions=AtNeed("ui.production.pick_paper", "list_actions"))
            if spec.type in PICKED
            else spec
            for spec in specs
        ),
    )
