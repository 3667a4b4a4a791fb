"""Makes damaged and hostile workbooks and .csv files from good ones, the same ones for the same seed."""

from __future__ import annotations

import io
import random
import re
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path

import xlsxwriter

Parts = dict[str, bytes]
HEADS = {
    "units": "code name decimals",
    "items": "code name unit kind lead_time_days safety_stock yield_rate unit_cost",
    "bom": "parent version component position quantity base_quantity scrap_rate valid_from note",
    "sales_orders": "number date customer line item quantity price due_date",
}
ROWS: dict[str, list[list[object]]] = {
    "units": [["PCS", "件", 0], ["KG", "公斤", 3]],
    "items": [[f"{n:05}", f"灯具{n}", "PCS", "自制", n % 9, n, 0.98, 1.25] for n in range(1, 25)],
    "bom": [[f"{n:05}", "V1.0", f"{n + 1:05}", n, 1.5, 1, 0.02, "2026-01-05", "=备注"] for n in range(1, 24)],
    "sales_orders": [
        [f"SO{n // 3:03}", "2026年3月5日", "C1", n % 3 + 1, f"{n + 1:05}", n + 1, 9.99, "2026-04-01"] for n in range(20)
    ],
}


def good_workbook() -> bytes:
    """A workbook of four sheets without a fault, one of its numbers a formula."""
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer, {"in_memory": True, "strings_to_formulas": False}) as book:
        for name, rows in ROWS.items():
            page = book.add_worksheet(name)
            page.write_row(0, 0, HEADS[name].split())
            for number, row in enumerate(rows, start=1):
                page.write_row(number, 0, row)
        book.get_worksheet_by_name("items").write_formula(2, 5, "=1+1", None, 2)
    return buffer.getvalue()


def good_spreadsheet() -> bytes:
    """The units as an OpenDocument spreadsheet."""
    cells = "".join(
        "<table:table-row>"
        + "".join(
            f'<table:table-cell office:value-type="string"><text:p>{cell}</text:p></table:table-cell>' for cell in row
        )
        + "</table:table-row>"
        for row in [HEADS["units"].split(), *ROWS["units"]]
    )
    names = "".join(
        f' xmlns:{short}="urn:oasis:names:tc:opendocument:xmlns:{short}:1.0"' for short in ("office", "table", "text")
    )
    body = f'<office:body><office:spreadsheet><table:table table:name="units">{cells}</table:table>'
    content = f"<office:document-content{names}>{body}</office:spreadsheet></office:body></office:document-content>"
    kind = b"application/vnd.oasis.opendocument.spreadsheet"
    manifest = b'<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"/>'
    return packed({"mimetype": kind, "content.xml": content.encode(), "META-INF/manifest.xml": manifest})


def good_text() -> str:
    """The items as .csv text."""
    return "\n".join(",".join(map(str, row)) for row in [HEADS["items"].split(), *ROWS["items"]]) + "\n"


def packed(parts: Parts) -> bytes:
    """A zip archive of parts."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in parts.items():
            archive.writestr(name, data)
    return buffer.getvalue()


def unpacked(data: bytes) -> Parts:
    """The parts of a zip archive."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def flip_bits(data: bytes, rng: random.Random) -> bytes:
    changed = bytearray(data)
    for _ in range(rng.choice([1, 3, 30])):
        changed[rng.randrange(len(changed))] ^= 1 << rng.randrange(8)
    return bytes(changed)


def cut_off(data: bytes, rng: random.Random) -> bytes:
    return data[: rng.randrange(len(data))]


def splice(data: bytes, rng: random.Random) -> bytes:
    start, size = rng.randrange(len(data)), rng.randrange(1, 400)
    return data[:start] + rng.choice([b"", b"\0" * size, rng.randbytes(size)]) + data[start + size :]


def edit_xml(data: bytes, rng: random.Random) -> bytes:
    """Flips, cuts or doubles bytes inside a part, the archive itself staying sound."""
    parts = unpacked(data)
    name = rng.choice([name for name in parts if name.endswith((".xml", ".rels"))])
    parts[name] = rng.choice([flip_bits, cut_off, splice])(parts[name], rng)
    return packed(parts)


def change_part_list(data: bytes, rng: random.Random) -> bytes:
    parts = unpacked(data)
    name = rng.choice(list(parts))
    content = parts.pop(name)
    other = rng.choice(["", "../../" + name, "/" + name, name.upper(), "C:" + name, name + "\0.xml"])
    return packed({**parts, other: content} if other else parts)


def far_cells(data: bytes, rng: random.Random) -> bytes:
    far = rng.choice(
        [b"XFD1048576", b"A1048576", b"ZZZ3", b"IV200000", b"A99999999999", b"AAAAAAA1", b"A0", b"B", b"-1"]
    )
    return on_sheet(data, rng, rb'<c r="[A-Z]+[0-9]+"', b'<c r="' + far + b'"')


def odd_cells(data: bytes, rng: random.Random) -> bytes:
    value = rng.choice(
        [
            b"1e400",
            b"-1e400",
            b"NaN",
            b"",
            b"0x10",
            b"1" * 400,
            b"99999999",
            b"\0",
            b"-5",
            b"1.123456789012",
            b"<b/>",
            b"&#0;",
        ]
    )
    return on_sheet(data, rng, rb"<v>[^<]*</v>", b"<v>" + value + b"</v>", count=rng.choice([1, 5, 0]))


def odd_types(data: bytes, rng: random.Random) -> bytes:
    kind = rng.choice([b"e", b"b", b"d", b"str", b"inlineStr", b"n", b"x"])
    return on_sheet(data, rng, rb't="s"', b't="' + kind + b'"', count=rng.choice([1, 4, 0]))


def formulas(data: bytes, rng: random.Random) -> bytes:
    formula = rng.choice([b"1/0", b"A1*2", b'WEBSERVICE("http://x.example")', b"cmd|' /C calc'!A0", b"A" * 9000])
    return on_sheet(
        data, rng, rb"<v>[^<]*</v>", b"<f>" + formula + b"</f>" + rng.choice([b"", b"<v/>", b"<v>#N/A</v>"])
    )


def doctypes(data: bytes, rng: random.Random) -> bytes:
    laughs = b'<!DOCTYPE a [<!ENTITY b "x"><!ENTITY c "&b;&b;&b;&b;&b;">]>'
    outside = b'<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]>'
    parts = unpacked(data)
    name = rng.choice([name for name in parts if name.endswith(".xml")])
    head, mark, rest = parts[name].partition(b"?>")
    parts[name] = head + mark + rng.choice([laughs, outside]) + rest
    return packed(parts)


def bombs(data: bytes, rng: random.Random) -> bytes:
    parts = unpacked(data)
    kind = rng.randrange(4)
    if kind == 0:
        parts["xl/worksheets/sheet2.xml"] = b"<worksheet><sheetData>" + b" " * (30 * 2**20)
    elif kind == 1:
        parts.update({f"xl/p{n}.xml": b"<a/>" for n in range(300)})
    elif kind == 2:
        row = b'<row r="%d"><c r="A%d"><v>1</v></c><c r="IV%d"><v>1</v></c></row>'
        rows = b"".join(row % (n, n, n) for n in range(1, 150_000, 50))
        sheet = parts["xl/worksheets/sheet2.xml"]
        parts["xl/worksheets/sheet2.xml"] = re.sub(
            rb"<sheetData>.*</sheetData>", b"<sheetData>" + rows + b"</sheetData>", sheet
        )
    else:
        text = "".join(f"<si><t>{rng.random()}</t></si>" for _ in range(100_000)).encode()
        parts["xl/sharedStrings.xml"] = b"<sst>" + text + b"</sst>"
    return packed(parts)


def lie_about_size(data: bytes, rng: random.Random) -> bytes:
    """Changes the sizes that the central directory declares."""
    changed = bytearray(data)
    place = changed.find(b"PK\x01\x02")
    for _ in range(rng.randrange(1, 4)):
        found = changed.find(b"PK\x01\x02", place + 4)
        place = found if found > 0 else place
    changed[place + 20 : place + 28] = rng.choice([rng.randbytes(8), b"\xff" * 8, b"\0" * 8])
    return bytes(changed)


def on_sheet(data: bytes, rng: random.Random, pattern: bytes, new: bytes, *, count: int = 1) -> bytes:
    """Replaces some matches in one worksheet, starting anywhere."""
    parts = unpacked(data)
    name = rng.choice([name for name in parts if "worksheets/sheet" in name])
    start = rng.randrange(len(parts[name]))
    tail = re.sub(pattern, lambda _match: new, parts[name][start:], count=count)
    parts[name] = parts[name][:start] + tail
    return packed(parts)


def text_file(rng: random.Random) -> bytes:
    """A .csv in some encoding with some damage."""
    text = good_text()
    lines = text.split("\n")
    kind = rng.randrange(7)
    if kind == 0:
        line = rng.randrange(len(lines))
        lines[line] = lines[line].replace(",", rng.choice([",,", '"', ';"', "\t", "\0", "\r"]), 2)
    elif kind == 1:
        lines = [line + "," + "x" * rng.choice([3, 70_000, 200_000]) for line in lines]
    elif kind == 2:
        lines[rng.randrange(3)] = '"' + "never closed"
    data = "\n".join(lines).encode(rng.choice(["utf-8", "utf-8-sig", "gb18030", "utf-16", "utf-16-le"]))
    if kind in (3, 4):
        data = flip_bits(data, rng)
    elif kind == 5:
        data = cut_off(data, rng)
    elif kind == 6:
        data = zlib.compress(data)
    return data


WORKBOOK_CHANGES: tuple[Callable[[bytes, random.Random], bytes], ...] = (
    flip_bits,
    cut_off,
    splice,
    edit_xml,
    change_part_list,
    far_cells,
    odd_cells,
    odd_types,
    formulas,
    doctypes,
    bombs,
    lie_about_size,
)


def make(folder: Path, seed: int) -> Path:
    """One mutated file; a failing seed makes it again."""
    rng = random.Random(seed)
    kind = seed % 10
    if kind == 8:
        file = folder / "items.csv"
        file.write_bytes(text_file(rng))
        return file
    if kind == 9:
        file = folder / rng.choice(["units.ods", "units.xls", "units.xlsb", "items.xls"])
        change = rng.choice([flip_bits, cut_off, splice])
        if rng.random() < 0.3:
            file.write_bytes(good_workbook())
        elif rng.random() < 0.3:
            file.write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + rng.randbytes(rng.randrange(2000)))
        else:
            file.write_bytes(change(good_spreadsheet(), rng))
        return file
    file = folder / "factory.xlsx"
    data = good_workbook()
    for _ in range(rng.choice([1, 1, 2])):
        try:
            data = rng.choice(WORKBOOK_CHANGES)(data, rng)
        except (
            zipfile.BadZipFile,
            zlib.error,
            KeyError,
            IndexError,
            ValueError,
            EOFError,
            NotImplementedError,
            OSError,
        ):
            data = flip_bits(data, rng) if data else b"PK"
    file.write_bytes(data)
    return file
