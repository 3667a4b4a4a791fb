"""换替代料: the approved substitutes of a pick line with what each store has free; the line takes them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import partial
from typing import Any, Final

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QButtonGroup, QDialogButtonBox, QHBoxLayout, QLabel, QRadioButton, QVBoxLayout, QWidget

from models.kernel.numbers import ZERO, plain
from models.kernel.problems import Problem
from services.production import api
from ui.documents.document_page import DocumentPage
from ui.documents.ways import line_of
from ui.framework.colors import Tone
from ui.framework.desk import Desk
from ui.framework.dialog import PageDialog
from ui.framework.grid.columns import Column
from ui.framework.grid.grid import Grid
from ui.framework.texts import tr
from ui.framework.ways import Offer, Way


@dataclass(frozen=True, slots=True)
class OfferRow:
    """A substitute in a store and what the line would take of it."""

    offer: api.SubstituteOffer
    needed: Decimal

    @property
    def key(self) -> tuple[int, int]:
        """What tells the rows apart."""
        return self.offer.item_id, self.offer.warehouse_id

    @property
    def enough(self) -> str:
        """In words: all of it, a part, nothing."""
        free = self.offer.free
        return "all" if free >= self.needed else "part" if free > 0 else "none"


ENOUGH: Final = {"all": "够", "part": "不够", "none": "没有"}
TONES: Final[dict[str, Tone]] = {"all": "ok", "part": "warn", "none": "muted"}
COLUMNS: Final = (
    Column("priority", "优先", kind="number", width=44, get=lambda row: row.offer.priority),
    Column("code", "替代料", kind="code", get=lambda row: row.offer.code),
    Column("name", "名称", width=140, get=lambda row: row.offer.name),
    Column("spec", "规格", width=140, get=lambda row: row.offer.spec),
    Column(
        "ratio", "替代比", kind="number", width=60, get=lambda row: row.offer.ratio, tooltip="代替 1 个主料要用几个"
    ),
    Column("warehouse", "仓库", width=110, get=lambda row: row.offer.warehouse),
    Column("free", "可用", kind="number", get=lambda row: row.offer.free),
    Column("needed", "需要", kind="number"),
    Column("unit", "单位", width=44, get=lambda row: row.offer.unit),
    Column("enough", "够不够", kind="badge", width=72, choices=ENOUGH, tones=TONES),
)


class SubstituteDialog(PageDialog):
    """taken(rows): cells of the line itself and of lines to put below it. Space ticks several, Enter takes."""

    taken = Signal(object)

    def __init__(
        self, desk: Desk, line: Mapping[str, Any], free: Decimal, offers: Sequence[api.SubstituteOffer], parent: QWidget
    ) -> None:
        super().__init__(tr("换替代料"), "substituteDialog", parent)
        self.resize(960, 360)
        self._line, self._free, self._offers = dict(line), free, offers
        head = QLabel(_head(line, free), self)
        head.setObjectName("numberLabel")
        self.rest = QRadioButton(tr("只补缺的部分，原料照领 {free}", free=plain(free)), self)
        self.whole = QRadioButton(tr("整行换用"), self)
        self.choice = QButtonGroup(self)
        for button in (self.rest, self.whole):
            self.choice.addButton(button)
        self.rest.setEnabled(free > 0)
        (self.rest if free > 0 else self.whole).setChecked(True)
        self.choice.buttonToggled.connect(self._fill)
        self.grid = Grid(desk, "substitutes", COLUMNS, markable=True, key="key")
        self.grid.opened.connect(self.accept)
        note = QLabel(tr("空格勾选几种一起用，按优先顺序分 · Enter 换用 · 单据里 Ctrl+Z 撤销"), self)
        note.setObjectName("faintLabel")
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Ok | QDialogButtonBox.StandardButton.Cancel, self)
        buttons.button(QDialogButtonBox.StandardButton.Ok).setText(tr("换用"))
        buttons.accepted.connect(self.accept)
        buttons.rejected.connect(self.reject)
        modes = QHBoxLayout()
        modes.addWidget(self.rest)
        modes.addWidget(self.whole)
        modes.addStretch(1)
        layout = QVBoxLayout(self)
        layout.addWidget(head)
        layout.addLayout(modes)
        layout.addWidget(self.grid, 1)
        layout.addWidget(note)
        layout.addWidget(buttons)
        self._fill()
        self.grid.setFocus()

    def accept(self) -> None:
        """Hands the lines over; a substitute without stock is not taken."""
        chosen = [row.offer for row in self.grid.chosen()]
        rows = substituted(self._line, self._wanted(), chosen)
        if not rows:
            return
        if self.rest.isChecked():
            rows = [{"quantity": self._free}, *({**self._line, "id": None, "line_no": 0, **row} for row in rows)]
        else:
            rows = [rows[0], *({**self._line, "id": None, "line_no": 0, **row} for row in rows[1:])]
        super().accept()
        self.taken.emit(rows)

    def _wanted(self) -> Decimal:
        quantity: Decimal = self._line.get("quantity") or ZERO
        return quantity - self._free if self.rest.isChecked() else quantity

    def _fill(self) -> None:
        wanted = self._wanted()
        self.grid.set_rows([OfferRow(offer, offer.needed(wanted)) for offer in self._offers])


def substituted(
    line: Mapping[str, Any], wanted: Decimal, offers: Sequence[api.SubstituteOffer]
) -> list[dict[str, Any]]:
    """Cells of the lines that stand for a quantity of the material: each substitute as far as it is free, in the given order.

    The next is asked for what the books will still count as open.
    """
    rows = []
    decimals = int(line.get("decimals") or 0)
    for offer in offers:
        needed = offer.needed(wanted)
        quantity = min(needed, offer.free)
        if quantity <= 0 or wanted <= 0:
            continue
        wanted = ZERO if quantity == needed else wanted - offer.covers(quantity, decimals)
        rows.append(
            {
                "item_id": offer.item_id, "item_code": offer.code, "item_name": offer.name, "spec": offer.spec,
                "unit": offer.unit, "decimals": offer.decimals, "available": offer.free, "quantity": quantity,
                "warehouse_id": offer.warehouse_id, "warehouse_code": offer.warehouse_code, "warehouse_name": offer.warehouse,
                "lot": "", "note": line.get("note") or tr("替代 {code}", code=line.get("item_code") or ""),
            }
        )  # fmt: skip
    return rows


def _head(line: Mapping[str, Any], free: Decimal) -> str:
    quantity: Decimal = line.get("quantity") or ZERO
    return tr(
        "{item}：本次 {quantity}{unit}，可用 {free}，缺 {short}",
        item=f"{line.get('item_code')} {line.get('item_name') or ''}".strip(),
        quantity=plain(quantity),
        unit=line.get("unit") or "",
        free=plain(free),
        short=plain(quantity - free),
    )


def offer_substitutes(page: DocumentPage, problem: Problem, offer: Offer) -> None:
    """换替代料 for a short line of a pick, if an approved substitute has something free."""
    line = line_of(page, problem)
    record = line.record if line is not None else {}
    source = record.get("source_line_id")
    day, free = problem.args.get("date"), problem.args.get("free")
    if (
        line is None
        or not isinstance(day, date)
        or not source
        or page.spec.type != "material_issue"
        or page.form.value("kind") == "return"
    ):
        return

    def found(offers: list[api.SubstituteOffer]) -> None:
        if any(one.free > 0 for one in offers):
            offer(Way(tr("换替代料"), partial(choose, offers), tr("按优先顺序列出登记的替代料和可用数量")))

    def choose(offers: list[api.SubstituteOffer]) -> None:
        here = free if isinstance(free, Decimal) else ZERO
        dialog = SubstituteDialog(page.desk, line.record, here, offers, page)
        dialog.taken.connect(take)
        dialog.open()

    def take(rows: list[dict[str, Any]]) -> None:
        line.replace(rows, tr("换替代料"))
        page.refusals.settle(problem)

    store, item = record.get("warehouse_id") or 0, record.get("item_id") or 0
    ask = partial(api.substitute_offers, page.desk.session.db, int(source), day, item_id=int(item), store_id=int(store))
    page.run_query(ask, found)
