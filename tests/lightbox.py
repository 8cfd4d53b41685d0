"""A real Lightbox for tests: gunicorn on loopback, in front of a folder of real files."""

import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import pydicom
import requests

ROOT = Path(__file__).resolve().parents[1]
PYDICOM_FILES = Path(pydicom.__file__).parent / "data" / "test_files"
# One of each kind that the main job shows: CT, MR, colour and grey ultrasound, multi-frame, RLE, J2K, JPEG, SR.
STUDIES = (
    "CT_small.dcm",
    "MR_small.dcm",
    "MR_small_RLE.dcm",
    "JPEG2000.dcm",
    "examples_ybr_color.dcm",
    "examples_palette.dcm",
    "examples_overlay.dcm",
    "examples_rgb_color.dcm",
    "test-SR.dcm",
)
PASSWORDS = {
    "alice": "correct horse battery",
    "bob": "staple blue mountain river",
    "charlie": "seventeen green bottles",
    "ada": "administrator of the house",
}
ROLES = {"alice": "radiologist", "bob": "physician", "charlie": "referrer", "ada": "admin"}


def free_port() -> int:
    """A port of loopback that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@dataclass
class Lightbox:
    """One installation in a directory, and the process that serves it."""

    directory: Path
    archive: Path
    port: int = field(default_factory=free_port)
    public_url: str = ""
    extra: dict[str, str] = field(default_factory=dict)
    process: subprocess.Popen | None = None

    @property
    def url(self) -> str:
        """The address that it listens on."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def environment(self) -> dict[str, str]:
        """The settings, as an administrator would give them."""
        inherited = {name: value for name, value in os.environ.items() if not name.startswith("LIGHTBOX_")}
        return inherited | {
            "LIGHTBOX_DATA_DIR": str(self.directory),
            "LIGHTBOX_ARCHIVES": f'["folder:{self.archive}"]',
            "LIGHTBOX_BIND": f"127.0.0.1:{self.port}",
            "LIGHTBOX_PUBLIC_URL": self.public_url or self.url,
            **self.extra,
        }

    def run(self, *command: str, stdin: str = "", check: bool = True) -> subprocess.CompletedProcess:
        """One command of the command line."""
        return subprocess.run(
            [sys.executable, "app.py", *command],
            cwd=ROOT, env=self.environment, input=stdin, capture_output=True, text=True, check=check, timeout=120,
        )  # fmt: skip

    def add_people(self) -> None:
        """Alice reads images, Bob is a colleague, Charlie may see only what was referred by him, Ada keeps house."""
        for name, password in PASSWORDS.items():
            self.run("users", "add", name, "--role", ROLES[name], "--password-stdin", stdin=password)

    def start(self) -> None:
        """Serves until stopped; returns once it is ready."""
        log = (self.directory / "server.log").open("ab")
        self.process = subprocess.Popen(
            [sys.executable, "app.py", "serve"], cwd=ROOT, env=self.environment, stdout=log, stderr=log
        )
        log.close()
        deadline = time.monotonic() + 30
        while time.monotonic() < deadline:
            if self.process.poll() is not None:
                raise AssertionError((self.directory / "server.log").read_text())
            try:
                if requests.get(f"{self.url}/readyz", timeout=2).status_code == 200:
                    return
            except requests.ConnectionError:
                time.sleep(0.05)
        raise AssertionError("Lightbox did not become ready: " + (self.directory / "server.log").read_text())

    def stop(self) -> None:
        """Stops as systemd would."""
        if self.process is not None:
            self.process.terminate()
            self.process.wait(40)
            self.process = None

    def token(self, name: str = "alice", minutes: int = 10) -> str:
        """An access token of that person."""
        return self.run("tokens", "issue", "--user", name, "--minutes", str(minutes)).stdout.strip()

    def browser(self, name: str | None = "alice") -> "Browser":
        """A signed-in browser without its own pages: cookies and the app's header."""
        browser = Browser(self)
        if name:
            answer = browser.post("/api/v1/session", json={"username": name, "password": PASSWORDS[name]})
            assert answer.status_code == 200, answer.text
        return browser

    def script(self, name: str = "alice") -> "Browser":
        """A script with a fresh token."""
        browser = Browser(self)
        browser.session.headers["Authorization"] = f"Bearer {self.token(name)}"
        return browser


class Browser:
    """A client that keeps cookies and sends what the app's own pages send."""

    def __init__(self, lightbox: Lightbox) -> None:
        self.base = lightbox.url
        self.session = requests.Session()
        self.session.trust_env = False
        self.session.headers.update({"X-Lightbox": "1", "Sec-Fetch-Site": "same-origin"})

    def get(self, path: str, **options) -> requests.Response:
        """GET below the gateway's address."""
        return self.session.get(self.base + path, timeout=30, **options)

    def post(self, path: str, **options) -> requests.Response:
        """POST below the gateway's address."""
        return self.session.post(self.base + path, timeout=30, **options)

    def delete(self, path: str, **options) -> requests.Response:
        """DELETE below the gateway's address."""
        return self.session.delete(self.base + path, timeout=30, **options)


def fill_archive(directory: Path) -> None:
    """Copies the real studies of the pydicom package into the folder."""
    directory.mkdir(parents=True, exist_ok=True)
    for name in STUDIES:
        shutil.copy(PYDICOM_FILES / name, directory / name)


def installed(root: Path, also: Callable[[Path], None] | None = None) -> Lightbox:
    """A Lightbox below the directory, with its people and an indexed archive of the real studies; not yet served."""
    fill_archive(root / "archive")
    if also is not None:
        also(root / "archive")
    made = Lightbox(root / "data", root / "archive")
    made.directory.mkdir(mode=0o700)
    made.add_people()
    made.run("archive", "index")
    return made
