"""Bytes with a checksum behind them: what a failing disk or a lost write made of a file is noticed when it is read."""

from __future__ import annotations

import struct
import zlib

_SEAL = struct.Struct(">I")


def sealed(body: bytes) -> bytes:
    """The body with its seal."""
    return body + _SEAL.pack(zlib.crc32(body))


def unsealed(whole: bytes) -> bytes | None:
    """The body, None where the seal does not fit it."""
    body = whole[: -_SEAL.size]
    if len(whole) <= _SEAL.size or _SEAL.unpack(whole[-_SEAL.size :])[0] != zlib.crc32(body):
        return None
    return body
