"""Presentation states (PS3.3 A.33) out of all measure: what cannot be drawn is left out, the picture is shown."""

import struct

from hostile_objects import lut, put_raw, with_raw, written
from pydicom.dataset import Dataset, FileMetaDataset
from pydicom.uid import ImplicitVRLittleEndian


def item(**attributes):
    made = Dataset()
    for keyword, value in attributes.items():
        setattr(made, keyword, value)
    return made


def state(**attributes):
    """A state for the sound picture; in implicit VR, where a value may be longer than 64 KB."""
    return written(unwritten(**attributes))


def unwritten(*, refers_to="1.2.3.4", **attributes):
    made = item(SOPClassUID="1.2.840.10008.5.1.4.1.1.11.1", SOPInstanceUID="1.2.3.5", Modality="PR", ContentLabel="BAD")
    made.file_meta = FileMetaDataset()
    made.file_meta.TransferSyntaxUID = ImplicitVRLittleEndian
    made.file_meta.MediaStorageSOPClassUID, made.file_meta.MediaStorageSOPInstanceUID = (
        made.SOPClassUID,
        made.SOPInstanceUID,
    )
    reference = item(ReferencedSOPClassUID="1.2.840.10008.5.1.4.1.1.7", ReferencedSOPInstanceUID=refers_to)
    made.ReferencedSeriesSequence = [item(SeriesInstanceUID="1.2.3", ReferencedImageSequence=[reference])]
    for keyword, value in attributes.items():
        setattr(made, keyword, value)
    return made


def drawn(kind, points, **more):
    """A state of one graphic (C.10.5)."""
    graphic = item(
        GraphicAnnotationUnits=more.pop("units", "PIXEL"),
        GraphicDimensions=2,
        NumberOfGraphicPoints=len(points) // 2 % 65536,
        GraphicType=kind,
        **more,
    )
    put_raw(graphic, 0x00700022, struct.pack(f"<{len(points)}f", *points), "FL")
    return state(GraphicAnnotationSequence=[item(GraphicLayer="A", GraphicObjectSequence=[graphic])])


def said(words, box=(1.0, 1.0, 60.0, 60.0)):
    """A state of one text."""
    text = item(
        BoundingBoxAnnotationUnits="PIXEL",
        BoundingBoxTopLeftHandCorner=list(box[:2]),
        BoundingBoxBottomRightHandCorner=list(box[2:]),
        BoundingBoxTextHorizontalJustification="RIGHT",
        UnformattedTextValue=words,
    )
    return state(GraphicAnnotationSequence=[item(GraphicLayer="A", TextObjectSequence=[text])])


def area(left, top, right, bottom, **more):
    """A state of that displayed area (C.10.4)."""
    corners = {"DisplayedAreaTopLeftHandCorner": [left, top], "DisplayedAreaBottomRightHandCorner": [right, bottom]}
    return state(DisplayedAreaSelectionSequence=[item(**{"PresentationSizeMode": "SCALE TO FIT"} | corners | more)])


def shown_states():
    """Name and state of each."""
    infinite, nan = float("inf"), float("nan")
    edge = 2**31 - 1
    for kind in ("POLYLINE", "INTERPOLATED", "CIRCLE", "ELLIPSE", "POINT"):
        yield f"{kind} of NaN", drawn(kind, [nan, 1.0, infinite, -infinite, 3.0, nan, 1.0, 1.0], GraphicFilled="Y")
        yield (
            f"{kind} beyond all measure",
            drawn(kind, [3e38, -3e38, -3e38, 3e38, 1.0, 3e38, 5.0, 5.0], units="DISPLAY"),
        )
        yield f"{kind} of one number", drawn(kind, [1.0])
    yield "a graphic of no kind", drawn("STAR", [1.0, 2.0, 3.0, 4.0])
    yield (
        "three thousand layers",
        state(GraphicLayerSequence=[item(GraphicLayer=f"L{n}", GraphicLayerOrder=n) for n in range(3_000)]),
    )
    yield "a layer whose order is text", with_text_order()
    yield "a text of 10 MB", said("x" * 10_000_000)
    yield "a text of a million lines", said("x\r\n" * 1_000_000)
    yield "a text in a box of NaN", said("words", (nan, nan, infinite, -infinite))
    yield "a text far away", said("words", (3e38, 3e38, -3e38, -3e38))
    yield "a text of control characters", said("".join(map(chr, range(1, 32))) + "\u202e\ud7ff")
    yield "an area of 2^31", area(-edge, -edge, edge, edge)
    yield "an area far away", area(60_000, 60_000, 60_010, 60_010)
    yield "an area of one pixel", area(5, 5, 5, 5)
    yield (
        "an area enlarged beyond measure",
        area(1, 1, 64, 64, PresentationSizeMode="MAGNIFY", PresentationPixelMagnificationRatio=3e38),
    )
    yield (
        "an area enlarged by NaN",
        area(1, 1, 64, 64, PresentationSizeMode="MAGNIFY", PresentationPixelMagnificationRatio=nan),
    )
    yield "an area of flat pixels", area(1, 1, 64, 64, PresentationPixelSpacing=[1e30, 1e-30])
    yield "a rotation of 2^16", state(ImageRotation=65535, ImageHorizontalFlip="Y")
    yield "a window of width 0", state(SoftcopyVOILUTSequence=[item(WindowCenter="0", WindowWidth="0")])
    yield "a state of shutters", with_shutter(b"1\\1\\2\\2\\" * 250_000 + b"3\\4 ")
    yield "overlays that are not there", state()


def refused_states():
    """States that say nothing certain of the picture's greys, or draw more than is drawn: a part could mislead."""
    for kind in ("POLYLINE", "INTERPOLATED", "POINT"):
        yield f"a million points of {kind}", drawn(kind, [1.0, 2.0, 60.0, 50.0] * 500_000, GraphicFilled="Y")
    yield "six thousand graphics", many_graphics(6_000)
    yield "a thousand texts", many_texts(1_000)
    yield "a state's table shorter than said", state(SoftcopyVOILUTSequence=[item(VOILUTSequence=lut([9, 0, 16], [1]))])
    yield "a state of nothing", b""
    yield "a state that is a picture", struct.pack("<I", 1) * 1000


def many_graphics(count):
    one = item(
        GraphicAnnotationUnits="PIXEL",
        GraphicDimensions=2,
        NumberOfGraphicPoints=2,
        GraphicData=[1.0, 1.0, 60.0, 60.0],
        GraphicType="POLYLINE",
    )
    return state(GraphicAnnotationSequence=[item(GraphicLayer="A", GraphicObjectSequence=[one] * count)])


def many_texts(count):
    text = item(AnchorPointAnnotationUnits="PIXEL", AnchorPoint=[5.0, 5.0], UnformattedTextValue="x" * 2_000)
    return state(GraphicAnnotationSequence=[item(GraphicLayer="A", TextObjectSequence=[text] * count)])


def with_shutter(vertices):
    return with_raw(unwritten(ShutterShape="POLYGONAL"), (0x00181620, vertices))


def with_text_order():
    return state(GraphicLayerSequence=[item(GraphicLayer="A", GraphicLayerOrder=1)]).replace(
        b"\x70\x00\x62\x00\x02\x00\x00\x001 ", b"\x70\x00\x62\x00\x02\x00\x00\x00x "
    )
