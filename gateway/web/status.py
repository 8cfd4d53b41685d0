"""How the service is doing: `/healthz`, `/readyz` and `/metrics`; nothing here names a patient or a person."""

from __future__ import annotations

import os
import time
from pathlib import Path

from apiflask import APIBlueprint
from flask import Flask, Response, g, jsonify, request
from prometheus_client import (
    CONTENT_TYPE_LATEST,
    CollectorRegistry,
    Counter,
    Histogram,
    generate_latest,
    multiprocess,
    values,
)

from gateway.errors import GatewayError
from gateway.services.readiness import Readiness
from gateway.web.guards import Guards

BUCKETS = (0.005, 0.02, 0.05, 0.1, 0.3, 1, 3, 10)


def blueprints(readiness: Readiness, guards: Guards) -> tuple[APIBlueprint, APIBlueprint]:
    """The public health checks, and the metrics for this machine's keepers."""
    health = APIBlueprint("health", __name__, enable_openapi=False)
    health.before_request(guards.public)
    metrics = APIBlueprint("metrics", __name__, enable_openapi=False)
    metrics.before_request(guards.on_this_machine)

    @health.get("/healthz")
    def healthz() -> Response:
        return jsonify(status="alive")

    @health.get("/readyz")
    def readyz() -> tuple[Response, int]:
        try:
            readiness.check()
        except GatewayError as fault:
            return jsonify(status="not ready", why=str(fault)), 503
        archives = [{"name": a.name, "state": a.state} for a in readiness.archives.statuses()]
        return jsonify(status="ready", archives=archives), 200

    @metrics.get("/metrics")
    def prometheus() -> Response:
        registry = CollectorRegistry()
        multiprocess.MultiProcessCollector(registry)  # type: ignore[no-untyped-call]
        return Response(generate_latest(registry), content_type=CONTENT_TYPE_LATEST)

    return health, metrics


def count_requests(app: Flask, directory: Path) -> None:
    """Counts and times every request by its route, never by its address; all processes count in the directory."""
    _share_between_processes(directory)
    requests = Counter("lightbox_requests", "Requests answered", ["route", "method", "status"], registry=None)
    seconds = Histogram("lightbox_request_seconds", "Time to answer", ["route"], buckets=BUCKETS, registry=None)

    @app.before_request
    def start() -> None:
        g.started = time.perf_counter()

    @app.after_request
    def count(response: Response) -> Response:
        route = request.url_rule.rule if request.url_rule else "none"
        requests.labels(route, request.method, response.status_code).inc()
        seconds.labels(route).observe(time.perf_counter() - g.get("started", time.perf_counter()))
        return response


def _share_between_processes(directory: Path) -> None:
    directory.mkdir(mode=0o700, parents=True, exist_ok=True)
    for old in directory.glob("*.db"):
        old.unlink(missing_ok=True)  # counts of processes that are gone
    os.environ["PROMETHEUS_MULTIPROC_DIR"] = str(directory)
    # The library chooses at import, from the environment, whether it counts over processes.
    values.ValueClass = values.get_value_class()  # type: ignore[no-untyped-call]
