"""Filling a book with the demonstration factory."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from sqlalchemy import func, insert, select

from app.demo import buying, example, making, master, selling, situations
from app.demo.booking import Clerk, Progress
from app.demo.days import OPENING, TODAY, stamp
from app.demo.opening import opening_stock
from app.demo.products import catalogue
from app.demo.recipes import Recipes
from app.demo.story import Story
from app.wiring import document_types
from models.documents.tables import doc
from models.engineering.tables import bom
from models.masterdata.tables import item, partner
from models.platform.tables import setting
from services.platform.db import Database


@dataclass(frozen=True, slots=True)
class DemoSummary:
    """What a filled book holds: records, documents by type, and the day it stands at."""

    today: dt.date
    items: int
    bills: int
    partners: int
    documents: dict[str, int]


def fill(db: Database, user: str = "demo", progress: Progress | None = None) -> DemoSummary:
    """Fills an empty book, day by day, with the same content on every run; progress is told each day as it is done."""
    document_types()
    book = catalogue()
    clerk = Database(db.engine, clock=lambda: stamp(OPENING))
    with clerk.write(user) as tx:
        master.save(tx, book)
        tx.conn.execute(insert(setting).values(key="demo_today", value=TODAY.isoformat()))
    with db.read() as conn:
        story = Story(book, Recipes(conn), left_today=example.LEFT_TODAY | situations.LEFT_TODAY)
    example.tell(story)
    situations.tell(story)
    selling.tell(story)
    making.tell(story)
    buying.tell(story)
    stock = opening_stock(story)
    desk = Clerk(db, user, story)
    desk.open(stock)
    desk.book(progress)
    return summary(db)


def summary(db: Database) -> DemoSummary:
    """Counts of a filled book."""
    with db.read() as conn:
        items, bills, partners = (
            conn.execute(select(func.count()).select_from(table)).scalar_one() for table in (item, bom, partner)
        )
        kinds = conn.execute(select(doc.c.type, func.count()).group_by(doc.c.type).order_by(doc.c.type))
        return DemoSummary(TODAY, items, bills, partners, {row[0]: row[1] for row in kinds})
