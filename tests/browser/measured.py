"""Pictures of known size and values to measure: one calibrated, with oblong pixels, and one without any spacing."""

from pathlib import Path

import numpy as np
from pydicom.dataset import Dataset, FileMetaDataset
from pydicom.uid import UID, ExplicitVRLittleEndian, generate_uid

CT_IMAGE = UID("1.2.840.10008.5.1.4.1.1.2")
SECONDARY_CAPTURE = UID("1.2.840.10008.5.1.4.1.1.7")
GRAYSCALE_STATE = UID("1.2.840.10008.5.1.4.1.1.11.1")
STUDIES = {name: generate_uid() for name in ("calibrated", "bare")}
# A row is twice as high as a column is wide: the picture is shown as a square.
ROWS, COLUMNS = 100, 200
ROW_SPACING, COLUMN_SPACING = 1.0, 0.5
SLICES = 2
INTERCEPT = -1024


def values() -> np.ndarray:
    """Stored values: 1064 (40 HU) left of the middle, on the right growing by one with every column and row."""
    rows, columns = np.mgrid[:ROWS, :COLUMNS]
    return np.where(columns < COLUMNS // 2, 1064, 1000 + rows + columns).astype(np.uint16)


def add_measured(directory: Path) -> None:
    """Writes both studies below the directory; the calibrated one has a presentation state that turns it."""
    directory.mkdir(parents=True, exist_ok=True)
    series = generate_uid()
    slices = [_picture("calibrated", CT_IMAGE, "CT", series, number) for number in range(1, SLICES + 1)]
    for number, image in enumerate(slices, start=1):
        image.PixelSpacing = [ROW_SPACING, COLUMN_SPACING]
        image.ImageOrientationPatient, image.ImagePositionPatient = [1, 0, 0, 0, 1, 0], [0, 0, 5 * number]
        image.RescaleIntercept, image.RescaleSlope, image.RescaleType = INTERCEPT, 1, "HU"
        image.WindowCenter, image.WindowWidth = 100, 400
        _save(image, directory / f"calibrated-{number}.dcm")
    _save(_turned(slices), directory / "turned.dcm")
    bare = _picture("bare", SECONDARY_CAPTURE, "OT", generate_uid(), 1)
    bare.ConversionType = "WSD"
    bare.WindowCenter, bare.WindowWidth = 1100, 400
    _save(bare, directory / "bare.dcm")


def _object(study: str, sop_class: UID, modality: str, series: UID, number: int) -> Dataset:
    made = Dataset()
    made.SOPClassUID, made.SOPInstanceUID = sop_class, generate_uid()
    made.StudyInstanceUID, made.SeriesInstanceUID = STUDIES[study], series
    made.PatientName, made.PatientID = f"MEASURED^{study}", f"MEA-{study}"
    made.PatientBirthDate, made.PatientSex = "19700101", "O"
    made.StudyDate, made.StudyTime, made.StudyID = "20260301", "101500", "1"
    made.StudyDescription, made.AccessionNumber, made.ReferringPhysicianName = f"Measured {study}", "", ""
    made.Modality, made.InstanceNumber, made.SeriesNumber = modality, number, 1
    made.SeriesDescription, made.Manufacturer = f"Series of {study}", ""
    return made


def _picture(study: str, sop_class: UID, modality: str, series: UID, number: int) -> Dataset:
    made = _object(study, sop_class, modality, series, number)
    made.Rows, made.Columns = ROWS, COLUMNS
    made.SamplesPerPixel, made.PhotometricInterpretation, made.PixelRepresentation = 1, "MONOCHROME2", 0
    made.BitsAllocated, made.BitsStored, made.HighBit = 16, 12, 11
    made.add_new("PixelData", "OW", values().tobytes())
    return made


def _turned(images: list[Dataset]) -> Dataset:
    """A presentation state that turns the first slice by a right angle."""
    state = _object("calibrated", GRAYSCALE_STATE, "PR", generate_uid(), 1)
    state.ContentLabel, state.ContentDescription, state.ContentCreatorName = "TURNED", "", ""
    state.PresentationCreationDate, state.PresentationCreationTime = "20260301", "110000"
    reference = Dataset()
    reference.ReferencedSOPClassUID, reference.ReferencedSOPInstanceUID = CT_IMAGE, images[0].SOPInstanceUID
    of_series = Dataset()
    of_series.SeriesInstanceUID, of_series.ReferencedImageSequence = images[0].SeriesInstanceUID, [reference]
    state.ReferencedSeriesSequence = [of_series]
    area = Dataset()
    area.DisplayedAreaTopLeftHandCorner, area.DisplayedAreaBottomRightHandCorner = [1, 1], [COLUMNS, ROWS]
    area.PresentationSizeMode, area.PresentationPixelSpacing = "SCALE TO FIT", [ROW_SPACING, COLUMN_SPACING]
    state.DisplayedAreaSelectionSequence = [area]
    state.ImageRotation, state.ImageHorizontalFlip = 90, "N"
    state.PresentationLUTShape = "IDENTITY"
    return state


def _save(made: Dataset, path: Path) -> None:
    meta = FileMetaDataset()
    meta.MediaStorageSOPClassUID, meta.MediaStorageSOPInstanceUID = made.SOPClassUID, made.SOPInstanceUID
    meta.TransferSyntaxUID = ExplicitVRLittleEndian
    made.file_meta = meta
    made.save_as(path, enforce_file_format=True)
