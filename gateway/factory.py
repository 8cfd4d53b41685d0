"""Builds every part once and mounts every blueprint with its guard."""

from __future__ import annotations

import os
import secrets
import threading
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import cast

from apiflask import APIFlask
from flask import Flask
from werkzeug.middleware.proxy_fix import ProxyFix

from gateway import version
from gateway.access.policy import Policy
from gateway.access.principal import Circumstances
from gateway.access.tokens import Tokens
from gateway.archive.federation import Federation
from gateway.archive.folder import FolderArchive
from gateway.audit.log import AuditLog
from gateway.imaging.renderer import Renderer
from gateway.imaging.transcoder import Transcoder
from gateway.jobs.keeper import Duty, Keeper
from gateway.reporting.summary import ReportReader
from gateway.sandbox.child import Terms
from gateway.sandbox.sandbox import Sandbox
from gateway.services.accounts import Accounts
from gateway.services.doctor import Doctor
from gateway.services.frames import Frames
from gateway.services.measurements import Measurements
from gateway.services.metadata import Metadata
from gateway.services.openings import Openings
from gateway.services.pictures import Pictures
from gateway.services.previews import Previews
from gateway.services.questions import Questions
from gateway.services.readiness import Readiness
from gateway.services.rendered import RenderedResources
from gateway.services.reports import Reports
from gateway.services.retrieval import Retrieval
from gateway.services.shares import Shares
from gateway.services.stacks import Stacks
from gateway.services.studies import Studies
from gateway.services.worklist import Worklist
from gateway.services.zoom import Zoom
from gateway.settings import Settings, SettingsFault
from gateway.store.accounts import AccountStore
from gateway.store.archive_index import ArchiveIndex
from gateway.store.audit_log import AuditStore
from gateway.store.database import Database
from gateway.store.grant_directories import GrantDirectories
from gateway.store.grants import GrantStore
from gateway.store.kept_files import KeptFiles
from gateway.store.looks import LookStore
from gateway.store.measurements import MeasurementStore
from gateway.store.quarantine import Quarantine
from gateway.store.questions import QuestionStore
from gateway.store.rendition_keys import RenditionKeys
from gateway.store.shares import ShareStore
from gateway.store.single_flight import SingleFlight
from gateway.store.tables import make_tables
from gateway.web import accounts as web_accounts
from gateway.web import dicomweb, headers, iiif, previews, problems, rendered, retrieval, shell, status, tiles
from gateway.web import measurements as web_measurements
from gateway.web import reports as web_reports
from gateway.web import shares as web_shares
from gateway.web import studies as web_studies
from gateway.web import worklist as web_worklist
from gateway.web.guards import Guards, name_request

APP_DIRECTORY = Path(__file__).resolve().parent.parent / "pwa" / "dist"
PRELOADED = (
    "gateway.imaging.pipeline",
    "gateway.imaging.bulk",
    "gateway.imaging.moving",
    "gateway.imaging.planes",
    "gateway.imaging.slide",
    "gateway.imaging.transcode",
    "gateway.archive.headers",
    "gateway.archive.whole_headers",
    "gateway.reporting.structured",
)
DAY = 24 * 3600


@dataclass(frozen=True, slots=True)
class Parts:
    """Every part of one installation."""

    settings: Settings
    accounts: Accounts
    shares: Shares
    worklist: Worklist
    studies: Studies
    frames: Frames
    previews: Previews
    rendered: RenderedResources
    metadata: Metadata
    retrieval: Retrieval
    reports: Reports
    measurements: Measurements
    audit: AuditLog
    archives: list[FolderArchive]
    readiness: Readiness
    doctor: Doctor
    keeper: Keeper
    sandbox: Sandbox
    quarantine: Quarantine

    def start(self) -> None:
        """Begins the work in the background; to be called in each process after it has forked."""
        self.keeper.start()
        threading.Thread(target=self.sandbox.prepare, name="prepare-sandbox", daemon=True).start()

    def stop(self) -> None:
        """Ends the work in the background and lets go of the decoding children."""
        self.keeper.stop()
        self.sandbox.close()

    def circumstances_here(self) -> Circumstances:
        """The circumstances of a command: this machine, and whose account of it."""
        return Circumstances("command-line", f"account {os.getuid()}", secrets.token_hex(8))


def build(settings: Settings) -> Parts:
    """Every part, made once, each with plain values."""
    data_dir = settings.data_dir.absolute()
    data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
    run_dir, tiles_dir = data_dir / "run", data_dir / "tiles"

    database = Database(data_dir / "lightbox.sqlite3")
    make_tables(database)
    people, grants, share_rows = AccountStore(database), GrantStore(database), ShareStore(database)
    keys = RenditionKeys(database)
    audit = AuditLog(AuditStore(Database(data_dir / "audit.sqlite3")))
    quarantine = Quarantine(run_dir / "quarantine")
    sandbox = Sandbox(
        run_dir / "sandbox",
        children=settings.render_children,
        terms=Terms(memory_bytes=settings.render_memory_mb * 1024 * 1024),
        preload=PRELOADED,
        quarantine=quarantine,
    )
    kept, decoded = KeptFiles(tiles_dir / "kept", shared=True), KeptFiles(data_dir / "decoded")
    directories, policy = GrantDirectories(tiles_dir), Policy()
    idle_seconds = settings.session_idle_minutes * 60

    folders = [
        FolderArchive(one.name, one.folder, ArchiveIndex(data_dir / "index" / f"{one.name}.sqlite3"), sandbox)
        for one in settings.archives
    ]
    archives = Federation(folders)
    renderer, flight = Renderer(sandbox), SingleFlight(run_dir / "flights")
    stacks = Stacks(archives, renderer)

    accounts = Accounts(
        people,
        audit,
        Tokens(data_dir / "keys", issuer=settings.public_url),
        directories,
        idle_seconds=idle_seconds,
        session_seconds=settings.session_hours * 3600,
    )
    shares = Shares(share_rows, people, archives, audit, policy, directories, settings.share_days_cap)
    openings = Openings(grants, people, share_rows, audit, policy, keys, directories, idle_seconds)
    pictures = Pictures(archives, renderer, decoded, flight)
    frames = Frames(archives, stacks, openings, pictures, keys, kept, flight)
    keeper = Keeper(
        run_dir / "keeper.lock",
        [
            Duty("sweep", 5, openings.sweep_and_beat),
            *(
                Duty(f"age-{name}", 3600, partial(files.drop_older_than, settings.kept_days * DAY))
                for name, files in (("kept", kept), ("decoded", decoded))
            ),
            *(Duty(f"scan-{folder.name}", settings.rescan_seconds, folder.scan) for folder in folders),
        ],
    )
    return Parts(
        settings=settings,
        accounts=accounts,
        shares=shares,
        worklist=Worklist(archives, policy, Questions(audit, QuestionStore(database)), grants, LookStore(database)),
        studies=Studies(archives, stacks, openings, keys, audit, policy),
        frames=frames,
        previews=Previews(archives, stacks, openings, frames, keys),
        rendered=RenderedResources(archives, stacks, openings, frames),
        metadata=Metadata(archives, openings),
        retrieval=Retrieval(archives, openings, Transcoder(sandbox)),
        reports=Reports(archives, stacks, openings, ReportReader(sandbox), policy, shares),
        measurements=Measurements(archives, openings, MeasurementStore(database), audit),
        audit=audit,
        archives=folders,
        readiness=Readiness(audit, archives, data_dir),
        doctor=Doctor(data_dir, folders, accounts, audit, sandbox, quarantine),
        keeper=keeper,
        sandbox=sandbox,
        quarantine=quarantine,
    )


def create_app(settings: Settings) -> APIFlask:
    """The WSGI application; raises SettingsFault where it would be open to the world without a keeper."""
    parts = build(settings)
    refuse_the_world_without_a_keeper(parts)
    guards = Guards(parts.accounts, public_url=settings.public_url, is_loopback=settings.is_loopback)
    site = web_accounts.site_of(settings.site_name, demo=settings.demo, review_notice=settings.review_notice)

    app = APIFlask(__name__, title="Lightbox", version=version(), spec_path="/api/openapi.json", docs_path=None)
    app.config.update(
        MAX_CONTENT_LENGTH=256 * 1024, VALIDATION_ERROR_STATUS_CODE=400, AUTO_404_RESPONSE=False, AUTO_TAGS=False
    )
    app.extensions["lightbox"] = parts
    app.wsgi_app = _behind(settings.forwarded_by, app)  # type: ignore[method-assign]  # Flask's documented way
    app.before_request(name_request)
    problems.register(app)
    guards.register(app)
    headers.register(app, secure=settings.is_secure)
    status.count_requests(app, settings.data_dir.absolute() / "run" / "metrics")

    for blueprint in (
        *web_accounts.blueprints(parts.accounts, parts.shares, guards, site),
        web_worklist.blueprint(parts.worklist, guards),
        web_studies.blueprint(parts.studies, parts.frames, guards, settings.review_notice),
        web_reports.blueprint(parts.reports, guards),
        web_measurements.blueprint(parts.measurements, guards),
        *web_shares.blueprints(parts.shares, guards, settings.public_url),
        tiles.blueprint(parts.frames, guards),
        previews.blueprint(parts.previews, guards),
        dicomweb.blueprint(parts.studies, parts.metadata, guards, settings.public_url),
        rendered.blueprint(parts.rendered, guards, settings.public_url),
        iiif.blueprint(Zoom(parts.frames), guards, settings.public_url),
        retrieval.blueprint(parts.retrieval, guards, settings.public_url),
        *status.blueprints(parts.readiness, guards),
        *shell.blueprints(shell.Shell(APP_DIRECTORY), parts.studies, guards),
    ):
        app.register_blueprint(blueprint)
    return app


def refuse_the_world_without_a_keeper(parts: Parts) -> None:
    """Raises SettingsFault where others could reach a site that nobody keeps yet."""
    if not parts.settings.listens_on_loopback and not parts.accounts.has_admin():
        raise SettingsFault(
            "Nobody keeps this site yet, so it serves loopback alone. Add an admin: users add NAME --role admin"
        )


def parts_of(app: Flask) -> Parts:
    """The parts behind an application of ours, for the server's hooks."""
    return cast("Parts", app.extensions["lightbox"])


def _behind(proxies: int, app: APIFlask) -> ProxyFix:
    return ProxyFix(app.wsgi_app, x_for=proxies, x_proto=proxies, x_host=proxies, x_port=0, x_prefix=0)
