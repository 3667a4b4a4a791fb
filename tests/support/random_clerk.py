"""A clerk who does what clerks do, at random but by a seed: orders, picks, receipts, sales, returns, reversals, slips."""

from __future__ import annotations

import copy
import datetime as dt
import random
from collections import Counter
from collections.abc import Callable
from decimal import Decimal

from sqlalchemy import select

from models.documents.tables import doc, doc_line
from models.kernel.problems import Refused
from models.kernel.refs import DocRef
from services.documents import api
from services.documents.records import DocDraft, LineDraft
from services.platform.db import Database
from tests.support.factory import Factory

FIRST = dt.date(2026, 3, 6)
# What is done, and how often among a hundred deeds.
DEEDS = {
    "order": 14, "pick": 16, "receive": 12, "buy": 8, "goods": 10, "sell": 6, "deliver": 8, "bring_back": 4,
    "supplement": 4, "reverse": 8, "draft": 3, "edit": 3, "remove": 2, "close": 1, "reopen": 1,
}  # fmt: skip
Told = Callable[[str, int], None]


def _silent(_deed: str, _doc_id: int) -> None:
    return


class RandomClerk:
    """Acts on a book; refusals are part of the day. told: called after each committed step with the deed and document."""

    def __init__(self, db: Database, factory: Factory, seed: int, *, told: Told = _silent, name: str = "文员") -> None:
        self.db, self.factory, self.told, self.name = db, factory, told, name
        self.random = random.Random(seed)
        self.done: Counter[str] = Counter()
        self.refused: Counter[str] = Counter()

    def act(self, deed: str = "") -> None:
        """One deed, of the given kind or any."""
        deed = deed or self.random.choices(list(DEEDS), list(DEEDS.values()))[0]
        try:
            if getattr(self, f"_{deed}")():
                self.done[deed] += 1
        except Refused as refusal:
            self.refused.update(problem.code for problem in refusal.problems)

    def _day(self) -> dt.date:
        return FIRST + dt.timedelta(days=self.random.randrange(24))

    def _some(self, most: int) -> Decimal:
        return Decimal(self.random.randint(1, most))

    def _post(self, deed: str, draft: DocDraft) -> bool:
        ref, _ = api.save_document(self.db, self.name, draft)
        self.told("draft", ref.id)
        api.approve(self.db, self.name, [ref.id])
        self.told(deed, ref.id)
        return True

    def _any(self, kind: str, status: str = "C", *, open_only: bool = True) -> DocRef | None:
        query = select(doc.c.type, doc.c.id, doc.c.number).where(doc.c.status == status)
        if kind:
            query = query.where(doc.c.type == kind)
        if open_only:
            query = query.where(doc.c.closing == "C")
        with self.db.read() as conn:
            rows = conn.execute(query.order_by(doc.c.id.desc()).limit(30)).all()
        return DocRef(*self.random.choice(rows)) if rows else None

    def _execute(self, deed: str, source_kind: str, target: str, *, kind: str = "normal") -> bool:
        """A part of what is left of some open document; once in a while a little more than that."""
        source = self._any(source_kind)
        if source is None:
            return False
        (draft, *_) = api.push_down(self.db, source.id, target)
        draft.kind, draft.business_date = kind, self._day()
        for line in draft.lines:
            if self.random.random() < 0.7:
                line.quantity = min(line.quantity, self._some(int(line.quantity) + 1))
        draft.lines = [line for line in draft.lines if line.quantity > 0]
        return self._post(deed, draft)

    def _order(self) -> bool:
        return self._post("order", self.factory.order(str(self._some(20)), day=self._day()))

    def _pick(self) -> bool:
        return self._execute("pick", "production_order", "material_issue")

    def _receive(self) -> bool:
        return self._execute("receive", "production_order", "product_receipt")

    def _buy(self) -> bool:
        code = self.random.choice(["SCREW", "SHADE", "BULB", "GLUE"])
        price = str(Decimal(self.random.randint(1, 99999)) / 1000)
        return self._post("buy", self.factory.purchase(str(self._some(300)), code=code, price=price, day=self._day()))

    def _goods(self) -> bool:
        return self._execute("goods", "purchase_order", "purchase_receipt")

    def _sell(self) -> bool:
        return self._post("sell", self.factory.sale(str(self._some(30)), day=self._day()))

    def _deliver(self) -> bool:
        return self._execute("deliver", "sales_order", "delivery")

    def _material(self, kind: str) -> bool:
        order = self._any("production_order", open_only=False)
        if order is None:
            return False
        with self.db.read() as conn:
            lines = conn.execute(
                select(doc_line).where(doc_line.c.doc_id == order.id, doc_line.c.role == "material")
            ).all()
        line = self.random.choice(lines)
        part = LineDraft(line.item_id, self._some(5), warehouse_id=self.factory.stores["W1"], source_line_id=line.id)
        return self._post(kind, DocDraft("material_issue", self._day(), [part], kind=kind, source_id=order.id))

    def _bring_back(self) -> bool:
        return self._material("return")

    def _supplement(self) -> bool:
        return self._material("supplement")

    def _reverse(self) -> bool:
        ref = self._any("", open_only=False)
        if ref is None or ref.type == "opening_stock":
            return False
        whole = self.random.random() < 0.5
        steps = api.preview_reversal(self.db, [ref.id])
        api.reverse(self.db, self.name, [ref.id], with_chain=whole)
        undone = [(step.ref.id, step.status) for step in steps if whole or step.ref.id == ref.id]
        # Drafts of the chain are deleted, after what was approved has been reversed: told in the order of the audit chain.
        for deed, was in (("reverse", "C"), ("remove", "Z")):
            for key in [key for key, status in undone if status == was]:
                self.told(deed, key)
        return True

    def _draft(self) -> bool:
        ref, _ = api.save_document(self.db, self.name, self.factory.order(str(self._some(9)), day=self._day()))
        self.told("draft", ref.id)
        return True

    def _edit(self) -> bool:
        ref = self._any("production_order", "Z")
        if ref is None:
            return False
        view = api.get_document(self.db, ref.id)
        draft = copy.deepcopy(self.factory.order(str(self._some(9)), day=self._day()))
        api.save_document(self.db, self.name, draft, doc_id=ref.id, version=view.version)
        self.told("draft", ref.id)
        return True

    def _remove(self) -> bool:
        ref = self._any("", "Z")
        if ref is None:
            return False
        api.delete(self.db, self.name, [ref.id])
        self.told("remove", ref.id)
        return True

    def _close(self) -> bool:
        ref = self._any("production_order")
        if ref is None:
            return False
        api.close(self.db, self.name, [ref.id], "随机")
        self.told("close", ref.id)
        return True

    def _reopen(self) -> bool:
        with self.db.read() as conn:
            found = conn.execute(select(doc.c.id).where(doc.c.status == "C", doc.c.closing == "H").limit(1)).scalar()
        if found is None:
            return False
        api.reopen(self.db, self.name, [found])
        self.told("reopen", found)
        return True
