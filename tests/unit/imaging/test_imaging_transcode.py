"""Objects written anew: samples, signs, byte order and what is said of them, read back by others."""

import io
import subprocess

import imagecodecs
import numpy as np
import pydicom
import pytest
from lightbox import PYDICOM_FILES
from pydicom.dataset import Dataset
from pydicom.encaps import encapsulate, generate_frames

from gateway.dicom.transfer_syntax import DECODED
from gateway.errors import NotAcceptable, Unreadable
from gateway.imaging.decode import DECODERS, DEFLATED_FRAMES, UNCOMPRESSED_IN_ITEMS
from gateway.imaging.transcoder import Transcoder
from gateway.sandbox.sandbox import Sandbox

EXPLICIT = "1.2.840.10008.1.2.1"
JPEG_LS, NEAR, J2K, LOSSY_J2K, HTJ2K = (f"1.2.840.10008.1.2.4.{tail}" for tail in ("80", "81", "90", "91", "201"))


@pytest.fixture(scope="module")
def transcoder(tmp_path_factory):
    sandbox = Sandbox(tmp_path_factory.mktemp("sandbox"), children=1, preload=("gateway.imaging.transcode",))
    yield Transcoder(sandbox)
    sandbox.close()


def written(transcoder, path, syntax=EXPLICIT) -> bytes:
    with path.open("rb") as file:
        octets = transcoder.instance(file, syntax)
        found = b"".join(octets.pieces)
    assert octets.length in (None, len(found))
    return found


def saved(made: Dataset, path):
    made.save_as(path)
    return path


def image(array: np.ndarray, bits_stored: int, *, planes: int = 1) -> Dataset:
    """An uncompressed object of these samples."""
    made = pydicom.dcmread(PYDICOM_FILES / "CT_small.dcm")
    made.Rows, made.Columns = array.shape[:2]
    made.BitsAllocated = array.dtype.itemsize * 8
    made.BitsStored, made.HighBit = bits_stored, bits_stored - 1
    made.PixelRepresentation = int(array.dtype.kind == "i")
    made.SamplesPerPixel = planes
    if planes == 3:
        made.PhotometricInterpretation, made.PlanarConfiguration = "RGB", 0
    made.PixelData = array.tobytes() + b"\0" * (array.nbytes % 2)
    return made


def test_the_sign_of_few_bits_is_carried_through(transcoder, tmp_path):
    """JPEG-LS holds 12 bits without a sign: above them the sign is repeated, as the type of 16 bits wants it."""
    values = np.random.default_rng(5).integers(-2048, 2048, (20, 30)).astype("i2")
    made = image(values, 12)
    made.file_meta.TransferSyntaxUID = JPEG_LS
    made.PixelData = encapsulate([bytes(imagecodecs.jpegls_encode(values.view("u2") & 0x0FFF))])
    path = saved(made, tmp_path / "signed.dcm")
    for syntax in (EXPLICIT, J2K):
        read = pydicom.dcmread(io.BytesIO(written(transcoder, path, syntax)))
        assert np.array_equal(read.pixel_array, values)
    frame = next(
        generate_frames(pydicom.dcmread(io.BytesIO(written(transcoder, path, HTJ2K))).PixelData, number_of_frames=1)
    )
    assert np.array_equal(imagecodecs.htj2k_decode(frame), values)


def test_bits_beside_the_stored_ones_stay(transcoder, tmp_path):
    """Old overlays lie in the high bits; lossless means that they do so afterwards."""
    values = np.random.default_rng(6).integers(0, 4096, (16, 16)).astype("u2") | 0x8000
    path = saved(image(values, 12), tmp_path / "overlay.dcm")
    for syntax, decode in ((JPEG_LS, imagecodecs.jpegls_decode), (J2K, imagecodecs.jpeg2k_decode)):
        read = pydicom.dcmread(io.BytesIO(written(transcoder, path, syntax)))
        assert np.array_equal(decode(next(generate_frames(read.PixelData, number_of_frames=1))), values)


def test_noise_that_grows_when_it_is_compressed_is_written_too(transcoder, tmp_path):
    noise = np.random.default_rng(7).integers(0, 256, (64, 48, 3)).astype("u1")
    path = saved(image(noise, 8, planes=3), tmp_path / "noise.dcm")
    for syntax in (JPEG_LS, J2K, HTJ2K):
        read = pydicom.dcmread(io.BytesIO(written(transcoder, path, syntax)))
        decode = imagecodecs.jpegls_decode if syntax == JPEG_LS else imagecodecs.jpeg2k_decode
        assert np.array_equal(decode(next(generate_frames(read.PixelData, number_of_frames=1))), noise)
        assert read.PlanarConfiguration == 0


@pytest.mark.parametrize(
    ("name", "lossy"),
    [
        ("JPEGLSNearLossless_08.dcm", "ISO_14495_1"),
        ("SC_rgb_dcmtk_+eb+cr.dcm", "ISO_10918_1"),
        ("JPGExtended.dcm", "ISO_10918_1"),
        ("MR_small_jpeg_ls_lossless.dcm", None),
        ("MR_small_jp2klossless.dcm", None),
        ("MR_small_RLE.dcm", None),
    ],
)
def test_what_was_lossy_says_so_for_ever(transcoder, tmp_path, name, lossy):
    stored = pydicom.dcmread(PYDICOM_FILES / name)
    for keyword in ("LossyImageCompression", "LossyImageCompressionMethod", "LossyImageCompressionRatio"):
        if keyword in stored:
            del stored[keyword]
    path = saved(stored, tmp_path / "stored.dcm")
    read = pydicom.dcmread(io.BytesIO(written(transcoder, path)))
    assert read.get("LossyImageCompressionMethod") == lossy
    assert (read.get("LossyImageCompression") == "01") is (lossy is not None)


@pytest.mark.parametrize("is_reversible", [True, False])
def test_jpeg_2000_is_lossy_by_its_wavelet_not_by_its_name(transcoder, tmp_path, is_reversible):
    values = np.random.default_rng(8).integers(0, 256, (32, 32)).astype("u1")
    made = image(values, 8)
    made.file_meta.TransferSyntaxUID = LOSSY_J2K
    level = 0 if is_reversible else 40
    made.PixelData = encapsulate(
        [bytes(imagecodecs.jpeg2k_encode(values, level, codecformat="j2k", reversible=is_reversible))]
    )
    read = pydicom.dcmread(io.BytesIO(written(transcoder, saved(made, tmp_path / "j2k.dcm"))))
    assert read.get("LossyImageCompressionMethod") == (None if is_reversible else "ISO_15444_1")


def test_single_bits_are_never_lost_between_frames(transcoder, tmp_path):
    """Three frames of 15 bits lie end to end; each comes as frames of its own, from the first bit of a byte."""
    frames = np.random.default_rng(9).integers(0, 2, (3, 3, 5)).astype("u1")
    made = image(frames[0], 8)
    made.BitsAllocated, made.BitsStored, made.HighBit, made.NumberOfFrames = 1, 1, 0, 3
    made.PixelData = np.packbits(frames.reshape(-1), bitorder="little").tobytes()
    path = saved(made, tmp_path / "bits.dcm")
    assert np.array_equal(pydicom.dcmread(io.BytesIO(written(transcoder, path))).pixel_array, frames)
    with path.open("rb") as file:
        sent = list(transcoder.frames(file, [3, 1], EXPLICIT, 15))
    for body, number in zip(sent, (2, 0), strict=True):
        bits = np.unpackbits(np.frombuffer(body, "u1"), bitorder="little")[:15]
        assert np.array_equal(bits.reshape(3, 5), frames[number])


def test_words_in_sequences_are_turned_round_with_the_rest(transcoder, tmp_path):
    made = pydicom.dcmread(PYDICOM_FILES / "MR_small_bigendian.dcm")
    item = Dataset()
    item.add_new(0x00281201, "OW", np.arange(300, dtype=">u2").tobytes())
    made.add_new(0x00480120, "SQ", [item])
    path = saved(made, tmp_path / "big.dcm")
    read = pydicom.dcmread(io.BytesIO(written(transcoder, path)))
    assert read[0x00480120].value[0][0x00281201].value == np.arange(300, dtype="<u2").tobytes()
    assert np.array_equal(read.pixel_array, made.pixel_array)


def test_an_icon_in_the_old_compression_goes_with_it(transcoder, tmp_path):
    made = pydicom.dcmread(PYDICOM_FILES / "MR_small_RLE.dcm")
    icon = Dataset()
    icon.add_new(0x7FE00010, "OB", encapsulate([b"\0" * 64]))
    icon["PixelData"].is_undefined_length = True
    made.IconImageSequence = [icon]
    path = saved(made, tmp_path / "icon.dcm")
    sent = tmp_path / "sent.dcm"
    sent.write_bytes(written(transcoder, path))
    assert "IconImageSequence" not in pydicom.dcmread(sent)
    assert subprocess.run(["dcmdump", str(sent)], capture_output=True, check=False).returncode == 0


def test_an_old_export_without_preamble_becomes_a_file(transcoder):
    path = PYDICOM_FILES / "ExplVR_LitEndNoMeta.dcm"
    read = pydicom.dcmread(io.BytesIO(written(transcoder, path)))
    assert read.file_meta.TransferSyntaxUID == EXPLICIT
    assert read.file_meta.MediaStorageSOPInstanceUID == read.SOPInstanceUID


def test_what_is_said_to_be_decoded_is_what_has_a_decoder():
    assert set(DECODERS) | {DEFLATED_FRAMES, UNCOMPRESSED_IN_ITEMS} == DECODED


def test_floating_point_pixels_come_in_whole_objects(transcoder, tmp_path):
    values = np.linspace(-1, 1, 64, dtype="<f4").reshape(8, 8)
    made = image(values.view("u4"), 32)
    del made.PixelData, made.BitsStored, made.HighBit, made.PixelRepresentation
    made.FloatPixelData = values.tobytes()
    made.file_meta.TransferSyntaxUID = "1.2.840.10008.1.2"
    path = tmp_path / "float.dcm"
    made.save_as(path, implicit_vr=True, little_endian=True)
    read = pydicom.dcmread(io.BytesIO(written(transcoder, path)))
    assert read.file_meta.TransferSyntaxUID == EXPLICIT
    assert read["FloatPixelData"].VR == "OF"
    assert np.array_equal(read.pixel_array, values)


def test_what_cannot_be_made_is_told_before_the_first_byte(transcoder, tmp_path):
    with (PYDICOM_FILES / "MR_truncated.dcm").open("rb") as file, pytest.raises(Unreadable):
        transcoder.instance(file, EXPLICIT)
    path = saved(image(np.zeros((4, 4), "u4"), 32), tmp_path / "wide.dcm")
    with path.open("rb") as file, pytest.raises(NotAcceptable):
        transcoder.instance(file, JPEG_LS)
