"""Settings, number series, accounting periods and the audit chain."""

from sqlalchemy import CheckConstraint, Column, Index, Table, Text, UniqueConstraint

from models.columns import Int, Small, Stamp, key_column, metadata

setting = Table(
    "setting",
    metadata,
    Column("key", Text, primary_key=True),
    Column("value", Text, nullable=False),
    sqlite_strict=True,
)

number_series = Table(
    "number_series",
    metadata,
    Column("prefix", Text, primary_key=True),
    Column("basis", Text, primary_key=True),
    Column("last", Int, nullable=False),
    sqlite_strict=True,
)

period = Table(
    "period",
    metadata,
    Column("period", Text, primary_key=True),
    Column("closed", Small, nullable=False, server_default="0"),
    Column("reason", Text, nullable=False, server_default=""),
    Column("changed_by", Text, nullable=False, server_default=""),
    Column("changed_at", Stamp),
    CheckConstraint("closed in (0, 1)", name="closed_flag"),
    sqlite_strict=True,
)

audit_event = Table(
    "audit_event",
    metadata,
    Column("seq", Int, primary_key=True, autoincrement=False),
    Column("at", Stamp, nullable=False),
    Column("user", Text, nullable=False),
    Column("entity", Text, nullable=False),
    Column("entity_id", Int, nullable=False),
    Column("number", Text, nullable=False),
    Column("action", Text, nullable=False),
    Column("before", Text, nullable=False),
    Column("after", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("prev_hash", Text, nullable=False),
    Column("hash", Text, nullable=False),
    Index("ix_audit_event_entity", "entity", "entity_id"),
    sqlite_strict=True,
)

posting_key = Table(
    "posting_key",
    metadata,
    key_column(),
    Column("key", Text, nullable=False),
    Column("action", Text, nullable=False),
    Column("result", Text, nullable=False, server_default=""),
    UniqueConstraint("key", name="uq_posting_key_key"),
    sqlite_strict=True,
)
