"""DICOM objects for tests: generated ones whose every pixel is known, and pydicom's own files."""

import io

import numpy as np
from lightbox import PYDICOM_FILES
from PIL import Image
from pydicom.dataset import Dataset, FileMetaDataset
from pydicom.uid import CTImageStorage, ExplicitVRLittleEndian, generate_uid

from gateway.imaging.pipeline import render


def grey_object(stored, *, syntax=ExplicitVRLittleEndian, **values):
    """A single-frame grey object of those stored values, as bytes of a Part 10 file."""
    stored = np.ascontiguousarray(stored)
    bits = stored.dtype.itemsize * 8
    header = {
        "SOPClassUID": CTImageStorage,
        "SOPInstanceUID": generate_uid(),
        "Modality": "OT",
        "Rows": stored.shape[-2],
        "Columns": stored.shape[-1],
        "SamplesPerPixel": 1,
        "PhotometricInterpretation": "MONOCHROME2",
        "BitsAllocated": bits,
        "BitsStored": bits,
        "HighBit": bits - 1,
        "PixelRepresentation": int(stored.dtype.kind == "i"),
    }
    return as_bytes(header | values | {"PixelData": values.get("PixelData", stored.tobytes())}, syntax)


def as_bytes(values, syntax=ExplicitVRLittleEndian):
    """The attributes as bytes of a Part 10 file."""
    dataset = Dataset()
    dataset.file_meta = FileMetaDataset()
    dataset.file_meta.TransferSyntaxUID = syntax
    dataset.file_meta.MediaStorageSOPClassUID = CTImageStorage
    dataset.file_meta.MediaStorageSOPInstanceUID = values.get("SOPInstanceUID", generate_uid())
    for keyword, value in values.items():
        setattr(dataset, keyword, value)
    if syntax.is_compressed and "PixelData" in values:
        dataset["PixelData"].is_undefined_length = True
    written = io.BytesIO()
    dataset.save_as(written, enforce_file_format=True)
    return written.getvalue()


def shown(data, *, frame_number=1, window=None, viewport=None, media_type="image/png", quality=80):
    """The picture's pixels and the truth about it."""
    arguments = {
        "frame_number": frame_number,
        "media_type": media_type,
        "quality": quality,
        "window": window,
        "viewport": viewport,
    }
    truth, body = render(arguments, [io.BytesIO(data)])
    return np.asarray(Image.open(io.BytesIO(body))).astype(int), truth


def of_pydicom(name):
    """The bytes of one of pydicom's files."""
    return (PYDICOM_FILES / name).read_bytes()
