"""One thread that owns one device: a bounded queue in, signals out, close and join."""

import logging
import math
import os
import threading
import time
from abc import ABC, abstractmethod
from collections import deque
from collections.abc import Callable
from concurrent.futures import Future
from typing import Any, Protocol, TypeVar

from psygnal import Signal

from hw.errors import DeviceAbsent, DeviceBusy, DeviceError, DeviceStopped, EyepieceError, Refused
from hw.types import Status

log = logging.getLogger(__name__)

T = TypeVar("T")

REOPEN_S = 2.0
"""Pause before a failed device is opened again."""
_CAPACITY = 16


class _Driver(Protocol):
    def open(self) -> Any: ...
    def close(self) -> None: ...


class Worker(ABC):
    """Base of the device threads.

    A subclass adds its requests (called from any thread, each returns a future) and ``_turn``, what the thread
    does over and over while the device is open. A device that fails is closed, reported (``failed``) and opened
    again every ``REOPEN_S`` seconds; meanwhile its requests are answered with the fault. An error that is no
    ``EyepieceError`` is a bug: it ends the thread (``died``), for the process to notice.
    """

    failed = Signal(str)
    """The device failed; the argument says how. Not fired again while reopening fails in the same way."""
    changed = Signal(object)
    """The device's state, whole, after any part of it but the position changed."""
    died = Signal(str)
    """The thread ended by itself, which it never should."""
    patience_s: float | None = None
    """How long the thread may be inside one turn, opening or closing before it counts as stuck; ``None``: for ever."""
    slack_s = 0.0
    """How much longer just now."""
    niceness = 0
    """How much processor time the thread leaves to the others (``nice``); 0 is as much as any."""

    def __init__(self, name: str, driver: _Driver) -> None:
        self.name = name
        self._opened = driver
        self._jobs: deque[tuple[Callable[[], Any], Future[Any]]] = deque()
        self._wake = threading.Condition()
        self._closing = False
        self._status = Status.STARTING
        self._fault: EyepieceError | None = None
        self._told = ""
        self._revision = 0
        """Grows with every change that is told, so that of two states it is known which is newer."""
        self._beat_s = math.inf
        self._thread = threading.Thread(target=self._run, name=name, daemon=True)

    @property
    @abstractmethod
    def state(self) -> Any:
        """What a viewer is shown of the device; safe to read from any thread."""

    @property
    def _fault_text(self) -> str | None:
        return None if self._fault is None else str(self._fault)

    @property
    def _fault_facts(self) -> dict[str, Any]:
        return {} if self._fault is None else self._fault.extra

    @property
    def alive(self) -> bool:
        """Whether the thread runs."""
        return self._thread.is_alive()

    @property
    def stuck(self) -> bool:
        """Whether the thread has been inside its driver for longer than anything there takes; from any thread."""
        silent_s = time.monotonic() - self._beat_s
        return self.patience_s is not None and self.alive and silent_s > self.patience_s + self.slack_s

    def start(self) -> None:
        """Start the thread; it opens the device."""
        self._thread.start()

    def close(self) -> None:
        """Ask the thread to end after the turn under way and to close the device. Does not wait."""
        with self._wake:
            self._closing = True
            self._wake.notify_all()

    def join(self, timeout_s: float) -> bool:
        """Wait for the thread's end; False when it still runs after ``timeout_s``."""
        if self._thread.ident is not None:
            self._thread.join(timeout_s)
        return not self._thread.is_alive()

    def require_ready(self) -> None:
        """Raise what keeps the device from working, if anything does."""
        if self._closing:
            raise DeviceStopped(f"the {self.name} is shut down")
        if (fault := self._fault) is not None:
            raise type(fault)(str(fault), **fault.extra)

    def _submit(self, call: Callable[[], T]) -> Future[T]:
        """Have the thread make a call. Raises ``DeviceBusy`` when too many wait, the fault where there is one."""
        with self._wake:
            self.require_ready()
            if len(self._jobs) >= _CAPACITY:
                raise DeviceBusy(f"the {self.name} has {_CAPACITY} requests waiting already")
            future: Future[T] = Future()
            self._jobs.append((call, future))
            self._wake.notify_all()
        return future

    # From here on: the worker's own thread.

    def _beat(self) -> None:
        """Say that the thread goes on."""
        self._beat_s = time.monotonic()

    def _open(self) -> None:
        self._opened.open()

    @abstractmethod
    def _turn(self) -> None:
        """One round of work while the device is open; the sooner it ends, the sooner the thread can."""

    def _run(self) -> None:
        if self.niceness:
            os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), self.niceness)
        try:
            while not self._closing:
                fault = self._work()
                if fault is not None:
                    self._report_fault(fault)
                    self._close_device()
                    if self._is_hopeless(fault):
                        self.died.emit(self.name)
                        return
                    self._await_reopening(fault)
        except Exception as error:
            log.exception("%s: the thread died", self.name)
            told = f"the {self.name} thread died: {error!r}"
            self._set_status(Status.FAULT, DeviceError(told, reason="thread-died", cause=repr(error)))
            self.died.emit(self.name)
        finally:
            self._end()

    def _is_hopeless(self, fault: EyepieceError) -> bool:
        """Whether opening the device once more will not help, and a process started afresh may."""
        return False

    def _work(self) -> EyepieceError | None:
        """Open the device and take turns until it fails or the thread is to end."""
        try:
            self._beat()
            self._open()
            self._told = ""
            self._set_status(Status.READY)
            while not self._closing:
                self._beat()
                self._turn()
        except EyepieceError as error:
            # Without its frames, which may hold a buffer that the device cannot be closed without.
            return error.with_traceback(None)
        return None

    def _end(self) -> None:
        self._close_device()
        with self._wake:
            self._closing = True
        self._refuse_jobs(DeviceStopped(f"the {self.name} is shut down"))
        if self._fault is None:
            self._set_status(Status.STOPPED)
        log.info("%s: closed", self.name)

    def _close_device(self) -> None:
        self._beat()
        try:
            self._opened.close()
        except EyepieceError as error:
            # What is gone cannot be closed in order; that is no reason not to try to open it again.
            log.error("%s: %s", self.name, error)

    def _report_fault(self, error: EyepieceError) -> None:
        absent = isinstance(error, DeviceAbsent)
        self._set_status(Status.ABSENT if absent else Status.FAULT, error)
        self._refuse_jobs(error)
        if str(error) == self._told:
            return  # the same again, at each attempt to open it
        self._told = str(error)
        log.log(logging.INFO if absent else logging.ERROR, "%s: %s", self.name, error)
        if not absent:
            self.failed.emit(str(error))

    def _await_reopening(self, error: EyepieceError) -> None:
        """Wait out a fault. An absent device stays absent."""
        timeout_s = None if isinstance(error, DeviceAbsent) else REOPEN_S
        self._beat_s = math.inf
        with self._wake:
            self._wake.wait_for(lambda: self._closing, timeout_s)

    def _set_status(self, status: Status, fault: EyepieceError | None = None) -> None:
        with self._wake:
            self._status, self._fault = status, fault
        self._tell()

    def _tell(self) -> None:
        """Tell the state: what it shows has changed."""
        self._revision += 1
        self.changed.emit(self.state)

    def _run_job(self, timeout_s: float) -> bool:
        """Run the next waiting request, waiting for one at most ``timeout_s``; False when none came.

        A refusal is the asker's alone; the device's own failure goes to the asker and ends the turn.
        """
        with self._wake:
            self._wake.wait_for(lambda: self._jobs or self._closing, timeout_s)
            if not self._jobs or self._closing:
                return False
            call, future = self._jobs.popleft()
        if future.set_running_or_notify_cancel():
            try:
                future.set_result(call())
            except Exception as error:
                future.set_exception(error)
                if not isinstance(error, Refused):
                    raise
        return True

    def _refuse_jobs(self, error: EyepieceError) -> None:
        with self._wake:
            refused = list(self._jobs)
            self._jobs.clear()
        for _, future in refused:
            if future.set_running_or_notify_cancel():
                future.set_exception(error)
