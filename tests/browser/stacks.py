"""Two stacks to scroll: the demo's synthetic head with its report, and its prior, of which one slice is cut short."""

import os
import subprocess
import sys
from pathlib import Path

import pydicom
from lightbox import ROOT

BROKEN_SLICE = 10


def add_stacks(directory: Path) -> None:
    """Writes both studies below the directory."""
    subprocess.run([sys.executable, "-m", "gateway.archive.demo.synthetic", str(directory)], cwd=ROOT, check=True)
    broken = directory / "prior" / f"slice-{BROKEN_SLICE:03d}.dcm"
    os.truncate(broken, broken.stat().st_size - 100_000)


def stack_address(lightbox, which: str, frame: int) -> str:
    """The viewer's address of that slice: `current` has 120 slices and a report, `prior` 40."""
    header = pydicom.dcmread(lightbox.archive / "synthetic" / which / "slice-001.dcm", stop_before_pixels=True)
    return f"/studies/{header.StudyInstanceUID}?series={header.SeriesInstanceUID}&frame={frame}"
