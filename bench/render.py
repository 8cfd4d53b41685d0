"""Lightbox's rendered frames against Orthanc's, side by side in one run: `make bench`.

Both serve the same generated objects on loopback to the same clients, with their packages' defaults; Orthanc is started
anew after the upload. Every time is a median over distinct instances.

  cold         the first request for an instance: viewport=512,512, quality=75 and the file's own window
  warm         the same request again
  second view  the same instance with another window; of a cine the next frame
  8 clients    answers a second for views that none asked for before
  floor        decode, shrink, look up and encode in this process by the fastest libraries, without HTTP

A ratio is how many times as long Orthanc takes. The last line is `RESULT {json}`.
"""

from __future__ import annotations

import argparse
import signal
import sys
import tempfile
import time
from collections.abc import Sequence
from contextlib import ExitStack
from itertools import groupby
from pathlib import Path

from clients import Refused, Service
from installation import free_port, served
from objects import KINDS, Kind, Stored, write_objects
from orthanc import Orthanc
from report import HEADING, as_line, faults, result_line
from turns import FIRST_NEW_VIEW, ROUNDS, Measured, measure, peak_of

# The kind whose memory is watched: 20 megapixels a picture.
HEAVIEST = "mg"


def main() -> int:
    """0 when every picture was answered and shows what Orthanc's shows."""
    options = _options()
    # Told to end, it stops what it has started, too.
    signal.signal(signal.SIGTERM, lambda _number, _frame: sys.exit(143))
    kinds = [KINDS[name] for name in options.only]
    with tempfile.TemporaryDirectory(prefix="lightbox-bench-") as temporary, ExitStack() as services:
        objects: list[Stored] = []

        def fill(folder: Path) -> None:
            objects.extend(_generated(folder, kinds, quick=options.quick))

        ours, our_pid = services.enter_context(served(Path(temporary) / "lightbox", fill))
        peer = Orthanc(Path(temporary) / "orthanc", free_port())
        services.callback(peer.stop)
        theirs = _filled(peer, objects)
        assert peer.process is not None
        rows = _measured(objects, ours, theirs)
        heavy = [one for one in objects if one.kind.name == HEAVIEST]
        peaks = _peaks(heavy, [(ours, our_pid), (theirs, peer.process.pid)]) if heavy else {}
    for line in faults(rows):
        print(line)
    print(result_line(rows, peaks))
    return 1 if faults(rows) else 0


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--only", type=_names, default=list(KINDS), metavar="CT,DX", help="kinds: " + ",".join(KINDS))
    parser.add_argument("--quick", action="store_true", help="fewer instances: a look, not a measurement")
    return parser.parse_args()


def _names(given: str) -> list[str]:
    names = [name.strip().lower() for name in given.split(",") if name.strip()]
    if strange := [name for name in names if name not in KINDS]:
        raise argparse.ArgumentTypeError(f"no such kind: {', '.join(strange)}")
    return names


def _generated(folder: Path, kinds: list[Kind], *, quick: bool) -> list[Stored]:
    started = time.monotonic()
    objects = write_objects(folder, kinds, quick=quick)
    megabytes = sum(one.path.stat().st_size for one in objects) / 1e6
    _say(f"{len(objects)} objects, {megabytes:.0f} MB, made in {time.monotonic() - started:.0f} s")
    return objects


def _filled(peer: Orthanc, objects: Sequence[Stored]) -> Service:
    peer.start()
    for one in objects:
        peer.store(one.path)
    _say(f"against {peer.version()}, stopped and started anew after the upload")
    peer.stop()
    peer.start()
    return Service("Orthanc", peer.port)


def _measured(objects: Sequence[Stored], ours: Service, theirs: Service) -> list[Measured]:
    rows = []
    print(HEADING, flush=True)
    for _, group in groupby(sorted(objects, key=_row_of), key=_row_of):
        rows.append(measure(list(group), ours, theirs))
        print(as_line(rows[-1]), flush=True)
    return rows


def _row_of(stored: Stored) -> tuple[int, int]:
    return list(KINDS).index(stored.kind.name), stored.kind.syntaxes.index(stored.syntax)


def _peaks(heavy: list[Stored], watched: list[tuple[Service, int]]) -> dict[str, float]:
    """The most memory of each service in MB under eight clients, over all syntaxes of the heaviest kind at once."""
    peaks = {}
    seen = FIRST_NEW_VIEW + ROUNDS * heavy[0].kind.requests_a_round
    for service, pid in watched:
        try:
            peak = peak_of(heavy, service, pid, seen)
        except Refused as refused:
            print(f"peak memory of {service.name} is not known: {refused}")
            continue
        print(
            f"peak memory of {service.name}, 8 clients, {HEAVIEST}: {peak.megabytes:.0f} MB"
            f" (processes: {peak.processes}, in sessions: {peak.sessions})"
        )
        peaks[service.name] = peak.megabytes
        if service is watched[0][0] and peak.sessions < 2:
            raise SystemExit("Lightbox's decoding children, which have a session of their own, were not counted.")
    return peaks


def _say(line: str) -> None:
    print(line, file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main())
