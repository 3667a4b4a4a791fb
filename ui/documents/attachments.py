"""附件: files of a document beside its lines; dropped on the window, opened, saved elsewhere, taken off a draft."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

from PySide6.QtCore import QEvent, QObject, QUrl, Signal
from PySide6.QtGui import QDesktopServices, QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from models.kernel.refs import Changes, DocRef
from services.papers import api
from ui.documents.verbs import confirm
from ui.framework.grid.columns import Column
from ui.framework.grid.grid import Grid
from ui.framework.icons import dress
from ui.framework.page import Page
from ui.framework.texts import tr

KILO = 1024


class FileDrops(QObject):
    """Files dropped anywhere on a page: dropped(list of paths). takes: whether the page can have any now."""

    dropped = Signal(object)

    def __init__(self, page: Page, takes: Callable[[], bool]) -> None:
        super().__init__(page)
        self._takes = takes
        page.setAcceptDrops(True)
        page.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Files dropped on the page."""
        if isinstance(event, QDragEnterEvent) and self._takes() and _files(event):
            event.acceptProposedAction()
            return True
        if isinstance(event, QDropEvent) and event.type() == QEvent.Type.Drop and _files(event):
            event.acceptProposedAction()
            self.dropped.emit(_files(event))
            return True
        return super().eventFilter(watched, event)


class AttachmentPanel(QWidget):
    """Belongs to the window of a document. counted(n) when the list was read."""

    counted = Signal(int)

    def __init__(self, page: Page, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._page = page
        self._ref: DocRef | None = None
        self._draft = False
        self.grid = Grid(
            page.desk,
            "document/attachments",
            (
                Column("name", "文件", width=180),
                Column("size", "大小 KB", kind="number", width=70, decimals=0, get=lambda row: -(-row.size // KILO)),
                Column("added_by", "谁", width=60),
                Column("added_at", "何时", kind="stamp", width=90),
            ),
            key="id",
        )
        self.grid.empty_label.setText(tr("还没有附件"))
        self.hint = QLabel(tr("把文件拖到这张单据上，或按“附上”"), self)
        self.hint.setObjectName("faintLabel")
        self.hint.setWordWrap(True)
        self.add_button = self._button("附上…", "attach", self.choose)
        self.open_button = self._button("打开", "page", self.open_current)
        self.save_button = self._button("另存为…", "export", self.save_current)
        self.remove_button = self._button("删除", "delete", self.remove_current)
        row = QHBoxLayout()
        for button in (self.add_button, self.open_button, self.save_button, self.remove_button):
            row.addWidget(button)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.grid, 1)
        layout.addWidget(self.hint)
        layout.addLayout(row)
        self.grid.opened.connect(self.open_current)
        self.grid.current_row_changed.connect(self._enable)
        self._enable()

    def show_document(self, ref: DocRef, *, draft: bool) -> None:
        """Shows the files of a stored document; a new one has none yet."""
        self._ref, self._draft = (ref if ref.id else None), draft
        if self._ref is None:
            self._show([])
        else:
            ask = partial(api.list_attachments, self._page.desk.session.db, ref.id)
            self._page.run_query(ask, self._show, latest="attachments")

    def attach(self, files: Sequence[Path]) -> None:
        """Attaches files; refusals appear under the page."""
        if self._ref is None:
            self._page.desk.say(tr("请先保存单据，再附文件"))
            return
        session = self._page.desk.session
        command = partial(api.attach, session.db, session.user, self._ref.id, list(files))
        self._page.run_command(command, on_done=self._changed, title="附件")

    def choose(self) -> None:
        """附上: asks for files."""
        kinds = " ".join(f"*.{kind}" for kind in sorted(api.ALLOWED))
        names, _ = QFileDialog.getOpenFileNames(self, tr("附上文件"), "", f"{tr('可以附的文件')} ({kinds})")
        if names:
            self.attach([Path(name) for name in names])

    def open_current(self) -> None:
        """打开: a copy, in the program the system has for it."""
        row = self.grid.current()
        if row is not None:
            folder = Path(tempfile.mkdtemp(prefix="gongfang-"))
            self._page.run_query(
                partial(api.save_attachment_as, self._page.desk.session.db, row.id, folder), self.show_file
            )

    def show_file(self, file: Path) -> None:
        """Hands a file to the system."""
        QDesktopServices.openUrl(QUrl.fromLocalFile(str(file)))

    def save_current(self) -> None:
        """另存为."""
        row = self.grid.current()
        name = QFileDialog.getSaveFileName(self, tr("另存为"), row.name)[0] if row is not None else ""
        if row is not None and name:
            save = partial(api.save_attachment_as, self._page.desk.session.db, row.id, Path(name))
            self._page.run_query(save, self._saved)

    def remove_current(self) -> None:
        """删除: of drafts only, after a question."""
        row = self.grid.current()
        if row is not None and self._draft and self.ask(tr("删除附件 {name}？", name=row.name)):
            session = self._page.desk.session
            command = partial(api.detach, session.db, session.user, row.id)
            self._page.run_command(command, on_done=self._changed, title="附件")

    def ask(self, question: str) -> bool:
        """A yes/no question (tests replace it)."""
        return confirm(self, tr("附件"), question)

    def _button(self, title: str, icon_name: str, run: object) -> QPushButton:
        button = QPushButton(tr(title), self)
        dress(button, icon_name)
        button.clicked.connect(run)
        return button

    def _show(self, rows: Sequence[api.AttachmentRow]) -> None:
        self.grid.set_rows(rows)
        self.counted.emit(len(rows))
        self._enable()

    def _enable(self) -> None:
        current = self.grid.current() is not None
        self.add_button.setEnabled(self._ref is not None)
        self.open_button.setEnabled(current)
        self.save_button.setEnabled(current)
        self.remove_button.setEnabled(current and self._draft)

    def _changed(self, changes: Changes) -> None:
        del changes
        if self._ref is not None:
            self.show_document(self._ref, draft=self._draft)

    def _saved(self, file: Path) -> None:
        self._page.desk.say(tr("已存为 {file}", file=file))


def _files(event: QDropEvent) -> list[Path]:
    return [Path(url.toLocalFile()) for url in event.mimeData().urls() if url.isLocalFile()]
