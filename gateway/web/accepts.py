"""Which media type the caller accepts (PS3.18 8.7): the Accept header, or the `accept` parameter over it."""

from __future__ import annotations

from collections.abc import Sequence

from flask import request
from werkzeug.datastructures import MIMEAccept
from werkzeug.http import parse_accept_header

from gateway.dicom.negotiation import MediaRange
from gateway.errors import NotAcceptable

DICOM_JSON = "application/dicom+json"
MULTIPART = "multipart/related"
MOST_RANGES = 64


def accepted(offered: Sequence[str]) -> str:
    """The offered media type that the caller likes best, the first offered on a tie; raises NotAcceptable for none.

    Of `multipart/related; type="image/png"` the type of the parts counts.
    """
    header = request.args.get("accept") or request.headers.get("Accept", "*/*")
    if MULTIPART in header.lower():
        header = ",".join(one.media_type for one in media_ranges(MediaRange("*/*")))
    wanted = parse_accept_header(header.replace('"', ""), MIMEAccept)
    best = max(offered, key=lambda media_type: wanted[media_type])
    if not wanted[best]:
        raise NotAcceptable(f"What can be had here: {', '.join(offered)}.")
    return best


def require_accept(media_type: str) -> None:
    """Raises NotAcceptable unless the caller takes this media type, or JSON in general."""
    accepted((media_type, "application/json"))


def wants_multipart() -> bool:
    """Whether the caller names multipart/related (PS3.18 8.7.4): then every part is sent, each with its type."""
    header = request.args.get("accept") or request.headers.get("Accept", "")
    return MULTIPART in header.lower()


def wants_video() -> bool:
    """Whether the caller names a kind of video before any picture."""
    header = request.args.get("accept") or request.headers.get("Accept", "")
    return header.strip().lower().startswith("video/")


def media_ranges(usual: MediaRange) -> list[MediaRange]:
    """All that the caller accepts, best liked first; the usual one where nothing is said."""
    header = request.args.get("accept") or request.headers.get("Accept", "")
    if not header.strip():
        return [usual]
    found = []
    for text in _split(header, ",")[:MOST_RANGES]:
        media_type, *options = (option.strip() for option in _split(text, ";"))
        named = {
            name.strip().lower(): value.strip().strip('"') for name, _, value in (one.partition("=") for one in options)
        }
        quality = _quality(named.get("q", "1"))
        if media_type and quality > 0:
            found.append((quality, _range(media_type.lower(), named)))
    # Sorting is stable: of those liked alike the one named first stays first.
    return [one for _, one in sorted(found, key=lambda ranked: -ranked[0])]


def _range(media_type: str, options: dict[str, str]) -> MediaRange:
    syntax = options.get("transfer-syntax", "").strip()
    if media_type in (MULTIPART, "multipart/*"):
        return MediaRange(options.get("type", "*/*").strip().lower() or "*/*", multipart=True, transfer_syntax=syntax)
    return MediaRange(media_type, None if media_type == "*/*" else False, syntax)


def _quality(text: str) -> float:
    try:
        return min(max(float(text), 0.0), 1.0)
    except ValueError:
        return 0.0


def _split(text: str, separator: str) -> list[str]:
    """The pieces between separators outside quotes; many clients send `type=image/jls` without any (RFC 9110 5.6.6)."""
    pieces, is_quoted = [""], False
    for character in text:
        if character == '"':
            is_quoted = not is_quoted
        if character == separator and not is_quoted:
            pieces.append("")
        else:
            pieces[-1] += character
    return pieces
