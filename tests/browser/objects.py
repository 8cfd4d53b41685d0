"""What a viewer shows in its own way: presentation states, key images, oblong pixels, a large radiograph, video."""

import subprocess
from pathlib import Path

import numpy as np
from pydicom.dataset import Dataset, FileMetaDataset
from pydicom.encaps import encapsulate
from pydicom.sr.coding import Code
from pydicom.uid import MPEG2MPML, MPEG4HP41, UID, ExplicitVRLittleEndian, generate_uid

CT_IMAGE = UID("1.2.840.10008.5.1.4.1.1.2")
ULTRASOUND_IMAGE = UID("1.2.840.10008.5.1.4.1.1.6.1")
DIGITAL_XRAY = UID("1.2.840.10008.5.1.4.1.1.1.1")
VIDEO_ENDOSCOPIC = UID("1.2.840.10008.5.1.4.1.1.77.1.1.1")
GRAYSCALE_STATE = UID("1.2.840.10008.5.1.4.1.1.11.1")
KEY_OBJECTS = UID("1.2.840.10008.5.1.4.1.1.88.59")

STUDIES = {name: generate_uid() for name in ("states", "oblong", "radiograph", "video", "mpeg2")}
SLICES = 3
SLICE_ROWS, SLICE_COLUMNS = 120, 200
RADIOGRAPH_ROWS, RADIOGRAPH_COLUMNS = 5000, 6000
VIDEO_RATE, VIDEO_SECONDS = 25, 2


def add_objects(directory: Path) -> None:
    """Writes one study for each below the directory."""
    directory.mkdir(parents=True, exist_ok=True)
    _slices_with_states(directory)
    _oblong(directory)
    _radiograph(directory)
    _videos(directory)


def _slices_with_states(directory: Path) -> None:
    """Three axial slices; one state turns the first two, one brightens all; the second slice is a key image."""
    series, slices = generate_uid(), []
    for number in range(1, SLICES + 1):
        image = _image(CT_IMAGE, "CT", "states", series, _ramp(SLICE_ROWS, SLICE_COLUMNS), number)
        image.PixelSpacing = [0.5, 0.5]
        image.ImageOrientationPatient = [1, 0, 0, 0, 1, 0]
        image.ImagePositionPatient = [0, 0, 5 * number]
        image.RescaleIntercept, image.RescaleSlope = 0, 1
        image.WindowCenter, image.WindowWidth = 128, 256
        _save(image, directory / f"slice-{number}.dcm")
        slices.append(image)
    turned = _state("TURNED", slices[:2], window=(128, 256))
    turned.ImageRotation, turned.ImageHorizontalFlip = 90, "N"
    _save(turned, directory / "turned.dcm")
    _save(_state("BRIGHT", slices, window=(20, 40)), directory / "bright.dcm")
    _save(_key_objects(slices[1]), directory / "key-images.dcm")


def _oblong(directory: Path) -> None:
    """One white picture of 100 rows and 200 columns, whose pixels are twice as high as wide."""
    pixels = np.full((100, 200), 250, np.uint8)
    image = _image(ULTRASOUND_IMAGE, "US", "oblong", generate_uid(), pixels, 1)
    image.PixelAspectRatio = [2, 1]
    _save(image, directory / "oblong.dcm")


def _radiograph(directory: Path) -> None:
    """A radiograph with more pixels than any rendition, and a fine pattern that only full size shows."""
    rows, columns = np.ogrid[:RADIOGRAPH_ROWS, :RADIOGRAPH_COLUMNS]
    pixels = (60 + 100 * columns // RADIOGRAPH_COLUMNS + 90 * ((rows // 2 + columns // 2) % 2)).astype(np.uint8)
    image = _image(DIGITAL_XRAY, "DX", "radiograph", generate_uid(), pixels, 1)
    image.ImagerPixelSpacing = [0.1, 0.1]
    image.PresentationIntentType = "FOR PRESENTATION"
    image.WindowCenter, image.WindowWidth = 128, 256
    _save(image, directory / "radiograph.dcm")


def _videos(directory: Path) -> None:
    """The same pattern as H.264, which browsers play, and as MPEG-2, which they do not."""
    for name, syntax, coder, ending in (
        ("video", MPEG4HP41, ["libx264", "-pix_fmt", "yuv420p", "-movflags", "+faststart"], "mp4"),
        ("mpeg2", MPEG2MPML, ["mpeg2video", "-bf", "0"], "m2v"),
    ):
        stream = directory / f"stream.{ending}"
        source = f"testsrc=size=320x240:rate={VIDEO_RATE}:duration={VIDEO_SECONDS}"
        command = ["ffmpeg", "-y", "-v", "error", "-f", "lavfi", "-i", source, "-c:v", *coder, str(stream)]
        subprocess.run(command, check=True)
        video = _object(VIDEO_ENDOSCOPIC, "ES", name, generate_uid(), 1)
        video.Rows, video.Columns, video.SamplesPerPixel = 240, 320, 3
        video.PhotometricInterpretation, video.PlanarConfiguration = "YBR_PARTIAL_420", 0
        video.BitsAllocated, video.BitsStored, video.HighBit, video.PixelRepresentation = 8, 8, 7, 0
        video.NumberOfFrames, video.CineRate = VIDEO_RATE * VIDEO_SECONDS, VIDEO_RATE
        video.FrameTime = 1000 / VIDEO_RATE
        video.FrameIncrementPointer = 0x00181063
        video.LossyImageCompression = "01"
        video.PixelData = encapsulate([_even(stream.read_bytes())], has_bot=True)
        video["PixelData"].is_undefined_length = True
        stream.unlink()
        _save(video, directory / f"{name}.dcm", syntax)


def _ramp(rows: int, columns: int) -> np.ndarray:
    """Dark on the left, bright on the right."""
    return np.broadcast_to(np.linspace(0, 255, columns).astype(np.uint8), (rows, columns))


def _even(data: bytes) -> bytes:
    return data + b"\0" * (len(data) % 2)


def _object(sop_class: UID, modality: str, study: str, series: UID, number: int) -> Dataset:
    made = Dataset()
    made.SOPClassUID, made.SOPInstanceUID = sop_class, generate_uid()
    made.StudyInstanceUID, made.SeriesInstanceUID = STUDIES[study], series
    made.PatientName, made.PatientID = f"OBJECTS^{study}", f"OBJ-{study}"
    made.PatientBirthDate, made.PatientSex = "19700101", "O"
    made.StudyDate, made.StudyTime, made.StudyID = "20260301", "101500", "1"
    made.StudyDescription, made.AccessionNumber, made.ReferringPhysicianName = f"Objects {study}", "", ""
    # Each state and each choice of key images is a series of its own, without a description.
    is_about_images = modality in {"PR", "KO"}
    made.Modality, made.InstanceNumber = modality, number
    made.SeriesNumber = number if is_about_images else 1
    made.SeriesDescription = "" if is_about_images else f"Series of {study}"
    made.Manufacturer = ""
    return made


def _image(sop_class: UID, modality: str, study: str, series: UID, pixels: np.ndarray, number: int) -> Dataset:
    image = _object(sop_class, modality, study, series, number)
    image.Rows, image.Columns = pixels.shape
    image.SamplesPerPixel, image.PhotometricInterpretation, image.PixelRepresentation = 1, "MONOCHROME2", 0
    image.BitsAllocated, image.BitsStored, image.HighBit = 8, 8, 7
    image.add_new("PixelData", "OB", _even(np.ascontiguousarray(pixels).tobytes()))
    return image


def _state(label: str, images: list[Dataset], window: tuple[float, float]) -> Dataset:
    state = _object(GRAYSCALE_STATE, "PR", "states", generate_uid(), 100 + len(label))
    state.ContentLabel, state.ContentDescription, state.ContentCreatorName = label, f"{label.lower()} by hand", ""
    state.PresentationCreationDate, state.PresentationCreationTime = "20260301", "110000"
    of_series = Dataset()
    of_series.SeriesInstanceUID = images[0].SeriesInstanceUID
    of_series.ReferencedImageSequence = [_reference(image) for image in images]
    state.ReferencedSeriesSequence = [of_series]
    area = Dataset()
    area.DisplayedAreaTopLeftHandCorner, area.DisplayedAreaBottomRightHandCorner = [1, 1], [SLICE_COLUMNS, SLICE_ROWS]
    area.PresentationSizeMode, area.PresentationPixelAspectRatio = "SCALE TO FIT", [1, 1]
    state.DisplayedAreaSelectionSequence = [area]
    voi = Dataset()
    voi.WindowCenter, voi.WindowWidth = window
    state.SoftcopyVOILUTSequence = [voi]
    state.PresentationLUTShape = "IDENTITY"
    return state


def _key_objects(image: Dataset) -> Dataset:
    """A Key Object Selection that chooses the one image (PS3.3 A.35.4)."""
    chosen = _object(KEY_OBJECTS, "KO", "states", generate_uid(), 200)
    chosen.ContentDate, chosen.ContentTime = "20260301", "111500"
    chosen.ValueType, chosen.ContinuityOfContent = "CONTAINER", "SEPARATE"
    chosen.ConceptNameCodeSequence = [_code(Code("113000", "DCM", "Of Interest"))]
    template = Dataset()
    template.MappingResource, template.TemplateIdentifier = "DCMR", "2010"
    chosen.ContentTemplateSequence = [template]
    item = Dataset()
    item.RelationshipType, item.ValueType, item.ReferencedSOPSequence = "CONTAINS", "IMAGE", [_reference(image)]
    chosen.ContentSequence = [item]
    series, study = Dataset(), Dataset()
    series.SeriesInstanceUID, series.ReferencedSOPSequence = image.SeriesInstanceUID, [_reference(image)]
    study.StudyInstanceUID, study.ReferencedSeriesSequence = image.StudyInstanceUID, [series]
    chosen.CurrentRequestedProcedureEvidenceSequence = [study]
    return chosen


def _reference(image: Dataset) -> Dataset:
    reference = Dataset()
    reference.ReferencedSOPClassUID, reference.ReferencedSOPInstanceUID = image.SOPClassUID, image.SOPInstanceUID
    return reference


def _code(code: Code) -> Dataset:
    coded = Dataset()
    coded.CodeValue, coded.CodingSchemeDesignator, coded.CodeMeaning = code.value, code.scheme_designator, code.meaning
    return coded


def _save(made: Dataset, path: Path, syntax: UID = ExplicitVRLittleEndian) -> None:
    meta = FileMetaDataset()
    meta.MediaStorageSOPClassUID, meta.MediaStorageSOPInstanceUID = made.SOPClassUID, made.SOPInstanceUID
    meta.TransferSyntaxUID = syntax
    made.file_meta = meta
    made.save_as(path, enforce_file_format=True)
