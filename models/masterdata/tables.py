"""Units, warehouses, partners, items and their aliases, substitutes, factory calendar and parameters."""

from sqlalchemy import CheckConstraint, Column, Index, Table, Text, UniqueConstraint

from models.columns import (
    Flag,
    Int,
    IsoDate,
    MoneyType,
    QuantityType,
    RateType,
    Small,
    Stamp,
    key_column,
    metadata,
    reference,
)

unit = Table(
    "unit",
    metadata,
    key_column(),
    Column("code", Text, nullable=False, unique=True),
    Column("name", Text, nullable=False, server_default=""),
    Column("decimals", Small, nullable=False, server_default="0"),
    Column("version", Int, nullable=False, server_default="1"),
    CheckConstraint("decimals between 0 and 6", name="decimals_range"),
    sqlite_strict=True,
    sqlite_autoincrement=True,
)

partner = Table(
    "partner",
    metadata,
    key_column(),
    Column("role", Text, nullable=False),
    Column("code", Text, nullable=False),
    Column("name", Text, nullable=False, server_default=""),
    Column("contact", Text, nullable=False, server_default=""),
    Column("phone", Text, nullable=False, server_default=""),
    Column("address", Text, nullable=False, server_default=""),
    Column("tax_number", Text, nullable=False, server_default=""),
    Column("credit_limit", MoneyType),
    Column("payment_days", Int),
    Column("enabled", Flag, nullable=False, server_default="1"),
    Column("version", Int, nullable=False, server_default="1"),
    UniqueConstraint("role", "code", name="uq_partner_role_code"),
    CheckConstraint("role = 'customer' or role = 'supplier'", name="role_known"),
    sqlite_strict=True,
    sqlite_autoincrement=True,
)

warehouse = Table(
    "warehouse",
    metadata,
    key_column(),
    Column("code", Text, nullable=False, unique=True),
    Column("name", Text, nullable=False, server_default=""),
    Column("kind", Text, nullable=False, server_default="own"),
    reference("partner_id", "partner.id", nullable=True),
    Column("nettable", Flag, nullable=False, server_default="1"),
    Column("negative", Flag, nullable=False, server_default="0"),
    Column("version", Int, nullable=False, server_default="1"),
    CheckConstraint(
        "kind = 'own' or kind = 'workshop' or kind = 'supplier' or kind = 'customer' or kind = 'inspection' or kind = 'scrap'",
        name="kind_known",
    ),
    sqlite_strict=True,
    sqlite_autoincrement=True,
)

item = Table(
    "item",
    metadata,
    key_column(),
    Column("code", Text, nullable=False, unique=True),
    Column("name", Text, nullable=False, server_default=""),
    Column("spec", Text, nullable=False, server_default=""),
    reference("unit_id", "unit.id"),
    Column("kind", Text, nullable=False),
    Column("category", Text, nullable=False, server_default=""),
    Column("lead_time_days", Int, nullable=False, server_default="0"),
    Column("safety_stock", QuantityType, nullable=False, server_default="0"),
    Column("lot_policy", Text, nullable=False, server_default="lot_for_lot"),
    Column("lot_size", QuantityType),
    Column("lot_minimum", QuantityType),
    Column("lot_multiple", QuantityType),
    Column("lot_maximum", QuantityType),
    Column("period_days", Int),
    Column("yield_rate", RateType, nullable=False, server_default="100000000"),
    Column("strategy", Text, nullable=False, server_default="mts"),
    Column("cost_method", Text, nullable=False, server_default="moving"),
    Column("unit_cost", RateType),
    Column("price", RateType),
    reference("warehouse_id", "warehouse.id", nullable=True),
    reference("supplier_id", "partner.id", nullable=True),
    Column("workshop", Text, nullable=False, server_default=""),
    Column("inspection", Text, nullable=False, server_default="none"),
    Column("stale_days", Int),
    Column("barcode", Text, nullable=False, server_default=""),
    Column("pinyin", Text, nullable=False, server_default=""),
    Column("enabled", Flag, nullable=False, server_default="1"),
    Column("version", Int, nullable=False, server_default="1"),
    CheckConstraint(
        "kind = 'purchased' or kind = 'manufactured' or kind = 'subcontracted' or kind = 'phantom' or kind = 'service'",
        name="kind_known",
    ),
    CheckConstraint("yield_rate > 0 and yield_rate <= 100000000", name="yield_range"),
    sqlite_strict=True,
    sqlite_autoincrement=True,
)

item_alias = Table(
    "item_alias",
    metadata,
    key_column(),
    reference("partner_id", "partner.id", nullable=True),
    Column("alias", Text, nullable=False),
    reference("item_id", "item.id", index=True),
    Column("note", Text, nullable=False, server_default=""),
    Column("uses", Int, nullable=False, server_default="0"),
    Column("used_at", Stamp),
    Column("version", Int, nullable=False, server_default="1"),
    Index("ix_item_alias_partner_alias", "partner_id", "alias"),
    CheckConstraint("alias <> ''", name="alias_given"),
    sqlite_strict=True,
    sqlite_autoincrement=True,
)

substitute = Table(
    "substitute",
    metadata,
    key_column(),
    reference("component_id", "item.id", index=True),
    reference("substitute_id", "item.id"),
    reference("parent_id", "item.id", nullable=True),
    Column("ratio", RateType, nullable=False, server_default="100000000"),
    Column("priority", Int, nullable=False, server_default="1"),
    Column("valid_from", IsoDate),
    Column("valid_to", IsoDate),
    Column("version", Int, nullable=False, server_default="1"),
    CheckConstraint("ratio > 0", name="ratio_positive"),
    sqlite_strict=True,
    sqlite_autoincrement=True,
)

calendar_day = Table(
    "calendar_day",
    metadata,
    Column("day", IsoDate, primary_key=True),
    Column("working", Flag, nullable=False),
    sqlite_strict=True,
)

parameter = Table(
    "parameter",
    metadata,
    Column("key", Text, primary_key=True),
    Column("value", Text, nullable=False),
    sqlite_strict=True,
)
