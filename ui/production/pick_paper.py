"""The merged pick list on its way to paper: numbered when it is first looked at, counted when it is printed."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from typing import Any

from models.kernel.refs import Changes
from services.printing.api import Printed
from services.reporting import api as reporting
from ui.documents.list_page import DocumentListPage
from ui.documents.printing import PrintJob, preview
from ui.framework.actions import Action
from ui.framework.page import Page
from ui.framework.texts import tr


def show_pick_list(
    page: Page, ids: Sequence[int], on_numbered: Callable[[reporting.PickList], object] | None = None
) -> None:
    """Opens the preview of one pick list for orders or pick lists; on_numbered is told under which number."""
    session = page.desk.session
    wanted = list(dict.fromkeys(ids))

    def numbered(answer: tuple[reporting.PickList, Changes]) -> None:
        if on_numbered is not None:
            on_numbered(answer[0])
        paper = _Paper(session.db, session.user, session.language, answer[0])
        preview(page, PrintJob(tr("合并拣货单"), reporting.MERGED, paper.make, paper.count, paper.note))

    give = partial(reporting.pick_list, session.db, session.user, wanted, day=session.today())
    page.run_command(give, on_done=numbered, title="打印")


def list_actions(page: DocumentListPage) -> list[Action]:
    """合并拣货单 of what is chosen in a list of orders or pick lists, to be printed again without the bench."""

    def show() -> None:
        show_pick_list(page, [row.ref.id for row in page.grid.chosen()])

    def some() -> bool:
        return bool(page.grid.chosen())

    return [
        Action(
            "merge_picks", "合并拣货单", show, "", "print", some, "选中的单合成一张拣货单", where="menu", group="out"
        )
    ]


class _Paper:
    """One numbered list; how often it was printed goes on."""

    def __init__(self, db: Any, user: str, language: str, listed: reporting.PickList) -> None:
        self._db = db
        self._user = user
        self._language = language
        self._listed = listed

    def make(self, template: str, tick: Callable[[int, int], object]) -> Printed:
        """The list in a template."""
        tick(0, 1)
        return reporting.print_merged(
            self._db, self._listed.ids, template=template, listed=self._listed, language=self._language
        )

    def count(self) -> Changes:
        """One time more, for the list and each of its documents."""
        changes = reporting.count_pick_list(self._db, self._user, self._listed)
        self._listed = replace(self._listed, printed=self._listed.printed + 1)
        return changes

    def note(self) -> str:
        """Whether it was printed before."""
        before = self._listed.printed
        return tr("{number} 打印过 {count} 次", number=self._listed.number, count=before) if before else ""
