"""Lightbox: a phone-first image access gateway in front of a hospital's DICOM archive."""

from pathlib import Path

_CHANGELOG = Path(__file__).resolve().parent.parent / "CHANGELOG.md"


def version() -> str:
    """The released version, read from the first numbered heading of CHANGELOG.md."""
    for line in _CHANGELOG.read_text(encoding="utf-8").splitlines():
        if line.startswith("## "):
            return line.split()[1]
    raise ValueError("CHANGELOG.md has no version heading")
