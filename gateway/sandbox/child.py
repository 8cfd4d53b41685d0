"""A child's life: wait for a task, run it within limits, answer, and after enough of them make room for a fresh one."""

from __future__ import annotations

import importlib
import os
import select
import socket
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, BinaryIO

from gateway.errors import GatewayError
from gateway.sandbox import limits, messages

# A value that JSON can say, bytes, and where it has one, what makes more bytes once these have gone out.
Later = Callable[[], bytes]
Outcome = tuple[Any, bytes] | tuple[Any, bytes, Later | None]
Function = Callable[[dict[str, Any], list[BinaryIO]], Outcome]


@dataclass(frozen=True, slots=True)
class Terms:
    """What a child may take and run.

    Bytes beyond what it starts with, seconds of processor and of wall clock for each task, tasks in a life, and the
    package whose functions it runs.
    """

    memory_bytes: int = 768 * 1024 * 1024
    cpu_seconds: int = 20
    wall_seconds: float = 30
    tasks_per_child: int = 200
    package: str = "gateway"


def live(listening: socket.socket, terms: Terms, template: int) -> None:
    """Serves tasks from the shared socket until it has done its share."""
    limits.die_with_parent(template)
    limits.confine(terms.memory_bytes)
    waiting = select.epoll()
    # A task wakes one child and lets the others sleep.
    waiting.register(listening, select.EPOLLIN | select.EPOLLEXCLUSIVE)
    for _ in range(terms.tasks_per_child):
        # Woken now and then to see whether the template is still there: no child outlives it, however it ended.
        while not waiting.poll(5):
            if os.getppid() != template:
                return
        connection = _accepted(listening)
        if connection is not None:
            with connection:
                _serve(connection, terms)


def _accepted(listening: socket.socket) -> socket.socket | None:
    try:
        connection, _ = listening.accept()
    except BlockingIOError:
        return None  # a sibling was quicker
    connection.settimeout(None)
    return connection


def _serve(connection: socket.socket, terms: Terms) -> None:
    try:
        request, _, descriptors = messages.receive(connection)
    except messages.Broken:
        return
    files: list[BinaryIO] = [os.fdopen(descriptor, "rb", closefd=True) for descriptor in descriptors]
    limits.start_task_clock(terms.cpu_seconds, terms.wall_seconds)
    try:
        answer, body, later = _in_time(request, files, terms.package)
        messages.send(connection, answer, body)
        if later is not None:
            messages.send(connection, {}, later())
    except Exception:  # noqa: BLE001 - nobody listens any more, or what was to come later cannot be made
        return
    finally:
        limits.stop_task_clock()
        for file in files:
            file.close()


def _in_time(
    request: dict[str, Any], files: list[BinaryIO], package: str
) -> tuple[dict[str, Any], bytes, Later | None]:
    try:
        answer = _run(request, files, package)
        limits.stop_processor_clock()
    except limits.OutOfTime:
        return {"error": "SandboxTimeout"}, b"", None
    return answer


def _run(request: dict[str, Any], files: list[BinaryIO], package: str) -> tuple[dict[str, Any], bytes, Later | None]:
    try:
        value, body, *rest = _function(request["function"], package)(request["arguments"], files)
    except GatewayError as error:
        return {"error": type(error).__name__, "detail": str(error)}, b"", None
    except MemoryError:
        return {"error": "Unreadable", "detail": "The object needs more memory than is allowed."}, b"", None
    except RecursionError:
        return {"error": "Unreadable", "detail": "The object is nested too deeply."}, b"", None
    except limits.OutOfTime:
        raise
    except BaseException as error:  # noqa: BLE001 - what parsers raise, panics of Rust's too, is an answer, not a crash
        return (
            {
                "error": "Unreadable",
                "detail": "The object is damaged or not as the standard has it.",
                "kind": type(error).__name__,
            },
            b"",
            None,
        )
    later: Later | None = rest[0] if rest else None
    return {"value": value, "more": later is not None}, body, later


def _function(name: str, package: str) -> Function:
    module, _, attribute = name.partition(":")
    if not module.startswith(f"{package}."):
        raise ValueError(name)
    found: Function = getattr(importlib.import_module(module), attribute)
    return found
