"""What crosses the border to a child: a JSON header of known length, file descriptors, and plain bytes. Never code."""

from __future__ import annotations

import json
import socket
import struct
from collections.abc import Sequence
from typing import Any

_LENGTHS = struct.Struct("!IQ")
LARGEST_HEADER = 64 * 1024 * 1024
LARGEST_BODY = 512 * 1024 * 1024
MOST_FILES = 64


class Broken(Exception):
    """The other side went away or sent what no message is."""


def send(connection: socket.socket, header: Any, body: bytes = b"", files: Sequence[int] = ()) -> None:
    """Sends one message; the descriptors travel with its first bytes."""
    text = json.dumps(header, ensure_ascii=False, separators=(",", ":")).encode()
    start = _LENGTHS.pack(len(text), len(body))
    if files:
        socket.send_fds(connection, [start], list(files))
    else:
        connection.sendall(start)
    connection.sendall(text)
    if body:
        connection.sendall(body)


def receive(connection: socket.socket) -> tuple[Any, bytes, list[int]]:
    """One message: header, body and descriptors; raises Broken when it ends early or is beyond all measure."""
    try:
        start, files, _, _ = socket.recv_fds(connection, _LENGTHS.size, MOST_FILES)
        start += _exactly(connection, _LENGTHS.size - len(start)) if 0 < len(start) < _LENGTHS.size else b""
        if not start:
            raise Broken
        header_length, body_length = _LENGTHS.unpack(start)
        if header_length > LARGEST_HEADER or body_length > LARGEST_BODY:
            raise Broken
        header = json.loads(_exactly(connection, header_length))
        return header, _exactly(connection, body_length), files
    except (OSError, ValueError) as error:
        raise Broken from error


def _exactly(connection: socket.socket, length: int) -> bytes:
    received = bytearray(length)
    view, done = memoryview(received), 0
    while done < length:
        count = connection.recv_into(view[done:], min(length - done, 1 << 20))
        if count == 0:
            raise Broken
        done += count
    return bytes(received)
