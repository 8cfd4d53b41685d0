"""Regions of whole slides out of their tiles (PS3.3 C.8.12.4, C.7.6.17)."""

import io

import numpy as np
import pytest
from enhanced_objects import indexed
from hostile_objects import image, written
from PIL import Image
from rendered_pictures import open_files, pixels
from syntax_objects import color8, dataset, described, form, in_fragments, j2k

from gateway.dicom.rendering import IccProfile, MediaType, Rendering, Viewport
from gateway.errors import BadRequest, NotFound, Unreadable
from gateway.imaging.slide import render_slide
from gateway.imaging.slide_levels import level_for, slide_frames

SLIDE = np.ascontiguousarray(color8()[40:140, 60:210])  # 100 rows, 150 columns: no whole number of tiles
TILE = 32


def tiles(slide):
    """The tiles row by row with the first row and column of each; beyond the edge they are black."""
    rows, columns = (-(-extent // TILE) * TILE for extent in slide.shape[:2])
    whole = np.zeros((rows, columns, *slide.shape[2:]), slide.dtype)
    whole[: slide.shape[0], : slide.shape[1]] = slide
    for row in range(0, rows, TILE):
        for column in range(0, columns, TILE):
            yield np.ascontiguousarray(whole[row : row + TILE, column : column + TILE]), row, column


def attributes(slide, **changes):
    return {"TotalPixelMatrixRows": slide.shape[0], "TotalPixelMatrixColumns": slide.shape[1]} | changes


def full(slide=SLIDE, **changes):
    found = [tile for tile, _, _ in tiles(slide)]
    facts = attributes(slide, DimensionOrganizationType="TILED_FULL", NumberOfFrames=str(len(found)), **changes)
    return image(PixelData=b"".join(tile.tobytes() for tile in found), **described(found[0]), **facts)


def place(row, column):
    position = dataset(RowPositionInTotalImagePixelMatrix=row + 1, ColumnPositionInTotalImagePixelMatrix=column + 1)
    return dataset(PlanePositionSlideSequence=[position])


def sparse(slide=SLIDE, leave_out=()):
    """The tiles in no order, and some of them missing."""
    found = [one for n, one in enumerate(tiles(slide)) if n not in leave_out]
    shuffled = [found[n] for n in np.random.default_rng(1).permutation(len(found))]
    facts = attributes(slide, DimensionOrganizationType="TILED_SPARSE", NumberOfFrames=str(len(shuffled)))
    made = image(PixelData=b"".join(one[0].tobytes() for one in shuffled), **described(shuffled[0][0]), **facts)
    made.PerFrameFunctionalGroupsSequence = [place(row, column) for _, row, column in shuffled]
    return made


def view(whole, viewport=None, **asked):
    rendering = Rendering(**{"media_type": MediaType.PNG, **asked}, viewport=viewport)
    with open_files(whole) as files:
        truth, body = render_slide({"rendering": rendering.as_arguments(), "files": ["object"]}, files)
    return truth, pixels(body).astype(int)


REGIONS = [(0, 0, 150, 100), (10, 20, 40, 30), (31, 31, 2, 2), (64, 64, 86, 36), (128, 96, 22, 4), (149, 99, 1, 1)]


@pytest.mark.parametrize("region", REGIONS)
@pytest.mark.parametrize("make", [full, sparse])
def test_a_region_is_that_of_the_slide(make, region):
    x, y, width, height = region
    truth, found = view(written(make()), Viewport(width, height, *region))
    assert np.array_equal(found, SLIDE[y : y + height, x : x + width])
    assert (truth["source_rows"], truth["source_columns"]) == (100, 150)


def test_without_a_viewport_the_whole_slide_is_shown():
    assert np.array_equal(view(written(full()))[1], SLIDE)


def test_a_smaller_view_is_the_mean_of_what_it_shows():
    found = view(written(full()), Viewport(75, 50))[1]
    assert found.shape == (50, 75, 3)
    assert np.abs(found - SLIDE.reshape(50, 2, 75, 2, 3).mean(axis=(1, 3))).max() <= 1


def test_where_no_tile_lies_the_light_shines_through():
    found = view(written(sparse(leave_out=[6, 13])))[1]
    expected = SLIDE.copy()
    expected[32:64, 32:64] = expected[64:96, 96:128] = 255
    assert np.array_equal(found, expected)


def test_other_focal_planes_and_optical_paths_are_not_mixed_in():
    """Further frames at the same place: the first of each is shown (C.7.6.17.3)."""
    twice = full()
    count = int(twice.NumberOfFrames)
    twice.NumberOfFrames, twice.PixelData = str(2 * count), twice.PixelData + bytes(len(twice.PixelData))
    assert np.array_equal(view(written(twice))[1], SLIDE)
    again = sparse()
    again.NumberOfFrames, again.PixelData = str(2 * count), again.PixelData + bytes(len(again.PixelData))
    again.PerFrameFunctionalGroupsSequence = list(again.PerFrameFunctionalGroupsSequence) * 2
    assert np.array_equal(view(written(again))[1], SLIDE)


def test_compressed_tiles_are_the_same_slide():
    found = [tile for tile, _, _ in tiles(SLIDE)]
    facts = attributes(SLIDE, DimensionOrganizationType="TILED_FULL", NumberOfFrames=str(len(found)))
    frames = [j2k(tile, mct=True) for tile in found]
    whole = in_fragments(form(90), found[0], frames, **{"PhotometricInterpretation": "YBR_RCT"} | facts)
    assert np.array_equal(view(whole)[1], SLIDE)


def test_grey_slides_are_shown_too():
    grey = np.ascontiguousarray(SLIDE[..., 0])
    assert np.array_equal(view(written(full(grey)))[1], grey)


def test_turns_and_profiles_are_those_of_every_picture():
    assert np.array_equal(view(written(full()), turns=1)[1], np.rot90(SLIDE, -1))
    rendering = Rendering(media_type=MediaType.PNG, icc_profile=IccProfile.SRGB)
    with open_files(written(full())) as files:
        _, body = render_slide({"rendering": rendering.as_arguments(), "files": ["object"]}, files)
    assert Image.open(io.BytesIO(body)).info["icc_profile"]


def test_a_region_outside_is_a_fault_of_the_request():
    with pytest.raises(BadRequest):
        view(written(full()), Viewport(10, 10, 150, 0, 10, 10))


def test_a_slide_of_no_extent_or_without_places_cannot_be_shown():
    with pytest.raises(Unreadable):
        view(written(full(TotalPixelMatrixRows=0)))
    lost = sparse()
    del lost.PerFrameFunctionalGroupsSequence[0].PlanePositionSlideSequence
    with pytest.raises(NotFound):
        view(written(lost))


def test_a_view_without_a_level_for_it_is_refused_before_it_is_made():
    vast = full()
    vast.TotalPixelMatrixRows = vast.TotalPixelMatrixColumns = 200_000
    with pytest.raises(Unreadable):
        view(written(vast), Viewport(100, 100))


def level(uid, columns, flavor="VOLUME"):
    kinds = ["ORIGINAL", "PRIMARY", flavor, "NONE"]
    made = image(SOPInstanceUID=uid, **attributes(np.zeros((columns // 2, columns))), ImageType=kinds)
    made.StudyInstanceUID, made.SeriesInstanceUID = "1.2.3.4.1", "1.2.3.4.2"
    return made


def test_the_levels_of_a_slide_are_one_picture_and_its_label_another():
    made = [level("1.2.1", 400), level("1.2.2", 90, "LABEL"), level("1.2.3", 1600), level("1.2.4", 100, "OVERVIEW")]
    found = [[one.sop_instance_uid for one in frame.levels] for frame in slide_frames(indexed(*made))]
    assert found == [["1.2.3", "1.2.1"], ["1.2.4"], ["1.2.2"]]


@pytest.mark.parametrize(
    ("scale", "uid"), [(1, "1.2.3"), (4, "1.2.3"), (0.5, "1.2.3"), (0.25, "1.2.1"), (0.01, "1.2.1")]
)
def test_the_smallest_level_that_is_sharp_enough_serves(scale, uid):
    (frame,) = slide_frames(indexed(level("1.2.1", 400), level("1.2.3", 1600)))
    assert level_for(frame.levels, scale).sop_instance_uid == uid
