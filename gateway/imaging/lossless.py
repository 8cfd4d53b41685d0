"""A frame as the value of Pixel Data: uncompressed little endian, or a lossless codestream. For the child alone."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import imagecodecs
import numpy as np
from numpy.typing import NDArray

from gateway.dicom.transfer_syntax import EXPLICIT, HTJ2K, JPEG_2000, JPEG_LS, NATIVE, RLE
from gateway.errors import NotAcceptable
from gateway.imaging.decode import decode
from gateway.imaging.source import Source

_START, _FRAME_HEADER = b"\xff\xd8", b"\xff\xf7"


@dataclass(frozen=True, slots=True)
class StoredSamples:
    """A frame's samples as they will stand in Pixel Data, and the photometric interpretation that they are in."""

    array: NDArray[Any]
    photometric_interpretation: str


def encoded_frame(source: Source, frame_number: int, transfer_syntax_uid: str) -> bytes:
    """The frame in the named syntax, bit for bit the samples that are stored; NotAcceptable where that is not made."""
    if transfer_syntax_uid == source.transfer_syntax_uid and not source.is_native:
        return source.frame(frame_number)
    if transfer_syntax_uid == EXPLICIT:
        return _uncompressed(source, frame_number)
    encode = _ENCODERS.get(transfer_syntax_uid)
    if encode is None or source.format.bits_allocated not in (8, 16):
        raise NotAcceptable("The object's pixels cannot be sent in this transfer syntax.")
    return encode(stored_samples(source, frame_number), source)


def stored_samples(source: Source, frame_number: int) -> StoredSamples:
    """The decoded frame in the type of Bits Allocated and Pixel Representation, with its sign carried through."""
    decoded, pixels = decode(source, frame_number), source.format
    array: NDArray[Any] = decoded.array
    if pixels.bits_allocated == 1:
        return StoredSamples(array, decoded.photometric_interpretation)
    size = pixels.bits_allocated // 8
    if array.dtype.itemsize != size:
        array = array.astype(f"{array.dtype.kind}{size}")
    array = array.view(f"{'i' if pixels.is_signed else 'u'}{size}")
    spare = pixels.bits_allocated - pixels.bits_stored
    # The JPEG family holds Bits Stored alone; what lies beside them elsewhere (old overlays) stays as it is.
    if pixels.is_signed and spare and source.transfer_syntax_uid not in {*NATIVE, RLE}:
        array = (array << spare) >> spare
    return StoredSamples(array, decoded.photometric_interpretation)


def photometric_interpretation(samples: StoredSamples, transfer_syntax_uid: str) -> str:
    """What the samples are called in the named syntax: JPEG 2000 turns RGB into YBR_RCT (PS3.5 8.2.4)."""
    turned = transfer_syntax_uid in (JPEG_2000, HTJ2K) and samples.photometric_interpretation == "RGB"
    return "YBR_RCT" if turned else samples.photometric_interpretation


def _uncompressed(source: Source, frame_number: int) -> bytes:
    pixels = source.format
    if pixels.bits_allocated == 1:
        bits: NDArray[Any] = stored_samples(source, frame_number).array
        return np.packbits(bits.reshape(-1), bitorder="little").tobytes()
    if source.is_native:
        raw = source.frame(frame_number)
        return raw if source.is_little_endian else swapped(raw, pixels.bits_allocated // 8)
    samples = stored_samples(source, frame_number).array
    return samples.astype(samples.dtype.newbyteorder("<"), copy=False).tobytes()


def swapped(raw: bytes, size: int) -> bytes:
    """The words of so many bytes each, in the other byte order; what is no whole word at the end stays."""
    whole = len(raw) // size * size
    return np.frombuffer(raw[:whole], f"<u{size}").byteswap().tobytes() + raw[whole:] if size > 1 else raw


def _jpeg_ls(samples: StoredSamples, _source: Source) -> bytes:
    array = samples.array.view(f"u{samples.array.dtype.itemsize}")
    # Noise grows when it is compressed, beyond what the encoder sets aside by itself.
    encoded = bytes(imagecodecs.jpegls_encode(np.ascontiguousarray(array), out=2 * array.nbytes + 4096))
    # The encoder puts a SPIFF header in front, with an image start of its own that confuses readers.
    return _START + encoded[encoded.index(_FRAME_HEADER) :]


def _htj2k(samples: StoredSamples, _source: Source) -> bytes:
    is_rgb = samples.photometric_interpretation == "RGB"
    return bytes(imagecodecs.htj2k_encode(np.ascontiguousarray(samples.array), rgb=is_rgb, reversible=True))


def _jpeg_2000(samples: StoredSamples, source: Source) -> bytes:
    pixels = source.format
    encoded = imagecodecs.jpeg2k_encode(
        np.ascontiguousarray(samples.array),
        level=0,
        codecformat="j2k",
        reversible=True,
        mct=samples.photometric_interpretation == "RGB",
        bitspersample=pixels.bits_stored if _fits(samples.array, source) else pixels.bits_allocated,
        numthreads=1,
    )
    return bytes(encoded)


def _fits(array: NDArray[Any], source: Source) -> bool:
    lowest, highest = int(array.min()), int(array.max())
    bits = source.format.bits_stored
    if source.format.is_signed:
        return -(1 << (bits - 1)) <= lowest and highest < 1 << (bits - 1)
    return highest < 1 << bits


_ENCODERS: dict[str, Callable[[StoredSamples, Source], bytes]] = {
    JPEG_LS: _jpeg_ls,
    HTJ2K: _htj2k,
    JPEG_2000: _jpeg_2000,
}
