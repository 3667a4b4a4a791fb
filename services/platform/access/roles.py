"""The standing roles and what they allow, as patterns over areas, subjects and verbs."""

from __future__ import annotations

from dataclasses import dataclass
from fnmatch import fnmatchcase

from services.platform.access.rights import Right, Vocabulary

ADMIN = "admin"


@dataclass(frozen=True, slots=True)
class RoleSpec:
    """A role as the program declares it.

    grants, without: lines "area/subject: verb verb"; * stands for anything. A right is in the role when a line of grants
    names it and no line of without does.
    """

    code: str
    title: str
    grants: tuple[str, ...]
    without: tuple[str, ...] = ()

    def rights(self, vocabulary: Vocabulary) -> frozenset[str]:
        """The rights of the role among those the program has."""
        named = {
            right.code
            for right in vocabulary
            if any(_names(line, right) for line in self.grants)
            and not any(_names(line, right) for line in self.without)
        }
        return vocabulary.with_reading(named)


def _names(line: str, right: Right) -> bool:
    where, _, verbs = line.partition(":")
    area, _, subject = where.strip().partition("/")
    if not (fnmatchcase(right.area, area) and fnmatchcase(right.subject, subject)):
        return False
    return any(fnmatchcase(right.verb, verb) for verb in verbs.split())


_LOOK = ("masterdata/master.*: read", "engineering/bom: read")
_GOODS = (
    "inventory/*: *", "*/delivery*: *", "*/*_receipt: *", "*/*_issue: *", "*/*_return: *",
)  # fmt: skip

STANDING_ROLES: tuple[RoleSpec, ...] = (
    RoleSpec(
        "sales", "销售",
        (*_LOOK, "sales/*: *", "crm/*: *", "aftersales/*: *", "masterdata/master.customers: *", "masterdata/master.aliases: *",
         "inventory/*: read", "production/*: read", "planning/plan: read", "field/field: price"),
        without=("*/delivery*: approve reverse",),
    ),
    RoleSpec(
        "planner", "计划",
        (*_LOOK, "planning/*: *", "production/production_order: *", "subcontracting/subcontract_order: *",
         "purchasing/purchase_order: save", "sales/forecast: *", "engineering/bom: change",
         "masterdata/master.items: change", "masterdata/master.substitutes: change", "masterdata/master.calendar: change",
         "sales/*: read", "purchasing/*: read", "inventory/*: read", "production/*: read print", "subcontracting/*: read"),
    ),
    RoleSpec(
        "purchaser", "采购",
        (*_LOOK, "purchasing/*: *", "subcontracting/*: *", "masterdata/master.suppliers: *", "masterdata/master.aliases: *",
         "inventory/*: read",
         "planning/plan: read", "production/*: read", "sales/sales_order: read", "field/field: price"),
        without=("*/*_receipt: approve reverse", "*/*_issue: approve reverse"),
    ),
    RoleSpec(
        "warehouse", "仓库",
        (*_LOOK, *_GOODS, "masterdata/master.warehouses: change", "sales/*: read print", "purchasing/*: read print",
         "production/*: read print", "subcontracting/*: read print", "planning/plan: read"),
        without=("inventory/opening_stock: save approve reverse close delete",),
    ),
    RoleSpec(
        "workshop", "车间",
        (*_LOOK, "production/*: read print", "production/material_issue: save delete", "production/product_receipt: save delete",
         "production/*report*: save delete", "inventory/*: read"),
    ),
    RoleSpec(
        "quality", "质量",
        (*_LOOK, "quality/*: *", "purchasing/*: read", "production/*: read", "subcontracting/*: read", "inventory/*: read",
         "sales/*: read", "aftersales/*: read"),
    ),
    RoleSpec(
        "cost", "成本",
        (*_LOOK, "costing/*: *", "*/*: read print", "inventory/opening_stock: *", "masterdata/master.items: change", "field/field: *"),
        without=("system/*: *",),
    ),
    RoleSpec(
        "finance", "财务",
        (*_LOOK, "finance/*: *", "costing/*: read print", "*/*: read print", "inventory/opening_stock: *",
         "sales/*: close", "purchasing/*: close",
         "field/field: *", "system/admin: period"),
    ),
    RoleSpec("viewer", "查询", ("*/*: read",)),
    RoleSpec(ADMIN, "管理员", ("*/*: *",)),
)  # fmt: skip
BY_CODE = {role.code: role for role in STANDING_ROLES}
