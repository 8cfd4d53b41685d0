"""What hostile bytes make a parser do, as functions that run in the sandbox's child."""

import contextlib
import ctypes
import os
import signal
import time
from pathlib import Path

from gateway.errors import NotFound


def echo(arguments, files):
    return {"arguments": arguments, "read": [file.read().decode() for file in files]}, b"body"


def crash(arguments, files):
    ctypes.string_at(0)


def abort_once(arguments, files):
    """Dies when the mark is not there yet: the second child finds it."""
    try:
        os.close(os.open(arguments["mark"], os.O_CREAT | os.O_EXCL))
    except FileExistsError:
        return "second time", b""
    os.kill(os.getpid(), signal.SIGKILL)
    return "unreachable", b""


def take_memory(arguments, files):
    return len(bytearray(arguments["bytes"])), b""


def spin(arguments, files):
    while True:
        pass


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


def not_found(arguments, files):
    raise NotFound("There is no such frame.")


def recurse(arguments, files):
    return recurse(arguments, files)


def fail(arguments, files):
    raise ValueError("a message with a patient's name")


def who(arguments, files):
    return os.getpid(), b""
