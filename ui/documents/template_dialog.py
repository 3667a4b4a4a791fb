"""常用单据: templates of a document type; Enter makes a new document from one."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QDialogButtonBox, QInputDialog, QLabel, QVBoxLayout, QWidget

from models.kernel.problems import Problem
from models.kernel.refs import Changes
from services.documents import api as documents
from services.papers import api
from ui.framework.desk import Desk
from ui.framework.dialog import PageDialog
from ui.framework.grid.columns import Column
from ui.framework.grid.grid import Grid
from ui.framework.page import Page
from ui.framework.texts import tr

COLUMNS = (
    Column("name", "名称", width=240),
    Column("lines", "行数", kind="number", width=60, decimals=0),
    Column("saved_by", "谁存的", width=80),
    Column("saved_at", "何时", kind="stamp", width=110),
)


class TemplateDialog(PageDialog):
    """chosen(DocumentView) for the new document. Delete forgets a template."""

    chosen = Signal(object)

    def __init__(self, desk: Desk, type_code: str, parent: QWidget) -> None:
        super().__init__(tr("从常用单据新建"), "templateDialog", parent)
        self.resize(560, 380)
        self._desk = desk
        self._type = type_code
        self.grid = Grid(desk, "templates", COLUMNS, key="id")
        self.grid.empty_label.setText(tr("还没有常用单据：在单据上右键“存为常用单据”"))
        self.fault_label = QLabel(tr("Enter 新建，Del 删除常用单据"), self)
        self.fault_label.setObjectName("faintLabel")
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Ok | QDialogButtonBox.StandardButton.Cancel, self)
        self.make_button = buttons.button(QDialogButtonBox.StandardButton.Ok)
        self.make_button.setText(tr("新建"))
        self.make_button.setEnabled(False)
        buttons.button(QDialogButtonBox.StandardButton.Cancel).setText(tr("取消"))
        buttons.accepted.connect(self.accept)
        buttons.rejected.connect(self.reject)
        layout = QVBoxLayout(self)
        for part in (self.grid, self.fault_label, buttons):
            layout.addWidget(part)
        self.grid.opened.connect(self.accept)
        self.grid.view.installEventFilter(self)
        self._read()
        self.grid.setFocus()

    def accept(self) -> None:
        """Makes the document; a refusal is told in the dialog."""
        row = self.grid.current()
        if row is not None:
            make = partial(_view_of, self._desk, row.id)
            self._desk.ops.run_query(make, self._made, owner=self, on_refused=self._refused, latest="template")

    def remove(self) -> None:
        """Forgets the current template."""
        row = self.grid.current()
        if row is not None:
            session = self._desk.session
            command = partial(api.remove_template, session.db, session.user, row.id)
            self._desk.ops.run_command(command, owner=self, on_done=self._removed, on_refused=self._refused)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Del in the list."""
        if event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent) and event.key() == Qt.Key.Key_Delete:
            self.remove()
            return True
        return super().eventFilter(watched, event)

    def _read(self) -> None:
        ask = partial(api.list_templates, self._desk.session.db, self._type)
        self._desk.ops.run_query(ask, self._show, owner=self, latest="templates")

    def _show(self, rows: Sequence[api.TemplateRow]) -> None:
        self.grid.set_rows(rows)
        self.make_button.setEnabled(bool(rows))

    def _made(self, view: documents.DocumentView) -> None:
        self.chosen.emit(view)
        super().accept()

    def _removed(self, changes: Changes) -> None:
        del changes
        self._read()

    def _refused(self, problems: Sequence[Problem]) -> None:
        self.fault_label.setObjectName("fault")
        self.fault_label.style().polish(self.fault_label)
        self.fault_label.setText("\n".join(self._desk.sentence(problem) for problem in problems))


def save_as_template(page: Page, draft: documents.DocDraft, proposal: str) -> None:
    """存为常用单据: asks for the name; one of the same name is replaced."""
    name, accepted = QInputDialog.getText(page, tr("存为常用单据"), tr("名称（同名的会被替换）"), text=proposal)
    if accepted:
        session = page.desk.session
        done = partial(_saved, page.desk, name.strip())
        page.run_command(
            partial(api.save_template, session.db, session.user, name, draft), on_done=done, title="常用单据"
        )


def _saved(desk: Desk, name: str, changes: Changes) -> None:
    del changes
    desk.say(tr("已存为常用单据“{name}”", name=name))


def _view_of(desk: Desk, template_id: int) -> documents.DocumentView:
    session = desk.session
    return documents.describe(session.db, api.draft_from_template(session.db, template_id, day=session.today()))
