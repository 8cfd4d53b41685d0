"""What the index keeps of presentation states and key object selections: which pictures they are about, and how."""

import io
import tempfile

import pytest
from pydicom.dataset import Dataset, FileMetaDataset
from pydicom.uid import ExplicitVRLittleEndian

from gateway.archive.headers import read_headers
from gateway.dicom.attributes import number, numbers
from gateway.dicom.model import Instance, Reference
from gateway.imaging.state_geometry import StateGeometry

STATE, COLOR_STATE, BLENDING = (f"1.2.840.10008.5.1.4.1.1.11.{n}" for n in (1, 2, 4))
KEY_OBJECTS, CT = "1.2.840.10008.5.1.4.1.1.88.59", "1.2.840.10008.5.1.4.1.1.2"


def dataset(**attributes):
    made = Dataset()
    for keyword, value in attributes.items():
        setattr(made, keyword, value)
    return made


def of_class(sop_class_uid, **attributes):
    made = dataset(SOPClassUID=sop_class_uid, SOPInstanceUID="1.2.9.1", StudyInstanceUID="1.2.9", **attributes)
    made.SeriesInstanceUID = "1.2.9.2"
    made.file_meta = FileMetaDataset()
    made.file_meta.TransferSyntaxUID = ExplicitVRLittleEndian
    made.file_meta.MediaStorageSOPClassUID, made.file_meta.MediaStorageSOPInstanceUID = sop_class_uid, "1.2.9.1"
    return made


def reference(uid, *frames):
    made = dataset(ReferencedSOPClassUID=CT, ReferencedSOPInstanceUID=uid)
    if frames:
        made.ReferencedFrameNumber = list(frames)
    return made


def indexed(made):
    """The object as the index has it, after a round trip through a file and its header."""
    target = io.BytesIO()
    made.save_as(target, enforce_file_format=True)
    with tempfile.TemporaryFile() as file:
        file.write(target.getvalue())
        file.seek(0)
        (told,), _ = read_headers({}, [file])
    return Instance("1.2.9", "1.2.9.2", "1.2.9.1", told["attributes"])


def state(**changes):
    series = [
        dataset(
            SeriesInstanceUID="1.2.9.3", ReferencedImageSequence=[reference("1.2.9.4"), reference("1.2.9.5", 2, 3)]
        ),
        dataset(SeriesInstanceUID="1.2.9.6", ReferencedImageSequence=[reference("1.2.9.7", 9)]),
    ]
    return of_class(STATE, ReferencedSeriesSequence=series, **changes)


def picture(uid="1.2.9.4", rows=100, columns=200):
    attributes = {
        "00280010": {"vr": "US", "Value": [rows]},
        "00280011": {"vr": "US", "Value": [columns]},
        "00200037": {"vr": "DS", "Value": [1, 0, 0, 0, 1, 0]},
        "00280030": {"vr": "DS", "Value": [0.5, 0.25]},
    }
    return Instance("1.2.9", "1.2.9.3", uid, attributes)


def test_a_state_tells_the_pictures_that_it_was_made_for():
    found = indexed(state()).references
    assert found == [Reference("1.2.9.4", ()), Reference("1.2.9.5", (2, 3)), Reference("1.2.9.7", (9,))]


@pytest.mark.parametrize(
    ("uid", "frame", "applies"),
    [("1.2.9.4", 1, True), ("1.2.9.4", 77, True), ("1.2.9.5", 3, True), ("1.2.9.5", 1, False), ("1.2.9.8", 1, False)],
)
def test_a_state_applies_to_what_it_names_alone(uid, frame, applies):
    assert StateGeometry.of(indexed(state())).applies_to(picture(uid), frame) is applies


def test_label_rotation_and_flip_are_known_without_the_file():
    found = indexed(state(ContentLabel="LEFT HAND", ImageRotation=270, ImageHorizontalFlip="Y"))
    assert found.text("ContentLabel") == "LEFT HAND"
    assert number(found.attributes, "ImageRotation") == 270
    placed = StateGeometry.of(found).placed(picture(), 1)
    assert (placed.rows, placed.columns) == (200, 100)
    # A quarter turn against the clock puts the patient's left on top; the flip swaps what is left and right then.
    assert placed.letters == {"top": "L", "bottom": "R", "left": "P", "right": "A"}
    assert (placed.spacing.row, placed.spacing.column) == (0.25, 0.5)


def area(first, last, *references):
    made = dataset(DisplayedAreaTopLeftHandCorner=first, DisplayedAreaBottomRightHandCorner=last)
    if references:
        made.ReferencedImageSequence = list(references)
    return made


def test_the_displayed_area_is_that_of_the_picture():
    areas = [area([1, 1], [50, 40], reference("1.2.9.5", 2)), area([-9, -9], [300, 150], reference("1.2.9.4"))]
    found = indexed(state(DisplayedAreaSelectionSequence=areas))
    assert (
        StateGeometry.of(found).placed(picture(), 1).rows,
        StateGeometry.of(found).placed(picture(), 1).columns,
    ) == (160, 310)
    of_frame_2, of_frame_3 = (StateGeometry.of(found).placed(picture("1.2.9.5"), number) for number in (2, 3))
    assert (of_frame_2.rows, of_frame_2.columns) == (40, 50)
    assert (of_frame_3.rows, of_frame_3.columns) == (100, 200), "no area names it"


def test_a_key_object_selection_tells_its_pictures_in_order_and_its_title():
    deeper = [dataset(ValueType="IMAGE", ReferencedSOPSequence=[reference("1.2.9.4")])]
    items = [
        dataset(ValueType="TEXT", TextValue="see"),
        dataset(ValueType="IMAGE", ReferencedSOPSequence=[reference("1.2.9.7", 4)]),
        dataset(ValueType="CONTAINER", ContentSequence=deeper),
    ]
    title = dataset(CodeValue="113000", CodingSchemeDesignator="DCM", CodeMeaning="Of Interest")
    found = indexed(of_class(KEY_OBJECTS, ContentSequence=items, ConceptNameCodeSequence=[title]))
    assert found.references == [Reference("1.2.9.7", (4,)), Reference("1.2.9.4", ())]
    assert found.text("DocumentTitle") == "Of Interest"


def test_pictures_have_no_references_although_they_name_others():
    """A CT names its localizer; that is no state of it."""
    assert indexed(of_class(CT, ReferencedImageSequence=[reference("1.2.9.5")])).references == []


def test_a_state_without_references_applies_to_nothing():
    assert indexed(of_class(COLOR_STATE)).references == []
    assert not StateGeometry.of(indexed(of_class(COLOR_STATE))).applies_to(picture(), 1)


def test_frames_and_areas_survive_the_way_through_the_index():
    """Numbers stay numbers in DICOM JSON."""
    found = indexed(state(DisplayedAreaSelectionSequence=[area([1, 2], [3, 4])]))
    item = next(iter(found.attributes["0070005A"]["Value"]))
    assert numbers(item, "DisplayedAreaTopLeftHandCorner") == [1, 2]
