"""Softcopy presentation states as a workstation writes them (PS3.3 A.33), and dcmtk's view of them."""

import io
import subprocess

import numpy as np
from hostile_objects import written
from PIL import Image
from pydicom.dataset import Dataset, FileMetaDataset
from pydicom.uid import ExplicitVRLittleEndian
from syntax_objects import dataset

GRAYSCALE, COLOR, PSEUDO_COLOR = (f"1.2.840.10008.5.1.4.1.1.11.{n}" for n in (1, 2, 3))
STUDY, SERIES = "1.2.3.4.1", "1.2.3.4.2"


def reference(made, *frame_numbers):
    """The item that names the image, or frames of it."""
    item = dataset(ReferencedSOPClassUID=made.SOPClassUID, ReferencedSOPInstanceUID=made.SOPInstanceUID)
    if frame_numbers:
        item.ReferencedFrameNumber = list(frame_numbers)
    return item


def area(left, top, right, bottom, mode="SCALE TO FIT", **changes):
    """A displayed area: its first and its last pixel, from 1."""
    return dataset(
        DisplayedAreaTopLeftHandCorner=[left, top],
        DisplayedAreaBottomRightHandCorner=[right, bottom],
        PresentationSizeMode=mode,
        **{"PresentationPixelAspectRatio": [1, 1], **changes},
    )


def state_of(made, kind=GRAYSCALE, **changes):
    """A state for the image that changes nothing but what is given."""
    state = Dataset()
    state.file_meta = FileMetaDataset()
    state.file_meta.TransferSyntaxUID = ExplicitVRLittleEndian
    state.SOPClassUID = state.file_meta.MediaStorageSOPClassUID = kind
    state.SOPInstanceUID = state.file_meta.MediaStorageSOPInstanceUID = "1.2.3.4.99"
    state.PatientName, state.PatientID, state.PatientBirthDate, state.PatientSex = "Nobody", "1", "", ""
    state.StudyInstanceUID, state.SeriesInstanceUID = STUDY, "1.2.3.4.3"
    state.StudyDate = state.StudyTime = state.AccessionNumber = state.ReferringPhysicianName = state.StudyID = ""
    state.Modality, state.SeriesNumber, state.InstanceNumber, state.Manufacturer = "PR", 9, 1, ""
    state.ContentLabel, state.ContentDescription, state.ContentCreatorName = "AS SEEN", "", ""
    state.PresentationCreationDate, state.PresentationCreationTime = "20240102", "030405"
    series = dataset(SeriesInstanceUID=SERIES, ReferencedImageSequence=[reference(made)])
    state.ReferencedSeriesSequence = [series]
    state.DisplayedAreaSelectionSequence = [area(1, 1, made.Columns, made.Rows)]
    if kind == GRAYSCALE:
        state.PresentationLUTShape = "IDENTITY"
    for keyword, value in changes.items():
        setattr(state, keyword, value)
    return state


def voi(center, width, *references, function=None):
    """The item with a window, for the images that it names."""
    item = dataset(WindowCenter=center, WindowWidth=width)
    if function:
        item.VOILUTFunction = function
    if references:
        item.ReferencedImageSequence = list(references)
    return item


def file_of(state):
    """The bytes of the state."""
    target = io.BytesIO()
    state.save_as(target, enforce_file_format=True)
    return target.getvalue()


def layer(name, order=1, grey=0xFFFF):
    """A graphic layer."""
    return dataset(GraphicLayer=name, GraphicLayerOrder=order, GraphicLayerRecommendedDisplayGrayscaleValue=grey)


def graphic(kind, data, *, filled="N", units="PIXEL"):
    """A graphic object: columns and rows of its points."""
    return dataset(
        GraphicAnnotationUnits=units,
        GraphicDimensions=2,
        NumberOfGraphicPoints=len(data) // 2,
        GraphicData=[float(value) for value in data],
        GraphicType=kind,
        GraphicFilled=filled,
    )


def drawn(*graphics, texts=(), on="A", references=()):
    """An annotation with graphics and texts on a layer."""
    item = dataset(GraphicLayer=on)
    if graphics:
        item.GraphicObjectSequence = list(graphics)
    if texts:
        item.TextObjectSequence = list(texts)
    if references:
        item.ReferencedImageSequence = list(references)
    return item


def seen_by_dcmtk(made, state, folder):
    """The greys of dcmp2pgm: it applies the grey steps, overlays, rotation and flip, and draws no graphics."""
    paths = [folder / name for name in ("image.dcm", "state.dcm", "it.pgm")]
    paths[0].write_bytes(written(made))
    paths[1].write_bytes(file_of(state))
    command = ["dcmp2pgm", "-p", str(paths[1]), str(paths[0]), str(paths[2])]
    done = subprocess.run(command, check=False, capture_output=True, text=True, timeout=60)
    assert paths[2].exists(), done.stderr
    return np.asarray(Image.open(paths[2])).astype(int)
