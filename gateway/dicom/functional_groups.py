"""Where an enhanced multi-frame object keeps what a plain one says at the top (PS3.3 C.7.6.16.2)."""

from __future__ import annotations

SHARED_GROUPS = "SharedFunctionalGroupsSequence"
FRAME_GROUPS = "PerFrameFunctionalGroupsSequence"

# The macro's sequence, and those of its attributes that this gateway knows by their plain name.
ATTRIBUTES_OF_MACRO: dict[str, tuple[str, ...]] = {
    "PixelMeasuresSequence": ("PixelSpacing",),
    "PlaneOrientationSequence": ("ImageOrientationPatient",),
    "PlanePositionSequence": ("ImagePositionPatient",),
    "FrameVOILUTSequence": ("WindowCenter", "WindowWidth", "WindowCenterWidthExplanation", "VOILUTFunction"),
    "PixelValueTransformationSequence": ("RescaleIntercept", "RescaleSlope", "RescaleType"),
    "FrameContentSequence": ("InStackPositionNumber", "TemporalPositionIndex", "FrameAcquisitionNumber"),
    "FrameAnatomySequence": ("FrameLaterality",),
}
