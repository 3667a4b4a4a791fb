"""Period costs, and what a costing of a period found: shares, work in progress by element, outputs."""

from sqlalchemy import CheckConstraint, Column, Index, Table, Text

from models.columns import Int, MoneyType, QuantityType, Stamp, key_column, metadata, reference

period_cost = Table(
    "period_cost",
    metadata,
    key_column(),
    Column("period", Text, nullable=False),
    Column("cost_item", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("workshop", Text, nullable=False, server_default=""),
    reference("order_id", "doc.id", nullable=True, index=True),
    Column("amount", MoneyType, nullable=False),
    Column("basis", Text, nullable=False, server_default="quantity"),
    CheckConstraint("kind = 'labor' or kind = 'overhead'", name="kind_known"),
    CheckConstraint("basis = 'quantity' or basis = 'material' or basis = 'hours'", name="basis_known"),
    Index("ix_period_cost_period", "period"),
    sqlite_strict=True,
    sqlite_autoincrement=True,
)

cost_run = Table(
    "cost_run",
    metadata,
    Column("period", Text, primary_key=True),
    Column("made_by", Text, nullable=False),
    Column("made_at", Stamp, nullable=False),
    Column("last_move", Int, nullable=False),
    Column("given", Text, nullable=False),
    sqlite_strict=True,
)
"""The last costing of a period. last_move: the latest movement up to its end; given: digest of its costs and parameters."""

cost_share = Table(
    "cost_share",
    metadata,
    key_column(),
    Column("period", Text, nullable=False),
    reference("period_cost_id", "period_cost.id", index=True),
    Column("order_line_id", Int, nullable=False),
    Column("basis", QuantityType, nullable=False),
    Column("amount", MoneyType, nullable=False),
    Index("ix_cost_share_period", "period"),
    sqlite_strict=True,
)
"""basis: pieces, hours or money by which the cost was shared out."""

wip_cost = Table(
    "wip_cost",
    metadata,
    key_column(),
    Column("period", Text, nullable=False),
    Column("order_line_id", Int, nullable=False, index=True),
    Column("element", Text, nullable=False),
    Column("material_line_id", Int, nullable=False, server_default="0"),
    Column("item_id", Int, nullable=False, server_default="0"),
    Column("opening_quantity", QuantityType, nullable=False),
    Column("opening", MoneyType, nullable=False),
    Column("input_quantity", QuantityType, nullable=False),
    Column("input", MoneyType, nullable=False),
    Column("finished_quantity", QuantityType, nullable=False),
    Column("finished", MoneyType, nullable=False),
    CheckConstraint(
        "element = 'material' or element = 'labor' or element = 'overhead' or element = 'subcontract'",
        name="element_known",
    ),
    Index("ix_wip_cost_period", "period"),
    sqlite_strict=True,
)
"""What an order had of a cost element (of a material), took in, and gave to its products; the rest is work in progress."""

output_cost = Table(
    "output_cost",
    metadata,
    key_column(),
    Column("period", Text, nullable=False),
    Column("order_line_id", Int, nullable=False, index=True),
    reference("item_id", "item.id"),
    Column("output", Text, nullable=False),
    Column("quantity", QuantityType, nullable=False),
    Column("material", MoneyType, nullable=False),
    Column("labor", MoneyType, nullable=False),
    Column("overhead", MoneyType, nullable=False),
    Column("subcontract", MoneyType, nullable=False),
    Column("settled", MoneyType, nullable=False, server_default="0"),
    CheckConstraint("output = 'main' or output = 'co' or output = 'by'", name="output_known"),
    Index("ix_output_cost_period", "period"),
    sqlite_strict=True,
)
"""What an order's products cost. settled: what of it pays for goods that had left before they came."""
