"""One kind of examination in one transfer syntax: both services in turns, and the floor beside them."""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from statistics import median

from clients import Client, Refused, Service, requests_a_second
from floor import draw, find_frame
from memory import Peak, watched
from objects import Stored
from pictures import difference, size

ROUNDS = 2
VIEWS = {"cold": 0, "warm": 0, "second_view": 1}
FIRST_NEW_VIEW = 2


@dataclass
class Measured:
    """What one row of the table tells; times in milliseconds, None where a service refused."""

    kind: str
    syntax: str
    ours: dict[str, float] = field(default_factory=dict)
    theirs: dict[str, float] = field(default_factory=dict)
    floor_ms: float = 0
    ours_a_second: float | None = None
    theirs_a_second: float | None = None
    differences: dict[str, float] = field(default_factory=dict)
    sizes: dict[str, tuple[int, int]] = field(default_factory=dict)
    refusals: dict[str, str] = field(default_factory=dict)

    @property
    def name(self) -> str:
        """The key of the row: `ct_raw`."""
        return f"{self.kind}_{self.syntax}"

    def ratio(self, view: str) -> float | None:
        """How many times as long Orthanc takes for the view."""
        return self.theirs[view] / self.ours[view] if view in self.ours and view in self.theirs else None


def measure(group: Sequence[Stored], ours: Service, theirs: Service) -> Measured:
    """Cold, warm and second view of every instance in turns by one client each, then both under eight clients."""
    row = Measured(group[0].kind.name, group[0].syntax)
    services = [ours, theirs]
    _one_client(row, group, services)
    _eight_clients(row, group, services)
    return row


def peak_of(group: Sequence[Stored], service: Service, pid: int, first_view: int) -> Peak:
    """The peak memory of the service's processes while eight clients ask for views not seen yet."""
    with watched(pid) as peak:
        requests_a_second(service, new_targets(group, first_view, group[0].kind.requests_a_round))
    return peak


def new_targets(group: Sequence[Stored], first_view: int, count: int) -> list[str]:
    """That many requests over the instances, each for a view from `first_view` on that none asked for before."""
    return [group[n % len(group)].target(first_view + n // len(group)) for n in range(count)]


def _one_client(row: Measured, group: Sequence[Stored], services: list[Service]) -> None:
    clients = {service.name: service.client() for service in services}
    for phase, view in VIEWS.items():
        times: dict[str, list[float]] = defaultdict(list)
        for number, stored in enumerate(group):
            # Each goes first as often as the other.
            order = services if number % 2 == 0 else services[::-1]
            pictures = _turn(row, [clients[service.name] for service in order], stored.target(view), times)
            if phase == "cold":
                taken, pictures["floor"] = _timed(stored, view)
                times["floor"].append(taken)
            _compare(row, phase, pictures)
        _keep_medians(row, phase, times)
    for client in clients.values():
        client.close()


def _turn(row: Measured, clients: list[Client], target: str, times: dict[str, list[float]]) -> dict[str, bytes]:
    pictures = {}
    for client in clients:
        if client.name in row.refusals:
            continue
        try:
            taken, pictures[client.name] = client.get(target)
        except (Refused, OSError) as refused:
            row.refusals[client.name] = str(refused)
        else:
            times[client.name].append(taken)
    return pictures


def _keep_medians(row: Measured, phase: str, times: dict[str, list[float]]) -> None:
    for name, into in (("Lightbox", row.ours), ("Orthanc", row.theirs)):
        if times[name] and name not in row.refusals:
            into[phase] = median(times[name])
    if times["floor"]:
        row.floor_ms = median(times["floor"])


def _timed(stored: Stored, view: int) -> tuple[float, bytes]:
    frame = find_frame(stored, view)
    started = time.perf_counter()
    picture = draw(frame)
    return (time.perf_counter() - started) * 1000, picture


def _compare(row: Measured, phase: str, pictures: dict[str, bytes]) -> None:
    """Keeps the largest difference of the phase: each instance must be right, not the first one alone."""
    row.sizes |= {name: size(picture) for name, picture in pictures.items()}
    if ours := pictures.get("Lightbox"):
        against = {phase: pictures.get("Orthanc"), "floor": pictures.get("floor")}
        for name, other in against.items():
            if other:
                row.differences[name] = max(row.differences.get(name, 0), difference(ours, other))


def _eight_clients(row: Measured, group: Sequence[Stored], services: list[Service]) -> None:
    rates: dict[str, list[float]] = defaultdict(list)
    count = group[0].kind.requests_a_round
    views_a_round = -(-count // len(group))
    for turn in range(ROUNDS):
        targets = new_targets(group, FIRST_NEW_VIEW + turn * views_a_round, count)
        for service in services if turn % 2 == 0 else services[::-1]:
            if service.name not in row.refusals and (rate := _rate(row, service, targets)):
                rates[service.name].append(rate)
    row.ours_a_second, row.theirs_a_second = (
        median(rates[service.name]) if rates[service.name] else None for service in services
    )


def _rate(row: Measured, service: Service, targets: list[str]) -> float | None:
    try:
        return requests_a_second(service, targets)
    except Refused as refused:
        row.refusals[service.name] = str(refused)
        return None
