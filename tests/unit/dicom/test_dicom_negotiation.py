"""Which form answers an Accept, for every way in which an object can be stored."""

import pytest

from gateway.dicom.negotiation import MediaRange, StoredForm, frame_offers, frame_target, instance_target
from gateway.dicom.transfer_syntax import DECODED, MEDIA_TYPES, NATIVE, VIDEO_TYPES

EXPLICIT, IMPLICIT, BIG_ENDIAN, RLE = (f"1.2.840.10008.1.2{tail}" for tail in (".1", "", ".2", ".5"))
BASELINE, LOSSLESS_JPEG, JPEG_LS, NEAR, J2K, HTJ2K, MP4 = (
    f"1.2.840.10008.1.2.4.{tail}" for tail in ("50", "70", "80", "81", "90", "201", "102")
)
UNKNOWN = "1.2.840.99999.1"


def form(syntax: str, bits: int = 16, *, pixels: bool = True) -> StoredForm:
    return StoredForm(syntax, pixels, bits)


@pytest.mark.parametrize(
    ("stored", "wanted", "sent"),
    [
        (form(EXPLICIT), "", EXPLICIT),
        (form(RLE), "", EXPLICIT),
        (form(RLE), "*", RLE),
        (form(IMPLICIT), "*", EXPLICIT),
        (form(BIG_ENDIAN), BIG_ENDIAN, None),
        (form(BASELINE), BASELINE, BASELINE),
        (form(EXPLICIT), BASELINE, None),
        (form(BASELINE, 8), HTJ2K, HTJ2K),
        (form(EXPLICIT, 1), JPEG_LS, None),
        (form(EXPLICIT, 32), J2K, None),
        (form(MP4, 8), "", None),
        (form(MP4, 8), "*", MP4),
        (form(MP4, 8), MP4, MP4),
        (form(UNKNOWN), "", None),
        (form(UNKNOWN), "*", UNKNOWN),
        (form(EXPLICIT, 0, pixels=False), JPEG_LS, EXPLICIT),
        (form(EXPLICIT, 0, pixels=False), UNKNOWN, None),
    ],
)
def test_an_instance_is_sent_only_as_what_is_accepted_and_can_be_made(stored, wanted, sent):
    target = instance_target([MediaRange("application/dicom", True, wanted)], stored, is_alone=False)
    assert (target.transfer_syntax_uid if target else None) == sent


@pytest.mark.parametrize(
    ("stored", "media_type", "wanted", "sent"),
    [
        (BASELINE, "image/jpeg", "", ("image/jpeg", BASELINE)),
        (BASELINE, "image/jpeg", LOSSLESS_JPEG, None),
        (LOSSLESS_JPEG, "image/jpeg", "", ("image/jpeg", LOSSLESS_JPEG)),
        (EXPLICIT, "image/jpeg", "", None),
        (NEAR, "image/jls", "", ("image/jls", NEAR)),
        (NEAR, "image/jls", JPEG_LS, ("image/jls", JPEG_LS)),
        (EXPLICIT, "image/*", "", ("image/jls", JPEG_LS)),
        (BASELINE, "image/*", "", ("image/jpeg", BASELINE)),
        (EXPLICIT, "*/*", "", ("application/octet-stream", EXPLICIT)),
        (BASELINE, "*/*", "", ("image/jpeg", BASELINE)),
        (BASELINE, "*/*", EXPLICIT, ("application/octet-stream", EXPLICIT)),
        (BASELINE, "application/octet-stream", "", ("application/octet-stream", EXPLICIT)),
        (BASELINE, "application/octet-stream", "*", ("image/jpeg", BASELINE)),
        (BASELINE, "image/jls", BASELINE, None),
        (MP4, "*/*", "", None),
        (MP4, "application/octet-stream", "", None),
        (UNKNOWN, "*/*", "", None),
    ],
)
def test_a_frame_is_sent_under_the_media_type_of_its_syntax(stored, media_type, wanted, sent):
    target = frame_target([MediaRange(media_type, True, wanted)], form(stored, 8), is_alone=False)
    assert ((target.media_type, target.transfer_syntax_uid) if target else None) == sent


def test_one_part_alone_is_only_for_one_thing():
    single = [MediaRange("application/octet-stream", multipart=False)]
    assert frame_target(single, form(EXPLICIT), is_alone=True).is_multipart is False
    assert frame_target(single, form(EXPLICIT), is_alone=False) is None
    assert instance_target([MediaRange("application/dicom", False)], form(EXPLICIT), is_alone=False) is None


def test_what_is_offered_can_be_had():
    for syntax in (*NATIVE, *MEDIA_TYPES):
        for offer in frame_offers(form(syntax, 8)):
            media_type, uid = offer.split("; transfer-syntax=")
            target = frame_target([MediaRange(media_type, True, uid)], form(syntax, 8), is_alone=False)
            assert target is not None, offer
            assert (target.media_type, target.transfer_syntax_uid) == (media_type, uid)


def test_video_is_never_offered_by_frames():
    videos = [uid for uid, media_type in MEDIA_TYPES.items() if media_type in VIDEO_TYPES]
    assert len(videos) == 16
    assert not DECODED & set(videos)
    assert [frame_offers(form(uid, 8)) for uid in videos] == [[]] * len(videos)
