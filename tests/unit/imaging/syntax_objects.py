"""The same picture in every transfer syntax: written by pydicom, dcmtk and the codecs' own encoders."""

import io
import subprocess
import zlib

import imagecodecs
import numpy as np
import pydicom
from hostile_objects import image, written
from lightbox import PYDICOM_FILES
from pydicom.dataset import Dataset
from pydicom.encaps import encapsulate
from pydicom.uid import UID

IMPLICIT, EXPLICIT, BIG_ENDIAN, DEFLATED = (f"1.2.840.10008.1.2{tail}" for tail in ("", ".1", ".2", ".1.99"))
DEFLATED_FRAMES, IN_ITEMS, RLE = "1.2.840.10008.1.2.8.1", "1.2.840.10008.1.2.1.98", "1.2.840.10008.1.2.5"


def form(tail):
    """The transfer syntax UID of a compression."""
    return f"1.2.840.10008.1.2.4.{tail}"


def grey16():
    """A slice with values of 12 bits, signed."""
    found = pydicom.dcmread(PYDICOM_FILES / "CT_small.dcm").pixel_array.astype(np.int16)
    return found[:, :120] - np.int16(1024)


def grey12():
    """An MR slice of 12 bits."""
    return np.ascontiguousarray(pydicom.dcmread(PYDICOM_FILES / "examples_overlay.dcm").pixel_array.astype(np.uint16))


def grey8():
    """The same in 8 bits."""
    return np.minimum(grey12() // 4, 255).astype(np.uint8)


def color8():
    """An ultrasound picture in RGB."""
    return np.ascontiguousarray(pydicom.dcmread(PYDICOM_FILES / "examples_rgb_color.dcm").pixel_array)


def described(array, **changes):
    """The Image Pixel attributes of an array of rows x columns (x 3)."""
    bits = 8 * array.dtype.itemsize
    found = {
        "Rows": array.shape[0],
        "Columns": array.shape[1],
        "SamplesPerPixel": 3 if array.ndim == 3 else 1,
        "PhotometricInterpretation": "RGB" if array.ndim == 3 else "MONOCHROME2",
        "PlanarConfiguration": 0 if array.ndim == 3 else None,
        "BitsAllocated": bits,
        "BitsStored": bits,
        "HighBit": bits - 1,
        "PixelRepresentation": int(array.dtype.kind == "i"),
    }
    return {name: value for name, value in (found | changes).items() if value is not None}


def native(array, **changes):
    """The array as it is, Explicit VR Little Endian."""
    return written(image(PixelData=_even(array.tobytes()), **described(array, **changes)))


def in_fragments(syntax, array, frames, **changes):
    """The array's description with frames that an encoder made."""
    return whole_file(image(syntax, PixelData=encapsulate(frames), **described(array, **changes)))


def whole_file(made):
    """The bytes of the data set as a file, also in transfer syntaxes that pydicom does not know."""
    made["PixelData"].VR = "OW" if made.BitsAllocated > 8 else "OB"
    made["PixelData"].is_undefined_length = True
    made.preamble = bytes(128)
    target = io.BytesIO()
    pydicom.dcmwrite(target, made, implicit_vr=False, little_endian=True, force_encoding=True)
    return target.getvalue()


def as_syntax(array, syntax, **changes):
    """The array in another uncompressed transfer syntax."""
    made = image(syntax, PixelData=_even(array.tobytes()), **described(array, **changes))
    made["PixelData"].VR = "OW" if array.dtype.itemsize > 1 or syntax == IMPLICIT else "OB"
    if syntax == BIG_ENDIAN and array.dtype.itemsize > 1:
        made.PixelData = array.astype(array.dtype.newbyteorder(">")).tobytes()
    target = io.BytesIO()
    made.save_as(target, enforce_file_format=True, implicit_vr=syntax == IMPLICIT, little_endian=syntax != BIG_ENDIAN)
    return target.getvalue()


def dcmtk(program, *options, whole, folder):
    """What a program of dcmtk makes of the object."""
    source, target = folder / "source.dcm", folder / "target.dcm"
    source.write_bytes(whole)
    subprocess.run([program, *options, str(source), str(target)], check=True, capture_output=True, timeout=60)
    return target.read_bytes()


def deflated(array):
    """One frame, deflated without a wrapper (PS3.5 A.4.13)."""
    deflater = zlib.compressobj(9, zlib.DEFLATED, -15)
    found = deflater.compress(array.tobytes()) + deflater.flush()
    return found + b"\0" * (len(found) % 2)


def j2k(array, **options):
    """A JPEG 2000 codestream."""
    return imagecodecs.jpeg2k_encode(array, codecformat="j2k", **{"level": 0, "reversible": True, **options})


def htj2k(array, **options):
    """A codestream of HTJ2K."""
    return imagecodecs.htj2k_encode(array, **{"reversible": True, **options})


def jpeg_xl(array, **options):
    """A frame of JPEG XL."""
    return imagecodecs.jpegxl_encode(array, **{"lossless": True, **options})


def wide(array, keyword="PixelData", **changes):
    """Floating point or 32-bit pixels."""
    made = image(**described(array, **changes))
    if keyword != "PixelData":
        del made.PixelData
        for name in ("BitsStored", "HighBit", "PixelRepresentation"):
            delattr(made, name)
    setattr(made, keyword, array.tobytes())
    made[keyword].VR = {"FloatPixelData": "OF", "DoubleFloatPixelData": "OD"}.get(keyword, "OW")
    target = io.BytesIO()
    made.save_as(target, enforce_file_format=True)
    return target.getvalue()


def syntax_of(whole):
    """The transfer syntax UID that a file names."""
    meta = pydicom.dcmread(io.BytesIO(whole), stop_before_pixels=True).file_meta
    return UID(meta.TransferSyntaxUID)


def _even(whole):
    return whole + b"\0" * (len(whole) % 2)


def dataset(**attributes):
    """A data set with the attributes."""
    made = Dataset()
    for keyword, value in attributes.items():
        setattr(made, keyword, value)
    return made
