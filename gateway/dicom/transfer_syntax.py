"""Transfer syntaxes by UID (PS3.6 table A-1): what each is called on the web, what is decoded, what can be made."""

from __future__ import annotations

IMPLICIT = "1.2.840.10008.1.2"
EXPLICIT = "1.2.840.10008.1.2.1"
DEFLATED = "1.2.840.10008.1.2.1.99"
BIG_ENDIAN = "1.2.840.10008.1.2.2"
RLE = "1.2.840.10008.1.2.5"
JPEG_BASELINE = "1.2.840.10008.1.2.4.50"
JPEG_EXTENDED = "1.2.840.10008.1.2.4.51"
JPEG_LOSSLESS = "1.2.840.10008.1.2.4.70"
JPEG_LS = "1.2.840.10008.1.2.4.80"
JPEG_2000 = "1.2.840.10008.1.2.4.90"
HTJ2K = "1.2.840.10008.1.2.4.201"

NATIVE = frozenset({IMPLICIT, EXPLICIT, DEFLATED, BIG_ENDIAN})
# Not to be used with web services (PS3.18 8.7.3).
NOT_ON_THE_WEB = frozenset({IMPLICIT, BIG_ENDIAN})
OCTETS = "application/octet-stream"
VIDEO_TYPES = frozenset({"video/mpeg", "video/mp4"})
_PER_TYPE = {
    "image/dicom-rle": ("5",),
    "image/jpeg": ("4.70", "4.50", "4.51", "4.53", "4.55", "4.57"),
    "image/jls": ("4.80", "4.81"),
    "image/jp2": ("4.90", "4.91"),
    "image/jpx": ("4.92", "4.93"),
    "image/jphc": ("4.201", "4.202", "4.203"),
    "image/jxl": ("4.110", "4.111", "4.112"),
    "video/mpeg": ("4.100", "4.100.1", "4.101", "4.101.1"),
    "video/mp4": (
        *(f"4.{number}{suffix}" for number in range(102, 107) for suffix in ("", ".1")),
        "4.107",
        "4.108",
    ),
}
# Media types of compressed bulk data (PS3.18 table 8.7.3-5); the first of each is its default.
MEDIA_TYPES = {f"{IMPLICIT}.{tail}": media_type for media_type, tails in _PER_TYPE.items() for tail in tails}
DEFAULT_OF = {media_type: f"{IMPLICIT}.{tails[0]}" for media_type, tails in _PER_TYPE.items()}
VIDEO = frozenset(uid for uid, media_type in MEDIA_TYPES.items() if media_type in VIDEO_TYPES)
# What compressed frames can be decoded from, and what frames can be encoded to, best liked first. A video's frames are
# decoded for pictures alone: as uncompressed frames they would be a thousand times what is stored.
DECODED = frozenset(uid for uid, media_type in MEDIA_TYPES.items() if media_type not in VIDEO_TYPES) | {
    f"{IMPLICIT}.1.98",
    f"{IMPLICIT}.8.1",
}
ENCODED = (JPEG_LS, HTJ2K, JPEG_2000)


def media_type_of(transfer_syntax_uid: str) -> str:
    """The media type of pixel data in this syntax, empty where the standard names none."""
    return OCTETS if transfer_syntax_uid in NATIVE else MEDIA_TYPES.get(transfer_syntax_uid, "")
