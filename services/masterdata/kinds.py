"""Master data kinds, declared: table, key, fields with their defaults, and what they refer to."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from sqlalchemy import Table

from models.kernel import vocabulary as words
from models.masterdata.tables import calendar_day, item, item_alias, parameter, partner, substitute, unit, warehouse
from services.platform.access.rights import MASTER_VERBS, SEE_COST, SEE_PRICE, SET_PARAMETERS, Subject, vocabulary

ONE = Decimal(1)
ZERO = Decimal(0)


@dataclass(frozen=True, slots=True)
class Reference:
    """A column that holds the id of another record, given by code."""

    column: str
    kind: str
    required: bool = False


@dataclass(frozen=True, slots=True)
class MasterKind:
    """One kind of master data. columns: sheet key -> (table column, default)."""

    name: str
    title: str
    table: Table
    key: tuple[str, ...]
    columns: Mapping[str, tuple[str, Any]]
    references: Mapping[str, Reference] = field(default_factory=dict)
    fixed: Mapping[str, Any] = field(default_factory=dict)
    has_id: bool = True
    figures: Mapping[str, str] = field(default_factory=dict)
    """sheet key -> right needed to see and set it"""
    searched: tuple[str, ...] = ()
    """references whose codes are searched beside those of the key"""
    named: tuple[str, ...] = ()
    """references whose names lists tell beside their codes, as key_name; they are searched too"""
    told: tuple[str, ...] = ()
    """references whose names are told in the same way and not searched"""
    choices: Mapping[str, tuple[str, Mapping[str, str]]] = field(default_factory=dict)
    """sheet key of a field with a closed vocabulary -> its title and the words"""

    @property
    def read_right(self) -> str:
        """The right to see records; everybody sees the parameters."""
        return "" if self.name == "parameters" else f"master.{self.name}.read"

    @property
    def change_right(self) -> str:
        """The right to add, change and delete records."""
        return SET_PARAMETERS if self.name == "parameters" else f"master.{self.name}.change"


_PARTNER_COLUMNS: Mapping[str, tuple[str, Any]] = {
    "code": ("code", None), "name": ("name", ""), "contact": ("contact", ""), "phone": ("phone", ""),
    "address": ("address", ""), "tax_number": ("tax_number", ""), "credit_limit": ("credit_limit", None),
    "payment_days": ("payment_days", None),
}  # fmt: skip

KINDS: Mapping[str, MasterKind] = {
    kind.name: kind
    for kind in (
        MasterKind(
            "units", "计量单位", unit, ("code",),
            {"code": ("code", None), "name": ("name", ""), "decimals": ("decimals", 0)},
        ),
        MasterKind(
            "customers", "客户", partner, ("code",), _PARTNER_COLUMNS, fixed={"role": "customer"}, figures={"credit_limit": SEE_PRICE}
        ),
        MasterKind("suppliers", "供应商", partner, ("code",), _PARTNER_COLUMNS, fixed={"role": "supplier"}),
        MasterKind(
            "warehouses", "仓库", warehouse, ("code",),
            {
                "code": ("code", None), "name": ("name", ""), "kind": ("kind", "own"),
                "nettable": ("nettable", None), "negative": ("negative", False),
            },
            {"partner": Reference("partner_id", "partners")},
            told=("partner",), choices={"kind": ("类型", words.WAREHOUSE_KINDS)},
        ),
        MasterKind(
            "items", "物料", item, ("code",),
            {
                "code": ("code", None), "name": ("name", ""), "spec": ("spec", ""), "kind": ("kind", "purchased"),
                "category": ("category", ""), "lead_time_days": ("lead_time_days", 0),
                "safety_stock": ("safety_stock", ZERO), "lot_policy": ("lot_policy", "lot_for_lot"),
                "lot_size": ("lot_size", None), "lot_minimum": ("lot_minimum", None),
                "lot_multiple": ("lot_multiple", None), "lot_maximum": ("lot_maximum", None),
                "period_days": ("period_days", None), "yield_rate": ("yield_rate", ONE),
                "strategy": ("strategy", "mts"), "cost_method": ("cost_method", "moving"),
                "unit_cost": ("unit_cost", None), "price": ("price", None), "workshop": ("workshop", ""),
                "inspection": ("inspection", "none"), "stale_days": ("stale_days", None), "barcode": ("barcode", ""),
            },
            {
                "unit": Reference("unit_id", "units", required=True), "warehouse": Reference("warehouse_id", "warehouses"),
                "supplier": Reference("supplier_id", "suppliers"),
            },
            figures={"unit_cost": SEE_COST, "price": SEE_PRICE},
            told=("unit", "warehouse", "supplier"),
            choices={
                "kind": ("属性", words.ITEM_KINDS), "lot_policy": ("批量规则", words.LOT_POLICIES),
                "strategy": ("计划策略", words.STRATEGIES), "cost_method": ("计价方法", words.COST_METHODS),
                "inspection": ("检验方式", words.INSPECTIONS),
            },
        ),
        MasterKind(
            "substitutes", "替代料", substitute, ("component", "substitute", "parent"),
            {
                "ratio": ("ratio", ONE), "priority": ("priority", 1),
                "valid_from": ("valid_from", None), "valid_to": ("valid_to", None),
            },
            {
                "component": Reference("component_id", "items", required=True),
                "substitute": Reference("substitute_id", "items", required=True), "parent": Reference("parent_id", "items"),
            },
            named=("component", "substitute", "parent"),
        ),
        MasterKind(
            "aliases", "客户料号与别名", item_alias, ("alias", "partner"),
            {"alias": ("alias", None), "note": ("note", ""), "uses": ("uses", 0), "used_at": ("used_at", None)},
            {"partner": Reference("partner_id", "partners"), "item": Reference("item_id", "items", required=True)},
            searched=("item",), named=("partner", "item"),
        ),
        MasterKind(
            "calendar", "工厂日历", calendar_day, ("date",),
            {"date": ("day", None), "working": ("working", True)}, has_id=False,
        ),
        MasterKind(
            "parameters", "系统参数", parameter, ("key",),
            {"key": ("key", None), "value": ("value", "")}, has_id=False,
        ),
    )
}  # fmt: skip
vocabulary.add(
    *(
        Subject(f"master.{kind.name}", kind.title, "masterdata", MASTER_VERBS)
        for kind in KINDS.values()
        if kind.name != "parameters"
    )
)
