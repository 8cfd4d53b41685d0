"""The chain: each record's hash covers its text and the hash before it; personal values are covered by commitments."""

from __future__ import annotations

import hashlib
import json
from typing import Any

import rfc8785


def canonical(record: dict[str, Any]) -> str:
    """The record as RFC 8785 JSON: the one text that its hash is made of."""
    return rfc8785.dumps(record).decode()


def next_hash(previous: str, body: str) -> str:
    """SHA-256 over the previous hash and the canonical text, as 64 hexadecimal digits."""
    return hashlib.sha256(bytes.fromhex(previous) + body.encode()).hexdigest()


def commitment(salt: str, value: str) -> str:
    """What the chain holds of a personal value: alteration shows, and it tells nothing once salt and value are gone."""
    return hashlib.sha256(salt.encode() + value.encode()).hexdigest()


def why_broken(
    previous: str, sequence: int, body: str, stored: str, personal: dict[str, tuple[str, str]]
) -> str | None:
    """Why the record does not fit behind the one before it; None where it does.

    Each commitment must have its value: nothing is erased yet, so a missing one was taken away.
    """
    if next_hash(previous, body) != stored:
        return "its text or an earlier one was altered"
    try:
        record = json.loads(body)
        committed, said = record["personal"], record["sequence"]
    except (ValueError, KeyError, TypeError):
        return "its text is no record"
    if said != sequence:
        return "its number was altered"
    if set(committed) != set(personal):
        return "a personal value was taken away or added"
    for field, (salt, value) in personal.items():
        if committed[field] != commitment(salt, value):
            return f"its personal value {field!r} was altered"
    return None
