"""What comes first on call, told by the archive or else by the rules."""

from datetime import date

import pytest

from gateway.dicom.attributes import element
from gateway.dicom.model import Study
from gateway.services.urgency import Urgency, urgency_of

TODAY = date(2026, 11, 24)


def study(description="", time="120000", modality="CT", day="20261124", priority="", body_parts=()):
    attributes = element("StudyDate", day) | element("StudyTime", time) | element("ModalitiesInStudy", modality)
    attributes |= element("StudyDescription", description)
    if priority:
        attributes |= element("RequestedProcedurePriority", priority)
    return Study("1.2", "main", "v1", attributes, body_parts=body_parts)


@pytest.mark.parametrize(
    ("made", "urgency"),
    [
        (study(priority="STAT"), Urgency.STAT),
        (study(priority="stat "), Urgency.STAT),
        (study(priority="HIGH", day="20261123"), Urgency.HIGH),
        (study("CT Stroke", priority="ROUTINE"), None),  # the archive knows better than a word
        (study("CT Stroke", priority="LOW", time="030000"), None),
        (study(priority="STAT", day="20261122"), None),  # of the day before yesterday
        (study(priority="STAT", day=""), None),
        (study("CT^Stroke^Protocol"), Urgency.LIKELY),
        (study("STROKE", modality="MR"), Urgency.LIKELY),
        (study("Stroke", modality="US"), None),
        (study("Heatstroke"), None),
        (study("CT Head plain", time="120000"), None),
        (study("CT Head plain", time="200000"), Urgency.LIKELY),
        (study("CT Head plain", time="065959.5"), Urgency.LIKELY),
        (study("CT Head plain", time="070000"), None),
        (study("CT Head plain", time=""), None),
        (study("", time="030000", body_parts=("HEAD",)), Urgency.LIKELY),
        (study("Forehead flap", time="030000"), None),
    ],
)
def test_urgency(made, urgency):
    found = urgency_of(made, TODAY)
    assert (found.urgency if found else None) == urgency
    assert found is None or found.because
