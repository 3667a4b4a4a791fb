"""Declarations of a document type's and a master kind's windows: a screenful each, everything else is generic."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from ui.framework.actions import Action
from ui.framework.grid.columns import Column

if TYPE_CHECKING:
    from ui.documents.document_page import DocumentPage
    from ui.documents.list_page import DocumentListPage


@dataclass(frozen=True, slots=True)
class DocumentSpec:
    """The windows of one document type.

    type          code in the services' registry; title, area, icon, order and shortcut for the navigation
    header        fields of the head: keys date, kind, partner_code, workshop, note … (see drafting.HEAD_KEYS)
    lines         columns of the line editor: keys of services.documents.api.LineView
    list_columns  columns of the list: keys of services.documents.api.DocumentListRow
    materials     columns of the material list of an order; () = the type has none
    pushes        target type, or type and kind ("material_issue:return") -> title, offered as 下推
    sources       whether lines can be taken from open source lines (选源单 F9)
    typed         whether lines may be typed without a source
    changeable    whether an approved document can be changed (变更): orders, not what was posted
    list_actions, page_actions   further verbs of the list and of the window
    """

    type: str
    title: str
    area: str
    header: tuple[Column, ...]
    lines: tuple[Column, ...]
    list_columns: tuple[Column, ...]
    materials: tuple[Column, ...] = ()
    pushes: Mapping[str, str] = field(default_factory=dict)
    kinds: Mapping[str, str] = field(default_factory=dict)
    topics: frozenset[str] = frozenset()
    sources: bool = False
    typed: bool = True
    changeable: bool = False
    icon: str = "page"
    order: int = 50
    shortcut: str = ""
    right: str = ""
    list_actions: Callable[[DocumentListPage], list[Action]] | None = None
    page_actions: Callable[[DocumentPage], list[Action]] | None = None


@dataclass(frozen=True, slots=True)
class RecordSpec:
    """The windows of one kind of master data.

    kind          name in services.masterdata.api.kinds()
    fields        the form: keys of the record's values; look-ups hold codes
    list_columns  the list; () = the fields
    key           fields that identify a record; they are fixed once it is saved
    across        pairs of label and field in a row of the form
    searched      what the search of the list looks in
    """

    kind: str
    title: str
    area: str
    fields: tuple[Column, ...]
    list_columns: tuple[Column, ...] = ()
    key: tuple[str, ...] = ("code",)
    searched: str = "编码、名称、拼音（Ctrl+F）"
    icon: str = "page"
    order: int = 50
    shortcut: str = ""
    right: str = ""
    across: int = 3
