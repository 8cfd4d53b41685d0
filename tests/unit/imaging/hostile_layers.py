"""Overlays and shutters that lie: their pixels are sound, so the picture is shown without what cannot be drawn."""

import struct

from hostile_objects import image, with_raw, written
from pydicom.uid import ImplicitVRLittleEndian


def overlay(*, rows=64, columns=64, origin=(1, 1), data=bytes(512), bits=1, position=0, **more):
    """The sound picture under one overlay plane (PS3.3 C.9.2)."""
    made = image()
    for element, vr, value in (
        (0x10, "US", rows),
        (0x11, "US", columns),
        (0x40, "CS", "G"),
        (0x50, "SS", list(origin)),
        (0x100, "US", bits),
        (0x102, "US", position),
        (0x15, "IS", more.get("frames")),
        (0x51, "US", more.get("first_frame")),
        (0x3000, "OW", data),
    ):
        if value is not None:
            made.add_new((0x6000, element), vr, value)
    return made


def vertices(values):
    """A polygonal shutter of these numbers; in implicit VR, where a value may be longer than 64 KB."""
    made = image(ImplicitVRLittleEndian, ShutterShape="POLYGONAL")
    return with_raw(made, (0x00181620, "\\".join(map(str, values)).encode()))


def shuttered(shape, *elements):
    return with_raw(image(ShutterShape=shape), *elements)


def shown_layers():
    """Name and object of each."""
    yield "an overlay of 65535 squared", written(overlay(rows=65535, columns=65535))
    yield "an overlay larger than its data", written(overlay(rows=5000, columns=5000))
    yield "an overlay of no rows", written(overlay(rows=0))
    yield "an overlay far to the right", written(overlay(origin=(32767, 32767)))
    yield "an overlay far to the left", written(overlay(origin=(-32768, -32768)))
    yield "an overlay of one number for its origin", with_raw(overlay(), (0x60000050, b"\x01\x00"))
    yield "an overlay in bit 65535", written(overlay(data=None, bits=16, position=65535))
    yield "an overlay in a bit of the values", written(overlay(data=None, bits=16, position=3))
    yield "an overlay of 2^31 frames", written(overlay(frames=str(2**31 - 1), first_frame=65535))
    yield (
        "an overlay of text",
        with_raw(image(), (0x60000010, b"rows"), (0x60000011, b"many"), (0x60003000, b"garbage!")),
    )
    yield "overlays in all groups", written(everywhere())
    yield "a shutter of a million corners", vertices([1, 1, 1, 64, 64, 64] * 166_667)
    yield "a shutter of one corner", vertices([5, 5])
    yield "a shutter of corners far away", vertices([-(2**31), -(2**31), 2**31 - 1, -(2**31), 2**31 - 1, 2**31 - 1])
    yield "a shutter of NaN", shuttered("POLYGONAL", (0x00181620, b"NaN\\1\\2\\inf\\3\\4 "))
    yield "a round shutter of NaN", shuttered("CIRCULAR", (0x00181610, b"NaN\\NaN "), (0x00181612, b"NaN "))
    yield (
        "a round shutter without measure",
        shuttered("CIRCULAR", (0x00181610, b"2147483647\\1"), (0x00181612, b"1e999 ")),
    )
    yield "a shutter of text", shuttered("RECTANGULAR", (0x00181602, b"left"), (0x00181604, b"right "))
    yield (
        "a shutter of edges far away",
        shuttered("RECTANGULAR", (0x00181602, b"-2147483648 "), (0x00181604, b"2147483647")),
    )
    yield "a shutter of no kind", written(image(ShutterShape=["STAR"] * 1000))
    yield "a bitmap shutter without its overlay", written(image(ShutterShape="BITMAP", ShutterOverlayGroup=0x6002))


def everywhere():
    made = overlay(data=None)
    for group in range(0x6000, 0x6020, 2):
        for element, value in ((0x10, 64), (0x11, 64)):
            made.add_new((group, element), "US", value)
        made.add_new((group, 0x3000), "OW", struct.pack("<I", group) * 4)
    return made
