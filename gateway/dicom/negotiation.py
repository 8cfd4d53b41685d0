"""Which representation answers an Accept: media type, transfer syntax, one part or many (PS3.18 8.7)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from gateway.dicom.attributes import number
from gateway.dicom.model import Instance
from gateway.dicom.transfer_syntax import (
    DECODED,
    DEFAULT_OF,
    ENCODED,
    EXPLICIT,
    JPEG_LS,
    MEDIA_TYPES,
    NATIVE,
    NOT_ON_THE_WEB,
    OCTETS,
    VIDEO_TYPES,
    media_type_of,
)

DICOM = "application/dicom"
AS_STORED = "*"


@dataclass(frozen=True, slots=True)
class MediaRange:
    """One accepted media type: of a single part, of the parts of a multipart, or (`multipart` None) of either.

    `transfer_syntax` is a UID, `*`, or empty where the caller leaves it open.
    """

    media_type: str
    multipart: bool | None = None
    transfer_syntax: str = ""

    def takes(self, media_type: str) -> bool:
        """Whether the media type lies in this range."""
        return self.media_type in ("*/*", media_type, f"{media_type.partition('/')[0]}/*")


@dataclass(frozen=True, slots=True)
class Target:
    """What is sent: in which transfer syntax, under which media type, as parts or alone."""

    transfer_syntax_uid: str
    media_type: str
    is_multipart: bool


@dataclass(frozen=True, slots=True)
class StoredForm:
    """How an instance is stored, as far as that decides what can be made of it."""

    transfer_syntax_uid: str
    has_pixels: bool
    bits_allocated: int

    @classmethod
    def of(cls, instance: Instance) -> StoredForm:
        """The stored form of the instance, as its archive has indexed it."""
        bits = int(number(instance.attributes, "BitsAllocated") or 0)
        uid = instance.text("AvailableTransferSyntaxUID") or EXPLICIT
        return cls(uid, instance.number_of_frames > 0, bits)

    @property
    def can_be_uncompressed(self) -> bool:
        """Whether there are no pixels, or they are not compressed, or in a way that is decoded here."""
        return not self.has_pixels or self.transfer_syntax_uid in NATIVE | DECODED

    @property
    def can_be_encoded(self) -> bool:
        """Whether its pixels can be compressed anew."""
        return self.has_pixels and self.can_be_uncompressed and self.bits_allocated in (8, 16)


def instance_target(ranges: Sequence[MediaRange], stored: StoredForm, *, is_alone: bool) -> Target | None:
    """What the instance is sent as: the best liked range that can be met, None where none can."""
    for one in ranges:
        fits = one.takes(DICOM) and (is_alone or one.multipart is not False)
        if fits and (uid := _instance_syntax(one.transfer_syntax, stored)):
            return Target(uid, DICOM, one.multipart is not False)
    return None


def frame_target(ranges: Sequence[MediaRange], stored: StoredForm, *, is_alone: bool) -> Target | None:
    """What the instance's frames are sent as: the best liked range that can be met, None where none can."""
    for one in ranges:
        if not is_alone and one.multipart is False:
            continue
        if uid := _frame_syntax(one, stored):
            return Target(uid, media_type_of(uid), one.multipart is not False)
    return None


def frame_offers(stored: StoredForm) -> list[str]:
    """The media types with their transfer syntaxes in which frames can be had."""
    uids = [EXPLICIT] * stored.can_be_uncompressed + list(ENCODED) * stored.can_be_encoded
    if stored.transfer_syntax_uid in MEDIA_TYPES and not _is_video(stored):
        uids.insert(0, stored.transfer_syntax_uid)
    return [f"{media_type_of(uid)}; transfer-syntax={uid}" for uid in dict.fromkeys(uids)]


def instance_offers(stored: StoredForm) -> list[str]:
    """The transfer syntaxes in which the instance can be had."""
    uids = [] if stored.transfer_syntax_uid in NOT_ON_THE_WEB else [stored.transfer_syntax_uid]
    uids += [EXPLICIT] * stored.can_be_uncompressed + list(ENCODED) * stored.can_be_encoded
    return [f"{DICOM}; transfer-syntax={uid}" for uid in dict.fromkeys(uids)]


def _instance_syntax(wanted: str, stored: StoredForm) -> str:
    if wanted == AS_STORED:
        return EXPLICIT if stored.transfer_syntax_uid in NOT_ON_THE_WEB else stored.transfer_syntax_uid
    wanted = wanted or EXPLICIT
    if wanted in NOT_ON_THE_WEB:
        return ""
    if not stored.has_pixels and wanted in MEDIA_TYPES:
        # A syntax that compresses pixels says nothing of objects without any.
        return EXPLICIT
    return wanted if _can_be_made(wanted, stored) else ""


def _frame_syntax(one: MediaRange, stored: StoredForm) -> str:
    if one.transfer_syntax not in ("", AS_STORED):
        uid = one.transfer_syntax
        fits = one.takes(media_type_of(uid)) and uid not in NOT_ON_THE_WEB
        return uid if fits and _frames_can_be_made(uid, stored) else ""
    if one.media_type == OCTETS and not one.transfer_syntax:
        return EXPLICIT if stored.can_be_uncompressed else ""
    as_stored = EXPLICIT if stored.transfer_syntax_uid in NATIVE else stored.transfer_syntax_uid
    # Clients ask for `application/octet-stream; transfer-syntax=*` and mean the frame as it is, whatever its type.
    if one.media_type == OCTETS or one.takes(media_type_of(as_stored)):
        return as_stored if _frames_can_be_made(as_stored, stored) else ""
    default = JPEG_LS if one.media_type == "image/*" else DEFAULT_OF.get(one.media_type, "")
    return default if _frames_can_be_made(default, stored) else ""


def _frames_can_be_made(uid: str, stored: StoredForm) -> bool:
    return bool(media_type_of(uid)) and not _is_video(stored) and _can_be_made(uid, stored)


def _can_be_made(uid: str, stored: StoredForm) -> bool:
    if uid == stored.transfer_syntax_uid:
        return True
    if uid == EXPLICIT:
        return stored.can_be_uncompressed
    return uid in ENCODED and stored.can_be_encoded


def _is_video(stored: StoredForm) -> bool:
    return media_type_of(stored.transfer_syntax_uid) in VIDEO_TYPES
