"""Every setting of an installation: `LIGHTBOX_*` variables or a `lightbox.toml`, all faults reported at once."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any, Self
from urllib.parse import urlsplit

from pydantic import BaseModel, Field, ValidationError, field_validator, model_validator
from pydantic_settings import (
    BaseSettings,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    TomlConfigSettingsSource,
)

from gateway.errors import GatewayError

REVIEW_NOTICE = "For review, not for primary diagnosis."
LOOPBACK_HOSTS = frozenset({"127.0.0.1", "localhost", "::1"})


class SettingsFault(GatewayError):
    """The settings cannot be used; the message lists every fault on a line of its own."""


class ArchiveSettings(BaseModel, extra="forbid"):
    """One archive behind the gateway: its address and the name that people see."""

    url: str
    name: str = ""

    @model_validator(mode="after")
    def _known_kind(self) -> Self:
        if urlsplit(self.url).scheme != "folder" or not urlsplit(self.url).path.startswith("/"):
            raise ValueError("an archive is written as folder:/absolute/path")
        self.name = self.name or self.folder.name or "archive"
        return self

    @property
    def folder(self) -> Path:
        """The directory that holds the archive's files."""
        return Path(urlsplit(self.url).path)


class Settings(BaseSettings):
    """The settings as plain values; parts below the factory never see this class."""

    model_config = SettingsConfigDict(env_prefix="LIGHTBOX_", extra="forbid", toml_file="lightbox.toml")

    data_dir: Path = Path("var/lightbox")
    archives: list[ArchiveSettings] = Field(default_factory=list)
    public_url: str = "http://127.0.0.1:8000"
    bind: str = "127.0.0.1:8000"
    site_name: str = "Lightbox"
    review_notice: str = REVIEW_NOTICE
    forwarded_by: int = Field(default=0, ge=0, le=3, description="Trusted proxies in front (nginx: 1)")
    session_idle_minutes: int = Field(default=60, ge=5, le=720)
    session_hours: int = Field(default=12, ge=1, le=24)
    share_days_cap: int = Field(default=30, ge=1, le=365)
    kept_days: int = Field(default=7, ge=0, le=365)
    rescan_seconds: int = Field(default=60, ge=5)
    render_children: int = Field(default_factory=lambda: max(2, os.cpu_count() or 2), ge=1, le=64)
    render_memory_mb: int = Field(default=768, ge=256, le=8192)
    web_workers: int = Field(default=2, ge=1, le=64)
    web_threads: int = Field(default=16, ge=2, le=128)
    tls_cert: str | None = None
    tls_key: str | None = None
    demo: bool = False

    @field_validator("archives", mode="before")
    @classmethod
    def _urls_or_objects(cls, given: Any) -> Any:
        if isinstance(given, list):
            return [{"url": one} if isinstance(one, str) else one for one in given]
        return given

    @field_validator("public_url")
    @classmethod
    def _origin(cls, given: str) -> str:
        parts = urlsplit(given)
        if parts.scheme not in ("http", "https") or not parts.netloc or parts.path.strip("/") or parts.query:
            raise ValueError("the public address is written as https://host, without a path")
        if parts.scheme == "http" and parts.hostname not in LOOPBACK_HOSTS:
            raise ValueError("the public address must be https, except on this machine's own loopback address")
        return given.rstrip("/")

    @field_validator("bind")
    @classmethod
    def _host_and_port(cls, given: str) -> str:
        host, _, port = given.rpartition(":")
        if not host or not port.isdigit() or not 0 <= int(port) <= 65535:
            raise ValueError("the address to listen on is written as host:port")
        return given

    @model_validator(mode="after")
    def _distinct_archives(self) -> Self:
        names = [archive.name for archive in self.archives]
        if len(set(names)) != len(names):
            raise ValueError("two archives have the same name")
        return self

    @property
    def is_loopback(self) -> bool:
        """Whether the public address is this machine's own and no proxy stands in front."""
        return urlsplit(self.public_url).hostname in LOOPBACK_HOSTS and self.forwarded_by == 0

    @property
    def listens_on_loopback(self) -> bool:
        """Whether only this machine can reach the address that is listened on."""
        return self.bind.rpartition(":")[0].strip("[]") in LOOPBACK_HOSTS

    @property
    def is_secure(self) -> bool:
        """Whether browsers reach the gateway by https."""
        return self.public_url.startswith("https:")

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Arguments before environment before file; no .env file and no secrets directory."""
        del dotenv_settings, file_secret_settings
        return init_settings, env_settings, TomlConfigSettingsSource(settings_cls)

    @classmethod
    def load(cls, **given: Any) -> Settings:
        """The settings in force; raises SettingsFault with all faults, an unknown LIGHTBOX_ name among them."""
        faults = _unknown_names(cls)
        try:
            settings = cls(**given)
        except ValidationError as error:
            faults += [f"{'.'.join(map(str, fault['loc'])) or 'settings'}: {fault['msg']}" for fault in error.errors()]
        except ValueError as error:  # a file that is not TOML, or JSON that is none in the environment
            faults.append(str(error))
        else:
            if not faults:
                return settings
        raise SettingsFault("The settings cannot be used:\n" + "\n".join(f"  - {fault}" for fault in faults)) from None


def _unknown_names(cls: type[Settings]) -> list[str]:
    known = {f"LIGHTBOX_{field.upper()}" for field in cls.model_fields}
    strange = sorted(name for name in os.environ if name.startswith("LIGHTBOX_") and name not in known)
    return [f"{name}: no such setting" for name in strange]
