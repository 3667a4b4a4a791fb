"""The status bar: last saving, selection, running work with cancel, period, user, books."""

from __future__ import annotations

from decimal import Decimal

from PySide6.QtCore import Qt, QTime
from PySide6.QtWidgets import QLabel, QProgressBar, QStatusBar, QToolButton, QWidget

from ui.framework.colors import current
from ui.framework.desk import Desk
from ui.framework.grid.columns import Column
from ui.framework.icons import dress
from ui.framework.ops import Progress
from ui.framework.texts import tr

_NUMBER = Column("", "", kind="number")


class StatusBar(QStatusBar):
    """Every part says what it is in words; long work shows its share and a button that cancels it."""

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._desk = desk
        self.setSizeGripEnabled(False)
        self.saved = self._part(tr("就绪"))
        self.selection = self._part("")
        self.job_label = self._part("")
        self.bar = QProgressBar(self)
        self.bar.setFixedWidth(120)
        self.bar.setTextVisible(True)
        self.bar.setMaximumHeight(16)
        self.cancel = QToolButton(self)
        dress(self.cancel, "close")
        self.cancel.setText(tr("取消"))
        self.cancel.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self.cancel.setObjectName("cancelJob")
        self.cancel.clicked.connect(self.cancel_job)
        self.addWidget(self.bar)
        self.addWidget(self.cancel)
        self.period = self._part("", permanent=True)
        self.user = self._part("", permanent=True)
        self.database = self._part("", permanent=True)
        self._backed_up = True
        self.backup = self._part("", permanent=True)
        self.backup.hide()
        desk.ops.saved.connect(self.note_saved)
        desk.ops.told.connect(self.saved.setText)
        desk.ops.progressed.connect(self.show_progress)
        desk.ops.jobs_changed.connect(self.show_jobs)
        self.show_session()
        self.show_jobs()

    def show_session(self) -> None:
        """Books, user and period."""
        session = self._desk.session
        self.database.setText(tr("账套 {name}", name=session.database) if session.database else "")
        self.user.setText(tr("用户 {name}", name=session.user_name) if session.user_name else "")
        self.period.setText(tr("期间 {period}", period=session.period) if session.period else "")

    def show_backup(self, text: str, fine: bool) -> None:
        """When the book was last backed up; in the colour of a warning when that is too long ago."""
        self.backup.setText(text)
        self._backed_up = fine
        self.paint()
        self.backup.show()

    def paint(self) -> None:
        """The warning in the colours of the scheme."""
        self.backup.setStyleSheet("" if self._backed_up else f"color: {current().tones['warn']};")

    def note_saved(self) -> None:
        """A command finished."""
        self.saved.setText(tr("已保存 {time}", time=QTime.currentTime().toString("HH:mm")))

    def show_summary(self, count: int, total: Decimal | None) -> None:
        """Cells selected and their sum."""
        if count < 2:
            self.selection.setText("")
            return
        text = tr("选中 {count} 格", count=f"{count:,}")
        self.selection.setText(f"{text}  {tr('合计')} {_NUMBER.show(total)}" if total is not None else text)

    def show_progress(self, progress: Progress) -> None:
        """How far the oldest long work is."""
        running = self._desk.ops.running
        if not running or progress is not running[0]:
            return
        self.bar.setRange(0, progress.total)
        self.bar.setValue(progress.done)
        text = tr("正在{title}", title=tr(progress.title))
        self.job_label.setText(f"{text} {progress.text}" if progress.text else text)

    def show_jobs(self) -> None:
        """Shows or hides the part for long work."""
        running = self._desk.ops.running
        for part in (self.job_label, self.bar, self.cancel):
            part.setVisible(bool(running))
        if running:
            self.bar.setRange(0, 0)
            self.job_label.setText(tr("正在{title}", title=tr(running[0].title)))

    def cancel_job(self) -> None:
        """Asks the oldest long work to stop."""
        for progress in self._desk.ops.running[:1]:
            progress.cancel()
            self.job_label.setText(tr("正在取消…"))

    def _part(self, text: str, *, permanent: bool = False) -> QLabel:
        label = QLabel(text, self)
        label.setObjectName("statusPart")
        if permanent:
            self.addPermanentWidget(label)
        else:
            self.addWidget(label)
        return label
