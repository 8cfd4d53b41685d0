"""What was measured, for people line by line and for programs in one line of JSON."""

from __future__ import annotations

import json
from collections.abc import Sequence

from pictures import MOST_DIFFERENCE
from turns import Measured

HEADING = (
    "               cold, ms             |   warm, ms     |  second view, ms       | 8 clients, req/s  | floor | grey\n"
    "kind syntax    ours Orthanc   ratio |   ours Orthanc |   ours Orthanc   ratio |   ours Orthanc    |    ms | diff\n"
    + "-"
    * 113
)


def as_line(row: Measured) -> str:
    """The row as a line of the table below HEADING; a dash stands where a service refused."""
    ours, theirs = row.ours, row.theirs
    return (
        f"{row.kind:4} {row.syntax:6} {_n(ours.get('cold'))} {_n(theirs.get('cold'))} {_n(row.ratio('cold'))} |"
        f" {_n(ours.get('warm'))} {_n(theirs.get('warm'))} |"
        f" {_n(ours.get('second_view'))} {_n(theirs.get('second_view'))} {_n(row.ratio('second_view'))} |"
        f" {_n(row.ours_a_second)} {_n(row.theirs_a_second)}    | {row.floor_ms:5.1f} | {_n(_worst(row)).strip()}"
    )


def faults(rows: Sequence[Measured]) -> list[str]:
    """A line for everything that makes a figure worthless: refusals, and pictures that are not the same."""
    found = [f"{row.name}: refused by {refusal}" for row in rows for refusal in row.refusals.values()]
    for row in rows:
        found += [
            f"{row.name}: {phase} differs by {grey:.1f} grey levels, sizes {row.sizes}"
            for phase, grey in row.differences.items()
            if grey >= MOST_DIFFERENCE
        ]
    return found


def result_line(rows: Sequence[Measured], peaks: dict[str, float]) -> str:
    """`RESULT` and every figure, keyed by `<kind>_<syntax>`; null where a service refused."""
    result: dict[str, object] = {row.name: _figures(row) for row in rows}
    for key, name in (("peak_mb", "Lightbox"), ("orthanc_peak_mb", "Orthanc")):
        if name in peaks:
            result[key] = round(peaks[name], 1)
    return "RESULT " + json.dumps(result)


def _figures(row: Measured) -> dict[str, float | None]:
    figures = {
        "ours_ms": row.ours.get("cold"),
        "orthanc_ms": row.theirs.get("cold"),
        "ratio": row.ratio("cold"),
        "ours_warm_ms": row.ours.get("warm"),
        "orthanc_warm_ms": row.theirs.get("warm"),
        "warm_ratio": row.ratio("warm"),
        "ours_second_view_ms": row.ours.get("second_view"),
        "orthanc_second_view_ms": row.theirs.get("second_view"),
        "second_view_ratio": row.ratio("second_view"),
        "ours_rps": row.ours_a_second,
        "orthanc_rps": row.theirs_a_second,
        "floor_ms": row.floor_ms,
        "difference": _worst(row),
    }
    return {name: None if figure is None else round(figure, 2) for name, figure in figures.items()}


def _worst(row: Measured) -> float | None:
    return max(row.differences.values(), default=None)


def _n(figure: float | None) -> str:
    return f"{'-':>7}" if figure is None else f"{figure:7.1f}"
