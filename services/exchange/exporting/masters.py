"""Rows of the master sheets, references as codes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from sqlalchemy import Connection, select

from models.engineering.tables import bom, bom_line, bom_output
from models.kernel.sheets import Sheet
from models.masterdata.tables import item, partner, unit, warehouse
from services.engineering.structure import natural_key
from services.exchange.parsed import Value
from services.masterdata.kinds import KINDS
from services.platform.access.holding import require_reading, shown
from services.platform.access.rights import READ_BOM

_TABLES = {"units": unit, "warehouses": warehouse, "items": item}


def master_rows(conn: Connection, sheet: Sheet) -> Iterator[Sequence[Value]]:
    """Records of a kind in the order of their keys."""
    kind = KINDS[sheet.name]
    require_reading(conn, kind.read_right)
    aliases = {key: _TABLES.get(ref.kind, partner).alias(f"r_{key}") for key, ref in kind.references.items()}
    source: Any = kind.table
    for key, ref in kind.references.items():
        source = source.outerjoin(aliases[key], aliases[key].c.id == kind.table.c[ref.column])
    columns = {
        key: aliases[key].c.code
        if key in aliases
        else shown(conn, kind.table.c[kind.columns[key][0]], kind.figures.get(key, ""))
        for key in (*kind.columns, *kind.references)
    }
    query = select(*(columns[column.key] for column in sheet.columns)).select_from(source)
    for name, value in kind.fixed.items():
        query = query.where(kind.table.c[name] == value)
    for row in conn.execute(query.order_by(*(columns[key] for key in kind.key))):
        yield tuple(row)


def bill_rows(conn: Connection) -> Iterator[Sequence[Value]]:
    """Lines of all enabled bills: by parent, then versions and positions in natural order."""
    require_reading(conn, READ_BOM)
    parent, component, store = item.alias("parent"), item.alias("component"), warehouse.alias("store")
    line = bom_line.c
    query = (
        select(
            parent.c.code.label("parent_code"), bom.c.version_code, component.c.code, line.position, line.valid_from,
            line.valid_to, line.numerator, line.denominator, line.scrap_rate, line.scrap_fixed, line.issue,
            line.skip_level, line.key_part, line.supplied_by, store.c.code.label("store_code"), line.note,
        )
        .select_from(bom_line)
        .join(bom, bom.c.id == line.bom_id)
        .join(parent, parent.c.id == bom.c.parent_id)
        .join(component, component.c.id == line.component_id)
        .outerjoin(store, store.c.id == line.warehouse_id)
        .where(bom.c.enabled == True)  # noqa: E712 SQL expression
    )  # fmt: skip
    rows = [tuple(row) for row in conn.execute(query)]
    rows.sort(key=lambda row: (row[0], natural_key(row[1]), natural_key(row[3]), row[2], str(row[4] or "")))
    yield from rows


def output_rows(conn: Connection) -> Iterator[Sequence[Value]]:
    """Outputs of all enabled bills."""
    require_reading(conn, READ_BOM)
    parent, product, output = item.alias("parent"), item.alias("product"), bom_output.c
    query = (
        select(
            parent.c.code.label("parent_code"), bom.c.version_code, product.c.code, output.kind, output.numerator,
            output.denominator, output.cost_share, output.cost_weight, output.cost_quota,
        )
        .select_from(bom_output)
        .join(bom, bom.c.id == output.bom_id)
        .join(parent, parent.c.id == bom.c.parent_id)
        .join(product, product.c.id == output.item_id)
        .where(bom.c.enabled == True)  # noqa: E712 SQL expression
    )  # fmt: skip
    rows = [tuple(row) for row in conn.execute(query)]
    rows.sort(key=lambda row: (row[0], natural_key(row[1]), row[2]))
    yield from rows
