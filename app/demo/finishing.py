"""Finished lamps: whatever is inside, every lamp gets its kit, carton, label and tape."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from app.demo.catalogue import Catalogue, Use, backflushed, use
from app.demo.parts_packing import CARTON_OF, FAMILIES
from app.demo.places import ASSEMBLY, GOODS

_UNIT_OF = dict.fromkeys(FAMILIES, "台") | {"导轨灯": "个", "筒灯": "个", "线条灯": "条"}
_LEAD_TIME = {"路灯": 5, "投光灯": 4}


def finish(
    book: Catalogue, family: str, code: str, name: str, spec: str, uses: Sequence[Use], *,
    labour: str, per_carton: int, kit: str | None = None, **values: Any,
) -> None:  # fmt: skip
    """Adds a finished lamp with its bill; kit: packing kit, "" for none, None for the family's."""
    book.make(
        code, name, spec, _UNIT_OF[family], labour, category="成品灯", workshop=ASSEMBLY, warehouse=GOODS,
        lead_time_days=_LEAD_TIME.get(family, 3), yield_rate="0.99",
    )  # fmt: skip
    book.change(code, **values, barcode=f"69000000{code[2:]}00"[:13])
    packing = f"KT10{FAMILIES.index(family) + 1}" if kit is None else kit
    outside = [use(packing)] if packing else []
    outside += [use(CARTON_OF[family], 1, per=per_carton, fixed=1), use("PK507")]
    if family in ("台灯", "吸顶灯", "筒灯", "面板灯"):
        outside.append(use("PK505" if family == "台灯" else "PK506"))
    book.bill(code, [*uses, *outside, use("PK602", 1, per=400, issue="none"), backflushed("CH104", 1, per=250)])
