"""What a standard client retrieves: whole objects, each in a form that it accepts."""

import io
import subprocess

import numpy as np
import pydicom
import pytest
from lightbox import PYDICOM_FILES, installed
from pydicom.encaps import encapsulate
from retrieval_forms import (
    EXPLICIT,
    FORMS,
    HTJ2K,
    J2K,
    JPEG_BASELINE,
    JPEG_LS,
    MP4,
    RLE,
    SERIES,
    STUDY,
    UID_OF,
    dicom,
    in_study,
    parts_of,
    path_of,
    samples,
)

PARTS = 'multipart/related; type="application/dicom"'


@pytest.mark.parametrize("name", FORMS)
def test_the_client_reads_every_form_as_uncompressed_and_the_pixels_are_the_same(client, original, name, tmp_path):
    read = client.retrieve_instance(STUDY, SERIES, UID_OF[name], media_types=(("application/dicom", EXPLICIT),))
    assert read.file_meta.TransferSyntaxUID == EXPLICIT
    assert read.file_meta.MediaStorageSOPInstanceUID == read.SOPInstanceUID == UID_OF[name]
    stored = original[name]
    if name == "jpeg":
        # The decompressed picture is in the colours that it was decoded to, and says for ever that it was lossy.
        assert (read.PhotometricInterpretation, read.PlanarConfiguration) == ("RGB", 0)
        assert (read.LossyImageCompression, read.LossyImageCompressionMethod) == ("01", "ISO_10918_1")
        assert float(read.LossyImageCompressionRatio) > 1
        difference = read.pixel_array.astype(int) - stored.pixel_array
        assert np.abs(difference).max() <= 3  # two JPEG decoders
    else:
        assert np.array_equal(samples(read), samples(stored))
    for element in stored:
        if element.tag.group not in (0x7FE0, 0xFFFA, 0xFFFC, 0x0028) and element.VR != "SQ":
            assert read[element.tag].value == element.value, element
    file = tmp_path / "answer.dcm"
    read.save_as(file)
    for command in (["dcmdump", str(file)], ["dcm2pnm", str(file), str(tmp_path / "answer.pnm")]):
        assert subprocess.run(command, capture_output=True, check=False).returncode == 0


@pytest.mark.parametrize("syntax", [JPEG_LS, J2K, HTJ2K])
@pytest.mark.parametrize("name", ["explicit", "implicit", "big-endian", "rle", "jpeg-2000"])
def test_an_instance_comes_losslessly_compressed_where_that_is_accepted(caller, original, name, syntax, tmp_path):
    answer = caller.get(path_of(name), headers=dicom(syntax, single=True))
    assert answer.status_code == 200, answer.text
    assert answer.headers["Content-Type"] == f"application/dicom; transfer-syntax={syntax}"
    read = pydicom.dcmread(io.BytesIO(answer.content))
    assert read.file_meta.TransferSyntaxUID == syntax
    assert np.array_equal(samples(read), samples(original[name]))
    assert len(read.PixelData) < original[name].Rows * original[name].Columns * 6
    if name == "rle":
        assert read.PhotometricInterpretation == ("RGB" if syntax == JPEG_LS else "YBR_RCT")
    if syntax == JPEG_LS:
        file, plain = tmp_path / "answer.dcm", tmp_path / "plain.dcm"
        file.write_bytes(answer.content)
        subprocess.run(["dcmdjpls", str(file), str(plain)], check=True, capture_output=True)
        assert np.array_equal(pydicom.dcmread(plain).pixel_array, samples(original[name]))


@pytest.mark.parametrize("name", ["explicit", "deflated", "rle", "jpeg", "jpeg-ls", "video"])
def test_a_star_brings_the_very_file(forms, caller, name):
    answer = caller.get(path_of(name), headers=dicom("*", single=True))
    assert answer.content == (forms.archive / f"{name}.dcm").read_bytes()
    assert int(answer.headers["Content-Length"]) == len(answer.content)
    assert answer.headers["Content-Location"].endswith(f"/instances/{UID_OF[name]}")


@pytest.mark.parametrize("name", ["implicit", "big-endian"])
def test_what_is_not_for_the_web_comes_as_explicit_little_endian(caller, name):
    """PS3.18 8.7.3: implicit and big-endian syntaxes shall not be used."""
    answer = caller.get(path_of(name), headers=dicom("*", single=True))
    assert answer.headers["Content-Type"].endswith(EXPLICIT)
    stored = "1.2.840.10008.1.2" if name == "implicit" else "1.2.840.10008.1.2.2"
    assert caller.get(path_of(name), headers=dicom(stored)).status_code == 406


def test_a_study_comes_instance_after_instance_and_says_when_one_is_left_out(client, caller):
    found = client.retrieve_study(STUDY, media_types=(("application/dicom", "*"),))
    assert {read.SOPInstanceUID for read in found} == set(UID_OF.values())
    series = client.retrieve_series(STUDY, SERIES)
    assert {read.SOPInstanceUID for read in series} == {UID_OF[name] for name in FORMS}
    # The video is not decompressed, so a client that takes only uncompressed objects gets the others.
    answer = caller.get(f"/dicom-web/studies/{STUDY}", headers=dicom())
    assert answer.status_code == 206
    sent = {pydicom.dcmread(io.BytesIO(body)).SOPInstanceUID for _, body in parts_of(answer)}
    assert sent == set(UID_OF.values()) - {UID_OF["video"]}
    assert {part["Content-Type"] for part, _ in parts_of(answer)} == {f"application/dicom; transfer-syntax={EXPLICIT}"}
    alone = caller.get(path_of("video"), headers=dicom())
    assert alone.status_code == 406
    assert MP4 in alone.json()["detail"]


def test_a_document_comes_whole_whatever_compression_is_asked_for(caller, original):
    answer = caller.get(path_of("document"), headers=dicom(JPEG_LS, single=True))
    assert answer.headers["Content-Type"].endswith(EXPLICIT)
    assert pydicom.dcmread(io.BytesIO(answer.content)).EncapsulatedDocument == original["document"].EncapsulatedDocument


def test_a_damaged_object_does_not_hide_its_neighbours(tmp_path_factory):
    def fill(folder):
        for name in ("jpeg-ls", "explicit"):
            in_study(pydicom.dcmread(PYDICOM_FILES / FORMS[name]), name).save_as(folder / f"{name}.dcm")
        stored = pydicom.dcmread(folder / "jpeg-ls.dcm")
        stored.PixelData = encapsulate([b"\xff\xd8 nothing of the kind"])
        stored.save_as(folder / "jpeg-ls.dcm")

    damaged = installed(tmp_path_factory.mktemp("damaged"), also=fill)
    damaged.start()
    try:
        script = damaged.script("alice")
        answer = script.get(f"/dicom-web/studies/{STUDY}", headers=dicom())
        assert [pydicom.dcmread(io.BytesIO(body)).SOPInstanceUID for _, body in parts_of(answer)] == [
            UID_OF["explicit"]
        ]
        alone = script.get(path_of("jpeg-ls"), headers=dicom())
        assert alone.status_code == 422
    finally:
        damaged.stop()


@pytest.mark.parametrize(
    ("accept", "syntax"),
    [
        (f"{PARTS}; transfer-syntax={JPEG_LS};q=0.4, {PARTS}; transfer-syntax={RLE};q=0.9", RLE),
        (f"multipart/related;type=application/dicom;transfer-syntax={JPEG_LS}", JPEG_LS),
        (f"{PARTS}; transfer-syntax={JPEG_BASELINE}, {PARTS}", EXPLICIT),
        (f"{PARTS}; transfer-syntax=*; q=0, */*; q=0.1", EXPLICIT),
        ("*/*", EXPLICIT),
        ("text/html, application/xhtml+xml, */*;q=0.8", EXPLICIT),
    ],
)
def test_the_best_liked_form_that_can_be_made_is_sent(caller, accept, syntax):
    answer = caller.get(path_of("rle"), headers={"Accept": accept})
    ((part, body),) = parts_of(answer)
    assert part["Content-Type"] == f"application/dicom; transfer-syntax={syntax}"
    assert pydicom.dcmread(io.BytesIO(body)).file_meta.TransferSyntaxUID == syntax
    by_parameter = caller.get(path_of("rle"), params={"accept": accept}, headers={"Accept": "text/plain"})
    assert parts_of(by_parameter)[0][0]["Content-Type"] == part["Content-Type"]


@pytest.mark.parametrize(
    ("below", "accept"),
    [
        ("", "text/plain"),
        ("", f"{PARTS}; transfer-syntax={JPEG_BASELINE}"),
        ("/frames/1", 'multipart/related; type="image/jpeg"; transfer-syntax=1.2.840.10008.1.2.4.50'),
        ("/frames/1", "image/gif"),
        ("/frames/1,2", "application/octet-stream"),
        ("/bulkdata/7FE00010", "application/pdf"),
    ],
)
def test_what_cannot_be_made_is_refused_with_what_can_be_had(caller, below, accept):
    answer = caller.get(path_of("rle", below), headers={"Accept": accept})
    assert answer.status_code == 406
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert RLE in answer.json()["detail"]
    assert EXPLICIT in answer.json()["detail"]
    if not below:
        whole_study = caller.get(f"/dicom-web/studies/{STUDY}", headers={"Accept": "application/dicom"})
        assert whole_study.status_code == 406
