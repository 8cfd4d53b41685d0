"""The house stays as it was laid: small files, guarded blueprints, no word that says nothing."""

import ast
import re
import subprocess
from pathlib import Path

import pytest

from gateway.settings import Settings

ROOT = Path(__file__).resolve().parents[2]
BANNED_NAMES = {"utils", "util", "helpers", "helper", "common", "manager", "misc", "data", "img"}
TRACKED = [
    ROOT / name
    for name in subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT, capture_output=True, text=True, check=True,
    ).stdout.splitlines()
    if (ROOT / name).is_file()
]  # fmt: skip
SOURCES = [path for path in TRACKED if path.suffix in {".py", ".ts", ".tsx", ".css"}]


@pytest.mark.parametrize("path", SOURCES, ids=lambda p: str(p.relative_to(ROOT)))
def test_files_stay_small(path):
    assert len(path.read_text(encoding="utf-8").splitlines()) <= 300


def test_names_say_what_a_thing_is():
    stems = {path.stem.lower() for path in SOURCES}
    assert not stems & BANNED_NAMES


def test_web_processes_carry_no_parser_of_foreign_bytes():
    """pydicom, Pillow and the codecs are imported in the sandbox's child alone."""
    script = (
        "import sys, gateway.factory; "
        "print(sorted({'pydicom', 'PIL', 'cv2', 'imagecodecs', 'numpy', 'rle'} & set(sys.modules)))"
    )
    ran = subprocess.run([".venv/bin/python", "-c", script], cwd=ROOT, capture_output=True, text=True, check=True)
    assert ran.stdout.strip() == "[]"


def test_nothing_stored_is_code():
    """A pickle that is read back is a way in; none is written or read."""
    banned = re.compile(r"^\s*(import|from)\s+(pickle|marshal|shelve|dill)\b", re.MULTILINE)
    guilty = [path for path in SOURCES if path.suffix == ".py" and banned.search(path.read_text(encoding="utf-8"))]
    assert guilty == []


def test_every_blueprint_states_its_guard(app):
    guarded = {name for name in app.before_request_funcs if name is not None}
    assert set(app.blueprints) - {"openapi"} == guarded


def test_every_setting_is_documented():
    told = (ROOT / "docs" / "settings.md").read_text(encoding="utf-8")
    missing = [name for name in Settings.model_fields if f"LIGHTBOX_{name.upper()}" not in told]
    assert missing == []


def test_no_gpl_decoder_is_required():
    required = (ROOT / "requirements.txt").read_text(encoding="utf-8").lower()
    assert "pylibjpeg-libjpeg" not in required


def test_functions_are_documented():
    """Every public function and class of the product says what the caller gets."""
    silent = []
    for path in (ROOT / "gateway").rglob("*.py"):
        if "migrations" in path.parts:
            continue
        for node in ast.parse(path.read_text(encoding="utf-8")).body:
            is_definition = isinstance(node, ast.FunctionDef | ast.ClassDef)
            if is_definition and not node.name.startswith("_") and not ast.get_docstring(node):
                silent.append(f"{path.relative_to(ROOT)}: {node.name}")
    assert silent == []
