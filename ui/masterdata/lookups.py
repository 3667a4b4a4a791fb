"""Look-up sources of items, partners, warehouses and units, answered by the master data service."""

from __future__ import annotations

import weakref
from collections.abc import Sequence
from decimal import Decimal, InvalidOperation
from functools import partial
from typing import Any

from PySide6.QtCore import QTimer

from services.masterdata import api
from ui.framework.desk import Desk
from ui.framework.lookup import LookupRow, LookupSource
from ui.framework.lookup_used import UsedCodes
from ui.framework.ops import Ops
from ui.framework.record_dialog import create_in_place

WARM_MS = 1500
PARTNER_TITLES = ("编码", "名称", "电话")


def register_lookups(desk: Desk) -> None:
    """Names: items, customers, suppliers, partners (both), warehouses, units."""
    sources = {
        "items": ("物料", ("编码", "名称", "规格", "单位", "可用"), _item),
        "customers": ("客户", PARTNER_TITLES, _plain),
        "suppliers": ("供应商", PARTNER_TITLES, _plain),
        "warehouses": ("仓库", ("编码", "名称"), _bare),
        "units": ("计量单位", ("编码", "名称"), _bare),
    }
    for kind, (title, titles, row_of) in sources.items():
        used = UsedCodes(desk.settings, kind)
        desk.lookups.register(
            kind,
            LookupSource(
                title,
                partial(_search, desk, kind, row_of, used),
                titles,
                create=partial(create_in_place, desk, kind)
                if desk.session.allowed(api.kind(kind).change_right)
                else None,
                taken=partial(_took, used),
                scanned=kind == "items",
            ),
        )
    QTimer.singleShot(WARM_MS, desk.ops, partial(_warm, weakref.ref(desk.ops), desk.session.db))
    desk.lookups.register("partners", LookupSource("往来单位", partial(_partners, desk), PARTNER_TITLES))


def _warm(ops: weakref.ref[Ops], db: Any) -> None:
    """Builds the index of items before the first key is typed: in a large book that takes a second."""
    here = ops()
    if here is not None:
        here.run_query(partial(api.search, db, "items", "", 1), _warmed, owner=here)


def _warmed(hits: Sequence[api.Suggestion]) -> None:
    del hits


def _partners(desk: Desk, text: str, limit: int) -> Sequence[LookupRow]:
    """Customers and suppliers, an exact code first."""
    kinds = ("customers", "suppliers")
    found = [_plain(hit) for kind in kinds for hit in api.search(desk.session.db, kind, text, limit)]
    return sorted(found, key=lambda row: not row.exact)[:limit]


def _search(desk: Desk, kind: str, row_of: Any, used: UsedCodes, text: str, limit: int) -> Sequence[LookupRow]:
    return [row_of(hit) for hit in api.search(desk.session.db, kind, text, limit, used=used.counts)]


def _took(used: UsedCodes, row: LookupRow) -> None:
    used.take(row.code)


def _item(hit: api.Suggestion) -> LookupRow:
    values = {"id": hit.id, "spec": hit.spec, "unit": hit.unit, "decimals": hit.decimals, "stock": _number(hit.extra)}
    return LookupRow(hit.code, hit.name, (hit.spec, hit.unit, hit.extra), values, hit.exact)


def _plain(hit: api.Suggestion) -> LookupRow:
    return LookupRow(hit.code, hit.name, (hit.extra,), {"id": hit.id}, hit.exact)


def _bare(hit: api.Suggestion) -> LookupRow:
    return LookupRow(hit.code, hit.name, (), {"id": hit.id}, hit.exact)


def _number(text: str) -> Decimal | None:
    try:
        return Decimal(text)
    except InvalidOperation:
        return None
