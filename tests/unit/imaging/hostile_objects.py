"""Objects that lie: each a Part 10 file whose header, pixels or structure contradict each other or ask for too much."""

import io
import struct
import zlib

import numpy as np
import pydicom
from lightbox import PYDICOM_FILES
from pydicom.dataset import Dataset, FileMetaDataset
from pydicom.encaps import encapsulate
from pydicom.uid import (
    DeflatedExplicitVRLittleEndian,
    ExplicitVRLittleEndian,
    JPEG2000Lossless,
    JPEGBaseline8Bit,
    JPEGLosslessSV1,
    JPEGLSLossless,
    RLELossless,
)


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
    dataset["PixelData"].VR = "OW"  # what says how the pixels are stored may be missing
    target = io.BytesIO()
    dataset.save_as(target, enforce_file_format=True)
    return target.getvalue()


def compressed(syntax, frame, **changes):
    return written(image(syntax, PixelData=encapsulate([frame]), **changes))


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


def deflate_bomb():
    whole = written(image(DeflatedExplicitVRLittleEndian))
    start = 144 + struct.unpack_from("<I", whole, 140)[0]
    deflater = zlib.compressobj(9, zlib.DEFLATED, -15)
    return whole[:start] + b"".join(deflater.compress(bytes(1 << 20)) for _ in range(1100)) + deflater.flush()


def nested(depth):
    """Sequences within sequences, all of undefined length."""
    start = b"\x40\x00\x30\xa7SQ\0\0\xff\xff\xff\xff\xfe\xff\x00\xe0\xff\xff\xff\xff"
    return written(image()).replace(b"\x28\x00\x02\x00US", start * depth + b"\x28\x00\x02\x00US", 1)


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


def structures():
    """Files that are cut, bent, nested or inflated."""
    whole = written(image())
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


def headers():
    """Image Pixel attributes and look-up tables that contradict themselves."""
    rgb = eight_bits(SamplesPerPixel=3, PlanarConfiguration=0, PhotometricInterpretation="RGB")
    yield "no rows", written(image(Rows=0))
    yield "no columns", written(image(Columns=None))
    yield "no bits", written(image(BitsAllocated=None))
    yield "65535 squared", written(image(Rows=65535, Columns=65535))
    yield "10000 squared", written(image(Rows=10000, Columns=10000))
    yield "2^31 frames, the last", written(image(NumberOfFrames=str(2**31 - 1)))
    yield "fewer than no frames", written(image(NumberOfFrames="-5", PixelData=bytes(10)))
    yield "high bit beyond", written(image(HighBit=200))
    yield "more stored than allocated", written(image(BitsStored=17, HighBit=16))
    yield "13 bits allocated", written(image(BitsAllocated=13))
    yield "64 bits allocated", written(image(BitsAllocated=64))
    yield "7 samples", written(image(SamplesPerPixel=7))
    yield "unknown colours", written(image(**rgb | {"PhotometricInterpretation": "CMYK"}, PixelData=bytes(64 * 64 * 3)))
    yield "palette of no descriptor", written(image(PhotometricInterpretation="PALETTE COLOR"))
    yield "palette shorter than said", palette([256, 0, 16], bytes(20))
    yield "palette of 99 bits", palette([256, 0, 99])
    yield "modality LUT shorter than said", written(image(ModalityLUTSequence=lut([4096, 0, 16], [1, 2, 3])))
    yield "VOI LUT shorter than said", written(image(VOILUTSequence=lut([0, 0, 16], [1, 2, 3])))
    yield "VOI LUT of no bits", written(image(VOILUTSequence=lut([3, 0, 0], [1, 2, 3])))


def frames():
    """Compressed frames that say what they are not."""
    mr = (PYDICOM_FILES / "MR_small_RLE.dcm").read_bytes()
    jpeg, lossless = frame_of("SC_rgb_jpeg_dcmtk.dcm"), frame_of("SC_rgb_jpeg_gdcm.dcm")
    ls, j2k = frame_of("MR_small_jpeg_ls_lossless.dcm"), frame_of("MR_small_jp2klossless.dcm")
    rgb = eight_bits(SamplesPerPixel=3, PlanarConfiguration=0, PhotometricInterpretation="RGB")
    sof = {"Rows": 100, "Columns": 100, **rgb}
    yield "RLE cut", mr[:-900]
    yield "RLE without segments", compressed(RLELossless, rle(0))
    yield "RLE with 4 billion segments", compressed(RLELossless, rle(0xFFFFFFFF))
    yield "RLE segment beyond the end", compressed(RLELossless, rle(2, first=0xFFFFFFF0))
    yield "RLE that is too short", compressed(RLELossless, rle(2, body=b"\x01ab"))
    yield "RLE of two bytes", compressed(RLELossless, b"\0\0")
    yield "JPEG with other extent", compressed(JPEGBaseline8Bit, jpeg, **sof | {"Rows": 99})
    yield "JPEG SOF of 65535", compressed(JPEGBaseline8Bit, patched(jpeg, b"\xff\xc0", 5, ">2H", 65535, 65535), **sof)
    yield "JPEG SOF of 255 components", compressed(JPEGBaseline8Bit, patched(jpeg, b"\xff\xc0", 9, ">B", 255), **sof)
    yield "JPEG of no scan", compressed(JPEGBaseline8Bit, jpeg[: jpeg.index(b"\xff\xda")], **sof)
    yield "JPEG lossless cut", compressed(JPEGLosslessSV1, lossless[: len(lossless) // 2], **sof)
    yield "JPEG that is none", compressed(JPEGBaseline8Bit, b"BM" + bytes(500), **sof)
    yield "JPEG-LS cut", compressed(JPEGLSLossless, ls[: len(ls) // 2])
    yield "JPEG-LS with other extent", compressed(JPEGLSLossless, ls, Rows=512)
    yield "J2K SIZ of 16384 in a header of 512", compressed(JPEG2000Lossless, j2k_sized(16384, 16384), Rows=512)
    yield "J2K of a million tiles", compressed(JPEG2000Lossless, j2k_sized(4096, 4096, (4, 4)), Rows=4096, Columns=4096)
    yield "J2K header only", compressed(JPEG2000Lossless, j2k[:60])


def corpus():
    """Name and bytes of each object; none of them can be shown."""
    yield from structures()
    yield from headers()
    yield from frames()
