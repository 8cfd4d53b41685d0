"""What is well with an installation, what is not, and what to do about it."""

from __future__ import annotations

import os
import shutil
import sqlite3
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from gateway.archive.base import Archive
from gateway.audit.log import AuditLog
from gateway.errors import GatewayError
from gateway.sandbox.sandbox import Sandbox
from gateway.services.accounts import Accounts
from gateway.store.quarantine import Quarantine

GIB = 1024**3


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing looked at: `verdict` is ok, warning or fault."""

    verdict: str
    what: str
    detail: str


@dataclass(frozen=True, slots=True)
class Doctor:
    """Looks at every part that can be wrong without anybody noticing."""

    data_dir: Path
    archives: Sequence[Archive]
    accounts: Accounts
    audit: AuditLog
    sandbox: Sandbox
    quarantine: Quarantine

    def examine(self) -> Iterator[Finding]:
        """All findings, one after the other."""
        yield self._permissions()
        yield self._disk()
        yield self._encryption()
        yield _sqlite()
        yield self._audit()
        yield self._decoder()
        yield self._set_aside()
        yield self._people()
        yield from self._archives()

    def _permissions(self) -> Finding:
        mode = self.data_dir.stat().st_mode & 0o777
        if mode & 0o007:
            return Finding("fault", "data directory", f"others may enter it; run: chmod o-rwx {self.data_dir}")
        return Finding("ok", "data directory", f"{self.data_dir} is closed to others")

    def _disk(self) -> Finding:
        free = shutil.disk_usage(self.data_dir).free
        if free < GIB:
            return Finding("warning", "disk", f"only {free / GIB:.1f} GB free; below 64 MB nothing is shown any more")
        return Finding("ok", "disk", f"{free / GIB:.0f} GB free")

    def _encryption(self) -> Finding:
        device = _device_of(self.data_dir)
        if device is None:
            return Finding("warning", "encryption", "cannot tell whether the volume is encrypted; check it by hand")
        if Path(f"/sys/dev/block/{device}/dm/uuid").is_file():
            uuid = Path(f"/sys/dev/block/{device}/dm/uuid").read_text(encoding="utf-8")
            if uuid.startswith("CRYPT-"):
                return Finding("ok", "encryption", "the volume is encrypted (dm-crypt)")
        return Finding("warning", "encryption", "the volume is not encrypted by this machine; patient data lie on it")

    def _audit(self) -> Finding:
        try:
            self.audit.check_writable()
        except GatewayError as error:
            return Finding("fault", "audit log", f"{error} Nothing is shown until it can be written.")
        return Finding("ok", "audit log", "can be written")

    def _decoder(self) -> Finding:
        try:
            self.sandbox.run("gateway.sandbox.pulse:beat", {})
        except GatewayError as error:
            return Finding("fault", "decoding children", str(error))
        return Finding("ok", "decoding children", "answer")

    def _set_aside(self) -> Finding:
        count = len(self.quarantine.listed())
        if count:
            detail = f"{count} files are not decoded for a day because decoding children died of them"
            return Finding("warning", "files set aside", f"{detail}; `archive check` lists them")
        return Finding("ok", "files set aside", "none")

    def _people(self) -> Finding:
        if not self.accounts.has_admin():
            return Finding(
                "warning", "people", "no admin yet; run: python app.py users add NAME --role admin --password-stdin"
            )
        return Finding("ok", "people", f"{len(self.accounts.list_users())} accounts, an admin among them")

    def _archives(self) -> Iterator[Finding]:
        if not self.archives:
            yield Finding("warning", "archives", "none configured; set LIGHTBOX_ARCHIVES='[\"folder:/path\"]'")
        for archive in self.archives:
            now = archive.status()
            verdict = "fault" if now.state == "away" else "ok"
            yield Finding(verdict, f"archive {now.name}", f"{now.state}. {now.detail}")


def _sqlite() -> Finding:
    if sqlite3.sqlite_version_info >= (3, 51, 3):
        return Finding("ok", "SQLite", f"{sqlite3.sqlite_version}, write-ahead log")
    reason = "rollback journal, because versions below 3.51.3 can corrupt a write-ahead log"
    return Finding("ok", "SQLite", f"{sqlite3.sqlite_version}, {reason}")


def _device_of(directory: Path) -> str | None:
    device = directory.stat().st_dev
    major, minor = os.major(device), os.minor(device)
    return f"{major}:{minor}" if Path(f"/sys/dev/block/{major}:{minor}").exists() else None
