"""打印机与偏移: for each printer of this machine how far it is off, copies and template; a ruler page to measure with."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtPrintSupport import QPrinterInfo
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QDialogButtonBox,
    QDoubleSpinBox,
    QFormLayout,
    QLabel,
    QPushButton,
    QSpinBox,
    QVBoxLayout,
    QWidget,
)

from services.printing.api import PdfPages, Template, print_ruler, profile_of
from ui.framework.desk import Desk
from ui.framework.dialog import PageDialog
from ui.framework.icons import icon
from ui.framework.preview import PreviewDialog
from ui.framework.texts import tr
from ui.printing.printers import ALL_FORMS, MOST_COPIES, MOST_MM, PrinterProfile, Printers


class PrinterDialog(PageDialog):
    """What is set here stays on this machine. The template's paper is that of the ruler page."""

    def __init__(
        self,
        desk: Desk,
        template: Template,
        templates: Sequence[str],
        parent: QWidget,
        printers: Sequence[str] | None = None,
    ) -> None:
        super().__init__(tr("打印机与偏移"), "printerDialog", parent)
        self._desk = desk
        self._template = template
        self._kept = Printers(desk.settings)
        installed = [info.printerName() for info in QPrinterInfo.availablePrinters()] if printers is None else printers
        self.printer = QComboBox(self)
        self.printer.addItems(list(dict.fromkeys([*installed, *self._kept.names()])))
        self.only = QCheckBox(tr("只用于{title}", title=tr(template.title)), self)
        self.right = _millimetres(self)
        self.down = _millimetres(self)
        self.copies = QSpinBox(self)
        self.copies.setRange(1, MOST_COPIES)
        self.template = QComboBox(self)
        self.template.addItem(tr("按默认模板"), "")
        for name in templates:
            self.template.addItem(name, name)
        self.note = QLabel(self)
        self.note.setWordWrap(True)
        self._build()
        self.printer.currentTextChanged.connect(self._show)
        self.only.toggled.connect(self._show)
        last = self._kept.last(template.type)
        if self.printer.findText(last) >= 0:
            self.printer.setCurrentText(last)
        self._start()

    def profile(self) -> PrinterProfile:
        """What the fields say."""
        return PrinterProfile(
            self.printer.currentText(),
            self._form,
            self.right.value(),
            self.down.value(),
            self.copies.value(),
            str(self.template.currentData()) if self._form else "",
        )

    def accept(self) -> None:
        """Keeps the profile on this machine."""
        self._kept.keep(self.profile())
        self._desk.say(tr("已记住 {printer} 的偏移", printer=self.printer.currentText()))
        super().accept()

    def ruler(self) -> None:
        """测试打印: the page of rulers with the offset that is typed now."""
        paper = profile_of(self._template).moved(right_mm=self.right.value(), down_mm=self.down.value())
        pdf = print_ruler(paper, self._desk.session.language).pdf
        preview = PreviewDialog(self._desk, tr("测试打印"), pdf, PdfPages(pdf), self)
        preview.printers.setCurrentText(self.printer.currentText())
        preview.open()

    @property
    def _form(self) -> str:
        return self._template.type if self.only.isChecked() else ALL_FORMS

    def _build(self) -> None:
        fields = QFormLayout()
        for title, widget in (
            (tr("打印机"), self.printer),
            ("", self.only),
            (tr("往右移（毫米）"), self.right),
            (tr("往下移（毫米）"), self.down),
            (tr("份数"), self.copies),
            (tr("模板"), self.template),
        ):
            fields.addRow(title, widget)
            widget.setAccessibleName(title or self.only.text())
        self.buttons = QDialogButtonBox(
            QDialogButtonBox.StandardButton.Save | QDialogButtonBox.StandardButton.Cancel, self
        )
        self.buttons.button(QDialogButtonBox.StandardButton.Save).setText(tr("保存"))
        self.buttons.button(QDialogButtonBox.StandardButton.Cancel).setText(tr("取消"))
        self.buttons.accepted.connect(self.accept)
        self.buttons.rejected.connect(self.reject)
        self.test_button = QPushButton(icon("print"), tr("测试打印"), self)
        self.test_button.clicked.connect(self.ruler)
        self.buttons.addButton(self.test_button, QDialogButtonBox.ButtonRole.ActionRole)
        layout = QVBoxLayout(self)
        layout.addLayout(fields)
        layout.addWidget(self.note)
        layout.addWidget(self.buttons)
        self.setMinimumWidth(420)

    def _start(self) -> None:
        found = self._kept.exact(self.printer.currentText(), self._template.type)
        self.only.setChecked(found is not None)
        self._show()

    def _show(self) -> None:
        name = self.printer.currentText()
        found = self._kept.exact(name, self._form) or self._kept.profile(name, self._form)
        self.right.setValue(found.offset_x_mm)
        self.down.setValue(found.offset_y_mm)
        self.copies.setValue(found.copies)
        self.template.setCurrentIndex(max(0, self.template.findData(found.template)))
        self.template.setEnabled(self.only.isChecked())
        self.buttons.button(QDialogButtonBox.StandardButton.Save).setEnabled(bool(name))
        if name:
            self.note.setText(tr("印一张测试页，量外框到纸边的距离，差多少就填多少，可填 0.1 毫米；偏左偏上填正数。"))
        else:
            self.note.setText(tr("这台电脑没有安装打印机。可以先看测试页，另存为 PDF。"))


def _millimetres(parent: QWidget) -> QDoubleSpinBox:
    field = QDoubleSpinBox(parent)
    field.setRange(-MOST_MM, MOST_MM)
    field.setDecimals(1)
    field.setSingleStep(0.1)
    return field
