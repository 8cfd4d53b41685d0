"""The limits a child puts on itself before it touches hostile bytes."""

from __future__ import annotations

import ctypes
import os
import resource
import signal
from pathlib import Path
from types import FrameType

from gateway.sandbox.system_calls import filter_system_calls

PR_SET_PDEATHSIG = 1
PR_SET_NO_NEW_PRIVS = 38
LARGEST_FILE = 64 * 1024


class OutOfTime(BaseException):
    """The task has used the processor time that it was given; no Exception, so that no parser takes it for damage."""


def mapped_bytes() -> int:
    """The address space that this process has mapped so far."""
    return int(Path("/proc/self/statm").read_text(encoding="ascii").split()[0]) * resource.getpagesize()


def die_with_parent(parent: int) -> None:
    """Makes the kernel kill this process when its parent is gone."""
    libc = ctypes.CDLL(None, use_errno=True)
    libc.prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != parent:
        os._exit(0)


def confine(memory_bytes: int) -> None:
    """Bounds memory to what is mapped now plus `memory_bytes`; forbids processes, sockets, writing and core dumps."""
    libc = ctypes.CDLL(None, use_errno=True)
    libc.prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)
    most = mapped_bytes() + memory_bytes
    resource.setrlimit(resource.RLIMIT_AS, (most, most))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (LARGEST_FILE, LARGEST_FILE))
    if not filter_system_calls():
        resource.setrlimit(resource.RLIMIT_NPROC, (0, 0))


def start_task_clock(cpu_seconds: int, wall_seconds: float) -> None:
    """Grants the next task its processor and wall time.

    What uses more raises OutOfTime; where a codec does not come back to hear of it, the kernel kills the child when the
    wall time is over. A death before that is a crash.
    """
    used = resource.getrusage(resource.RUSAGE_SELF)
    spent = int(used.ru_utime + used.ru_stime) + 1
    resource.setrlimit(resource.RLIMIT_CPU, (spent + cpu_seconds, resource.RLIM_INFINITY))
    signal.signal(signal.SIGXCPU, _out_of_time)
    signal.setitimer(signal.ITIMER_REAL, wall_seconds)


def stop_processor_clock() -> None:
    """From here on only the wall clock runs: an answer that is being sent is not broken off."""
    signal.signal(signal.SIGXCPU, signal.SIG_IGN)


def _out_of_time(_number: int, _frame: FrameType | None) -> None:
    stop_processor_clock()  # the kernel repeats itself every second
    raise OutOfTime


def stop_task_clock() -> None:
    """The task is done: waiting for the next one costs nothing."""
    signal.setitimer(signal.ITIMER_REAL, 0)
