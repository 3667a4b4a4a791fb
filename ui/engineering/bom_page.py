"""多级 BOM: the tree that is edited at every level and saved in one step."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from functools import partial
from typing import Any, Final

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QLabel

from models.kernel.problems import Problem
from services.engineering import api
from services.masterdata import api as masterdata
from ui.engineering.bom_bar import BomBar
from ui.engineering.draft import DraftBook, DraftLine
from ui.engineering.expansion import restore, standing
from ui.engineering.facts_panel import FactsPanel
from ui.engineering.knowledge import ItemKnowledge
from ui.engineering.leading import lead
from ui.engineering.look import Place
from ui.engineering.matched_lines import MatchedLines
from ui.engineering.outline import Outline
from ui.engineering.tree_model import BomModel
from ui.engineering.tree_saving import TreeSaving
from ui.engineering.tree_view import MAX_LEVEL, BomTreeView
from ui.engineering.typing_in import ComponentTyping
from ui.engineering.version_verbs import VersionVerbs
from ui.framework.actions import Action
from ui.framework.desk import Desk
from ui.framework.lookup import LookupRow, LookupSource
from ui.framework.navigator import RecordRef
from ui.framework.page import Page
from ui.framework.texts import tr

HINT: Final = "Tab 下一格 · Enter 下一行 · Alt+→ 变成下级 · Alt+← 移出 · Ctrl+C/X/V 整枝 · F7 选物料 · 用量可写 3/67"

LAST_PRODUCT: Final = "bom/last"


class BomPage(Page):
    """One product's structure. Everything typed stays in the window until Ctrl+S writes all changed levels at once."""

    topics = frozenset({"bom", "items", "stock"})
    rights: Mapping[str, str] = {
        "save": "bom.change", "new_version": "bom.change", "toggle": "bom.change", "delete": "bom.change",
        "match": "bom.change", "approve": "bom.approve", "reverse": "bom.approve",
    }  # fmt: skip

    def __init__(self, desk: Desk, code: str = "") -> None:
        super().__init__(desk, "物料清单", icon_name="tree")
        self.wanted = code
        self.version = ""
        self.day = desk.session.today()
        self.book: DraftBook | None = None
        self.model: BomModel | None = None
        self.saving = TreeSaving(self)
        source = desk.lookups.get("items") or _own_source(desk)
        self.top = BomBar(desk.ops, source, self.day, self)
        self.tree = BomTreeView(desk.ops, source, self)
        self.facts = FactsPanel(self)
        self.typing = ComponentTyping(self, self.tree, lambda: self.day)
        self.verbs = VersionVerbs(self, self.tree, self._copied)
        self.knowledge = ItemKnowledge(self, self.tree, self.facts)
        self._lay_out()
        self.facts.show_item(None, None, "", None)
        self.add_actions(self._actions())

    # the page's duties

    @property
    def dirty(self) -> bool:
        """Whether a bill was typed into."""
        return self.book is not None and (bool(self.book.dirty_bills) or self.tree.cell.typed)

    def refresh(self) -> None:
        """Reads the tree again, unless something typed would be lost."""
        if self.wanted and (not self.dirty or self.saving.adopting):
            ask = partial(_read, self.desk.session.db, self.wanted, self.day, self.version)
            self.run_query(ask, self._show_tree, latest="tree", held=True)

    def item_code(self) -> str:
        """The item of the current line of the tree, else the product."""
        place = self.tree.current_place() if self.focusWidget() is not self.top.product else None
        item = self.model.look.item_of(place) if place is not None and self.model is not None else None
        return item.code if item is not None else self.wanted

    def on_shown(self) -> None:
        """An empty page shows the product seen last, else the first one there is; without any it asks for it."""
        if self.wanted:
            return
        last = self.desk.settings.load(LAST_PRODUCT)
        if last:
            self.show_item(last)
        else:
            self.run_query(partial(api.first_product, self.desk.session.db), self._begin_with, latest="first")

    def _begin_with(self, code: str) -> None:
        if code and not self.wanted:
            self.show_item(code)
        else:
            self.top.product.setFocus()

    def apply_arguments(self, arguments: Mapping[str, Any]) -> None:
        """code: the product."""
        if arguments.get("code"):
            self.show_item(str(arguments["code"]))

    def lead_to(self, problem: Problem) -> bool:
        """To the line a refusal speaks of, in this tree or in the bill it names."""
        return self.model is not None and lead(self, self.model, problem, self.saving.rows)

    # showing

    def show_item(self, text: str) -> None:
        """Shows another product; what was typed must be saved first."""
        if self.book is not None and self.dirty:
            self.show_problems([Problem("bom.unsaved", {"bom": self.book.dirty_name})])
            self.top.product.setText(self.wanted)
            return
        self.wanted, self.version = text, ""
        self.request_refresh()

    def show_level(self, depth: int) -> None:
        """Opens the tree to a level; says so when the tree is too large for it."""
        if self.model is not None:
            reached = self.tree.show_level(depth)
            short = reached < min(depth, MAX_LEVEL)
            self.top.note.setText(tr("行数太多，只展开到第 {level} 级", level=reached) if short else "")

    def _show_tree(self, answer: tuple[str, api.BomTree | None]) -> None:
        text, tree = answer
        if tree is not None:
            self.saving.shown(tree, kept=self.dirty)
        if self.dirty:
            return
        if tree is None:
            self.show_problems([Problem("bom.unknown_item", {"text": text})])
            return
        before = standing(self.tree, self.model)
        old, model = self.model, BomModel(DraftBook(tree), self)
        self.book, self.model, self.verbs.book = model.book, model, model.book
        model.today = self.desk.session.today()
        outline = Outline(model, self.desk.session.today, model)
        self.tree.show_tree(model, outline)
        if old is not None:
            old.deleteLater()
        self.typing.attach(model)
        model.edited.connect(self._edited)
        outline.refused.connect(self._refused)
        self._show_head(tree)
        _begin_empty(model)
        restore(self.tree, model, before)
        self.knowledge.attach(model)
        self.state_changed.emit()
        if self.top.product.hasFocus():
            self.tree.setFocus()

    def _show_head(self, tree: api.BomTree) -> None:
        item, head = tree.items[tree.root_id], tree.chosen.get(tree.root_id)
        self.wanted = item.code
        self.desk.settings.save(LAST_PRODUCT, item.code)
        self.top.show_item(item, tree.versions.get(tree.root_id, ()), head.version_code if head else "")
        self.set_title(tr("清单 {code}", code=item.code))

    def _show_version(self, version: str) -> None:
        if self.book is not None and self.dirty:
            self.show_problems([Problem("bom.unsaved", {"bom": self.book.dirty_name})])
            return
        self.version = version
        self.request_refresh()

    def _show_day(self, day: date) -> None:
        if day != self.day and not self.dirty:
            self.day = day
            self.request_refresh()

    def _copied(self, code: str, saved: api.TreeSaved) -> None:
        """A new version is shown: here, or in the window of its own item."""
        ((_item, version),) = saved.ids
        page = self if code == self.wanted else self.desk.navigator.open(RecordRef("bom", code))
        if isinstance(page, BomPage):
            page.version = version
            page.request_refresh()

    # typing

    def _edited(self) -> None:
        self.knowledge.edited()
        self.state_changed.emit()

    def _place_changed(self, place: Place | None) -> None:
        self.knowledge.show(place)
        self.state_changed.emit()

    def _refused(self, problem: Problem) -> None:
        self.show_problems([problem])

    def save(self) -> None:
        """Writes every changed level in one transaction; faults in the tree come first."""
        self.saving.save()

    def discard(self) -> None:
        """Gives up what was typed."""
        self.tree.drop_editing()
        self.book = None
        self.refusals.clear()
        self.request_refresh()

    # building

    def _actions(self) -> list[Action]:
        def dirty() -> bool:
            return self.dirty

        save = Action("save", "保存", self.save, "Ctrl+S", "save", dirty, "一次写入所有改过的层级", group="edit")
        opens = Action(
            "open", "打开此物料的清单", self._open_here, "", "tree", self.verbs.has_item, where="menu", group="look"
        )
        drop = Action("discard", "放弃修改", self.discard, "", "close", dirty, where="menu", group="edit")
        levels = [
            Action(
                f"level_{depth}", tr("展开 {level} 级", level=depth), partial(self.show_level, depth), f"Ctrl+{depth}", where="menu",
                group="levels",
            )
            for depth in (1, 2, 3)
        ]  # fmt: skip
        every = Action(
            "level_all", "全部展开", partial(self.show_level, MAX_LEVEL), "Ctrl+0", where="menu", group="levels"
        )
        return [save, *self.verbs.actions(), *MatchedLines(self).actions(), opens, drop, *levels, every]

    def _lay_out(self) -> None:
        hint = QLabel(tr(HINT), self)
        hint.setObjectName("faintLabel")
        middle = QHBoxLayout()
        middle.setSpacing(4)
        middle.addWidget(self.tree, 1)
        middle.addWidget(self.facts)
        self.body.addWidget(self.top)
        self.body.addLayout(middle, 1)
        self.body.addWidget(hint)
        self.top.item_wanted.connect(self.show_item)
        self.top.version_wanted.connect(self._show_version)
        self.top.day_wanted.connect(self._show_day)
        self.top.level_wanted.connect(self.show_level)
        self.tree.cell.changed.connect(self.state_changed)
        self.tree.place_changed.connect(self._place_changed)
        self.tree.open_wanted.connect(self._open_place)
        self.tree.pasted.connect(self.typing.paste)
        self.tree.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.tree.customContextMenuRequested.connect(self.show_context_menu)

    def _open_here(self) -> None:
        place = self.tree.current_place()
        if place is not None:
            self._open_place(place)

    def _open_place(self, place: Place) -> None:
        item = self.book.component(place.line) if self.book is not None else None
        if item is not None and item.code != self.wanted:
            self.desk.navigator.open(RecordRef("bom", item.code))


def _read(db: Any, text: str, day: date, version: str) -> tuple[str, api.BomTree | None]:
    """The tree of an item given by code, name or pinyin; None when there is none."""
    found = api.items_of(db, [text]).get(text)
    if found is None:
        return text, None
    known = {head.version_code for head in api.versions(db, found.id)} if version else set()
    return text, api.bom_tree(db, found.id, day=day, version=version if version in known else "")


def _own_source(desk: Desk) -> LookupSource:
    """Items to look up, where nobody registered a source."""

    def search(text: str, limit: int) -> list[LookupRow]:
        hits = masterdata.search(desk.session.db, "items", text, limit)
        return [LookupRow(hit.code, hit.name, (hit.spec, hit.unit, hit.extra)) for hit in hits]

    return LookupSource("物料", search, ("编码", "名称", "规格", "单位", "可用"))


def _begin_empty(model: BomModel) -> None:
    """A product without a bill starts with a blank line."""
    root = model.book.items[model.book.root_id]
    bill = model.book.bills.get(root.id)
    if root.kind in api.MADE_KINDS and not model.book.lines(root.id) and (bill is None or not bill.locked):
        model.apply({root.id: (DraftLine(),)})
