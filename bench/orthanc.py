"""The peer: Debian's Orthanc with its DICOMweb and GDCM plugins on loopback, in a directory of its own."""

from __future__ import annotations

import json
import subprocess
import time
from dataclasses import dataclass, field
from pathlib import Path

import requests

PLUGINS = Path("/usr/share/orthanc/plugins")
NEEDED = ("libOrthancDicomWeb.so", "libOrthancGdcm.so")


@dataclass
class Orthanc:
    """One Orthanc with the defaults of its packages; only where it keeps its files and listens is ours."""

    directory: Path
    port: int
    process: subprocess.Popen[bytes] | None = field(default=None, repr=False)

    def start(self) -> None:
        """Serves until stopped; returns once it answers."""
        missing = [name for name in NEEDED if not (PLUGINS / name).exists()]
        if missing:
            raise SystemExit(f"Orthanc's plugins are missing ({', '.join(missing)}): apt-get install orthanc-dicomweb "
                             "orthanc-gdcm")  # fmt: skip
        self.directory.mkdir(parents=True, exist_ok=True)
        settings = self.directory / "orthanc.json"
        settings.write_text(json.dumps(self._settings()))
        with (self.directory / "orthanc.log").open("ab") as log:
            self.process = subprocess.Popen(["/usr/sbin/Orthanc", str(settings)], stdout=log, stderr=log)
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline:
            if self.process.poll() is not None:
                break
            try:
                if requests.get(f"http://127.0.0.1:{self.port}/system", timeout=2).status_code == 200:
                    return
            except requests.ConnectionError:
                time.sleep(0.1)
        raise SystemExit("Orthanc did not start:\n" + (self.directory / "orthanc.log").read_text()[-2000:])

    def stop(self) -> None:
        """A clean stop, which takes some seconds; starting anew before its end finds the database locked."""
        if self.process is not None:
            self.process.terminate()
            try:
                self.process.wait(60)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait(10)
            self.process = None

    def store(self, path: Path) -> None:
        """Stores the file's instance."""
        with path.open("rb") as body:
            answer = requests.post(f"http://127.0.0.1:{self.port}/instances", data=body, timeout=120)
        answer.raise_for_status()

    def version(self) -> str:
        """Its own version and its plugins', as they tell them."""
        base = f"http://127.0.0.1:{self.port}"
        told = [f"Orthanc {requests.get(f'{base}/system', timeout=5).json()['Version']}"]
        for name in ("dicom-web", "gdcm"):
            plugin = requests.get(f"{base}/plugins/{name}", timeout=5)
            if plugin.ok:
                told.append(f"{name} {plugin.json()['Version']}")
        return ", ".join(told)

    def _settings(self) -> dict[str, object]:
        return {
            "Name": "bench",
            "StorageDirectory": str(self.directory / "storage"),
            "IndexDirectory": str(self.directory / "index"),
            "Plugins": [str(PLUGINS / name) for name in NEEDED],
            "HttpPort": self.port,
            "DicomServerEnabled": False,
            "RemoteAccessAllowed": False,
            "AuthenticationEnabled": False,
            "KeepAlive": True,
            "TcpNoDelay": True,
            "DicomWeb": {"Enable": True},
        }
