"""Files that are cut, bent, nested or inflated."""

import struct

from hostile_objects import bomb, compressed, image, rle, with_raw, written
from lightbox import PYDICOM_FILES
from pydicom.encaps import encapsulate
from pydicom.uid import DeflatedExplicitVRLittleEndian, RLELossless

PER_FRAME = 0x52009230
SHARED = 0x52009229


def deflate_bomb():
    whole = written(image(DeflatedExplicitVRLittleEndian))
    start = 144 + struct.unpack_from("<I", whole, 140)[0]
    return whole[:start] + bomb(1100 << 20)


def nested(depth):
    """Sequences within sequences, all of undefined length."""
    start = b"\x40\x00\x30\xa7SQ\0\0\xff\xff\xff\xff\xfe\xff\x00\xe0\xff\xff\xff\xff"
    return written(image()).replace(b"\x28\x00\x02\x00US", start * depth + b"\x28\x00\x02\x00US", 1)


def structures():
    """Files that are cut, bent, nested or inflated."""
    whole = written(image())
    yield "a rescale beyond all measure", with_raw(image(), (0x00281053, b"1e308 "), (0x00281052, b"-1e308"))
    yield "nothing", b""
    yield "no DICOM", b"GIF89a" + bytes(5000)
    yield "preamble only", bytes(128) + b"DICM"
    yield "deflate bomb", deflate_bomb()
    yield "deflate garbage", written(image(DeflatedExplicitVRLittleEndian))[:400] + b"\xff" * 400
    yield "unknown syntax", written(image("1.2.840.10008.1.2.4.100", PixelData=encapsulate([b"MPEG"])))
    yield "encapsulated that is not", whole.replace(b"1.2.840.10008.1.2.1\0", b"1.2.840.10008.1.2.5\0")
    yield (
        "not encapsulated that is",
        compressed(RLELossless, rle(2)).replace(b"1.2.840.10008.1.2.5\0", b"1.2.840.10008.1.2.1\0"),
    )
    for cut in (150, 300, len(whole) // 2, len(whole) - 1):
        yield f"cut at {cut}", whole[:cut]
    yield "nested 10,000 deep", nested(10_000)
    yield "nested 200,000 deep", nested(200_000)
    yield "a length of 4 GB", whole[:400] + b"\x10\x00\x10\x00UN\0\0\xfe\xff\xff\xff" + whole[400:]
    yield (
        "fragments that never end",
        compressed(RLELossless, rle(2)).replace(
            b"\xfe\xff\x00\xe0\x00\x00\x00\x00", b"\xfe\xff\x00\xe0\xf0\xff\xff\xff", 1
        ),
    )
    yield "a report that is none", b"".join([bytes(128), b"DICM", whole[132:300], bytes(3000)])
    yield "the deflated MR cut", deflated()[:2000]


def shown_structures():
    """Structures that are out of all measure where the picture does not need them."""
    empty = b"\xfe\xff\x00\xe0\x00\x00\x00\x00" * 100_000
    yield "text in the place of a sequence", with_raw(image(NumberOfFrames=2), (PER_FRAME, b"no sequence at all"))
    yield "an item longer than its sequence", with_raw(image(), (0x00081140, b"\xfe\xff\x00\xe0\xff\xff\xff\x7f"))
    yield "the deflated MR with a byte flipped", flipped(deflated(), 3000)
    yield "100,000 functional groups of nothing", with_raw(image(), (PER_FRAME, empty))
    yield "shared groups that are text", with_raw(image(), (SHARED, b"no sequence"))
    yield "a million bytes of private nothing", with_raw(image(), (0x00091001, bytes(1_000_000)))
    yield "a window of no numbers", with_raw(image(), (0x00281050, b"NaN "), (0x00281051, b"inf "))
    yield "a window of width 0", with_raw(image(), (0x00281050, b"100 "), (0x00281051, b"0 "))
    yield "a rescale that is text", with_raw(image(), (0x00281053, b"slope "), (0x00281052, b"no"))
    yield "spacing of nothing", with_raw(image(), (0x00280030, b"0\\0 "), (0x00280034, b"0\\-1"))


def deflated():
    return (PYDICOM_FILES / "image_dfl.dcm").read_bytes()


def flipped(whole, place):
    return whole[:place] + bytes([whole[place] ^ 0x55]) + whole[place + 1 :]
