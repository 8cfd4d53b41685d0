"""Structured reports made for the tests, item by item."""

import io

from pydicom.dataset import Dataset, FileMetaDataset
from pydicom.sequence import Sequence
from pydicom.uid import ExplicitVRLittleEndian

from gateway.reporting.structured import read_report

COMPREHENSIVE = "1.2.840.10008.5.1.4.1.1.88.33"
FINDINGS, FINDING = ("121070", "DCM", "Findings"), ("121071", "DCM", "Finding")
IMPRESSIONS, IMPRESSION = ("121072", "DCM", "Impressions"), ("121073", "DCM", "Impression")
DIAMETER, MM = ("81827009", "SCT", "Diameter"), ("mm", "UCUM", "millimeter")


def code(value, scheme, meaning):
    item = Dataset()
    item.CodeValue, item.CodingSchemeDesignator, item.CodeMeaning = value, scheme, meaning
    return item


def item(value_type, concept=None, *children, relationship="CONTAINS", **values):
    """A content item; `values` are attributes by keyword."""
    made = Dataset()
    made.RelationshipType, made.ValueType = relationship, value_type
    if concept:
        made.ConceptNameCodeSequence = Sequence([code(*concept)])
    if value_type == "CONTAINER":
        made.ContinuityOfContent = "SEPARATE"
    for keyword, value in values.items():
        setattr(made, keyword, value)
    if children:
        made.ContentSequence = Sequence(children)
    return made


def text(concept, said, *children, **more):
    return item("TEXT", concept, *children, TextValue=said, **more)


def coded(concept, value, *children, **more):
    return item("CODE", concept, *children, ConceptCodeSequence=Sequence([code(*value)]), **more)


def measured(concept, value, unit, *children, **more):
    measure = Dataset()
    measure.NumericValue = value
    measure.MeasurementUnitsCodeSequence = Sequence([code(*unit)])
    return item("NUM", concept, *children, MeasuredValueSequence=Sequence([measure]), **more)


def pointing_at(value_type, concept, sop_instance_uid, frames=None, **more):
    reference = Dataset()
    reference.ReferencedSOPClassUID = "1.2.840.10008.5.1.4.1.1.2"
    reference.ReferencedSOPInstanceUID = sop_instance_uid
    if frames:
        reference.ReferencedFrameNumber = frames
    return item(value_type, concept, ReferencedSOPSequence=Sequence([reference]), **more)


def container(concept, *children, **more):
    return item("CONTAINER", concept, *children, **more)


def document(*children, title=("18748-4", "LN", "Diagnostic Imaging Report"), sop_class=COMPREHENSIVE, **values):
    """A whole SR document with these items under its root."""
    made = container(title, *children)
    del made.RelationshipType
    made.SOPClassUID, made.SOPInstanceUID = sop_class, "1.2.3.4"
    made.StudyInstanceUID, made.SeriesInstanceUID = "1.2.3", "1.2.3.1"
    made.Modality, made.SpecificCharacterSet = "SR", "ISO_IR 192"
    made.CompletionFlag, made.VerificationFlag = "COMPLETE", "UNVERIFIED"
    made.ContentDate, made.ContentTime = "20240102", "030405"
    made.PatientName, made.PatientID, made.StudyDate, made.InstanceNumber, made.SeriesNumber = "Doe^J", "1", "", 1, 1
    made.PatientBirthDate = made.PatientSex = made.StudyTime = made.AccessionNumber = made.StudyID = ""
    made.ReferringPhysicianName = made.Manufacturer = ""
    made.ReferencedPerformedProcedureStepSequence = Sequence([])
    made.PerformedProcedureCodeSequence = Sequence([])
    for keyword, value in values.items():
        setattr(made, keyword, value)
    made.file_meta = FileMetaDataset()
    made.file_meta.TransferSyntaxUID = ExplicitVRLittleEndian
    made.file_meta.MediaStorageSOPClassUID, made.file_meta.MediaStorageSOPInstanceUID = sop_class, "1.2.3.4"
    return made


def as_bytes(made):
    written = io.BytesIO()
    made.save_as(written, enforce_file_format=True)
    return written.getvalue()


def read(data):
    source, body = read_report({}, [io.BytesIO(data)])
    assert body == b""
    return source


def read_of(*children, **values):
    return read(as_bytes(document(*children, **values)))
