"""The first schema: platform, master data, bills of material, documents, ledgers, plans."""

import sqlalchemy as sa
from alembic import op

from models.triggers import statements

revision = "0001"
down_revision = None

INTEGER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
SMALL = sa.SmallInteger().with_variant(sa.Integer(), "sqlite")
DATE = sa.Date().with_variant(sa.Text(), "sqlite")
STAMP = sa.DateTime(timezone=True).with_variant(sa.Text(), "sqlite")


def upgrade() -> None:
    _platform()
    _masterdata()
    _engineering()
    _documents()
    _ledgers()
    _planning()
    for statement in statements(op.get_bind().dialect.name):
        op.execute(sa.text(statement.replace(":", r"\:")))


def _platform() -> None:
    op.create_table(
        "app_user",
        sa.Column("id", INTEGER, sa.Identity(always=False), nullable=False),
        sa.Column("login", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("pinyin", sa.Text(), nullable=False, server_default=""),
        sa.Column("hash", sa.Text(), nullable=False),
        sa.Column("active", SMALL, nullable=False, server_default="1"),
        sa.Column("must_change", SMALL, nullable=False, server_default="0"),
        sa.Column("failures", INTEGER, nullable=False, server_default="0"),
        sa.Column("locked_until", STAMP, nullable=True),
        sa.Column("version", INTEGER, nullable=False, server_default="1"),
        sa.PrimaryKeyConstraint("id", name="pk_app_user"),
        sa.UniqueConstraint("login", name="uq_app_user_login"),
        sqlite_strict=True,
        sqlite_autoincrement=True,
    )
    op.create_table(
        "audit_event",
        sa.Column("seq", INTEGER, nullable=False, autoincrement=False),
        sa.Column("at", STAMP, nullable=False),
        sa.Column("user", sa.Text(), nullable=False),
        sa.Column("entity", sa.Text(), nullable=False),
        sa.Column("entity_id", INTEGER, nullable=False),
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("action", sa.Text(), nullable=False),
        sa.Column("before", sa.Text(), nullable=False),
        sa.Column("after", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("prev_hash", sa.Text(), nullable=False),
        sa.Column("hash", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("seq", name="pk_audit_event"),
        sqlite_strict=True,
    )
    op.create_index("ix_audit_event_entity", "audit_event", ["entity", "entity_id"])
    op.create_table(
        "number_series",
        sa.Column("prefix", sa.Text(), nullable=False, autoincrement=False),
        sa.Column("basis", sa.Text(), nullable=False, autoincrement=False),
        sa.Column("last", INTEGER, nullable=False),
        sa.PrimaryKeyConstraint("prefix", "basis", name="pk_number_series"),
        sqlite_strict=True,
    )
    op.create_table(
        "period",
        sa.Column("period", sa.Text(), nullable=False, autoincrement=False),
        sa.Column("closed", SMALL, nullable=False, server_default="0"),
        sa.Column("reason", sa.Text(), nullable=False, server_default=""),
        sa.Column("changed_by", sa.Text(), nullable=False, server_default=""),
        sa.Column("changed_at", STAMP, nullable=True),
        sa.PrimaryKeyConstraint("period", name="pk_period"),
        sa.CheckConstraint("closed = 0 or closed = 1", name=op.f("ck_period_closed_flag")),
        sqlite_strict=True,
    )
    op.create_table(
        "posting_key",
        sa.Column("id", INTEGER, sa.Identity(always=False), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("action", sa.Text(), nullable=False),
        sa.Column("result", sa.Text(), nullable=False, server_default=""),
        sa.PrimaryKeyConstraint("id", name="pk_posting_key"),
        sa.UniqueConstraint("key", name="uq_posting_key_key"),
        sqlite_strict=True,
    )
    op.create_table(
        "role",
        sa.Column("id", INTEGER, sa.Identity(always=False), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("standing", SMALL, nullable=False, server_default="0"),
        sa.Column("version", INTEGER, nullable=False, server_default="1"),
        sa.PrimaryKeyConstraint("id", name="pk_role"),
        sa.UniqueConstraint("code", name="uq_role_code"),
        sqlite_strict=True,
        sqlite_autoincrement=True,
    )
    op.create_table(
        "setting",
        sa.Column("key", sa.Text(), nullable=False, autoincrement=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("key", name="pk_setting"),
        sqlite_strict=True,
    )
    op.create_table(
        "role_right",
        sa.Column("role_id", INTEGER, nullable=False, autoincrement=False),
        sa.Column("right", sa.Text(), nullable=False, autoincrement=False),
        sa.PrimaryKeyConstraint("role_id", "right", name="pk_role_right"),
        sa.ForeignKeyConstraint(["role_id"], ["role.id"], name="fk_role_right_role_id"),
        sqlite_strict=True,
    )
    op.create_table(
        "user_role",
        sa.Column("user_id", INTEGER, nullable=False, autoincrement=False),
        sa.Column("role_id", INTEGER, nullable=False, autoincrement=False),
        sa.PrimaryKeyConstraint("user_id", "role_id", name="pk_user_role"),
        sa.ForeignKeyConstraint(["role_id"], ["role.id"], name="fk_user_role_role_id"),
        sa.ForeignKeyConstraint(["user_id"], ["app_user.id"], name="fk_user_role_user_id"),
        sqlite_strict=True,
    )


def _masterdata() -> None:
    op.create_table(
        "calendar_day",
        sa.Column("day", DATE, nullable=False, autoincrement=False),
        sa.Column("working", SMALL, nullable=False),
        sa.PrimaryKeyConstraint("day", name="pk_calendar_day"),
        sqlite_strict=True,
    )
    op.create_table(
        "parameter",
        sa.Column("key", sa.Text(), nullable=False, autoincrement=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("key", name="pk_parameter"),
        sqlite_strict=True,
    )
    op.create_table(
        "partner",
        sa.Column("id", INTEGER, sa.Identity(always=False), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False, server_default=""),
        sa.Column("contact", sa.Text(), nullable=False, server_default=""),
        sa.Column("phone", sa.Text(), nullable=False, server_default=""),
        sa.Column("address", sa.Text(), nullable=False, server_default=""),
        sa.Column("tax_number", sa.Text(), nullable=False, server_default=""),
        sa.Column("credit_limit", INTEGER, nullable=True),
        sa.Column("payment_days", INTEGER, nullable=True),
        sa.Column("enabled", SMALL, nullable=False, server_default="1"),
        sa.Column("version", INTEGER, nullable=False, server_default="1"),
        sa.PrimaryKeyConstraint("id", name="pk_partner"),
        sa.CheckConstraint("role = 'customer' or role = 'supplier'", name=op.f("ck_partner_role_known")),
        sa.UniqueConstraint("role", "code", name="uq_partner_role_code"),
        sqlite_strict=True,
        sqlite_autoincrement=True,
    )
    op.create_table(
        "unit",
        sa.Column("id", INTEGER, sa.Identity(always=False), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False, server_default=""),
        sa.Column("decimals", SMALL, nullable=False, server_default="0"),
        sa.Column("version", INTEGER, nullable=False, server_default="1"),
        sa.PrimaryKeyConstraint("id", name="pk_unit"),
        sa.CheckConstraint("decimals between 0 and 6", name=op.f("ck_unit_decimals_range")),
        sa.UniqueConstraint("code", name="uq_unit_code"),
        sqlite_strict=True,
        sqlite_autoincrement=True,
    )
    op.create_table(
        "warehouse",
        sa.Column("id", INTEGER, sa.Identity(always=False), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False, server_default=""),
        sa.Column("kind", sa.Text(), nullable=False, server_default="own"),
        sa.Column("partner_id", INTEGER, nullable=True),
        sa.Column("nettable", SMALL, nullable=False, server_default="1"),
        sa.Column("negative", SMALL, nullable=False, server_default="0"),
        sa.Column("version", INTEGER, nullable=False, server_default="1"),
        sa.PrimaryKeyConstraint("id", name="pk_warehouse"),
        sa.CheckConstraint(
            "kind = 'own' or kind = 'workshop' or kind = 'supplier' or kind = 'customer' or kind = 'inspection' or kind = 'scrap'",
            name=op.f("ck_warehouse_kind_known"),
        ),
        sa.ForeignKeyConstraint(["partner_id"], ["partner.id"], name="fk_warehouse_partner_id"),
        sa.UniqueConstraint("code", name="uq_warehouse_code"),
        sqlite_strict=True,
        sqlite_autoincrement=True,
    )
    op.create_table(
        "item",
        sa.Column("id", INTEGER, sa.Identity(always=False), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False, server_default=""),
        sa.Column("spec", sa.Text(), nullable=False, server_default=""),
        sa.Column("unit_id", INTEGER, nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("category", sa.Text(), nullable=False, server_default=""),
        sa.Column("lead_time_days", INTEGER, nullable=False, server_default="0"),
        sa.Column("safety_stock", INTEGER, nullable=False, server_default="0"),
        sa.Column("lot_policy", sa.Text(), nullable=False, server_default="lot_for_lot"),
        sa.Column("lot_size", INTEGER, nullable=True),
        sa.Column("lot_minimum", INTEGER, nullable=True),
        sa.Column("lot_multiple", INTEGER, nullable=True),
        sa.Column("lot_maximum", INTEGER, nullable=True),
        sa.Column("period_days", INTEGER, nullable=True),
        sa.Column("yield_rate", INTEGER, nullable=False, server_default="100000000"),
        sa.Column("strategy", sa.Text(), nullable=False, server_default="mts"),
        sa.Column("cost_method", sa.Text(), nullable=False, server_default="moving"),
        sa.Column("unit_cost", INTEGER, nullable=True),
        sa.Column("price", INTEGER, nullable=True),
        sa.Column("warehouse_id", INTEGER, nullable=True),
        sa.Column("supplier_id", INTEGER, nullable=True),
        sa.Column("workshop", sa.Text(), nullable=False, server_default=""),
        sa.Column("inspection", sa.Text(), nullable=False, server_default="none"),
        sa.Column("stale_days", INTEGER, nullable=True),
        sa.Column("barcode", sa.Text(), nullable=False, server_default=""),
        sa.Column("pinyin", sa.Text(), nullable=False, server_default=""),
        sa.Column("enabled", SMALL, nullable=False, server_default="1"),
        sa.Column("version", INTEGER, nullable=False, server_default="1"),
        sa.PrimaryKeyConstraint("id", name="pk_item"),
        sa.CheckConstraint(
            "kind = 'purchased' or kind = 'manufactured' or kind = 'subcontracted' or kind = 'phantom' or kind = 'service'",
            name=op.f("ck_item_kind_known"),
        ),
        sa.CheckConstraint("yield_rate > 0 and yield_rate <= 100000000", name=op.f("ck_item_yield_range")),
        sa.ForeignKeyConstraint(["supplier_id"], ["partner.id"], name="fk_item_supplier_id"),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name="fk_item_unit_id"),
        sa.ForeignKeyConstraint(["warehouse_id"], ["warehouse.id"], name="fk_item_warehouse_id"),
        sa.UniqueConstraint("code", name="uq_item_code"),
        sqlite_strict=True,
        sqlite_autoincrement=True,
    )
    op.create_table(
        "item_alias",
        sa.Column("id", INTEGER, sa.Identity(always=False), nullable=False),
        sa.Column("partner_id", INTEGER, nullable=True),
        sa.Column("alias", sa.Text(), nullable=False),
        sa.Column("item_id", INTEGER, nullable=False),
        sa.Column("note", sa.Text(), nullable=False, server_default=""),
        sa.Column("uses", INTEGER, nullable=False, server_default="0"),
        sa.Column("used_at", STAMP, nullable=True),
        sa.Column("version", INTEGER, nullable=False, server_default="1"),
        sa.PrimaryKeyConstraint("id", name="pk_item_alias"),
        sa.CheckConstraint("alias <> ''", name=op.f("ck_item_alias_alias_given")),
        sa.ForeignKeyConstraint(["item_id"], ["item.id"], name="fk_item_alias_item_id"),
        sa.ForeignKeyConstraint(["partner_id"], ["partner.id"], name="fk_item_alias_partner_id"),
        sqlite_strict=True,
        sqlite_autoincrement=True,
    )
    op.create_index("ix_item_alias_item_id", "item_alias", ["item_id"])
    op.create_index("ix_item_alias_partner_alias", "item_alias", ["partner_id", "alias"])
    op.create_table(
        "substitute",
        sa.Column("id", INTEGER, sa.Identity(always=False), nullable=False),
        sa.Column("component_id", INTEGER, nullable=False),
        sa.Column("substitute_id", INTEGER, nullable=False),
        sa.Column("parent_id", INTEGER, nullable=True),
        sa.Column("ratio", INTEGER, nullable=False, server_default="100000000"),
        sa.Column("priority", INTEGER, nullable=False, server_default="1"),
        sa.Column("valid_from", DATE, nullable=True),
        sa.Column("valid_to", DATE, nullable=True),
        sa.Column("version", INTEGER, nullable=False, server_default="1"),
        sa.PrimaryKeyConstraint("id", name="pk_substitute"),
        sa.CheckConstraint("ratio > 0", name=op.f("ck_substitute_ratio_positive")),
        sa.ForeignKeyConstraint(["component_id"], ["item.id"], name="fk_substitute_component_id"),
        sa.ForeignKeyConstraint(["parent_id"], ["item.id"], name="fk_substitute_parent_id"),
        sa.ForeignKeyConstraint(["substitute_id"], ["item.id"], name="fk_substitute_substitute_id"),
        sqlite_strict=True,
        sqlite_autoincrement=True,
    )
    op.create_index("ix_substitute_component_id", "substitute", ["component_id"])


def _engineering() -> None:
    op.create_table(
        "bom",
        sa.Column("id", INTEGER, sa.Identity(always=False), nullable=False),
        sa.Column("parent_id", INTEGER, nullable=False),
        sa.Column("version_code", sa.Text(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False, server_default="Z"),
        sa.Column("enabled", SMALL, nullable=False, server_default="1"),
        sa.Column("note", sa.Text(), nullable=False, server_default=""),
        sa.Column("created_by", sa.Text(), nullable=False, server_default=""),
        sa.Column("created_at", STAMP, nullable=True),
        sa.Column("approved_by", sa.Text(), nullable=False, server_default=""),
        sa.Column("approved_at", STAMP, nullable=True),
        sa.Column("version", INTEGER, nullable=False, server_default="1"),
        sa.PrimaryKeyConstraint("id", name="pk_bom"),
        sa.CheckConstraint("status = 'Z' or status = 'C'", name=op.f("ck_bom_status_known")),
        sa.ForeignKeyConstraint(["parent_id"], ["item.id"], name="fk_bom_parent_id"),
        sa.UniqueConstraint("parent_id", "version_code", name="uq_bom_parent_version"),
        sqlite_strict=True,
        sqlite_autoincrement=True,
    )
    op.create_table(
        "bom_line",
        sa.Column("id", INTEGER, sa.Identity(always=False), nullable=False),
        sa.Column("bom_id", INTEGER, nullable=False),
        sa.Column("position", sa.Text(), nullable=False, server_default=""),
        sa.Column("component_id", INTEGER, nullable=False),
        sa.Column("numerator", INTEGER, nullable=False),
        sa.Column("denominator", INTEGER, nullable=False),
        sa.Column("scrap_rate", INTEGER, nullable=False, server_default="0"),
        sa.Column("scrap_fixed", INTEGER, nullable=False, server_default="0"),
        sa.Column("issue", sa.Text(), nullable=False, server_default="pick"),
        sa.Column("skip_level", SMALL, nullable=False, server_default="0"),
        sa.Column("key_part", SMALL, nullable=False, server_default="0"),
        sa.Column("supplied_by", sa.Text(), nullable=False, server_default="own"),
        sa.Column("warehouse_id", INTEGER, nullable=True),
        sa.Column("valid_from", DATE, nullable=True),
        sa.Column("valid_to", DATE, nullable=True),
        sa.Column("note", sa.Text(), nullable=False, server_default=""),
        sa.PrimaryKeyConstraint("id", name="pk_bom_line"),
        sa.CheckConstraint(
            "issue = 'pick' or issue = 'backflush' or issue = 'none'", name=op.f("ck_bom_line_issue_known")
        ),
        sa.CheckConstraint("scrap_rate >= 0 and scrap_rate < 100000000", name=op.f("ck_bom_line_scrap_range")),
        sa.CheckConstraint(
            "supplied_by = 'own' or supplied_by = 'customer'", name=op.f("ck_bom_line_supplied_by_known")
        ),
        sa.CheckConstraint("numerator >= 0 and denominator > 0", name=op.f("ck_bom_line_usage_range")),
        sa.ForeignKeyConstraint(["bom_id"], ["bom.id"], name="fk_bom_line_bom_id"),
        sa.ForeignKeyConstraint(["component_id"], ["item.id"], name="fk_bom_line_component_id"),
        sa.ForeignKeyConstraint(["warehouse_id"], ["warehouse.id"], name="fk_bom_line_warehouse_id"),
        sqlite_strict=True,
    )
    op.create_index("ix_bom_line_bom_id", "bom_line", ["bom_id"])
    op.create_index("ix_bom_line_component_id", "bom_line", ["component_id"])
    op.create_table(
        "bom_output",
        sa.Column("id", INTEGER, sa.Identity(always=False), nullable=False),
        sa.Column("bom_id", INTEGER, nullable=False),
        sa.Column("item_id", INTEGER, nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("numerator", INTEGER, nullable=False),
        sa.Column("denominator", INTEGER, nullable=False),
        sa.Column("cost_share", INTEGER, nullable=True),
        sa.Column("cost_weight", INTEGER, nullable=True),
        sa.Column("cost_quota", INTEGER, nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_bom_output"),
        sa.CheckConstraint("kind = 'main' or kind = 'co' or kind = 'by'", name=op.f("ck_bom_output_kind_known")),
        sa.CheckConstraint("numerator >= 0 and denominator > 0", name=op.f("ck_bom_output_usage_range")),
        sa.ForeignKeyConstraint(["bom_id"], ["bom.id"], name="fk_bom_output_bom_id"),
        sa.ForeignKeyConstraint(["item_id"], ["item.id"], name="fk_bom_output_item_id"),
        sqlite_strict=True,
    )
    op.create_index("ix_bom_output_bom_id", "bom_output", ["bom_id"])
    op.create_index("ix_bom_output_item_id", "bom_output", ["item_id"])


def _documents() -> None:
    op.create_table(
        "document_template",
        sa.Column("id", INTEGER, sa.Identity(always=False), nullable=False),
        sa.Column("type", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("saved_by", sa.Text(), nullable=False),
        sa.Column("saved_at", STAMP, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_document_template"),
        sa.UniqueConstraint("type", "name", name="uq_document_template_type_name"),
        sqlite_strict=True,
        sqlite_autoincrement=True,
    )
    op.create_table(
        "material_line",
        sa.Column("line_id", INTEGER, nullable=False, autoincrement=False),
        sa.Column("numerator", INTEGER, nullable=False),
        sa.Column("denominator", INTEGER, nullable=False),
        sa.Column("scrap_rate", INTEGER, nullable=False, server_default="0"),
        sa.Column("scrap_fixed", INTEGER, nullable=False, server_default="0"),
        sa.Column("issue", sa.Text(), nullable=False, server_default="pick"),
        sa.Column("key_part", SMALL, nullable=False, server_default="0"),
        sa.Column("supplied_by", sa.Text(), nullable=False, server_default="own"),
        sa.Column("origin", sa.Text(), nullable=False, server_default="bom"),
        sa.Column("substitute_for_id", INTEGER, nullable=True),
        sa.Column("supplement", INTEGER, nullable=False, server_default="0"),
        sa.Column("returned", INTEGER, nullable=False, server_default="0"),
        sa.PrimaryKeyConstraint("line_id", name="pk_material_line"),
        sa.CheckConstraint(
            "issue = 'pick' or issue = 'backflush' or issue = 'none'", name=op.f("ck_material_line_issue_known")
        ),
        sqlite_strict=True,
    )
    op.create_table(
        "doc",
        sa.Column("id", INTEGER, sa.Identity(always=False), nullable=False),
        sa.Column("type", sa.Text(), nullable=False),
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False, server_default="normal"),
        sa.Column("status", sa.Text(), nullable=False, server_default="Z"),
        sa.Column("closing", sa.Text(), nullable=False, server_default="C"),
        sa.Column("business_date", DATE, nullable=False),
        sa.Column("partner_id", INTEGER, nullable=True),
        sa.Column("workshop", sa.Text(), nullable=False, server_default=""),
        sa.Column("note", sa.Text(), nullable=False, server_default=""),
        sa.Column("source_id", INTEGER, nullable=True),
        sa.Column("system_made", SMALL, nullable=False, server_default="0"),
        sa.Column("client_key", sa.Text(), nullable=True),
        sa.Column("print_count", INTEGER, nullable=False, server_default="0"),
        sa.Column("version", INTEGER, nullable=False, server_default="1"),
        sa.Column("created_by", sa.Text(), nullable=False),
        sa.Column("created_at", STAMP, nullable=False),
        sa.Column("approved_by", sa.Text(), nullable=False, server_default=""),
        sa.Column("approved_at", STAMP, nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_doc"),
        sa.CheckConstraint("closing = 'C' or closing = 'S' or closing = 'H'", name=op.f("ck_doc_closing_known")),
        sa.CheckConstraint("status = 'Z' or status = 'C'", name=op.f("ck_doc_status_known")),
        sa.ForeignKeyConstraint(["partner_id"], ["partner.id"], name="fk_doc_partner_id"),
        sa.ForeignKeyConstraint(["source_id"], ["doc.id"], name="fk_doc_source_id"),
        sa.UniqueConstraint("client_key", name="uq_doc_client_key"),
        sa.UniqueConstraint("type", "number", name="uq_doc_type_number"),
        sqlite_strict=True,
        sqlite_autoincrement=True,
    )
    op.create_index("ix_doc_source_id", "doc", ["source_id"])
    op.create_index("ix_doc_type_date", "doc", ["type", "business_date"])
    op.create_table(
        "attachment",
        sa.Column("id", INTEGER, sa.Identity(always=False), nullable=False),
        sa.Column("doc_id", INTEGER, nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.Column("size", INTEGER, nullable=False),
        sa.Column("added_by", sa.Text(), nullable=False),
        sa.Column("added_at", STAMP, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_attachment"),
        sa.CheckConstraint("length(sha256) = 64", name=op.f("ck_attachment_sha256_whole")),
        sa.CheckConstraint("size >= 0", name=op.f("ck_attachment_size_counted")),
        sa.ForeignKeyConstraint(["doc_id"], ["doc.id"], name="fk_attachment_doc_id"),
        sa.UniqueConstraint("doc_id", "name", name="uq_attachment_doc_id_name"),
        sqlite_strict=True,
        sqlite_autoincrement=True,
    )
    op.create_index("ix_attachment_doc_id", "attachment", ["doc_id"])
    op.create_index("ix_attachment_sha256", "attachment", ["sha256"])
    op.create_table(
        "doc_link",
        sa.Column("id", INTEGER, sa.Identity(always=False), nullable=False),
        sa.Column("source_doc_id", INTEGER, nullable=False),
        sa.Column("source_line_id", INTEGER, nullable=False),
        sa.Column("target_doc_id", INTEGER, nullable=False),
        sa.Column("target_line_id", INTEGER, nullable=False),
        sa.Column("quantity", INTEGER, nullable=False),
        sa.Column("kind", sa.Text(), nullable=False, server_default="execute"),
        sa.PrimaryKeyConstraint("id", name="pk_doc_link"),
        sa.ForeignKeyConstraint(["source_doc_id"], ["doc.id"], name="fk_doc_link_source_doc_id"),
        sa.ForeignKeyConstraint(["target_doc_id"], ["doc.id"], name="fk_doc_link_target_doc_id"),
        sqlite_strict=True,
    )
    op.create_index("ix_doc_link_source_doc_id", "doc_link", ["source_doc_id"])
    op.create_index("ix_doc_link_source_line_id", "doc_link", ["source_line_id"])
    op.create_index("ix_doc_link_target_doc_id", "doc_link", ["target_doc_id"])
    op.create_index("ix_doc_link_target_line_id", "doc_link", ["target_line_id"])
    op.create_table(
        "doc_line",
        sa.Column("id", INTEGER, sa.Identity(always=False), nullable=False),
        sa.Column("doc_id", INTEGER, nullable=False),
        sa.Column("role", sa.Text(), nullable=False, server_default="main"),
        sa.Column("line_no", INTEGER, nullable=False),
        sa.Column("parent_line_id", INTEGER, nullable=True),
        sa.Column("item_id", INTEGER, nullable=False),
        sa.Column("quantity", INTEGER, nullable=False),
        sa.Column("done", INTEGER, nullable=False, server_default="0"),
        sa.Column("price", INTEGER, nullable=True),
        sa.Column("amount", INTEGER, nullable=True),
        sa.Column("warehouse_id", INTEGER, nullable=True),
        sa.Column("lot", sa.Text(), nullable=False, server_default=""),
        sa.Column("start_date", DATE, nullable=True),
        sa.Column("due_date", DATE, nullable=True),
        sa.Column("source_line_id", INTEGER, nullable=True),
        sa.Column("demand_line_id", INTEGER, nullable=True),
        sa.Column("closing", sa.Text(), nullable=False, server_default="C"),
        sa.Column("hours", INTEGER, nullable=True),
        sa.Column("note", sa.Text(), nullable=False, server_default=""),
        sa.PrimaryKeyConstraint("id", name="pk_doc_line"),
        sa.CheckConstraint("closing = 'C' or closing = 'S' or closing = 'H'", name=op.f("ck_doc_line_closing_known")),
        sa.CheckConstraint(
            "role = 'main' or role = 'material' or role = 'output'", name=op.f("ck_doc_line_role_known")
        ),
        sa.ForeignKeyConstraint(["doc_id"], ["doc.id"], name="fk_doc_line_doc_id"),
        sa.ForeignKeyConstraint(["item_id"], ["item.id"], name="fk_doc_line_item_id"),
        sa.ForeignKeyConstraint(["warehouse_id"], ["warehouse.id"], name="fk_doc_line_warehouse_id"),
        sa.UniqueConstraint("doc_id", "role", "line_no", name="uq_doc_line_position"),
        sqlite_strict=True,
        sqlite_autoincrement=True,
    )
    op.create_index(
        "ix_doc_line_demand_line_id",
        "doc_line",
        ["demand_line_id"],
        sqlite_where=sa.text("demand_line_id is not null"),
        postgresql_where=sa.text("demand_line_id is not null"),
    )
    op.create_index("ix_doc_line_item_id", "doc_line", ["item_id"])
    op.create_index(
        "ix_doc_line_parent_line_id",
        "doc_line",
        ["parent_line_id"],
        sqlite_where=sa.text("parent_line_id is not null"),
        postgresql_where=sa.text("parent_line_id is not null"),
    )
    op.create_index(
        "ix_doc_line_source_line_id",
        "doc_line",
        ["source_line_id"],
        sqlite_where=sa.text("source_line_id is not null"),
        postgresql_where=sa.text("source_line_id is not null"),
    )
    op.create_table(
        "order_line",
        sa.Column("line_id", INTEGER, nullable=False, autoincrement=False),
        sa.Column("bom_id", INTEGER, nullable=True),
        sa.Column("bom_version", sa.Text(), nullable=False, server_default=""),
        sa.Column("yield_rate", INTEGER, nullable=False, server_default="100000000"),
        sa.PrimaryKeyConstraint("line_id", name="pk_order_line"),
        sa.ForeignKeyConstraint(["bom_id"], ["bom.id"], name="fk_order_line_bom_id"),
        sqlite_strict=True,
    )


def _ledgers() -> None:
    op.create_table(
        "stock_value",
        sa.Column("item_id", INTEGER, nullable=False, autoincrement=False),
        sa.Column("quantity", INTEGER, nullable=False),
        sa.Column("value", INTEGER, nullable=False),
        sa.PrimaryKeyConstraint("item_id", name="pk_stock_value"),
        sa.CheckConstraint("quantity <> 0 or value = 0", name=op.f("ck_stock_value_no_value_without_quantity")),
        sqlite_strict=True,
    )
    op.create_table(
        "stock_balance",
        sa.Column("item_id", INTEGER, nullable=False),
        sa.Column("warehouse_id", INTEGER, nullable=False),
        sa.Column("lot", sa.Text(), nullable=False),
        sa.Column("owner_id", INTEGER, nullable=False),
        sa.Column("quantity", INTEGER, nullable=False),
        sa.ForeignKeyConstraint(["item_id"], ["item.id"], name="fk_stock_balance_item_id"),
        sa.ForeignKeyConstraint(["warehouse_id"], ["warehouse.id"], name="fk_stock_balance_warehouse_id"),
        sqlite_strict=True,
    )
    op.create_index(
        "pk_stock_balance_key", "stock_balance", ["item_id", "warehouse_id", "lot", "owner_id"], unique=True
    )
    op.create_table(
        "stock_move",
        sa.Column("id", INTEGER, sa.Identity(always=False), nullable=False),
        sa.Column("doc_id", INTEGER, nullable=False),
        sa.Column("line_id", INTEGER, nullable=False),
        sa.Column("move_date", DATE, nullable=False),
        sa.Column("warehouse_id", INTEGER, nullable=False),
        sa.Column("item_id", INTEGER, nullable=False),
        sa.Column("lot", sa.Text(), nullable=False),
        sa.Column("owner_id", INTEGER, nullable=False, server_default="0"),
        sa.Column("quantity", INTEGER, nullable=False),
        sa.Column("value", INTEGER, nullable=False),
        sa.Column("reversal_of", INTEGER, nullable=True),
        sa.Column("posted_at", STAMP, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_stock_move"),
        sa.ForeignKeyConstraint(["doc_id"], ["doc.id"], name="fk_stock_move_doc_id"),
        sa.ForeignKeyConstraint(["item_id"], ["item.id"], name="fk_stock_move_item_id"),
        sa.ForeignKeyConstraint(["warehouse_id"], ["warehouse.id"], name="fk_stock_move_warehouse_id"),
        sqlite_strict=True,
    )
    op.create_index("ix_stock_move_doc_id", "stock_move", ["doc_id"])
    op.create_index("ix_stock_move_key", "stock_move", ["item_id", "warehouse_id", "move_date"])
    op.create_index("uq_stock_move_reversal_of", "stock_move", ["reversal_of"], unique=True)
    op.create_table(
        "wip_move",
        sa.Column("id", INTEGER, sa.Identity(always=False), nullable=False),
        sa.Column("doc_id", INTEGER, nullable=False),
        sa.Column("line_id", INTEGER, nullable=False),
        sa.Column("order_line_id", INTEGER, nullable=False),
        sa.Column("material_line_id", INTEGER, nullable=True),
        sa.Column("move_date", DATE, nullable=False),
        sa.Column("item_id", INTEGER, nullable=False),
        sa.Column("element", sa.Text(), nullable=False),
        sa.Column("quantity", INTEGER, nullable=False),
        sa.Column("value", INTEGER, nullable=False),
        sa.Column("reversal_of", INTEGER, nullable=True),
        sa.Column("posted_at", STAMP, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_wip_move"),
        sa.CheckConstraint("element = 'material' or element = 'product'", name=op.f("ck_wip_move_element_known")),
        sa.ForeignKeyConstraint(["doc_id"], ["doc.id"], name="fk_wip_move_doc_id"),
        sa.ForeignKeyConstraint(["item_id"], ["item.id"], name="fk_wip_move_item_id"),
        sqlite_strict=True,
    )
    op.create_index("ix_wip_move_doc_id", "wip_move", ["doc_id"])
    op.create_index("ix_wip_move_order_line_id", "wip_move", ["order_line_id"])
    op.create_index("uq_wip_move_reversal_of", "wip_move", ["reversal_of"], unique=True)


def _planning() -> None:
    op.create_table(
        "mrp_exception",
        sa.Column("id", INTEGER, sa.Identity(always=False), nullable=False),
        sa.Column("run_id", INTEGER, nullable=False),
        sa.Column("item_id", INTEGER, nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("document", sa.Text(), nullable=False, server_default=""),
        sa.Column("doc_id", INTEGER, nullable=True),
        sa.Column("other_item_id", INTEGER, nullable=True),
        sa.Column("quantity", INTEGER, nullable=True),
        sa.Column("other_quantity", INTEGER, nullable=True),
        sa.Column("from_date", DATE, nullable=True),
        sa.Column("to_date", DATE, nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_mrp_exception"),
        sqlite_strict=True,
    )
    op.create_index("ix_mrp_exception_run_id", "mrp_exception", ["run_id"])
    op.create_table(
        "mrp_run",
        sa.Column("id", INTEGER, sa.Identity(always=False), nullable=False),
        sa.Column("start_date", DATE, nullable=False),
        sa.Column("end_date", DATE, nullable=True),
        sa.Column("note", sa.Text(), nullable=False, server_default=""),
        sa.Column("made_by", sa.Text(), nullable=False),
        sa.Column("made_at", STAMP, nullable=False),
        sa.Column("parameters", sa.Text(), nullable=False),
        sa.Column("counts", sa.Text(), nullable=False),
        sa.Column("phases", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_mrp_run"),
        sqlite_strict=True,
    )
    op.create_table(
        "planned_order",
        sa.Column("id", INTEGER, sa.Identity(always=False), nullable=False),
        sa.Column("run_id", INTEGER, nullable=False),
        sa.Column("seq", INTEGER, nullable=False),
        sa.Column("part", SMALL, nullable=False, server_default="0"),
        sa.Column("item_id", INTEGER, nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("quantity", INTEGER, nullable=False),
        sa.Column("output", INTEGER, nullable=False),
        sa.Column("start_date", DATE, nullable=False),
        sa.Column("due_date", DATE, nullable=False),
        sa.Column("late_days", INTEGER, nullable=False),
        sa.Column("supplier_id", INTEGER, nullable=True),
        sa.Column("workshop", sa.Text(), nullable=False, server_default=""),
        sa.Column("demand_line_id", INTEGER, nullable=True),
        sa.Column("status", sa.Text(), nullable=False, server_default="proposed"),
        sa.PrimaryKeyConstraint("id", name="pk_planned_order"),
        sa.CheckConstraint(
            "kind = 'purchase' or kind = 'production' or kind = 'subcontract'", name=op.f("ck_planned_order_kind_known")
        ),
        sqlite_strict=True,
    )
    op.create_index("ix_planned_order_run", "planned_order", ["run_id", "item_id"])
    op.create_table(
        "release_batch",
        sa.Column("id", INTEGER, sa.Identity(always=False), nullable=False),
        sa.Column("run_id", INTEGER, nullable=False),
        sa.Column("made_by", sa.Text(), nullable=False),
        sa.Column("made_at", STAMP, nullable=False),
        sa.Column("undone", SMALL, nullable=False, server_default="0"),
        sa.PrimaryKeyConstraint("id", name="pk_release_batch"),
        sqlite_strict=True,
    )
    op.create_table(
        "mrp_snapshot",
        sa.Column("run_id", INTEGER, nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("data", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["run_id"], ["mrp_run.id"], name="fk_mrp_snapshot_run_id"),
        sa.UniqueConstraint("run_id", "name", name="uq_mrp_snapshot_part"),
        sqlite_strict=True,
    )
    op.create_table(
        "release_link",
        sa.Column("id", INTEGER, sa.Identity(always=False), nullable=False),
        sa.Column("batch_id", INTEGER, nullable=False),
        sa.Column("planned_id", INTEGER, nullable=False),
        sa.Column("doc_id", INTEGER, nullable=False),
        sa.Column("line_id", INTEGER, nullable=False),
        sa.Column("quantity", INTEGER, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_release_link"),
        sa.ForeignKeyConstraint(["batch_id"], ["release_batch.id"], name="fk_release_link_batch_id"),
        sa.ForeignKeyConstraint(["doc_id"], ["doc.id"], name="fk_release_link_doc_id"),
        sqlite_strict=True,
    )
    op.create_index("ix_release_link_batch_id", "release_link", ["batch_id"])
    op.create_index("ix_release_link_doc_id", "release_link", ["doc_id"])
    op.create_index("ix_release_link_planned_id", "release_link", ["planned_id"])
