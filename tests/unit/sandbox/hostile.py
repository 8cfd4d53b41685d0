"""What hostile bytes make a parser do, as functions that run in the sandbox's child."""

import contextlib
import ctypes
import hashlib
import os
import socket
import threading
import time
from pathlib import Path

from gateway.errors import NotFound


def echo(arguments, files):
    return {"arguments": arguments, "read": [file.read().decode() for file in files]}, b"body"


def crash(arguments, files):
    ctypes.string_at(0)


def abort_once(arguments, files):
    """Dies when there is a byte in the pipe: the second child finds none."""
    if files[0].read(1):
        ctypes.string_at(0)
    return "second time", b""


def take_memory(arguments, files):
    return len(bytearray(arguments["bytes"])), b""


def spin(arguments, files):
    while True:
        pass


def spin_in_c(arguments, files):
    """A codec that does not come back: no handler of Python's runs meanwhile."""
    hashlib.pbkdf2_hmac("sha256", b"", b"", 2**31 - 1)


def crash_if_bad(arguments, files):
    """Crashes where one of the files begins with `bad`."""
    for file in files:
        file.seek(0)
        if file.read(3) == b"bad":
            ctypes.string_at(0)
    return os.getpid(), b""


def sleep(arguments, files):
    time.sleep(arguments["seconds"])
    return os.getpid(), b""


def look_around(arguments, files):
    descriptors = []
    for one in Path("/proc/self/fd").iterdir():
        with contextlib.suppress(FileNotFoundError):  # the listing's own descriptor is gone by now
            descriptors.append(str(one.readlink()))
    return {"environment": dict(os.environ), "descriptors": descriptors}, b""


def fill_disk(arguments, files):
    with Path(arguments["path"]).open("wb") as file:
        file.write(bytes(1_000_000))


def forbidden(arguments, files):
    """Each thing a child that was taken over would try next, and what came of it."""
    attempts = {
        "a process": os.fork,
        "a program": lambda: os.execv("/bin/true", ["true"]),  # noqa: S606 - that it fails is the test
        "a socket": lambda: socket.socket(socket.AF_INET, socket.SOCK_STREAM),
        "a file": lambda: Path(arguments["path"]).write_bytes(b"x"),
        "no file": lambda: Path(arguments["there"]).unlink(),
        "a signal": lambda: os.kill(os.getppid(), 0),
    }
    came_of_it = {}
    for name, attempt in attempts.items():
        try:
            attempt()
            came_of_it[name] = "done"
        except OSError as error:
            came_of_it[name] = type(error).__name__
    return came_of_it, b""


def thread(arguments, files):
    said = []
    one = threading.Thread(target=said.append, args=("from a thread",))
    one.start()
    one.join()
    return said, b""


def not_found(arguments, files):
    raise NotFound("There is no such frame.")


class Panic(BaseException):
    """What parsers written in Rust raise: no Exception."""


def panic(arguments, files):
    raise Panic


def recurse(arguments, files):
    return recurse(arguments, files)


def fail(arguments, files):
    raise ValueError("a message with a patient's name")


def who(arguments, files):
    return os.getpid(), b""
