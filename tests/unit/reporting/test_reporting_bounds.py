"""A hostile or damaged report is refused with the reason, in bounded time."""

import random
import struct
from pathlib import Path

import pydicom
import pytest
from sr_documents import DIAMETER, MM, as_bytes, document, measured, read, read_of, text

from gateway.errors import Unreadable
from gateway.reporting.content_tree import MAX_DEPTH, MAX_ITEMS

OF_PYDICOM = Path(pydicom.__file__).parent / "data" / "test_files"


def nested(depth, *, undefined_length):
    """A document whose CONTAINERs stand in each other, written by hand because no library nests so deep."""
    start = as_bytes(document())
    inner = struct.pack("<HH2sHI", 0x0040, 0xA040, b"CS", 0, 0)[:6] + struct.pack("<H", 10) + b"CONTAINER "
    opening = struct.pack("<HH2sH", 0x0040, 0xA730, b"SQ", 0)
    if undefined_length:
        one = opening + struct.pack("<I", 0xFFFFFFFF) + struct.pack("<HHI", 0xFFFE, 0xE000, 0xFFFFFFFF) + inner
        ends = struct.pack("<HHI", 0xFFFE, 0xE00D, 0) + struct.pack("<HHI", 0xFFFE, 0xE0DD, 0)
        return start + one * depth + ends * depth
    size, pieces = 0, []
    for level in range(depth):
        item_size = len(inner) + (0 if level == 0 else size)
        pieces.append(
            opening + struct.pack("<I", item_size + 8) + struct.pack("<HHI", 0xFFFE, 0xE000, item_size) + inner
        )
        size = item_size + 8 + 12
    return start + b"".join(reversed(pieces))


@pytest.mark.parametrize("undefined_length", [True, False])
def test_nesting_ten_thousand_deep_is_refused_with_the_reason(undefined_length):
    with pytest.raises(Unreadable, match="nested"):
        read(nested(10_000, undefined_length=undefined_length))


@pytest.mark.parametrize("undefined_length", [True, False])
def test_nesting_that_people_write_is_read(undefined_length):
    node, depth = read(nested(40, undefined_length=undefined_length))["tree"], 0
    while node["children"]:
        node, depth = node["children"][0], depth + 1
    assert depth == 40 < MAX_DEPTH


def test_more_items_or_text_than_the_bounds_is_refused():
    with pytest.raises(Unreadable, match="content items"):
        read_of(*[text(None, "x")] * (MAX_ITEMS + 1))
    with pytest.raises(Unreadable, match="characters"):
        read_of(text(None, "x" * 2_500_000), text(None, "x" * 2_500_000))


def test_a_value_that_breaks_its_representation_is_shown_as_it_stands():
    data = as_bytes(document(measured(DIAMETER, "12.50", MM)))
    (measurement,) = read(data.replace(b"12.50 ", b"abc.d "))["measurements"]
    assert measurement["value"] == "abc.d"


@pytest.mark.parametrize("data", [b"", b"not DICOM at all", b"\0" * 128 + b"DICM"])
def test_what_is_no_report_is_refused_in_words_without_paths(data):
    with pytest.raises(Unreadable, match="no DICOM file"):
        read(data)


def test_a_picture_is_no_report():
    with pytest.raises(Unreadable, match="no content tree"):
        read((OF_PYDICOM / "CT_small.dcm").read_bytes())


def test_a_damaged_file_is_read_or_refused_and_never_anything_else():
    whole, chance = (OF_PYDICOM / "test-SR.dcm").read_bytes(), random.Random(11)
    refused = 0
    for _ in range(150):
        damaged = bytearray(whole)
        for _ in range(chance.randint(1, 12)):
            damaged[chance.randrange(300, len(damaged))] = chance.randrange(256)
        try:
            assert read(bytes(damaged[: chance.randint(400, len(damaged))]))["tree"]["children"] is not None
        except Unreadable:
            refused += 1
    assert 0 < refused < 150
