"""Part of a long body: single byte ranges (RFC 9110 14) over pieces of an open file, never all of it in memory."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import BinaryIO

from flask import Response, request

from gateway.errors import GatewayError

PIECE = 256 * 1024
Extents = Sequence[tuple[int, int]]


class RangeNotSatisfiable(GatewayError):
    """The bytes that are asked for lie beyond the end."""

    status = 416
    title = "There are no such bytes"


def asked_range(length: int) -> tuple[int, int]:
    """Start and end of the bytes wanted; several ranges at once are answered by the whole."""
    asked = request.range
    if asked is None or asked.units != "bytes" or len(asked.ranges) != 1:
        return 0, length
    found = asked.range_for_length(length)
    if found is None:
        raise RangeNotSatisfiable(f"There are {length} bytes.")
    return found


def with_range(response: Response, start: int, stop: int, length: int) -> Response:
    """The response with the headers of the part from `start` to `stop`, which may be all where all was asked for."""
    response.headers["Accept-Ranges"] = "bytes"
    response.content_length = stop - start
    if request.range is not None and request.range.units == "bytes" and len(request.range.ranges) == 1:
        response.status_code = 206
        response.headers["Content-Range"] = f"bytes {start}-{stop - 1}/{length}"
    return response


def streamed(file: BinaryIO, extents: Extents, media_type: str) -> Response:
    """The extents of the file one after the other, or the range of them that is asked for; closes the file."""
    length = sum(size for _, size in extents)
    try:
        start, stop = asked_range(length)
    except GatewayError:
        file.close()
        raise
    response = Response(_pieces(file, extents, start, stop), content_type=media_type)
    response.call_on_close(file.close)
    return with_range(response, start, stop, length)


def _pieces(file: BinaryIO, extents: Extents, start: int, stop: int) -> Iterator[bytes]:
    passed = 0
    for offset, size in extents:
        first, last = max(start - passed, 0), min(stop - passed, size)
        passed += size
        file.seek(offset + first)
        while first < last:
            piece = file.read(min(PIECE, last - first))
            if not piece:
                return
            first += len(piece)
            yield piece
