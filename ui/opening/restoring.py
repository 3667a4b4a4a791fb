"""备份和恢复: a backup to a file of the clerk's choice, and back from one into a file or a server, each shown with what was proved."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

from PySide6.QtWidgets import (
    QDialogButtonBox,
    QFileDialog,
    QFormLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QMessageBox,
    QPushButton,
    QWidget,
)

from services.platform.api import Backup, Database, Server, backup, verify_backup
from ui.framework.ops import Ops
from ui.framework.texts import tr
from ui.opening.deeds import Deeds, Opened
from ui.opening.server_dialog import ServerDialog
from ui.opening.working import Sentence, WorkingDialog

BACKUPS = "备份 (*.gfbak);;所有文件 (*)"
BOOKS = "账套 (*.db)"


def proved_text(made: Backup, sentence: Sentence) -> str:
    """What was proved of a backup, for a clerk; attached files that are not whole on lines of their own."""
    manifest = made.manifest
    text = tr(
        "✓ 已验证：做于 {made}，{size} MB，操作记录 {rows} 条首尾相连，结构版本 {revision}。",
        made=manifest.made_at.replace("T", " ")[:16],
        size=f"{manifest.size / 1e6:,.1f}",
        rows=f"{manifest.audit_rows:,}",
        revision=manifest.revision,
    )
    if manifest.files:
        told = {"count": manifest.files, "size": f"{manifest.files_size / 1e6:,.1f}"}
        if manifest.beside:
            text += "\n" + tr(
                "附件 {count} 个，{size} MB，在旁边的文件夹 {folder} 里。", folder=manifest.beside, **told
            )
        else:
            text += "\n" + tr("含附件 {count} 个，{size} MB。", **told)
    return "\n".join([text, *(sentence(problem) for problem in made.problems)])


class BackupDialog(WorkingDialog):
    """立即备份: a verified copy, while others work on. made: the backup, None if none was made."""

    def __init__(
        self, db: Database, suggested: Path, ops: Ops, sentence: Sentence, parent: QWidget | None = None
    ) -> None:
        super().__init__(tr("备份账套"), "backupDialog", ops, sentence, parent)
        self._db = db
        self.made: Backup | None = None
        self.file = _FileRow(str(suggested), self)
        self.file.button.clicked.connect(self._choose)
        self.result_label = QLabel(tr("备份会马上验证；可以放到 U 盘或同步文件夹。"), self)
        self.result_label.setWordWrap(True)
        form = QFormLayout()
        form.addRow(tr("备份到"), self.file)
        self.body.addLayout(form)
        self.body.addWidget(self.result_label)
        self.buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close, self)
        self.go = self.buttons.addButton(tr("备份"), QDialogButtonBox.ButtonRole.AcceptRole)
        self.go.setDefault(True)
        self.buttons.accepted.connect(self.back_up)
        self.buttons.rejected.connect(self.reject)
        self.body.addWidget(self.buttons)
        self.resize(560, 180)

    def back_up(self) -> None:
        """Makes and proves it."""
        self.work("正在备份并验证…", partial(backup, self._db, self.file.text()), self._done)

    def _done(self, made: Backup) -> None:
        self.made = made
        self.result_label.setText(f"{proved_text(made, self.sentence)}\n{made.file}")

    def _choose(self) -> None:
        name, _ = QFileDialog.getSaveFileName(self, tr("备份到"), self.file.text(), tr(BACKUPS))
        if name:
            self.file.field.setText(name if Path(name).suffix else f"{name}.gfbak")


class RestoreDialog(WorkingDialog):
    """从备份恢复: first the backup is proved and shown, then it is put into a file or a server's database, or only looked at.

    restored: the file it was put into; opened: the book of a server, or the backup that is looked at; else None.
    """

    def __init__(self, deeds: Deeds, ops: Ops, sentence: Sentence, parent: QWidget | None = None) -> None:
        super().__init__(tr("从备份恢复"), "restoreDialog", ops, sentence, parent)
        self.deeds = deeds
        self.restored: Path | None = None
        self.opened: Opened | None = None
        self.proved: Backup | None = None
        self.source = _FileRow("", self)
        self.target = _FileRow(str(deeds.suggested_file()), self)
        self.source.button.clicked.connect(self._choose_source)
        self.target.button.clicked.connect(self._choose_target)
        self.source.field.textChanged.connect(self._source_changed)
        self.proof = QLabel(tr("先选备份，验证通过才能恢复。"), self)
        self.proof.setWordWrap(True)
        self.warning = QLabel(self)
        self.warning.setWordWrap(True)
        self.form = QFormLayout()
        self.form.addRow(tr("备份"), self.source)
        self.form.addRow(tr("恢复到"), self.target)
        self.body.addLayout(self.form)
        self.body.addWidget(self.proof)
        self.body.addWidget(self.warning)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Cancel, self)
        self.check = buttons.addButton(tr("验证"), QDialogButtonBox.ButtonRole.ActionRole)
        self.look = buttons.addButton(tr("只看不恢复"), QDialogButtonBox.ButtonRole.ActionRole)
        self.go = buttons.addButton("", QDialogButtonBox.ButtonRole.AcceptRole)
        self.check.clicked.connect(self.verify)
        self.look.clicked.connect(self.look_into)
        buttons.accepted.connect(self.restore)
        buttons.rejected.connect(self.reject)
        self.body.addWidget(buttons)
        self.target.field.textChanged.connect(self._enable)
        self._enable()
        self.resize(640, 260)

    @property
    def of_server(self) -> bool:
        """Whether the proved backup is of a PostgreSQL book."""
        return self.proved is not None and self.proved.manifest.kind == "postgresql"

    def verify(self) -> None:
        """Proves the chosen backup."""
        self.work("正在验证备份…", partial(verify_backup, self.source.text()), self._verified)

    def restore(self) -> None:
        """Puts it into the file, where a book that is there is kept beside it, or asks for the server's database."""
        if self.proved is None:
            return
        if self.of_server:
            dialog = RestoreServerDialog(self.proved.file, self.deeds, self.ops, self.sentence, self)
            dialog.exec()
            if dialog.opened is not None:
                self.opened = dialog.opened
                self.accept()
            return
        deed = partial(self.deeds.restore, self.proved.file, Path(self.target.text()))
        self.work("正在恢复…", deed, self._restored)

    def look_into(self) -> None:
        """只看不恢复: opens a copy that cannot be changed and is thrown away."""
        if self.proved is not None:
            self.work("正在打开备份…", partial(self.deeds.look_into, self.proved.file), self._looked)

    def tell_lost(self, text: str) -> None:
        """Says what did not come along before the book is opened (tests replace it)."""
        QMessageBox.warning(self, self.windowTitle(), text)

    def _verified(self, made: Backup) -> None:
        self.proved = made
        self.proof.setText(proved_text(made, self.sentence))
        self._enable()
        self.go.setDefault(True)

    def _restored(self, made: Backup) -> None:
        self.restored = Path(self.target.text())
        if made.problems:
            self.tell_lost("\n".join(self.sentence(problem) for problem in made.problems))
        self.accept()

    def _looked(self, opened: Opened) -> None:
        self.opened = opened
        self.accept()

    def _source_changed(self) -> None:
        self.proved = None
        self.proof.setText(tr("先选备份，验证通过才能恢复。"))
        self._enable()

    def _enable(self) -> None:
        """What the backup that was proved allows, and what happens to a book that lies where it is to go."""
        self.go.setEnabled(self.proved is not None)
        self.go.setText(tr("恢复到服务器…") if self.of_server else tr("恢复并打开"))
        self.look.setEnabled(self.proved is not None and not self.of_server)
        self.form.setRowVisible(self.target, not self.of_server)
        there = not self.of_server and Path(self.target.text()).is_file()
        text = tr("这个文件已经有账套：恢复后它改名为 .before-restore 留在旁边，不会丢。") if there else ""
        if self.of_server:
            text = tr("这是 PostgreSQL 账套的备份，要恢复到服务器的数据库里；地址和密码在下一步填。")
        self.warning.setText(text)
        self.warning.setVisible(bool(text))

    def _choose_source(self) -> None:
        name, _ = QFileDialog.getOpenFileName(self, tr("备份"), "", tr(BACKUPS))
        if name:
            self.source.field.setText(name)
            self.verify()

    def _choose_target(self) -> None:
        name, _ = QFileDialog.getSaveFileName(self, tr("恢复到"), self.target.text(), tr(BOOKS))
        if name:
            self.target.field.setText(name if Path(name).suffix else f"{name}.db")


class RestoreServerDialog(ServerDialog):
    """恢复到 PostgreSQL: the address of the database that is to hold the book. Accepted when `opened` is that book."""

    def __init__(self, backup: Path, deeds: Deeds, ops: Ops, sentence: Sentence, parent: QWidget | None = None) -> None:
        self.backup = backup
        super().__init__(deeds, ops, sentence, parent)
        self.setWindowTitle(tr("恢复到 PostgreSQL"))

    def tell_lost(self, text: str) -> None:
        """Says what did not come along (tests replace it)."""
        QMessageBox.warning(self, self.windowTitle(), text)

    def _add_buttons(self, buttons: QDialogButtonBox) -> None:
        note = QLabel(
            tr(
                "数据库可以不存在；里面已有账套的，恢复后改名为 …_before_restore 留着。"
                "要用能建库的账号（createdb），恢复时没有人在用。用户的数据库登录名恢复后要再运行一次 roles。"
            ),
            self,
        )
        note.setWordWrap(True)
        self.body.addWidget(note)
        buttons.addButton(tr("恢复并打开"), QDialogButtonBox.ButtonRole.AcceptRole).setDefault(True)

    def _deed(self, server: Server, *, make: bool) -> Callable[[], Any]:
        del make
        keep = self.keep.isChecked()
        return partial(self.deeds.restore_to_server, self.backup, server, self.password.text(), keep=keep)

    def _done(self, answer: Any) -> None:
        made, self.opened, kept = answer
        if made.problems:
            self.tell_lost("\n".join(self.sentence(problem) for problem in made.problems))
        self._tell_password(kept)
        self.accept()


class _FileRow(QWidget):
    """A path and the button that chooses it."""

    def __init__(self, text: str, parent: QWidget) -> None:
        super().__init__(parent)
        self.field = QLineEdit(text, self)
        self.field.setMinimumWidth(360)
        self.button = QPushButton(tr("选择…"), self)
        self.button.setAutoDefault(False)
        across = QHBoxLayout(self)
        across.setContentsMargins(0, 0, 0, 0)
        across.addWidget(self.field, 1)
        across.addWidget(self.button)
        self.setFocusProxy(self.field)

    def text(self) -> str:
        """The path."""
        return self.field.text().strip()
