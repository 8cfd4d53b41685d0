"""The template process: has the heavy modules loaded once, and forks the children that share its memory.

Started as `python -m gateway.sandbox.template`, with the terms as JSON on standard input and the listening sockets as
inherited descriptors. It holds no secret and opens no file; it ends by itself when no gateway process holds a lease.
"""

from __future__ import annotations

import contextlib
import gc
import importlib
import json
import os
import select
import signal
import socket
import sys
import time

from gateway.sandbox.child import Terms, live

GRACE_SECONDS = 3.0
QUICKEST_REFORK = 0.02


class Template:
    """Keeps the wanted number of children alive while anybody holds a lease."""

    def __init__(self, work: socket.socket, lease: socket.socket, terms: Terms, children: int) -> None:
        self._work, self._lease, self._terms, self._wanted = work, lease, terms, children
        self._children: set[int] = set()
        self._leases: list[socket.socket] = []

    def serve(self) -> None:
        """Supervises until the last lease has been gone for some seconds."""
        wake_up, wake = socket.socketpair()
        wake.settimeout(0)
        signal.set_wakeup_fd(wake.fileno())
        signal.signal(signal.SIGCHLD, lambda _number, _frame: None)
        alone_since = time.monotonic()
        while self._leases or time.monotonic() - alone_since < GRACE_SECONDS:
            while len(self._children) < self._wanted:
                self._fork()
            ready, _, _ = select.select([self._lease, wake_up, *self._leases], [], [], 1.0)
            self._take_leases(ready)
            if wake_up in ready:
                wake_up.recv(4096)
            self._reap()
            if self._leases:
                alone_since = time.monotonic()
        for child in self._children:
            with contextlib.suppress(ProcessLookupError):
                os.kill(child, signal.SIGKILL)

    def _fork(self) -> None:
        template = os.getpid()
        child = os.fork()
        if child:
            self._children.add(child)
            return
        try:
            signal.set_wakeup_fd(-1)
            signal.signal(signal.SIGCHLD, signal.SIG_DFL)
            self._lease.close()
            for lease in self._leases:
                lease.close()
            self._work.settimeout(0)
            live(self._work, self._terms, template)
        finally:
            os._exit(0)

    def _take_leases(self, ready: list[socket.socket]) -> None:
        if self._lease in ready:
            taken, _ = self._lease.accept()
            self._leases.append(taken)
        for lease in [one for one in self._leases if one in ready]:
            if not lease.recv(16):
                self._leases.remove(lease)
                lease.close()

    def _reap(self) -> None:
        with contextlib.suppress(ChildProcessError):
            while (ended := os.waitpid(-1, os.WNOHANG)[0]) != 0:
                self._children.discard(ended)
                time.sleep(QUICKEST_REFORK)


def main() -> None:
    """Reads the terms, loads the modules and serves."""
    told = json.load(sys.stdin)
    for name in told["preload"]:
        with contextlib.suppress(ModuleNotFoundError):
            importlib.import_module(name)
    gc.collect()
    gc.freeze()  # what is loaded stays shared: the collector must not write into its pages
    work = socket.socket(fileno=told["work"])
    lease = socket.socket(fileno=told["lease"])
    Template(work, lease, Terms(**told["terms"]), told["children"]).serve()


if __name__ == "__main__":
    main()
