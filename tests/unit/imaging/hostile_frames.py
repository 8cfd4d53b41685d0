"""Compressed frames that say what they are not, and those that are a bomb although they say so."""

import struct
import zlib

import imagecodecs
import numpy as np
from hostile_objects import (
    DEFLATED_FRAMES,
    JPEG_XL,
    bomb,
    compressed,
    eight_bits,
    frame_of,
    image,
    items,
    j2k_sized,
    patched,
    rgb,
    rle,
    written,
)
from lightbox import PYDICOM_FILES
from pydicom.encaps import encapsulate
from pydicom.uid import (
    HTJ2KLossless,
    JPEG2000Lossless,
    JPEGBaseline8Bit,
    JPEGLosslessSV1,
    JPEGLSLossless,
    RLELossless,
)

GREYS = np.arange(64 * 64, dtype=np.uint16).reshape(64, 64)


def deflated(raw, end=zlib.Z_FINISH):
    deflater = zlib.compressobj(9, zlib.DEFLATED, -15)
    return deflater.compress(raw) + deflater.flush(end)


def jpeg_of_many_scans(edge, scans):
    """A progressive JPEG (ISO 10918-1 G) whose coefficients are sent again and again: each scan walks all blocks."""
    start = b"\xff\xd8\xff\xdb\x00\x43\x00" + b"\x01" * 64
    start += b"\xff\xc2\x00\x0b\x08" + struct.pack(">2H", edge, edge) + b"\x01\x01\x11\x00"
    start += b"\xff\xc4\x00\x14\x10\x01" + bytes(15) + b"\x00"
    dc = b"\xff\xc4\x00\x14\x00\x01" + bytes(15) + b"\x00"
    first = b"\xff\xda\x00\x08\x01\x01\x00\x00\x00\x00\x00"
    again = b"\xff\xda\x00\x08\x01\x01\x00\x01\x3f\x00\x00"
    return start + dc + first + again * scans + b"\xff\xd9"


def jpeg_xl():
    return imagecodecs.jpegxl_encode(GREYS, lossless=True)


def jpeg_xl_sized(edge):
    """The codestream, bare, with another SizeHeader (ISO 18181-1 D.2) before the rest of its bits."""
    frame = jpeg_xl()
    start = frame.index(b"\xff\x0a") + 2
    bits = int.from_bytes(frame[start:], "little")
    rest = bits >> (9 if bits & 1 else 5)
    said, length = 0, 0
    for value, count in ((0, 1), (3, 2), (edge - 1, 30), (1, 3)):
        said |= value << length
        length += count
    whole = said | rest << length
    return b"\xff\x0a" + whole.to_bytes((whole.bit_length() + 7) // 8, "little")


def boxed(*boxes):
    signature = b"\x00\x00\x00\x0cJXL \x0d\x0a\x87\x0a"
    return signature + b"".join(boxes)


def wide(edge, syntax, frame, **changes):
    return compressed(syntax, frame, Rows=edge, Columns=edge, **changes)


def frames():
    """Compressed frames that say what they are not."""
    mr = (PYDICOM_FILES / "MR_small_RLE.dcm").read_bytes()
    jpeg, lossless = frame_of("SC_rgb_jpeg_dcmtk.dcm"), frame_of("SC_rgb_jpeg_gdcm.dcm")
    ls, j2k = frame_of("MR_small_jpeg_ls_lossless.dcm"), frame_of("MR_small_jp2klossless.dcm")
    sof = {"Rows": 100, "Columns": 100, **rgb()}
    yield "RLE cut", mr[:-900]
    yield "RLE without segments", compressed(RLELossless, rle(0))
    yield "RLE with 4 billion segments", compressed(RLELossless, rle(0xFFFFFFFF))
    yield "RLE segment beyond the end", compressed(RLELossless, rle(2, first=0xFFFFFFF0))
    yield "RLE that is too short", compressed(RLELossless, rle(2, body=b"\x01ab"))
    yield "RLE that is too long", compressed(RLELossless, rle(2, body=b"\x81\x00" * 200))
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


def bombs():
    """Compressed frames that would cost far more than they weigh."""
    jpeg, lossless = frame_of("SC_rgb_jpeg_dcmtk.dcm"), frame_of("SC_rgb_jpeg_gdcm.dcm")
    ls, j2k = frame_of("MR_small_jpeg_ls_lossless.dcm"), frame_of("MR_small_jp2klossless.dcm")
    high = imagecodecs.htj2k_encode(GREYS, reversible=True)
    yield (
        "J2K of 16384 layers of nothing",
        compressed(JPEG2000Lossless, patched(j2k, b"\xff\x52", 6, ">H", 16384)[:300]),
    )
    yield "J2K of 255 decompositions", compressed(JPEG2000Lossless, patched(j2k, b"\xff\x52", 9, ">B", 255))
    yield (
        "J2K of code blocks beyond measure",
        compressed(JPEG2000Lossless, patched(j2k, b"\xff\x52", 10, ">2B", 255, 255)),
    )
    yield "J2K of 16384 components", compressed(JPEG2000Lossless, patched(j2k, b"\xff\x51", 38, ">H", 16384))
    yield "J2K of no components", compressed(JPEG2000Lossless, patched(j2k, b"\xff\x51", 38, ">H", 0))
    yield "J2K with tiles of nothing", compressed(JPEG2000Lossless, j2k_sized(64, 64, (0, 0)))
    yield (
        "J2K in a wrapper of nothing",
        compressed(JPEG2000Lossless, b"\x00\x00\x00\x0cjP  \x0d\x0a\x87\x0a" + bytes(400)),
    )
    yield "HTJ2K that is 10,000 wide", wide(10_000, HTJ2KLossless, patched(high, b"\xff\x51", 6, ">2I", 10_000, 10_000))
    yield "HTJ2K cut", compressed(HTJ2KLossless, high[:200])
    yield "HTJ2K of garbage", compressed(HTJ2KLossless, high[:200] + b"\xa5" * 3000)
    yield "JPEG of 65500", wide(65500, JPEGBaseline8Bit, patched(jpeg, b"\xff\xc0", 5, ">2H", 65500, 65500), **rgb())
    yield (
        "JPEG lossless of 65500",
        wide(65500, JPEGLosslessSV1, patched(lossless, b"\xff\xc3", 5, ">2H", 65500, 65500), **rgb()),
    )
    yield "JPEG of 2,000 scans", wide(10_000, JPEGBaseline8Bit, jpeg_of_many_scans(10_000, 2_000), **eight_bits())
    yield "JPEG-LS of 10,000 squared", wide(10_000, JPEGLSLossless, patched(ls, b"\xff\xf7", 5, ">2H", 10_000, 10_000))


def modern_frames():
    """JPEG XL and deflated frames that lie."""
    yield "JPEG XL whose size is another", compressed(JPEG_XL, jpeg_xl_sized(4096))
    yield "JPEG XL of 10,000 squared", wide(10_000, JPEG_XL, jpeg_xl_sized(10_000))
    yield "JPEG XL of 2^30", wide(65535, JPEG_XL, jpeg_xl_sized(2**30))
    yield "JPEG XL of garbage", compressed(JPEG_XL, b"\xff\x0a" + b"\xa5" * 500)
    yield "JPEG XL of garbage boxes", compressed(JPEG_XL, boxed(b"\xff\xff\xff\xffgarb" + bytes(400)))
    yield "JPEG XL box of no length", compressed(JPEG_XL, boxed(b"\x00\x00\x00\x07jxlp" + bytes(400)))
    yield "JPEG XL box of 2^64", compressed(JPEG_XL, boxed(b"\x00\x00\x00\x01jxlc" + b"\xff" * 8 + bytes(40)))
    yield "JPEG XL of a hundred thousand boxes", compressed(JPEG_XL, boxed(*[b"\x00\x00\x00\x08free"] * 100_000))
    yield "deflated frame that is too short", compressed(DEFLATED_FRAMES, deflated(bytes(100)))
    yield "deflated frame of garbage", compressed(DEFLATED_FRAMES, b"\xff" * 400)
    yield "deflated frame of 10,000 squared", wide(10_000, DEFLATED_FRAMES, deflated(bytes(1000)))
    yield "RLE of 10,000 squared", wide(10_000, RLELossless, rle(2))


def lying_offsets():
    """Offset tables (PS3.5 A.4, PS3.3 C.7.6.3.1.8) that point where no frame lies."""
    three = [rle(2, body=b"\x01ab"), rle(2, body=b"\x02abc"), rle(2)]
    far = {
        "ExtendedOffsetTable": struct.pack("<3Q", 2**63, 2**62, 2**40),
        "ExtendedOffsetTableLengths": struct.pack("<3Q", *[2**62] * 3),
    }
    yield (
        "an extended offset table beyond the end",
        written(image(RLELossless, NumberOfFrames=3, PixelData=encapsulate(three), **far)),
    )
    long = {
        "ExtendedOffsetTable": struct.pack("<3Q", 0, 0, 0),
        "ExtendedOffsetTableLengths": struct.pack("<3Q", *[2**40] * 3),
    }
    yield (
        "an extended offset table of long frames",
        written(image(RLELossless, NumberOfFrames=3, PixelData=encapsulate(three), **long)),
    )
    yield (
        "2^31 frames in one item",
        written(image(RLELossless, NumberOfFrames=str(2**31 - 1), PixelData=encapsulate(three))),
    )
    yield (
        "items of nothing",
        written(image(RLELossless, NumberOfFrames=4, PixelData=items(b"", b"", b""))),
    )
    lying = encapsulate(three).replace(struct.pack("<2I", *offsets(three)[1:]), b"\xff" * 8, 1)
    yield "a basic offset table beyond the end", written(image(RLELossless, NumberOfFrames=5, PixelData=lying))
    yield (
        "a basic offset table longer than the file",
        written(image(RLELossless, PixelData=lying)).replace(
            b"\xfe\xff\x00\xe0\x0c\x00\x00\x00", b"\xfe\xff\x00\xe0\x0c\x00\x00\xff", 1
        ),
    )


def offsets(frames):
    found, place = [], 0
    for frame in frames:
        found.append(place)
        place += 8 + len(frame) + len(frame) % 2
    return found


def shown_frames():
    """Bombs that defuse: what inflates beyond the frame is not inflated, what is said twice is said once."""
    whole, jpeg = GREYS.tobytes(), frame_of("SC_rgb_jpeg_dcmtk.dcm")
    yield (
        "JPEG of 10,000 squared in colour",
        wide(10_000, JPEGBaseline8Bit, patched(jpeg, b"\xff\xc0", 5, ">2H", 10_000, 10_000), **rgb()),
    )
    yield (
        "deflated frame that goes on for a gigabyte",
        compressed(DEFLATED_FRAMES, deflated(whole, zlib.Z_FULL_FLUSH) + bomb(1 << 30)),
    )
    yield "JPEG XL as it should be", compressed(JPEG_XL, jpeg_xl())
    yield (
        "a basic offset table that lies about one frame of one",
        written(
            image(
                RLELossless,
                PixelData=encapsulate([frame_of("MR_small_RLE.dcm")]).replace(
                    b"\x04\x00\x00\x00\x00\x00\x00\x00", b"\x04\x00\x00\x00\xff\xff\xff\x7f", 1
                ),
            )
        ),
    )
    yield (
        "a hundred thousand empty items behind the frame",
        written(image(RLELossless, PixelData=items(frame_of("MR_small_RLE.dcm"), *[b""] * 100_000))),
    )
