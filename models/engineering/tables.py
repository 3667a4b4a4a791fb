"""Bills of material: versions, lines with numerator and denominator, outputs."""

from sqlalchemy import CheckConstraint, Column, Table, Text, UniqueConstraint

from models.columns import Flag, Int, IsoDate, RateType, Stamp, key_column, metadata, reference

bom = Table(
    "bom",
    metadata,
    key_column(),
    reference("parent_id", "item.id"),
    Column("version_code", Text, nullable=False),
    Column("status", Text, nullable=False, server_default="Z"),
    Column("enabled", Flag, nullable=False, server_default="1"),
    Column("note", Text, nullable=False, server_default=""),
    Column("created_by", Text, nullable=False, server_default=""),
    Column("created_at", Stamp),
    Column("approved_by", Text, nullable=False, server_default=""),
    Column("approved_at", Stamp),
    Column("version", Int, nullable=False, server_default="1"),
    UniqueConstraint("parent_id", "version_code", name="uq_bom_parent_version"),
    CheckConstraint("status = 'Z' or status = 'C'", name="status_known"),
    sqlite_strict=True,
    sqlite_autoincrement=True,
)

bom_line = Table(
    "bom_line",
    metadata,
    key_column(),
    reference("bom_id", "bom.id", index=True),
    Column("position", Text, nullable=False, server_default=""),
    reference("component_id", "item.id", index=True),
    Column("numerator", RateType, nullable=False),
    Column("denominator", RateType, nullable=False),
    Column("scrap_rate", RateType, nullable=False, server_default="0"),
    Column("scrap_fixed", RateType, nullable=False, server_default="0"),
    Column("issue", Text, nullable=False, server_default="pick"),
    Column("skip_level", Flag, nullable=False, server_default="0"),
    Column("key_part", Flag, nullable=False, server_default="0"),
    Column("supplied_by", Text, nullable=False, server_default="own"),
    reference("warehouse_id", "warehouse.id", nullable=True),
    Column("valid_from", IsoDate),
    Column("valid_to", IsoDate),
    Column("note", Text, nullable=False, server_default=""),
    CheckConstraint("numerator >= 0 and denominator > 0", name="usage_range"),
    CheckConstraint("scrap_rate >= 0 and scrap_rate < 100000000", name="scrap_range"),
    CheckConstraint("issue = 'pick' or issue = 'backflush' or issue = 'none'", name="issue_known"),
    CheckConstraint("supplied_by = 'own' or supplied_by = 'customer'", name="supplied_by_known"),
    sqlite_strict=True,
)

bom_output = Table(
    "bom_output",
    metadata,
    key_column(),
    reference("bom_id", "bom.id", index=True),
    reference("item_id", "item.id", index=True),
    Column("kind", Text, nullable=False),
    Column("numerator", RateType, nullable=False),
    Column("denominator", RateType, nullable=False),
    Column("cost_share", RateType),
    Column("cost_weight", RateType),
    Column("cost_quota", RateType),
    CheckConstraint("kind = 'main' or kind = 'co' or kind = 'by'", name="kind_known"),
    CheckConstraint("numerator >= 0 and denominator > 0", name="usage_range"),
    sqlite_strict=True,
)
