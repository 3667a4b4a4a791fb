"""What can be opened: pages by key, documents by type, records by kind; areas register, the frame shows, nobody imports a sibling."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, Protocol

from models.kernel.refs import DocRef

if TYPE_CHECKING:
    from ui.framework.desk import Desk
    from ui.framework.page import Page

AREAS: Final = {
    "today": "今日",
    "sales": "销售",
    "planning": "计划",
    "purchasing": "采购",
    "inventory": "仓库",
    "production": "生产",
    "subcontracting": "委外",
    "quality": "质量",
    "costing": "成本",
    "finance": "财务",
    "reporting": "报表",
    "masterdata": "资料",
    "system": "系统",
}


@dataclass(frozen=True, slots=True)
class RecordRef:
    """A master record to open: kind ("item") and code; an empty code is a new record."""

    kind: str
    code: str = ""


@dataclass(frozen=True, slots=True)
class PageRef:
    """A page to open by its key, with arguments for its factory (a filter, an item …)."""

    key: str
    arguments: tuple[tuple[str, Any], ...] = ()

    @property
    def mapping(self) -> dict[str, Any]:
        """The arguments as a dict."""
        return dict(self.arguments)


Target = str | PageRef | DocRef | RecordRef


@dataclass(frozen=True, slots=True)
class PageSpec:
    """A page of the navigation.

    key unique name; title and icon as shown; area one of AREAS; factory makes the page; shortcut opens it from anywhere;
    right: needed to see it ("" = everybody); listed=False keeps it out of the navigation (still in the palette).
    """

    key: str
    title: str
    area: str
    factory: Callable[[Desk], Page]
    icon: str = "page"
    shortcut: str = ""
    right: str = ""
    listed: bool = True
    order: int = 100


class PageHost(Protocol):
    """The frame: shows a page, or brings the tab of the same identity to the front."""

    def show_page(self, identity: object, make: Callable[[], Page]) -> Page:
        """Opens a tab for identity, made by make() unless one is there already."""

    def change_identity(self, page: Page, identity: object) -> None:
        """A page shows something else now (a new document got its number)."""


class Navigator:
    """open(target) from anywhere; the registry of pages and openers."""

    def __init__(self) -> None:
        self._pages: dict[str, PageSpec] = {}
        self._documents: dict[str, Callable[[Desk, DocRef], Page]] = {}
        self._records: dict[str, Callable[[Desk, RecordRef], Page]] = {}
        self._host: PageHost | None = None
        self._desk: Desk | None = None

    def attach(self, host: PageHost, desk: Desk) -> None:
        """The frame announces itself."""
        self._host, self._desk = host, desk

    def register(self, *specs: PageSpec) -> None:
        """Adds pages; a key may be given only once."""
        for spec in specs:
            if spec.key in self._pages:
                raise ValueError(f"page {spec.key} is registered twice")
            if spec.area not in AREAS:
                raise ValueError(f"page {spec.key}: no area {spec.area}")
            self._pages[spec.key] = spec

    def register_document(self, type_code: str, factory: Callable[[Desk, DocRef], Page]) -> None:
        """Says which window shows documents of a type; DocRef(type, 0, "") asks for a new one."""
        self._documents[type_code] = factory

    def register_record(self, kind: str, factory: Callable[[Desk, RecordRef], Page]) -> None:
        """Says which window shows master records of a kind."""
        self._records[kind] = factory

    def pages(self) -> list[PageSpec]:
        """All pages, by area and order."""
        areas = list(AREAS)
        return sorted(self._pages.values(), key=lambda spec: (areas.index(spec.area), spec.order))

    def page(self, key: str) -> PageSpec:
        """The page of that key; KeyError if there is none."""
        return self._pages[key]

    def can_open(self, target: Target) -> bool:
        """Whether somebody registered a window for the target, and the user has the right to a page."""
        if isinstance(target, DocRef):
            return target.type in self._documents
        if isinstance(target, RecordRef):
            return target.kind in self._records
        spec = self._pages.get(target if isinstance(target, str) else target.key)
        return spec is not None and (self._desk is None or self._desk.session.allowed(spec.right))

    def open(self, target: Target) -> Page | None:
        """Opens a page, document or record in a tab, or brings its tab to the front. None if nobody registered a window for it."""
        if self._host is None or self._desk is None or not self.can_open(target):
            return None
        desk = self._desk
        if isinstance(target, DocRef):
            factory = self._documents[target.type]
            return self._host.show_page(_identity(target), lambda: factory(desk, target))
        if isinstance(target, RecordRef):
            maker = self._records[target.kind]
            return self._host.show_page(_identity(target), lambda: maker(desk, target))
        ref = PageRef(target) if isinstance(target, str) else target
        spec = self._pages[ref.key]
        page = self._host.show_page(("page", ref.key), lambda: spec.factory(desk))
        if ref.arguments:
            page.apply_arguments(ref.mapping)
        return page

    def make(self, ref: RecordRef) -> Page | None:
        """The form of a record without a tab around it, for a dialog; None if nobody registered one."""
        maker = self._records.get(ref.kind)
        return maker(self._desk, ref) if maker is not None and self._desk is not None else None

    def rebind(self, page: Page, ref: DocRef | RecordRef) -> None:
        """A page now shows this document or record: opening it later brings this page to the front."""
        if self._host is not None:
            self._host.change_identity(page, _identity(ref))

    def show(self, identity: object, make: Callable[[], Page]) -> Page | None:
        """Opens a tab that is not registered (a draft just pushed down); identity keeps it from opening twice."""
        return self._host.show_page(identity, make) if self._host is not None else None


def _identity(ref: DocRef | RecordRef) -> object:
    if isinstance(ref, DocRef):
        return (ref.type, ref.id) if ref.id else (ref.type, "new", object())
    return ("record", ref.kind, ref.code) if ref.code else ("record", ref.kind, "new", object())
