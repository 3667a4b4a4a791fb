"""Commands on one writer thread, queries on a small pool; results come back on the window's thread, or not at all."""

from __future__ import annotations

import logging
import weakref
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any

import shiboken6
from PySide6.QtCore import QObject, Qt, Signal

from models.kernel.problems import Problem, Refused
from models.kernel.refs import Changes
from services.platform.api import Stop
from ui.framework.texts import tr

log = logging.getLogger(__name__)
READERS = 3

OnRefused = Callable[[Sequence[Problem]], object]


class Cancelled(Exception):
    """The clerk pressed 取消; the transaction that was open is rolled back by its own exit."""


def changes_of(result: object) -> Changes | None:
    """The changes in a command's result: itself, the last of a tuple, or its attribute `changes`."""
    if isinstance(result, tuple) and result:
        result = result[-1]
    found = result if isinstance(result, Changes) else getattr(result, "changes", None)
    return found if isinstance(found, Changes) else None


class Progress:
    """Given to long work: call it with (done, total, text) to report; it raises Cancelled once cancel() was called."""

    def __init__(self, title: str, report: Callable[[Progress], None]) -> None:
        self.title = title
        self.done = 0
        self.total = 0
        self.text = ""
        self.stop = Stop()
        self._report = report

    @property
    def cancelled(self) -> bool:
        """Whether cancel() was called."""
        return self.stop.asked

    def cancel(self) -> None:
        """Asks the work to stop: at its next report, or in the statement the database is busy with."""
        self.stop()

    def __call__(self, done: int, total: int = 0, text: str = "") -> None:
        """Reports; total 0 = unknown length. Cheap enough to call a few thousand times."""
        if self.cancelled:
            raise Cancelled
        self.done, self.total, self.text = done, total, text
        self._report(self)


class _Callback:
    """A callback that dies with its page: bound methods are held weakly, and nothing is called on a deleted owner."""

    def __init__(self, owner: QObject, function: Callable[..., object] | None) -> None:
        self._owner = weakref.ref(owner)
        self._weak: weakref.WeakMethod[Any] | None = None
        self._strong: Callable[..., object] | None = None
        if function is not None and hasattr(function, "__self__") and hasattr(function, "__func__"):
            self._weak = weakref.WeakMethod(function)
        else:
            self._strong = function

    def __call__(self, *args: object) -> bool:
        owner = self._owner()
        function = self._weak() if self._weak is not None else self._strong
        if owner is None or function is None or not shiboken6.isValid(owner):
            return False
        function(*args)
        return True

    def let_go(self) -> None:
        """Holds nothing any more."""
        self._strong = self._weak = None


def _nothing() -> None:
    """What a job does that is over."""


@dataclass(slots=True)
class _Job:
    """One piece of work on its way through a thread and back."""

    function: Callable[[], object]
    done: _Callback
    refused: _Callback
    title: str
    progress: Progress | None = None
    stop: Stop = field(default_factory=Stop)
    is_command: bool = False
    latest: tuple[int, str] | None = None
    result: object = None
    error: BaseException | None = None
    cancelled: _Callback | None = None
    finished: _Callback | None = None

    def let_go(self) -> None:
        """Called on the window's thread when all is told: what a job holds may be the last of a widget, which must not die elsewhere."""
        self.function = _nothing
        self.result = self.error = self.cancelled = self.finished = None
        self.done.let_go()
        self.refused.let_go()


class Ops(QObject):
    """The only road from a page to the services.

    Signals: progressed(Progress) while long work reports; jobs_changed() when the list of running long jobs changes; changed(Changes)
    after a command; failed(title, sentence) for an unforeseen error, which is also in the log; saved() after any successful command;
    told(text) for a line in the status bar.
    """

    progressed = Signal(object)
    jobs_changed = Signal()
    changed = Signal(object)
    failed = Signal(str, str)
    saved = Signal()
    told = Signal(str)
    _arrived = Signal(object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._writer = ThreadPoolExecutor(1, thread_name_prefix="writer")
        self._readers = ThreadPoolExecutor(READERS, thread_name_prefix="reader")
        self._running: list[Progress] = []
        self._pending = 0
        self._latest: dict[tuple[int, str], _Job] = {}
        self._closed = False
        self._arrived.connect(self._deliver, Qt.ConnectionType.QueuedConnection)

    @property
    def idle(self) -> bool:
        """True when nothing is under way (tests wait for it)."""
        return self._pending == 0

    @property
    def running(self) -> tuple[Progress, ...]:
        """The long jobs under way, oldest first."""
        return tuple(self._running)

    def run_command(
        self,
        function: Callable[[], Any],
        *,
        owner: QObject,
        on_done: Callable[[Any], object] | None = None,
        on_refused: OnRefused | None = None,
        on_finished: Callable[[], object] | None = None,
        title: str = "",
    ) -> None:
        """Runs a changing call on the writer thread; commands run in the order given. It returns its Changes: see changes_of.

        on_done(result) and then the broadcast of its changes, or on_refused(problems). Callbacks are dropped once owner is deleted;
        the command still runs. on_finished() comes first, however it ended.
        """
        job = _Job(function, _Callback(owner, on_done), _Callback(owner, on_refused), title, is_command=True)
        job.finished = _Callback(owner, on_finished)
        self._start(job, self._writer)

    def run_query(
        self,
        function: Callable[[], Any],
        on_done: Callable[[Any], object],
        *,
        owner: QObject,
        on_refused: OnRefused | None = None,
        latest: str = "",
        title: str = "",
    ) -> None:
        """Runs a reading call on the pool.

        latest: a name; of several queries of one owner under one name only the newest answer arrives, and the others are ended.
        """
        job = _Job(function, _Callback(owner, on_done), _Callback(owner, on_refused), title)
        if latest:
            job.latest = (id(owner), latest)
            before = self._latest.get(job.latest)
            if before is not None:
                before.stop()
            self._latest[job.latest] = job
        self._start(job, self._readers)

    def run_long(
        self,
        function: Callable[[Progress], Any],
        *,
        owner: QObject,
        title: str,
        on_done: Callable[[Any], object] | None = None,
        on_refused: OnRefused | None = None,
        on_cancelled: Callable[[], object] | None = None,
        on_finished: Callable[[], object] | None = None,
        writes: bool = True,
    ) -> Progress:
        """Runs work of more than a second with progress and cancel in the status bar; writes=False puts it on the reading pool.

        on_finished() comes first, however it ended.
        """
        progress = Progress(title, self._report)
        job = _Job(
            lambda: function(progress), _Callback(owner, on_done), _Callback(owner, on_refused), title, progress,
            progress.stop, writes,
        )  # fmt: skip
        job.cancelled = _Callback(owner, on_cancelled)
        job.finished = _Callback(owner, on_finished)
        self._running.append(progress)
        self.jobs_changed.emit()
        self._start(job, self._writer if writes else self._readers)
        return progress

    def close(self) -> None:
        """Cancels what can be cancelled, lets a running command finish, ends the threads."""
        self._closed = True
        for progress in self._running:
            progress.cancel()
        self._writer.shutdown(wait=True, cancel_futures=True)
        self._readers.shutdown(wait=True, cancel_futures=True)

    def _start(self, job: _Job, pool: ThreadPoolExecutor) -> None:
        if self._closed:
            return
        self._pending += 1
        pool.submit(self._work, job)

    def _work(self, job: _Job) -> None:
        try:
            if job.stop.asked:
                raise Cancelled
            with job.stop.over():
                job.result = job.function()
        except BaseException as error:  # noqa: BLE001  # every way a job can end must reach the window's thread
            # A stop that came while the work was ending by itself counts as one: nobody waits for the answer.
            job.error = Cancelled() if job.stop.asked else error
        if not self._closed and shiboken6.isValid(self):
            self._arrived.emit(job)

    def _report(self, progress: Progress) -> None:
        if not self._closed and shiboken6.isValid(self):
            self.progressed.emit(progress)

    def _deliver(self, job: _Job) -> None:
        try:
            self._tell(job)
        finally:
            job.let_go()

    def _tell(self, job: _Job) -> None:
        self._pending -= 1
        if job.progress is not None and job.progress in self._running:
            self._running.remove(job.progress)
            self.jobs_changed.emit()
        if job.latest is not None:
            if self._latest.get(job.latest) is not job:
                return
            del self._latest[job.latest]
        if job.finished is not None:
            job.finished()
        if job.error is not None:
            self._deliver_error(job, job.error)
            return
        job.done(job.result)
        if job.is_command:
            self.saved.emit()
            changes = changes_of(job.result)
            if changes is not None:
                self.changed.emit(changes)

    def _deliver_error(self, job: _Job, error: BaseException) -> None:
        if isinstance(error, Refused):
            if not job.refused(error.problems):
                log.info("refused after its page closed: %s", error)
        elif isinstance(error, Cancelled):
            if job.cancelled is not None:
                job.cancelled()
        else:
            log.error("job failed: %s", job.title or job.function, exc_info=error)
            sentence = tr(
                "程序遇到没有料到的错误（{kind}），没有保存任何内容。详细情况已写入日志。", kind=type(error).__name__
            )
            self.failed.emit(tr(job.title) if job.title else tr("出错了"), sentence)
