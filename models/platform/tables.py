"""Settings, number series, accounting periods, the audit chain, users and their roles, and views of lists they keep."""

from sqlalchemy import CheckConstraint, Column, ForeignKey, Index, Table, Text, UniqueConstraint

from models.columns import Flag, Int, Small, Stamp, key_column, metadata

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
    CheckConstraint("closed = 0 or closed = 1", name="closed_flag"),
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

app_user = Table(
    "app_user",
    metadata,
    key_column(),
    Column("login", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("pinyin", Text, nullable=False, server_default=""),
    Column("hash", Text, nullable=False),
    Column("active", Flag, nullable=False, server_default="1"),
    Column("must_change", Flag, nullable=False, server_default="0"),
    Column("failures", Int, nullable=False, server_default="0"),
    Column("locked_until", Stamp),
    Column("version", Int, nullable=False, server_default="1"),
    UniqueConstraint("login", name="uq_app_user_login"),
    sqlite_strict=True,
    sqlite_autoincrement=True,
)

role = Table(
    "role",
    metadata,
    key_column(),
    Column("code", Text, nullable=False),
    Column("title", Text, nullable=False),
    Column("standing", Flag, nullable=False, server_default="0"),
    Column("version", Int, nullable=False, server_default="1"),
    UniqueConstraint("code", name="uq_role_code"),
    sqlite_strict=True,
    sqlite_autoincrement=True,
)

role_right = Table(
    "role_right",
    metadata,
    Column("role_id", Int, ForeignKey("role.id"), primary_key=True, autoincrement=False),
    Column("right", Text, primary_key=True),
    sqlite_strict=True,
)

user_role = Table(
    "user_role",
    metadata,
    Column("user_id", Int, ForeignKey("app_user.id"), primary_key=True, autoincrement=False),
    Column("role_id", Int, ForeignKey("role.id"), primary_key=True, autoincrement=False),
    sqlite_strict=True,
)

kept_view = Table(
    "kept_view",
    metadata,
    key_column(),
    Column("owner", Text, nullable=False),
    Column("page", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("shared", Flag, nullable=False, server_default="0"),
    Column("content", Text, nullable=False),
    Column("changed_at", Stamp, nullable=False),
    UniqueConstraint("owner", "page", "kind", "name", name="uq_kept_view_owner_page_kind_name"),
    CheckConstraint("kind = 'filter' or kind = 'layout' or kind = 'default'", name="kind_known"),
    CheckConstraint("shared = 0 or shared = 1", name="shared_flag"),
    Index("ix_kept_view_page", "page"),
    sqlite_strict=True,
    sqlite_autoincrement=True,
)
"""Filter schemes and layouts of lists by name, and which one a list opens with (kind default). owner: a log-in name."""
