"""A run's input as compressed parts, so that the run can be made again and explained later."""

from __future__ import annotations

import json
import zlib
from collections.abc import Mapping
from dataclasses import asdict
from typing import Any, TypeVar

import numpy as np

from services.planning.engine import model as m
from services.planning.loader import Names, Reading
from services.planning.open_documents import Documents

_TABLES = {
    "items": m.Items, "bom": m.BomLines, "outputs": m.BomOutputs, "demands": m.Demands, "supplies": m.Supplies,
    "substitutes": m.Substitutes,
}  # fmt: skip
_SIZES = (np.int8, np.int16, np.int32)
_T = TypeVar("_T", bound=m.Columns)


def pack(reading: Reading) -> dict[str, bytes]:
    """Parts of the snapshot by name."""
    data, names = reading.data, reading.names
    parts = {name: _packed(getattr(data, name)) for name in _TABLES}
    documents = names.documents
    parts["names"] = _text(
        {
            "item_ids": names.item_ids.tolist(), "codes": names.codes, "suppliers": names.suppliers.tolist(),
            "workshops": names.workshops, "documents": documents.ids.tolist(), "numbers": documents.numbers,
            "types": documents.types, "sales_lines": documents.sales_lines.tolist(),
        }
    )  # fmt: skip
    parts["settings"] = _text({"parameters": asdict(data.parameters), "holidays": data.holidays.tolist()})
    return parts


def unpack(parts: Mapping[str, bytes]) -> Reading:
    """The reading that pack took."""
    settings, names = _read(parts["settings"]), _read(parts["names"])
    data = m.PlanInput(
        _unpacked(parts["items"], m.Items), _unpacked(parts["bom"], m.BomLines),
        _unpacked(parts["outputs"], m.BomOutputs), _unpacked(parts["demands"], m.Demands),
        _unpacked(parts["supplies"], m.Supplies), _unpacked(parts["substitutes"], m.Substitutes),
        m.column(settings["holidays"]), m.Parameters(**settings["parameters"]),
    )  # fmt: skip
    documents = Documents(
        m.column(names["documents"]), tuple(names["numbers"]), tuple(names["types"]), m.column(names["sales_lines"])
    )
    return Reading(
        data,
        Names(
            m.column(names["item_ids"]), tuple(names["codes"]), m.column(names["suppliers"]),
            tuple(names["workshops"]), documents,
        ),
    )  # fmt: skip


def _packed(table: m.Columns) -> bytes:
    """A header of column types and the columns behind it, each as narrow as its values allow."""
    columns = [_narrow(getattr(table, name)) for name in table.names()]
    head = json.dumps([[column.dtype.str, len(column)] for column in columns]).encode()
    return zlib.compress(head + b"\n" + b"".join(column.tobytes() for column in columns), 1)


def _narrow(column: np.ndarray[tuple[int], np.dtype[np.generic]]) -> np.ndarray[tuple[int], np.dtype[np.generic]]:
    if column.dtype == np.bool_:
        return column
    low, high = int(column.min(initial=0)), int(column.max(initial=0))
    for size in _SIZES:
        limits = np.iinfo(size)
        if limits.min <= low and high <= limits.max:
            return column.astype(size).astype(np.dtype(size).newbyteorder("<"))
    return column.astype("<i8")


def _unpacked(blob: bytes, kind: type[_T]) -> _T:
    head, _, body = zlib.decompress(blob).partition(b"\n")
    columns, at = [], 0
    for code, count in json.loads(head):
        size = np.dtype(code).itemsize * count
        column = np.frombuffer(body[at : at + size], dtype=np.dtype(code))
        columns.append(column if column.dtype == np.bool_ else column.astype(np.int64))
        at += size
    return kind(*columns)


def _text(value: object) -> bytes:
    return zlib.compress(json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode(), 1)


def _read(blob: bytes) -> dict[str, Any]:
    made: dict[str, Any] = json.loads(zlib.decompress(blob))
    return made
