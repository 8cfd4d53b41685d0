"""The attributes that Lightbox indexes, searches and returns, and how values are read from DICOM JSON.

DICOM JSON (PS3.18 annex F) is the one form in which attributes travel: `{"00100020": {"vr": "LO", "Value": ["42"]}}`.
A small table stands here instead of the whole data dictionary, so that web processes need no DICOM parser.
"""

from __future__ import annotations

import math
from enum import IntEnum
from typing import Any, NamedTuple

DicomJson = dict[str, Any]


class Level(IntEnum):
    """The levels of the study tree at which an attribute stands and a search is made (PS3.4 C.6.1.1).

    What stands at ITEM is known for showing pictures; it is neither searched by nor returned.
    """

    STUDY = 1
    SERIES = 2
    INSTANCE = 3
    ITEM = 4


class Attribute(NamedTuple):
    """One row of the table: eight hexadecimal digits, value representation and level."""

    tag: str
    vr: str
    level: Level


_S, _R, _I, _T = Level.STUDY, Level.SERIES, Level.INSTANCE, Level.ITEM
ATTRIBUTES: dict[str, Attribute] = {
    "StudyDate": Attribute("00080020", "DA", _S),
    "StudyTime": Attribute("00080030", "TM", _S),
    "AccessionNumber": Attribute("00080050", "SH", _S),
    "ModalitiesInStudy": Attribute("00080061", "CS", _S),
    "SOPClassesInStudy": Attribute("00080062", "UI", _S),
    "InstitutionName": Attribute("00080080", "LO", _S),
    "ReferringPhysicianName": Attribute("00080090", "PN", _S),
    "TimezoneOffsetFromUTC": Attribute("00080201", "SH", _S),
    "StudyDescription": Attribute("00081030", "LO", _S),
    "PatientName": Attribute("00100010", "PN", _S),
    "PatientID": Attribute("00100020", "LO", _S),
    "IssuerOfPatientID": Attribute("00100021", "LO", _S),
    "PatientBirthDate": Attribute("00100030", "DA", _S),
    "PatientSex": Attribute("00100040", "CS", _S),
    "PatientAge": Attribute("00101010", "AS", _S),
    "StudyInstanceUID": Attribute("0020000D", "UI", _S),
    "StudyID": Attribute("00200010", "SH", _S),
    "NumberOfStudyRelatedSeries": Attribute("00201206", "IS", _S),
    "NumberOfStudyRelatedInstances": Attribute("00201208", "IS", _S),
    "RequestedProcedurePriority": Attribute("00401003", "SH", _S),
    "ConfidentialityConstraintOnPatientDataDescription": Attribute("00403001", "LO", _S),
    "Modality": Attribute("00080060", "CS", _R),
    "Manufacturer": Attribute("00080070", "LO", _R),
    "StationName": Attribute("00081010", "SH", _R),
    "SeriesDescription": Attribute("0008103E", "LO", _R),
    "SeriesDate": Attribute("00080021", "DA", _R),
    "SeriesTime": Attribute("00080031", "TM", _R),
    "BodyPartExamined": Attribute("00180015", "CS", _R),
    "ProtocolName": Attribute("00181030", "LO", _R),
    "SeriesInstanceUID": Attribute("0020000E", "UI", _R),
    "SeriesNumber": Attribute("00200011", "IS", _R),
    "Laterality": Attribute("00200060", "CS", _R),
    "NumberOfSeriesRelatedInstances": Attribute("00201209", "IS", _R),
    "PerformedProcedureStepStartDate": Attribute("00400244", "DA", _R),
    "PerformedProcedureStepStartTime": Attribute("00400245", "TM", _R),
    "ImageType": Attribute("00080008", "CS", _I),
    "SOPClassUID": Attribute("00080016", "UI", _I),
    "SOPInstanceUID": Attribute("00080018", "UI", _I),
    "ContentDate": Attribute("00080023", "DA", _I),
    "ContentTime": Attribute("00080033", "TM", _I),
    "AvailableTransferSyntaxUID": Attribute("00083002", "UI", _I),
    "RecommendedDisplayFrameRate": Attribute("00082144", "IS", _I),
    "CineRate": Attribute("00180040", "IS", _I),
    "FrameTime": Attribute("00181063", "DS", _I),
    "FrameTimeVector": Attribute("00181065", "DS", _I),
    "EstimatedRadiographicMagnificationFactor": Attribute("00181114", "DS", _I),
    "ImagerPixelSpacing": Attribute("00181164", "DS", _I),
    "ViewPosition": Attribute("00185101", "CS", _I),
    "AcquisitionNumber": Attribute("00200012", "IS", _I),
    "InstanceNumber": Attribute("00200013", "IS", _I),
    "PatientOrientation": Attribute("00200020", "CS", _I),
    "ImagePositionPatient": Attribute("00200032", "DS", _I),
    "ImageOrientationPatient": Attribute("00200037", "DS", _I),
    "FrameOfReferenceUID": Attribute("00200052", "UI", _I),
    "ImageLaterality": Attribute("00200062", "CS", _I),
    "SliceLocation": Attribute("00201041", "DS", _I),
    "SamplesPerPixel": Attribute("00280002", "US", _I),
    "PhotometricInterpretation": Attribute("00280004", "CS", _I),
    "NumberOfFrames": Attribute("00280008", "IS", _I),
    "Rows": Attribute("00280010", "US", _I),
    "Columns": Attribute("00280011", "US", _I),
    "PixelSpacing": Attribute("00280030", "DS", _I),
    "PixelAspectRatio": Attribute("00280034", "IS", _I),
    "BitsAllocated": Attribute("00280100", "US", _I),
    "BitsStored": Attribute("00280101", "US", _I),
    "PixelRepresentation": Attribute("00280103", "US", _I),
    "BurnedInAnnotation": Attribute("00280301", "CS", _I),
    "WindowCenter": Attribute("00281050", "DS", _I),
    "WindowWidth": Attribute("00281051", "DS", _I),
    "RescaleIntercept": Attribute("00281052", "DS", _I),
    "RescaleSlope": Attribute("00281053", "DS", _I),
    "RescaleType": Attribute("00281054", "LO", _I),
    "WindowCenterWidthExplanation": Attribute("00281055", "LO", _I),
    "VOILUTFunction": Attribute("00281056", "CS", _I),
    "LossyImageCompression": Attribute("00282110", "CS", _I),
    "LossyImageCompressionRatio": Attribute("00282112", "DS", _I),
    "LossyImageCompressionMethod": Attribute("00282114", "CS", _I),
    "CompletionFlag": Attribute("0040A491", "CS", _I),
    "VerificationFlag": Attribute("0040A493", "CS", _I),
    "DocumentTitle": Attribute("00420010", "ST", _I),
    "MIMETypeOfEncapsulatedDocument": Attribute("00420012", "LO", _I),
    "ReferencedSOPInstanceUID": Attribute("00081155", "UI", _T),
    "ReferencedFrameNumber": Attribute("00081160", "IS", _T),
    "FrameLaterality": Attribute("00209072", "CS", _T),
    "InStackPositionNumber": Attribute("00209057", "UL", _T),
    "TemporalPositionIndex": Attribute("00209128", "UL", _T),
    "FrameAcquisitionNumber": Attribute("00209156", "US", _T),
    "TotalPixelMatrixColumns": Attribute("00480006", "UL", _T),
    "TotalPixelMatrixRows": Attribute("00480007", "UL", _T),
    "ImageHorizontalFlip": Attribute("00700041", "CS", _T),
    "ImageRotation": Attribute("00700042", "US", _T),
    "DisplayedAreaTopLeftHandCorner": Attribute("00700052", "SL", _T),
    "DisplayedAreaBottomRightHandCorner": Attribute("00700053", "SL", _T),
    "PresentationPixelSpacing": Attribute("00700101", "DS", _T),
    "PresentationPixelAspectRatio": Attribute("00700102", "IS", _T),
    "ContentLabel": Attribute("00700080", "CS", _T),
    "ContentDescription": Attribute("00700081", "LO", _T),
    "PresentationCreationDate": Attribute("00700082", "DA", _T),
    "PresentationCreationTime": Attribute("00700083", "TM", _T),
    "ContentCreatorName": Attribute("00700084", "PN", _T),
}
# Sequences of which the index keeps what showing pictures needs: groups of each frame, references,
# and displayed areas and windows of presentation states.
FRAME_GROUPS_TAG, REFERENCED_IMAGES_TAG = "52009230", "00081140"
DISPLAYED_AREAS_TAG, SOFTCOPY_VOI_TAG = "0070005A", "00283110"
KEYWORD_OF_TAG = {attribute.tag: keyword for keyword, attribute in ATTRIBUTES.items()}


def items(attributes: DicomJson, tag: str) -> list[DicomJson]:
    """The items of a sequence, an empty list where it is absent."""
    found = (attributes.get(tag) or {}).get("Value")
    return [item for item in found if isinstance(item, dict)] if isinstance(found, list) else []


def values(attributes: DicomJson, keyword: str) -> list[Any]:
    """All values of the attribute, an empty list where it is absent or empty."""
    element = attributes.get(ATTRIBUTES[keyword].tag) or {}
    found = element.get("Value")
    return found if isinstance(found, list) else []


def text(attributes: DicomJson, keyword: str) -> str:
    """The attribute's first value as text, empty where absent; for a person name its groups joined by `=`."""
    for value in values(attributes, keyword):
        if isinstance(value, dict):
            groups = [str(value.get(group, "")) for group in ("Alphabetic", "Ideographic", "Phonetic")]
            return "=".join(groups).rstrip("=")
        return "" if value is None else str(value)
    return ""


def numbers(attributes: DicomJson, keyword: str) -> list[float]:
    """The attribute's values as finite numbers, an empty list where any of them is none."""
    try:
        found = [float(value) for value in values(attributes, keyword)]
    except (TypeError, ValueError, OverflowError):
        return []
    return found if all(math.isfinite(value) for value in found) else []


def number(attributes: DicomJson, keyword: str) -> float | None:
    """The attribute's first value as a number, None where it is absent or none."""
    found = numbers(attributes, keyword)
    return found[0] if found else None


def element(keyword: str, *found: Any) -> DicomJson:
    """A DICOM JSON object holding the one attribute with these values."""
    attribute = ATTRIBUTES[keyword]
    filled: DicomJson = {"vr": attribute.vr}
    if found:
        filled["Value"] = list(found)
    return {attribute.tag: filled}
