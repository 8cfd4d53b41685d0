"""One Lightbox with the lying objects in its archive: no address answers with 500, slowly, or at a neighbour's cost."""

import contextlib
import importlib
import statistics
import struct
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pydicom
import pytest
import requests
from lightbox import PYDICOM_FILES, ROOT, installed

SLOWEST_SECONDS = 5
MOST_GROWTH = 20_000_000
LARGEST = 300_000
HOSTILE_STUDY = "1.2.3.900"


def study_of(number):
    """One of a few studies, because nobody may open hundreds within minutes; each object is a series of its own."""
    return f"{HOSTILE_STUDY}.{number % 12}"


def named(hostile_objects, whole, number):
    """The object as instance of a series of its own; what cannot be given one is left as it is."""
    study = study_of(number)
    is_implicit = b"1.2.840.10008.1.2\0" in whole[:400]
    with contextlib.suppress(struct.error, UnboundLocalError):
        for tag, uid in ((0x0020000D, study), (0x0020000E, f"{study}.{number}"), (0x00080018, f"{study}.{number}.1")):
            value = uid.encode().ljust(len(uid) + len(uid) % 2, b"\0")
            whole = hostile_objects.inserted(whole, tag, value, is_implicit=is_implicit)
    return whole


def lying_objects(monkeypatch):
    """The corpus of the unit tests: name, and bytes as instance of a series of its own."""
    monkeypatch.syspath_prepend(str(ROOT / "tests" / "unit" / "imaging"))
    corpus, objects = importlib.import_module("hostile_corpus"), importlib.import_module("hostile_objects")
    small = [(name, one) for name, one in (corpus.refused() | corpus.shown()).items() if len(one.whole) < LARGEST]
    # Every third: all kinds are among them, and the whole corpus has passed the sandbox in the unit tests.
    found = dict(small[::3])
    for number, (name, one) in enumerate(found.items(), start=1):
        yield name, named(objects, one.whole, number)


@pytest.fixture(scope="module")
def hostile(tmp_path_factory):
    """A Lightbox whose archive holds the lying objects, each a series of its own, next to the good ones."""
    names = {}

    def fill(archive):
        with pytest.MonkeyPatch.context() as monkeypatch:
            for number, (name, whole) in enumerate(lying_objects(monkeypatch), start=1):
                (archive / f"hostile-{number}.dcm").write_bytes(whole)
                names[number] = name

    made = installed(tmp_path_factory.mktemp("hostile"), also=fill)
    made.start()
    made.hostile = names
    yield made
    made.stop()


@pytest.fixture(scope="module")
def caller(hostile):
    return hostile.script("alice")


def resident_bytes(process):
    """The memory of the server's processes, without the decoding children and their template."""
    found = 0
    for stat in Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(OSError):
            pid, parent = int(stat.parent.name), int(stat.read_text().rsplit(")", 1)[1].split()[1])
            if process.pid in (pid, parent):
                found += int((stat.parent / "statm").read_text().split()[1]) * 4096
    return found


def addresses(number, stacks):
    """All addresses at which pictures of the object are served."""
    study = study_of(number)
    whole = f"/dicom-web/studies/{study}"
    series = f"{whole}/series/{study}.{number}"
    instance = f"{series}/instances/{study}.{number}.1"
    levels = (whole, series, instance, f"{instance}/frames/1")
    yield from (f"{level}/{what}" for level in levels for what in ("rendered", "thumbnail"))
    yield from (f"{instance}/rendered?viewport=64,64", f"{instance}/frames/1", f"{instance}/metadata", instance)
    ours = f"/api/v1/studies/{study}/series/{study}.{number}"
    yield from (f"{ours}/planes/1", f"{ours}/planes/1?reduce=2", f"{ours}/previews")
    if tiles := stacks.get(f"{study}.{number}"):
        yield from (tiles.format(rendition=name, n=1) for name in ("p256", "v512", "full", "full-p1"))
        picture = "/iiif/3/" + "-".join([*tiles.split("/")[2:4], "1"])
        yield from (f"{picture}/{what}" for what in ("info.json", "full/max/0/default.jpg", "0,0,32,32/16,/0/gray.png"))


def status_of(caller, address):
    """The status, once the beginning of the body has come: previews of many frames go on for as long as one listens."""
    with caller.get(address, stream=True) as answer:
        next(answer.iter_content(1 << 22), b"") if "previews" not in address else answer.raw.read(8)
        return answer.status_code


def opened(caller):
    """The tiles of each series of the lying studies, which are now open."""
    shapes = [caller.post(f"/api/v1/studies/{study_of(number)}/open", json={}).json() for number in range(12)]
    return {one["series_instance_uid"]: one["tiles"] for shape in shapes for one in shape["series"]}


def test_some_are_indexed_and_the_others_are_told_with_the_reason(hostile, caller):
    assert len(opened(caller)) > 40
    told = hostile.run("archive", "check").stdout
    assert "The file is no DICOM file, or its header is damaged." in told


def look_at_a_good_study(neighbour, address, is_over, waits):
    """Asks for one picture after another, each of another size so that it is made anew, and notes how long it took."""
    edge = 200
    while not is_over.is_set():
        edge += 1
        started = time.monotonic()
        answer = neighbour.get(f"{address}{edge},{edge}")
        waits.append(time.monotonic() - started)
        assert (answer.status_code, answer.content[:3]) == (200, b"\xff\xd8\xff")
        is_over.wait(0.02)


def test_no_address_fails_slows_or_grows(hostile, caller):
    """Each lying object at each address, by three callers at once, while a neighbour looks at a good study."""
    good = pydicom.dcmread(PYDICOM_FILES / "CT_small.dcm", stop_before_pixels=True)
    address = f"/dicom-web/studies/{good.StudyInstanceUID}/rendered?viewport="
    for edge in range(40):
        assert caller.get(f"{address}{60 + edge},{60 + edge}").status_code == 200
    stacks = opened(caller)
    is_over, waits, answers = threading.Event(), [], []

    def ask(number):
        for one in addresses(number, stacks):
            started = time.monotonic()
            try:
                status = status_of(caller, one)
            except requests.RequestException:
                status = 599
            answers.append((time.monotonic() - started, status, hostile.hostile[number], one))

    for number in list(hostile.hostile)[:8]:
        ask(number)  # what every process loads once is no growth
    before = resident_bytes(hostile.process)
    with ThreadPoolExecutor(4) as pool:
        neighbour = pool.submit(look_at_a_good_study, hostile.script("alice"), address, is_over, waits)
        try:
            for one in [pool.submit(ask, number) for number in hostile.hostile]:
                one.result()
        finally:
            is_over.set()
        neighbour.result()
    grown = resident_bytes(hostile.process) - before
    statuses = sorted({status for _, status, _, _ in answers})
    print(f"\n{len(answers)} answers, statuses {statuses}, slowest {max(answers)[0]:.2f} s ({max(answers)[2]})")
    print(f"web processes grew by {grown / 1e6:.1f} MB; neighbour saw {len(waits)} pictures,", end=" ")
    p95 = sorted(waits)[int(len(waits) * 0.95)]
    print(f"median {statistics.median(waits) * 1000:.0f} ms, p95 {p95 * 1000:.0f} ms, longest {max(waits):.2f} s")
    assert [one for one in answers if one[1] >= 500] == []
    assert [one for one in answers if one[0] > SLOWEST_SECONDS] == []
    assert {200, 422} <= set(statuses)
    assert len(waits) > 20
    assert max(waits) < SLOWEST_SECONDS
    assert grown < MOST_GROWTH


def test_nothing_was_set_aside_and_the_log_holds_no_traceback(hostile):
    log = (hostile.directory / "server.log").read_text(errors="replace")
    assert "Traceback" not in log
    assert "set aside" not in hostile.run("archive", "check").stdout
    assert "Nobody" not in log
