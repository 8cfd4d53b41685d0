"""Image Pixel attributes, look-up tables, palettes and profiles that contradict themselves."""

import struct

from hostile_objects import eight_bits, image, lut, palette, rgb, with_raw, written
from PIL import ImageCms

RED, GREEN, BLUE = 0x00281201, 0x00281202, 0x00281203


def segmented(*words, descriptor=(256, 0, 16)):
    """A palette whose three tables are these segments (C.7.9.2)."""
    made = image(PhotometricInterpretation="PALETTE COLOR", PixelData=bytes(range(256)) * 16, **eight_bits())
    data = struct.pack(f"<{len(words)}H", *words)
    for color in ("Red", "Green", "Blue"):
        setattr(made, f"{color}PaletteColorLookupTableDescriptor", list(descriptor))
        setattr(made, f"Segmented{color}PaletteColorLookupTableData", data)
    return written(made)


def colored(profile):
    return written(image(**rgb(PixelData=bytes(range(256)) * 48, ICCProfile=profile)))


def tables():
    """Tables that no picture can be made of."""
    yield "segments that repeat each other", segmented(2, 65535, 0, 0, 2, 65535, 0, 0)
    yield "a segment that repeats itself", segmented(*([2, 65535, 0, 0] * 500))
    yield "a segment far outside", segmented(2, 1, 65535, 65535)
    yield "segments of no kind", segmented(9, 9, 9, 9)
    yield "a line of no point", segmented(1, 0, 5)
    yield "a line cut short", segmented(1, 65535)
    yield "segments of nothing", segmented(*[0] * 30_000)
    yield "a palette of text", with_raw(image(PhotometricInterpretation="PALETTE COLOR"), *raw_palette(b"many"))
    yield "a palette of two descriptors", palette([256, 0, 16]).replace(b"\x28\x00\x03\x11US", b"\x28\x00\x04\x11US")
    yield "a table of 65536 that holds 2", palette([0, 0, 16], bytes(4))
    yield "a VOI LUT of 99 bits", written(image(VOILUTSequence=lut([2, 0, 99], [1, 2])))


def shown_tables():
    """Tables that are wrong in a way that leaves the picture."""
    yield "a presentation LUT of nothing", written(image(PresentationLUTSequence=lut([2, 0, 0], [])))
    yield "repeated segments that fill the table", segmented(0, 1, 7, *([2, 1, 0, 0] * 255), 0, 255, *range(255))
    yield "a palette that begins beyond its values", palette([256, 60000, 16])
    yield "a VOI LUT that begins beyond its values", written(image(VOILUTSequence=lut([3, 65535, 16], [1, 2, 3])))
    yield "a modality LUT that begins below", written(image(ModalityLUTSequence=lut([3, 32768, 16], [1, 2, 3])))
    yield "a LUT sequence of an empty item", written(image(VOILUTSequence=[type(image())()]))
    yield (
        "a supplemental palette of nothing",
        written(image(PixelPresentation="COLOR")),
    )
    yield "a profile of garbage", colored(b"\xde\xad\xbe\xef" * 2000)
    yield "a profile that says it has 4 GB", colored(b"\xff\xff\xff\xff" + profile()[4:])
    yield "a profile of 4 billion tags", colored(profile()[:128] + b"\xff\xff\xff\xff" + profile()[132:])
    yield "a profile whose tags lie outside", colored(profile()[:132] + b"wtpt\xff\xff\xff\x00\xff\xff\xff\xff" * 20)
    yield "a profile cut short", colored(profile()[:200])
    yield "a profile of another class", colored(profile()[:12] + b"link" + profile()[16:])


def raw_palette(text):
    return [(tag, text) for tag in (0x00281101, 0x00281102, 0x00281103, RED, GREEN, BLUE)]


def profile():
    """A sound sRGB profile."""
    return ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()


def headers():
    """Image Pixel attributes and look-up tables that contradict themselves."""
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
    yield (
        "unknown colours",
        written(image(**rgb() | {"PhotometricInterpretation": "CMYK"}, PixelData=bytes(64 * 64 * 3))),
    )
    yield "palette of no descriptor", written(image(PhotometricInterpretation="PALETTE COLOR"))
    yield "palette shorter than said", palette([256, 0, 16], bytes(20))
    yield "palette of 99 bits", palette([256, 0, 99])
    yield "modality LUT shorter than said", written(image(ModalityLUTSequence=lut([4096, 0, 16], [1, 2, 3])))
    yield "VOI LUT shorter than said", written(image(VOILUTSequence=lut([0, 0, 16], [1, 2, 3])))
    yield "VOI LUT of no bits", written(image(VOILUTSequence=lut([3, 0, 0], [1, 2, 3])))
