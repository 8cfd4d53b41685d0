"""Slides, video and reports that lie, each with the kind of reader that it is for."""

import struct

from hostile_objects import compressed, image, rgb, rle, written
from lightbox import PYDICOM_FILES
from pydicom.dataset import Dataset
from pydicom.encaps import encapsulate
from pydicom.uid import MPEG2MPML, MPEG4HP41, RLELossless

SLIDE = "1.2.840.10008.5.1.4.1.1.77.1.6"


def slide(matrix, positions=None, **changes):
    """A level of tiles of 64 x 64 whose matrix has that many columns and rows (PS3.3 C.8.12.4)."""
    made = image(**rgb(PixelData=bytes(64 * 64 * 3) * 4, NumberOfFrames="4") | changes)
    made.SOPClassUID = made.file_meta.MediaStorageSOPClassUID = SLIDE
    made.TotalPixelMatrixColumns, made.TotalPixelMatrixRows = matrix
    if positions is None:
        made.DimensionOrganizationType = "TILED_FULL"
    else:
        made.PerFrameFunctionalGroupsSequence = [placed(*position) for position in positions]
    return written(made)


def placed(row, column):
    group, position = Dataset(), Dataset()
    position.RowPositionInTotalImagePixelMatrix, position.ColumnPositionInTotalImagePixelMatrix = row, column
    group.PlanePositionSlideSequence = [position]
    return group


def slides():
    """Levels that no picture can be made of."""
    yield "a slide of 2^31", slide((2**31 - 1, 2**31 - 1))
    yield "a slide of no size", slide((0, 0))
    yield "a slide of 2^32 - 1 by one", slide((2**32 - 1, 1))
    yield "a slide whose tiles are cut short", slide((128, 128), PixelData=bytes(100))
    yield "a slide of tiles that lie", written_tiles()


def shown_slides():
    """Levels whose tiles lie where none can be: the matrix is shown, white where nothing lies."""
    edge = 2**31 - 1
    yield "a slide without places", slide((128, 128), positions=[]).replace(b"TILED_FULL", b"TILED_NONE")
    yield "tiles outside the matrix", slide((128, 128), positions=[(edge, edge), (-edge, -edge), (1, 1), (129, 129)])
    yield "tiles that all lie in one place", slide((128, 128), positions=[(1, 1)] * 4)
    yield "more places than tiles of them", slide((128, 128), positions=[(1, 1), (1, 65), (65, 1), (65, 65)])


def written_tiles():
    made = image(RLELossless, **rgb(PixelData=encapsulate([rle(3)] * 4), NumberOfFrames="4"))
    made.TotalPixelMatrixColumns = made.TotalPixelMatrixRows = 128
    made.DimensionOrganizationType = "TILED_FULL"
    return written(made)


def video(stream, syntax=MPEG4HP41):
    return compressed(syntax, stream, **rgb(NumberOfFrames="10"))


def box(kind, *parts, size=None):
    body = b"".join(parts)
    return struct.pack(">I", len(body) + 8 if size is None else size) + kind + body


def videos(named):
    """Streams that no frame comes out of; those that name a file must not open it."""
    start = box(b"ftyp", b"isom", bytes(4), b"isomavc1")
    yield "a playlist in the place of a video", video(f"#EXTM3U\n#EXTINF:1,\nfile://{named}\n".encode())
    yield "a list of files in the place of a video", video(f"ffconcat version 1.0\nfile '{named}'\n".encode())
    yield (
        "a manifest in the place of a video",
        video(f"<?xml version='1.0'?><MPD><BaseURL>{named}</BaseURL></MPD>".encode()),
    )
    yield (
        "a playlist behind a transport packet",
        video(b"\x47" + bytes(187) + b"\x47" + f"#EXTM3U\n{named}\n".encode() * 20, MPEG2MPML),
    )
    yield (
        "an MP4 that names a file",
        video(start + box(b"moov", box(b"trak", box(b"dref", b"url " + str(named).encode())))),
    )
    yield "an MP4 of a head alone", video(start)
    yield "an MP4 of boxes of 4 GB", video(start + box(b"moov", bytes(100), size=0xFFFFFFF0))
    yield "an MP4 of boxes of no size", video(start + box(b"moov", size=1) * 50)
    yield "an MP4 nested ten thousand deep", video(start + nested_boxes(10_000))
    yield "an MP4 of a table of 4 billion samples", video(start + table_of(0xFFFFFFFF))
    yield "MPEG of garbage", video(b"\x00\x00\x01\xba" + b"\xa5" * 50_000, MPEG2MPML)
    yield "MPEG of sequence headers", video(b"\x00\x00\x01\xb3\xff\xff\xff\xff" * 5_000, MPEG2MPML)
    yield "a transport stream of nothing", video((b"\x47" + bytes(187)) * 500, MPEG2MPML)
    yield "a video of no bytes", video(b"")


def nested_boxes(depth):
    whole = b""
    for level in range(depth):
        whole = box((b"moov", b"trak", b"mdia", b"minf")[level % 4], whole) if level < 500 else box(b"udta", whole)
    return whole


def table_of(count):
    stsz = box(b"stsz", bytes(4), bytes(4), struct.pack(">I", count), bytes(64))
    stts = box(b"stts", bytes(4), struct.pack(">I", count), bytes(64))
    media = box(b"mdia", box(b"hdlr", bytes(8), b"vide", bytes(13)), box(b"minf", box(b"stbl", stsz, stts)))
    return box(b"moov", box(b"trak", media))


def reports():
    """Documents (SR) that are cut or that never end."""
    whole = (PYDICOM_FILES / "test-SR.dcm").read_bytes()
    start = whole.index(b"\x40\x00\x30\xa7SQ")
    inner = (
        b"\x40\x00\x30\xa7SQ\0\0\xff\xff\xff\xff\xfe\xff\x00\xe0\xff\xff\xff\xff\x40\x00\x40\xa0CS\x0a\x00CONTAINER "
    )
    yield "a report of nothing", b""
    yield "a picture that is read as a report", written(image())
    yield "a report nested 10,000 deep", whole[:start] + inner * 10_000
    yield (
        "a report nested 300 deep",
        whole[:start] + inner * 300 + (b"\xfe\xff\x0d\xe0" + bytes(4) + b"\xfe\xff\xdd\xe0" + bytes(4)) * 300,
    )
    yield (
        "a report of 100,000 items",
        whole[:start] + b"\x40\x00\x30\xa7SQ\0\0\xff\xff\xff\xff" + b"\xfe\xff\x00\xe0\x00\x00\x00\x00" * 100_000,
    )
