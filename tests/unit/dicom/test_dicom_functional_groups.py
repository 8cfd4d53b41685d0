"""What an enhanced multi-frame object says of its frames reaches the index, and nothing in it keeps the object out."""

import io

import pydicom
import pytest
from lightbox import PYDICOM_FILES
from pydicom.dataset import Dataset

from gateway.archive.headers import read_headers
from gateway.dicom.attributes import ATTRIBUTES
from gateway.dicom.functional_groups import ATTRIBUTES_OF_MACRO

MACROS = {
    "PixelMeasuresSequence": {"PixelSpacing": [0.5, 0.5], "SliceThickness": 2, "SpacingBetweenSlices": 2},
    "FrameContentSequence": {"StackID": "1", "InStackPositionNumber": 1, "DimensionIndexValues": [1, 1]},
    "PlanePositionSequence": {"ImagePositionPatient": [0, 0, 7]},
    "PlanePositionSlideSequence": {
        "ColumnPositionInTotalImagePixelMatrix": 1,
        "RowPositionInTotalImagePixelMatrix": 257,
        "XOffsetInSlideCoordinateSystem": 1,
    },
}


@pytest.mark.parametrize("macro", MACROS)
@pytest.mark.parametrize("groups", ["SharedFunctionalGroupsSequence", "PerFrameFunctionalGroupsSequence"])
def test_an_object_with_the_macro_is_indexed(macro, groups):
    made, group, item = pydicom.dcmread(PYDICOM_FILES / "CT_small.dcm"), Dataset(), Dataset()
    for keyword, value in MACROS[macro].items():
        setattr(item, keyword, value)
    setattr(group, macro, [item])
    setattr(made, groups, [group])
    file = io.BytesIO()
    made.save_as(file)
    file.seek(0)
    (found,), _ = read_headers({}, [file])
    assert "reason" not in found
    assert found["attributes"]["00080018"]["Value"] == [made.SOPInstanceUID]


def test_every_attribute_of_a_macro_is_one_that_the_index_knows():
    assert {name for names in ATTRIBUTES_OF_MACRO.values() for name in names} <= set(ATTRIBUTES)
