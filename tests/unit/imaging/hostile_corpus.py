"""All lying objects by name, each with the reader that it is for and whether an honest picture can still be made."""

import warnings
from dataclasses import dataclass

import hostile_cuts
import hostile_frames
import hostile_headers
import hostile_kinds
import hostile_layers
import hostile_states
import hostile_structures


@dataclass(frozen=True)
class Hostile:
    """One object: its bytes, whether it is an object, state, slide, video or report, and the frame asked for."""

    whole: bytes
    kind: str = "object"
    frame_number: int = 1


def _of(kind, *groups):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # the library that writes them sees that they lie
        return [
            (name, Hostile(whole, kind, 2**31 - 1 if "the last" in name else 1))
            for group in groups
            for name, whole in group
        ]


def refused(named="/etc/hostname"):
    """What cannot be shown; `named` is the file that playlists and boxes name."""
    return dict(
        [
            *_of(
                "object",
                hostile_structures.structures(),
                hostile_headers.headers(),
                hostile_headers.tables(),
                hostile_frames.frames(),
                hostile_frames.bombs(),
                hostile_frames.modern_frames(),
                hostile_frames.lying_offsets(),
                hostile_cuts.cuts(),
                hostile_kinds.videos(named),
            ),
            *_of("state", hostile_states.refused_states()),
            *_of("slide", hostile_kinds.slides()),
            *_of("report", hostile_kinds.reports()),
        ]
    )


def shown():
    """What can honestly be shown: the lie is in something that the picture does without."""
    return dict(
        [
            *_of(
                "object",
                hostile_structures.shown_structures(),
                hostile_headers.shown_tables(),
                hostile_frames.shown_frames(),
                hostile_layers.shown_layers(),
            ),
            *_of("state", hostile_states.shown_states()),
            *_of("slide", hostile_kinds.shown_slides()),
        ]
    )
