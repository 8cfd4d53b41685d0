"""Which media type the caller accepts (PS3.18 8.7): the Accept header, or the `accept` parameter over it."""

from __future__ import annotations

from collections.abc import Sequence

from flask import request
from werkzeug.datastructures import MIMEAccept
from werkzeug.http import parse_accept_header

from gateway.errors import NotAcceptable

DICOM_JSON = "application/dicom+json"
MULTIPART = "multipart/related"


def accepted(offered: Sequence[str]) -> str:
    """The offered media type that the caller likes best, the first offered on a tie; raises NotAcceptable for none."""
    header = request.args.get("accept") or request.headers.get("Accept", "*/*")
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
