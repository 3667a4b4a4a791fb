"""连接 PostgreSQL: address, TLS with its root certificate, and a password that goes into the system's key store or nowhere."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QDialogButtonBox,
    QFileDialog,
    QFormLayout,
    QHBoxLayout,
    QLineEdit,
    QMessageBox,
    QPushButton,
    QSpinBox,
    QWidget,
)

from models.kernel.problems import Problem, Refused
from services.platform.api import SYSTEM_ROOTS, TLS, Server, check_server
from ui.access.secrets import SecretEdit
from ui.framework.ops import Ops
from ui.framework.texts import tr
from ui.opening.deeds import Deeds, Opened
from ui.opening.working import Sentence, WorkingDialog


class ServerDialog(WorkingDialog):
    """Accepted when `opened` is a book."""

    def __init__(
        self, deeds: Deeds, ops: Ops, sentence: Sentence, parent: QWidget | None = None, *, server: Server | None = None
    ) -> None:
        super().__init__(tr("连接 PostgreSQL"), "serverDialog", ops, sentence, parent)
        self.deeds = deeds
        self.opened: Opened | None = None
        self.host = QLineEdit(server.host if server else "", self)
        self.port = QSpinBox(self)
        self.port.setRange(1, 65535)
        self.port.setValue(server.port if server else 5432)
        self.database = QLineEdit(server.database if server else "", self)
        self.user = QLineEdit(server.user if server else "", self)
        self.password = SecretEdit("密码", self)
        self.keep = QCheckBox(tr("记住密码（存入系统密码库，不写进任何文件）"), self)
        self.keep.setChecked(True)
        self.tls = QComboBox(self)
        for mode, word in TLS.items():
            self.tls.addItem(tr(word), mode)
        self.tls.setCurrentIndex(max(0, self.tls.findData(server.tls if server else "verify-full")))
        self.root = QLineEdit("" if server is None or server.root_cert == SYSTEM_ROOTS else server.root_cert, self)
        self.system_roots = QCheckBox(tr("用系统的证书"), self)
        self.system_roots.setChecked(server is not None and server.root_cert == SYSTEM_ROOTS)
        self._build()
        (self.password if server is not None else self.host).setFocus()

    @property
    def server(self) -> Server:
        """The address as filled in."""
        root = SYSTEM_ROOTS if self.system_roots.isChecked() else self.root.text().strip()
        return Server(
            self.host.text().strip(), self.database.text().strip(), self.user.text().strip(), self.port.value(),
            str(self.tls.currentData()), root,
        )  # fmt: skip

    def connect_now(self) -> None:
        """连接."""
        self._connect()

    def make_book(self) -> None:
        """在空数据库里新建账套: asked first."""
        question = tr("在数据库 {database} 里新建账套吗？它必须是空的。", database=self.database.text().strip())
        if QMessageBox.question(self, tr("新建账套"), question) == QMessageBox.StandardButton.Yes:
            self._connect(make=True)

    def choose_root(self) -> None:
        """The certificate's file."""
        name, _ = QFileDialog.getOpenFileName(self, tr("根证书"), "", tr("证书 (*.crt *.pem *.cer);;所有文件 (*)"))
        if name:
            self.root.setText(name)
            self.system_roots.setChecked(False)

    def _connect(self, *, make: bool = False) -> None:
        server = self.server
        try:
            check_server(server)
        except Refused as refused:
            self.show_refusal(refused.problems)
            return
        self.work("正在连接服务器…", self._deed(server, make=make), self._done)

    def _deed(self, server: Server, *, make: bool) -> Callable[[], Any]:
        keep = self.keep.isChecked()
        return partial(self.deeds.open_server, server, self.password.text(), make=make, keep=keep)

    def _done(self, answer: Any) -> None:
        self.opened, kept = answer
        self._tell_password(kept)
        self.accept()

    def _tell_password(self, kept: bool) -> None:
        """The field is emptied; a key store that did not take the password is told."""
        self.password.clear()
        if self.keep.isChecked() and not kept:
            QMessageBox.information(self, tr("密码"), self.sentence(Problem("server.password_not_kept", {})))

    def _tls_changed(self) -> None:
        on = self.tls.currentData() != "disable"
        for part in (self.root, self.root_button, self.system_roots):
            part.setEnabled(on)
        self.root.setEnabled(on and not self.system_roots.isChecked())

    def _add_buttons(self, buttons: QDialogButtonBox) -> None:
        go = buttons.addButton(tr("连接"), QDialogButtonBox.ButtonRole.AcceptRole)
        go.setDefault(True)
        make = buttons.addButton(tr("新建账套…"), QDialogButtonBox.ButtonRole.ActionRole)
        make.setAutoDefault(False)
        make.clicked.connect(self.make_book)

    def _build(self) -> None:
        form = QFormLayout()
        address = QHBoxLayout()
        self.host.setPlaceholderText("db.example.cn")
        self.host.setMinimumWidth(260)
        self.host.setAccessibleName(tr("服务器"))
        self.port.setAccessibleName(tr("端口"))
        # The number is drawn lower than a line of text; beside one it is as high, or it would press it down.
        self.port.setMinimumHeight(self.host.sizeHint().height())
        address.addWidget(self.host, 1)
        address.addWidget(self.port)
        self.root_button = QPushButton(tr("选择…"), self)
        self.root_button.setAutoDefault(False)
        self.root_button.clicked.connect(self.choose_root)
        roots = QHBoxLayout()
        self.root.setAccessibleName(tr("根证书"))
        self.root.setPlaceholderText("root.crt")
        for part in (self.root, self.root_button, self.system_roots):
            roots.addWidget(part)
        form.addRow(tr("服务器和端口"), address)
        form.addRow(tr("数据库"), self.database)
        form.addRow(tr("用户"), self.user)
        form.addRow(tr("密码"), self.password)
        form.addRow("", self.keep)
        form.addRow(tr("加密"), self.tls)
        form.addRow(tr("根证书"), roots)
        self.body.addLayout(form)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Cancel, self)
        self._add_buttons(buttons)
        buttons.accepted.connect(self.connect_now)
        buttons.rejected.connect(self.reject)
        self.body.addWidget(buttons)
        self.tls.currentIndexChanged.connect(self._tls_changed)
        self.system_roots.toggled.connect(self._tls_changed)
        self._tls_changed()
