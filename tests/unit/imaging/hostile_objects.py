"""What lying objects are made of: a sound small picture, its encapsulated forms, and ways to bend them."""

import io
import struct
import zlib

import numpy as np
import pydicom
from lightbox import PYDICOM_FILES
from pydicom.dataelem import RawDataElement
from pydicom.dataset import Dataset, FileMetaDataset
from pydicom.tag import Tag
from pydicom.uid import (
    ExplicitVRLittleEndian,
    ImplicitVRLittleEndian,
)

JPEG_XL, DEFLATED_FRAMES = "1.2.840.10008.1.2.4.110", "1.2.840.10008.1.2.8.1"
_STAND_INS = {JPEG_XL: "1.2.840.10008.1.2.4.201", DEFLATED_FRAMES: "1.2.840.10008.1.2.4.50"}


def image(syntax=ExplicitVRLittleEndian, **changes):
    """A small grey object with attributes changed; `None` leaves one out."""
    made = Dataset()
    made.file_meta = FileMetaDataset()
    made.file_meta.TransferSyntaxUID = syntax
    made.file_meta.MediaStorageSOPClassUID = made.SOPClassUID = "1.2.840.10008.5.1.4.1.1.7"
    made.file_meta.MediaStorageSOPInstanceUID = made.SOPInstanceUID = "1.2.3.4"
    made.Modality, made.PatientName = "OT", "Nobody^Hostile"
    made.Rows = made.Columns = 64
    made.SamplesPerPixel, made.PhotometricInterpretation = 1, "MONOCHROME2"
    made.BitsAllocated = made.BitsStored = 16
    made.HighBit, made.PixelRepresentation = 15, 0
    made.PixelData = np.arange(64 * 64, dtype="<u2").tobytes()
    for keyword, value in changes.items():
        if value is None:
            delattr(made, keyword)
        else:
            setattr(made, keyword, value)
    return made


def written(dataset):
    """The object's bytes; transfer syntaxes that the library does not know are put in the place of one that it does."""
    stated = str(dataset.file_meta.TransferSyntaxUID)
    known = _STAND_INS.get(stated, stated)
    dataset.file_meta.TransferSyntaxUID = known
    if "PixelData" in dataset:
        dataset["PixelData"].VR = "OW"  # what says how the pixels are stored may be missing
    target = io.BytesIO()
    dataset.save_as(target, enforce_file_format=True)
    return target.getvalue().replace(known.encode(), stated.ljust(len(known), "\0").encode(), 1)


def items(*frames, table=b""):
    """Encapsulated pixel data (PS3.5 A.4) of one item a frame, empty ones too."""
    heads = (b"\xfe\xff\x00\xe0" + struct.pack("<I", len(one)) + one for one in (table, *map(even, frames)))
    return b"".join(heads) + b"\xfe\xff\xdd\xe0\x00\x00\x00\x00"


def even(frame):
    return frame + bytes(len(frame) % 2)


def compressed(syntax, frame, **changes):
    return written(image(syntax, PixelData=items(frame), **changes))


def eight_bits(**changes):
    return {"BitsAllocated": 8, "BitsStored": 8, "HighBit": 7} | changes


def frame_of(name):
    return next(pydicom.encaps.generate_frames(pydicom.dcmread(PYDICOM_FILES / name).PixelData, number_of_frames=1))


def patched(frame, marker, offset, layout, *values):
    """The frame with a field behind the marker overwritten."""
    changed = bytearray(frame)
    struct.pack_into(layout, changed, frame.index(marker) + offset, *values)
    return bytes(changed)


def j2k_sized(width, height, tile=None):
    """The MR's codestream, whose SIZ says another extent (and tile)."""
    frame = patched(frame_of("MR_small_jp2klossless.dcm"), b"\xff\x51", 6, ">2I", width, height)
    return patched(frame, b"\xff\x51", 22, ">2I", *(tile or (width, height)))


def lut(descriptor, data):
    item = Dataset()
    item.LUTDescriptor, item.LUTData = descriptor, struct.pack(f"<{len(data)}H", *data)
    return [item]


def palette(descriptor, data=bytes(512), **changes):
    made = {"PhotometricInterpretation": "PALETTE COLOR", "PixelData": bytes(range(256)) * 16, **eight_bits()} | changes
    for color in ("Red", "Green", "Blue"):
        made[f"{color}PaletteColorLookupTableDescriptor"] = descriptor
        made[f"{color}PaletteColorLookupTableData"] = data
    return written(image(**made))


def rle(segments, first=64, body=b"\x7f" + bytes(128)):
    return struct.pack("<16I", segments, first, *([first] * 14)) + body


def rgb(**changes):
    return eight_bits(SamplesPerPixel=3, PlanarConfiguration=0, PhotometricInterpretation="RGB") | changes


def with_raw(made, *elements):
    """The object with elements of bytes that no library would write: tag and value, as UN where a VR is said."""
    whole = written(made)
    for tag, value in elements:
        whole = inserted(
            whole, tag, even(value), is_implicit=made.file_meta.TransferSyntaxUID == ImplicitVRLittleEndian
        )
    return whole


def inserted(whole, tag, value, *, is_implicit):
    """The file with that element in its place, instead of one that stands there already."""
    start = 144 + struct.unpack_from("<I", whole, 140)[0]
    here, size = start, 0
    while here < len(whole):
        group, member = struct.unpack_from("<2H", whole, here)
        size = size_of_element(whole, here, is_implicit)
        if (group << 16 | member) >= tag:
            break
        here += size
    rest = here + size if (group << 16 | member) == tag else here
    head = struct.pack("<2H", tag >> 16, tag & 0xFFFF) + (b"" if is_implicit else b"UN\0\0")
    return whole[:here] + head + struct.pack("<I", len(value)) + value + whole[rest:]


def size_of_element(whole, here, is_implicit):
    if is_implicit:
        return 8 + struct.unpack_from("<I", whole, here + 4)[0]
    if whole[here + 4 : here + 6] in (b"OB", b"OW", b"OF", b"OD", b"OL", b"SQ", b"UN", b"UT"):
        return 12 + struct.unpack_from("<I", whole, here + 8)[0]
    return 8 + struct.unpack_from("<H", whole, here + 6)[0]


def put_raw(made, tag, value, vr):
    """Sets the element's value as bytes, without a look at them."""
    made[tag] = RawDataElement(Tag(tag), vr, len(even(value)), even(value), 0, True, True)


def bomb(length):
    """Deflated zeros of about that length, made of one block again and again."""
    deflater = zlib.compressobj(9, zlib.DEFLATED, -15)
    block = deflater.compress(bytes(1 << 20)) + deflater.flush(zlib.Z_FULL_FLUSH)
    return block * (length >> 20) + b"\x03\x00"
