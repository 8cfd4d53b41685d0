"""The sandbox as the gateway's processes see it: run this function on these files, in a child with limits."""

from __future__ import annotations

import contextlib
import fcntl
import hashlib
import json
import os
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Protocol

import structlog

from gateway.errors import GatewayError, Unavailable, Unreadable, every_kind
from gateway.sandbox import messages
from gateway.sandbox.child import Terms

log = structlog.get_logger(__name__)

HOUSE = Path(__file__).resolve().parents[2]
BACKLOG = 64
MOST_TRIES = 5
_USUAL_TERMS = Terms()
# Nothing of ours: a child that is taken over finds no secret. Memory for a picture is kept for the next one, up to a
# bound: to give it back and fault it in again costs a third of a small picture's time.
ENVIRONMENT = {
    "PATH": "/usr/bin:/bin",
    "LC_ALL": "C.UTF-8",
    "OPENBLAS_NUM_THREADS": "1",
    "OMP_NUM_THREADS": "1",
    "MALLOC_ARENA_MAX": "1",
    "MALLOC_MMAP_THRESHOLD_": str(32 * 1024 * 1024),
    "MALLOC_TRIM_THRESHOLD_": str(48 * 1024 * 1024),
}


class SandboxDied(Unreadable):
    """The child died twice on these bytes."""

    title = "The object cannot be shown: decoding it fails"


class SetAside(Unreadable):
    """Two children died of the file, today or yesterday."""

    title = "The object is set aside: decoding it failed twice. It is tried again after a day."


class Quarantine(Protocol):
    """Remembers for all processes the files that children died of."""

    def holds(self, files: Sequence[int]) -> bool:
        """Whether one of the open files is set aside, or all of them together are."""

    def add(self, files: Sequence[int], function: str) -> None:
        """Sets the open files aside, together."""


class SandboxTimeout(Unavailable):
    """The child took longer than allowed; load may be the reason, so this says nothing against the object."""

    title = "Decoding took too long"


class Rest:
    """Bytes that the child makes after it has answered; reading waits for them."""

    def __init__(self, connection: socket.socket) -> None:
        self._connection = connection

    def read(self) -> bytes:
        """The bytes, none where the child did not get that far."""
        with self._connection as connection:
            try:
                return messages.receive(connection)[1]
            except (messages.Broken, OSError):
                return b""


@dataclass(frozen=True, slots=True)
class SandboxAnswer:
    """What the function gave back: a JSON value and bytes, and where there is more to come, the rest."""

    value: Any
    body: bytes
    rest: Rest | None = None


class Sandbox:
    """Runs functions of the floors above on hostile bytes, in children that all gateway processes share.

    `directory` holds the sockets; the template process behind them is started by whoever needs it first and ends by
    itself when nobody is left. `terms` bound each task; `preload` names the modules that the children share; what
    children died of goes to the `quarantine` and is not tried again while it is there.
    """

    def __init__(
        self,
        directory: Path,
        *,
        children: int,
        terms: Terms = _USUAL_TERMS,
        preload: Sequence[str] = (),
        quarantine: Quarantine | None = None,
    ) -> None:
        self._directory = directory
        self._wall_seconds = terms.wall_seconds
        self._quarantine = quarantine
        self._told: dict[str, Any] = {"children": children, "terms": asdict(terms), "preload": list(preload)}
        # Under a name of its own for each release and each set of terms: no old template serves new code.
        self._mark = _fingerprint(self._told)
        self._lock = threading.Lock()
        self._lease: socket.socket | None = None
        self._owner = 0

    def run(self, function: str, arguments: dict[str, Any], files: Sequence[int] = ()) -> SandboxAnswer:
        """The answer of `gateway.module:function` on the open files; a child that dies costs one more try.

        Raises the function's own GatewayError; Unreadable for bytes that break it or exceed memory or processor time;
        SandboxDied when two children died of them, SetAside from then on; SandboxTimeout and Unavailable under load.
        """
        if self._quarantine is not None and self._quarantine.holds(files):
            raise SetAside
        request = {"function": function, "arguments": arguments}
        deaths = 0
        for _ in range(MOST_TRIES):
            started = time.monotonic()
            with self._connected() as connection:
                try:
                    messages.send(connection, request, files=files)
                    answer, body, _none = messages.receive(connection)
                    rest = Rest(connection.dup()) if answer.get("more") else None
                except (messages.Broken, OSError):
                    if time.monotonic() - started >= self._wall_seconds * 0.98:
                        raise SandboxTimeout from None
                    # Where the template itself is gone its children fell with it: that says nothing of the bytes.
                    deaths += self._has_lease()
                    log.warning("decoding child died", function=function)
                    if deaths == 2:
                        if self._quarantine is not None:
                            self._quarantine.add(files, function)
                        raise SandboxDied from None
                    continue
            return _answer(answer, body, rest)
        raise Unavailable("Pictures cannot be made right now.")

    def prepare(self) -> None:
        """Has children ready before the first task comes; where that fails, the first task says so."""
        with contextlib.suppress(OSError, GatewayError):
            self._hold_lease()

    def close(self) -> None:
        """Lets go of the template; it ends when the last process has let go."""
        with self._lock:
            if self._lease is not None and self._owner == os.getpid():
                self._lease.close()
            self._lease = None

    def _has_lease(self) -> bool:
        with self._lock:
            return self._lease is not None and self._owner == os.getpid() and _is_held(self._lease)

    @contextlib.contextmanager
    def _connected(self) -> Iterator[socket.socket]:
        self._hold_lease()
        with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as connection:
            connection.settimeout(self._wall_seconds * 2)
            try:
                connection.connect(self._short("work"))
            except (BlockingIOError, TimeoutError):
                raise Unavailable("More pictures are asked for than can be made at once.") from None
            except OSError:
                self.close()
                self._hold_lease()
                connection.connect(self._short("work"))
            yield connection

    def _hold_lease(self) -> None:
        with self._lock:
            if self._lease is not None and self._owner == os.getpid():
                if _is_held(self._lease):
                    return
                self._lease.close()
            self._lease, self._owner = self._take_lease(), os.getpid()

    def _take_lease(self) -> socket.socket:
        self._directory.mkdir(mode=0o700, parents=True, exist_ok=True)
        with (self._directory / "start.lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            with contextlib.suppress(OSError):
                return self._ask_for_lease()
            self._start_template()
            return self._ask_for_lease()

    def _ask_for_lease(self) -> socket.socket:
        lease = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        try:
            lease.connect(self._short("lease"))
        except OSError:
            lease.close()
            raise
        return lease

    def _start_template(self) -> None:
        sockets = [self._listen(name) for name in ("work", "lease")]
        work, lease = (one.fileno() for one in sockets)
        process = subprocess.Popen(
            [sys.executable, "-m", "gateway.sandbox.template"],
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            cwd=HOUSE,
            env=ENVIRONMENT,
            pass_fds=(work, lease),
            start_new_session=True,
        )
        assert process.stdin is not None  # noqa: S101 - PIPE was asked for
        with process.stdin as told:
            told.write(json.dumps(self._told | {"work": work, "lease": lease}).encode())
        for one in sockets:
            one.close()
        threading.Thread(target=process.wait, name="sandbox-template", daemon=True).start()

    def _listen(self, name: str) -> socket.socket:
        path = Path(self._short(name))
        path.unlink(missing_ok=True)
        listening = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        listening.bind(self._short(name))
        path.chmod(0o600)
        listening.listen(BACKLOG)
        return listening

    def _short(self, name: str) -> str:
        # A socket's path may have 107 bytes at most; this process's own descriptor of the directory is short.
        path = str(self._directory / f"{name}-{self._mark}.sock")
        return path if len(path.encode()) <= 107 else os.path.relpath(path)


def _fingerprint(told: dict[str, Any]) -> str:
    sources = sorted((HOUSE / "gateway").rglob("*.py"))
    facts = [(str(path), path.stat().st_mtime_ns, path.stat().st_size) for path in sources]
    return hashlib.sha256(json.dumps([told, facts]).encode()).hexdigest()[:16]


def _is_held(lease: socket.socket) -> bool:
    try:
        return lease.recv(1, socket.MSG_PEEK | socket.MSG_DONTWAIT) != b""
    except BlockingIOError:
        return True
    except OSError:
        return False


def _answer(answer: dict[str, Any], body: bytes, rest: Rest | None) -> SandboxAnswer:
    if "error" not in answer:
        return SandboxAnswer(answer.get("value"), body, rest)
    if "kind" in answer:
        log.info("object refused", error=answer["kind"])
    kind: type[GatewayError] = every_kind().get(answer["error"], Unreadable)
    raise kind(answer.get("detail"))
