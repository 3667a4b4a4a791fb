"""A pick list of 500 lines from the book to the PDF: seconds by paper, against the same texts drawn without any layout.

And against a table of as many rows as reportlab itself lays it out (LongTable in the same letters), the least that a program
without a layout of its own would take.

Seconds are those of the processor: other programs on the machine do not count. The wall clock stands beside them.

usage: python -m tests.benchmark.paper [LINES]
"""

from __future__ import annotations

import sys
import tempfile
import time
from collections.abc import Callable
from io import BytesIO
from pathlib import Path

from reportlab.lib.pagesizes import A4
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import LongTable, SimpleDocTemplate

from models.kernel.refs import DocRef
from services.platform.books import open_book
from services.platform.db import Database
from services.printing.api import PdfPages
from services.printing.lettering import REGULAR, missing_characters
from services.production.api import create_picks, pick_orders, propose_picks
from services.reporting import api
from tests.support.factory import DAY, USER, Factory
from tests.support.shops import furnished

AIM = 1.0
AIM_OF_TABLE = 2.0
TURNS = 3


def main(argv: list[str]) -> int:
    """Prints the figures; 0 when A4 stays within a second and twice the time of the plain table."""
    lines = int(argv[0]) if argv else 500
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        target = str(Path(folder) / "paper.db")
        factory = furnished(target)
        db = open_book(target)
        slip = picked(db, factory, lines)
        listed, _ = api.pick_list(db, USER, [slip.id], day=DAY)
        works: dict[str, Callable[[], bytes]] = {
            name: lambda name=name: api.print_documents(db, [slip.id], template=name).pdf  # type: ignore[misc]
            for name in ("A4", "A5", "241×140")
        }
        works["合并 A4"] = lambda: api.print_merged(db, [slip.id], listed=listed).pdf
        works["A4"]()
        found = {name: best(work) for name, work in works.items()}
        pdf = works["A4"]()
        floor, _ = best(lambda: drawn(pages_of(pdf)))
        table, _ = best(lambda: laid_out(lines))
        db.close()
    for name, (seconds, wall) in found.items():
        print(f"{lines} lines {name}: {seconds:.2f} s (clock {wall:.2f} s), {seconds / floor:.1f} × the texts alone")
    ratio = found["A4"][0] / table
    print(f"{lines} rows in reportlab's own table: {table:.2f} s; A4 is {ratio:.2f} times that (goal {AIM_OF_TABLE:g})")
    return 0 if found["A4"][0] <= AIM and ratio <= AIM_OF_TABLE else 1


def best(work: Callable[[], object]) -> tuple[float, float]:
    """The quickest of some turns, in seconds of the processor and of the clock."""
    times = []
    for _ in range(TURNS):
        started, clock = time.process_time(), time.perf_counter()
        work()
        times.append((time.process_time() - started, time.perf_counter() - clock))
    return min(times)


def pages_of(pdf: bytes) -> list[str]:
    """The texts of a PDF by page."""
    pages = PdfPages(pdf)
    return [pages.text(page) for page in range(1, pages.count + 1)]


def picked(db: Database, factory: Factory, lines: int) -> DocRef:
    """A draft pick list with so many lines."""
    with db.write(USER) as tx:
        factory.add_item(tx, "CABINET", kind="manufactured")
        for i in range(lines):
            factory.add_item(tx, f"P{i:04d}", name=f"零件{i}号", spec=f"M{i % 30}×{i}", warehouse="W1")
        factory.add_bill(tx, "CABINET", *(factory.component(f"P{i:04d}", str(i % 9 + 1)) for i in range(lines)))
        (order,) = factory.post(tx, factory.order("7", code="CABINET"))
    (ref,), _ = create_picks(db, USER, propose_picks(pick_orders(db, [order.id])), day=DAY)
    return ref


def drawn(texts: list[str]) -> bytes:
    """Texts on as many pages, line by line in one column."""
    missing_characters(())
    target = BytesIO()
    canvas = Canvas(target, invariant=1, pageCompression=1)
    for text in texts:
        canvas.setFont(REGULAR, 9)
        for number, line in enumerate(text.splitlines()):
            canvas.drawString(20, 800 - number * 11, line)
        canvas.showPage()
    canvas.save()
    return target.getvalue()


def laid_out(lines: int) -> bytes:
    """A pick list's columns as a table that reportlab breaks into pages."""
    missing_characters(())
    head = ("库位", "物料", "名称规格", "单位", "应拣", "实拣", "批次", "备注")
    rows = [
        (f"A-{i % 40:02d}", f"P{i:04d}", f"零件{i}号 M{i % 30}×{i}", "个", f"{i % 9 * 7}", "", "", "")
        for i in range(lines)
    ]
    target = BytesIO()
    table = LongTable([head, *rows], colWidths=[50, 60, 150, 30, 50, 50, 60, 80], repeatRows=1)
    table.setStyle([("FONT", (0, 0), (-1, -1), REGULAR, 9), ("GRID", (0, 0), (-1, -1), 0.25, "black")])
    SimpleDocTemplate(target, pagesize=A4, leftMargin=20, rightMargin=20).build([table])
    return target.getvalue()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
