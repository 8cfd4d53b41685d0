"""One study that holds an object of each form in which files lie, and how answers about it are read."""

from email.parser import BytesParser

import imagecodecs
import numpy as np
import pydicom
from lightbox import PYDICOM_FILES
from pydicom.dataset import Dataset
from pydicom.encaps import encapsulate, generate_frames
from pydicom.uid import generate_uid

EXPLICIT, RLE, JPEG_BASELINE = "1.2.840.10008.1.2.1", "1.2.840.10008.1.2.5", "1.2.840.10008.1.2.4.50"
JPEG_LS, J2K, HTJ2K, MP4 = (f"1.2.840.10008.1.2.4.{tail}" for tail in ("80", "90", "201", "102"))
STUDY, SERIES, OTHER_SERIES = (generate_uid() for _ in range(3))
# One object of each form in which files lie, in one study.
FORMS = {
    "explicit": "CT_small.dcm",
    "implicit": "MR_small_implicit.dcm",
    "big-endian": "MR_small_bigendian.dcm",
    "deflated": "image_dfl.dcm",
    "rle": "SC_rgb_rle_2frame.dcm",
    "jpeg": "SC_rgb_dcmtk_+eb+cy+s2.dcm",
    "jpeg-ls": "MR_small_jpeg_ls_lossless.dcm",
    "jpeg-2000": "MR_small_jp2klossless.dcm",
    "ybr-422": "SC_ybr_full_422_uncompressed.dcm",
}
UID_OF = {name: generate_uid() for name in (*FORMS, "document", "video", "palette")}
VIDEO = b"\x00\x00\x00\x18ftypmp42" + bytes(range(256)) * 40
DOCUMENT = b"%PDF-1.4\n" + b"0123456789abcdef" * 300


def in_study(found: Dataset, name: str, series: str = SERIES) -> Dataset:
    """The object as one of the study."""
    found.StudyInstanceUID, found.SeriesInstanceUID, found.SOPInstanceUID = STUDY, series, UID_OF[name]
    found.PatientID, found.PatientName, found.StudyDate = "RETRIEVAL", "Retrieval^Test", "20200102"
    found.file_meta.MediaStorageSOPInstanceUID = UID_OF[name]
    return found


def _document() -> Dataset:
    made = pydicom.dcmread(PYDICOM_FILES / "CT_small.dcm", stop_before_pixels=True)
    made.SOPClassUID = made.file_meta.MediaStorageSOPClassUID = "1.2.840.10008.5.1.4.1.1.104.1"
    for keyword in ("Rows", "Columns", "BitsAllocated", "PixelRepresentation"):
        delattr(made, keyword)
    made.MIMETypeOfEncapsulatedDocument = "application/pdf"
    made.EncapsulatedDocumentLength = len(DOCUMENT)
    made.EncapsulatedDocument = DOCUMENT + b"\0" * (len(DOCUMENT) % 2)
    return made


def _video() -> Dataset:
    made = pydicom.dcmread(PYDICOM_FILES / "SC_rgb_rle_2frame.dcm")
    made.file_meta.TransferSyntaxUID = MP4
    made.PixelData = encapsulate([VIDEO[:4000], VIDEO[4000:]], has_bot=False)
    return made


def _palette() -> Dataset:
    """A table in a sequence, larger than metadata hold inline."""
    made = pydicom.dcmread(PYDICOM_FILES / "CT_small.dcm")
    item = Dataset()
    item.add_new(0x00281201, "OW", bytes(range(256)) * 8)
    holder = Dataset()
    holder.PaletteColorLookupTableSequence = [item]
    made.add_new(0x00540220, "SQ", [Dataset(), holder])
    return made


def fill(folder) -> None:
    """Writes the study into the folder."""
    for name, file in FORMS.items():
        in_study(pydicom.dcmread(PYDICOM_FILES / file), name).save_as(folder / f"{name}.dcm")
    for name, made in (("document", _document()), ("video", _video()), ("palette", _palette())):
        in_study(made, name, OTHER_SERIES).save_as(folder / f"{name}.dcm")


def series_of(name: str) -> str:
    """The series that the object lies in."""
    return OTHER_SERIES if name in ("document", "video", "palette") else SERIES


def path_of(name: str, below: str = "") -> str:
    """The address of the object, or of what is below it."""
    return f"/dicom-web/studies/{STUDY}/series/{series_of(name)}/instances/{UID_OF[name]}{below}"


def parts_of(answer):
    """The parts of a multipart answer as header and body, read by Python's own parser."""
    head = f"Content-Type: {answer.headers['Content-Type']}\r\n\r\n".encode()
    message = BytesParser().parsebytes(head + answer.content)
    assert message.is_multipart()
    assert answer.content.endswith(b"--\r\n")
    boundary = answer.headers["Content-Type"].split("boundary=")[1].encode()
    bodies = [piece.split(b"\r\n\r\n", 1)[1][:-2] for piece in answer.content.split(b"--" + boundary)[1:-1]]
    return [(part, body) for part, body in zip(message.get_payload(), bodies, strict=True)]


def dicom(syntax: str = "", *, single: bool = False) -> dict[str, str]:
    """Headers that accept a whole object in the syntax, as the only part or among others."""
    kind = "application/dicom" if single else 'multipart/related; type="application/dicom"'
    return {"Accept": f"{kind}; transfer-syntax={syntax}" if syntax else kind}


def samples(read: Dataset) -> np.ndarray:
    """Decoded by pydicom where it can, and by the codec itself where it cannot."""
    if read.file_meta.TransferSyntaxUID not in (JPEG_LS, HTJ2K):
        return pydicom.pixels.pixel_array(read, raw=True)
    decoder = imagecodecs.jpegls_decode if read.file_meta.TransferSyntaxUID == JPEG_LS else imagecodecs.jpeg2k_decode
    count = int(read.get("NumberOfFrames", 1))
    found = [decoder(frame) for frame in generate_frames(read.PixelData, number_of_frames=count)]
    kind = f"{'i' if read.PixelRepresentation else 'u'}{read.BitsAllocated // 8}"
    return np.stack(found).view(kind) if count > 1 else found[0].view(kind)
