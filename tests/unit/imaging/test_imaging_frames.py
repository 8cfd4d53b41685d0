"""One frame out of many, however they lie in the file, and stored values that come back exactly."""

import os
import subprocess
import sys
import zlib
from pathlib import Path

import numpy as np
import pytest
from hostile_objects import image, lut, written
from lightbox import ROOT
from pydicom.encaps import encapsulate, encapsulate_extended
from pydicom.pixels.encoders import RLELosslessEncoder
from pydicom.uid import ExplicitVRBigEndian, RLELossless
from rendered_pictures import of_files, pixels, plane_of_bytes, shown

from gateway.dicom.window import Window
from gateway.errors import NotFound

WINDOW = Window(128, 256)
GREYS = (10, 100, 200)
NOISE = np.random.default_rng(7)


def middle_grey(whole, frame_number):
    return int(shown(whole, frame_number, window=WINDOW)[1][32, 32])


def planes():
    return [np.full((64, 64), grey, "<u2") for grey in GREYS]


def run_length():
    facts = {"rows": 64, "columns": 64, "samples_per_pixel": 1, "bits_allocated": 16, "bits_stored": 16}
    facts |= {"pixel_representation": 0, "photometric_interpretation": "MONOCHROME2", "number_of_frames": 1}
    return [RLELosslessEncoder.encode(one.tobytes(), **facts) for one in planes()]


def native():
    return written(image(NumberOfFrames=3, PixelData=b"".join(one.tobytes() for one in planes())))


def encapsulated(**how):
    return written(image(RLELossless, NumberOfFrames=3, PixelData=encapsulate(run_length(), **how)))


def extended():
    value, offsets, lengths = encapsulate_extended(run_length())
    tables = {"ExtendedOffsetTable": offsets, "ExtendedOffsetTableLengths": lengths}
    return written(image(RLELossless, NumberOfFrames=3, PixelData=value, **tables))


LAYOUTS = {
    "native": native,
    "basic offset table": lambda: encapsulated(has_bot=True),
    "no offset table": lambda: encapsulated(has_bot=False),
    "extended offset table": extended,
    "three fragments a frame": lambda: encapsulated(fragments_per_frame=3, has_bot=True),
}


@pytest.mark.parametrize("layout", LAYOUTS)
def test_each_frame_is_found(layout):
    whole = LAYOUTS[layout]()
    assert [middle_grey(whole, number) for number in (1, 2, 3)] == list(GREYS)
    for outside in (0, 4, 2**31):
        with pytest.raises(NotFound):
            middle_grey(whole, outside)


def test_the_extended_offset_table_decides_where_a_frame_is():
    """A table that names the fragments backwards (PS3.3 C.7.6.3.1.8): only who reads it shows the last one first."""
    value, offsets, lengths = encapsulate_extended(run_length())
    backwards = {
        "ExtendedOffsetTable": np.frombuffer(offsets, "<u8")[::-1].tobytes(),
        "ExtendedOffsetTableLengths": np.frombuffer(lengths, "<u8")[::-1].tobytes(),
    }
    whole = written(image(RLELossless, NumberOfFrames=3, PixelData=value, **backwards))
    assert [middle_grey(whole, number) for number in (1, 2, 3)] == list(GREYS[::-1])


def test_odd_frames_in_big_endian_words_keep_their_first_and_last_byte():
    """8 bits as OW, 3 x 3: the second frame begins within a word (PS3.5 8.1.1)."""
    values = np.arange(10, 28, dtype=np.uint8)
    swapped = values.reshape(-1, 2)[:, ::-1].tobytes()
    eight = {"BitsAllocated": 8, "BitsStored": 8, "HighBit": 7, "Rows": 3, "Columns": 3}
    whole = written(image(ExplicitVRBigEndian, NumberOfFrames=2, PixelData=swapped, **eight))
    for number in (1, 2):
        grey = shown(whole, number, window=WINDOW)[1].ravel()
        assert grey.tolist() == values[(number - 1) * 9 : number * 9].tolist()


def test_single_bits_of_the_second_frame_begin_within_a_byte():
    """5 x 5 bits a frame, packed end to end (PS3.5 8.1.1)."""
    bits = NOISE.integers(0, 2, 50, dtype=np.uint8)
    one = {"BitsAllocated": 1, "BitsStored": 1, "HighBit": 0, "Rows": 5, "Columns": 5, "NumberOfFrames": 2}
    packed = np.packbits(np.append(bits, [0] * 14), bitorder="little").tobytes()
    whole = written(image(PixelData=packed, **one))
    assert (shown(whole, 2)[1].ravel() > 127).tolist() == (bits[25:] == 1).tolist()


def test_a_frame_of_a_large_file_is_read_alone(tmp_path):
    """600 frames of 512 KB: 300 MB on disk, of which little more than one frame is ever in memory."""
    start = written(image(Rows=512, Columns=512, NumberOfFrames=600, PixelData=b""))
    path, size = tmp_path / "large.dcm", 512 * 512 * 2
    with path.open("wb") as file:
        file.write(start[:-4] + (600 * size).to_bytes(4, "little"))
        file.truncate(len(start) + 600 * size)
        file.seek(len(start) + 599 * size)
        file.write(np.full(512 * 512, 77, "<u2").tobytes())
    program = (
        "import sys, resource; from rendered_pictures import of_files\n"
        "def peak(): return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss\n"
        "before = peak(); of_files([open(sys.argv[1], 'rb')], 600); print(peak() - before)"
    )
    command = [sys.executable, "-c", program, str(path)]
    paths = {"PYTHONPATH": f"{ROOT}:{Path(__file__).parent}"}
    told = subprocess.run(command, env=os.environ | paths, check=True, capture_output=True, timeout=60)
    assert int(told.stdout) < 60 * 1024, "kibibytes beyond what the modules themselves take"
    with path.open("rb") as file:
        _, body = of_files([file], 600, window=WINDOW)
    assert set(pixels(body).ravel()) == {77}


def unpacked(facts, body):
    """The values as the app reads them: raw deflate, low bytes then high bytes, each a difference to its left."""
    rows, columns = facts["rows"], facts["columns"]
    low, high = np.frombuffer(zlib.decompress(body, -15), np.uint8).reshape(2, rows, columns).astype(np.uint16)
    words = low | (high << 8)
    words[:, 0] = np.cumsum(words[:, 0], dtype=np.uint16)
    words = np.cumsum(words, axis=1, dtype=np.uint16)
    return words.view(np.int16) if facts["signed"] else words


def plane_of(dataset, reduce=1):
    facts, body = plane_of_bytes(written(dataset), reduce=reduce)
    return facts, unpacked(facts, body)


@pytest.mark.parametrize("signed", [False, True])
def test_planes_bring_every_value_back(signed):
    values = NOISE.integers(0, 65536, (64, 64), dtype=np.uint16)
    made = image(PixelData=values.tobytes(), PixelRepresentation=int(signed), RescaleSlope=2, RescaleIntercept=-1024)
    facts, found = plane_of(made)
    assert np.array_equal(found, values.view(np.int16) if signed else values)
    assert (facts["slope"], facts["intercept"], facts["bits"]) == (2, -1024, 16)
    assert (facts["signed"], facts["invert"], facts["lut"]) == (signed, False, False)


def test_planes_of_monochrome1_say_that_white_is_low():
    facts, found = plane_of(image(PhotometricInterpretation="MONOCHROME1"))
    assert facts["invert"] is True
    assert np.array_equal(found.ravel(), np.arange(64 * 64))


def test_planes_behind_a_modality_lut_hold_its_entries():
    entries = list(range(9000, 8744, -1))
    facts, found = plane_of(image(ModalityLUTSequence=lut([256, 0, 16], entries), RescaleSlope=7))
    assert (facts["lut"], facts["slope"], facts["intercept"]) == (True, 1, 0)
    assert found.ravel()[:300].tolist() == entries + [entries[-1]] * 44


def test_a_reduced_plane_holds_the_means_of_its_pixels():
    facts, found = plane_of(image(), reduce=2)
    assert (facts["rows"], facts["columns"]) == (32, 32)
    means = np.arange(64 * 64).reshape(32, 2, 32, 2).mean(axis=(1, 3))
    assert np.abs(found - means).max() <= 0.5


def test_colour_has_no_plane():
    rgb = {"SamplesPerPixel": 3, "PhotometricInterpretation": "RGB", "PlanarConfiguration": 0}
    eight = {"BitsAllocated": 8, "BitsStored": 8, "HighBit": 7, "PixelData": bytes(64 * 64 * 3)}
    with pytest.raises(NotFound):
        plane_of(image(**rgb, **eight))
