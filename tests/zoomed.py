"""One study for those who look at pictures in parts: every pixel tells its place, and on slides its level too."""

from pathlib import Path

import imagecodecs
import numpy as np
from pydicom.dataset import Dataset, FileMetaDataset
from pydicom.encaps import encapsulate
from pydicom.uid import UID, ExplicitVRLittleEndian, JPEGBaseline8Bit, generate_uid

STUDY, OTHER_STUDY = generate_uid(), generate_uid()
NAMES = ("color", "grey", "oblong", "state", "slide", "sparse", "jpeg", "other")
SERIES = {name: generate_uid() for name in NAMES}
SECONDARY, CT, STATE, SLIDE = (
    UID(f"1.2.840.10008.5.1.4.1.1.{tail}") for tail in ("7", "2", "11.1", "77.1.6")
)  # fmt: skip
WIDTH, HEIGHT = 600, 400
SLIDE_WIDTH, SLIDE_HEIGHT, TILE = 1500, 1100, 256
# The blue of each level, and by how much it is smaller than the first.
LEVELS = {20: 1, 120: 2, 220: 4}
MISSING = (2, 3)  # row and column of the tile that the sparse slide lacks


def placed(width: int, height: int, blue: int | None = None) -> np.ndarray:
    """Red grows to the right and green downwards; blue is of that value, or a pattern that no shift leaves alike."""
    across, down = np.arange(width), np.arange(height)[:, None]
    picture = np.empty((height, width, 3), np.uint8)
    picture[..., 0] = np.rint(across * 255 / (width - 1))
    picture[..., 1] = np.rint(down * 255 / (height - 1))
    picture[..., 2] = (across * 7 + down * 13) % 256 if blue is None else blue
    return picture


def add_zoomed(archive: Path) -> None:
    """Writes the study below the folder."""
    folder = archive / "zoomed"
    folder.mkdir()
    _save(_picture("color", SECONDARY, placed(WIDTH, HEIGHT)), folder)
    _save(_picture("other", SECONDARY, placed(64, 64), study=OTHER_STUDY), folder)
    grey = _picture("grey", CT, np.broadcast_to(np.arange(300, dtype="<u2"), (200, 300)))
    grey.WindowCenter, grey.WindowWidth, grey.RescaleSlope, grey.RescaleIntercept = 150, 300, 1, 0
    _save(grey, folder)
    _save(_turned(grey), folder)
    oblong = _picture("oblong", SECONDARY, placed(200, 150, 40))
    oblong.PixelSpacing = [2, 1]
    _save(oblong, folder)
    for name in ("slide", "sparse", "jpeg"):
        for level, (blue, factor) in enumerate(LEVELS.items()):
            whole = placed(SLIDE_WIDTH // factor, SLIDE_HEIGHT // factor, blue)
            kind = ["DERIVED" if level else "ORIGINAL", "PRIMARY", "VOLUME", "RESAMPLED" if level else "NONE"]
            _save(_tiled(name, whole, kind), folder)
    for number, flavor in enumerate(("LABEL", "OVERVIEW")):
        _save(_tiled("slide", placed(90 + 30 * number, 60, 77), ["ORIGINAL", "PRIMARY", flavor, "NONE"]), folder)


def _object(name: str, sop_class: UID, study: UID = STUDY) -> Dataset:
    made = Dataset()
    made.SOPClassUID, made.SOPInstanceUID = sop_class, generate_uid()
    made.StudyInstanceUID, made.SeriesInstanceUID = study, SERIES[name]
    made.PatientName, made.PatientID, made.PatientBirthDate, made.PatientSex = "ZOOMED^Picture", "ZOOM", "19700101", "O"
    made.StudyDate, made.StudyTime, made.StudyID, made.AccessionNumber = "20260301", "101500", "1", ""
    made.Modality = {CT: "CT", STATE: "PR", SLIDE: "SM"}.get(sop_class, "OT")
    made.SeriesNumber, made.InstanceNumber, made.SeriesDescription = NAMES.index(name) + 1, 1, name
    return made


def _picture(name: str, sop_class: UID, pixels: np.ndarray, study: UID = STUDY) -> Dataset:
    image = _object(name, sop_class, study)
    image.Rows, image.Columns = pixels.shape[:2]
    image.SamplesPerPixel = 3 if pixels.ndim == 3 else 1
    image.PhotometricInterpretation = "RGB" if pixels.ndim == 3 else "MONOCHROME2"
    if pixels.ndim == 3:
        image.PlanarConfiguration = 0
    bits = 8 * pixels.dtype.itemsize
    image.BitsAllocated, image.BitsStored, image.HighBit, image.PixelRepresentation = bits, bits, bits - 1, 0
    image.add_new("PixelData", "OB" if bits == 8 else "OW", np.ascontiguousarray(pixels).tobytes())
    return image


def _turned(image: Dataset) -> Dataset:
    """A presentation state that turns the image by a quarter and shows dark as bright (PS3.3 A.33.1)."""
    state = _object("state", STATE)
    state.ContentLabel, state.PresentationCreationDate, state.PresentationCreationTime = "TURNED", "20260301", "110000"
    reference, series, area, window = Dataset(), Dataset(), Dataset(), Dataset()
    reference.ReferencedSOPClassUID, reference.ReferencedSOPInstanceUID = image.SOPClassUID, image.SOPInstanceUID
    series.SeriesInstanceUID, series.ReferencedImageSequence = image.SeriesInstanceUID, [reference]
    state.ReferencedSeriesSequence = [series]
    area.DisplayedAreaTopLeftHandCorner, area.DisplayedAreaBottomRightHandCorner = [1, 1], [image.Columns, image.Rows]
    area.PresentationSizeMode, area.PresentationPixelAspectRatio = "SCALE TO FIT", [1, 1]
    state.DisplayedAreaSelectionSequence = [area]
    window.WindowCenter, window.WindowWidth = 150, 300
    state.SoftcopyVOILUTSequence, state.PresentationLUTShape = [window], "INVERSE"
    state.ImageRotation, state.ImageHorizontalFlip = 90, "N"
    return state


def _tiled(name: str, whole: np.ndarray, kind: list[str]) -> Dataset:
    """One level of a slide (PS3.3 A.32.8): TILED_FULL, or TILED_SPARSE with tiles in no order and one missing."""
    high, wide = whole.shape[:2]
    down, across = -(-high // TILE), -(-wide // TILE)
    # Beyond the matrix lies black, which no picture may show; in JPEG it would bleed into what it may.
    beyond = (0, down * TILE - high), (0, across * TILE - wide), (0, 0)
    padded = np.pad(whole, beyond, mode="edge" if name == "jpeg" else "constant")
    places = [(row, column) for row in range(down) for column in range(across)]
    if name == "sparse":
        places = [place for place in reversed(places) if place != MISSING]
    tiles = [padded[r * TILE : r * TILE + TILE, c * TILE : c * TILE + TILE] for r, c in places]
    slide = _picture(name, SLIDE, tiles[0])
    slide.ImageType, slide.NumberOfFrames, slide.InstanceNumber = kind, len(tiles), wide
    slide.TotalPixelMatrixColumns, slide.TotalPixelMatrixRows, slide.TotalPixelMatrixFocalPlanes = wide, high, 1
    slide.DimensionOrganizationType = "TILED_SPARSE" if name == "sparse" else "TILED_FULL"
    if name == "sparse":
        slide.PerFrameFunctionalGroupsSequence = [_position(row, column) for row, column in places]
    if name == "jpeg":
        slide.PhotometricInterpretation, slide.LossyImageCompression = "YBR_FULL_422", "01"
        slide.PixelData = encapsulate([imagecodecs.jpeg8_encode(tile, level=95, subsampling="422") for tile in tiles])
        slide["PixelData"].is_undefined_length = True
    else:
        slide.PixelData = np.stack(tiles).tobytes()
    return slide


def _position(row: int, column: int) -> Dataset:
    group, position = Dataset(), Dataset()
    position.RowPositionInTotalImagePixelMatrix = row * TILE + 1
    position.ColumnPositionInTotalImagePixelMatrix = column * TILE + 1
    group.PlanePositionSlideSequence = [position]
    return group


def _save(made: Dataset, folder: Path) -> None:
    meta = FileMetaDataset()
    meta.MediaStorageSOPClassUID, meta.MediaStorageSOPInstanceUID = made.SOPClassUID, made.SOPInstanceUID
    is_jpeg = made.get("PhotometricInterpretation") == "YBR_FULL_422"
    meta.TransferSyntaxUID = JPEGBaseline8Bit if is_jpeg else ExplicitVRLittleEndian
    made.file_meta = meta
    made.save_as(folder / f"{made.SOPInstanceUID}.dcm", enforce_file_format=True)
