"""Enhanced multi-frame objects: frames that differ in window, unit, place and size (PS3.3 C.7.6.16)."""

import numpy as np
from hostile_objects import image, written
from rendered_pictures import open_files
from syntax_objects import dataset, described

from gateway.archive.headers import read_headers
from gateway.dicom.model import Instance

VALUES = np.arange(24 * 32, dtype="<u2").reshape(24, 32)


def group(*, window=None, rescale=None, position=None, orientation=None, spacing=None, content=None, laterality=None):
    """A functional group with the macros that are given."""
    made = dataset()
    if window:
        made.FrameVOILUTSequence = [dataset(WindowCenter=window[0], WindowWidth=window[1])]
    if rescale:
        item = dataset(RescaleSlope=rescale[0], RescaleIntercept=rescale[1], RescaleType="US")
        made.PixelValueTransformationSequence = [item]
    if position:
        made.PlanePositionSequence = [dataset(ImagePositionPatient=list(position))]
    if orientation:
        made.PlaneOrientationSequence = [dataset(ImageOrientationPatient=list(orientation))]
    if spacing:
        made.PixelMeasuresSequence = [dataset(PixelSpacing=list(spacing), SliceThickness=1)]
    if content:
        made.FrameContentSequence = [dataset(**content)]
    if laterality:
        made.FrameAnatomySequence = [dataset(FrameLaterality=laterality)]
    return made


def enhanced(frames, shared=None, **changes):
    """An object with a frame for each group; the n-th frame holds its values plus 1000 n."""
    pixels = b"".join((VALUES + 1000 * n).astype("<u2").tobytes() for n in range(len(frames)))
    made = image(PixelData=pixels, NumberOfFrames=str(len(frames)), **described(VALUES), **changes)
    made.StudyInstanceUID, made.SeriesInstanceUID, made.InstanceNumber = "1.2.3.4.1", "1.2.3.4.2", 1
    made.SharedFunctionalGroupsSequence = [shared if shared is not None else dataset()]
    made.PerFrameFunctionalGroupsSequence = frames
    return made


def indexed(*objects):
    """The objects as the index hands them out: headers read, and nothing else of the file known."""
    with open_files(*map(written, objects)) as files:
        told, _ = read_headers({}, files)
    return [
        Instance(str(one.StudyInstanceUID), str(one.SeriesInstanceUID), str(one.SOPInstanceUID), read["attributes"])
        for one, read in zip(objects, told, strict=True)
    ]
