"""Planning runs, their inputs kept for reproduction, planned orders, exceptions and releases."""

from sqlalchemy import CheckConstraint, Column, Index, LargeBinary, Table, Text, UniqueConstraint

from models.columns import Int, IsoDate, QuantityType, Small, Stamp, key_column, metadata, reference

mrp_run = Table(
    "mrp_run",
    metadata,
    key_column(),
    Column("start_date", IsoDate, nullable=False),
    Column("end_date", IsoDate),
    Column("note", Text, nullable=False, server_default=""),
    Column("made_by", Text, nullable=False),
    Column("made_at", Stamp, nullable=False),
    Column("parameters", Text, nullable=False),
    Column("counts", Text, nullable=False),
    Column("phases", Text, nullable=False),
    sqlite_strict=True,
)

mrp_snapshot = Table(
    "mrp_snapshot",
    metadata,
    reference("run_id", "mrp_run.id"),
    Column("name", Text, nullable=False),
    Column("data", LargeBinary, nullable=False),
    UniqueConstraint("run_id", "name", name="uq_mrp_snapshot_part"),
    sqlite_strict=True,
)

planned_order = Table(
    "planned_order",
    metadata,
    key_column(),
    Column("run_id", Int, nullable=False),
    Column("seq", Int, nullable=False),
    Column("part", Small, nullable=False, server_default="0"),
    Column("item_id", Int, nullable=False),
    Column("kind", Text, nullable=False),
    Column("quantity", QuantityType, nullable=False),
    Column("output", QuantityType, nullable=False),
    Column("start_date", IsoDate, nullable=False),
    Column("due_date", IsoDate, nullable=False),
    Column("late_days", Int, nullable=False),
    Column("supplier_id", Int),
    Column("workshop", Text, nullable=False, server_default=""),
    Column("demand_line_id", Int),
    Column("status", Text, nullable=False, server_default="proposed"),
    Index("ix_planned_order_run", "run_id", "item_id"),
    CheckConstraint("kind = 'purchase' or kind = 'production' or kind = 'subcontract'", name="kind_known"),
    sqlite_strict=True,
)

mrp_exception = Table(
    "mrp_exception",
    metadata,
    key_column(),
    Column("run_id", Int, nullable=False, index=True),
    Column("item_id", Int, nullable=False),
    Column("kind", Text, nullable=False),
    Column("document", Text, nullable=False, server_default=""),
    Column("doc_id", Int),
    Column("other_item_id", Int),
    Column("quantity", QuantityType),
    Column("other_quantity", QuantityType),
    Column("from_date", IsoDate),
    Column("to_date", IsoDate),
    sqlite_strict=True,
)

release_batch = Table(
    "release_batch",
    metadata,
    key_column(),
    Column("run_id", Int, nullable=False),
    Column("made_by", Text, nullable=False),
    Column("made_at", Stamp, nullable=False),
    Column("undone", Small, nullable=False, server_default="0"),
    sqlite_strict=True,
)

release_link = Table(
    "release_link",
    metadata,
    key_column(),
    reference("batch_id", "release_batch.id", index=True),
    Column("planned_id", Int, nullable=False, index=True),
    reference("doc_id", "doc.id", index=True),
    Column("line_id", Int, nullable=False),
    Column("quantity", QuantityType, nullable=False),
    sqlite_strict=True,
)
