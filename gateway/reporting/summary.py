"""What a study's reports say together: the newest on top, and the impression to read first, word for word."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, BinaryIO, Protocol

from gateway.dicom.model import Instance

# Documents made to be read by people (PS3.4 B.5). Key object selections, presentation states and dose reports travel
# beside the pictures and are no report of what was seen.
REPORT_CLASSES = {
    "1.2.840.10008.5.1.4.1.1.88.11": "Basic Text SR",
    "1.2.840.10008.5.1.4.1.1.88.22": "Enhanced SR",
    "1.2.840.10008.5.1.4.1.1.88.33": "Comprehensive SR",
    "1.2.840.10008.5.1.4.1.1.88.34": "Comprehensive 3D SR",
    "1.2.840.10008.5.1.4.1.1.88.35": "Extensible SR",
    "1.2.840.10008.5.1.4.1.1.88.40": "Procedure Log",
    "1.2.840.10008.5.1.4.1.1.88.50": "Mammography CAD SR",
    "1.2.840.10008.5.1.4.1.1.88.65": "Chest CAD SR",
    "1.2.840.10008.5.1.4.1.1.88.69": "Colon CAD SR",
    "1.2.840.10008.5.1.4.1.1.88.70": "Implantation Plan SR",
    "1.2.840.10008.5.1.4.1.1.88.71": "Acquisition Context SR",
    "1.2.840.10008.5.1.4.1.1.88.72": "Simplified Adult Echo SR",
    "1.2.840.10008.5.1.4.1.1.88.74": "Planned Imaging Agent Administration SR",
    "1.2.840.10008.5.1.4.1.1.88.75": "Performed Imaging Agent Administration SR",
}
OTHER_DOCUMENT_CLASSES = {
    "1.2.840.10008.5.1.4.1.1.88.59": "Key Object Selection",
    "1.2.840.10008.5.1.4.1.1.88.67": "X-Ray Radiation Dose SR",
    "1.2.840.10008.5.1.4.1.1.88.68": "Radiopharmaceutical Radiation Dose SR",
    "1.2.840.10008.5.1.4.1.1.88.73": "Patient Radiation Dose SR",
    "1.2.840.10008.5.1.4.1.1.88.76": "Enhanced X-Ray Radiation Dose SR",
    "1.2.840.10008.5.1.4.1.1.88.77": "Waveform Annotation SR",
}
_SR_CLASSES = "1.2.840.10008.5.1.4.1.1.88."

# What a document that could not be read still says, so that every source has the same shape.
_UNREAD: dict[str, Any] = {
    "title": "",
    "kind": "structured",
    "status": {"completion": "", "verification": ""},
    "author": "",
    "observed_at": None,
    "sections": [],
    "measurements": [],
    "references": [],
    "tree": None,
    "unreadable": None,
}


class Answer(Protocol):
    """What a sandboxed function gave back."""

    @property
    def value(self) -> Any:
        """The function's plain value."""


class Runner(Protocol):
    """Runs a named function on open files in a limited child process."""

    def run(self, function: str, arguments: dict[str, Any], files: Sequence[int]) -> Answer:
        """The function's answer; raises its GatewayError."""


class ReportReader:
    """Reads report documents in the sandbox."""

    def __init__(self, sandbox: Runner) -> None:
        self._sandbox = sandbox

    def read(self, file: BinaryIO) -> dict[str, Any]:
        """The open Part 10 file as a report source (docs/api.md); raises Unreadable with the reason."""
        answer = self._sandbox.run("gateway.reporting.structured:read_report", {}, files=[file.fileno()])
        source: dict[str, Any] = answer.value
        return source


def is_report(instance: Instance) -> bool:
    """Whether the instance is a document with a report's text: by SOP class, retired ones of the SR family included."""
    return is_report_class(instance.text("SOPClassUID").strip())


def is_report_class(sop_class: str) -> bool:
    """Whether objects of the SOP class are documents with a report's text, which a dose report is not."""
    if sop_class in REPORT_CLASSES:
        return True
    return sop_class.startswith(_SR_CLASSES) and sop_class not in OTHER_DOCUMENT_CLASSES


def summarise(study_instance_uid: str, sources: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """The Report of a study (docs/api.md): sources newest first, and the impression that stands.

    A source whose successor is here comes last and is marked `replaced_by`. The impression is what the newest verified
    document says under its impression headings, else the newest complete one, else the newest; None where none says.
    """
    replaced_by = _replacements(sources)
    marked = [
        {**_UNREAD, **source, "replaced_by": replaced_by.get(source.get("sop_instance_uid", ""))} for source in sources
    ]
    newest_first = sorted(marked, key=_newness, reverse=True)
    standing = [source for source in newest_first if source["replaced_by"] is None]
    by_authority = sorted(standing, key=_authority, reverse=True)
    speaking = next((source for source in by_authority if impression_of(source)), None)
    return {
        "study_instance_uid": study_instance_uid,
        "sources": newest_first,
        "impression": impression_of(speaking) if speaking else None,
        "impression_from": speaking["sop_instance_uid"] if speaking else None,
    }


def impression_of(source: dict[str, Any]) -> str | None:
    """All that the document says under its impression headings, word for word; None where it has none."""
    paragraphs = [
        paragraph
        for section in source.get("sections", [])
        if section["role"] == "impression"
        for paragraph in section["paragraphs"]
    ]
    return "\n".join(paragraphs) or None


def _replacements(sources: Sequence[dict[str, Any]]) -> dict[str, str]:
    """Which document replaces which; two that claim to replace each other both stand."""
    claims = {
        (replaced, source["sop_instance_uid"])
        for source in sources
        for replaced in source.get("replaces", [])
        if replaced != source["sop_instance_uid"]
    }
    return {old: new for old, new in sorted(claims) if (new, old) not in claims}


def _newness(source: dict[str, Any]) -> tuple[bool, str, str]:
    return source["replaced_by"] is None, source.get("observed_at") or "", source.get("sop_instance_uid", "")


def _authority(source: dict[str, Any]) -> int:
    status = source.get("status") or {}
    if status.get("verification") == "VERIFIED":
        return 2
    return 1 if status.get("completion") == "COMPLETE" else 0
