"""Filter schemes and layouts of lists, kept by name for a user or for all; lists are read page by page along an index."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"

INTEGER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
SMALL = sa.SmallInteger().with_variant(sa.Integer(), "sqlite")
STAMP = sa.DateTime(timezone=True).with_variant(sa.Text(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "kept_view",
        sa.Column("id", INTEGER, sa.Identity(always=False), nullable=False),
        sa.Column("owner", sa.Text(), nullable=False),
        sa.Column("page", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("shared", SMALL, nullable=False, server_default="0"),
        sa.Column("content", sa.Text(), nullable=False),
        sa.Column("changed_at", STAMP, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_kept_view"),
        sa.UniqueConstraint("owner", "page", "kind", "name", name="uq_kept_view_owner_page_kind_name"),
        sa.CheckConstraint(
            "kind = 'filter' or kind = 'layout' or kind = 'default'", name=op.f("ck_kept_view_kind_known")
        ),
        sa.CheckConstraint("shared = 0 or shared = 1", name=op.f("ck_kept_view_shared_flag")),
        sqlite_strict=True,
        sqlite_autoincrement=True,
    )
    op.create_index("ix_kept_view_page", "kept_view", ["page"])
    op.create_index("ix_doc_type_date_id", "doc", ["type", "business_date", "id"])
    op.drop_index("ix_doc_type_date", "doc")
