"""The import of the first day: a workbook is tried without keeping anything, its control totals are shown, going on writes it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import partial
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QFileDialog,
    QHBoxLayout,
    QHeaderView,
    QLabel,
    QListWidget,
    QProgressBar,
    QPushButton,
    QTableWidget,
    QTableWidgetItem,
    QVBoxLayout,
    QWidget,
    QWizardPage,
)

from models.kernel.problems import Place, Problem, Refused
from services.exchange import api
from services.platform.api import Database
from ui.framework.ops import Progress
from ui.framework.texts import language, listed, tr
from ui.opening.titled import title_columns

if TYPE_CHECKING:
    from ui.opening.first_run import FirstRunWizard

FILES: Final = "表格 (*.xlsx *.xls *.xlsb *.ods *.csv)"
SHOWN: Final = 200
BAR_HEIGHT: Final = 16
OPENING: Final = "opening_stock"
TITLES: Final = ("表", "行数", "数量合计", "金额合计", "没填金额的行", "会怎样")


@dataclass(frozen=True, slots=True)
class Trial:
    """What a try without keeping found: totals, counts by sheet in words, or why it would not go."""

    totals: Sequence[api.ControlTotal]
    words: dict[str, str]
    problems: tuple[Problem, ...]


class ImportStep(QWizardPage):
    """Without a file the page is passed; with one, only after the try went through."""

    def __init__(self, wizard: FirstRunWizard) -> None:
        super().__init__(wizard)
        self.run = wizard
        self.paths: tuple[str, ...] = ()
        self.trial: Trial | None = None
        self.report: api.ImportReport | None = None
        self._busy = False
        self._job: Progress | None = None
        self.setTitle(tr("导入资料和期初"))
        self.setSubTitle(
            tr("物料、BOM、客户、供应商、期初库存从 Excel 进来。先试导入，和原来的账对上合计再写入；没有就直接下一步。")
        )
        self.file_label = QLabel(tr("还没有选文件"), self)
        self.state = QLabel(self)
        self.state.setWordWrap(True)
        self.bar = QProgressBar(self)
        self.bar.setMaximumHeight(BAR_HEIGHT)
        self.bar.setAccessibleName(tr("进度"))
        self.stop_button = QPushButton(tr("停止导入"), self)
        self.stop_button.setAutoDefault(False)
        self.bar.hide()
        self.stop_button.hide()
        self.table = QTableWidget(0, len(TITLES), self)
        self.table.setAccessibleName(tr("合计"))
        self.table.setTabKeyNavigation(False)
        title_columns(self.table, TITLES, range(1, 5))
        self.table.setEditTriggers(QTableWidget.EditTrigger.NoEditTriggers)
        self.table.verticalHeader().hide()
        self.table.horizontalHeader().setSectionResizeMode(4, QHeaderView.ResizeMode.ResizeToContents)
        self.table.horizontalHeader().setSectionResizeMode(5, QHeaderView.ResizeMode.Stretch)
        self.faults = QListWidget(self)
        self.faults.setAccessibleName(tr("没有通过的原因"))
        self.faults.setWordWrap(True)
        self.faults.hide()
        self.template_button = QPushButton(tr("生成模板…"), self)
        self.choose_button = QPushButton(tr("选择文件…"), self)
        self.error_button = QPushButton(tr("导出错误文件…"), self)
        self.error_button.hide()
        for button, deed in (
            (self.template_button, self.write_template),
            (self.choose_button, self.choose),
            (self.error_button, self.write_errors),
            (self.stop_button, self.stop),
        ):
            button.clicked.connect(deed)
        wizard.ops.progressed.connect(self._show_progress)
        wizard.rejected.connect(self.stop)
        self._lay_out()

    # deeds

    def choose(self) -> None:
        """选择文件…: tried at once."""
        names, _ = QFileDialog.getOpenFileNames(self, tr("导入"), "", tr(FILES))
        if names:
            self.look_at(names)

    def look_at(self, names: Sequence[str]) -> None:
        """Tries files without keeping anything."""
        self.paths, self.trial = tuple(names), None
        self.file_label.setText(listed(Path(name).name for name in names))
        self.state.setText(tr("正在试导入…"))
        self._work("试导入", partial(_try, self.run.db, self.run.user, self.paths), self._tried, self._given_up)

    def stop(self) -> None:
        """停止导入: the work under way ends at its next statement; nothing of it stays."""
        if self._job is not None:
            self._job.cancel()
            self.stop_button.setEnabled(False)
            self.state.setText(tr("正在取消…"))

    def write_template(self) -> None:
        """生成模板…: a blank workbook with all sheets."""
        name, _ = QFileDialog.getSaveFileName(self, tr("生成模板"), tr("工坊导入模板.xlsx"), "Excel (*.xlsx)")
        if name:
            self.run.ops.run_query(
                partial(api.write_template, Path(name), lang=language()),
                partial(self._written_to, name),
                owner=self,
                on_refused=self._not_read,
            )

    def write_errors(self) -> None:
        """导出错误文件…: the workbook with a column 错误原因."""
        name, _ = QFileDialog.getSaveFileName(self, tr("导出错误文件"), tr("错误.xlsx"), "Excel (*.xlsx)")
        if name and self.trial is not None:
            write = partial(api.write_error_file, Path(name), self.paths, self.trial.problems, lang=language())
            self.run.ops.run_query(write, partial(self._written_to, name), owner=self, on_refused=self._not_read)

    # page

    def isComplete(self) -> bool:
        """No file, or a file that would go in."""
        return not self._busy and (not self.paths or (self.trial is not None and not self.trial.problems))

    def validatePage(self) -> bool:
        """Writes the file, then goes on."""
        if not self.paths or self.report is not None:
            return not self._busy
        if not self._busy:
            self.state.setText(tr("正在写入…"))
            self._work(
                "导入", partial(_write, self.run.db, self.run.user, self.paths), self._imported, self._not_written
            )
        return False

    def nextId(self) -> int:
        """The check follows where the book has opening stock, from now or from before; else the administrator does."""
        written = self.report is not None and OPENING in self.report.documents
        there = self.run.present is not None and self.run.present.has_opening
        return self.run.id_of(self.run.check if written or there else self.run.administrator)

    # answers

    def _tried(self, trial: Trial) -> None:
        self.trial, self.report = trial, None
        self._show_totals(trial)
        self.faults.clear()
        self.faults.addItems([self._told(problem) for problem in trial.problems[:SHOWN]])
        self.faults.setVisible(bool(trial.problems))
        self.error_button.setVisible(bool(trial.problems))
        if trial.problems:
            self.state.setText(
                tr(
                    "✖ 有 {count} 处要改，什么都没有写入。改好再选一次，或导出错误文件看每一行的原因。",
                    count=len(trial.problems),
                )
            )
        else:
            self.state.setText(tr("✓ 都能导入，还没有写入。请把合计和原来的账对一对，对上了再按“下一步”。"))
        self.completeChanged.emit()

    def _told(self, problem: Problem) -> str:
        """A fault as the clerk finds it: sheet and column by their titles."""
        where = problem.place
        sheet = api.find_sheet(where.sheet)
        if sheet is None or not where.row:
            return self.run.sentence(problem)
        titles = {column.key: column.title for column in sheet.columns}
        said = self.run.sentence(replace(problem, place=Place()))
        column = tr(titles.get(where.column, where.column))
        return tr(
            "{sheet} 第 {row} 行 {column}：{said}", sheet=tr(sheet.title), row=where.row, column=column, said=said
        )

    def _not_read(self, problems: Sequence[Problem]) -> None:
        self._tried(Trial((), {}, tuple(problems)))

    def _given_up(self) -> None:
        """The try was stopped: as if no file had been chosen."""
        self.paths, self.trial = (), None
        self.table.setRowCount(0)
        self.faults.hide()
        self.error_button.hide()
        self.file_label.setText(tr("还没有选文件"))
        self.state.setText(tr("已取消，什么都没有写入。"))
        self.completeChanged.emit()

    def _not_written(self) -> None:
        self.state.setText(tr("已取消，什么都没有写入。再按“下一步”从头写入。"))

    def _imported(self, report: api.ImportReport) -> None:
        self.report = report
        self.state.setText(tr("✓ 已写入。"))
        self.run.read()
        if self.run.currentPage() is self:
            self.run.next()

    def _written_to(self, name: str, _result: Any) -> None:
        self.state.setText(tr("已写出 {file}", file=name))

    def _show_totals(self, trial: Trial) -> None:
        self.table.setRowCount(0)
        for total in trial.totals:
            row = self.table.rowCount()
            self.table.insertRow(row)
            title = tr("　其中 {group}", group=total.group) if total.group else tr(total.title)
            cells = (
                title, f"{total.rows:,}", _number(total.quantity), _number(total.amount, places=2),
                f"{total.without_amount:,}" if total.without_amount else "",
                "" if total.group else trial.words.get(total.sheet, ""),
            )  # fmt: skip
            for column, text in enumerate(cells):
                cell = QTableWidgetItem(text)
                if 1 <= column <= 4:
                    cell.setTextAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
                self.table.setItem(row, column, cell)
        self.table.resizeColumnToContents(0)

    def _work(
        self,
        title: str,
        function: Callable[[Progress], Any],
        done: Callable[[Any], object],
        cancelled: Callable[[], object],
    ) -> None:
        """Runs a try or the import with progress and a button that stops it."""
        self._set_busy(busy=True)
        self._job = self.run.ops.run_long(
            function, owner=self, title=title, on_done=done, on_refused=self._not_read, on_cancelled=cancelled,
            on_finished=self._finished,
        )  # fmt: skip

    def _finished(self) -> None:
        self._job = None
        self._set_busy(busy=False)

    def _show_progress(self, progress: Progress) -> None:
        if progress is self._job and not progress.cancelled:
            self.bar.setRange(0, progress.total)
            self.bar.setValue(progress.done)

    def _set_busy(self, *, busy: bool) -> None:
        self._busy = busy
        for part in (self.choose_button, self.template_button, self.error_button):
            part.setEnabled(not busy)
        self.bar.setRange(0, 0)
        self.stop_button.setEnabled(True)
        self.bar.setVisible(busy)
        self.stop_button.setVisible(busy)
        self.completeChanged.emit()

    def _lay_out(self) -> None:
        across = QHBoxLayout()
        across.addWidget(self.choose_button)
        across.addWidget(self.template_button)
        across.addWidget(self.file_label, 1)
        across.addWidget(self.error_button)
        column = QVBoxLayout(self)
        column.addLayout(across)
        column.addWidget(self.table, 2)
        column.addWidget(self.faults, 1)
        column.addWidget(self.state)
        below = QHBoxLayout()
        below.addWidget(self.bar, 1)
        below.addWidget(self.stop_button)
        column.addLayout(below)
        order = (
            self.choose_button, self.template_button, self.error_button, self.table, self.faults, self.stop_button,
        )  # fmt: skip
        for before, after in pairwise(order):
            QWidget.setTabOrder(before, after)


def _write(db: Database, user: str, paths: Sequence[str], progress: Progress) -> api.ImportReport:
    """The import itself; a stop before its end leaves nothing."""
    return api.import_sources(db, user, paths, approve=True, progress=partial(_tell, progress))


def _try(db: Database, user: str, paths: Sequence[str], progress: Progress) -> Trial:
    """A dry run with its totals; what would be refused comes back as problems, not as an error."""
    totals = api.control_totals(paths)
    try:
        report = api.import_sources(db, user, paths, dry_run=True, approve=True, progress=partial(_tell, progress))
    except Refused as refused:
        return Trial(totals, {}, refused.problems)
    words = {
        name: tr(
            "新增 {new}，修改 {changed}，不变 {unchanged}",
            new=count.new,
            changed=count.changed,
            unchanged=count.unchanged,
        )
        for name, count in report.masters.items()
    }
    words |= {name: tr("{made} 张单据", made=count.made) for name, count in report.documents.items()}
    return Trial(totals, words, ())


def _tell(progress: Progress, sheet: str, done: int, sheets: int) -> None:
    """How many sheets are done; raises Cancelled when the import was stopped."""
    progress(done, sheets, sheet)


def _number(value: Decimal | None, places: int | None = None) -> str:
    if value is None:
        return ""
    if places is not None:
        return f"{value:,.{places}f}"
    text = f"{value:,f}"
    return text.rstrip("0").rstrip(".") if "." in text else text
