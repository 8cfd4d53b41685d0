"""The DICOM objects that are asked for: each kind of examination in each transfer syntax, written to a folder."""

from __future__ import annotations

import subprocess
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import imagecodecs
import numpy as np
import phantoms
from numpy.typing import NDArray
from pydicom.dataset import Dataset, FileMetaDataset
from pydicom.encaps import encapsulate
from pydicom.uid import (
    CTImageStorage,
    DigitalMammographyXRayImageStorageForPresentation,
    DigitalXRayImageStorageForPresentation,
    ExplicitVRLittleEndian,
    JPEG2000Lossless,
    JPEGBaseline8Bit,
    JPEGLosslessSV1,
    JPEGLSLossless,
    MRImageStorage,
    RLELossless,
    UltrasoundMultiFrameImageStorage,
    generate_uid,
)

TRANSFER_SYNTAXES = {
    "raw": ExplicitVRLittleEndian,
    "j2k": JPEG2000Lossless,
    "jpegls": JPEGLSLossless,
    "jpegl": JPEGLosslessSV1,
    "rle": RLELossless,
    "jpeg": JPEGBaseline8Bit,
}
# dcmtk's own encoders for what is not encoded here: true lossless JPEG of 16-bit samples, and RLE.
CONVERTERS = {"jpegl": "dcmcjpeg", "rle": "dcmcrle"}
LOSSLESS = ("raw", "j2k", "jpegls", "jpegl", "rle")


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of examination: how many distinct instances of each syntax, and what its header says of the pixels."""

    name: str
    modality: str
    sop_class_uid: str
    bits_stored: int
    is_signed: bool = False
    intercept: float = 0
    window: tuple[float, float] | None = None
    picture: Callable[[int], NDArray[Any]] | None = None
    syntaxes: tuple[str, ...] = LOSSLESS
    instances: int = 25
    quick_instances: int = 6
    requests_a_round: int = 160


KINDS = {
    kind.name: kind
    for kind in (
        Kind("ct", "CT", CTImageStorage, 16, is_signed=True, intercept=-1024, window=(40, 400), picture=phantoms.ct),
        Kind("mr", "MR", MRImageStorage, 12, window=(600, 1200), picture=phantoms.mr),
        Kind(
            "dx",
            "DX",
            DigitalXRayImageStorageForPresentation,
            14,
            window=(7500, 9000),
            picture=phantoms.dx,
            instances=8,
            quick_instances=3,
            requests_a_round=48,
        ),
        Kind(
            "mg",
            "MG",
            DigitalMammographyXRayImageStorageForPresentation,
            12,
            window=(1500, 3000),
            picture=phantoms.mg,
            instances=4,
            quick_instances=2,
            requests_a_round=24,
        ),
        Kind(
            "us",
            "US",
            UltrasoundMultiFrameImageStorage,
            8,
            syntaxes=("jpeg", "raw", "rle"),
            instances=4,
            quick_instances=2,
            requests_a_round=80,
        ),
    )
}


@dataclass(frozen=True, slots=True)
class Stored:
    """One object in the folder, with what a request for it needs."""

    kind: Kind
    syntax: str
    study_instance_uid: str
    series_instance_uid: str
    sop_instance_uid: str
    path: Path
    number_of_frames: int = 1

    def target(self, view: int) -> str:
        """The path and query of its view: grey pictures differ by window, view 0 has the file's own; cines by frame."""
        query = "viewport=512,512&quality=75"
        if window := self.window(view):
            query += f"&window={window[0]:g},{window[1]:g},linear"
        return (
            f"/dicom-web/studies/{self.study_instance_uid}/series/{self.series_instance_uid}"
            f"/instances/{self.sop_instance_uid}/frames/{self.frame_number(view)}/rendered?{query}"
        )

    def frame_number(self, view: int) -> int:
        """The view's frame, from the middle of a cine on."""
        return (self.number_of_frames // 2 + view) % self.number_of_frames + 1

    def window(self, view: int) -> tuple[float, float] | None:
        """Centre and width of the view, None for colour."""
        return (self.kind.window[0] + view, self.kind.window[1] + 2 * view) if self.kind.window else None


def write_objects(folder: Path, kinds: list[Kind], *, quick: bool) -> list[Stored]:
    """Writes every instance of the kinds below the folder: a study for each kind, a series for each syntax."""
    folder.mkdir(parents=True, exist_ok=True)
    written: list[Stored] = []
    for kind in kinds:
        study, series = generate_uid(), {syntax: generate_uid() for syntax in kind.syntaxes}
        for index in range(kind.quick_instances if quick else kind.instances):
            pixels = kind.picture(index)[None] if kind.picture else np.stack(list(phantoms.us(index)))
            for syntax in kind.syntaxes:
                path = folder / f"{kind.name}_{syntax}_{index}.dcm"
                stored = Stored(kind, syntax, study, series[syntax], generate_uid(), path, len(pixels))
                _write(stored, _header(stored, pixels, index), pixels)
                written.append(stored)
    return written


def _write(stored: Stored, header: Dataset, pixels: NDArray[Any]) -> None:
    if converter := CONVERTERS.get(stored.syntax):
        raw = stored.path.with_suffix(".raw")
        _save(raw, header, pixels.tobytes(), "raw")
        subprocess.run([converter, str(raw), str(stored.path)], check=True, capture_output=True)
        raw.unlink()
    elif stored.syntax == "raw":
        _save(stored.path, header, pixels.tobytes(), "raw")
    else:
        _save(stored.path, header, encapsulate(list(_encoded(stored, pixels))), stored.syntax)


def _encoded(stored: Stored, pixels: NDArray[Any]) -> Iterator[bytes]:
    for frame in pixels:
        if stored.syntax == "j2k":
            yield imagecodecs.jpeg2k_encode(
                frame, 0, codecformat="J2K", reversible=True, bitspersample=stored.kind.bits_stored
            )
        elif stored.syntax == "jpegls":
            yield imagecodecs.jpegls_encode(frame.view(np.uint16))
        else:
            yield imagecodecs.jpeg8_encode(frame, 90, colorspace="RGB", outcolorspace="YCBCR", subsampling="422")


def _header(stored: Stored, pixels: NDArray[Any], index: int) -> Dataset:
    kind, is_color = stored.kind, pixels.ndim == 4
    header = Dataset()
    header.SOPClassUID, header.SOPInstanceUID = kind.sop_class_uid, stored.sop_instance_uid
    header.StudyInstanceUID, header.SeriesInstanceUID = stored.study_instance_uid, stored.series_instance_uid
    header.PatientName, header.PatientID = f"Bench^{kind.modality}", f"BENCH-{kind.modality}"
    header.PatientBirthDate, header.PatientSex = "19700101", "O"
    header.StudyID, header.AccessionNumber, header.ReferringPhysicianName = "1", "", ""
    header.StudyDate, header.StudyTime = "20260102", "101112"
    header.Modality, header.SeriesDescription = kind.modality, stored.syntax
    header.SeriesNumber, header.InstanceNumber = kind.syntaxes.index(stored.syntax) + 1, index + 1
    if len(pixels) > 1:
        header.NumberOfFrames, header.FrameTime = len(pixels), "33"
        header.FrameIncrementPointer = 0x00181063
    header.Rows, header.Columns = pixels.shape[1:3]
    header.SamplesPerPixel = 3 if is_color else 1
    header.PhotometricInterpretation = "RGB" if is_color else "MONOCHROME2"
    if is_color:
        header.PlanarConfiguration = 0
    if stored.syntax == "jpeg":
        header.PhotometricInterpretation = "YBR_FULL_422"
        header.LossyImageCompression, header.LossyImageCompressionMethod = "01", "ISO_10918_1"
    header.BitsAllocated = pixels.dtype.itemsize * 8
    header.BitsStored, header.HighBit = kind.bits_stored, kind.bits_stored - 1
    header.PixelRepresentation = int(kind.is_signed)
    if kind.window:
        header.RescaleSlope, header.RescaleIntercept = 1, kind.intercept
        header.RescaleType = "HU" if kind.modality == "CT" else "US"
        header.WindowCenter, header.WindowWidth = kind.window
    return header


def _save(path: Path, header: Dataset, pixel_data: bytes, syntax: str) -> None:
    header.file_meta = FileMetaDataset()
    header.file_meta.TransferSyntaxUID = TRANSFER_SYNTAXES[syntax]
    header.PixelData = pixel_data
    header["PixelData"].VR = "OB" if syntax != "raw" or header.BitsAllocated == 8 else "OW"
    if syntax != "raw":
        header["PixelData"].is_undefined_length = True
    header.save_as(path, enforce_file_format=True)
