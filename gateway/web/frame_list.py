"""The list of frames in a DICOMweb address: `/frames/1,3,5` (PS3.18 10.4.1.1.1)."""

from __future__ import annotations

from gateway.errors import BadRequest

MOST_FRAMES = 1000


def frame_numbers(text: str) -> list[int]:
    """The frame numbers, each from 1 and none twice; raises BadRequest for anything else."""
    listed = text.split(",")
    if len(listed) > MOST_FRAMES:
        raise BadRequest(f"No more than {MOST_FRAMES} frames can be asked for at once.")
    if not all(one.isascii() and one.isdecimal() and len(one) <= 9 and int(one) >= 1 for one in listed):
        raise BadRequest("Frames are a list of whole numbers of 1 or more, with commas between.")
    numbers = [int(one) for one in listed]
    if len(set(numbers)) < len(numbers):
        raise BadRequest("A frame can be asked for only once.")
    return numbers
