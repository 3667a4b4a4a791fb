"""Period costs and what costing finds; ledger rows know whether costing made them."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"

INTEGER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
SMALL = sa.SmallInteger().with_variant(sa.Integer(), "sqlite")
STAMP = sa.DateTime(timezone=True).with_variant(sa.Text(), "sqlite")


def upgrade() -> None:
    for table in ("stock_move", "wip_move"):
        op.add_column(table, sa.Column("costed", SMALL, nullable=False, server_default="0"))
    _given()
    _found()


def _number(name: str, default: str | None = None) -> sa.Column[int]:
    return sa.Column(name, INTEGER, nullable=False, server_default=default)


def _key() -> sa.Column[int]:
    return sa.Column("id", INTEGER, sa.Identity(always=False), nullable=False)


def _period() -> sa.Column[str]:
    return sa.Column("period", sa.Text(), nullable=False)


def _given() -> None:
    op.create_table(
        "period_cost",
        _key(),
        _period(),
        sa.Column("cost_item", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("workshop", sa.Text(), nullable=False, server_default=""),
        sa.Column("order_id", INTEGER, nullable=True),
        _number("amount"),
        sa.Column("basis", sa.Text(), nullable=False, server_default="quantity"),
        sa.PrimaryKeyConstraint("id", name="pk_period_cost"),
        sa.ForeignKeyConstraint(["order_id"], ["doc.id"], name="fk_period_cost_order_id"),
        sa.CheckConstraint("kind = 'labor' or kind = 'overhead'", name=op.f("ck_period_cost_kind_known")),
        sa.CheckConstraint(
            "basis = 'quantity' or basis = 'material' or basis = 'hours'", name=op.f("ck_period_cost_basis_known")
        ),
        sqlite_strict=True,
        sqlite_autoincrement=True,
    )
    op.create_index("ix_period_cost_period", "period_cost", ["period"])
    op.create_index("ix_period_cost_order_id", "period_cost", ["order_id"])
    op.create_table(
        "cost_run",
        _period(),
        sa.Column("made_by", sa.Text(), nullable=False),
        sa.Column("made_at", STAMP, nullable=False),
        _number("last_move"),
        sa.Column("given", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("period", name="pk_cost_run"),
        sqlite_strict=True,
    )


def _found() -> None:
    op.create_table(
        "cost_share",
        _key(),
        _period(),
        _number("period_cost_id"),
        _number("order_line_id"),
        _number("basis"),
        _number("amount"),
        sa.PrimaryKeyConstraint("id", name="pk_cost_share"),
        sa.ForeignKeyConstraint(["period_cost_id"], ["period_cost.id"], name="fk_cost_share_period_cost_id"),
        sqlite_strict=True,
    )
    op.create_index("ix_cost_share_period", "cost_share", ["period"])
    op.create_index("ix_cost_share_period_cost_id", "cost_share", ["period_cost_id"])
    op.create_table(
        "wip_cost",
        _key(),
        _period(),
        _number("order_line_id"),
        sa.Column("element", sa.Text(), nullable=False),
        _number("material_line_id", "0"),
        _number("item_id", "0"),
        *map(_number, ("opening_quantity", "opening", "input_quantity", "input", "finished_quantity", "finished")),
        sa.PrimaryKeyConstraint("id", name="pk_wip_cost"),
        sa.CheckConstraint(
            "element = 'material' or element = 'labor' or element = 'overhead' or element = 'subcontract'",
            name=op.f("ck_wip_cost_element_known"),
        ),
        sqlite_strict=True,
    )
    op.create_index("ix_wip_cost_period", "wip_cost", ["period"])
    op.create_index("ix_wip_cost_order_line_id", "wip_cost", ["order_line_id"])
    op.create_table(
        "output_cost",
        _key(),
        _period(),
        _number("order_line_id"),
        _number("item_id"),
        sa.Column("output", sa.Text(), nullable=False),
        *map(_number, ("quantity", "material", "labor", "overhead", "subcontract")),
        _number("settled", "0"),
        sa.PrimaryKeyConstraint("id", name="pk_output_cost"),
        sa.ForeignKeyConstraint(["item_id"], ["item.id"], name="fk_output_cost_item_id"),
        sa.CheckConstraint(
            "output = 'main' or output = 'co' or output = 'by'", name=op.f("ck_output_cost_output_known")
        ),
        sqlite_strict=True,
    )
    op.create_index("ix_output_cost_period", "output_cost", ["period"])
    op.create_index("ix_output_cost_order_line_id", "output_cost", ["order_line_id"])
