"""The verbs on saved documents, one implementation for lists and windows; each stands beside its reverse."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QInputDialog, QMenu, QMessageBox, QToolButton, QWidget

from models.kernel.problems import Problem
from models.kernel.refs import Changes, DocRef
from services.documents import api
from ui.documents.reversal_dialog import ReversalDialog
from ui.documents.spec import DocumentSpec
from ui.framework.actions import Action
from ui.framework.page import Page
from ui.framework.texts import tr

OPEN_AT_ONCE = 1


@dataclass(frozen=True, slots=True)
class Chosen:
    """A document that a verb applies to."""

    ref: DocRef
    version: int
    status: str
    closing: str


class DocumentVerbs(QObject):
    """Asks `chosen` for the documents, calls the services through the page, and leaves the rest to the broadcast of changes.

    open_draft(view) shows a draft that is not saved yet (pushed down, copied); ready() is asked before a verb runs (a window saves first).
    """

    def __init__(
        self,
        page: Page,
        spec: DocumentSpec,
        chosen: Callable[[], Sequence[Chosen]],
        open_draft: Callable[[api.DocumentView], object],
    ) -> None:
        super().__init__(page)
        self._page = page
        self._spec = spec
        self._chosen = chosen
        self._open_draft = open_draft

    @property
    def _db(self) -> Any:
        return self._page.desk.session.db

    @property
    def _user(self) -> Any:
        return self._page.desk.session.user

    def actions(self) -> list[Action]:
        """Declarations, in the order of the bar. What posts to the ledgers is done when it is approved: it is never closed by hand."""
        can = self._can
        made = [
            Action("approve", "审核", self.approve, "F8", "approve", can(status="Z", closing="C"), group="audit"),
            Action("reverse", "反审核", self.reverse, "Shift+F8", "reverse", can(status="C"), group="audit"),
        ]
        made += self._push_actions()
        if api.document_type(self._spec.type).posting is None:
            open_ones = can(status="C", closing="C")
            made += [
                Action("close", "关闭单据", self.close, "", "lock", open_ones, where="menu", group="close"),
                Action(
                    "reopen",
                    "反关闭",
                    self.reopen,
                    "",
                    "unlock",
                    can(status="C", closing="H"),
                    where="menu",
                    group="close",
                ),
            ]
        made += [
            Action("copy", "复制", self.copy, "Ctrl+Shift+D", "copy", can(), where="menu", group="edit"),
            Action(
                "delete",
                "删除",
                self.delete,
                "Ctrl+Delete",
                "delete",
                can(status="Z", closing="C"),
                where="menu",
                group="edit",
            ),
        ]
        return made

    def _push_actions(self) -> list[Action]:
        pushes = self._spec.pushes
        if not pushes:
            return []
        made = []
        for target, title in pushes.items():
            run, enabled = partial(self.push, target), self._can(status="C", closing=pushed_while(target))
            name = tr("下推：{title}", title=tr(title))
            made.append(Action(f"push_{target}", name, run, "", "push", enabled, where="menu", group="push"))
        any_of = self._can(status="C", closing="".join(map(pushed_while, pushes)))
        return [Action("push", "下推 ▸", self.push_menu, "Ctrl+T", "push", any_of, group="push"), *made]

    # verbs

    def approve(self) -> None:
        """审核: all or none; refusals name every line."""
        chosen = self._drafts()
        if chosen:
            ids = [doc.ref.id for doc in chosen]
            versions = {doc.ref.id: doc.version for doc in chosen}
            self._run(partial(api.approve, self._db, self._user, ids, versions), "审核")

    def reverse(self) -> None:
        """反审核: shows the chain of later documents first."""
        ids = [doc.ref.id for doc in self._chosen() if doc.status == "C"]
        if ids:
            self._page.run_query(
                partial(api.preview_reversal, self._db, ids), partial(self._preview, ids), latest="chain"
            )

    def close(self) -> None:
        """关闭: what is left is not executed any more; asks for the reason."""
        ids = [doc.ref.id for doc in self._chosen() if doc.closing == "C" and doc.status == "C"]
        reason = self._ask_reason(tr("关闭 {count} 张单据", count=len(ids))) if ids else None
        if reason is not None:
            self._run(partial(api.close, self._db, self._user, ids, reason), "关闭")

    def reopen(self) -> None:
        """反关闭."""
        ids = [doc.ref.id for doc in self._chosen() if doc.status == "C" and doc.closing == "H"]
        reason = self._ask_reason(tr("反关闭 {count} 张单据", count=len(ids))) if ids else None
        if reason is not None:
            self._run(partial(api.reopen, self._db, self._user, ids, reason), "反关闭")

    def delete(self) -> None:
        """删除: drafts only, after a question."""
        chosen = self._drafts()
        if not chosen:
            return
        question = tr("删除 {number}？", number=chosen[0].ref.number)
        if len(chosen) > 1:
            question = tr("删除 {count} 张未审核的单据？", count=len(chosen))
        if self.confirm(tr("删除"), question):
            self._run(partial(api.delete, self._db, self._user, [doc.ref.id for doc in chosen]), "删除")

    def copy(self) -> None:
        """复制: a new draft with the same lines."""
        chosen = list(self._chosen())[:1]
        if chosen:
            db, day, key = self._db, self._page.desk.session.today(), chosen[0].ref.id
            self._page.run_query(lambda: api.describe(db, api.copy_document(db, key, day=day)), self._open_draft)

    def push_menu(self) -> None:
        """下推: straight to the only target, else a menu at the button."""
        targets = [(target, title) for target, title in self._spec.pushes.items() if self._to_push(target)]
        if len(targets) == 1:
            self.push(targets[0][0])
            return
        if not targets:
            # The rows were replaced since the button was last asked.
            self._page.update_actions()
            return
        menu = QMenu(self._page)
        for target, title in targets:
            menu.addAction(tr(title), partial(self.push, target))
        button = self._page.findChild(QToolButton, "button_push")
        place = (
            button.mapToGlobal(button.rect().topLeft())
            if button is not None
            else self._page.mapToGlobal(self._page.rect().center())
        )
        menu.popup(place)
        menu.setActiveAction(menu.actions()[0])

    def push(self, target: str) -> None:
        """下推: one draft opens for editing; several are saved as drafts together."""
        db, day = self._db, self._page.desk.session.today()
        ids = self._to_push(target)

        def drafts() -> list[api.DocDraft]:
            return [draft for key in ids for draft in api.push_down(db, key, target, day=day)]

        if ids:
            self._page.run_query(drafts, partial(self._pushed, target), latest="push")

    def _to_push(self, target: str) -> list[int]:
        return [doc.ref.id for doc in self._chosen() if doc.status == "C" and doc.closing in pushed_while(target)]

    def _drafts(self) -> list[Chosen]:
        """The chosen documents that are not approved; what is void stays void."""
        return [doc for doc in self._chosen() if doc.status == "Z" and doc.closing == "C"]

    def confirm(self, title: str, question: str) -> bool:
        """A yes/no question (tests replace it)."""
        return confirm(self._page, title, question)

    # answers

    def _preview(self, ids: list[int], steps: list[api.ChainStep]) -> None:
        others = [step for step in steps if step.ref.id not in ids]
        if not others:
            self._run(partial(api.reverse, self._db, self._user, ids), "反审核")
            return
        dialog = ReversalDialog(self._page.desk, steps, ids, self._page)
        dialog.accepted.connect(partial(self._reverse_chain, ids))
        dialog.open()

    def _reverse_chain(self, ids: list[int]) -> None:
        self._run(partial(api.reverse, self._db, self._user, ids, with_chain=True), "反审核")

    def _pushed(self, target: str, drafts: list[api.DocDraft]) -> None:
        db, user = self._db, self._user
        if len(drafts) == OPEN_AT_ONCE:
            self._page.run_query(lambda: api.describe(db, drafts[0]), self._open_draft)
            return
        title = self._spec.pushes.get(target, target)
        if not self.confirm(
            tr("下推"), tr("将生成 {count} 张{title}草稿，保存吗？", count=len(drafts), title=tr(title))
        ):
            return

        def save_all() -> tuple[list[DocRef], Changes]:
            saved = [api.save_document(db, user, draft) for draft in drafts]
            refs = [ref for ref, _ in saved]
            topics: frozenset[str] = frozenset().union(*(changes.topics for _, changes in saved))
            return refs, Changes(tuple(refs), topics)

        self._page.run_command(save_all, on_done=self._saved_all, title="下推")

    def _saved_all(self, result: tuple[list[DocRef], Changes]) -> None:
        for ref in result[0][:1]:
            self._page.desk.navigator.open(ref)

    def _run(self, function: Callable[[], Changes], title: str) -> None:
        self._page.run_command(function, title=title)

    def _ask_reason(self, title: str) -> str | None:
        text, accepted = QInputDialog.getText(self._page, title, tr("原因（会记入单据历史）"))
        return text.strip() if accepted else None

    def _can(self, *, status: str = "ZC", closing: str = "CSH") -> Callable[[], bool]:
        def enabled() -> bool:
            return any(doc.status in status and doc.closing in closing for doc in self._chosen())

        return enabled


def pushed_while(target: str) -> str:
    """Closing states in which a target is pushed: what was drawn comes back from finished orders too."""
    return "CS" if ":" in target else "C"


def confirm(parent: QWidget, title: str, question: str) -> bool:
    """A yes/no question, No by default."""
    buttons = QMessageBox.StandardButton.Yes | QMessageBox.StandardButton.No
    answer = QMessageBox.question(parent, title, question, buttons, QMessageBox.StandardButton.No)
    return bool(answer == QMessageBox.StandardButton.Yes)


def open_numbered(page: Page, problem: Problem) -> bool:
    """Opens the document that a refusal names by its number; False if it names none or carries its ref itself."""
    number = problem.place.document
    if problem.ref is not None or not number:
        return False
    page.run_query(
        partial(api.find_document, page.desk.session.db, number), partial(_open_found, page), latest="number"
    )
    return True


def _open_found(page: Page, ref: DocRef | None) -> None:
    if ref is not None:
        page.desk.navigator.open(ref)
