"""Stock and work-in-progress ledgers (append-only) and the balances they add up to."""

from sqlalchemy import CheckConstraint, Column, Index, Table, Text

from models.columns import Flag, Int, IsoDate, MoneyType, QuantityType, Stamp, key_column, metadata, reference

stock_move = Table(
    "stock_move",
    metadata,
    key_column(),
    reference("doc_id", "doc.id", index=True),
    Column("line_id", Int, nullable=False),
    Column("move_date", IsoDate, nullable=False),
    reference("warehouse_id", "warehouse.id"),
    reference("item_id", "item.id"),
    Column("lot", Text, nullable=False),
    Column("owner_id", Int, nullable=False, server_default="0"),
    Column("quantity", QuantityType, nullable=False),
    Column("value", MoneyType, nullable=False),
    Column("reversal_of", Int),
    Column("posted_at", Stamp, nullable=False),
    Column("costed", Flag, nullable=False, server_default="0"),
    Index("ix_stock_move_key", "item_id", "warehouse_id", "move_date"),
    Index("uq_stock_move_reversal_of", "reversal_of", unique=True),
    sqlite_strict=True,
)

stock_balance = Table(
    "stock_balance",
    metadata,
    reference("item_id", "item.id"),
    reference("warehouse_id", "warehouse.id"),
    Column("lot", Text, nullable=False),
    Column("owner_id", Int, nullable=False),
    Column("quantity", QuantityType, nullable=False),
    Index("pk_stock_balance_key", "item_id", "warehouse_id", "lot", "owner_id", unique=True),
    sqlite_strict=True,
)

stock_value = Table(
    "stock_value",
    metadata,
    Column("item_id", Int, primary_key=True, autoincrement=False),
    Column("quantity", QuantityType, nullable=False),
    Column("value", MoneyType, nullable=False),
    CheckConstraint("quantity <> 0 or value = 0", name="no_value_without_quantity"),
    sqlite_strict=True,
)

wip_move = Table(
    "wip_move",
    metadata,
    key_column(),
    reference("doc_id", "doc.id", index=True),
    Column("line_id", Int, nullable=False),
    Column("order_line_id", Int, nullable=False, index=True),
    Column("material_line_id", Int),
    Column("move_date", IsoDate, nullable=False),
    reference("item_id", "item.id"),
    Column("element", Text, nullable=False),
    Column("quantity", QuantityType, nullable=False),
    Column("value", MoneyType, nullable=False),
    Column("reversal_of", Int),
    Column("posted_at", Stamp, nullable=False),
    Column("costed", Flag, nullable=False, server_default="0"),
    Index("uq_wip_move_reversal_of", "reversal_of", unique=True),
    CheckConstraint("element = 'material' or element = 'product'", name="element_known"),
    sqlite_strict=True,
)
