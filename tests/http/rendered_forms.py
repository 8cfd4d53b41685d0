"""A study with pictures of every kind: still, moving, compressed, video, under a presentation state and selected."""

import io
import subprocess
import tempfile
from pathlib import Path

import imagecodecs
import numpy as np
import pydicom
from lightbox import PYDICOM_FILES
from PIL import Image
from pydicom.dataset import Dataset
from pydicom.encaps import encapsulate
from pydicom.uid import JPEG2000Lossless, generate_uid

STUDY = generate_uid()
STILL, MOVING, VIDEO, STATES, SELECTED = (generate_uid() for _ in range(5))
SERIES_OF = {
    "ct": STILL,
    "compressed": STILL,
    "cine": MOVING,
    "uneven": MOVING,
    "video": VIDEO,
    "state": STATES,
    "selection": SELECTED,
}
UID_OF = {name: generate_uid() for name in SERIES_OF}
CINE_GREYS, FRAME_TIME, VECTOR = (40, 90, 140, 190, 240), 150, [0, 100, 300, 50, 200]
MP4, CT_IMAGE, MULTI_FRAME = "1.2.840.10008.1.2.4.102", "1.2.840.10008.5.1.4.1.1.2", "1.2.840.10008.5.1.4.1.1.7.2"
VIDEO_FRAMES, VIDEO_GREYS = 12, tuple(range(30, 30 + 12 * 18, 18))
WINDOW = (1000, 600)


def path_of(name, below=""):
    """The address of the object, or of what is below it."""
    return f"/dicom-web/studies/{STUDY}/series/{SERIES_OF[name]}/instances/{UID_OF[name]}{below}"


def picture(answer):
    """The pixels of an answer."""
    assert answer.status_code == 200, answer.text
    return np.asarray(Image.open(io.BytesIO(answer.content))).astype(int)


def _basis(name, sop_class_uid):
    found = pydicom.dcmread(PYDICOM_FILES / "CT_small.dcm")
    found.StudyInstanceUID, found.SeriesInstanceUID, found.SOPInstanceUID = STUDY, SERIES_OF[name], UID_OF[name]
    found.SOPClassUID = found.file_meta.MediaStorageSOPClassUID = sop_class_uid
    found.file_meta.MediaStorageSOPInstanceUID = UID_OF[name]
    found.PatientID, found.PatientName, found.StudyDate = "RENDERED", "Rendered^Forms", "20200203"
    found.SeriesNumber = 1 + list(dict.fromkeys(SERIES_OF.values())).index(SERIES_OF[name])
    return found


def _frames(name, frames, **changes):
    made = _basis(name, MULTI_FRAME)
    made.Rows, made.Columns = frames[0].shape[:2]
    made.BitsAllocated = made.BitsStored = 8
    made.HighBit, made.PixelRepresentation, made.NumberOfFrames = 7, 0, str(len(frames))
    made.PixelData = b"".join(frame.tobytes() for frame in frames)
    made["PixelData"].VR = "OB"
    for keyword in ("RescaleSlope", "RescaleIntercept", "PixelSpacing", "PixelPaddingValue", "DataSetTrailingPadding"):
        made.pop(keyword, None)
    for keyword, value in changes.items():
        setattr(made, keyword, value)
    return made


def _cine(name, **changes):
    return _frames(name, [np.full((48, 64), grey, np.uint8) for grey in CINE_GREYS], Modality="XA", **changes)


def _compressed():
    made = _basis("compressed", CT_IMAGE)
    made.InstanceNumber = 2
    frame = imagecodecs.jpeg2k_encode(made.pixel_array, codecformat="j2k", level=0, reversible=True)
    made.PixelData, made.file_meta.TransferSyntaxUID = encapsulate([frame]), JPEG2000Lossless
    return made


def video_stream():
    """Ten frames of one grey each, as H.264 in MP4."""
    raw = b"".join(np.full((64, 96, 3), grey, np.uint8).tobytes() for grey in VIDEO_GREYS)
    with tempfile.TemporaryDirectory() as folder:
        target = Path(folder) / "it.mp4"
        source = ["-f", "rawvideo", "-pix_fmt", "rgb24", "-s", "96x64", "-r", "6", "-i", "-"]
        command = ["ffmpeg", "-v", "error", *source, "-pix_fmt", "yuv420p", "-c:v", "libx264", str(target)]
        subprocess.run(command, input=raw, check=True, capture_output=True, timeout=60)
        return target.read_bytes()


def _video(body):
    frames = [np.zeros((64, 96, 3), np.uint8)] * VIDEO_FRAMES
    made = _frames("video", frames, Modality="ES", CineRate=6)
    made.SamplesPerPixel, made.PlanarConfiguration, made.PhotometricInterpretation = 3, 0, "YBR_PARTIAL_420"
    made.SOPClassUID = made.file_meta.MediaStorageSOPClassUID = "1.2.840.10008.5.1.4.1.1.77.1.1.1"
    made.file_meta.TransferSyntaxUID = MP4
    half = len(body) // 4 * 2
    made.PixelData = encapsulate([body[:half], body[half:]], has_bot=False)
    made["PixelData"].is_undefined_length = True
    return made


def _item(**attributes):
    made = Dataset()
    for keyword, value in attributes.items():
        setattr(made, keyword, value)
    return made


def _reference(name, *frames):
    made = _item(ReferencedSOPClassUID=CT_IMAGE, ReferencedSOPInstanceUID=UID_OF[name])
    if frames:
        made.ReferencedFrameNumber = list(frames)
    return made


def _without_picture(name, sop_class_uid, modality):
    made = _basis(name, sop_class_uid)
    for keyword in ("PixelData", "Rows", "Columns", "BitsAllocated", "BitsStored", "HighBit", "PixelRepresentation"):
        delattr(made, keyword)
    for keyword in ("RescaleSlope", "RescaleIntercept", "PixelPaddingValue", "DataSetTrailingPadding"):
        made.pop(keyword, None)
    made.Modality = modality
    return made


def _state():
    made = _without_picture("state", "1.2.840.10008.5.1.4.1.1.11.1", "PR")
    made.ReferencedSeriesSequence = [
        _item(SeriesInstanceUID=STILL, ReferencedImageSequence=[_reference("ct"), _reference("compressed")])
    ]
    made.SoftcopyVOILUTSequence = [_item(WindowCenter=WINDOW[0], WindowWidth=WINDOW[1])]
    made.RescaleSlope, made.RescaleIntercept, made.RescaleType = 1, 0, "US"
    made.ImageRotation, made.ImageHorizontalFlip, made.PresentationLUTShape = 90, "N", "IDENTITY"
    made.ContentLabel = "TURNED"
    return made


def _selection():
    made = _without_picture("selection", "1.2.840.10008.5.1.4.1.1.88.59", "KO")
    made.ConceptNameCodeSequence = [_item(CodeValue="113000", CodingSchemeDesignator="DCM", CodeMeaning="Of Interest")]
    made.ContentSequence = [
        _item(ValueType="IMAGE", ReferencedSOPSequence=[_reference("cine", 4)]),
        _item(ValueType="IMAGE", ReferencedSOPSequence=[_reference("ct")]),
    ]
    return made


def fill(folder, body):
    """Writes the study into the folder, with that stream as its video."""
    made = {
        "ct": _basis("ct", CT_IMAGE),
        "compressed": _compressed(),
        "cine": _cine("cine", FrameTime=FRAME_TIME),
        "uneven": _cine("uneven", FrameTimeVector=VECTOR, InstanceNumber=2),
        "video": _video(body),
        "state": _state(),
        "selection": _selection(),
    }
    for name, one in made.items():
        one.save_as(folder / f"{name}.dcm")
